// name: read/rings-of
// title-zh: 某对象所在的团伙
// title-en: Rings of an entity
// purpose-zh: 一个人、一张卡、一名医师或一家机构出现在哪些团伙里。
// purpose-en: The rings that a person, card, doctor, facility or other entity is in.
// param entity_type: text of patient card doctor facility recruiter account operator terminal | 对象类型（patient、card、doctor 等） | type of entity (patient, card, doctor, ...)
// param entity_id: text | 对象编号 | its id
// column ring_id: ring | 团伙编号 | the ring's id
// column kind: text | 类别 | kind of ring
// column score: number | 分数 | score
// column alert: flag | 是否预警 | whether it is an alert
// column role: text | 角色 | its role
// column strength: number | 把握 | how sure the membership is
// column claims: count | 相关费用记录数 | its claims among the ring's
MATCH (r:Ring)-[m:HAS_MEMBER]->()
WHERE m.entity_type = $entity_type AND m.entity_id = $entity_id
RETURN r.ring_id AS ring_id, r.kind AS kind, r.score AS score, r.alert AS alert, m.role AS role,
       m.strength AS strength, m.claims AS claims
ORDER BY score DESC, ring_id
