// name: read/ring
// title-zh: 一个团伙
// title-en: One ring
// purpose-zh: 团伙的类别、分数、金额、时间和主要理由。
// purpose-en: Kind, scores, money, time and main reason of a ring.
// param ring_id: text | 团伙编号 | the ring's id
// column ring_id: ring | 团伙编号 | the ring's id
// column kind: text | 类别 | kind of ring
// column score: number | 分数（0 至 100） | score, 0 to 100
// column q_value: number | 该分数及以上预计的误报比例 | share of false rings to expect at this score or above
// column alert: flag | 是否预警 | whether it is an alert
// column patients: count | 参保人数 | patients
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
// column fund_amount: number | 基金支付 | paid by the fund
// column first_time: time | 最早时间 | first claim
// column last_time: time | 最晚时间 | last claim
// column districts: texts | 地区 | districts
// column reason_zh: text | 主要理由（中文） | main reason, Chinese
// column reason_en: text | 主要理由（英文） | main reason, English
MATCH (r:Ring {ring_id: $ring_id})
RETURN r.ring_id AS ring_id, r.kind AS kind, r.score AS score, r.q_value AS q_value, r.alert AS alert,
       r.patients AS patients, r.claims AS claims, r.total_amount AS total_amount, r.fund_amount AS fund_amount,
       r.first_time AS first_time, r.last_time AS last_time, r.districts AS districts,
       r.reason_zh AS reason_zh, r.reason_en AS reason_en
