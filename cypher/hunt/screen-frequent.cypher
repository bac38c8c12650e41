// name: hunt/screen-frequent
// title-zh: 筛查：住院频次
// title-en: Screen: admission frequency
// purpose-zh: 在若干天内住院次数多的参保人；政府救助对象单独列在前面。
// purpose-en: People admitted often within some days; those under state support are shown apart, first.
// kind: sham_stay rotation
// param days: days = 365 | 在几天之内 | within so many days
// param least: count = 4 | 至少几次 | least number of admissions
// param supported: texts = 1501 | 政府救助对象的参保类别，以分号分隔 | categories of people under state support, joined by semicolons
// column supported: flag | 是否政府救助对象 | whether under state support
// column patient_id: patient | 参保人 | patient
// column category: text | 参保类别 | category
// column admissions: count | 其间最多住院次数 | most admissions within that time
// column first_time: time | 这段时间的开始 | start of that time
// column facilities: count | 全部住院的机构数 | facilities of all stays
// column fund_amount: number | 全部住院的基金支付 | paid by the fund for all stays
MATCH (p:Patient)<-[:FOR_PATIENT]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WHERE c.service_type = 'inpatient' AND c.total_amount > 0
WITH p, collect(c.start_time) AS times, count(DISTINCT f.facility_id) AS places, sum(c.fund_amount) AS fund
WHERE size(times) >= $least
UNWIND times AS s
UNWIND times AS t
WITH p, places, fund, s, t
WHERE t >= s AND t <= s + $days
WITH p, places, fund, s, count(*) AS found
WHERE found >= $least
WITH p, places, fund, collect({since: s, found: found}) AS spans, max(found) AS most
UNWIND spans AS span
WITH p, places, fund, most, span
WHERE span.found = most
RETURN coalesce(p.category IN $supported, false) AS supported, p.patient_id AS patient_id, p.category AS category,
       most AS admissions, min(span.since) AS first_time, places AS facilities, round(fund, 2) AS fund_amount
ORDER BY supported DESC, admissions DESC, patient_id
