// name: hunt/watch-list
// title-zh: 关注名单上的对象经手了谁
// title-en: Who went through the watch list
// purpose-zh: 费用记录提到关注名单上的医师、介绍人、账户、经办人、终端或卡的参保人。
// purpose-en: People whose claims name doctors, go-betweens, accounts, operators, tills or cards of a watch list.
// param ids: texts | 关注名单上的编号，以分号分隔 | ids on the list, joined by semicolons
// param least: count = 1 | 至少几条费用记录 | least number of claims
// column patient_id: patient | 参保人 | patient
// column listed: count | 涉及关注名单上几个对象 | how many of the list
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (e:Doctor|Recruiter|Account|Operator|Terminal|Card)
WHERE coalesce(e.doctor_id, e.recruiter_id, e.account, e.operator_id, e.terminal_id, e.card_id) IN $ids
MATCH (e)<-[:BY_DOCTOR|VIA_RECRUITER|PAID_TO|SETTLED_BY|AT_TERMINAL|WITH_CARD]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WITH p, collect(DISTINCT c.claim_id) AS found,
     count(DISTINCT coalesce(e.doctor_id, e.recruiter_id, e.account, e.operator_id, e.terminal_id, e.card_id)) AS listed
WHERE size(found) >= $least
UNWIND found AS one
MATCH (c:Claim {claim_id: one})
WITH p, listed, count(*) AS bills, sum(c.total_amount) AS money, min(c.start_time) AS since, max(c.start_time) AS until
RETURN p.patient_id AS patient_id, listed AS listed, bills AS claims, round(money, 2) AS total_amount,
       since AS first_time, until AS last_time
ORDER BY listed DESC, claims DESC, patient_id
