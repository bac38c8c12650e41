// name: read/ring-members
// title-zh: 团伙成员
// title-en: Members of a ring
// purpose-zh: 团伙里有谁、各自的角色和把握，把握大的在前。
// purpose-en: Who belongs to a ring, in which role and how surely; the surest first.
// param ring_id: text | 团伙编号 | the ring's id
// column entity_type: text | 对象类型 | type of entity
// column entity_id: text | 对象编号 | its id
// column role: text | 角色 | its role
// column strength: number | 把握（0 至 1） | how sure the membership is, 0 to 1
// column claims: count | 相关费用记录数 | its claims among the ring's
MATCH (r:Ring {ring_id: $ring_id})-[m:HAS_MEMBER]->()
RETURN m.entity_type AS entity_type, m.entity_id AS entity_id, m.role AS role, m.strength AS strength,
       m.claims AS claims
ORDER BY strength DESC, entity_type, entity_id
