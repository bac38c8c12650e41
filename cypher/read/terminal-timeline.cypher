// name: read/terminal-timeline
// title-zh: 终端的时间线
// title-en: Timeline of a till
// purpose-zh: 一个终端在一段时间内依次刷过的卡。
// purpose-en: The cards that passed a till one after the other, between two times.
// param terminal_id: text | 终端编号 | the till's id
// param since: time = 1900-01-01 | 自何时起 | from when on
// param until: time = 2200-01-01 | 到何时为止（不含） | up to when, exclusive
// column start_time: time | 开始时间 | start
// column claim_id: claim | 费用记录编号 | the claim
// column card_id: card | 卡 | card
// column patient_id: patient | 参保人 | patient
// column facility_id: facility | 机构 | facility
// column operator_id: operator | 经办人 | operator
// column amount: number | 金额 | bill
MATCH (t:Terminal {terminal_id: $terminal_id})<-[:AT_TERMINAL]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WHERE c.start_time >= $since AND c.start_time < $until
OPTIONAL MATCH (c)-[:FOR_PATIENT]->(p:Patient)
OPTIONAL MATCH (c)-[:WITH_CARD]->(k:Card)
OPTIONAL MATCH (c)-[:SETTLED_BY]->(o:Operator)
RETURN c.start_time AS start_time, c.claim_id AS claim_id, k.card_id AS card_id, p.patient_id AS patient_id,
       f.facility_id AS facility_id, o.operator_id AS operator_id, c.total_amount AS amount
ORDER BY start_time, claim_id
