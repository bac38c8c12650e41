"""Lent cards: several cards used at one place in the same half-days for care that cannot be their holders'.

Marks of a visit. Strong: a diagnosis that this sex or age hardly ever has (tables learnt from the claims, no code
list); a visit elsewhere at the same time (faster than one can travel, or out while in bed elsewhere). Weak, they only
confirm: the same with a pharmacy (spouses collect for each other), an hour at which hardly anybody comes, a card that
another household's member holds (cards are re-issued).

Model. People with a strong mark at a place are tied when they share at least two half-days there beyond chance; from
these seeds the group's sessions and members are found (`sessions`). A strong mark on fewer of the group's visits there
than its typical share (`marks.TYPICAL`) is a slip of the pen; a mark counts once a household and type, against
the larger of its rate among everybody and among the other patients of these places: an emergency ward or a badly
coding clinic explains itself.

    S = marks + sessions - price of members and places        H = marks - ln(seeds) - 1

Cards that come one by one, on any day, are found by the doctor who does not look (`impossible_care`), by the places to which
they wander (`wandering`) or gather though their care contradicts itself in two ways (`contradictions`) or was at two places at once on
many days (`two_places`), or by how many households use one of them (`shared_cards`).

Blind spots: nothing without diagnosis, hours and coordinates; rings inside one family are invisible by design.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ringfinder.evidence import impossible_care, shared_cards, two_places, wandering, whereabouts
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence import marks as signs
from ringfinder.evidence import sessions as at_one_time
from ringfinder.evidence.arrays import distinct, order_by
from ringfinder.evidence.contradictions import contradicting
from ringfinder.evidence.misfit import misfits, ways
from ringfinder.evidence.session_seeds import one_each, seeds
from ringfinder.evidence.sessions import Attendance, Held
from ringfinder.evidence.view import (
    BLANK,
    DAY,
    HOUR,
    PHARMACY,
    Bools,
    Candidate,
    Finding,
    Floats,
    HubType,
    Longs,
    View,
)
from ringfinder.evidence.visits import ClaimsOf, claims_of

KIND = CHANNEL = "lent_cards"
needs = ("claims.diagnosis_code",)

STRONG, WEAK = ("misfit", "travel", "in_bed"), ("errand", "night", "borrowed")
ODD_HOUR = 0.002  # an hour with a smaller share of all visits is one at which hardly anybody comes
KNOWN_PEOPLE = 20.0  # visits of everybody that the rate among a place's other patients is smoothed with
LISTED = -30.0
OCCASIONS = 3  # days: two joint occasions of a class or a village are cheap
# a go-between with a pile of cards is done in an hour or two; patients who borrow cards come and go for half a day
SPANS = (at_one_time.HALF_DAY, at_one_time.HALF_DAY // 8)


def off(view: View) -> str | None:
    """Either diagnoses or hours must be known."""
    some = view.hours_known or (view.claims.diagnosis != BLANK).any()
    return None if some else "reasons_kinds.lent_cards_off"


def search(view: View) -> list[Candidate]:
    """Groups whose cards bear marks at common sessions; best first."""
    if off(view) is not None or not len(view.visits.patient):
        return []
    flags = marks_of(view)
    any_mark = np.logical_or.reduce(list(flags.values()))
    strong = np.logical_or.reduce([flags[m] for m in STRONG])
    marked = np.zeros(len(view.codes.patient), np.bool_)
    marked[view.visits.patient[strong]] = True
    rates = {name: base_rates(view, flag) for name, flag in flags.items()}
    sown = [
        (seen, seeds(seen, visits_of_marked(seen, any_mark))) for seen in (at_one_time.attend(view, n) for n in SPANS)
    ]
    price = float(np.log(max(sum(len(found) for _, found in sown), 1))) + nats.MARGIN
    by_visit = claims_of(view)
    best: dict[bytes, Candidate] = {}
    for seen, found in sown:
        for group, odds in at_one_time.groups(seen, found, marked):
            if len(distinct(view.people.household[group])) < nats.FEWEST_HOUSEHOLDS:
                continue
            one = candidate(view, seen, Ground(flags, rates, by_visit, price), group, odds)
            key = group.tobytes()
            if one is not None and one.coordination > LISTED and (key not in best or better(one, best[key])):
                best[key] = one
    one_by_one = [
        *impossible_care.search(view, flags, by_visit, KIND),
        *wandering.search(view, wandering.wanderers(view, flags["misfit"]), by_visit, KIND),
        *wandering.search(view, contradicting(view, flags, ways(view)), by_visit, KIND),
        *two_places.search(view, by_visit, KIND),
        *shared_cards.search(view, KIND),
    ]
    return one_each([*best.values(), *one_by_one])


def better(one: Candidate, other: Candidate) -> bool:
    """Whether the weaker door of one stands wider than the other's."""
    return min(one.coordination, one.harm) > min(other.coordination, other.harm)


