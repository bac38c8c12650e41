// name: hunt/card-many-places
// title-zh: 一张卡一天到过许多机构
// title-en: One card at many places in a day
// purpose-zh: 同一张卡在同一天到过几家机构，多次如此：一个人很少一天跑这么多地方。
// purpose-en: One card at several facilities on one day, on several days: hardly one person's day.
// kind: lent_cards drug_resale
// param unit: text = day | 时间段（hour、day、week） | within what (hour, day, week)
// param least_places: count = 3 | 至少几家机构 | least facilities
// param least: count = 3 | 至少几次 | least number of times
// column card_id: card | 卡 | card
// column times: count | 次数 | how often
// column most_places: count | 最多一次到几家 | most places at one time
// column claims: count | 结算单数 | claims
// column total_amount: number | 总金额 | total bills
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (k:Card)<-[:WITH_CARD]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WHERE NOT k.set_aside AND c.total_amount > 0
WITH k, date_trunc($unit, c.start_time) AS day, count(DISTINCT f.facility_id) AS places, count(*) AS bills,
     sum(c.total_amount) AS money
WHERE places >= $least_places
WITH k, count(*) AS found, max(places) AS most, sum(bills) AS bills, sum(money) AS money, min(day) AS since, max(day) AS until
WHERE found >= $least
RETURN k.card_id AS card_id, found AS times, most AS most_places, bills AS claims, round(money, 2) AS total_amount,
       since AS first_time, until AS last_time
ORDER BY times DESC, total_amount DESC, card_id
