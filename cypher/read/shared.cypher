// name: read/shared
// title-zh: 两个人的全部共同点
// title-en: Everything two people share
// purpose-zh: 两名参保人共有的电话、住址、账户、卡、就诊机构、医师、介绍人、经办人、终端、团伙和联系。
// purpose-en: Phones, addresses, accounts, cards, places, doctors, go-betweens, operators, tills, rings and ties that two people have in common.
// param patient_a: text | 参保人甲 | one patient
// param patient_b: text | 参保人乙 | the other patient
// column what: text | 共同点的种类 | what kind of thing
// column value: text | 其值 | which one
// column claims_a: count | 甲的相关费用记录数 | claims of the one that name it
// column claims_b: count | 乙的相关费用记录数 | claims of the other that name it
MATCH (a:Patient {patient_id: $patient_a})-[:HAS_PHONE|LIVES_AT|OWNS|HOLDS]->(v)
WITH DISTINCT v AS v
MATCH (b:Patient {patient_id: $patient_b})-[:HAS_PHONE|LIVES_AT|OWNS|HOLDS]->(v)
RETURN DISTINCT CASE WHEN v.number IS NOT NULL THEN 'phone' WHEN v.address IS NOT NULL THEN 'address'
                     WHEN v.account IS NOT NULL THEN 'own account' ELSE 'own card' END AS what,
       coalesce(v.number, v.address, v.account, v.card_id) AS value, 0 AS claims_a, 0 AS claims_b
UNION ALL
MATCH (a:Patient {patient_id: $patient_a})<-[:FOR_PATIENT]-(c:Claim)
MATCH (c)-[:AT_FACILITY|BY_DOCTOR|VIA_RECRUITER|PAID_TO|SETTLED_BY|AT_TERMINAL|WITH_CARD]->(e)
WITH e, count(*) AS of_a
MATCH (b:Patient {patient_id: $patient_b})<-[:FOR_PATIENT]-(d:Claim)
MATCH (d)-[:AT_FACILITY|BY_DOCTOR|VIA_RECRUITER|PAID_TO|SETTLED_BY|AT_TERMINAL|WITH_CARD]->(e)
RETURN CASE WHEN e.facility_id IS NOT NULL THEN 'facility' WHEN e.doctor_id IS NOT NULL THEN 'doctor'
            WHEN e.recruiter_id IS NOT NULL THEN 'recruiter' WHEN e.account IS NOT NULL THEN 'payee account'
            WHEN e.operator_id IS NOT NULL THEN 'operator' WHEN e.terminal_id IS NOT NULL THEN 'terminal'
            ELSE 'card' END AS what,
       coalesce(e.facility_id, e.doctor_id, e.recruiter_id, e.account, e.operator_id, e.terminal_id, e.card_id) AS value,
       of_a AS claims_a, count(*) AS claims_b
UNION ALL
MATCH (a:Patient {patient_id: $patient_a})<-[m:HAS_MEMBER]-(r:Ring)-[n:HAS_MEMBER]->(b:Patient {patient_id: $patient_b})
RETURN 'ring' AS what, r.ring_id AS value, m.claims AS claims_a, n.claims AS claims_b
UNION ALL
MATCH (a:Patient {patient_id: $patient_a})-[t:TIED]-(b:Patient {patient_id: $patient_b})
RETURN 'tie' AS what, t.channel AS value, t.observed AS claims_a, t.observed AS claims_b
