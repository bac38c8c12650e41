// name: hunt/shared-details
// title-zh: 共用电话、住址、账户的人
// title-en: Shared phones, addresses and accounts
// purpose-zh: 共用电话、住址或账户的两个人；越少人共用的值分量越重，可排除已知的值，也可只看不住在一起的人。
// purpose-en: Pairs who share a phone, an address or an account; the fewer people share a value, the more it weighs. Known values can be left out, and so can people who live together.
// kind: paid_referral fake_bills
// param most: count = 20 | 一个值最多几人共用 | most people that one value may join
// param least_weight: number = 5 | 至少多少分量（纳特） | least weight, nats
// param apart: flag = true | 只看住址不同的人 | only people without a common address
// param excluded: texts = ; | 不计的值 | values not to count
// column patient_a: patient | 参保人甲 | one patient
// column patient_b: patient | 参保人乙 | the other patient
// column shared: count | 共用的值数 | values they share
// column weight: number | 证据强度 | weight of the link
MATCH (everybody:Patient)
WITH count(*) AS population
MATCH (p:Patient)-[:HAS_PHONE|LIVES_AT|OWNS]->(v)
WHERE NOT v.set_aside AND NOT coalesce(v.number, v.address, v.account) IN $excluded
WITH population, v, collect(DISTINCT p.patient_id) AS people
WITH population, v, people, size(people) AS sharing
WHERE sharing >= 2 AND sharing <= $most
UNWIND people AS a
UNWIND people AS b
WITH population, v, sharing, a, b
WHERE a < b
WITH a, b, count(*) AS common, sum(ln(1.0 * population / sharing)) AS nats,
     sum(CASE WHEN v.address IS NULL THEN 0 ELSE 1 END) AS homes
WHERE nats >= $least_weight AND (homes = 0 OR NOT $apart)
RETURN a AS patient_a, b AS patient_b, common AS shared, round(nats, 3) AS weight
ORDER BY weight DESC, patient_a, patient_b
