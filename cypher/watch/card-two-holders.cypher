// name: watch/card-two-holders
// title-zh: 一卡多人
// title-en: Cards with two holders
// purpose-zh: 同一张卡的费用记录记在几名参保人名下。
// purpose-en: Cards whose claims are for several people.
// param least: count = 2 | 至少几人 | least number of people
// column card_id: card | 卡 | card
// column holder: patient | 登记的持卡人 | the holder in the register
// column patients: count | 参保人数 | patients
// column claims: count | 费用记录数 | claims
// column first_person: patient | 其中一人 | one of them
// column last_person: patient | 另一人 | another
MATCH (k:Card)<-[:WITH_CARD]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE NOT k.set_aside
WITH k, count(DISTINCT p.patient_id) AS people, count(*) AS bills, min(p.patient_id) AS one, max(p.patient_id) AS other
WHERE people >= $least
OPTIONAL MATCH (h:Patient)-[:HOLDS]->(k)
RETURN k.card_id AS card_id, h.patient_id AS holder, people AS patients, bills AS claims, one AS first_person,
       other AS last_person
ORDER BY patients DESC, claims DESC, card_id
