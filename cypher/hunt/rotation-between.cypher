// name: hunt/rotation-between
// title-zh: 在两家机构之间轮流住院
// title-en: In turn between two places
// purpose-zh: 多名参保人从一家机构出院后几天内住进另一家，来回多次。
// purpose-en: Several people who leave one place and enter another within days, more than once.
// kind: rotation
// param days: days = 7 | 出院后几天内 | within so many days of the discharge
// param least_moves: count = 2 | 每人至少几次 | least moves of each
// param least: count = 2 | 至少几人 | least number of people
// column facility_a: facility | 机构甲 | one facility
// column facility_b: facility | 机构乙 | the other facility
// column patients: count | 参保人数 | patients
// column moves: count | 转院次数 | moves
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (p:Patient)<-[:FOR_PATIENT]-(a:Claim)
WHERE a.service_type = 'inpatient' AND a.total_amount > 0 AND a.end_time IS NOT NULL
MATCH (p)<-[:FOR_PATIENT]-(b:Claim)
WHERE b.service_type = 'inpatient' AND b.total_amount > 0
  AND b.start_time >= a.end_time AND b.start_time <= a.end_time + $days
MATCH (a)-[:AT_FACILITY]->(f:Facility)
MATCH (b)-[:AT_FACILITY]->(g:Facility)
WHERE f.facility_id <> g.facility_id
WITH CASE WHEN f.facility_id < g.facility_id THEN f.facility_id ELSE g.facility_id END AS one,
     CASE WHEN f.facility_id < g.facility_id THEN g.facility_id ELSE f.facility_id END AS other,
     p, count(DISTINCT b.claim_id) AS ways, min(b.start_time) AS since, max(b.start_time) AS until
WHERE ways >= $least_moves
WITH one, other, count(*) AS people, sum(ways) AS ways, min(since) AS since, max(until) AS until
WHERE people >= $least
RETURN one AS facility_a, other AS facility_b, people AS patients, ways AS moves, since AS first_time,
       until AS last_time
ORDER BY patients DESC, moves DESC, facility_a, facility_b
