"""Wards in which some people's beds stand empty, stay after stay: they are billed for days that they spent elsewhere.

The family fetches the medicines of whoever lies in bed, a ward sends him to another house for a scan, a bill has a wrong day: of one stay
that proves nothing, and a house that writes its days carelessly does so for everybody. People need not meet: a careful ward staggers its
stays and has honest patients in between.
Model. A *bearer* of ward f used the card elsewhere within t of the stays there or more, and within half of them at least; t is two, three
or four, whichever tells most. k households of bearers; mu sums over f's patients with so many stays the chance to do so by themselves: with
h uses expected within their stays there,

    (h / (1 + h))^t        h: sum over the stays of max(chance of the stay, rate of f's other patients)

since families differ in how often they send for something as widely as an exponential does. The chance of a stay is told in `elsewhere`;
the rate is that of the stays of those who are no bearers (t = 2), smoothed with `SMOOTHING` stays at their chance.

    S = H - ln(wards) - ln 3        H = L(k, mu) - 1

Members are the bearers of two stays, and whose stays there fit theirs better than those of honest patients (a mixture of two binomials).

Blind spots: cards that are kept with the patients; wards with one stay a person. A mixture of all patients, one stay or more, told more
of some rings, and accused a ward that sends its patients elsewhere for examinations: 31 honest people, once each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct, distinct_per, tally
from ringfinder.evidence.elsewhere import SMOOTHING, stays
from ringfinder.evidence.view import Bools, Candidate, Finding, Floats, HubType, Longs, View
from ringfinder.evidence.visits import ClaimsOf

TIMES = (2, 3, 4)  # empty stays of one person on one ward: twice may be one family's habit
AGAIN, PART = TIMES[0], 0.5  # of a bearer at least, and of his stays there
ROUNDS = 20  # of membership: weights hardly move after ten
LEAST = 0.01  # no share is smaller: of members, of empty stays, of honest uses
MOST = 40.0
WORDS = "reasons.empty_stays"


@dataclass(frozen=True)
class Patients:
    """Those of all wards, one row each: `person`, `ward`, `used` of the `held` stays, `expected` (h), and whether a `bearer`."""

    person: Longs
    ward: Longs
    used: Floats
    held: Floats
    expected: Floats
    bearer: Bools


@dataclass(frozen=True)
class Excess:
    """By ward: `homes` of bearers of so many `times` (k), `expected` (mu), `gain` (L); of the times that tell most."""

    times: Longs
    homes: Longs
    expected: Floats
    gain: Floats


def search(view: View, claims: ClaimsOf, channel: str) -> list[Candidate]:
    """Wards with more empty beds of the same people than anything explains."""
    patients = read(view)
    if not patients.bearer.any():
        return []
    price = float(np.log(len(distinct(patients.ward))) + np.log(len(TIMES)))
    excess = judged(patients, view.people.household[patients.person].astype(np.int64), len(view.codes.facility))
    harm = np.minimum(excess.gain, MOST) - nats.MARGIN
    return [
        candidate(view, patients, f, excess, (float(harm[f] - price), float(harm[f])), claims, channel)
        for f in np.flatnonzero(harm > price).tolist()
    ]


def read(view: View) -> Patients:
    """All patients of all wards, sorted by person and ward."""
    known, visits = stays(view), view.visits
    rows = np.flatnonzero(known.lying)
    size = np.int64(len(view.codes.facility))
    pairs, pair = coded(visits.patient[rows] * size + visits.facility[rows])
    ward = pairs % size
    out, chance = known.out[rows], known.chance[rows]
    used, held = tally(pair, out, len(pairs)), tally(pair, np.ones(len(rows)), len(pairs))
    bearer = (used >= AGAIN) & (used >= PART * held)
    others, where = ~bearer[pair], ward[pair]
    seen, lay, likely = (tally(where, of * others, int(size)) for of in (out, np.ones(len(rows)), chance))
    usual = np.where(lay > 0, likely / np.maximum(lay, 1.0), likely.sum() / max(1.0, float(lay.sum())))
    rate = (seen + SMOOTHING * usual) / (lay + SMOOTHING)
    return Patients(pairs // size, ward, used, held, tally(pair, np.maximum(chance, rate[where]), len(pairs)), bearer)


def judged(patients: Patients, home: Longs, wards: int) -> Excess:
    """The bearers of each ward against its patients. `home`: household, by patient."""
    counted = []
    for times in TIMES:
        so_often = patients.bearer & (patients.used >= times)
        homes = distinct_per(patients.ward[so_often], home[so_often], wards)
        chance = (patients.expected / (1.0 + patients.expected)) ** times
        mu = tally(patients.ward, np.where(patients.held >= times, chance, 0.0), wards)
        gain = np.where(homes >= nats.FEWEST_HOUSEHOLDS, nats.surprise(homes, mu), 0.0)
        counted.append((homes, mu, gain))
    homes, mu, gain = (np.stack(parts) for parts in zip(*counted, strict=True))
    best, at = gain.argmax(axis=0), np.arange(wards)  # of equals the fewest stays
    return Excess(np.array(TIMES)[best], homes[best, at], mu[best, at], gain[best, at])


def belongs(used: Floats, held: Floats, usual: Floats, bearer: Bools) -> Bools:
    """By patient of one ward: bearers, and those whose stays fit theirs better than honest ones.

    `used` of the `held` stays are empty, where `usual` is the chance of one. Two binomials, weights by expectation and maximization from
    the bearers on.
    """
    weight = bearer.astype(np.float64)
    honest = np.clip(usual, LEAST, 0.5)
    for _ in range(ROUNDS):
        part = np.clip(weight.mean(), LEAST, 1.0 - LEAST)
        theta = np.clip((weight @ used) / max(float(weight @ held), 1.0), PART, 1.0 - LEAST)
        odds = np.log(part / (1.0 - part)) + used * np.log(theta / honest)
        odds += (held - used) * np.log((1.0 - theta) / (1.0 - honest))
        weight = np.where(bearer, 1.0, 1.0 / (1.0 + np.exp(-np.clip(odds, -50.0, 50.0))))
    out: Bools = bearer | ((weight > 0.5) & (used > 0))
    return out


def candidate(
    view: View,
    patients: Patients,
    ward: int,
    excess: Excess,
    score: tuple[float, float],
    claims: ClaimsOf,
    channel: str,
) -> Candidate:
    """The people of one ward. `score`: S and H."""
    here = np.flatnonzero(patients.ward == ward)
    used, held = patients.used[here], patients.held[here]
    mine = belongs(used, held, patients.expected[here] / held, patients.bearer[here])
    people, used = patients.person[here][mine], used[mine]
    visits = view.visits
    at = claims(
        np.flatnonzero(stays(view).lying & (visits.facility == ward) & np.isin(visits.patient, people)).astype(np.int64)
    )
    homes, by_chance = int(excess.homes[ward]), float(excess.expected[ward])
    values: dict[str, object] = {
        "people": len(people),
        "stays": int(held[mine].sum()),
        "empty": int(used.sum()),
        "place": str(view.codes.facility[ward]),
        "times": int(excess.times[ward]),
        "households": homes,
        "expected": round(by_chance, 2),
    }
    told: dict[str, object] = {"expected": round(by_chance, 2)}
    findings = (
        Finding(channel, "harm", WORDS, values, homes, by_chance, at, score[1]),
        Finding(channel, "against", f"{WORDS}_explained", told, homes, by_chance, at),
    )
    strength = 1.0 - 0.5 ** np.minimum(used, 6.0)
    hubs: tuple[tuple[HubType, int, str], ...] = (("facility", ward, "hospital"),)
    return Candidate("sham_stay", channel, people.astype(np.int32), strength, hubs, at, *score, findings)
