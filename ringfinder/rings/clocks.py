"""Clocks of two places that differ: why a whole group may seem to be at the next place too soon."""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import coded, distinct_per, tally
from ringfinder.evidence.marks import Marks
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import Bools
from ringfinder.rings.prices import Rows

# trips of so many households on one way, so many in one direction: two clocks that differ
WAY_TRIPS, WAY_HOMES, ONE_DIRECTION = 4, 3, 0.8


def without_the_group(presence: Presence, marks: Marks, rows: Rows) -> Bools:
    """By row: too fast from or to a visit that is none of the group's, on a way of the person's own.

    Where the whole group is at the next place too soon, or most go the same way in the same direction, the clocks of two places
    differ, and no card was at both.
    """
    out = np.zeros(len(rows.row), np.bool_)
    if not marks.fast.shape[1] or not len(rows.row):
        return out
    width, places = np.int64(len(marks.reason)), np.int64(len(presence.view.codes.facility))
    last = marks.fast.shape[1] - 1
    found = [np.minimum(np.searchsorted(end, rows.visit), last) for end in marks.fast]
    fast = [np.flatnonzero(marks.fast[i][found[i]] == rows.visit) for i in (0, 1)]
    row, end = np.concatenate(fast), np.repeat([0, 1], [len(f) for f in fast])
    pair = marks.fast[:, np.concatenate([found[i][fast[i]] for i in (0, 1)])]
    known = np.sort(rows.group * width + rows.visit)
    other = rows.group[row] * width + np.where(end == 0, pair[1], pair[0])
    alone = known[np.minimum(np.searchsorted(known, other), len(known) - 1)] != other
    here, there = presence.view.visits.facility.astype(np.int64)[pair]
    low, high = np.minimum(here, there), np.maximum(here, there)
    ways, way = coded((rows.group[row] * places + low) * places + high)
    once = np.where(alone, 1.0, 0.5)  # a pair whose both visits are the group's stands here twice
    trips = tally(way, once, len(ways))
    forth = tally(way, once * (here == low), len(ways))
    homes = distinct_per(way, rows.home[row], len(ways))
    clocks = (trips >= WAY_TRIPS) & (homes >= WAY_HOMES)
    clocks &= np.maximum(forth, trips - forth) >= ONE_DIRECTION * trips
    out[row[alone & ~clocks[way]]] = True
    return out
