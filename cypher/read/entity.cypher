// name: read/entity
// title-zh: 一个对象的概况
// title-en: An entity at a glance
// purpose-zh: 一张卡、一名医师、一家机构、一个账户等：费用记录数、人数、机构数、金额、时间范围、所在团伙数。
// purpose-en: A patient, card, doctor, facility, go-between, account, operator or till: claims, people, places, money, span of time, rings.
// param entity_type: text of patient card doctor facility recruiter account operator terminal | 对象类型（patient、card、doctor、facility、recruiter、account、operator、terminal） | type of entity (patient, card, doctor, facility, recruiter, account, operator, terminal)
// param entity_id: text | 对象编号 | its id
// column entity_type: text | 对象类型 | type of entity
// column entity_id: text | 对象编号 | its id
// column claims: count | 费用记录数 | claims
// column patients: count | 参保人数 | patients
// column facilities: count | 机构数 | facilities
// column total_amount: number | 总金额 | total bills
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
// column rings: count | 团伙数 | rings
MATCH (e:Patient {patient_id: $entity_id})<-[:FOR_PATIENT]-(c:Claim)
WHERE $entity_type = 'patient'
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
MATCH (c)-[:AT_FACILITY]->(f:Facility)
WITH e, count(*) AS bills, count(DISTINCT p.patient_id) AS people, count(DISTINCT f.facility_id) AS places,
     round(sum(c.total_amount), 2) AS amount, min(c.start_time) AS since, max(c.start_time) AS until
OPTIONAL MATCH (e)<-[:HAS_MEMBER]-(r:Ring)
RETURN 'patient' AS entity_type, e.patient_id AS entity_id, bills AS claims, people AS patients, places AS facilities,
       amount AS total_amount, since AS first_time, until AS last_time, count(r.ring_id) AS rings
UNION ALL
MATCH (e:Card {card_id: $entity_id})<-[:WITH_CARD]-(c:Claim)
WHERE $entity_type = 'card'
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
MATCH (c)-[:AT_FACILITY]->(f:Facility)
WITH e, count(*) AS bills, count(DISTINCT p.patient_id) AS people, count(DISTINCT f.facility_id) AS places,
     round(sum(c.total_amount), 2) AS amount, min(c.start_time) AS since, max(c.start_time) AS until
OPTIONAL MATCH (e)<-[:HAS_MEMBER]-(r:Ring)
RETURN 'card' AS entity_type, e.card_id AS entity_id, bills AS claims, people AS patients, places AS facilities,
       amount AS total_amount, since AS first_time, until AS last_time, count(r.ring_id) AS rings
UNION ALL
MATCH (e:Doctor {doctor_id: $entity_id})<-[:BY_DOCTOR]-(c:Claim)
WHERE $entity_type = 'doctor'
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
MATCH (c)-[:AT_FACILITY]->(f:Facility)
WITH e, count(*) AS bills, count(DISTINCT p.patient_id) AS people, count(DISTINCT f.facility_id) AS places,
     round(sum(c.total_amount), 2) AS amount, min(c.start_time) AS since, max(c.start_time) AS until
OPTIONAL MATCH (e)<-[:HAS_MEMBER]-(r:Ring)
RETURN 'doctor' AS entity_type, e.doctor_id AS entity_id, bills AS claims, people AS patients, places AS facilities,
       amount AS total_amount, since AS first_time, until AS last_time, count(r.ring_id) AS rings
UNION ALL
MATCH (e:Facility {facility_id: $entity_id})<-[:AT_FACILITY]-(c:Claim)
WHERE $entity_type = 'facility'
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
MATCH (c)-[:AT_FACILITY]->(f:Facility)
WITH e, count(*) AS bills, count(DISTINCT p.patient_id) AS people, count(DISTINCT f.facility_id) AS places,
     round(sum(c.total_amount), 2) AS amount, min(c.start_time) AS since, max(c.start_time) AS until
OPTIONAL MATCH (e)<-[:HAS_MEMBER]-(r:Ring)
RETURN 'facility' AS entity_type, e.facility_id AS entity_id, bills AS claims, people AS patients, places AS facilities,
       amount AS total_amount, since AS first_time, until AS last_time, count(r.ring_id) AS rings
UNION ALL
MATCH (e:Recruiter {recruiter_id: $entity_id})<-[:VIA_RECRUITER]-(c:Claim)
WHERE $entity_type = 'recruiter'
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
MATCH (c)-[:AT_FACILITY]->(f:Facility)
WITH e, count(*) AS bills, count(DISTINCT p.patient_id) AS people, count(DISTINCT f.facility_id) AS places,
     round(sum(c.total_amount), 2) AS amount, min(c.start_time) AS since, max(c.start_time) AS until
OPTIONAL MATCH (e)<-[:HAS_MEMBER]-(r:Ring)
RETURN 'recruiter' AS entity_type, e.recruiter_id AS entity_id, bills AS claims, people AS patients, places AS facilities,
       amount AS total_amount, since AS first_time, until AS last_time, count(r.ring_id) AS rings
UNION ALL
MATCH (e:Account {account: $entity_id})<-[:PAID_TO]-(c:Claim)
WHERE $entity_type = 'account'
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
MATCH (c)-[:AT_FACILITY]->(f:Facility)
WITH e, count(*) AS bills, count(DISTINCT p.patient_id) AS people, count(DISTINCT f.facility_id) AS places,
     round(sum(c.total_amount), 2) AS amount, min(c.start_time) AS since, max(c.start_time) AS until
OPTIONAL MATCH (e)<-[:HAS_MEMBER]-(r:Ring)
RETURN 'account' AS entity_type, e.account AS entity_id, bills AS claims, people AS patients, places AS facilities,
       amount AS total_amount, since AS first_time, until AS last_time, count(r.ring_id) AS rings
UNION ALL
MATCH (e:Operator {operator_id: $entity_id})<-[:SETTLED_BY]-(c:Claim)
WHERE $entity_type = 'operator'
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
MATCH (c)-[:AT_FACILITY]->(f:Facility)
WITH e, count(*) AS bills, count(DISTINCT p.patient_id) AS people, count(DISTINCT f.facility_id) AS places,
     round(sum(c.total_amount), 2) AS amount, min(c.start_time) AS since, max(c.start_time) AS until
OPTIONAL MATCH (e)<-[:HAS_MEMBER]-(r:Ring)
RETURN 'operator' AS entity_type, e.operator_id AS entity_id, bills AS claims, people AS patients, places AS facilities,
       amount AS total_amount, since AS first_time, until AS last_time, count(r.ring_id) AS rings
UNION ALL
MATCH (e:Terminal {terminal_id: $entity_id})<-[:AT_TERMINAL]-(c:Claim)
WHERE $entity_type = 'terminal'
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
MATCH (c)-[:AT_FACILITY]->(f:Facility)
WITH e, count(*) AS bills, count(DISTINCT p.patient_id) AS people, count(DISTINCT f.facility_id) AS places,
     round(sum(c.total_amount), 2) AS amount, min(c.start_time) AS since, max(c.start_time) AS until
OPTIONAL MATCH (e)<-[:HAS_MEMBER]-(r:Ring)
RETURN 'terminal' AS entity_type, e.terminal_id AS entity_id, bills AS claims, people AS patients, places AS facilities,
       amount AS total_amount, since AS first_time, until AS last_time, count(r.ring_id) AS rings
