"""Connected components: the plainest grouping, for flows and shared attributes."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ringfinder.evidence.arrays import coded
from ringfinder.evidence.view import Ints, Longs


def components(a: Ints | Longs, b: Ints | Longs) -> tuple[Longs, Longs]:
    """Groups of the graph with edges a-b: (node, group), nodes sorted, groups numbered by their smallest node."""
    nodes, ends = coded(np.r_[a, b].astype(np.int64))
    size = len(nodes)
    if not size:
        return nodes, nodes
    graph = coo_array((np.ones(len(a), np.int8), (ends[: len(a)], ends[len(a) :])), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    first = np.unique(labels, return_index=True)[1]
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return nodes, rank[labels]
