// name: hunt/readmitted
// title-zh: 出院后很快再入院
// title-en: Discharged and admitted again
// purpose-zh: 出院几天内又入院的参保人，多次如此：可能是分解住院。
// purpose-en: People admitted again within days of a discharge, again and again: one stay may have been cut into several.
// kind: rotation
// param days: days = 7 | 出院后几天内 | within so many days of the discharge
// param least: count = 2 | 至少几次 | least number of times
// column patient_id: patient | 参保人 | patient
// column returns: count | 再入院次数 | admissions after a discharge
// column facilities: count | 机构数 | facilities
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
// column total_amount: number | 总金额 | total bills
MATCH (p:Patient)<-[:FOR_PATIENT]-(a:Claim)
WHERE a.service_type = 'inpatient' AND a.total_amount > 0 AND a.end_time IS NOT NULL
MATCH (p)<-[:FOR_PATIENT]-(b:Claim)
WHERE b.service_type = 'inpatient' AND b.total_amount > 0 AND b.claim_id <> a.claim_id
  AND b.start_time >= a.end_time AND b.start_time <= a.end_time + $days
WITH DISTINCT p AS p, b AS b
MATCH (b)-[:AT_FACILITY]->(f:Facility)
WITH p, count(*) AS again, count(DISTINCT f.facility_id) AS places, min(b.start_time) AS since,
     max(b.start_time) AS until, sum(b.total_amount) AS money
WHERE again >= $least
RETURN p.patient_id AS patient_id, again AS returns, places AS facilities, since AS first_time, until AS last_time,
       round(money, 2) AS total_amount
ORDER BY returns DESC, patient_id
