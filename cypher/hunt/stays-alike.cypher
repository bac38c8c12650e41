// name: hunt/stays-alike
// title-zh: 同日入院、同日出院
// title-en: Stays that begin and end together
// purpose-zh: 在同一机构同一天入院、同一天出院的多名参保人。
// purpose-en: Several people who enter a place on one day and all leave it on another.
// kind: sham_stay paid_referral
// param least: count = 4 | 至少几人 | least number of people
// column facility_id: facility | 机构 | facility
// column first_day: time | 入院日 | day of admission
// column last_day: time | 出院日 | day of discharge
// column patients: count | 参保人数 | patients
// column doctors: count | 医师数 | doctors
// column total_amount: number | 总金额 | total bills
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.service_type = 'inpatient' AND c.total_amount > 0 AND c.end_time IS NOT NULL
OPTIONAL MATCH (c)-[:BY_DOCTOR]->(d:Doctor)
WITH f, date_trunc('day', c.start_time) AS since, date_trunc('day', c.end_time) AS until,
     count(DISTINCT p.patient_id) AS people, count(DISTINCT d.doctor_id) AS staff, sum(c.total_amount) AS money
WHERE people >= $least
RETURN f.facility_id AS facility_id, since AS first_day, until AS last_day, people AS patients, staff AS doctors,
       round(money, 2) AS total_amount
ORDER BY patients DESC, facility_id, first_day, last_day
