// name: hunt/equal-bills
// title-zh: 金额完全相同的费用记录
// title-en: Bills of exactly one amount
// purpose-zh: 同一机构里不同的人、不同的诊断，金额却完全相同；按病种付费的价格点只对应一种诊断，不在其列。
// purpose-en: The same amount for different people and different illnesses at one place; a price point belongs to one diagnosis and is left out.
// kind: fake_bills sham_stay
// param least_amount: number = 500 | 每张至少多少金额 | least bill
// param least: count = 3 | 至少几人 | least number of people
// param least_diagnoses: count = 2 | 至少几种诊断 | least number of diagnoses
// column facility_id: facility | 机构 | facility
// column amount: number | 金额 | bill
// column patients: count | 参保人数 | patients
// column diagnoses: count | 诊断数 | diagnoses
// column claims: count | 费用记录数 | claims
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.total_amount >= $least_amount
WITH f, c.total_amount AS bill, count(DISTINCT p.patient_id) AS people, count(DISTINCT c.diagnosis_code) AS illnesses,
     count(*) AS bills, min(c.start_time) AS since, max(c.start_time) AS until
WHERE people >= $least AND illnesses >= $least_diagnoses
RETURN f.facility_id AS facility_id, bill AS amount, people AS patients, illnesses AS diagnoses, bills AS claims,
       since AS first_time, until AS last_time
ORDER BY patients DESC, amount DESC, facility_id
