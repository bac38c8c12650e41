// name: hunt/far-patients
// title-zh: 参保人来自远处的机构
// title-en: Facilities whose patients come from afar
// purpose-zh: 多大一部分参保人来自别的地区：小医院里外地人占多数，常是有人接送。
// purpose-en: The share of people insured in another district: a small hospital full of them is often served by a bus.
// kind: paid_referral sham_stay
// param service: text of inpatient outpatient pharmacy = inpatient | 就诊类型 | kind of care (inpatient, outpatient, pharmacy)
// param least: count = 20 | 机构至少有几条费用记录 | least claims of the facility
// param least_share: number = 0.5 | 外地至少占多少 | least share from other districts
// column facility_id: facility | 机构 | facility
// column district: text | 地区 | district
// column claims: count | 费用记录数 | claims
// column far: count | 外地参保人的费用记录数 | claims of people from other districts
// column share: number | 所占份额 | share
// column districts: count | 来自几个地区 | districts they come from
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)
WHERE c.service_type = $service AND c.total_amount > 0 AND f.district IS NOT NULL
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
WHERE p.district IS NOT NULL
WITH f, count(*) AS bills, sum(CASE WHEN p.district <> f.district THEN 1 ELSE 0 END) AS away,
     count(DISTINCT p.district) AS origins
WHERE bills >= $least AND away >= $least_share * bills
RETURN f.facility_id AS facility_id, f.district AS district, bills AS claims, away AS far,
       round(1.0 * away / bills, 4) AS share, origins AS districts
ORDER BY share DESC, claims DESC, facility_id
