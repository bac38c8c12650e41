// name: result/rings-by-kind
// title-zh: 按类别统计团伙
// title-en: Rings by kind
// purpose-zh: 每一类别的团伙数、预警数、人数和金额。
// purpose-en: Rings, alerts, patients and money of each kind.
// column kind: text | 类别 | kind of ring
// column rings: count | 团伙数 | rings
// column alerts: count | 预警数 | alerts
// column patients: count | 参保人次 | patients, those in two rings counted twice
// column total_amount: number | 总金额 | total bills
MATCH (r:Ring)
RETURN r.kind AS kind, count(*) AS rings, sum(CASE WHEN r.alert THEN 1 ELSE 0 END) AS alerts,
       sum(r.patients) AS patients, round(sum(r.total_amount), 2) AS total_amount
ORDER BY rings DESC, kind
