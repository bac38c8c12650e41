"""python-louvain, wrapped once: always seeded, nodes and edges sorted, since its result depends on both.

Maximises modularity, whose resolution limit glues small rings together: selectable, not the default.
Source: Blondel et al., "Fast unfolding of communities in large networks" (2008).
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import distinct
from ringfinder.evidence.view import Floats, Ints, Longs


def communities(a: Ints | Longs, b: Ints | Longs, weight: Floats, seed: int) -> tuple[Longs, Longs]:
    """Groups of the weighted graph with edges a-b; as `leiden.communities`."""
    import community  # noqa: PLC0415 - with networkx it costs a second that only this method need pay
    import networkx as nx  # noqa: PLC0415

    nodes = distinct(np.r_[a, b].astype(np.int64))
    graph = nx.Graph()
    graph.add_nodes_from(nodes.tolist())
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((high, low))
    graph.add_weighted_edges_from(zip(low[order].tolist(), high[order].tolist(), weight[order].tolist(), strict=True))
    best = community.best_partition(graph, weight="weight", random_state=seed) if len(nodes) else {}
    return nodes, np.asarray([best[n] for n in nodes.tolist()], np.int64)
