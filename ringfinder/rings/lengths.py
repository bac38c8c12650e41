"""Lengths of stay: whether a group's stays last equally long where those of others vary, and whether one treatment explains it.

A cataract has its one night, a broken leg its two weeks. Stays for a sore back, a cough and a dizziness that last equally long were
a package before anybody was examined.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import most_of_one, tally
from ringfinder.evidence.beds import ONE_ILLNESS
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.uses import groups
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, Bools, Floats, Longs, View, Visits
from ringfinder.rings.prices import LEAST_TOLD, TOLD_SHARE, Rows

LEAST_STAYS, MOST_NATS = 5, 20.0
STEADY_SPREAD, LEAST_SPREAD = 0.1, 0.05  # ln days: a spot whose stays are all alike says nothing of a group's


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
    gain = np.where(presence.service[spot] == INPATIENT, equally_long(rows.own, usual, own), 0.0)
    return tally(rows.place // presence.spots, gain, n)


def equally_long(stays: Longs, usual: Floats, own: Floats) -> Floats:
    """Nats of so many stays at a place whose ln(days) scatter by `own`, where those there scatter by `usual`."""
    useful = (stays >= LEAST_STAYS) & (usual > STEADY_SPREAD)
    gain = np.where(useful, stays * np.log(np.maximum(usual, 1e-9) / np.maximum(own, LEAST_SPREAD)) - 3.0, 0.0)
    return np.clip(gain, 0.0, MOST_NATS)


def of_stays(view: View, stays: Longs) -> tuple[float, bool]:
    """The same of one group's stays, against the others' at each place: nats, and whether their illnesses differ."""
    visits = view.visits
    others = np.flatnonzero(visits.service == INPATIENT)
    others = others[np.isin(visits.facility[others], visits.facility[stays])]
    others = others[~np.isin(others, stays)]
    size = len(view.codes.facility)
    usual, own = spread(visits, others, size), spread(visits, stays, size)
    k = np.bincount(visits.facility[stays], minlength=size)
    illness = visits.diagnosis[stays]
    known = groups(view, 1)[illness[illness != BLANK]]
    most = np.bincount(known, minlength=1).max()
    differ = differing(np.array([len(stays)]), np.array([len(known)]), np.array([most]))
    return float(equally_long(k, usual, own).sum()), bool(differ[0])


def spread(visits: Visits, stays: Longs, places: int) -> Floats:
    """By place: standard deviation of ln(days) of these stays; 0 without any."""
    facility = visits.facility[stays]
    days = np.log(np.maximum(1.0, (visits.end[stays] - visits.start[stays]) / DAY))
    n = np.maximum(1, np.bincount(facility, minlength=places))
    mean = tally(facility, days, places) / n
    return np.sqrt(np.maximum(0.0, tally(facility, days**2, places) / n - mean**2))


def of_many_illnesses(presence: Presence, rows: Rows, n: int, among: Bools | bool = True) -> Bools:
    """By group: no chapter of the classification makes more than `ONE_ILLNESS` of its stays, and enough of their illnesses are known.

    `among`: only of these rows. By chapters, the first letter of a code, since one treatment has several codes: the left eye and the right,
    the back and the neck.
    """
    chapter = groups(presence.view, 1)
    illness = presence.view.visits.diagnosis[rows.visit]
    stays = np.flatnonzero((rows.kind == INPATIENT) & among)
    known = stays[illness[stays] != BLANK]
    total = np.bincount(rows.group[stays], minlength=n)
    told = np.bincount(rows.group[known], minlength=n)
    most = most_of_one(rows.group[known], chapter[illness[known]], n)
    return differing(total, told, most)


def differing(stays: Longs, told: Longs, most: Longs) -> Bools:
    """By group: the illnesses of most of its stays are known (`told`), or of many (`TOLD_SHARE`), and no chapter makes `most` of them."""
    many = (told >= ONE_ILLNESS * stays) | ((told >= LEAST_TOLD) & (told >= TOLD_SHARE * stays))
    out: Bools = many & (most <= ONE_ILLNESS * told) & (told > 0)
    return out
