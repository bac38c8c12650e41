// name: hunt/screen-concentrated
// title-zh: 筛查：集中住院
// title-en: Screen: admissions concentrated in time
// purpose-zh: 某一周住院人数远超该机构平常的机构；其中政府救助对象另计。
// purpose-en: Weeks in which a place admits far more people than it usually does; those under state support are counted apart.
// kind: sham_stay paid_referral
// param unit: text of day week month = week | 时间段（day、week、month） | what is compared (day, week, month)
// param least: count = 5 | 至少几人 | least number of people
// param factor: number = 3 | 至少是平常的几倍 | at least so many times the usual
// param supported: texts = 1501 | 政府救助对象的参保类别，以分号分隔 | categories of people under state support, joined by semicolons
// column facility_id: facility | 机构 | facility
// column first_time: time | 时间段的开始 | start of the week
// column patients: count | 参保人数 | patients
// column supported: count | 其中政府救助对象人数 | those of them under state support
// column usual: number | 有住院的时间段平均人数 | people in an average week with any
// column factor: number | 是平常的几倍 | how many times the usual
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.service_type = 'inpatient' AND c.total_amount > 0
WITH f.facility_id AS place, date_trunc($unit, c.start_time) AS week, p.patient_id AS person,
     max(CASE WHEN p.category IN $supported THEN 1 ELSE 0 END) AS helped
WITH place, week, count(*) AS people, sum(helped) AS helped
WITH place, collect({week: week, people: people, helped: helped}) AS weeks, 1.0 * sum(people) / count(*) AS mean
UNWIND weeks AS one
WITH place, mean, one
WHERE one.people >= $least AND one.people >= $factor * mean
RETURN place AS facility_id, one.week AS first_time, one.people AS patients, one.helped AS supported,
       round(mean, 2) AS usual, round(one.people / mean, 2) AS factor
ORDER BY factor DESC, facility_id, first_time
