// name: hunt/recruiter-account
// title-zh: 付到介绍人账户的报销
// title-en: Reimbursements into a go-between's account
// purpose-zh: 多名参保人的报销付到介绍人自己的账户。
// purpose-en: Reimbursements of several people that go to the go-between's own account.
// kind: paid_referral fake_bills
// param least: count = 2 | 至少几人 | least number of people
// column recruiter_id: recruiter | 介绍人 | go-between
// column account: account | 账户 | account
// column patients: count | 参保人数 | patients
// column claims: count | 费用记录数 | claims
// column total_amount: number | 总金额 | total bills
MATCH (g:Recruiter)-[:OWNS]->(a:Account)<-[:PAID_TO]-(c:Claim)
WHERE c.total_amount > 0 AND NOT a.set_aside
MATCH (c)-[:FOR_PATIENT]->(p:Patient)
WITH g, a, count(DISTINCT p.patient_id) AS people, count(*) AS bills, sum(c.total_amount) AS money
WHERE people >= $least
RETURN g.recruiter_id AS recruiter_id, a.account AS account, people AS patients, bills AS claims,
       round(money, 2) AS total_amount
ORDER BY patients DESC, recruiter_id, account
