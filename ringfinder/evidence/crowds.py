"""Crowded windows: moments at which a spot held more households than its own clock hour lets expect.

Observed: households in a bin of a two-offset grid; expected: the spot's mean for that clock hour (for stays: for any time).
Kept when the Poisson tail is below 1 in 1,000 and no more than 60 people were there. Two windows are alike when they share
people beyond what habit (how often each comes there) and the other people's load would give.
This dual graph sees sparse rings: seven meetings each attended by a third of twenty people leave hardly any repeated pair,
but any two of them share two people. Blind to crowds of hundreds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, triu
from scipy.special import pdtrc

from ringfinder.evidence.arrays import distinct, expand, first_of_runs, tally
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.ties import CROWD
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, MINUTE, Floats, Longs

SCALES, SCALES_STAYS, SCALES_DAYS = (HOUR, 10 * MINUTE), (3 * DAY,), (DAY,)
LEAST_HOUSEHOLDS = 4
RARE = 1e-3
APART = 12 * HOUR  # windows nearer than this are one occasion
LEAST_SHARED = 2
LEAST_WEIGHT = 4.0  # nats for two windows to be of one group


@dataclass(frozen=True)
class Crowds:
    """Crowded windows by index: `spot`, `first`, `last` second; rows (`window`, `row`) say which presence rows were in each."""

    spot: Longs
    first: Longs
    last: Longs
    window: Longs
    row: Longs


def crowded(presence: Presence) -> Crowds:
    """All crowded windows; where grids overlap, each bin counts for itself (the community step joins them)."""
    found: list[tuple[Longs, Longs, Longs]] = []
    stays = presence.service[presence.spot] == INPATIENT
    usable = presence.window[presence.spot] > 0
    short = SCALES if presence.view.hours_known else SCALES_DAYS
    for scales, kind in ((SCALES_STAYS, stays), (short, ~stays)):
        rows = np.flatnonzero(kind & usable)
        for size in scales:
            for offset in (0, size // 2):
                found.append(bins(presence, rows, size, offset))
    spot, first, last = (np.concatenate(parts) for parts in zip(*found, strict=True))
    lo, hi = presence.between(spot, first, last)
    row, window = expand(lo, hi)
    return Crowds(spot, first, last, window, row)


def bins(presence: Presence, rows: Longs, size: int, offset: int) -> tuple[Longs, Longs, Longs]:
    """Crowded bins of one grid: (spot, first second, last second)."""
    if not len(rows):
        empty = np.zeros(0, np.int64)
        return empty, empty, empty
    spot, time = presence.spot[rows].astype(np.int64), presence.time[rows]
    number = (time + offset) // size
    low = number.min()
    width = number.max() - low + 1
    cell = spot * width + (number - low)
    homes = np.int64(presence.household.max()) + 1
    came = np.sort(cell * homes + presence.household[rows])
    cell = came // homes
    head = first_of_runs(cell)
    people = np.diff(head, append=len(cell))
    households = np.diff(np.searchsorted(first_of_runs(came), np.r_[head, len(came)]))
    several = households >= LEAST_HOUSEHOLDS
    cells, households, people = cell[head[several]], households[several], people[several]
    at, first = cells // width, (cells % width + low) * size - offset
    if size <= HOUR:
        hour_of = spot * 24 + time % DAY // HOUR
        by_hour = np.bincount(hour_of, minlength=presence.spots * 24)
        usual = by_hour[at * 24 + (first + size // 2) % DAY // HOUR] * (size / HOUR) / (float(presence.span) / DAY)
    else:
        usual = presence.total[at] * (size / float(presence.span))
    rare = (pdtrc(households - 1, usual) < RARE) & (people <= CROWD)
    return at[rare], first[rare], first[rare] + size - 1


def alike(presence: Presence, crowds: Crowds) -> tuple[Longs, Longs, Floats]:
    """Pairs of crowded windows that share people beyond chance: (window, window, nats)."""
    size = len(crowds.spot)
    if not size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    homes = np.int64(presence.household.max()) + 1
    once = distinct(crowds.window * homes + presence.household[crowds.row])
    window, household = once // homes, once % homes
    several = np.bincount(household, minlength=int(homes))[household] > 1
    window, household = window[several], household[several]
    incidence = csr_array((np.ones(len(window), np.int32), (window, household)), shape=(size, int(homes)))
    shared = triu(incidence @ incidence.T, k=1, format="coo")
    e, f, x = shared.row.astype(np.int64), shared.col.astype(np.int64), shared.data.astype(np.float64)
    enough = (x >= LEAST_SHARED) & (np.abs(crowds.first[e] - crowds.first[f]) > APART)
    e, f, x = e[enough], f[enough], x[enough]
    present = np.bincount(crowds.window, minlength=size)
    start = np.r_[0, np.cumsum(present)]
    expected = np.zeros(len(e))
    for here, there in ((e, f), (f, e)):
        others = np.maximum(0.0, present[there] - x) / presence.total[crowds.spot[there]]
        share = np.maximum(others, presence.load(crowds.spot[there], crowds.first[there], crowds.last[there]))
        row, pair = expand(start[here], start[here + 1])
        times = presence.visits_of(presence.patient[crowds.row[row]], crowds.spot[there][pair])
        expected = np.maximum(expected, tally(pair, times, len(e)) * share)
    weight = np.where(x > expected, x * np.log(x / np.maximum(expected, 1e-6)) - (x - expected), 0.0)
    strong = weight > LEAST_WEIGHT
    return e[strong], f[strong], weight[strong]
