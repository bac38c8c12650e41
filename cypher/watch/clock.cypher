// name: watch/clock
// title-zh: 时间上的怪事
// title-en: Clock oddities
// purpose-zh: 每家机构有多少费用记录先结束后开始、先结算后就诊、时间恰在午夜（多半是时刻未知）。
// purpose-en: How many claims of each place end before they start, were settled before they start, or start at midnight sharp (mostly an unknown hour).
// param least: count = 1 | 至少几张怪事 | least number of oddities
// param minutes: minutes = 60 | 先结算几分钟以内不计 | settled this little earlier does not count
// column facility_id: facility | 机构 | facility
// column claims: count | 费用记录数 | claims
// column ends_before_start: count | 先结束后开始 | end before they start
// column settled_before_start: count | 先结算后就诊 | settled before they start
// column at_midnight: count | 恰在午夜 | at midnight sharp
MATCH (f:Facility)<-[:AT_FACILITY]-(c:Claim)
WITH f, count(*) AS bills, sum(CASE WHEN c.end_time < c.start_time THEN 1 ELSE 0 END) AS backwards,
     sum(CASE WHEN c.settled_at + $minutes < c.start_time THEN 1 ELSE 0 END) AS early,
     sum(CASE WHEN c.start_time = date_trunc('day', c.start_time) THEN 1 ELSE 0 END) AS midnight
WHERE backwards + early + midnight >= $least
RETURN f.facility_id AS facility_id, bills AS claims, backwards AS ends_before_start, early AS settled_before_start,
       midnight AS at_midnight
ORDER BY ends_before_start DESC, settled_before_start DESC, at_midnight DESC, facility_id
