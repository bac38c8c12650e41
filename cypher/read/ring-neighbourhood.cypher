// name: read/ring-neighbourhood
// title-zh: 团伙的邻近人员
// title-en: Who stands next to a ring
// purpose-zh: 不在团伙中、却与其成员共用电话、住址、账户、卡，或相遇超出巧合的人。
// purpose-en: People outside a ring who share a phone, address, account or card with its members, or meet them more often than chance explains.
// param ring_id: text | 团伙编号 | the ring's id
// column patient_id: patient | 参保人 | patient
// column through: text | 经由（phone、address、account、card、tie） | through what (phone, address, account, card, tie)
// column value: text | 共用的值，或检测 | the shared value, or the channel
// column members: count | 相连的成员数 | members joined to
MATCH (r:Ring {ring_id: $ring_id})-[:HAS_MEMBER]->(p:Patient)-[:HAS_PHONE|LIVES_AT|OWNS|HOLDS]->(v)
WHERE NOT v.set_aside
MATCH (v)<-[:HAS_PHONE|LIVES_AT|OWNS|HOLDS]-(o:Patient)
WHERE NOT EXISTS { MATCH (r)-[:HAS_MEMBER]->(o) }
RETURN o.patient_id AS patient_id,
       CASE WHEN v.number IS NOT NULL THEN 'phone' WHEN v.address IS NOT NULL THEN 'address'
            WHEN v.account IS NOT NULL THEN 'account' ELSE 'card' END AS through,
       coalesce(v.number, v.address, v.account, v.card_id) AS value, count(DISTINCT p.patient_id) AS members
UNION ALL
MATCH (r:Ring {ring_id: $ring_id})-[:HAS_MEMBER]->(p:Patient)-[t:TIED]-(o:Patient)
WHERE NOT EXISTS { MATCH (r)-[:HAS_MEMBER]->(o) }
RETURN o.patient_id AS patient_id, 'tie' AS through, t.channel AS value, count(DISTINCT p.patient_id) AS members
