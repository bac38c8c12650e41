"""Ties: pairs of people who met more often than chance, busy places and habits would bring about.

Observed: x meetings (days) of two people of different households within the window of a spot.
Expected: the larger explanations added up: `n_a n_b 2w/T` over common spots (both come at random times), and
`max(0, n_a n_b - 2x) / weeks x min(1, 2w / 3 h)` over common spots, weekdays and three-hour cells (both have the same habit).
Weight: the Poisson log-likelihood ratio `x ln(x/expected) - (x - expected)` in nats.
Blind to groups whose pairs hardly ever repeat: crowded windows and hubs see those. A tie accuses nobody: it only seeds groups.
Source: Poisson scan statistics (Kulldorff 1997) on pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import expand, order_by
from ringfinder.evidence.once import once
from ringfinder.evidence.presence import CELL, Presence, observe
from ringfinder.evidence.view import DAY, Bools, Floats, Ints, Longs, View

CROWD = 60  # among more people than this at once nobody is "together"
LEAST_MEETINGS = 2
LEAST_WEIGHT = 2.0  # nats: below this a tie says nothing
BUCKETS = 1 << 24


@dataclass(frozen=True)
class Ties:
    """Pairs a < b of patient codes, sorted; `observed` meetings, `expected` by chance, `weight` in nats. Equal lengths."""

    a: Ints
    b: Ints
    observed: Ints
    expected: Floats
    weight: Floats


@once(lambda view, presence=None: (view.visits, view.people))
def ties_of(view: View, presence: Presence | None = None) -> Ties:
    """`tie` of a view whose presence may be known already."""
    return tie(presence or observe(view))


def tie(presence: Presence) -> Ties:
    """All ties of a presence with a weight above `LEAST_WEIGHT`."""
    people = np.int64(len(presence.view.codes.patient))
    pairs, days = repeated(*neighbours(presence, people))
    order = order_by(pairs, days)
    pairs, days = pairs[order], days[order]
    distinct = np.r_[True, (pairs[1:] != pairs[:-1]) | (days[1:] != days[:-1])] if len(pairs) else np.zeros(0, np.bool_)
    pairs, observed = np.unique(pairs[distinct], return_counts=True)
    kept = observed >= LEAST_MEETINGS
    pairs, observed = pairs[kept], observed[kept]
    a, b = pairs // people, pairs % people
    expected = chance(presence, a, b, observed)
    x = observed.astype(np.float64)
    weight = np.where(x > expected, x * np.log(x / expected) - (x - expected), 0.0)
    strong = weight > LEAST_WEIGHT
    return Ties(
        a[strong].astype(np.int32),
        b[strong].astype(np.int32),
        observed[strong].astype(np.int32),
        expected[strong],
        weight[strong],
    )


def neighbours(presence: Presence, people: np.int64) -> tuple[Longs, Ints]:
    """Pairs (a * people + b, a < b) within a window at a spot, with the day; other household only."""
    window = presence.window[presence.spot]
    pairs: list[Longs] = []
    days: list[Ints] = []
    n = len(presence.key)
    alive = np.flatnonzero(window > 0)
    for step in range(1, CROWD + 1):
        alive = alive[alive + step < n]
        later = alive + step
        near = (presence.spot[later] == presence.spot[alive]) & (
            presence.time[later] - presence.time[alive] <= window[alive]
        )
        alive, later = alive[near], later[near]
        if not len(alive):
            break
        strangers = presence.household[alive] != presence.household[later]
        p, q = presence.patient[alive[strangers]].astype(np.int64), presence.patient[later[strangers]].astype(np.int64)
        pairs.append(np.minimum(p, q) * people + np.maximum(p, q))
        days.append((presence.time[alive[strangers]] // DAY).astype(np.int32))
    if not pairs:
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    return np.concatenate(pairs), np.concatenate(days)


def repeated(pairs: Longs, days: Ints) -> tuple[Longs, Ints]:
    """Only pairs that may occur more than once: a bucket count keeps ten million claims within memory."""
    for salt in (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)):
        bucket = (pairs.astype(np.uint64) * salt >> np.uint64(40)).astype(np.int64)
        kept: Bools = np.bincount(bucket, minlength=BUCKETS)[bucket] >= LEAST_MEETINGS
        pairs, days = pairs[kept], days[kept]
    return pairs, days


def chance(presence: Presence, a: Longs, b: Longs, observed: Longs) -> Floats:
    """Meetings that two people would have if they met by chance and habit alone; shape of `a`."""
    out = np.full(len(a), 1e-6)
    spots = presence.spots

    def shared(keys: Longs, counts: Ints, width: int) -> tuple[Longs, Longs, Longs, Longs]:
        """For every pair and every key of a: (pair, key without the person, count of a, count of b > 0)."""
        lo = np.searchsorted(keys, a * width)
        hi = np.searchsorted(keys, (a + 1) * width)
        index, pair = expand(lo, hi)
        rest = keys[index] - a[pair] * width
        other = (presence.at_spot if width == spots else presence.at_cell).of(b[pair] * width + rest)
        both = other > 0
        return pair[both], rest[both], counts[index[both]].astype(np.int64), other[both]

    t = presence.at_spot
    pair, spot, n_a, n_b = shared(t.keys, t.counts, spots)
    window = presence.window[spot].astype(np.float64)
    np.add.at(out, pair, n_a * n_b * 2.0 * window / float(presence.span))
    c = presence.at_cell
    pair, rest, n_a, n_b = shared(c.keys, c.counts, spots * 64)
    inside = np.minimum(1.0, 2.0 * presence.window[rest // 64] / CELL)
    np.add.at(out, pair, np.maximum(0, n_a * n_b - 2 * observed[pair]) / presence.weeks * inside)
    return out
