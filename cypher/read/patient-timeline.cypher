// name: read/patient-timeline
// title-zh: 参保人时间线
// title-en: Timeline of a patient
// purpose-zh: 参保人的每条费用记录：何时、何处、用哪张卡、哪名医师、经谁介绍、付到哪里。
// purpose-en: Each claim of a patient: when, where, with which card and doctor, through whom, at which till.
// param patient_id: text | 参保人编号 | the patient's id
// column start_time: time | 开始时间 | start
// column end_time: time | 结束时间 | end
// column claim_id: claim | 费用记录编号 | the claim
// column service_type: text | 就诊类型 | kind of care
// column facility_id: facility | 机构 | facility
// column card_id: card | 卡 | card
// column doctor_id: doctor | 医师 | doctor
// column recruiter_id: recruiter | 介绍人 | go-between
// column terminal_id: terminal | 终端 | till
// column total_amount: number | 金额 | bill
MATCH (p:Patient {patient_id: $patient_id})<-[:FOR_PATIENT]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
OPTIONAL MATCH (c)-[:WITH_CARD]->(k:Card)
OPTIONAL MATCH (c)-[:BY_DOCTOR]->(d:Doctor)
OPTIONAL MATCH (c)-[:VIA_RECRUITER]->(g:Recruiter)
OPTIONAL MATCH (c)-[:AT_TERMINAL]->(t:Terminal)
RETURN c.start_time AS start_time, c.end_time AS end_time, c.claim_id AS claim_id,
       c.service_type AS service_type, f.facility_id AS facility_id, k.card_id AS card_id,
       d.doctor_id AS doctor_id, g.recruiter_id AS recruiter_id, t.terminal_id AS terminal_id,
       c.total_amount AS total_amount
ORDER BY start_time, claim_id
