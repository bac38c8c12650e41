// name: result/doctor-rings
// title-zh: 医师所在的团伙
// title-en: Rings a doctor is in
// purpose-zh: 每名医师（或其中一名）出现在几个团伙里、以什么角色、涉及多少费用记录。
// purpose-en: In how many rings each doctor is, or one of them, in which role and with how many claims.
// param doctor_id: text = * | 医师编号，* 为全部 | the doctor's id, * for all
// param least: count = 1 | 至少几个团伙 | least number of rings
// column doctor_id: doctor | 医师 | doctor
// column rings: count | 团伙数 | rings
// column alerts: count | 预警数 | alerts
// column claims: count | 费用记录数 | claims
// column ring_id: ring | 团伙编号 | the ring's id
// column role: text | 角色 | its role
// column facility_id: facility | 登记的机构 | where registered
MATCH (r:Ring)-[m:HAS_MEMBER]->(d:Doctor)
WHERE $doctor_id = '*' OR d.doctor_id = $doctor_id
WITH d, collect({ring: r.ring_id, role: m.role}) AS found, count(*) AS many,
     sum(CASE WHEN r.alert THEN 1 ELSE 0 END) AS alarming, sum(m.claims) AS bills
WHERE many >= $least
OPTIONAL MATCH (d)-[:WORKS_AT]->(f:Facility)
UNWIND found AS one
RETURN d.doctor_id AS doctor_id, many AS rings, alarming AS alerts, bills AS claims, one.ring AS ring_id,
       one.role AS role, f.facility_id AS facility_id
ORDER BY rings DESC, claims DESC, doctor_id, ring_id
