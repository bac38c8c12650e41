// name: hunt/operator-share
// title-zh: 一名经办人所占份额
// title-en: One operator's share
// purpose-zh: 某个账户或介绍人的费用记录几乎都由同一名经办人经手，而此人平常只经手一小部分。
// purpose-en: An account or go-between whose claims are nearly all settled by one operator, who settles only a small part of all claims.
// kind: insider fake_bills
// param least: count = 5 | 至少几条费用记录 | least claims of the account or go-between
// param least_share: number = 0.8 | 至少占多少 | least share of one operator
// param most_usual: number = 0.2 | 此人平常所占不超过多少 | at most this share of all claims
// column operator_id: operator | 经办人 | operator
// column entity_type: text | account 或 recruiter | account or recruiter
// column entity_id: text | 对象编号 | its id
// column settled: count | 此人经手的费用记录数 | claims settled by the operator
// column claims: count | 费用记录数 | claims
// column share: number | 所占份额 | share
// column usual_share: number | 此人在全部费用记录中的份额 | the operator's share of all claims
MATCH (:Claim)-[:SETTLED_BY]->(anybody:Operator)
WITH count(*) AS everything
MATCH (h:Account|Recruiter)<-[:PAID_TO|VIA_RECRUITER]-(c:Claim)-[:SETTLED_BY]->(o:Operator)
WHERE c.total_amount > 0 AND NOT h.set_aside AND NOT o.set_aside
WITH everything, CASE WHEN h.account IS NOT NULL THEN 'account' ELSE 'recruiter' END AS hub_type,
     coalesce(h.account, h.recruiter_id) AS hub, o.operator_id AS clerk, count(*) AS bills
WITH everything, hub_type, hub, collect({clerk: clerk, bills: bills}) AS clerks, sum(bills) AS all_bills
WHERE all_bills >= $least
UNWIND clerks AS one
WITH everything, hub_type, hub, all_bills, one
WHERE one.bills >= $least_share * all_bills
WITH everything, hub_type, hub, all_bills, one.clerk AS who, one.bills AS bills
MATCH (o:Operator {operator_id: who})
WITH everything, hub_type, hub, all_bills, who, bills,
     COUNT { MATCH (o)<-[:SETTLED_BY]-(:Claim) } AS mine
WHERE mine <= $most_usual * everything
RETURN who AS operator_id, hub_type AS entity_type, hub AS entity_id, bills AS settled, all_bills AS claims,
       round(1.0 * bills / all_bills, 4) AS share, round(1.0 * mine / everything, 4) AS usual_share
ORDER BY settled DESC, operator_id, entity_type, entity_id
