// name: result/rings-by-money
// title-zh: 按金额排列团伙
// title-en: Rings by money
// purpose-zh: 团伙按基金支付从多到少，附人均金额。
// purpose-en: Rings by what the fund paid, most first, with the amount for each patient.
// param alerts_only: flag = false | 只列预警 | the alerts alone
// param least_amount: number = 0 | 基金支付至少多少 | least paid by the fund
// column ring_id: ring | 团伙编号 | the ring's id
// column kind: text | 类别 | kind of ring
// column alert: flag | 是否预警 | whether it is an alert
// column patients: count | 参保人数 | patients
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
// column fund_amount: number | 基金支付 | paid by the fund
// column per_patient: number | 人均基金支付 | paid by the fund for each patient
MATCH (r:Ring)
WHERE (r.alert OR NOT $alerts_only) AND r.fund_amount >= $least_amount
RETURN r.ring_id AS ring_id, r.kind AS kind, r.alert AS alert, r.patients AS patients, r.claims AS claims,
       round(r.total_amount, 2) AS total_amount, round(r.fund_amount, 2) AS fund_amount,
       CASE WHEN r.patients > 0 THEN round(r.fund_amount / r.patients, 2) ELSE 0.0 END AS per_patient
ORDER BY fund_amount DESC, ring_id
