// name: hunt/wrong-sex
// title-zh: 持卡人性别几乎不会有的诊断
// title-en: Illnesses that the holder's sex hardly has
// purpose-zh: 每名医师有多少就诊的诊断，在持卡人的性别里几乎没有：卡可能借给了别人。几乎没有是指某诊断的费用记录里该性别不到一定份额。
// purpose-en: For each doctor, visits for an illness that the card holder's sex hardly has: the card may have been lent. Hardly means less than a share of the illness's claims.
// kind: lent_cards
// param least_known: count = 50 | 一种诊断至少有几条费用记录才算数 | least claims of an illness to judge it
// param most_share: number = 0.02 | 该性别最多占多少 | at most this share of its claims
// param least: count = 3 | 至少几人 | least number of people
// column doctor_id: doctor | 医师 | doctor
// column misfits: count | 不符的就诊数 | visits that do not fit
// column patients: count | 参保人数 | patients
// column illnesses: count | 不符的诊断种数 | illnesses that do not fit
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.service_type <> 'pharmacy' AND c.total_amount > 0 AND c.diagnosis_code IS NOT NULL AND p.sex IS NOT NULL
WITH c.diagnosis_code AS code, p.sex AS sex, collect(c.claim_id) AS visits
WITH code, collect({found: size(visits), visits: visits}) AS sexes, sum(size(visits)) AS known
WHERE known >= $least_known
UNWIND sexes AS one
WITH known, one
WHERE one.found <= $most_share * known
UNWIND one.visits AS visit
MATCH (d:Doctor)<-[:BY_DOCTOR]-(c:Claim {claim_id: visit})-[:FOR_PATIENT]->(p:Patient)
WHERE NOT d.set_aside
WITH d, count(*) AS wrong, count(DISTINCT p.patient_id) AS people, count(DISTINCT c.diagnosis_code) AS codes,
     min(c.start_time) AS since, max(c.start_time) AS until
WHERE people >= $least
RETURN d.doctor_id AS doctor_id, wrong AS misfits, people AS patients, codes AS illnesses, since AS first_time,
       until AS last_time
ORDER BY misfits DESC, doctor_id
