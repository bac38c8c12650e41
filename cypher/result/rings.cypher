// name: result/rings
// title-zh: 团伙清单
// title-en: The rings
// purpose-zh: 全部团伙，分数高的在前；alerts_only 为 true 时只列预警。
// purpose-en: All rings, highest score first; with alerts_only=true the alerts alone.
// param alerts_only: flag = false | 只列预警 | the alerts alone
// column ring_id: ring | 团伙编号 | the ring's id
// column kind: text | 类别 | kind of ring
// column score: number | 分数 | score
// column q_value: number | 预计误报比例 | share of false rings to expect
// column alert: flag | 是否预警 | whether it is an alert
// column patients: count | 参保人数 | patients
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
MATCH (r:Ring)
WHERE r.alert OR NOT $alerts_only
RETURN r.ring_id AS ring_id, r.kind AS kind, r.score AS score, r.q_value AS q_value, r.alert AS alert,
       r.patients AS patients, r.claims AS claims, r.total_amount AS total_amount
ORDER BY score DESC, ring_id
