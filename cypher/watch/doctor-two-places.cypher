// name: watch/doctor-two-places
// title-zh: 同时在两处的医师
// title-en: Doctors in two places
// purpose-zh: 同一小时内在几家机构都有就诊的医师：多点执业、代签，或编号被借用。
// purpose-en: Doctors with visits at several places in the same hour: a second practice, a borrowed signature or a borrowed number.
// param unit: text of minute hour day = hour | 时间段（minute、hour、day） | within what (minute, hour, day)
// param least: count = 3 | 至少几次 | least number of times
// column doctor_id: doctor | 医师 | doctor
// column times: count | 次数 | how often
// column most_places: count | 最多一次在几处 | most places at one time
// column claims: count | 费用记录数 | claims
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (d:Doctor)<-[:BY_DOCTOR]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WHERE c.service_type <> 'pharmacy' AND c.total_amount > 0 AND NOT d.set_aside
  AND c.start_time <> date_trunc('day', c.start_time)
WITH d.doctor_id AS doctor, date_trunc($unit, c.start_time) AS hour, count(DISTINCT f.facility_id) AS places,
     count(*) AS bills
WHERE places >= 2
WITH doctor, count(*) AS found, max(places) AS most, sum(bills) AS bills, min(hour) AS since, max(hour) AS until
WHERE found >= $least
RETURN doctor AS doctor_id, found AS times, most AS most_places, bills AS claims, since AS first_time, until AS last_time
ORDER BY times DESC, doctor_id
