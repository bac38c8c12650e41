// name: hunt/same-medicine-twice
// title-zh: 一日内在多处买同一种药
// title-en: The same medicine at several pharmacies in a day
// purpose-zh: 同一人在同一天到几家药店买同一种药，多次如此。
// purpose-en: A person who buys the same medicine at several pharmacies on one day, on several days.
// kind: drug_resale
// param unit: text of day week = day | 时间段（day、week） | within what (day, week)
// param least_places: count = 2 | 至少几家药店 | least pharmacies
// param least: count = 2 | 至少几次 | least number of times
// column patient_id: patient | 参保人 | patient
// column drug_code: text | 药品 | medicine
// column times: count | 次数 | how often
// column most_places: count | 最多一次到几家 | most pharmacies at one time
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.service_type = 'pharmacy' AND c.drug_code IS NOT NULL AND c.total_amount > 0
WITH p, c.drug_code AS drug, date_trunc($unit, c.start_time) AS day,
     count(DISTINCT f.facility_id) AS places, count(*) AS bills, sum(c.total_amount) AS money
WHERE places >= $least_places
WITH p, drug, count(*) AS found, max(places) AS most, sum(bills) AS bills, sum(money) AS money
WHERE found >= $least
RETURN p.patient_id AS patient_id, drug AS drug_code, found AS times, most AS most_places, bills AS claims,
       round(money, 2) AS total_amount
ORDER BY times DESC, total_amount DESC, patient_id, drug_code
