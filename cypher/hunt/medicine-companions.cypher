// name: hunt/medicine-companions
// title-zh: 一起买同一种药的人
// title-en: People who buy the same medicine together
// purpose-zh: 多次在同一天、同一药店买同一种药的两个人。
// purpose-en: Two people who buy the same medicine at the same pharmacy on the same day, again and again.
// kind: drug_resale doctor_pharmacy
// param least_amount: number = 100 | 每张至少多少金额 | least bill
// param most: count = 20 | 同一天同一药店买此药的人不超过几人 | at most so many buyers that day (more is a busy day)
// param least: count = 3 | 至少几次 | least number of times
// column patient_a: patient | 参保人甲 | one patient
// column patient_b: patient | 参保人乙 | the other patient
// column drug_code: text | 药品 | medicine
// column times: count | 次数 | how often
// column pharmacies: count | 药店数 | pharmacies
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.service_type = 'pharmacy' AND c.drug_code IS NOT NULL AND c.total_amount >= $least_amount
WITH f.facility_id AS place, c.drug_code AS drug, date_trunc('day', c.start_time) AS day,
     collect(DISTINCT p.patient_id) AS people
WHERE size(people) >= 2 AND size(people) <= $most
UNWIND people AS a
UNWIND people AS b
WITH place, drug, day, a, b
WHERE a < b
WITH a, b, drug, count(*) AS found, count(DISTINCT place) AS places, min(day) AS since, max(day) AS until
WHERE found >= $least
RETURN a AS patient_a, b AS patient_b, drug AS drug_code, found AS times, places AS pharmacies, since AS first_time,
       until AS last_time
ORDER BY times DESC, patient_a, patient_b, drug_code
