// name: hunt/recruiter-phone
// title-zh: 介绍人的电话作参保人的联系电话
// title-en: A go-between's phone as contact number
// purpose-zh: 介绍人的电话登记为多名参保人的联系电话：即使费用记录上不写介绍人，也能看出是谁带来的。
// purpose-en: The phone of a go-between stands as contact number of several people: it shows who brought them where the claims do not.
// kind: paid_referral
// param least: count = 2 | 至少几人 | least number of people
// param excluded: texts = ; | 不计的号码 | numbers not to count
// column recruiter_id: recruiter | 介绍人 | go-between
// column number: phone | 电话 | phone
// column patients: count | 参保人数 | patients
// column named: count | 其中费用记录写明此介绍人的人数 | those of them whose claims name the go-between
MATCH (g:Recruiter)-[:HAS_PHONE]->(n:Phone)<-[x:HAS_PHONE]-(p:Patient)
WHERE x.use = 'contact' AND NOT n.set_aside AND NOT n.number IN $excluded
WITH g, n, p, EXISTS { MATCH (p)<-[:FOR_PATIENT]-(:Claim)-[:VIA_RECRUITER]->(g) } AS told
WITH g, n, count(*) AS people, sum(CASE WHEN told THEN 1 ELSE 0 END) AS known
WHERE people >= $least
RETURN g.recruiter_id AS recruiter_id, n.number AS number, people AS patients, known AS named
ORDER BY patients DESC, recruiter_id, number
