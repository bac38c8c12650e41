// name: hunt/cards-in-a-row
// title-zh: 在同一终端接连刷的卡
// title-en: Cards swiped in a row at one till
// purpose-zh: 多次在同一小时、同一终端与别的卡一起被刷的两张卡。
// purpose-en: Two cards that pass the same till within the same hour, again and again, in a run of several.
// kind: retained_cards
// param service: text of inpatient outpatient pharmacy = pharmacy | 就诊类型 | kind of care (inpatient, outpatient, pharmacy)
// param unit: text of minute hour day = hour | 时间段（minute、hour、day） | length of a run (minute, hour, day)
// param least_cards: count = 3 | 一串至少几张卡 | least cards in a run
// param least: count = 3 | 至少几次 | least number of runs
// column terminal_id: terminal | 终端 | till
// column card_a: card | 卡甲 | one card
// column card_b: card | 卡乙 | the other card
// column runs: count | 次数 | runs they share
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (t:Terminal)<-[:AT_TERMINAL]-(c:Claim)-[:WITH_CARD]->(k:Card)
WHERE c.service_type = $service AND c.total_amount > 0 AND NOT k.set_aside AND NOT t.set_aside
WITH t.terminal_id AS till, date_trunc($unit, c.start_time) AS hour, collect(DISTINCT k.card_id) AS cards
WHERE size(cards) >= $least_cards
UNWIND cards AS a
UNWIND cards AS b
WITH till, hour, a, b
WHERE a < b
WITH till, a, b, count(*) AS found, min(hour) AS since, max(hour) AS until
WHERE found >= $least
RETURN till AS terminal_id, a AS card_a, b AS card_b, found AS runs, since AS first_time, until AS last_time
ORDER BY runs DESC, terminal_id, card_a, card_b
