"""Impossible care at one doctor: cards that come one by one, on any day, for care that cannot be their holders'.

Whoever lends his card for money need not meet the others who do; what they share is the doctor who does not look.

Model. k households bear a mark (a diagnosis that this sex or age hardly has, a visit elsewhere at the same time, a bed elsewhere,
a card of another household) at a visit of doctor d; mu sums over d's households the chance to bear it at least once, from the larger of
two rates by visit: everybody's with that kind of care, and that of the place's patients who bear none at this doctor, smoothed with
`KNOWN_VISITS` at everybody's: a house that codes badly codes badly for them too, and two doctors who both do not look do not explain each
other. Doctors differ for honest reasons, so L(k, mu) allows for the scatter of the logarithm of their rates, as most show it.

Counted twice, and the better count is paid for: households that bear it, and those that bear it on two days or more. Whoever lends his
card lends it again; a slip of the pen or a clock is wrong once. Wrong registers and two houses near each other are wrong again and again:
k' of those who bear a mark anywhere but here bear it again there, and so the chance to do so is no less than that to bear it, times k'.

    S = sum of L - ln(doctors) - 1        H = rest + min(strongest L, rest + 6) - 1, each L at most 20

One kind of mark alone does not suffice: who codes badly codes badly for everybody, and a register may be wrong; but a slip of the pen
does not take the card elsewhere. Members are the people who bear a mark there; on two days, where these tell more of every mark.

Blind spots: who lends his card once; a doctor whose every patient borrows and who is the only one of his place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct, distinct_per, tally
from ringfinder.evidence.doctor_pharmacy import honest_scatter
from ringfinder.evidence.view import (
    BLANK,
    DAY,
    INPATIENT,
    PHARMACY,
    Bools,
    Candidate,
    Finding,
    Floats,
    HubType,
    Ints,
    Longs,
    View,
)
from ringfinder.evidence.visits import ClaimsOf

MARKS = ("misfit", "travel", "in_bed", "borrowed")
KNOWN_VISITS = 20.0
CAP, ALONE = 20.0, 6.0  # nats of one mark at most; and with no other beside it
OCCASIONS = 3  # days
LISTED = -5.0


def search(view: View, flags: dict[str, Bools], claims: ClaimsOf, channel: str) -> list[Candidate]:
    """Doctors with more impossible care than anything explains, each with the people who bear it. `flags`: by visit."""
    visits = view.visits
    rows = np.flatnonzero((visits.doctor != BLANK) & (visits.service != PHARMACY))
    if not len(rows):
        return []
    doctors = len(view.codes.doctor)
    clients = Clients.of(view, rows)
    gains, counts, expected, again = {}, {}, {}, {}
    for name in MARKS:
        k, mu = excess(clients, flags[name], visits.start[rows] // DAY)
        differ = honest_scatter(k[0], mu[0])
        gain = nats.surprise(k, mu, differ) - np.log(2.0)
        again[name] = (gain[1] > gain[0]) & (gain[1] > 0)
        gains[name] = np.clip(gain.max(axis=0), 0.0, CAP)
        counts[name], expected[name] = (np.where(again[name], of[1], of[0]) for of in (k, mu))
    each = np.stack([gains[name] for name in MARKS])
    often = ~np.any([(gains[name] > 0) & ~again[name] for name in MARKS], axis=0)
    price = float(np.log(max(2, len(distinct(visits.doctor[rows]))))) + nats.MARGIN
    coordination = each.sum(axis=0) - price
    borne, rest = nats.backed(each, 0.0, ALONE)
    harm = borne - nats.MARGIN
    strong = rows[np.logical_or.reduce([flags[name][rows] for name in MARKS])]
    seen_by = visits.doctor[strong].astype(np.int64)
    homes = distinct_per(seen_by, view.people.household[visits.patient[strong]], doctors)
    days = distinct_per(seen_by, visits.start[strong] // DAY, doctors)
    good = (coordination > LISTED) & (rest > 0) & (homes >= nats.FEWEST_HOUSEHOLDS) & (days >= OCCASIONS)
    out = []
    for doctor in np.flatnonzero(good).tolist():
        told = [
            (name, int(counts[name][doctor]), float(expected[name][doctor]), float(gains[name][doctor]))
            for name in MARKS
        ]
        mine = strong[visits.doctor[strong] == doctor]
        if often[doctor]:
            mine = mine[on_days(visits.patient[mine], visits.start[mine] // DAY) > 1]
        scores = (float(coordination[doctor]), float(harm[doctor]))
        out.append(candidate(view, doctor, mine, flags, claims, told, scores, channel))
    return out


def kind_of(view: View, visits: Longs, otherwise: str) -> str:
    """Who is mostly in bed while the card is out is another kind."""
    beds = int((view.visits.service[visits] == INPATIENT).sum())
    return "sham_stay" if 2 * beds > len(visits) else otherwise


@dataclass(frozen=True)
class Clients:
    """Visits `rows` to doctors, with their kind of care, `spot` (place and kind), doctor and household.

    `client` is the doctor's household, `of_client` the doctor of each client; `doctors`: how many there are.
    """

    rows: Longs
    service: Longs
    spot: Longs
    doctor: Longs
    household: Longs
    client: Longs
    of_client: Longs
    doctors: int

    @staticmethod
    def of(view: View, rows: Longs) -> Clients:
        """Number them."""
        visits = view.visits
        doctor, service = visits.doctor[rows].astype(np.int64), visits.service[rows].astype(np.int64)
        spot = coded(visits.facility[rows].astype(np.int64) * 3 + service)[1]
        household = view.people.household[visits.patient[rows]].astype(np.int64)
        width = np.int64(household.max()) + 1
        clients, client = coded(doctor * width + household)
        return Clients(rows, service, spot, doctor, household, client, clients // width, len(view.codes.doctor))


def excess(of: Clients, flag: Bools, day: Longs) -> tuple[Floats, Floats]:
    """Households that bear a mark at one of the visits, and those that do on two days or more; and how many would for honest reasons.

    Both of shape (2, doctors). `flag`: by visit; `day`: by visit of `of`.
    """
    service, spot = of.service, of.spot
    bears = flag[of.rows].astype(np.float64)
    town = (tally(service, bears, 3) + 0.5) / (np.bincount(service, minlength=3) + 1.0)
    clients = len(of.of_client)
    days = distinct_per(of.client[bears > 0], day[bears > 0], clients)
    borne = days > 0
    theirs, seen = of_marked_clients(spot, of.doctor, of.household, bears, borne[of.client])
    others = np.maximum(0.0, tally(spot, bears)[spot] - theirs) + KNOWN_VISITS * town[service]
    there = others / (np.bincount(spot)[spot] - seen + KNOWN_VISITS)
    rate = np.minimum(np.maximum(there, town[service]), 0.99)
    never = tally(of.client, np.log1p(-rate), clients)
    once, twice = -np.expm1(never), -np.expm1(never) + np.exp(never) * never  # Poisson: at least one, at least two
    k = np.stack([tally(of.of_client, days >= least, of.doctors) for least in (1, 2)])
    elsewhere = k.sum(axis=1)[:, None] - k
    again = (elsewhere[1] + 0.5) / (elsewhere[0] + 1.0)
    return k, np.stack(
        [tally(of.of_client, of_one, of.doctors) for of_one in (once, np.maximum(twice, again[of.of_client] * once))]
    )


def on_days(patient: Ints, day: Longs) -> Longs:
    """By visit: on how many days the person has one of these visits."""
    people, who = np.unique(patient, return_inverse=True)
    return distinct_per(who.astype(np.int64), day, len(people))[who]


def of_marked_clients(
    spot: Longs, doctor: Longs, household: Longs, bears: Floats, marked: Bools
) -> tuple[Floats, Floats]:
    """By visit: the marked visits, and all, that its doctor's marked clients made at its spot, at whatever doctor.

    `marked`: the visit's household bears a mark at this doctor.
    """
    if not marked.any():
        return np.zeros(len(spot)), np.zeros(len(spot))
    homes = np.int64(household.max()) + 1
    pairs, pair = coded(spot * homes + household)
    wrong, visits = tally(pair, bears), np.bincount(pair)
    doctors = np.int64(doctor.max()) + 1
    links = distinct((pair * doctors + doctor)[marked])
    at = (pairs // homes)[links // doctors] * doctors + links % doctors
    keys, which = coded(at)
    own = spot * doctors + doctor
    found = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
    known = keys[found] == own
    sums = (tally(which, of[links // doctors], len(keys)) for of in (wrong, visits.astype(np.float64)))
    theirs, seen = (np.where(known, of[found], 0.0) for of in sums)
    return theirs, seen


def candidate(
    view: View,
    doctor: int,
    mine: Longs,
    flags: dict[str, Bools],
    claims: ClaimsOf,
    told: list[tuple[str, int, float, float]],
    scores: tuple[float, float],
    channel: str,
) -> Candidate:
    """One doctor's impossible care as a candidate. `mine`: his visits that bear a mark; `told`: mark, count, expected, nats."""
    visits = view.visits
    people, times = np.unique(visits.patient[mine], return_counts=True)
    at = claims(mine)
    expected = sum(mu for _, _, mu, _ in told)
    values: dict[str, object] = {
        "doctor": str(view.codes.doctor[doctor]),
        "people": len(people),
        "visits": len(mine),
        "days": len(distinct(visits.start[mine] // DAY)),
        "expected": round(expected, 1),
    }
    findings = [Finding(channel, "for", "reasons_kinds.impossible_care", values, len(people), expected, at, scores[0])]
    for name, count, mu, gain in told:
        if gain > 0:
            said: dict[str, object] = {"households": count, "expected": round(mu, 1)}
            shown = claims(mine[flags[name][mine]])
            findings.append(Finding(channel, "harm", f"reasons_kinds.lent_cards_{name}", said, count, mu, shown, gain))
    against: dict[str, object] = {"expected": round(expected, 1)}
    findings.append(
        Finding(channel, "against", "reasons_kinds.impossible_care_coding", against, len(people), expected, at)
    )
    places = distinct(visits.facility[mine])
    hubs: tuple[tuple[HubType, int, str], ...] = (
        ("doctor", doctor, "attending"),
        *(("facility", int(f), "session_place") for f in places),
    )
    strength = 1.0 - 0.5 ** np.minimum(times, 6).astype(np.float64)
    return Candidate(
        kind_of(view, mine, channel), channel, people.astype(np.int32), strength, hubs, at, *scores, tuple(findings)
    )
