"""Who brought them: households that one hub names, beside all people and beside the others who came to the group's places."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.hubs import WIDTH, Hubs, find
from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, View
from ringfinder.rings.bases import rates
from ringfinder.rings.brought import LEAST_NAMED, NAMED_SHARE, WAVES, by_one, by_patient, households_named, rate
from ringfinder.rings.groups import Groups, collect
from ringfinder.rings.meetings import meet
from ringfinder.rings.prices import Rows
from ringfinder.rings.sentences import findings
from ringfinder.rings.together import Assembly, judge
from ringfinder.words import say

from .planted import FOUR, NOBODY, group_of, hubs_of
from .test_package import packages

HERE, THERE = 0, 1
TEN = tuple(range(10))
PLACE = 100  # people who come to HERE, the ten among them; as many others come only to THERE


@dataclass(frozen=True)
class World:
    """Who came where, in what household each lives, whom each hub names, and groups with the rows that count."""

    presence: Presence
    groups: Groups
    rows: Rows


def world(
    came: list[tuple[int, int]],
    groups: list[tuple[int, ...]],
    hubs: Hubs,
    household: list[int],
    at: tuple[int, ...] = (0,),
) -> World:
    """Each pair (person, place) is an admission on a day of its own; a group's rows are its members' at the places `at`."""
    patient, place = np.array(came, np.int64).reshape(-1, 2).T
    start = np.arange(len(came)) * DAY
    view = quick_view(patient, place, start, end=start + 3 * DAY, service=INPATIENT, household=household)
    presence = observe(view)
    made = Groups(
        np.repeat(np.arange(len(groups)), [len(g) for g in groups]).astype(np.int64),
        np.array([p for g in groups for p in sorted(g)], np.int32),
        np.zeros(sum(map(len, groups))),
        np.full(len(groups), -1, np.int64),
        ("ties",) * len(groups),
        hubs,
    )
    chosen = [
        (number, row)
        for number, group in enumerate(groups)
        for row in range(len(presence.visit))
        if presence.patient[row] in group and presence.facility[presence.spot[row]] in at
    ]
    pairs = np.array(chosen, np.int64).reshape(-1, 2)
    return World(presence, made, Rows.of(presence, pairs[:, 0], pairs[:, 1], len(groups)))


def town(*named: tuple[int, ...], household: list[int] | None = None, hubs: Hubs | None = None) -> World:
    """A hundred who were at HERE once each, a hundred at THERE; the first ten are the group. Go-betweens name these people."""
    came = [(p, HERE) for p in range(PLACE)] + [(PLACE + p, THERE) for p in range(PLACE)]
    return world(came, [TEN], hubs or hubs_of(*named), household or [*range(2 * PLACE)])


def told(of: World) -> tuple[float, float, float]:
    """Households named, expected, and nats, of the first group."""
    named, expected, nats, _ = by_one(of.presence, of.groups, of.rows)
    return float(named[0]), float(expected[0]), float(nats[0])


def gain(k: float, mu: float, of: int = 1) -> float:
    """Nats of k households where mu are expected, for a hub chosen among so many of its type."""
    return k * log(k / mu) - (k - mu) - 1 - log(of)


# What is counted, and against what


def test_a_go_between_is_weighed_against_his_part_of_all_people() -> None:
    """Five of ten, and ten people of the other place: 15 of 200 people, but none of the 90 others who came here."""
    got = town((*range(5), *range(150, 160)))
    assert told(got) == pytest.approx((5.0, 10 * 15 / 200, gain(5, 0.75)))


def test_a_go_between_is_weighed_against_his_part_of_the_places_other_patients() -> None:
    """Five of ten and twelve of the 90 others are 17 of 200, which is less than 12 of 90."""
    got = town((*range(5), *range(50, 62)))
    assert told(got) == pytest.approx((5.0, 10 * 12 / 90, gain(5, 4 / 3)))


def test_a_family_doctor_who_sends_everybody_to_the_next_hospital_is_no_news() -> None:
    """He is named on all ten, and on 80 of the place's 90 others."""
    named, expected, nats = told(town((*TEN, *range(20, 100))))
    assert (named, expected, nats) == (10.0, pytest.approx(80 / 9), 0.0)