def marks_of(view: View) -> dict[str, Bools]:
    """Each kind of mark by visit."""
    visits = view.visits
    x, y = whereabouts.kilometres(view)
    nothing = np.zeros(len(visits.patient), np.bool_)
    shop = visits.service == PHARMACY
    travel = signs.flagged(whereabouts.impossible_travel(view, x, y, ~shop), len(shop))
    errand = signs.flagged(whereabouts.impossible_travel(view, x, y), len(shop)) & ~travel
    hour = (visits.start % DAY) // HOUR
    busy = np.bincount(hour, minlength=24) / max(len(hour), 1)
    night = (busy[hour] < ODD_HOUR) & (visits.start % DAY != 0) if view.hours_known else nothing
    bed = whereabouts.lying_elsewhere(view)
    return {
        "misfit": misfits(view),
        "travel": travel,
        "in_bed": bed & ~shop,
        "errand": errand | (bed & shop),
        "night": night,
        "borrowed": borrowed(view),
    }


def borrowed(view: View) -> Bools:
    """Visits with a card whose holder is of another household."""
    out = np.zeros(len(view.visits.patient), np.bool_)
    out[view.claims.visit[shared_cards.by_strangers(view, shared_cards.holders(view))]] = True
    return out


def visits_of_marked(seen: Attendance, any_mark: Bools) -> Longs:
    """Rows of people at places where they bear a mark."""
    bearing = np.flatnonzero(any_mark[seen.visit])
    width = np.int64(len(seen.total))
    wanted = distinct(seen.patient[bearing] * width + seen.place[seen.session[bearing]])
    rows: Longs = np.flatnonzero(np.isin(seen.patient * width + seen.place[seen.session], wanted))
    return rows


def base_rates(view: View, flag: Bools) -> tuple[Longs, Longs]:
    """By place, how many visits bear the mark and how many visits there are."""
    places = len(view.codes.facility)
    bears = np.bincount(view.visits.facility[flag], minlength=places).astype(np.int64)
    return bears, np.bincount(view.visits.facility, minlength=places).astype(np.int64)


@dataclass(frozen=True)
class Mark:
    """One kind of mark in a group: households that bear it, expected, nats."""

    name: str
    count: int
    expected: float
    gain: float


@dataclass(frozen=True)
class Ground:
    """What all groups are judged on: marks by visit with their rates, the claims of visits, the price of the search."""

    flags: dict[str, Bools]
    rates: dict[str, tuple[Longs, Longs]]
    claims: ClaimsOf
    price: float


def judge(view: View, seen: Attendance, meetings: Held, ground: Ground, group: Longs) -> list[Mark]:
    """All marks of the group's visits at the places of its sessions, one a household and type."""
    rows = seen.rows_of(group)
    everywhere = seen.visit[rows]
    rows = rows[np.isin(seen.place[seen.session[rows]], meetings.places)]
    visit = seen.visit[rows]
    household = np.unique(seen.household[rows], return_inverse=True)[1]
    place = view.visits.facility[visit]
    mine = np.bincount(place, minlength=len(seen.total))
    out = []
    for name, flag in ground.flags.items():
        bears, total = ground.rates[name]
        strangers = max(int(total.sum()) - len(everywhere), 1)
        overall = (int(bears.sum()) - int(flag[everywhere].sum()) + 0.5) / strangers
        mine_bear = np.bincount(place[flag[visit]], minlength=len(total))
        there = (bears - mine_bear + KNOWN_PEOPLE * overall) / (total - mine + KNOWN_PEOPLE)
        rate = np.minimum(np.maximum(there, overall)[place], 0.99)
        never = np.bincount(household, weights=np.log1p(-rate))  # ln chance that the household never bears it
        expected = float(-np.expm1(never).sum())
        count = len(distinct(household[flag[visit]]))
        typical = name in WEAK or int(np.count_nonzero(flag[visit])) >= signs.TYPICAL[name] * len(visit)
        out.append(Mark(name, count, expected, float(nats.surprise(count, expected)) if typical else 0.0))
    return out


