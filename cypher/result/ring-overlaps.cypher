// name: result/ring-overlaps
// title-zh: 相互重叠的团伙
// title-en: Rings that overlap
// purpose-zh: 哪些团伙有共同成员，共同成员多的在前。
// purpose-en: Pairs of rings that share members; the most shared first.
// param least: count = 1 | 至少共有几名成员 | least number of shared members
// column ring_a: ring | 团伙甲 | one ring
// column ring_b: ring | 团伙乙 | the other ring
// column shared: count | 共同成员数 | members they share
MATCH (a:Ring)-[:HAS_MEMBER]->(e)<-[:HAS_MEMBER]-(b:Ring)
WHERE a.ring_id < b.ring_id
WITH a.ring_id AS one, b.ring_id AS other, count(*) AS together
WHERE together >= $least
RETURN one AS ring_a, other AS ring_b, together AS shared
ORDER BY shared DESC, ring_a, ring_b
