// name: hunt/spread-by-claims
// title-zh: 经费用记录扩散
// title-en: Spread by claims
// purpose-zh: 谁的费用记录与已知人员的费用记录经过同一名介绍人、同一个收款账户或同一张卡。
// purpose-en: Whose claims name the same go-between, payee account or card as those of known people.
// param seeds: texts | 已知参保人编号，以分号分隔 | ids of known people, joined by semicolons
// param most: count = 200 | 一个介绍人、账户或卡最多涉及几人 | most people that one go-between, account or card may join
// column patient_id: patient | 参保人 | patient
// column shared: count | 共同的介绍人、账户、卡数 | go-betweens, accounts and cards in common
// column claims: count | 经过它们的费用记录数 | claims that name them
// column weight: number | 分量（每个 1/(人数-1)） | weight, 1/(people-1) for each
MATCH (s:Patient)<-[:FOR_PATIENT]-(c:Claim)-[:VIA_RECRUITER|PAID_TO|WITH_CARD]->(v)
WHERE s.patient_id IN $seeds AND NOT v.set_aside
WITH DISTINCT v AS v
MATCH (v)<-[:VIA_RECRUITER|PAID_TO|WITH_CARD]-(d:Claim)-[:FOR_PATIENT]->(o:Patient)
WITH v, o.patient_id AS person, count(*) AS bills
WITH v, collect({person: person, bills: bills}) AS people
WITH people, size(people) AS sharing
WHERE sharing >= 2 AND sharing <= $most
UNWIND people AS one
WITH one, 1.0 / (sharing - 1) AS part
WHERE NOT one.person IN $seeds
WITH one.person AS person, count(*) AS common, sum(one.bills) AS bills, sum(part) AS parts
RETURN person AS patient_id, common AS shared, bills AS claims, round(parts, 4) AS weight
ORDER BY weight DESC, patient_id
