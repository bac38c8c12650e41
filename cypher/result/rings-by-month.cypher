// name: result/rings-by-month
// title-zh: 团伙逐月的活动
// title-en: Rings by month
// purpose-zh: 全部团伙（或其中一个）所依据的费用记录逐月的数目、人数和金额。
// purpose-en: Claims, people and money of all rings, or of one, month by month.
// param ring_id: text = * | 团伙编号，* 为全部 | the ring's id, * for all
// param unit: text of day week month = month | 时间段（day、week、month） | what is counted (day, week, month)
// column month: time | 时间段的开始 | start of the month
// column rings: count | 团伙数 | rings
// column claims: count | 费用记录数 | claims
// column patients: count | 参保人数 | patients
// column total_amount: number | 总金额 | total bills
MATCH (r:Ring)-[:RESTS_ON]->(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE $ring_id = '*' OR r.ring_id = $ring_id
WITH date_trunc($unit, c.start_time) AS since, count(DISTINCT r.ring_id) AS found, count(*) AS bills,
     count(DISTINCT p.patient_id) AS people, sum(c.total_amount) AS money
RETURN since AS month, found AS rings, bills AS claims, people AS patients, round(money, 2) AS total_amount
ORDER BY month
