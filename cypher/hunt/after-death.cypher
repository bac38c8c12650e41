// name: hunt/after-death
// title-zh: 死亡后的费用记录
// title-en: Claims after death
// purpose-zh: 登记的死亡日期若干天之后才开始的就诊。
// purpose-en: Visits that began some days after the registered death.
// kind: after_death
// param days: days = 1 | 死亡几天后起算 | so many days after the death
// column claim_id: claim | 费用记录编号 | the claim
// column patient_id: patient | 参保人 | patient
// column death_date: date | 死亡日期 | date of death
// column start_time: time | 开始时间 | start
// column service_type: text | 就诊类型 | kind of care
// column facility_id: facility | 机构 | facility
// column account: account | 账户 | account
// column recruiter_id: recruiter | 介绍人 | go-between
// column operator_id: operator | 经办人 | operator
// column amount: number | 金额 | bill
MATCH (p:Patient)<-[:FOR_PATIENT]-(c:Claim)
WHERE p.death_date IS NOT NULL AND c.total_amount > 0 AND c.start_time >= date_trunc('day', p.death_date) + $days
MATCH (c)-[:AT_FACILITY]->(f:Facility)
OPTIONAL MATCH (c)-[:PAID_TO]->(a:Account)
OPTIONAL MATCH (c)-[:VIA_RECRUITER]->(g:Recruiter)
OPTIONAL MATCH (c)-[:SETTLED_BY]->(o:Operator)
RETURN c.claim_id AS claim_id, p.patient_id AS patient_id, p.death_date AS death_date, c.start_time AS start_time,
       c.service_type AS service_type, f.facility_id AS facility_id, a.account AS account,
       g.recruiter_id AS recruiter_id, o.operator_id AS operator_id, c.total_amount AS amount
ORDER BY patient_id, start_time, claim_id
