"""Transfer flows: people discharged by one doctor and admitted by another elsewhere within 15 days, in turn (rotation).

Observed: h households that went from desk A (a doctor, or the facility where no doctor is known) to desk B of another facility.
Expected: mu, the larger of out_A in_B / all moves and what other pairs of desks of the two facilities exchange on average (a
referral agreement between two hospitals is everybody's, not one pair's). Flow: `h ln(h/mu) - (h - mu)`.
Flows are joined when two or more of the same people travel both. S = sum of the flows' nats - ln(pairs of desks in use) a flow
- half of (1 + ln(N/|G|)) a person seen on one flow only. Harm: stays that split one course of care, each within 15 days of a discharge.
Blind spots: a rotation whose legs are all at one facility; hospitals without doctors that exchange patients by agreement;
ward transfers during a rebuilding are one day and count once.
Source: local rules on split stays (15 days); flows as in market-basket lift.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from ringfinder.communities.components import components
from ringfinder.evidence.arrays import distinct, distinct_per, order_by
from ringfinder.evidence.hubs import WIDTH
from ringfinder.evidence.marks import SPLIT_STAY
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, Bools, Candidate, Finding, Floats, Ints, Longs, View, Visits
from ringfinder.evidence.visits import claims_of

LEAST_HOUSEHOLDS = 3
LEAST_DAYS = 2
LEAST_NATS = 3.0
SHARED_TRAVELLERS = 2


needs = ("claims.service_type",)


@dataclass(frozen=True)
class Moves:
    """One row a move, sorted by (patient, time): the two visits and the two desks."""

    patient: Ints
    leaving: Longs
    arriving: Longs
    origin: Longs
    target: Longs


def moves(view: View) -> Moves:
    """Consecutive stays of one person at two facilities within 15 days."""
    visits = view.visits
    rows = np.flatnonzero((visits.service == INPATIENT) & ~visits.course & ~visits.programme)
    a, b = rows[:-1], rows[1:]
    gap = visits.start[b] - visits.end[a]
    went = (
        (visits.patient[a] == visits.patient[b])
        & (visits.facility[a] != visits.facility[b])
        & (gap <= SPLIT_STAY)
        & (gap > -DAY)
    )
    a, b = a[went], b[went]
    doctors = np.int64(len(view.codes.doctor))

    def desk(visit: Longs) -> Longs:
        doctor = visits.doctor[visit].astype(np.int64)
        return np.where(doctor == BLANK, doctors + visits.facility[visit], doctor)

    return Moves(visits.patient[a], a, b, desk(a), desk(b))


def search(view: View) -> list[Candidate]:
    """Rotations as candidates."""
    went = moves(view)
    if not len(went.patient):
        return []
    pair, flow = np.unique(went.origin * WIDTH + went.target, return_inverse=True)
    n = len(pair)
    household = view.people.household[went.patient].astype(np.int64)
    day = view.visits.start[went.arriving] // DAY
    h = distinct_per(flow, household, n).astype(np.float64)
    days = distinct_per(flow, day, n)
    out_a = np.bincount(np.unique(went.origin, return_inverse=True)[1])[
        np.searchsorted(distinct(went.origin), pair // WIDTH)
    ]
    in_b = np.bincount(np.unique(went.target, return_inverse=True)[1])[
        np.searchsorted(distinct(went.target), pair % WIDTH)
    ]
    mu = np.maximum(out_a * in_b / len(flow), colleagues(view, went, pair, flow))
    gain = np.where(h > mu, h * np.log(h / np.maximum(mu, 1e-3)) - (h - mu), 0.0)
    good = (h >= LEAST_HOUSEHOLDS) & (days >= LEAST_DAYS) & (gain > LEAST_NATS)
    if not good.any():
        return []
    everybody = max(2, 1 + int(np.count_nonzero(np.diff(view.visits.patient))))  # visits are sorted by person
    stays = max(1, int(np.count_nonzero(view.visits.service == INPATIENT)))
    rate = len(went.patient) / stays
    return [candidate(view, went, flow, part, (gain, h, mu), (everybody, rate)) for part in joined(went, flow, good)]


def colleagues(view: View, went: Moves, pair: Longs, flow: Longs) -> Floats:
    """By flow: what the other desks of the two facilities exchange a pair of desks."""
    visits = view.visits
    here, there = visits.facility[went.leaving].astype(np.int64), visits.facility[went.arriving].astype(np.int64)
    road, on = np.unique(here * WIDTH + there, return_inverse=True)
    traffic = np.bincount(on)
    first = np.unique(flow, return_index=True)[1]
    mine = np.bincount(flow)
    of_flow = on[first]
    flows_on_road = np.bincount(of_flow, minlength=len(road))
    others = np.maximum(0, traffic[of_flow] - mine)
    del pair
    return others / np.maximum(1, flows_on_road[of_flow] - 1)


def joined(went: Moves, flow: Longs, good: Bools) -> list[Longs]:
    """Flows joined when at least two of the same people travel both; lists of flow numbers."""
    rows = good[flow]
    seen = distinct(went.patient[rows].astype(np.int64) * WIDTH + flow[rows])
    patient, number = seen // WIDTH, seen % WIDTH
    first: list[Longs] = []
    second: list[Longs] = []
    for step in range(1, 12):  # nobody travels more flows than this
        same = patient[step:] == patient[:-step]
        first.append(number[:-step][same])
        second.append(number[step:][same])
    keys, shared = np.unique(np.concatenate(first) * WIDTH + np.concatenate(second), return_counts=True)
    keys = keys[shared >= SHARED_TRAVELLERS]
    alone = np.flatnonzero(good)
    node, group = components(np.r_[keys // WIDTH, alone], np.r_[keys % WIDTH, alone])
    order = np.lexsort((node, group))
    return np.split(node[order], np.flatnonzero(np.diff(group[order])) + 1)


def candidate(
    view: View,
    went: Moves,
    flow: Longs,
    part: Longs,
    flows: tuple[Floats, Floats, Floats],
    town: tuple[int, float],
) -> Candidate:
    """One rotation from its flows. `flows`: nats, households, expected by flow; `town`: people, moves a stay."""
    gain, h, mu = flows
    everybody, rate = town
    rows = np.flatnonzero(np.isin(flow, part))
    patients, times = np.unique(went.patient[rows], return_counts=True)
    per_head = 1.0 + np.log(everybody / len(patients))
    travelled = float(gain[part].sum())
    price = len(part) * np.log(max(2, len(gain))) + per_head * float(np.count_nonzero(times == 1)) * 0.5
    visits = distinct(np.r_[went.leaving[rows], went.arriving[rows]])
    claims = claims_of(view)(visits)
    moved = len(rows)
    stays = len(visits)
    expected = rate * stays
    split = moved * np.log(moved / max(expected, 0.05)) - (moved - expected) if moved > expected else 0.0
    days = len(distinct(view.visits.start[went.arriving[rows]] // DAY))
    places = distinct(view.visits.facility[visits])
    values: dict[str, object] = {
        "people": len(patients),
        "moves": moved,
        "flows": len(part),
        "days": days,
        "places": "、".join(str(view.codes.facility[f]) for f in places),
        "expected": round(float(mu[part].sum()), 1),
    }
    doctors = distinct(np.r_[went.origin[rows], went.target[rows]])
    doctors = doctors[doctors < len(view.codes.doctor)]
    return Candidate(
        kind="rotation",
        channel="transfers",
        patients=patients.astype(np.int32),
        strength=np.clip(0.5 + 0.15 * times, 0, 0.99),
        hubs=tuple(("doctor", int(d), "attending") for d in doctors)
        + tuple(("facility", int(f), "hospital") for f in places),
        claims=claims,
        coordination=travelled - float(price),
        harm=float(min(40.0, split)),
        findings=(
            Finding(
                "transfers",
                "for",
                "reasons.transfers",
                values,
                float(h[part].sum()),
                float(mu[part].sum()),
                claims,
                travelled,
            ),
            Finding(
                "transfers", "harm", "reasons.split_stays", values, moved, round(expected, 2), claims, float(split)
            ),
        ),
    )


def off(view: View) -> str | None:
    """Off where nobody was ever in bed."""
    return None if (view.visits.service == INPATIENT).any() else "channels.no_stays"


def shuffled(view: View, seed: int) -> View:
    """A null world: who made each stay is drawn anew among the people of the same facility and month of the year."""
    visits = view.visits
    stays = np.flatnonzero(visits.service == INPATIENT)
    stratum = visits.facility[stays].astype(np.int64) * 4096 + visits.start[stays] // (30 * DAY)
    random = np.random.default_rng(seed).random(len(stays))
    patient = visits.patient.copy()
    patient[stays[order_by(stratum)]] = visits.patient[stays[order_by(stratum, random)]]
    order = order_by(patient, visits.start, visits.service, visits.facility)
    place_of = np.empty(len(order), np.int32)
    place_of[order] = np.arange(len(order), dtype=np.int32)
    arrays = {f.name: getattr(visits, f.name)[order] for f in fields(visits)}
    arrays["patient"] = patient[order]
    claims = view.claims
    return replace(
        view,
        visits=Visits(**arrays),
        claims=replace(claims, visit=place_of[claims.visit], patient=patient[claims.visit]),
    )