def test_what_does_not_pay_for_choosing_the_hub_is_nothing() -> None:
    """Three, where 10 x 20 / 200 are expected: 3 ln 3 - 2 = 1.3; among two go-betweens that costs 1.7, alone one nat."""
    few = (*range(3), *range(150, 167))
    assert told(town(few)) == pytest.approx((3.0, 1.0, 3 * log(3) - 3))
    assert told(town(few, tuple(range(170, 180)))) == (3.0, 1.0, 0.0)


def test_a_hub_pays_for_having_been_chosen_among_its_own_type() -> None:
    """A phone among three hubs of which one other is a phone."""
    keys = [h * int(WIDTH) + p for h, people in enumerate((range(180, 190), range(5), range(170, 180))) for p in people]
    hubs = Hubs(np.array([0, 1, 1]), np.array([7, 7, 9]), np.array(keys, np.int64))
    assert told(town(hubs=hubs)) == pytest.approx((5.0, 10 * 5 / 200, gain(5, 0.25, of=2)))


def test_the_surest_hub_is_told_whatever_its_number() -> None:
    """One names six and 30 strangers elsewhere, the other five and nobody else: 5 ln 20 - 4.75 is more than 6 ln (6 / 1.8) - 4.2."""
    wide, sure = (*range(6), *range(150, 180)), tuple(range(5))
    assert gain(5, 0.25) > gain(6, 1.8)
    for named in ((wide, sure), (sure, wide)):
        assert told(town(*named)) == pytest.approx((5.0, 0.25, gain(5, 0.25, of=2)))


@pytest.mark.parametrize(("named", "counts"), [(2, False), (3, True)])
def test_three_households_at_least_are_named(named: int, counts: bool) -> None:
    assert LEAST_NAMED == 3
    got = told(town((*range(named), 150, 151, 152)))
    assert got == (pytest.approx((3.0, 0.3, gain(3, 0.3))) if counts else (0.0, 0.0, 0.0))


@pytest.mark.parametrize(("size", "counts"), [(15, True), (16, False)])
def test_a_fifth_of_the_groups_households_is_named(size: int, counts: bool) -> None:
    """Three of fifteen are a fifth, of sixteen less."""
    assert NAMED_SHARE == 0.2
    came = [(p, HERE) for p in range(PLACE)]
    of = world(came, [tuple(range(size))], hubs_of((0, 1, 2)), [*range(1000)])
    assert len(of.presence.view.codes.patient) == 1000  # most of whom never came anywhere
    mu = 15 * 3 / 1000
    assert told(of) == (pytest.approx((3.0, mu, gain(3, mu))) if counts else (0.0, 0.0, 0.0))


def test_a_household_is_named_once_and_counts_once() -> None:
    """Ten people in six homes: a go-between names six people of three homes."""
    homes = [0, 0, 0, 1, 1, 2, 3, 3, 4, 5, *range(10, 200)]
    assert told(town(tuple(range(6)), household=homes)) == pytest.approx((3.0, 6 * 6 / 200, gain(3, 0.18)))


def test_the_phone_of_one_household_or_two_brings_nobody() -> None:
    """Six people of the group and their phone, in two homes."""
    assert told(town(tuple(range(6)), household=[0] * 3 + [1] * 3 + [*range(6, 200)])) == (0.0, 0.0, 0.0)


def test_who_names_nobody_of_the_group_brought_nobody() -> None:
    assert told(town(tuple(range(50, 90)))) == (0.0, 0.0, 0.0)
    assert told(town(hubs=NOBODY)) == (0.0, 0.0, 0.0)


def test_no_groups_have_no_hubs() -> None:
    of = world([(0, HERE), (1, HERE)], [], hubs_of(FOUR), [*range(4)])
    assert [x.tolist() for x in by_one(of.presence, of.groups, of.rows)] == [[], [], [], []]


def test_others_are_those_of_all_the_groups_places() -> None:
    """The hub's eight others came to the second place, which has 100 people beside the first one's 100."""
    came = (
        [(p, HERE) for p in range(PLACE)] + [(PLACE + p, THERE) for p in range(PLACE - 10)] + [(p, THERE) for p in TEN]
    )
    named = (*range(5), *range(150, 158))
    of = world(came, [TEN], hubs_of(named), [*range(1000)], at=(HERE, THERE))
    assert told(of) == pytest.approx((5.0, 10 * 8 / 190, gain(5, 8 / 19)))
    first = world(came, [TEN], hubs_of(named), [*range(1000)], at=(HERE,))
    assert told(first) == pytest.approx((5.0, 10 * 13 / 1000, gain(5, 0.13)))


