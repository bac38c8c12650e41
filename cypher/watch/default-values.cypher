// name: watch/default-values
// title-zh: 成千上万人共用的值
// title-en: Values shared by thousands
// purpose-zh: 太多人共有的电话、住址、账户和医师：多半是默认值或占位符，不能当作线索。
// purpose-en: Phones, addresses, accounts and doctors that too many people have in common: mostly defaults and placeholders, no leads.
// param least: count = 1000 | 至少几人 | least number of people
// column what: text | 种类（phone、address、account、payee、doctor） | what it is (phone, address, account, payee, doctor)
// column value: text | 其值 | the value
// column patients: count | 参保人数 | patients
// column set_aside: flag | 是否已搁置 | whether it was set aside as identifying nobody
MATCH (p:Patient)-[:HAS_PHONE|LIVES_AT|OWNS]->(v)
WITH v, count(DISTINCT p.patient_id) AS people
WHERE people >= $least
RETURN CASE WHEN v.number IS NOT NULL THEN 'phone' WHEN v.address IS NOT NULL THEN 'address' ELSE 'account' END AS what,
       coalesce(v.number, v.address, v.account) AS value, people AS patients, v.set_aside AS set_aside
UNION ALL
MATCH (v:Doctor)<-[:BY_DOCTOR]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WITH v, count(DISTINCT p.patient_id) AS people
WHERE people >= $least
RETURN 'doctor' AS what, v.doctor_id AS value, people AS patients, v.set_aside AS set_aside
UNION ALL
MATCH (v:Account)<-[:PAID_TO]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WITH v, count(DISTINCT p.patient_id) AS people
WHERE people >= $least
RETURN 'payee' AS what, v.account AS value, people AS patients, v.set_aside AS set_aside
