// name: hunt/recruiter-waves
// title-zh: 介绍人成批带人
// title-en: Waves of a go-between
// purpose-zh: 同一名介绍人在几个时间段里各带多人到同一机构。
// purpose-en: A go-between who brings several people to one place in the same week, in several weeks.
// kind: paid_referral
// param service: text of inpatient outpatient pharmacy = inpatient | 就诊类型 | kind of care (inpatient, outpatient, pharmacy)
// param unit: text of day week month = week | 时间段（day、week、month） | length of a wave (day, week, month)
// param least_patients: count = 3 | 每批至少几人 | least people in a wave
// param least: count = 2 | 至少几批 | least number of waves
// column recruiter_id: recruiter | 介绍人 | go-between
// column facility_id: facility | 机构 | facility
// column waves: count | 批数 | waves
// column largest: count | 最大一批的人数 | people in the largest
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
// column first_time: time | 第一批的时间段 | start of the first
// column last_time: time | 最后一批的时间段 | start of the last
MATCH (g:Recruiter)<-[:VIA_RECRUITER]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WHERE c.service_type = $service AND c.total_amount > 0 AND NOT g.set_aside
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
WITH g, f, date_trunc($unit, c.start_time) AS wave, count(DISTINCT p.patient_id) AS people, count(*) AS bills,
     sum(c.total_amount) AS money
WHERE people >= $least_patients
WITH g, f, count(*) AS found, max(people) AS most, sum(bills) AS bills, sum(money) AS money, min(wave) AS since,
     max(wave) AS until
WHERE found >= $least
RETURN g.recruiter_id AS recruiter_id, f.facility_id AS facility_id, found AS waves, most AS largest, bills AS claims,
       round(money, 2) AS total_amount, since AS first_time, until AS last_time
ORDER BY waves DESC, largest DESC, recruiter_id, facility_id