def test_who_came_to_two_places_counts_twice_among_the_hubs_people_and_among_all() -> None:
    """A client at both places, and three times at one of them."""
    came = [(p, place) for place in (HERE, THERE) for p in range(20)] + [(15, HERE), (15, HERE)]
    of = world(came, [FOUR], hubs_of((*FOUR, 15)), [*range(1000)], at=(HERE, THERE))
    assert rate(of.presence, of.groups, of.rows, np.array([0]), np.array([0])) == pytest.approx([2 / 36])


def test_where_nobody_else_came_all_people_tell() -> None:
    of = world([(p, HERE) for p in FOUR], [FOUR], hubs_of(FOUR), [*range(1000)])
    assert told(of) == pytest.approx((4.0, 4 * 4 / 1000, gain(4, 0.016)))


# Which pairs


def test_households_named_lists_every_hub_that_names_any() -> None:
    hubs = hubs_of((0, 1, 11), (50,), (3, 12, 13))
    of = world(
        [(p, HERE) for p in range(20)], [(0, 1, 2, 3), (11, 12, 13)], hubs, [0, 0, *range(2, 13), 12, *range(14, 20)]
    )
    assert [x.tolist() for x in households_named(of.presence, of.groups)] == [[0, 0, 1, 1], [0, 2, 0, 2], [1, 1, 1, 1]]
    assert [x.tolist() for x in by_patient(hubs)] == [[0, 0, 2, 0, 2, 2, 1], [0, 1, 3, 11, 12, 13, 50]]


def test_groups_have_hubs_of_their_own() -> None:
    """Each group is judged by its own hub, in the order of the groups; the third has none."""
    hubs = hubs_of((20, 21, 22), (0, 1, 2, 3))
    of = world([(p, HERE) for p in range(100)], [FOUR, (20, 21, 22, 23), (40, 41, 42)], hubs, [*range(1000)])
    named, expected, nats, _ = by_one(of.presence, of.groups, of.rows)
    assert named.tolist() == [4.0, 3.0, 0.0]
    assert expected == pytest.approx([16 / 1000, 12 / 1000, 0.0])
    assert nats == pytest.approx([gain(4, 0.016, of=2), gain(3, 0.012, of=2), 0.0])


# Oracle

PEOPLE, HUBS = 14, 4
SETS = st.sets(st.integers(0, PEOPLE - 1), max_size=PEOPLE)


@settings(max_examples=150, deadline=None)
@given(
    came=st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 2)), min_size=1, max_size=40),
    groups=st.lists(SETS.filter(bool), max_size=3),
    named=st.lists(SETS, min_size=HUBS, max_size=HUBS),
    household=st.lists(st.integers(0, 8), min_size=PEOPLE, max_size=PEOPLE),
    at=st.sets(st.integers(0, 2)),
)
def test_random_worlds_are_counted_as_plain_python_counts_them(
    came: list[tuple[int, int]], groups: list[set[int]], named: list[set[int]], household: list[int], at: set[int]
) -> None:
    of = world(came, [tuple(g) for g in groups], hubs_of(*map(tuple, named)), household, tuple(at))
    homes = {
        (g, h): len({household[p] for p in group & hub})
        for g, group in enumerate(groups)
        for h, hub in enumerate(named)
        if group & hub
    }
    group, hub, count = households_named(of.presence, of.groups)
    assert list(zip(group.tolist(), hub.tolist(), count.tolist(), strict=True)) == [(*k, n) for k, n in homes.items()]
    visitors: dict[int, set[int]] = defaultdict(set)
    for person, place in came:
        visitors[place].add(person)
    wanted = []
    for g, h in homes:
        places = [visitors[place] for place in at if visitors[place] & groups[g]]
        seen = [p for who in places for p in who & named[h] - groups[g]]
        others = sum(map(len, places)) - len(groups[g])  # who was at two of them stands for two
        wanted.append(max(len(named[h]) / PEOPLE, len(seen) / max(1, others)))
    assert rate(of.presence, of.groups, of.rows, group, hub).tolist() == wanted


