// name: read/ring-claims
// title-zh: 团伙的费用记录
// title-en: Claims of a ring
// purpose-zh: 团伙所依据的费用记录，按时间排列。
// purpose-en: The claims a ring rests on, in order of time.
// param ring_id: text | 团伙编号 | the ring's id
// column claim_id: claim | 费用记录编号 | the claim
// column start_time: time | 开始时间 | start
// column service_type: text | 就诊类型 | kind of care
// column patient_id: patient | 参保人 | patient
// column facility_id: facility | 机构 | facility
// column total_amount: number | 金额 | bill
MATCH (r:Ring {ring_id: $ring_id})-[:RESTS_ON]->(c:Claim)-[:FOR_PATIENT]->(p:Patient),
      (c)-[:AT_FACILITY]->(f:Facility)
RETURN c.claim_id AS claim_id, c.start_time AS start_time, c.service_type AS service_type,
       p.patient_id AS patient_id, f.facility_id AS facility_id, c.total_amount AS total_amount
ORDER BY start_time, claim_id
