// name: read/recruiter-timeline
// title-zh: 介绍人的时间线
// title-en: Timeline of a go-between
// purpose-zh: 经一名介绍人的每条费用记录：何时、何人、何处、付到哪个账户。
// purpose-en: Each claim that names a go-between: when, who, where, paid to which account.
// param recruiter_id: text | 介绍人编号 | the go-between's id
// column start_time: time | 开始时间 | start
// column end_time: time | 结束时间 | end
// column claim_id: claim | 费用记录编号 | the claim
// column service_type: text | 就诊类型 | kind of care
// column patient_id: patient | 参保人 | patient
// column facility_id: facility | 机构 | facility
// column doctor_id: doctor | 医师 | doctor
// column account: account | 账户 | account
// column amount: number | 金额 | bill
MATCH (g:Recruiter {recruiter_id: $recruiter_id})<-[:VIA_RECRUITER]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
OPTIONAL MATCH (c)-[:FOR_PATIENT]->(p:Patient)
OPTIONAL MATCH (c)-[:BY_DOCTOR]->(d:Doctor)
OPTIONAL MATCH (c)-[:PAID_TO]->(a:Account)
RETURN c.start_time AS start_time, c.end_time AS end_time, c.claim_id AS claim_id, c.service_type AS service_type,
       p.patient_id AS patient_id, f.facility_id AS facility_id, d.doctor_id AS doctor_id, a.account AS account,
       c.total_amount AS amount
ORDER BY start_time, claim_id
