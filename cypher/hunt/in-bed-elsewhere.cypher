// name: hunt/in-bed-elsewhere
// title-zh: 人在床上、卡在别处
// title-en: In bed here and swiping there
// purpose-zh: 住院期间在别的机构门诊或购药：床可能是空的。
// purpose-en: People in bed at one place while they are treated or buy at another: the bed may be empty.
// kind: sham_stay lent_cards
// param hours: hours = 12 | 离入院和出院至少几小时 | at least so many hours from both ends of the stay
// param least: count = 1 | 至少几次 | least number of times
// column patient_id: patient | 参保人 | patient
// column facility_id: facility | 机构 | facility
// column stays: count | 涉及的住院次数 | stays
// column elsewhere: count | 别处的费用记录数 | claims elsewhere
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
// column total_amount: number | 别处的金额 | bills elsewhere
MATCH (p:Patient)<-[:FOR_PATIENT]-(s:Claim)
WHERE s.service_type = 'inpatient' AND s.total_amount > 0 AND s.end_time > s.start_time + $hours
MATCH (p)<-[:FOR_PATIENT]-(c:Claim)
WHERE c.service_type <> 'inpatient' AND c.total_amount > 0
  AND c.start_time >= s.start_time + $hours AND c.start_time + $hours <= s.end_time
MATCH (s)-[:AT_FACILITY]->(f:Facility)
MATCH (c)-[:AT_FACILITY]->(g:Facility)
WHERE f.facility_id <> g.facility_id
WITH p, f, count(DISTINCT s.claim_id) AS beds, count(*) AS swipes, min(c.start_time) AS since, max(c.start_time) AS until,
     sum(c.total_amount) AS money
WHERE swipes >= $least
RETURN p.patient_id AS patient_id, f.facility_id AS facility_id, beds AS stays, swipes AS elsewhere,
       since AS first_time, until AS last_time, round(money, 2) AS total_amount
ORDER BY elsewhere DESC, patient_id, facility_id
