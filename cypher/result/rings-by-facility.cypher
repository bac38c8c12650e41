// name: result/rings-by-facility
// title-zh: 按机构统计团伙
// title-en: Rings by facility
// purpose-zh: 团伙的费用记录落在哪些机构，金额大的在前。
// purpose-en: The facilities where the rings' claims were made; the most money first.
// column facility_id: facility | 机构 | facility
// column district: text | 地区 | district
// column rings: count | 团伙数 | rings
// column claims: count | 费用记录数 | claims
// column total_amount: number | 金额 | bills
MATCH (r:Ring)-[:RESTS_ON]->(c:Claim)-[:AT_FACILITY]->(f:Facility)
RETURN f.facility_id AS facility_id, f.district AS district, count(DISTINCT r.ring_id) AS rings, count(*) AS claims,
       round(sum(c.total_amount), 2) AS total_amount
ORDER BY total_amount DESC, facility_id
