// name: hunt/card-of-others
// title-zh: 用别人的卡就医
// title-en: A card used for somebody else
// purpose-zh: 费用记录上的参保人不是卡的持有人。
// purpose-en: Cards used for people who are not their holder.
// kind: lent_cards
// param least: count = 2 | 至少几条费用记录 | least number of claims
// column card_id: card | 卡 | card
// column holder: patient | 持卡人 | the holder
// column users: count | 用卡的其他人数 | others who used it
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
MATCH (h:Patient)-[:HOLDS]->(k:Card)<-[:WITH_CARD]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE h.patient_id <> p.patient_id AND NOT k.set_aside AND c.total_amount > 0
WITH k, h, count(DISTINCT p.patient_id) AS others, count(*) AS bills, sum(c.total_amount) AS money
WHERE bills >= $least
RETURN k.card_id AS card_id, h.patient_id AS holder, others AS users, bills AS claims, round(money, 2) AS total_amount
ORDER BY claims DESC, card_id
