"""Lineage: a ring keeps its id from run to run when its members mostly do.

Rings of the run before and of this one are paired by falling Jaccard of their patients, from a half on, each used once; ties by id.
Of two parts of a split the larger keeps the id, of two merged rings the larger gives it. Unpaired rings get an id made from
kind and people, so that the same claims give the same ids with no run before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

SAME = 0.5


def name(rings: Sequence[tuple[str, frozenset[str]]], previous: Sequence[tuple[str, frozenset[str]]]) -> list[str]:
    """Ids for rings (kind, patient ids) in order, given (ring_id, patient ids) of the run before."""
    where: dict[str, list[int]] = {}
    for i, (_, people) in enumerate(previous):
        for p in people:
            where.setdefault(p, []).append(i)
    pairs: list[tuple[float, str, int, int]] = []
    for i, (_, people) in enumerate(rings):
        common: dict[int, int] = {}
        for p in people:
            for j in where.get(p, ()):
                common[j] = common.get(j, 0) + 1
        for j, both in common.items():
            jaccard = both / (len(people) + len(previous[j][1]) - both)
            if jaccard >= SAME:
                pairs.append((-jaccard, previous[j][0], i, j))
    ids: dict[int, str] = {}
    used: set[int] = set()
    for _, ring_id, i, j in sorted(pairs):
        if i not in ids and j not in used:
            ids[i] = ring_id
            used.add(j)
    taken = {ring_id for ring_id, _ in previous}
    for i, (kind, people) in enumerate(rings):
        if i not in ids:
            ids[i] = fresh(kind, people, taken)
        taken.add(ids[i])
    return [ids[i] for i in range(len(rings))]


def fresh(kind: str, people: frozenset[str], taken: set[str]) -> str:
    """A new id from kind and people that is not taken."""
    number = 0
    while True:
        text = "\n".join([kind, *sorted(people), str(number)])
        ring_id = "R" + hashlib.sha256(text.encode()).hexdigest()[:10].upper()
        if ring_id not in taken:
            return ring_id
        number += 1