def candidate(view: View, seen: Attendance, ground: Ground, group: Longs, odds: Floats) -> Candidate | None:
    """The group as a candidate, or None where its sessions are too few."""
    meetings = at_one_time.held(seen, group)
    if len(distinct(view.visits.start[seen.visit[meetings.rows]] // DAY)) < OCCASIONS:
        return None
    found = judge(view, seen, meetings, ground, group)
    strong = sum(m.gain for m in found if m.name in STRONG)
    marks = strong + min(sum(m.gain for m in found if m.name in WEAK), strong)
    cost = at_one_time.price(seen, meetings.places, len(group))
    visit = seen.visit[meetings.rows]
    claims = ground.claims(visit)
    places = meetings.places
    values: dict[str, object] = {
        "people": len(group),
        "sessions": len(meetings.sessions),
        "places": len(places),
        "households": sum(m.count for m in found if m.name in STRONG),
    }
    findings = [
        Finding(CHANNEL, "for", "reasons_kinds.lent_cards", values, len(meetings.sessions), 0.0, claims, meetings.gain)
    ]
    for m in found:
        if m.gain > 0:
            bearing = ground.claims(visit[ground.flags[m.name][visit]])
            told: dict[str, object] = {"households": m.count, "expected": round(m.expected, 1)}
            findings.append(
                Finding(
                    CHANNEL, "harm", f"reasons_kinds.lent_cards_{m.name}", told, m.count, m.expected, bearing, m.gain
                )
            )
    wards = {"expected": round(sum(m.expected for m in found if m.name in STRONG), 1)}
    findings.append(
        Finding(CHANNEL, "against", "reasons_kinds.lent_cards_places", dict(wards), strong, wards["expected"], claims)
    )
    hubs: tuple[tuple[HubType, int, str], ...] = tuple(("facility", int(f), "session_place") for f in places)
    strength = 1.0 / (1.0 + np.exp(-np.clip(odds, 0.0, 8.0)))
    return Candidate(
        impossible_care.kind_of(view, visit, KIND),
        CHANNEL,
        group.astype(np.int32),
        strength,
        hubs,
        claims,
        float(marks + meetings.gain - cost),
        float(marks - ground.price),
        tuple(findings),
    )


def shuffled(view: View, seed: int) -> View:
    """Diagnoses permuted within place and kind of care, hours of the day within place, kind of care and week.

    Who comes where on which day stays, and so does every place's load, its illnesses and its nights; whose illness it
    is, and who is at two places at once, becomes chance.
    """
    visits, claims = view.visits, view.claims
    spot = (visits.facility, visits.service)
    turn = np.arange(len(visits.patient), dtype=np.int32)
    ill = nats.permuted_within(turn, spot, seed)
    diagnosis = visits.diagnosis[ill]
    clock = visits.start % DAY
    hour = nats.permuted_within(turn, (*spot, visits.start // (7 * DAY)), seed + 1)
    moved = clock[hour] - clock
    still = order_by(visits.patient, visits.start + moved, visits.service, visits.facility)
    shifted = replace(visits, diagnosis=diagnosis, start=visits.start + moved, end=visits.end + moved)
    shifted = replace(shifted, **{n: getattr(shifted, n)[still] for n in shifted.__dataclass_fields__})
    new_place = np.empty(len(still), np.int32)
    new_place[still] = turn
    known = np.where(claims.diagnosis == BLANK, BLANK, diagnosis[claims.visit]).astype(np.int32)
    later = moved[claims.visit]
    claims = replace(
        claims, visit=new_place[claims.visit], diagnosis=known, start=claims.start + later, end=claims.end + later
    )
    by = order_by(claims.patient, claims.start, claims.row)
    claims = replace(claims, **{n: getattr(claims, n)[by] for n in claims.__dataclass_fields__})
    return replace(view, visits=shifted, claims=claims)
