// name: watch/orphans
// title-zh: 无主的记录
// title-en: Orphans
// purpose-zh: 费用记录提到、而名册里没有的人员、卡、医师、机构、介绍人；没有持卡人的卡；所退费用记录不在其中的退费。
// purpose-en: People, cards, doctors, places and go-betweens that claims name and no register knows; cards without a holder; refunds of claims that are not there.
// column what: text | 种类 | what is missing
// column found: count | 个数 | how many
// column example: text | 其中一例 | one of them
MATCH (n:Patient) WHERE NOT n.registered
RETURN 'patient' AS what, count(*) AS found, min(n.patient_id) AS example
UNION ALL
MATCH (n:Card) WHERE NOT n.registered
RETURN 'card' AS what, count(*) AS found, min(n.card_id) AS example
UNION ALL
MATCH (n:Doctor) WHERE NOT n.registered
RETURN 'doctor' AS what, count(*) AS found, min(n.doctor_id) AS example
UNION ALL
MATCH (n:Facility) WHERE NOT n.registered
RETURN 'facility' AS what, count(*) AS found, min(n.facility_id) AS example
UNION ALL
MATCH (n:Recruiter) WHERE NOT n.registered
RETURN 'recruiter' AS what, count(*) AS found, min(n.recruiter_id) AS example
UNION ALL
MATCH (n:Card) WHERE NOT EXISTS { MATCH (:Patient)-[:HOLDS]->(n) }
RETURN 'card without holder' AS what, count(*) AS found, min(n.card_id) AS example
UNION ALL
MATCH (n:Claim) WHERE n.refund_of IS NOT NULL AND NOT EXISTS { MATCH (n)-[:REFUNDS]->(:Claim) }
RETURN 'refund of no claim' AS what, count(*) AS found, min(n.claim_id) AS example
