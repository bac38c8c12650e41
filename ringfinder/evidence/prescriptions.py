"""Prescriptions and the pharmacies that fill them: who prescribed, where it was filled, and who came back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct, first_of_runs, order_by
from ringfinder.evidence.view import BLANK, DAY, MINUTE, PHARMACY, Bools, Floats, Ints, Longs, View

FILL_DAYS = 3  # without a prescriber on the pharmacy's claim: the doctor seen on one of the days before
NAMED = 0.002  # share of pharmacy claims that must name a prescriber before the names are used alone
AGREE = 0.65  # or, of those named, the share who are the doctor seen before: then who is not named is that doctor too
ONE_OUTING = 30 * MINUTE  # fills of one desk at one pharmacy nearer than this may be people who came together
NEAREST = 8  # pharmacies around a doctor that are told apart by rank; beyond that proximity explains nothing


@dataclass(frozen=True)
class Purchases:
    """Pharmacy claims sorted by (desk, pharmacy, household, day); arrays of one length.

    A `desk` is a prescriber, or one medicine of a prescriber; BLANK without one. By desk: `doctor`, `place`;
    `one_medicine`: desks are medicines of prescribers.
    `log_amount` is ln of yuan; `drug` BLANK where unknown; `course`: only repeats a monthly supply.
    """

    claim: Ints
    patient: Ints
    household: Longs
    desk: Longs
    pharmacy: Longs
    drug: Longs
    day: Longs
    time: Longs
    log_amount: Floats
    course: Bools
    doctor: Ints
    place: Ints
    one_medicine: bool = False


def read(view: View) -> Purchases:
    """All purchases, with their prescriber as the desk."""
    claims = view.claims
    at = np.flatnonzero(claims.service == PHARMACY)
    doctor = prescriber(claims.doctor[at], last_doctor(view, at))
    unsorted = Purchases(
        claim=at.astype(np.int32),
        patient=claims.patient[at],
        household=view.people.household[claims.patient[at]].astype(np.int64),
        desk=doctor.astype(np.int64),
        pharmacy=claims.facility[at].astype(np.int64),
        drug=claims.drug[at].astype(np.int64),
        day=claims.start[at] // DAY,
        time=claims.start[at],
        log_amount=np.log(np.maximum(claims.amount[at], 1) / 100.0),
        course=view.visits.course[claims.visit[at]],
        doctor=np.arange(len(view.codes.doctor), dtype=np.int32),
        place=view.doctor_place,
    )
    return ordered(unsorted)


def prescriber(named: Ints, seen: Ints) -> Ints:
    """By purchase: who is named, else the doctor seen before it, where those named are mostly the doctor seen or hardly any is named.

    Where few name a prescriber and those who do had just come from him, the others leave unsaid what they know.
    """
    told = named != BLANK
    if told.sum() >= max(1, NAMED * len(named)) and np.mean(named[told] == seen[told]) < AGREE:
        return named
    return np.where(told, named, seen)


def ordered(p: Purchases) -> Purchases:
    """The purchases in their order."""
    order = order_by(p.desk, p.pharmacy, p.household, p.day, p.claim)
    names = ("claim", "patient", "household", "desk", "pharmacy", "drug", "day", "time", "log_amount", "course")
    return replace(p, **{name: getattr(p, name)[order] for name in names})


def last_doctor(view: View, at: Longs) -> Ints:
    """For each pharmacy claim the doctor of the person's last visit within `FILL_DAYS`."""
    visit, known = last_visit(view, at, view.claims.doctor != BLANK)
    doctor: Ints = np.where(known, view.claims.doctor[visit], BLANK).astype(np.int32)
    return doctor


def last_visit(view: View, at: Longs | Ints, told: Bools) -> tuple[Longs, Bools]:
    """For each pharmacy claim the claim of the person's last visit that is `told`, and whether there is one within `FILL_DAYS`."""
    claims = view.claims  # sorted by person and time
    seen = np.where((claims.service != PHARMACY) & told, np.arange(len(claims.row)), -1)
    last = np.maximum.accumulate(seen)[at]
    visit = np.maximum(last, 0)
    known: Bools = (last >= 0) & (claims.patient[visit] == claims.patient[at])
    known &= claims.start[at] - claims.start[visit] <= FILL_DAYS * DAY
    return visit, known


