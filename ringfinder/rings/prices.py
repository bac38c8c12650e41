"""Prices and lengths of stay: what a group's visits cost and last beside the place's others and the members' own other days.

Where a group makes much of a place's traffic it makes the place's prices too, so it is compared with the others there alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfinder.evidence.arrays import expand, tally
from ringfinder.evidence.marks import COSTLY, Marks, log_amount, median_by
from ringfinder.evidence.presence import AMOUNT_ROOM, Presence
from ringfinder.evidence.view import DAY, INPATIENT, Bools, Floats, Longs

OWN_PLACE = 0.2  # from this share of a spot's visits on, the group makes the spot's prices
FEW_OTHERS = 20  # fewer other visits than this tell no price: the city's median does
ALIKE, ALIKE_SHARE = 0.1, 0.6  # nearly equal amounts: this share of them within this of their median, in ln yuan
PRICE_LIST, PRICE_SHARE = 3, 0.15  # an amount that so many, and this share, of the visits have to the cent is a price
CITY_BAND, CITY_WEIGHT = 0.1, 20.0  # share of visits within the band near the middle of a broad price distribution
LEAST_STAYS, MOST_NATS = 5, 20.0
STEADY_SPREAD, LEAST_SPREAD = 0.1, 0.05  # ln days: a spot whose stays are all alike says nothing of a group's


@dataclass(frozen=True)
class Rows:
    """The visits of groups, one row each, sorted by (group, row); arrays of one length but for those by place and household.

    `row` indexes presence, `visit` visits; `kind` is the kind of care. `at`: index of the row's (group, spot) pair, whose code is
    `place` (group * spots + spot) and which holds `own` of the group's visits; `total`: all visits at the row's spot. `home`: index of
    the row's (group, household) pair, which belongs to group `owner`. `visits`: rows by group.
    """

    group: Longs
    row: Longs
    visit: Longs
    spot: Longs
    kind: NDArray[np.int8]
    place: Longs
    at: Longs
    own: Longs
    total: Longs
    home: Longs
    owner: Longs
    visits: Longs


def costly(presence: Presence, marks: Marks, rows: Rows, flag: Bools) -> Bools:
    """The mark "costly" by row, with the place's usual taken from the others where the group makes the place's prices."""
    amount = log_amount(presence.view)
    median = others_median(presence, amount, rows)[rows.at]
    usual = np.where(np.isnan(median), marks.place_usual[rows.visit], median)
    usual = np.maximum(np.maximum(usual, marks.own_usual[rows.visit]), marks.reason_usual[rows.visit])
    dear: Bools = flag | (amount[rows.visit] > np.log(COSTLY) + usual)
    return dear


def others_median(presence: Presence, amount: Floats, rows: Rows) -> Floats:
    """By (group, spot): median ln yuan of the spot's other visits where the group makes much of its traffic, else NaN."""
    spot = rows.place % presence.spots
    heavy = np.flatnonzero(rows.own >= OWN_PLACE * presence.total[spot])
    out = np.full(len(rows.place), np.nan)
    if not len(heavy):
        return out
    low = np.searchsorted(presence.spot, spot[heavy])
    index, which = expand(low, low + presence.total[spot[heavy]])
    width = np.int64(len(presence.visit))
    mine = np.sort(rows.at * width + rows.row)
    wanted = heavy[which] * width + index
    found = mine[np.minimum(np.searchsorted(mine, wanted), len(mine) - 1)] == wanted
    index, which = index[~found], which[~found]
    median = median_by(which.astype(np.int32), amount[presence.visit[index]], len(heavy))
    few = np.bincount(which, minlength=len(heavy)) < FEW_OTHERS
    everywhere = [amount[presence.visit[presence.service[presence.spot] == s]] for s in range(3)]
    city = np.array([float(np.median(some)) if len(some) else 0.0 for some in everywhere])
    median[few] = city[presence.service[spot[heavy]][few]]
    out[heavy] = median
    return out


def alike(presence: Presence, rows: Rows, n: int) -> tuple[Floats, Floats, Bools]:
    """Nearly equal amounts: visits within 10 % of the group's median at a spot, but not of one price.

    Expected: how many of the spot's other visits lie in that band. Returns (k, mu) by group and which rows lie in it.
    """
    amount = presence.log_amount[rows.row]
    middle = median_by(rows.at.astype(np.int32), amount, len(rows.place))
    cents = presence.view.visits.amount[rows.visit]
    price, times = np.unique(np.stack([rows.group, cents]), axis=1, return_inverse=True, return_counts=True)[1:]
    listed = times[price.ravel()] >= np.maximum(PRICE_LIST, PRICE_SHARE * rows.visits[rows.group])
    near: Bools = (np.abs(amount - middle[rows.at]) <= ALIKE) & ~listed
    spot = rows.place % presence.spots
    band = spot * AMOUNT_ROOM + middle
    inside = np.searchsorted(presence.amounts, band + ALIKE, "right") - np.searchsorted(presence.amounts, band - ALIKE)
    mine = tally(rows.at, near, len(rows.place))
    others = np.maximum(0, presence.total[spot] - rows.own)
    rate = (np.maximum(0.0, inside - mine) + CITY_WEIGHT * CITY_BAND) / (others + CITY_WEIGHT)
    return tally(rows.group, near, n), tally(rows.group, rate[rows.at], n), near


def one_length(presence: Presence, rows: Rows, n: int) -> Floats:
    """Stays of one length, in nats by group: sum over spots of stays x ln(sd of ln days there / of the group's) - 3."""
    visits = presence.view.visits
    days = np.log(np.maximum(1.0, (visits.end - visits.start) / DAY))
    spot = rows.place % presence.spots
    total = np.maximum(1, presence.total)
    everywhere = days[presence.visit]
    mean = tally(presence.spot, everywhere, presence.spots) / total
    square = tally(presence.spot, everywhere**2, presence.spots) / total
    usual = np.sqrt(np.maximum(0.0, square - mean**2))[spot]
    mine, size = days[rows.visit], len(rows.place)
    centre = tally(rows.at, mine, size) / np.maximum(1, rows.own)
    own = np.sqrt((tally(rows.at, (mine - centre[rows.at]) ** 2, size) + usual**2) / np.maximum(1, rows.own))
    useful = (presence.service[spot] == INPATIENT) & (rows.own >= LEAST_STAYS) & (usual > STEADY_SPREAD)
    gain = np.where(useful, rows.own * np.log(np.maximum(usual, 1e-9) / np.maximum(own, LEAST_SPREAD)) - 3.0, 0.0)
    return tally(rows.place // presence.spots, np.clip(gain, 0.0, MOST_NATS), n)
