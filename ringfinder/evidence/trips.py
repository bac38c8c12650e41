"""Purchases that no patient needs to make: on one trip at several pharmacies, or again while the supply lasts."""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import order_by, tally
from ringfinder.evidence.once import once
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, PHARMACY, Bools, Ints, Longs, View

TRIP = 6 * HOUR
ROUND, DEAR_ROUND = 3, 5.0  # pharmacies on one trip: two have what one had not; usual purchases that it costs
MONTHLY, LASTING = 21 * DAY, 3  # a lasting illness buys its month's supply, again and again
SUPPLY = 10 * DAY  # a chronic supply lasts a month: bought again within ten days elsewhere, it is not for use


def stockpiling(view: View) -> Bools:
    """Purchases of a medicine that the same person also bought elsewhere within ten days."""
    visits = view.visits
    rows = np.flatnonzero(visits.drug != BLANK)
    order = order_by(visits.patient[rows], visits.drug[rows])  # visits are in the order of time
    return also_elsewhere(view, rows[order], visits.drug, SUPPLY)


def doubling(view: View) -> Bools:
    """Medicines that the same person also got at another pharmacy, or from another house's doctor, within six hours (on one day)."""
    visits = view.visits
    what = np.where(visits.drug == BLANK, BLANK, visits.drug * np.int32(3) + visits.service)
    rows = np.flatnonzero((visits.service != INPATIENT) & (what != BLANK))
    return also_elsewhere(view, rows[order_by(visits.patient[rows], what[rows])], what, TRIP)


def touring(view: View) -> Bools:
    """Purchases at two pharmacies within six hours (bare days count as one trip), but for standing monthly supplies."""
    rows = np.flatnonzero((view.visits.service == PHARMACY) & ~standing(view))
    return also_elsewhere(view, rows, view.visits.patient, TRIP)


def going_round(view: View) -> Bools:
    """Purchases at three pharmacies or more within six hours that cost `DEAR_ROUND` usual purchases together.

    Bare days count as one trip; standing monthly supplies are left out. Pensioners stroll from shop to shop for small things.
    """
    visits = view.visits
    out = np.zeros(len(visits.patient), np.bool_)
    bought = visits.service == PHARMACY
    rows = np.flatnonzero(bought & ~standing(view))
    dear = DEAR_ROUND * float(np.median(visits.amount[bought])) if bought.any() else 0.0
    spent = np.r_[0, np.cumsum(visits.amount[rows])]
    start, steps = np.arange(len(rows)), 0
    while len(start):
        steps += 1
        start = start[start + steps < len(rows)]
        a, b = rows[start], rows[start + steps]
        start = start[(visits.patient[a] == visits.patient[b]) & (visits.start[b] - visits.start[a] <= TRIP)]
        cost = spent[start + steps + 1] - spent[start]
        trip = start[:, None] + np.arange(steps + 1)
        places = np.sort(visits.facility[rows[trip]], axis=1)
        several = 1 + np.count_nonzero(np.diff(places, axis=1), axis=1) >= ROUND
        out[rows[trip[several & (cost >= dear)].ravel()]] = True
    return out


def also_elsewhere(view: View, rows: Longs, what: Ints, within: int) -> Bools:
    """Of visits sorted by person, `what` and time: those with another of the same at another place within so many seconds."""
    visits = view.visits
    out = np.zeros(len(visits.patient), np.bool_)
    for step in (1, 2):
        a, b = rows[:-step], rows[step:]
        soon = (
            (visits.patient[a] == visits.patient[b])
            & (what[a] == what[b])
            & (visits.facility[a] != visits.facility[b])
            & (visits.start[b] - visits.start[a] <= within)
        )
        out[a[soon]] = True
        out[b[soon]] = True
    return out


@once(lambda view: (view.visits,))
def standing(view: View) -> Bools:
    """Purchases of one person at one place at one price that were never less than three weeks apart, three or more."""
    visits = view.visits
    order = order_by(visits.patient, visits.facility, visits.amount)
    a, b = order[:-1], order[1:]
    same = (
        (visits.patient[a] == visits.patient[b])
        & (visits.facility[a] == visits.facility[b])
        & (visits.amount[a] == visits.amount[b])
    )
    group = np.cumsum(np.r_[True, ~same]) - 1 if len(order) else np.zeros(0, np.int64)
    size = np.bincount(group)
    hurried = tally(group[1:], same & (visits.start[b] - visits.start[a] < MONTHLY), len(size))
    out = np.zeros(len(order), np.bool_)
    out[order] = ((size >= LASTING) & (hurried == 0))[group]
    return out
