"""Leiden communities with the constant Potts model: no resolution limit, so a small ring is not swallowed by a city.

Source: Traag, Waltman, van Eck, "From Louvain to Leiden" (2019); CPM: Traag, Van Dooren, Nesterov (2011).
"""

from __future__ import annotations

import igraph
import leidenalg
import numpy as np

from ringfinder.communities.components import components
from ringfinder.evidence.view import Floats, Ints, Longs

RESOLUTION = 0.5  # nats of tie weight a pair inside must have on average: far below one repeated meeting beyond chance


def communities(a: Ints | Longs, b: Ints | Longs, weight: Floats, seed: int) -> tuple[Longs, Longs]:
    """Groups of the weighted graph with edges a-b.

    Returns (node, group), nodes sorted; group ids count from 0. Same edges in any order, same seed: same groups. Every connected
    component is cut by itself: its groups do not depend on the rest of the graph, and the time does not grow with its square.
    """
    nodes, ends = np.unique(np.r_[a, b].astype(np.int64), return_inverse=True)
    if not len(nodes):
        return nodes, nodes
    low, high = np.minimum(ends[: len(a)], ends[len(a) :]), np.maximum(ends[: len(a)], ends[len(a) :])
    component = components(low, high)[1][low]
    order = np.lexsort((high, low, component))
    low, high, weight, component = low[order], high[order], weight[order], component[order]
    group = np.zeros(len(nodes), np.int64)
    groups = 0
    starts = np.flatnonzero(np.r_[True, component[1:] != component[:-1]])
    for first, last in zip(starts, np.r_[starts[1:], len(low)], strict=True):
        inside = np.unique(np.r_[low[first:last], high[first:last]])
        parts = cut(
            np.searchsorted(inside, low[first:last]),
            np.searchsorted(inside, high[first:last]),
            weight[first:last],
            seed,
        )
        group[inside] = groups + parts
        groups += int(parts.max()) + 1
    return nodes, group


def cut(a: Longs, b: Longs, weight: Floats, seed: int) -> Longs:
    """The group of each node 0 .. n-1 of one connected component."""
    graph = igraph.Graph(n=int(b.max()) + 1, edges=np.stack([a, b], axis=1).tolist())
    partition = leidenalg.find_partition(
        graph,
        leidenalg.CPMVertexPartition,
        weights=weight.tolist(),
        resolution_parameter=RESOLUTION,
        seed=seed,
        n_iterations=2,
    )
    return np.asarray(partition.membership, np.int64)
