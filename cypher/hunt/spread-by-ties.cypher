// name: hunt/spread-by-ties
// title-zh: 经联系扩散
// title-en: Spread along ties
// purpose-zh: 从已知人员出发沿联系走一步或两步能到谁；两步的分量取两段中较弱的一段的一半。
// purpose-en: Whom the ties reach from known people in one step or two; two steps weigh half of the weaker one.
// param seeds: texts | 已知参保人编号，以分号分隔 | ids of known people, joined by semicolons
// param least_weight: number = 3 | 每条联系至少多少纳特 | least weight of a tie, nats
// column patient_id: patient | 参保人 | patient
// column steps: count | 几步 | steps
// column known: count | 相连的已知人数 | known people it comes from
// column weight: number | 最大分量（纳特） | largest weight, nats
MATCH (s:Patient)-[t:TIED]-(o:Patient)
WHERE s.patient_id IN $seeds AND t.weight >= $least_weight AND NOT o.patient_id IN $seeds
RETURN o.patient_id AS patient_id, 1 AS steps, count(DISTINCT s.patient_id) AS known, round(max(t.weight), 4) AS weight
UNION ALL
MATCH (s:Patient)-[t:TIED]-(m:Patient)
WHERE s.patient_id IN $seeds AND t.weight >= $least_weight AND NOT m.patient_id IN $seeds
MATCH (m)-[u:TIED]-(o:Patient)
WHERE u.weight >= $least_weight AND NOT o.patient_id IN $seeds AND o.patient_id <> m.patient_id
  AND NOT EXISTS { MATCH (o)-[w:TIED]-(x:Patient) WHERE x.patient_id IN $seeds AND w.weight >= $least_weight }
RETURN o.patient_id AS patient_id, 2 AS steps, count(DISTINCT s.patient_id) AS known,
       round(max(CASE WHEN t.weight < u.weight THEN t.weight / 2 ELSE u.weight / 2 END), 4) AS weight
