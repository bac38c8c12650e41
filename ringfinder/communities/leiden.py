"""Leiden communities with the constant Potts model: no resolution limit, so a small ring is not swallowed by a city.

Source: Traag, Waltman, van Eck, "From Louvain to Leiden" (2019); CPM: Traag, Van Dooren, Nesterov (2011).
"""

from __future__ import annotations

import igraph
import leidenalg
import numpy as np

from ringfinder.evidence.view import Floats, Ints, Longs

RESOLUTION = 0.5  # nats of tie weight a pair inside must have on average: far below one repeated meeting beyond chance


def communities(a: Ints | Longs, b: Ints | Longs, weight: Floats, seed: int) -> tuple[Longs, Longs]:
    """Groups of the weighted graph with edges a-b.

    Returns (node, group), nodes sorted; group ids count from 0. Same edges in any order, same seed: same groups.
    """
    nodes, ends = np.unique(np.r_[a, b].astype(np.int64), return_inverse=True)
    if not len(nodes):
        return nodes, nodes
    first, second = ends[: len(a)], ends[len(a) :]
    order = np.lexsort((np.maximum(first, second), np.minimum(first, second)))
    graph = igraph.Graph(n=len(nodes), edges=np.stack([first, second], axis=1)[order].tolist())
    partition = leidenalg.find_partition(
        graph,
        leidenalg.CPMVertexPartition,
        weights=weight[order].tolist(),
        resolution_parameter=RESOLUTION,
        seed=seed,
        n_iterations=2,
    )
    return nodes, np.asarray(partition.membership, np.int64)
