"""Leiden communities with the constant Potts model: no resolution limit, so a small ring is not swallowed by a city.

Source: Traag, Waltman, van Eck, "From Louvain to Leiden" (2019); CPM: Traag, Van Dooren, Nesterov (2011).
"""

from __future__ import annotations

import igraph
import leidenalg
import numpy as np
from numpy.typing import NDArray

from ringfinder.communities.components import components
from ringfinder.evidence.arrays import coded, order_by
from ringfinder.evidence.view import Floats, Ints, Longs

EXACT = 1024  # parts of a nat: sums of such weights are exact, so no rounding makes leidenalg move a node to and fro for ever
RESOLUTION = 0.5  # nats of tie weight a pair inside must have on average: far below one repeated meeting beyond chance


def communities(a: Ints | Longs, b: Ints | Longs, weight: Floats, seed: int) -> tuple[Longs, Longs]:
    """Groups of the weighted graph with edges a-b.

    Returns (node, group), nodes sorted; group ids count from 0. Same edges in any order, same seed: same groups. Every connected
    component is cut by itself: its groups do not depend on the rest of the graph, and the time does not grow with its square.
    """
    nodes, ends = coded(np.r_[a, b].astype(np.int64))
    if not len(nodes):
        return nodes, nodes
    low, high = np.minimum(ends[: len(a)], ends[len(a) :]), np.maximum(ends[: len(a)], ends[len(a) :])
    component = components(low, high)[1]
    # nodes and edges by component; a node's place among those of its component is its number there
    by_component = order_by(component)
    size = np.bincount(component)
    first = np.r_[0, np.cumsum(size)]
    number = np.empty(len(nodes), np.int64)
    number[by_component] = np.arange(len(nodes)) - np.repeat(first[:-1], size)
    edges = order_by(component[low], low, high)
    low, high, weight = low[edges], high[edges], weight[edges]
    pairs = np.stack([number[low], number[high]], axis=1)
    starts = np.r_[0, np.cumsum(np.bincount(component[low], minlength=len(size)))]
    group = np.zeros(len(nodes), np.int64)
    groups = 0
    for c in range(len(size)):
        inside = slice(starts[c], starts[c + 1])
        parts = cut(int(size[c]), pairs[inside], weight[inside], seed)
        group[by_component[first[c] : first[c + 1]]] = groups + parts
        groups += int(parts.max()) + 1
    return nodes, group


def cut(size: int, pairs: NDArray[np.int64], weight: Floats, seed: int) -> Longs:
    """The group of each node 0 .. size-1 of one connected component; `pairs`: its edges, shape (edges, 2)."""
    weight = np.round(weight * EXACT) / EXACT
    if size == 2:  # joined where that is worth more than it costs
        return np.array([0, 0] if weight.sum() > RESOLUTION else [0, 1], np.int64)
    graph = igraph.Graph(n=size, edges=pairs.tolist())
    partition = leidenalg.find_partition(
        graph,
        leidenalg.CPMVertexPartition,
        weights=weight.tolist(),
        resolution_parameter=RESOLUTION,
        seed=seed,
        n_iterations=2,
    )
    return np.asarray(partition.membership, np.int64)
