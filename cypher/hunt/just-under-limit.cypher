// name: hunt/just-under-limit
// title-zh: 金额恰在限额之下
// title-en: Amounts just under a limit
// purpose-zh: 哪些终端有许多费用记录恰好低于限额。
// purpose-en: Tills with many bills just under a limit.
// kind: retained_cards
// param ceiling: number = 200 | 限额 | the limit
// param margin: number = 10 | 低于限额多少以内 | how far below it at most
// param least: count = 10 | 至少几张 | least number of bills
// column terminal_id: terminal | 终端 | till
// column facility_id: facility | 机构 | facility
// column under: count | 恰在限额之下的费用记录数 | bills just under the limit
// column claims: count | 费用记录数 | claims
// column share: number | 所占份额 | share
// column cards: count | 涉及的卡数 | cards used for them
MATCH (t:Terminal)<-[:AT_TERMINAL]-(c:Claim)
WHERE c.total_amount >= $ceiling - $margin AND c.total_amount < $ceiling AND NOT t.set_aside
MATCH (c)-[:AT_FACILITY]->(f:Facility)
OPTIONAL MATCH (c)-[:WITH_CARD]->(k:Card)
WITH t, f, count(*) AS low, count(DISTINCT k.card_id) AS used
WHERE low >= $least
MATCH (t)<-[:AT_TERMINAL]-(d:Claim)
WITH t, f, low, used, count(*) AS bills
RETURN t.terminal_id AS terminal_id, f.facility_id AS facility_id, low AS under, bills AS claims,
       round(1.0 * low / bills, 4) AS share, used AS cards
ORDER BY share DESC, under DESC, terminal_id, facility_id
