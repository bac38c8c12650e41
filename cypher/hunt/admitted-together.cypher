// name: hunt/admitted-together
// title-zh: 一起入院的人
// title-en: People admitted together
// purpose-zh: 多次在同一机构、相隔不过几天入院的两个人。
// purpose-en: Two people admitted to the same place within days of each other, again and again.
// kind: paid_referral sham_stay
// param days: days = 3 | 最多相隔几天 | at most so many days apart
// param least: count = 2 | 至少几次 | least number of times
// column patient_a: patient | 参保人甲 | one patient
// column patient_b: patient | 参保人乙 | the other patient
// column facility_id: facility | 机构 | facility
// column times: count | 次数 | how often
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.service_type = 'inpatient' AND c.total_amount > 0
WITH f, p, collect(c.start_time) AS stays
WHERE size(stays) >= $least
WITH f, collect({patient: p.patient_id, stays: stays}) AS people
UNWIND people AS a
UNWIND people AS b
WITH f, a, b
WHERE a.patient < b.patient
UNWIND a.stays AS s
UNWIND b.stays AS t
WITH f, a, b, s, t
WHERE s <= t + $days AND t <= s + $days
WITH f.facility_id AS place, a.patient AS one, b.patient AS other, count(DISTINCT s) AS together, min(s) AS since, max(s) AS until
WHERE together >= $least
RETURN one AS patient_a, other AS patient_b, place AS facility_id, together AS times, since AS first_time,
       until AS last_time
ORDER BY times DESC, patient_a, patient_b, facility_id
