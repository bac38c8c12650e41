// name: read/tie-claims
// title-zh: 一条联系背后的费用记录
// title-en: Claims behind a tie
// purpose-zh: 两名参保人在同一机构、相隔不久的费用记录，一对一对列出。
// purpose-en: Claims of two people at the same place close in time, pair by pair.
// param patient_a: text | 参保人甲 | one patient
// param patient_b: text | 参保人乙 | the other patient
// param hours: hours = 24 | 最多相隔几小时 | at most so many hours apart
// column facility_id: facility | 机构 | facility
// column claim_a: claim | 甲的费用记录 | claim of the one
// column time_a: time | 甲的时间 | its start
// column claim_b: claim | 乙的费用记录 | claim of the other
// column time_b: time | 乙的时间 | its start
MATCH (a:Patient {patient_id: $patient_a})<-[:FOR_PATIENT]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WITH c, f
MATCH (b:Patient {patient_id: $patient_b})<-[:FOR_PATIENT]-(d:Claim)-[:AT_FACILITY]->(f)
WHERE c.start_time <= d.start_time + $hours AND d.start_time <= c.start_time + $hours
RETURN f.facility_id AS facility_id, c.claim_id AS claim_a, c.start_time AS time_a, d.claim_id AS claim_b,
       d.start_time AS time_b
ORDER BY time_a, claim_a, time_b, claim_b
