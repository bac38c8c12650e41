// Neo4j has shortestPath() where the embedded store writes * SHORTEST, and none from a node to itself; lists begin at 0.
MATCH (a:Patient|Card|Doctor|Recruiter|Account|Terminal|Phone|Address)
WHERE coalesce(a.patient_id, a.card_id, a.doctor_id, a.recruiter_id, a.account, a.terminal_id, a.number, a.address) = $from_id
MATCH (b:Patient|Card|Doctor|Recruiter|Account|Terminal|Phone|Address)
WHERE coalesce(b.patient_id, b.card_id, b.doctor_id, b.recruiter_id, b.account, b.terminal_id, b.number, b.address) = $to_id AND a <> b
MATCH way = shortestPath(
  (a)-[:FOR_PATIENT|WITH_CARD|BY_DOCTOR|VIA_RECRUITER|PAID_TO|AT_TERMINAL|HOLDS|HAS_PHONE|LIVES_AT|OWNS|TIED*1..8]-(b))
WHERE none(n IN nodes(way) WHERE coalesce(n.set_aside, false))
WITH nodes(way) AS along LIMIT 1
UNWIND range(0, size(along) - 1) AS place
WITH place, along[place] AS n
RETURN place AS step,
       CASE WHEN n.claim_id IS NOT NULL THEN 'claim' WHEN n.patient_id IS NOT NULL THEN 'patient'
            WHEN n.card_id IS NOT NULL THEN 'card' WHEN n.doctor_id IS NOT NULL THEN 'doctor'
            WHEN n.recruiter_id IS NOT NULL THEN 'recruiter' WHEN n.account IS NOT NULL THEN 'account'
            WHEN n.terminal_id IS NOT NULL THEN 'terminal' WHEN n.number IS NOT NULL THEN 'phone'
            ELSE 'address' END AS entity_type,
       coalesce(n.claim_id, n.patient_id, n.card_id, n.doctor_id, n.recruiter_id, n.account, n.terminal_id, n.number,
                n.address) AS entity_id
ORDER BY step
