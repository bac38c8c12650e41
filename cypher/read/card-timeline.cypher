// name: read/card-timeline
// title-zh: 卡的时间线
// title-en: Timeline of a card
// purpose-zh: 一张卡的每次使用：何时、何处、为谁、在哪个终端。
// purpose-en: Each use of a card: when, where, for whom, at which till.
// param card_id: text | 卡号 | the card's id
// column start_time: time | 开始时间 | start
// column claim_id: claim | 费用记录编号 | the claim
// column service_type: text | 就诊类型 | kind of care
// column patient_id: patient | 参保人 | patient
// column facility_id: facility | 机构 | facility
// column terminal_id: terminal | 终端 | till
// column amount: number | 金额 | bill
MATCH (k:Card {card_id: $card_id})<-[:WITH_CARD]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
OPTIONAL MATCH (c)-[:FOR_PATIENT]->(p:Patient)
OPTIONAL MATCH (c)-[:AT_TERMINAL]->(t:Terminal)
RETURN c.start_time AS start_time, c.claim_id AS claim_id, c.service_type AS service_type, p.patient_id AS patient_id,
       f.facility_id AS facility_id, t.terminal_id AS terminal_id, c.total_amount AS amount
ORDER BY start_time, claim_id
