// name: hunt/invoice-repeated
// title-zh: 重复的票据号
// title-en: Invoice numbers used again
// purpose-zh: 同一个票据号用于几条费用记录。
// purpose-en: One invoice number on several claims.
// kind: fake_bills
// param least: count = 2 | 至少几张 | least number of claims
// column invoice_number: text | 票据号 | invoice number
// column claims: count | 费用记录数 | claims
// column patients: count | 参保人数 | patients
// column facilities: count | 机构数 | facilities
// column accounts: count | 收款账户数 | accounts paid
// column total_amount: number | 总金额 | total bills
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.invoice_number IS NOT NULL AND c.total_amount > 0
MATCH (c)-[:AT_FACILITY]->(f:Facility)
OPTIONAL MATCH (c)-[:PAID_TO]->(a:Account)
WITH c.invoice_number AS number, count(*) AS bills, count(DISTINCT p.patient_id) AS people,
     count(DISTINCT f.facility_id) AS places, count(DISTINCT a.account) AS payees, sum(c.total_amount) AS money,
     min(c.start_time) AS since, max(c.start_time) AS until
WHERE bills >= $least
RETURN number AS invoice_number, bills AS claims, people AS patients, places AS facilities, payees AS accounts,
       round(money, 2) AS total_amount, since AS first_time, until AS last_time
ORDER BY claims DESC, total_amount DESC, invoice_number