def by_medicine(p: Purchases) -> Purchases:
    """The same purchases with each medicine of a prescriber as a desk of its own (unknown medicines: no desk)."""
    known = (p.desk != BLANK) & (p.drug != BLANK)
    width = np.int64(p.drug.max(initial=0)) + 1
    pairs, number = coded(p.desk[known] * width + p.drug[known])
    desk = np.full(len(p.desk), BLANK, np.int64)
    desk[known] = number
    doctor = p.doctor[pairs // width]
    return ordered(replace(p, desk=desk, doctor=doctor, place=p.place[pairs // width], one_medicine=True))


@dataclass(frozen=True)
class Patients:
    """Households with prescriptions of a desk, by (desk, household), and where they fill them.

    `often`: on two days or more. `pair_*` by (desk, pharmacy, household): `loyal` fills at least half there; `days` of
    fills there; `once`: the day of a household that came on one day only (else BLANK).
    """

    desk: Longs
    household: Longs
    often: Bools
    pair_desk: Longs
    pair_pharmacy: Longs
    pair_household: Longs
    loyal: Bools
    once: Longs


def patients_of(p: Purchases) -> Patients:
    """Count days, not slips: a long list filled on one day is one fill."""
    rx = np.flatnonzero(p.desk != BLANK)
    heads = rx[first_of_runs(p.desk[rx], p.pharmacy[rx], p.household[rx], p.day[rx])]
    desk, pharmacy, household = p.desk[heads], p.pharmacy[heads], p.household[heads]
    places = np.int64(p.pharmacy.max(initial=0)) + 1
    pair_dh, pair_house, there = nats.pairs(desk * places + pharmacy, household)
    width = np.int64(p.household.max(initial=0)) + 1
    last = np.zeros(len(pair_dh), np.int64)
    last[np.searchsorted(pair_dh * width + pair_house, (desk * places + pharmacy) * width + household)] = p.day[heads]
    pair_desk, pair_pharmacy = pair_dh // places, pair_dh % places
    by = heads[nats.distinct(p.desk[heads], p.household[heads], p.day[heads])]
    of_desk, of_household, days = nats.pairs(p.desk[by], p.household[by])
    at = np.searchsorted(of_desk * width + of_household, pair_desk * width + pair_house)
    once = np.where(days[at] == 1, last, BLANK)
    return Patients(of_desk, of_household, days > 1, pair_desk, pair_pharmacy, pair_house, 2 * there >= days[at], once)


@dataclass(frozen=True)
class Votes:
    """By (desk, pharmacy): loyal households in all and those that came back. One outing of many counts as one."""

    desk: Longs
    pharmacy: Longs
    number: Longs
    everybody: Longs
    often: Longs


def votes(p: Purchases, seen: Patients) -> Votes:
    """Count the loyal households of every desk and pharmacy.

    Those who came once count once an outing. Those who came back count at most half as often as there were outings: a
    club that travels together decides once a trip.
    """
    places = np.int64(p.pharmacy.max(initial=0)) + 1
    pairs, number = coded(seen.pair_desk * places + seen.pair_pharmacy)
    size = len(pairs)
    rx = np.flatnonzero(p.desk != BLANK)
    rx = rx[order_by(p.desk[rx], p.pharmacy[rx], p.time[rx], p.claim[rx])]
    pair = np.searchsorted(pairs, p.desk[rx] * places + p.pharmacy[rx])
    later = np.diff(p.time[rx], prepend=0) > ONE_OUTING
    new = np.r_[True, pair[1:] != pair[:-1]] | later if len(rx) else later
    outings = np.bincount(pair, weights=new, minlength=size).astype(np.int64)
    often = np.bincount(number, weights=seen.loyal & (seen.once == BLANK), minlength=size).astype(np.int64)
    often = np.minimum(often, outings // 2)
    everybody = np.bincount(number, weights=seen.loyal, minlength=size).astype(np.int64)
    return Votes(pairs // places, pairs % places, number.astype(np.int64), np.minimum(everybody, outings), often)


def nearness(view: View, place: Longs, pharmacy: Longs) -> Ints:
    """For each (doctor's place, pharmacy) the pharmacy's rank by distance (0 nearest); BLANK beyond `NEAREST`."""
    places = view.places
    shops = distinct(view.claims.facility[view.claims.service == PHARMACY])
    shops = shops[np.isfinite(places.latitude[shops]) & np.isfinite(places.longitude[shops])]
    out = np.full(len(place), BLANK, np.int32)
    rows = np.flatnonzero((place != BLANK) & np.isfinite(places.latitude[place] + places.longitude[place]))
    if not len(shops) or not len(rows):
        return out
    squeeze = np.cos(np.radians(np.mean(places.latitude[shops])))
    points = np.stack([places.latitude, places.longitude * squeeze], axis=1)
    sites, which = np.unique(place[rows], return_inverse=True)
    k = min(NEAREST, len(shops))
    distance, near = cKDTree(points[shops]).query(points[sites], k=np.arange(1, k + 1))
    # of pharmacies at one distance the smaller code is nearer, whatever the tree's order
    order = np.lexsort((np.asarray(near), np.asarray(distance)), axis=1)
    near = shops[np.take_along_axis(near, order, axis=1)]
    found = near[which] == pharmacy[rows][:, None]
    out[rows] = np.where(found.any(axis=1), found.argmax(axis=1), BLANK)
    return out
