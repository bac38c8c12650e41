// name: hunt/screen-close-amounts
// title-zh: 筛查：报销金额相近
// title-en: Screen: reimbursements close to each other
// purpose-zh: 同一机构出院报销金额落在同一小段里的多名参保人；其中政府救助对象另计。
// purpose-en: Several people at one place whose reimbursements on discharge fall into one narrow band; those under state support are counted apart.
// kind: sham_stay fake_bills
// param step: number = 50 | 每段多宽 | width of a band
// param least_amount: number = 500 | 至少报销多少 | least reimbursement
// param least: count = 5 | 至少几人 | least number of people
// param supported: texts = 1501 | 政府救助对象的参保类别，以分号分隔 | categories of people under state support, joined by semicolons
// column facility_id: facility | 机构 | facility
// column band: number | 金额段的下限 | lower end of the band
// column patients: count | 参保人数 | patients
// column supported: count | 其中政府救助对象人数 | those of them under state support
// column claims: count | 费用记录数 | claims
// column fund_amount: number | 基金支付 | paid by the fund
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.service_type = 'inpatient' AND c.fund_amount >= $least_amount
WITH f.facility_id AS place, floor(c.fund_amount / $step) * $step AS low, p.patient_id AS person,
     max(CASE WHEN p.category IN $supported THEN 1 ELSE 0 END) AS helped, count(*) AS bills, sum(c.fund_amount) AS fund,
     min(c.start_time) AS since, max(c.start_time) AS until
WITH place, low, count(*) AS people, sum(helped) AS helped, sum(bills) AS bills, sum(fund) AS fund, min(since) AS since,
     max(until) AS until
WHERE people >= $least
RETURN place AS facility_id, low AS band, people AS patients, helped AS supported, bills AS claims,
       round(fund, 2) AS fund_amount, since AS first_time, until AS last_time
ORDER BY patients DESC, facility_id, band
