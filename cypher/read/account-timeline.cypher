// name: read/account-timeline
// title-zh: 账户的时间线
// title-en: Timeline of an account
// purpose-zh: 付到一个账户的每条费用记录：何时、为谁、何处、谁经办。
// purpose-en: Each claim paid to an account: when, for whom, where, settled by whom.
// param account: text | 账户 | the account
// column start_time: time | 开始时间 | start
// column claim_id: claim | 费用记录编号 | the claim
// column patient_id: patient | 参保人 | patient
// column facility_id: facility | 机构 | facility
// column recruiter_id: recruiter | 介绍人 | go-between
// column operator_id: operator | 经办人 | operator
// column invoice_number: text | 票据号 | invoice number
// column amount: number | 金额 | bill
MATCH (a:Account {account: $account})<-[:PAID_TO]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
OPTIONAL MATCH (c)-[:FOR_PATIENT]->(p:Patient)
OPTIONAL MATCH (c)-[:VIA_RECRUITER]->(g:Recruiter)
OPTIONAL MATCH (c)-[:SETTLED_BY]->(o:Operator)
RETURN c.start_time AS start_time, c.claim_id AS claim_id, p.patient_id AS patient_id, f.facility_id AS facility_id,
       g.recruiter_id AS recruiter_id, o.operator_id AS operator_id, c.invoice_number AS invoice_number,
       c.total_amount AS amount
ORDER BY start_time, claim_id
