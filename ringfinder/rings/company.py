"""What makes a rotation of people who are moved between hospitals: they move together, or to one doctor in each.

Patients of a long illness are moved too: from the acute ward to rehabilitation, from house to house by the local rule on the length
of stays. Each moves when his own stay ends, to whoever is on duty. Who is passed on for money moves with others, to those who
share it.

    company   moves of at least one other household between the same two places in the same direction within two days;
              expected: if the group's moves there lay anywhere within its time, at least a season
    doctors   k of a house's n arrivals at one doctor, three fifths or more, against the doctor's share of the other stays there, of
              those with the same illnesses too, and a quarter at least (a half where they all have one): k ln(k/n / share) - 2

Source: Poisson log-likelihood ratio; minimum description length as in `coordination`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, order_by, tally
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, Floats, Longs, View

NEAR = 2 * DAY
LOOKED = 3.0  # nats of company that some groups show by chance
SEASON = 90 * DAY
A_DOCTOR = 2.0  # nats to name one
ONE, LEAST = 0.6, 3  # a doctor counts from this share of a house's arrivals on, and so many
FEW = 5  # stays of others with these illnesses, before they tell who treats them
WARD = 0.5  # and where all have one illness, its ward in a small house has one doctor: less than this share is nobody's choice
DEPARTMENT = 0.25  # an illness has its ward, and a ward its few doctors: at least this share is nobody's choice


@dataclass(frozen=True)
class Company:
    """`moved`: moves in company, out of `moves`, where chance lets `expected`; `nats` of both parts together."""

    moved: int
    moves: int
    expected: float
    nats: float


def company(view: View, leaving: Longs, arriving: Longs, differ: bool) -> Company:
    """How far a group's moves were made together. `leaving`, `arriving`: visits, by move; `differ`: their illnesses do."""
    if not len(arriving):
        return Company(0, 0, 0.0, 0.0)
    moved, expected = together(view, leaving, arriving)
    gain = max(0.0, float(nats.surprise(moved, max(expected, 0.05))) - LOOKED)
    gain += to_one_doctor(view, arriving, DEPARTMENT if differ else WARD)
    return Company(moved, len(arriving), expected, gain)


def together(view: View, leaving: Longs, arriving: Longs) -> tuple[int, float]:
    """Moves in company, and how many would be by chance."""
    visits = view.visits
    places = np.int64(len(view.codes.facility))
    way = coded(visits.facility[leaving] * places + visits.facility[arriving])[1]
    home, time = view.people.household[visits.patient[arriving]].astype(np.int64), visits.start[arriving]
    order = order_by(way, time)
    way, home, time = way[order], home[order], time[order] - time.min()
    span = max(SEASON, int(time.max())) + 2 * NEAR
    key = way * np.int64(2 * span) + time
    ends = np.searchsorted(key, key + NEAR, side="right") - np.searchsorted(key, key - NEAR, side="left")
    # within the window the household's own moves are no company
    homes = coded(way * (home.max(initial=0) + 1) + home)[1]
    own_order = order_by(homes, time)
    own_key = homes[own_order] * np.int64(2 * span) + time[own_order]
    own = np.empty(len(key), np.int64)
    own[own_order] = np.searchsorted(own_key, own_key + NEAR, side="right") - np.searchsorted(own_key, own_key - NEAR)
    others = np.bincount(way)[way] - np.bincount(homes)[homes]
    chance = -np.expm1(-others * min(1.0, (2 * NEAR + DAY) / span))
    return int(np.count_nonzero(ends > own)), float(chance.sum())


def to_one_doctor(view: View, arriving: Longs, least: float) -> float:
    """Nats by which the arrivals at each house are one doctor's, beyond his share of the others' stays there, `least` at least."""
    visits = view.visits
    arriving = arriving[visits.doctor[arriving] != BLANK]
    if not len(arriving):
        return 0.0
    doctors = np.int64(len(view.codes.doctor))
    mine, which = np.unique(visits.facility[arriving] * doctors + visits.doctor[arriving], return_inverse=True)
    k, house = np.bincount(which).astype(np.float64), mine // doctors
    at = coded(house)[1]
    n = tally(at, k)[at]
    stays = np.flatnonzero((visits.service == INPATIENT) & (visits.doctor != BLANK) & np.isin(visits.facility, house))
    stays = stays[~np.isin(stays, arriving)]
    ill = visits.diagnosis[arriving]
    alike = stays[np.isin(visits.diagnosis[stays], ill[ill != BLANK])]
    usual = np.maximum.reduce([np.full(len(mine), least), *(shares(view, mine, s) for s in (stays, alike))])
    gain = np.where((k >= LEAST) & (k >= ONE * n), k * np.log(k / n / usual), 0.0) - A_DOCTOR
    return float(np.maximum(gain, 0.0).sum())


def shares(view: View, mine: Longs, stays: Longs) -> Floats:
    """Each doctor's share of the stays given at his house; 0 where they are fewer than `FEW`. `mine`: house * doctors + doctor."""
    doctors = np.int64(len(view.codes.doctor))
    house = view.visits.facility[stays].astype(np.int64)
    here = np.bincount(house, minlength=len(view.codes.facility))[mine // doctors]
    keys = np.sort(house * doctors + view.visits.doctor[stays])
    theirs = np.searchsorted(keys, mine, side="right") - np.searchsorted(keys, mine)
    return np.where(here >= FEW, theirs / np.maximum(here, 1), 0.0)
