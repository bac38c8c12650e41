// name: read/patient
// title-zh: 参保人概况
// title-en: A patient at a glance
// purpose-zh: 参保人的地区、类别、费用记录数、金额和时间范围，不含姓名和证件。
// purpose-en: District, category, claims, money and span of time of a patient; no name, no id number.
// param patient_id: text | 参保人编号 | the patient's id
// column patient_id: patient | 参保人编号 | the patient's id
// column registered: flag | 参保名册中是否有此人 | whether the register has the person
// column district: text | 地区 | district
// column category: text | 类别 | category
// column death_date: date | 死亡日期 | date of death
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
// column first_time: time | 最早时间 | first claim
// column last_time: time | 最晚时间 | last claim
MATCH (p:Patient {patient_id: $patient_id})
OPTIONAL MATCH (p)<-[:FOR_PATIENT]-(c:Claim)
RETURN p.patient_id AS patient_id, p.registered AS registered, p.district AS district, p.category AS category,
       p.death_date AS death_date, count(c.claim_id) AS claims, round(sum(c.total_amount), 2) AS total_amount,
       min(c.start_time) AS first_time, max(c.start_time) AS last_time
