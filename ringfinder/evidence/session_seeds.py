"""Seeds from sessions, seen from both sides: people who share sessions, and sessions that share people.

Dense groups have pairs that meet again and again. A sparse one, eight sessions each attended by a third of twenty people,
has hardly any repeated pair, but any two of its sessions share people where none are expected. Both graphs are cut into
connected components; a component larger than any ring is a place's public. False seeds are cheap: membership decides.

Chance. Two people: n_a n_b times the chance that two visits to the place fall into one session. Two sessions: their sizes
times the chance that two visits to the place are by one person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, order_by
from ringfinder.evidence.sessions import Attendance
from ringfinder.evidence.view import Candidate, Floats, Longs

COMMON = 2  # sessions (or people) in common that tie two people (or sessions)
A_TIE = 4.0  # nats that tie
SAME = 0.5  # Jaccard of two groups' people from which they are one
LARGEST = 300  # more people than this are a place's public, not a ring


def seeds(seen: Attendance, rows: Longs) -> list[Longs]:
    """Groups of people (sorted patient codes) among these rows, from both sides; no group twice."""
    people = components(*tied_people(seen, rows))
    found = {group.tobytes(): group for group in people}
    among = np.zeros(len(seen.visit), np.bool_)
    among[rows] = True
    for sessions in components(*tied_sessions(seen, rows)):
        inside = seen.rows_in(sessions)
        inside = np.sort(inside[among[inside]])
        inside = inside[nats.distinct(seen.patient[inside], seen.session[inside])]
        who, times = np.unique(seen.patient[inside], return_counts=True)
        group = who[times >= COMMON]
        found.setdefault(group.tobytes(), group)
    return [g for g in found.values() if COMMON <= len(g) <= LARGEST]


def one_each(found: Iterable[Candidate]) -> list[Candidate]:
    """Candidates by their weaker door, best first; of those with mostly the same people only the best."""
    kept: list[Candidate] = []
    of_person: dict[int, list[int]] = {}
    for one in sorted(found, key=lambda c: (-min(c.coordination, c.harm), c.patients.tolist())):
        people = one.patients.tolist()
        common = Counter(k for p in people for k in of_person.get(p, ()))
        if all(n < SAME * (len(people) + len(kept[k].patients) - n) for k, n in common.items()):
            for p in people:
                of_person.setdefault(p, []).append(len(kept))
            kept.append(one)
    return kept


def components(a: Longs, b: Longs, gain: Floats) -> list[Longs]:
    """Connected components of the pairs worth a tie, each sorted."""
    fast = gain >= A_TIE
    nodes, index = np.unique(np.concatenate([a[fast], b[fast]]), return_inverse=True)
    if not len(nodes):
        return []
    half = len(index) // 2
    graph = coo_array((np.ones(half, np.int8), (index[:half], index[half:])), shape=(len(nodes), len(nodes)))
    label = connected_components(graph, directed=False)[1]
    order = np.lexsort((nodes, label))
    return [nodes[order[i:j]] for _, i, j in nats.slices(label[order])]


def tied_people(seen: Attendance, rows: Longs) -> tuple[Longs, Longs, Floats]:
    """Pairs of people (different households) who share sessions among these rows beyond chance: (a, b, nats)."""
    heads = rows[nats.distinct(seen.session[rows], seen.patient[rows])]
    one, other = together(seen.session[heads], seen.patient[heads])
    a, b = heads[one], heads[other]
    apart = seen.household[a] != seen.household[b]
    a, b = a[apart], b[apart]
    left, right, where, x = counted(seen.patient[a], seen.patient[b], seen.place[seen.session[a]])
    mu = seen.at_place(left, where) * seen.at_place(right, where) * seen.alike[where]
    return summed(left, right, np.where(x >= COMMON, nats.surprise(x, mu), 0.0))


def tied_sessions(seen: Attendance, rows: Longs) -> tuple[Longs, Longs, Floats]:
    """Pairs of sessions of one place that share households among these rows beyond chance: (e, f, nats)."""
    heads = rows[nats.distinct(seen.household[rows], seen.session[rows])]
    one, other = together(seen.household[heads], seen.session[heads])
    e, f = seen.session[heads[one]], seen.session[heads[other]]
    here = seen.place[e] == seen.place[f]
    e, f, where, x = counted(e[here], f[here], seen.place[e[here]])
    place, _, n = nats.pairs(seen.place[seen.session[rows]], seen.household[rows])
    total = np.bincount(place, weights=n, minlength=len(seen.total))
    squares = np.bincount(place, weights=n.astype(np.float64) ** 2, minlength=len(seen.total))
    same_person = squares[where] / np.maximum(total[where], 1.0) ** 2
    size = np.bincount(seen.session[heads], minlength=len(seen.place))
    return summed(e, f, np.where(x >= COMMON, nats.surprise(x, size[e] * size[f] * same_person), 0.0))


def together(key: Longs, value: Longs) -> tuple[Longs, Longs]:
    """All pairs of rows (lower value first) that have the same key."""
    order = order_by(key, value)
    order = order[np.bincount(key, minlength=1)[key[order]] > 1] if len(key) else order
    ones, others = [order[:0]], [order[:0]]
    for step in range(1, len(order)):
        a, b = order[:-step], order[step:]
        same = key[a] == key[b]
        if not same.any():
            break
        ones.append(a[same])
        others.append(b[same])
    return np.concatenate(ones), np.concatenate(others)


def counted(a: Longs, b: Longs, place: Longs) -> tuple[Longs, Longs, Longs, Longs]:
    """Distinct (a, b, place) with how often each occurs."""
    order = order_by(a, b, place)
    a, b, place = a[order], b[order], place[order]
    new = np.ones(len(a), np.bool_)
    new[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1]) | (place[1:] != place[:-1])
    first = np.flatnonzero(new)
    return a[first], b[first], place[first], np.diff(np.r_[first, len(a)])


def summed(a: Longs, b: Longs, gain: Floats) -> tuple[Longs, Longs, Floats]:
    """Distinct pairs with their nats over all places."""
    width = np.int64(b.max(initial=0)) + 1
    pair, number = coded(a * width + b)
    total: Floats = np.bincount(number, weights=gain, minlength=len(pair)).astype(np.float64)
    return pair // width, pair % width, total
