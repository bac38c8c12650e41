// name: read/path
// title-zh: 两个对象之间最短的联系
// title-en: Shortest explanation between two entities
// purpose-zh: 从一个对象到另一个对象，经过电话、住址、账户、卡、介绍人、医师、终端和联系的一条最短路径；不经过机构、经办人和已搁置的值。
// purpose-en: One shortest way from an entity to another through phones, addresses, accounts, cards, go-betweens, doctors, tills and ties; never through places, operators or values set aside.
// param from_id: text | 起点编号（任何对象） | id of the one, of any type
// param to_id: text | 终点编号（任何对象） | id of the other, of any type
// column step: count | 第几步 | step, from 0
// column entity_type: text | 对象类型 | type of entity
// column entity_id: text | 对象编号 | its id
MATCH (a:Patient|Card|Doctor|Recruiter|Account|Terminal|Phone|Address)
WHERE coalesce(a.patient_id, a.card_id, a.doctor_id, a.recruiter_id, a.account, a.terminal_id, a.number, a.address) = $from_id
MATCH (b:Patient|Card|Doctor|Recruiter|Account|Terminal|Phone|Address)
WHERE coalesce(b.patient_id, b.card_id, b.doctor_id, b.recruiter_id, b.account, b.terminal_id, b.number, b.address) = $to_id
MATCH way = (a)-[:FOR_PATIENT|WITH_CARD|BY_DOCTOR|VIA_RECRUITER|PAID_TO|AT_TERMINAL|HOLDS|HAS_PHONE|LIVES_AT|OWNS|TIED* SHORTEST 1..8
                 (r, n | WHERE n.set_aside IS NULL OR NOT n.set_aside)]-(b)
WITH nodes(way) AS along LIMIT 1
UNWIND range(1, size(along)) AS place
WITH place, along[place] AS n
RETURN place - 1 AS step,
       CASE WHEN n.claim_id IS NOT NULL THEN 'claim' WHEN n.patient_id IS NOT NULL THEN 'patient'
            WHEN n.card_id IS NOT NULL THEN 'card' WHEN n.doctor_id IS NOT NULL THEN 'doctor'
            WHEN n.recruiter_id IS NOT NULL THEN 'recruiter' WHEN n.account IS NOT NULL THEN 'account'
            WHEN n.terminal_id IS NOT NULL THEN 'terminal' WHEN n.number IS NOT NULL THEN 'phone'
            ELSE 'address' END AS entity_type,
       coalesce(n.claim_id, n.patient_id, n.card_id, n.doctor_id, n.recruiter_id, n.account, n.terminal_id, n.number,
                n.address) AS entity_id
ORDER BY step
