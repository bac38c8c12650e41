// name: hunt/operator-after-death
// title-zh: 经办人经手的死亡后费用记录
// title-en: Claims after death by operator
// purpose-zh: 每名经办人经手了多少条死亡后的费用记录，占其全部的多少。
// purpose-en: How many claims after death each operator settled, and what share of theirs that is.
// kind: insider after_death
// param days: days = 1 | 死亡几天后起算 | so many days after the death
// param least: count = 3 | 至少几张 | least number of such claims
// column operator_id: operator | 经办人 | operator
// column irregular: count | 死亡后的费用记录数 | claims after death
// column patients: count | 参保人数 | patients
// column claims: count | 此人的全部费用记录数 | all claims of the operator
// column share: number | 所占份额 | share
MATCH (p:Patient)<-[:FOR_PATIENT]-(c:Claim)
WHERE p.death_date IS NOT NULL AND c.total_amount > 0 AND c.start_time >= date_trunc('day', p.death_date) + $days
MATCH (c)-[:SETTLED_BY]->(o:Operator)
WHERE NOT o.set_aside
WITH o, count(*) AS wrong, count(DISTINCT p.patient_id) AS people
WHERE wrong >= $least
MATCH (o)<-[:SETTLED_BY]-(d:Claim)
WITH o, wrong, people, count(*) AS bills
RETURN o.operator_id AS operator_id, wrong AS irregular, people AS patients, bills AS claims,
       round(1.0 * wrong / bills, 4) AS share
ORDER BY irregular DESC, operator_id
