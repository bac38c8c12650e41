"""Which found ring is which planted one.

A found and a planted ring may be matched when the Jaccard index of their patients is at least `SAME_RING`; each is
used once. The matching is the optimal one: as many pairs as possible, among those the largest sum of Jaccard indices,
among those the one that uses the better-ranked found rings. It is found exactly, in whole numbers, by networkx's
maximum-weight matching.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

SAME_RING = 0.5  # the usual bar for "the same group": more than half of the joint membership is shared
JACCARD_UNIT = 10**9  # Jaccard indices are compared to nine decimals, as whole numbers


@dataclass(frozen=True)
class Match:
    """Indices into the lists of found and planted rings, and the Jaccard index of their patients."""

    found: int
    planted: int
    jaccard: float


def jaccard(a: AbstractSet[str], b: AbstractSet[str]) -> float:
    """Size of the intersection over size of the union; 0 for two empty sets."""
    union = len(a | b)
    return len(a & b) / union if union else 0.0


def match(found: Sequence[AbstractSet[str]], planted: Sequence[AbstractSet[str]]) -> tuple[Match, ...]:
    """The optimal one-to-one matching, in the order of `found` (best-ranked first)."""
    holders: dict[str, list[int]] = {}
    for j, people in enumerate(planted):
        for person in people:
            holders.setdefault(person, []).append(j)
    likeness: dict[tuple[int, int], float] = {}
    for i, people in enumerate(found):
        for j in sorted({j for person in people for j in holders.get(person, ())}):
            index = jaccard(people, planted[j])
            if index >= SAME_RING:
                likeness[i, j] = index
    if not likeness:
        return ()

    import networkx as nx  # noqa: PLC0415 - costs a second, and the command line must start at once

    # Each term's largest possible sum stays below one unit of the term before it.
    rank_span = len(found) * (len(found) + 1)
    jaccard_span = rank_span * (len(found) + 1) * JACCARD_UNIT
    graph = nx.Graph()
    for (i, j), index in likeness.items():
        weight = jaccard_span + round(index * JACCARD_UNIT) * rank_span + (len(found) - i)
        graph.add_edge(("found", i), ("planted", j), weight=weight)
    chosen = nx.max_weight_matching(graph)
    # `max_weight_matching` returns unordered pairs: ("found", i) sorts before ("planted", j).
    pairs = sorted((a[1], b[1]) for a, b in (sorted(pair) for pair in chosen))
    return tuple(Match(i, j, likeness[i, j]) for i, j in pairs)
