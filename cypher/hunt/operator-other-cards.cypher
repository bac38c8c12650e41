// name: hunt/operator-other-cards
// title-zh: 经办人经手的他人卡费用记录
// title-en: Claims with somebody else's card, by operator
// purpose-zh: 每名经办人经手了多少条用别人的卡的费用记录，占其全部的多少。
// purpose-en: How many claims with somebody else's card each operator settled, and what share of theirs that is.
// kind: insider lent_cards
// param least: count = 3 | 至少几张 | least number of such claims
// column operator_id: operator | 经办人 | operator
// column irregular: count | 用别人的卡的费用记录数 | claims with somebody else's card
// column patients: count | 参保人数 | patients
// column claims: count | 此人的全部费用记录数 | all claims of the operator
// column share: number | 所占份额 | share
MATCH (h:Patient)-[:HOLDS]->(k:Card)<-[:WITH_CARD]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE h.patient_id <> p.patient_id AND NOT k.set_aside AND c.total_amount > 0
WITH collect({claim: c.claim_id, patient: p.patient_id}) AS found
UNWIND found AS one
MATCH (c:Claim {claim_id: one.claim})-[:SETTLED_BY]->(o:Operator)
WHERE NOT o.set_aside
WITH o, count(*) AS wrong, count(DISTINCT one.patient) AS people
WHERE wrong >= $least
MATCH (o)<-[:SETTLED_BY]-(d:Claim)
WITH o, wrong, people, count(*) AS bills
RETURN o.operator_id AS operator_id, wrong AS irregular, people AS patients, bills AS claims,
       round(1.0 * wrong / bills, 4) AS share
ORDER BY irregular DESC, operator_id
