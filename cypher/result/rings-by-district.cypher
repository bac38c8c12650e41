// name: result/rings-by-district
// title-zh: 按地区统计团伙
// title-en: Rings by district
// purpose-zh: 每个地区的团伙数、预警数、人数和金额；跨地区的团伙在各地区都计一次。
// purpose-en: Rings, alerts, patients and money of each district; a ring over two districts is counted in both.
// column district: text | 地区 | district
// column rings: count | 团伙数 | rings
// column alerts: count | 预警数 | alerts
// column patients: count | 参保人次 | patients, those in two rings counted twice
// column total_amount: number | 总金额 | total bills
// column fund_amount: number | 基金支付 | paid by the fund
MATCH (r:Ring)
UNWIND r.districts AS place
RETURN place AS district, count(*) AS rings, sum(CASE WHEN r.alert THEN 1 ELSE 0 END) AS alerts, sum(r.patients) AS patients,
       round(sum(r.total_amount), 2) AS total_amount, round(sum(r.fund_amount), 2) AS fund_amount
ORDER BY rings DESC, total_amount DESC, district
