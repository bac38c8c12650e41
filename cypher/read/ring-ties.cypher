// name: read/ring-ties
// title-zh: 团伙成员之间的联系
// title-en: Ties inside a ring
// purpose-zh: 团伙里哪些人的相遇超出巧合，证据强的在前。
// purpose-en: Which members meet more often than chance explains; the strongest evidence first.
// param ring_id: text | 团伙编号 | the ring's id
// column patient_a: patient | 参保人甲 | one patient
// column patient_b: patient | 参保人乙 | the other patient
// column channel: text | 检测 | channel
// column observed: count | 相遇次数 | meetings
// column expected: number | 巧合预计次数 | meetings expected by chance
// column weight: number | 证据强度（纳特） | evidence, nats
MATCH (r:Ring {ring_id: $ring_id})-[:HAS_MEMBER]->(a:Patient)-[t:TIED]->(b:Patient)<-[:HAS_MEMBER]-(r)
RETURN a.patient_id AS patient_a, b.patient_id AS patient_b, t.channel AS channel, t.observed AS observed,
       t.expected AS expected, t.weight AS weight
ORDER BY weight DESC, patient_a, patient_b, channel
