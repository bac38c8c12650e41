// name: hunt/after-death-hubs
// title-zh: 死者的费用记录归到哪里
// title-en: Where the claims of the dead come together
// purpose-zh: 死亡后的费用记录集中在哪些账户、介绍人、机构或经办人。
// purpose-en: Accounts, go-betweens, places and operators on which the claims after death of several people come together.
// kind: after_death insider
// param days: days = 1 | 死亡几天后起算 | so many days after the death
// param least: count = 2 | 至少几名死者 | least number of the dead
// column entity_type: text | 对象类型 | type of entity
// column entity_id: text | 对象编号 | its id
// column patients: count | 参保人数 | patients
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (p:Patient)<-[:FOR_PATIENT]-(c:Claim)
WHERE p.death_date IS NOT NULL AND c.total_amount > 0 AND c.start_time >= date_trunc('day', p.death_date) + $days
MATCH (c)-[:PAID_TO|VIA_RECRUITER|AT_FACILITY|SETTLED_BY]->(h)
WHERE NOT h.set_aside
WITH h, count(DISTINCT p.patient_id) AS people, count(*) AS bills, sum(c.total_amount) AS money,
     min(c.start_time) AS since, max(c.start_time) AS until
WHERE people >= $least
RETURN CASE WHEN h.account IS NOT NULL THEN 'account' WHEN h.recruiter_id IS NOT NULL THEN 'recruiter'
            WHEN h.operator_id IS NOT NULL THEN 'operator' ELSE 'facility' END AS entity_type,
       coalesce(h.account, h.recruiter_id, h.operator_id, h.facility_id) AS entity_id, people AS patients,
       bills AS claims, round(money, 2) AS total_amount, since AS first_time, until AS last_time
ORDER BY patients DESC, claims DESC, entity_type, entity_id
