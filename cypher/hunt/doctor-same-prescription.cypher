// name: hunt/doctor-same-prescription
// title-zh: 同一处方反复开出
// title-en: One prescription again and again
// purpose-zh: 一名医师的同一种药、同一金额，在同一家药店由多人取走。
// purpose-en: The same medicine at the same amount from one doctor, fetched at one pharmacy by several people.
// kind: doctor_pharmacy
// param least_amount: number = 50 | 每张至少多少金额 | least bill
// param least: count = 5 | 至少几人 | least number of people
// column doctor_id: doctor | 医师 | doctor
// column facility_id: facility | 机构 | facility
// column drug_code: text | 药品 | medicine
// column amount: number | 金额 | bill
// column patients: count | 参保人数 | patients
// column claims: count | 费用记录数 | claims
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (d:Doctor)<-[:BY_DOCTOR]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WHERE c.service_type = 'pharmacy' AND c.drug_code IS NOT NULL AND c.total_amount >= $least_amount AND NOT d.set_aside
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
WITH d, f, c.drug_code AS drug, c.total_amount AS bill, count(DISTINCT p.patient_id) AS people, count(*) AS bills,
     min(c.start_time) AS since, max(c.start_time) AS until
WHERE people >= $least
RETURN d.doctor_id AS doctor_id, f.facility_id AS facility_id, drug AS drug_code, bill AS amount, people AS patients,
       bills AS claims, since AS first_time, until AS last_time
ORDER BY patients DESC, amount DESC, doctor_id, facility_id, drug_code
