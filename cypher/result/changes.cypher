// name: result/changes
// title-zh: 两次运行之间的变化
// title-en: Change between two runs
// purpose-zh: 与以前一次运行相比，新出现、消失、扩大、缩小的团伙。嵌入式图只有一次运行，请用 `ringfinder runs diff`。
// purpose-en: Rings new, gone, grown and shrunk since an earlier run. The embedded graph holds one run only: there `ringfinder runs diff` tells it.
// stores: neo4j
// param before: text | 以前那次运行的编号 | run_id of the earlier run
// column ring_id: ring | 团伙编号 | the ring's id
// column change: text | 变化（new、gone、grown、shrunk、same） | change (new, gone, grown, shrunk, same)
// column kind: text | 类别 | kind of ring
// column patients_before: count | 以前的人数 | patients before
// column patients: count | 现在的人数 | patients now
// column score_before: number | 以前的分数 | score before
// column score: number | 现在的分数 | score now
MATCH (r:Ring)
OPTIONAL MATCH (k:KeptRing {run_id: $before, ring_id: r.ring_id})
RETURN r.ring_id AS ring_id,
       CASE WHEN k IS NULL THEN 'new' WHEN r.patients > k.patients THEN 'grown'
            WHEN r.patients < k.patients THEN 'shrunk' ELSE 'same' END AS change,
       r.kind AS kind, k.patients AS patients_before, r.patients AS patients, k.score AS score_before, r.score AS score
UNION ALL
MATCH (k:KeptRing {run_id: $before})
WHERE NOT EXISTS { MATCH (r:Ring) WHERE r.ring_id = k.ring_id }
RETURN k.ring_id AS ring_id, 'gone' AS change, k.kind AS kind, k.patients AS patients_before, 0 AS patients,
       k.score AS score_before, null AS score
