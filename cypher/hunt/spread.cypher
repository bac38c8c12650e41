// name: hunt/spread
// title-zh: 从已知人员扩散
// title-en: Spread from known people
// purpose-zh: 从已确认的案件或关注名单出发：谁与这些人共用电话、住址、账户或卡，值越少见分量越重。
// purpose-en: From confirmed cases or a watch list: who shares a phone, address, account or card with these people, rare values first.
// param seeds: texts | 已知参保人编号，以分号分隔 | ids of known people, joined by semicolons
// param most: count = 50 | 一个值最多几人共用 | most people that one value may join
// column patient_id: patient | 参保人 | patient
// column known: count | 相连的已知人数 | known people joined to
// column shared: count | 共用的值数 | values shared
// column weight: number | 分量（每个值 1/(人数-1)） | weight, 1/(people-1) for each value
MATCH (s:Patient)-[:HAS_PHONE|LIVES_AT|OWNS|HOLDS]->(v)
WHERE s.patient_id IN $seeds AND NOT v.set_aside
WITH v, collect(DISTINCT s.patient_id) AS seeds
MATCH (v)<-[:HAS_PHONE|LIVES_AT|OWNS|HOLDS]-(o:Patient)
WITH v, seeds, size(seeds) AS many, collect(DISTINCT o.patient_id) AS people
WITH v, seeds, many, people, size(people) AS sharing
WHERE sharing >= 2 AND sharing <= $most
UNWIND people AS other
UNWIND seeds AS seed
WITH other, seed, v, 1.0 / ((sharing - 1) * many) AS part
WHERE NOT other IN $seeds
WITH other, count(DISTINCT seed) AS known, count(DISTINCT coalesce(v.number, v.address, v.account, v.card_id)) AS common,
     sum(part) AS parts
RETURN other AS patient_id, known AS known, common AS shared, round(parts, 4) AS weight
ORDER BY weight DESC, patient_id