# Order


def claimed(order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[list[float], list[float]]:
    """What is told of two groups in a town whose claims stand in this order; recruiters are named on claims."""
    rng = np.random.default_rng(5)
    n, people = 600, 200
    patient, place = rng.integers(0, people, n), rng.integers(0, 3, n)
    start = rng.integers(0, 360, n) * DAY + rng.integers(0, 20, n) * HOUR
    recruiter = np.where(patient < 12, 0, np.where(rng.random(n) < 0.2, rng.integers(0, 6, n), BLANK))
    view = quick_view(patient[order], place[order], start[order], recruiter=recruiter[order], end=start[order] + DAY)
    presence = observe(view)
    groups = collect([("ties", -1, np.arange(12)), ("ties", -1, np.arange(30, 50))], find(view))
    chosen = np.isin(presence.patient, groups.people(0)), np.isin(presence.patient, groups.people(1))
    row = np.concatenate([np.flatnonzero(one) for one in chosen])
    rows = Rows.of(presence, np.repeat([0, 1], [int(one.sum()) for one in chosen]), row, 2)
    named, expected, nats, _ = by_one(presence, groups, rows)
    return [*named.tolist(), *expected.tolist()], nats.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_order_of_claims_changes_no_bit(seed: int) -> None:
    usual = claimed(np.arange(600))
    assert usual[0][0] == 12.0
    assert usual[1][0] > 5.0
    assert claimed(np.random.default_rng(seed).permutation(600)) == usual


# Waves

CARRIED = (*FOUR, *range(190, 196))


def admitted(days: tuple[int, ...], hub: int, people: tuple[int, ...] = CARRIED) -> Assembly:
    """Ten whom one go-between names, admitted within nine hours on each of these days; `hub`: -1, or the group hangs on him."""
    view: View = packages(days=days, people=people)
    presence = observe(view)
    groups = group_of(*people, hub=hub, hubs=hubs_of(people))
    return judge(presence, rates(presence, mark(view)), groups, meet(presence, groups))


@pytest.mark.parametrize(
    ("days", "people", "coordination", "package", "brought"),
    [
        ((10, 60), CARRIED, 24.86, 0.0, 0.0),  # twice: an invitation
        ((10, 60, 150), CARRIED[:8], 23.21, 6.0, 0.0),
        ((10, 60, 150), CARRIED, 31.61, 6.0, 6.0),
    ],
)
def test_a_hubs_own_group_was_brought_where_it_came_in_waves(
    days: tuple[int, ...], people: tuple[int, ...], coordination: float, package: float, brought: float
) -> None:
    assert WAVES == 25.0
    got = admitted(days, hub=0, people=people)
    assert got.together.score[0] == pytest.approx(coordination, abs=0.005)
    assert (got.harm.nats["package"].tolist(), got.harm.nats["brought"].tolist()) == ([package], [brought])
    assert got.harm.score.tolist() == [package + brought]


def test_a_group_of_no_hub_needs_no_waves() -> None:
    """Three admissions of ten whom nothing but the days told: each of them is paid for, and S is less than a hub's group has."""
    got = admitted((10, 60, 150), hub=-1)
    assert got.together.score[0] < WAVES
    assert got.harm.nats["brought"].tolist() == [6.0]


def test_the_report_tells_households_named_and_expected() -> None:
    """Ten of 196 people: 10 x 10 / 196 are half a household."""
    state = admitted((10, 60, 150), hub=-1)
    presence = observe(packages(days=(10, 60, 150), people=CARRIED))
    told = {f.key: f for f in findings(presence, state, 0, np.arange(3), np.zeros(0, np.int32)) if f.side == "harm"}
    assert list(told) == ["reasons.package", "reasons.brought"]
    brought = told["reasons.brought"]
    assert (brought.values, brought.observed, brought.nats) == ({"borne": 10, "visits": 30, "expected": 0.5}, 10.0, 6.0)
    assert brought.expected == pytest.approx(100 / 196)
    assert [say(f.key, "en", **f.values) for f in told.values()] == [
        "30 stays (of 30 visits) for different illnesses were of nearly one length, unlike those of the place's other patients",
        "of these people, who stayed equally long for different illnesses, 10 households are named by one go-between, phone or "
        "account (0.5 expected from the place's other patients)",
    ]
