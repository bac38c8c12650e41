// name: hunt/card-two-places
// title-zh: 一张卡同时在两处
// title-en: One card in two places
// purpose-zh: 同一天里，同一张卡在两家机构的使用只相隔几分钟。
// purpose-en: One card used at two facilities within minutes, on one day.
// kind: lent_cards retained_cards
// param minutes: minutes = 15 | 最多相隔几分钟 | at most so many minutes apart
// column card_id: card | 卡 | card
// column claim_a: claim | 前一条费用记录 | the earlier claim
// column time_a: time | 其时间 | its time
// column facility_a: facility | 机构甲 | one facility
// column claim_b: claim | 后一条费用记录 | the later claim
// column time_b: time | 其时间 | its time
// column facility_b: facility | 机构乙 | the other facility
MATCH (k:Card)<-[:WITH_CARD]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WHERE NOT k.set_aside AND c.total_amount > 0
WITH k, date_trunc('day', c.start_time) AS day, count(DISTINCT f.facility_id) AS places,
     collect({at: c.start_time, claim: c.claim_id, place: f.facility_id}) AS uses
WHERE places >= 2
UNWIND uses AS a
UNWIND uses AS b
WITH k, day, a, b
WHERE a.at <> day AND b.at >= a.at AND b.at <= a.at + $minutes AND a.place <> b.place AND (b.at > a.at OR b.claim > a.claim)
RETURN k.card_id AS card_id, a.claim AS claim_a, a.at AS time_a, a.place AS facility_a, b.claim AS claim_b, b.at AS time_b,
       b.place AS facility_b
ORDER BY card_id, time_a, claim_a, time_b, claim_b
