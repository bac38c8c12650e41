"""In turn between hospitals: people discharged at one and admitted at another within 15 days, again and again (rotation).

A move is a stay that begins within 15 days of the same person's discharge elsewhere. A *road* is a pair of facilities in either
direction. Who moves on it twice or more, or on from it at once, turns. Honest care moves people once (hospital, rehabilitation), now
and then back.
Observed: k households that turn on a road, on at least three days: a ward that moves out and back has two. Counted for each of `TURNS`
moves a person, of which the one that tells most is paid for: from house to house and back is frequent, four times is not.
Expected: mu = households that move on it x the share of movers that turn so often on the other roads (but for those on which most turn).
S = sum of L(k, mu) over the roads - what it takes to name them (`naming`) - half of (1 + ln(N/|G|)) a person who moved only once.
Roads are one rotation when two or more people turn on both. Who moved only once belongs where most of the road's movers turn.
Harm: stays that split one course of care, against the share of all stays that do; no further than `ALONE` beyond what `company`
shows, since long illnesses are moved from house to house as well, and `LENGTH_BACKS` where the stays are equally long for illnesses
that differ (`lengths`): a timetable; and as many where the illness changes with the house (`illnesses`).
Blind spots: a rotation whose legs are all at one facility; one in which nobody comes back.
Source: local rules on split stays (15 days).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from ringfinder.communities.components import components
from ringfinder.evidence import empty_stays
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct, distinct_per, drawn, order_by
from ringfinder.evidence.hubs import WIDTH
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, Bools, Candidate, Finding, Floats, Ints, Longs, View, Visits
from ringfinder.evidence.visits import claims_of, onward
from ringfinder.rings import illnesses, lengths
from ringfinder.rings.company import Company, company
from ringfinder.rings.harm import ALONE, LENGTH_BACKS

LEAST_DAYS = 3  # a ward that moves out and back has two
LEAST_NATS = 3.0
SHARED_TRAVELLERS, SHARED_PART = 2, 0.25
TURNS = (2, 3, 4)  # moves of one person on one road, or without a break: from the first on he turns
AROUND, ROUND = 3, 3  # who moves so often between so many hospitals goes round, whatever lies between two moves
MOST_TURN = 0.5  # of a road's movers: then those who moved once belong too
OTHERS_TURN = 0.02  # at least this share of movers turns for honest reasons: hospital, rehabilitation and back
MOST_PLACES = 62  # of joined roads, told apart by their bits; more are no ring's
MOST_HARM = 40.0

needs = ("claims.service_type",)


@dataclass(frozen=True)
class Moves:
    """One row a move, sorted by (patient, time): the two visits, and the road (index; `ends` by road: WIDTH * lower + higher)."""

    patient: Longs
    leaving: Longs
    arriving: Longs
    road: Longs
    ends: Longs


def moves(view: View) -> Moves:
    """Consecutive stays of one person at two facilities within 15 days."""
    visits = view.visits
    rows = np.flatnonzero((visits.service == INPATIENT) & ~visits.course & ~visits.programme)
    a, b = rows[:-1], rows[1:]
    went = onward(visits, rows) & (visits.start[b] - visits.end[a] > -DAY)
    a, b = a[went], b[went]
    here, there = visits.facility[a].astype(np.int64), visits.facility[b].astype(np.int64)
    ends, road = coded(np.minimum(here, there) * WIDTH + np.maximum(here, there))
    return Moves(visits.patient[a].astype(np.int64), a, b, road, ends)


@dataclass(frozen=True)
class Roads:
    """By road: `turn` (k households), `expected` (mu), `gain` (nats), of those who moved as often as tells most; `turned`: nats of those
    who turn at all; `crowded` (most movers turn).

    `turns` by move: its person turns, and as often as tells most of the road, or once less.
    """

    turn: Longs
    expected: Floats
    gain: Floats
    turned: Floats
    crowded: Bools
    turns: Bools


def judge(view: View, went: Moves) -> Roads:
    """Count who turns on each road, against the other roads."""
    size = len(went.ends)
    traveller = coded(went.patient * size + went.road)[1]
    linked = (went.patient[1:] == went.patient[:-1]) & (went.leaving[1:] == went.arriving[:-1])
    chain = np.cumsum(np.r_[True, ~linked]) - 1
    often = np.maximum.reduce([np.bincount(traveller)[traveller], np.bincount(chain)[chain], rounds(went)])
    household = view.people.household[went.patient].astype(np.int64)
    moved = distinct_per(went.road, household, size)
    days = view.visits.start[went.arriving] // DAY
    crowded = distinct_per(went.road[often >= TURNS[0]], household[often >= TURNS[0]], size) > MOST_TURN * moved
    theirs = moved * ~crowded  # roads on which most turn are no measure for the others
    seen = []
    for times in TURNS:
        turns = often >= times
        k = distinct_per(went.road[turns], household[turns], size)
        mine = k * ~crowded
        others = (mine.sum() - mine + 1.0) / (theirs.sum() - theirs + 2.0)
        mu = moved * np.maximum(np.minimum(others, 1.0), OTHERS_TURN)
        enough = (k >= nats.FEWEST_HOUSEHOLDS) & (distinct_per(went.road[turns], days[turns], size) >= LEAST_DAYS)
        seen.append((k, mu, np.where(enough, nats.surprise(k, mu), 0.0)))
    ks, mus, gains = (np.stack(parts) for parts in zip(*seen, strict=True))
    most = len(TURNS) - 1 - gains[::-1].argmax(axis=0)  # of equals the most moves
    best, at = np.where(gains.max(axis=0) > 0, most, 0), np.arange(size)
    gain = np.maximum(gains[best, at] - np.log(len(TURNS)), 0.0)
    least = np.maximum(TURNS[0], np.array(TURNS)[best] - 1)  # who joined late turned once less
    return Roads(ks[best, at], mus[best, at], gain, gains[0], crowded, often >= least[went.road])


def rounds(went: Moves) -> Longs:
    """By move: how often its person moves at all, where it is `ROUND` times or more and always between the same three hospitals; else 0.

    A timetable with long pauses shows no road twice and no second move at once: from A to B, weeks later from C to A.
    """
    person = coded(went.patient)[1]
    ends = went.ends[went.road]
    places = distinct_per(np.r_[person, person], np.r_[ends // WIDTH, ends % WIDTH], len(person))[person]
    moves_of = np.bincount(person)[person]
    return np.where((places <= AROUND) & (moves_of >= ROUND), moves_of, 0)


def search(view: View) -> list[Candidate]:
    """Rotations, and people whose beds stand empty, as candidates."""
    return [*rotations(view), *empty_stays.search(view, claims_of(view), "transfers")]


def rotations(view: View) -> list[Candidate]:
    """Rotations as candidates."""
    went = moves(view)
    if not len(went.patient):
        return []
    roads = judge(view, went)
    good = roads.turned > LEAST_NATS
    if not good.any():
        return []
    everybody = max(2, 1 + int(np.count_nonzero(np.diff(view.visits.patient))))  # visits are sorted by person
    stays = max(1, int(np.count_nonzero(view.visits.service == INPATIENT)))
    town = (everybody, len(went.patient) / stays)
    return [
        candidate(view, went, roads, part, people, town)
        for part in joined(went, roads, good)
        for people in by_hospitals(view, went, roads, part)
    ]


def by_hospitals(view: View, went: Moves, roads: Roads, part: Longs) -> list[Longs]:
    """The people of joined roads, told apart where several sets of hospitals are travelled: a ring has its own.

    A set is whatever one person travelled; sets of three households or more that lie in no other of these are kept, and everybody goes
    to the set that holds all his hospitals (of several the one with more people).
    """
    mine = np.flatnonzero(np.isin(went.road, part))
    mine = mine[roads.turns[mine] | roads.crowded[went.road[mine]]]
    people, who = np.unique(went.patient[mine], return_inverse=True)
    ends = went.ends[went.road[mine]]
    places, at = np.unique(np.r_[ends // WIDTH, ends % WIDTH], return_inverse=True)
    if len(places) > MOST_PLACES:
        return [people]
    travelled = np.zeros(len(people), np.int64)
    np.bitwise_or.at(travelled, np.r_[who, who], np.int64(1) << at)
    sets, which = coded(travelled)
    homes = distinct_per(which, view.people.household[people].astype(np.int64), len(sets))
    wide = sets[homes >= nats.FEWEST_HOUSEHOLDS]
    wide = wide[[not any((s & t) == s and s != t for t in wide) for s in wide]] if len(wide) else wide
    if len(wide) < 2:
        return [people]
    size = np.bincount(which)[np.searchsorted(sets, wide)]
    inside = (travelled[:, None] & ~wide[None, :]) == 0
    best = np.where(inside, size[None, :], -1).argmax(axis=1)
    best[~inside.any(axis=1)] = BLANK
    return [people[best == i] for i in range(len(wide))]


def joined(went: Moves, roads: Roads, good: Bools) -> list[Longs]:
    """Roads joined when two or more of the same people, and a quarter of the smaller road's, turn on both; lists of road numbers."""
    rows = good[went.road] & roads.turns
    seen = distinct(went.patient[rows] * WIDTH + went.road[rows])
    patient, number = seen // WIDTH, seen % WIDTH
    people = np.bincount(number, minlength=len(went.ends))
    first: list[Longs] = []
    second: list[Longs] = []
    for step in range(1, 12):  # nobody turns on more roads than this
        same = patient[step:] == patient[:-step]
        first.append(number[:-step][same])
        second.append(number[step:][same])
    keys, shared = np.unique(np.concatenate(first) * WIDTH + np.concatenate(second), return_counts=True)
    fewer = np.minimum(people[keys // WIDTH], people[keys % WIDTH])
    keys = keys[(shared >= SHARED_TRAVELLERS) & (shared >= SHARED_PART * fewer)]
    alone = np.flatnonzero(good)
    node, group = components(np.r_[keys // WIDTH, alone], np.r_[keys % WIDTH, alone])
    order = np.lexsort((node, group))
    return np.split(node[order], np.flatnonzero(np.diff(group[order])) + 1)


def candidate(view: View, went: Moves, roads: Roads, part: Longs, people: Longs, town: tuple[int, float]) -> Candidate:
    """One rotation from its roads and people. `town`: people, and moves a stay."""
    everybody, rate = town
    mine = np.isin(went.road, part)
    turned = np.zeros(len(view.codes.patient), np.bool_)
    turned[went.patient[mine & roads.turns]] = True
    rows = np.flatnonzero(mine & np.isin(went.patient, people) & (turned[went.patient] | roads.crowded[went.road]))
    if np.count_nonzero(~turned[distinct(went.patient[rows])]) > np.count_nonzero(turned[people]):
        rows = rows[turned[went.patient[rows]]]  # the road is others' as well
    part = distinct(went.road[rows])
    patients, times = np.unique(went.patient[rows], return_counts=True)
    per_head = 1.0 + np.log(everybody / len(patients))
    travelled = float(roads.gain[part].sum())
    once = int(np.count_nonzero(~turned[patients]))
    price = naming(went, part) + 0.5 * per_head * once
    visits = distinct(np.r_[went.leaving[rows], went.arriving[rows]])
    claims = claims_of(view)(visits)
    moved, expected = len(rows), rate * len(visits)
    split = min(MOST_HARM, float(nats.surprise(moved, max(expected, 0.05))))
    back = rows[comes_back(view, went, rows)]
    equally_long, differ = lengths.of_stays(view, visits)
    shared = company(view, went.leaving[back], went.arriving[back], differ)
    packaged = min(equally_long, LENGTH_BACKS) if differ and equally_long >= ALONE else 0.0
    new = illnesses.changed(view, went.leaving[rows], went.arriving[rows])
    split = min(split, ALONE + shared.nats + packaged + min(new.nats, LENGTH_BACKS))
    days = len(distinct(view.visits.start[went.arriving[rows]] // DAY))
    places = distinct(view.visits.facility[visits])
    chance = float(roads.expected[part].sum())
    values: dict[str, object] = {
        "people": len(patients),
        "moves": moved,
        "turning": int(roads.turn[part].sum()),
        "roads": len(part),
        "days": days,
        "places": "、".join(str(view.codes.facility[f]) for f in places),
        "expected": round(chance, 1),
    }
    seen = float(roads.turn[part].sum())
    return Candidate(
        kind="rotation",
        channel="transfers",
        patients=patients.astype(np.int32),
        strength=np.clip(0.5 + 0.15 * times, 0, 0.99),
        hubs=tuple(("facility", int(f), "hospital") for f in places),
        claims=claims,
        coordination=travelled - float(price),
        harm=split,
        findings=(
            Finding("transfers", "for", "reasons.transfers", values, seen, chance, claims, travelled),
            Finding("transfers", "harm", "reasons.split_stays", values, moved, round(expected, 2), claims, split),
            in_company(shared, claims),
            *another_illness(new, claims),
        ),
    )


def naming(went: Moves, part: Longs) -> float:
    """Nats to name these roads: one by one out of all in use, or by the places that they join, whatever is less."""
    places, known = (distinct(np.r_[ends // WIDTH, ends % WIDTH]) for ends in (went.ends[part], went.ends))
    by_road, by_place = len(part) * np.log(max(2, len(went.ends))), len(places) * np.log(max(2, len(known)))
    return float(min(by_road, by_place))


def comes_back(view: View, went: Moves, rows: Longs) -> Bools:
    """By move of `rows`: its person was at one of these hospitals twice. Who is passed on and on came by a pathway of care."""
    visits = view.visits
    stays = distinct(np.r_[went.leaving[rows], went.arriving[rows]])
    people, who = coded(visits.patient[stays].astype(np.int64))
    twice = distinct_per(who, visits.facility[stays].astype(np.int64), len(people)) < np.bincount(who)
    return twice[np.searchsorted(people, went.patient[rows])]


def in_company(shared: Company, claims: Ints) -> Finding:
    """Whether they were moved together, as evidence for the ring or against it."""
    values: dict[str, object] = {"moved": shared.moved, "moves": shared.moves, "expected": round(shared.expected, 1)}
    side: Literal["for", "against"] = "for" if shared.nats > ALONE else "against"
    key = "reasons.moved_together" if side == "for" else "reasons.moved_apart"
    return Finding("transfers", side, key, values, shared.moved, shared.expected, claims, shared.nats)


def another_illness(new: illnesses.Changed, claims: Ints) -> list[Finding]:
    """That they were moved for another illness each time, where they were."""
    if new.nats <= 0:
        return []
    values: dict[str, object] = {"changed": new.changed, "moves": new.moves, "expected": round(new.expected, 1)}
    key = "reasons.another_illness"
    return [Finding("transfers", "harm", key, values, new.changed, new.expected, claims, new.nats)]


def off(view: View) -> str | None:
    """Off where nobody was ever in bed."""
    return None if (view.visits.service == INPATIENT).any() else "channels.no_stays"


def shuffled(view: View, seed: int) -> View:
    """A null world: who made each stay is drawn anew among the people of the same facility and month of the year."""
    visits = view.visits
    stays = np.flatnonzero(visits.service == INPATIENT)
    stratum = visits.facility[stays].astype(np.int64) * 4096 + visits.start[stays] // (30 * DAY)
    patient = visits.patient.copy()
    patient[stays[order_by(stratum)]] = visits.patient[stays[order_by(stratum, drawn(len(stays), seed))]]
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
