// name: hunt/payee-strangers
// title-zh: 互不相识的人共用收款账户
// title-en: An account paid for strangers
// purpose-zh: 一个账户收取住在不同地址的多名参保人的报销；村医、敬老院等可用 excluded 排除。
// purpose-en: An account that receives the reimbursements of several people at different addresses; leave out known honest ones with `excluded`.
// kind: fake_bills after_death
// param least: count = 3 | 至少几人 | least number of people
// param least_addresses: count = 3 | 至少几个住址 | least number of addresses
// param excluded: texts = ; | 不计的账户 | accounts not to count
// column account: account | 账户 | account
// column patients: count | 参保人数 | patients
// column addresses: count | 住址数 | addresses
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
// column first_time: time | 最早时间 | the first time
// column last_time: time | 最晚时间 | the last time
MATCH (a:Account)<-[:PAID_TO]-(c:Claim)-[:FOR_PATIENT]->(p:Patient)
WHERE c.total_amount > 0 AND NOT a.set_aside AND NOT a.account IN $excluded
OPTIONAL MATCH (p)-[:LIVES_AT]->(h:Address)
WITH a, count(DISTINCT p.patient_id) AS people, count(DISTINCT h.address) AS homes, count(*) AS bills,
     sum(c.total_amount) AS money, min(c.start_time) AS since, max(c.start_time) AS until
WHERE people >= $least AND homes >= $least_addresses
RETURN a.account AS account, people AS patients, homes AS addresses, bills AS claims, round(money, 2) AS total_amount,
       since AS first_time, until AS last_time
ORDER BY patients DESC, total_amount DESC, account
