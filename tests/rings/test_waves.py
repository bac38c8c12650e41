"""Groups of different people at one hospital with a mark in common are united to one more group."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, PHARMACY
from ringfinder.rings.groups import Groups, collect
from ringfinder.rings.harm import Harm
from ringfinder.rings.meetings import Meetings, meet
from ringfinder.rings.visit_marks import CONFIRMING
from ringfinder.rings.waves import COMMON, MOST, SAME_PEOPLE, apart, unions

from .planted import NOBODY, group_of, hubs_of

Place = tuple[int, int]  # facility, kind of care
WARD: Place = (0, INPATIENT)
OTHER: Place = (1, INPATIENT)
THIRD: Place = (2, INPATIENT)
TILL: Place = (0, OUTPATIENT)


@dataclass
class Wave:
    """People who came together at these places, once each; the marks they bear, and their score."""

    people: list[int]
    places: list[Place] = field(default_factory=lambda: [WARD, WARD])
    marks: tuple[str, ...] = ("invoice",)
    score: float = 1.0
    doctors: tuple[int, ...] = (-1,)  # who attends, in turn; unknown
    nats: float = 1.0  # of each mark
    hub: int = -1


def wave(*people: int, **more: Any) -> Wave:
    return Wave([*people], **more)


def met(waves: list[Wave], strangers: int = 0) -> tuple[Presence, Groups, Meetings]:
    """Every meeting has five days of its own or more, ever more, since equal gaps would make a course of somebody's visits.

    `strangers`: so many others at each meeting at `OTHER`.
    """
    rows, day, gap = [(900, WARD, 0)], 5, 5.0  # somebody is there on the first day of all
    attended = [-1]
    for one in waves:
        for place in one.places:
            came = one.people + list(range(1000, 1000 + strangers)) * (place == OTHER)
            rows += [(p, place, day * DAY + 9 * HOUR + i * MINUTE) for i, p in enumerate(came)]
            attended += [one.doctors[i % len(one.doctors)] for i in range(len(came))]
            day += ceil(gap)
            gap *= 1.3
    patient, start = [p for p, _, _ in rows], [t for _, _, t in rows]
    facility, service = [place[0] for _, place, _ in rows], [place[1] for _, place, _ in rows]
    cents = 10_000 + np.arange(len(rows))
    presence = observe(quick_view(patient, facility, start, end=start, service=service, cents=cents, doctor=attended))
    groups = collect([("ties", -1, np.array(one.people, np.int32)) for one in waves], NOBODY)
    return presence, groups, meet(presence, groups)


NAMES = ("invoice", "even", "again", "moved", "readmitted", *CONFIRMING)


def harm_of(waves: list[Wave]) -> Harm:
    n = len(waves)
    nats = {name: np.array([one.nats * (name in one.marks) for one in waves]) for name in NAMES}
    return Harm(np.zeros(n), np.zeros(n), np.zeros(n, np.int64), {}, {}, {}, nats)


def united(*waves: Wave, gain: dict[Place, float] | None = None, strangers: int = 0) -> list[list[int]]:
    """The people of each union. `gain`: nats of the meetings at a place, one elsewhere."""
    presence, groups, meetings = met([*waves], strangers)
    groups = replace(groups, hub=np.array([one.hub for one in waves], np.int64))
    places = zip(presence.facility[meetings.spot].tolist(), presence.service[meetings.spot].tolist(), strict=True)
    nats = np.array([(gain or {}).get(place, 1.0) for place in places])
    score = np.array([one.score for one in waves])
    got = unions(presence, groups, meetings, nats, score, harm_of([*waves]))
    return [got.people(g).tolist() for g in range(got.count)]


A, B, C = wave(1, 2, 3), wave(4, 5, 6), wave(7, 8, 9)


def test_groups_at_one_hospital_with_a_mark_in_common_are_united() -> None:
    assert united(A, B) == [[1, 2, 3, 4, 5, 6]]
    assert united(A, B, C) == [[1, 2, 3, 4, 5, 6, 7, 8, 9]]


def test_a_union_is_one_more_group_that_hangs_on_no_hub() -> None:
    presence, groups, meetings = met([A, B])
    groups = replace(groups, hub=np.array([0, 0]), hubs=hubs_of((1, 2, 3, 4, 5, 6)))
    got = unions(presence, groups, meetings, np.ones(4), np.ones(2), harm_of([A, B]))
    assert (got.count, got.hub.tolist(), got.seed) == (1, [-1], ("waves",))
    assert got.hubs is groups.hubs
    assert got.odds.tolist() == [0.0] * 6


@pytest.mark.parametrize(("one", "other", "enough"), [(0, 0, True), (-1, -1, True), (0, 1, False), (0, -1, False)])
def test_waves_of_one_ring_hang_on_one_hub(one: int, other: int, enough: bool) -> None:
    assert united(replace(A, hub=one), replace(B, hub=other)) == ([[1, 2, 3, 4, 5, 6]] if enough else [])


@pytest.mark.parametrize(
    ("marks", "nats", "enough"),
    [
        (("invoice", "even"), 10.0, False),  # one price here, and any there
        (("invoice", "even"), 9.9, True),
        (("invoice",), 40.0, True),  # both bear it, one of them much more surely
        (("invoice", "length"), 40.0, True),  # what only confirms parts nobody
        (("invoice", "even", "moved"), 40.0, True),  # passed on between hospitals with prices of their own
        (("invoice", "even", "readmitted"), 40.0, True),
    ],
)
def test_waves_of_one_ring_do_not_differ_in_what_one_bears_strongly(
    marks: tuple[str, ...], nats: float, enough: bool
) -> None:
    for waves in ((A, replace(B, marks=marks, nats=nats)), (replace(A, marks=marks, nats=nats), B)):
        assert united(*waves) == ([[1, 2, 3, 4, 5, 6]] if enough else [])


def test_groups_without_a_mark_in_common_stay_apart() -> None:
    assert united(A, replace(B, marks=("even",))) == []
    assert united(A, replace(B, marks=())) == []
    assert united(replace(A, marks=("even", "again")), replace(B, marks=("again", "invoice"))) == [[1, 2, 3, 4, 5, 6]]


@pytest.mark.parametrize("name", CONFIRMING)
def test_what_only_confirms_is_no_mark_in_common(name: str) -> None:
    assert united(replace(A, marks=(name,)), replace(B, marks=(name,))) == []
    assert united(replace(A, marks=(name, "even")), replace(B, marks=(name, "invoice"))) == []


def test_groups_that_are_nothing_beyond_chance_are_not_united() -> None:
    assert united(A, replace(B, score=0.0)) == []
    assert united(A, replace(B, score=-3.0), C) == [[1, 2, 3, 7, 8, 9]]


def test_groups_at_different_hospitals_are_not_united() -> None:
    assert united(A, replace(B, places=[OTHER, OTHER])) == []


@pytest.mark.parametrize("service", [OUTPATIENT, PHARMACY])
def test_two_groups_at_one_till_stay_two(service: int) -> None:
    till = [(0, service)] * 2
    assert united(replace(A, places=till), replace(B, places=till)) == []
    assert united(A, replace(B, places=till)) == []


def test_nearly_half_of_the_visits_at_one_hospital_make_it_the_groups_own() -> None:
    assert COMMON == 0.45
    assert united(A, replace(B, places=[WARD, OTHER])) == [[1, 2, 3, 4, 5, 6]]
    assert united(A, replace(B, places=[WARD, OTHER, OTHER])) == []


@pytest.mark.parametrize(
    ("one", "other", "enough"),
    [
        ([WARD, OTHER], [OTHER, WARD], True),
        ([WARD] * 3 + [OTHER], [WARD] + [OTHER] * 3, True),  # a quarter and a quarter
        ([WARD] * 4 + [OTHER], [WARD] + [OTHER] * 4, False),  # a fifth and a fifth
        ([WARD, OTHER, TILL, TILL], [WARD, OTHER], True),
        ([WARD, OTHER, TILL, TILL, TILL], [WARD, OTHER], False),
        ([WARD, OTHER, THIRD], [WARD, OTHER], True),
        ([WARD, OTHER, THIRD], [WARD, (3, INPATIENT), (4, INPATIENT)], False),
        ([TILL, TILL, WARD], [TILL, TILL, WARD], False),
    ],
)
def test_the_hospitals_of_two_groups_are_taken_together(one: list[Place], other: list[Place], enough: bool) -> None:
    """The sum over hospitals of the smaller of both shares."""
    for first, second in ((one, other), (other, one)):
        got = united(replace(A, places=first), replace(B, places=second), replace(C, marks=("even",)))
        assert got == [[1, 2, 3, 4, 5, 6]] * enough


@pytest.mark.parametrize(
    ("one", "other", "enough"),
    [
        ((1,), (1,), True),
        ((1,), (2,), False),  # two rings of one hospital have their own doctors there
        ((1,), (-1,), False),  # known and unknown
        ((1, 2, 3), (3, 1, 2), True),
        ((1, 2, 3), (1, 4, 5), False),  # a third
        ((1, 2, 3), (1, 2, 4), True),  # two thirds
    ],
)
def test_waves_of_one_ring_have_the_same_doctors(one: tuple[int, ...], other: tuple[int, ...], enough: bool) -> None:
    got = united(replace(A, doctors=one), replace(B, doctors=other))
    assert got == [[1, 2, 3, 4, 5, 6]] * enough


def test_only_meetings_that_score_are_counted() -> None:
    """Three of the four meetings are elsewhere, but speak for nothing; or the one at the ward does."""
    mixed = replace(B, places=[WARD, OTHER, OTHER, OTHER])
    assert united(A, mixed) == []
    assert united(A, mixed, gain={OTHER: 0.0}) == [[1, 2, 3, 4, 5, 6]]
    assert united(A, replace(B, places=[WARD, OTHER]), gain={WARD: 0.0}) == []


def test_only_the_groups_own_people_are_counted() -> None:
    """Twenty strangers come to the second of two meetings: half of the group's own visits are at the ward."""
    assert united(A, replace(B, places=[WARD, OTHER]), strangers=20) == [[1, 2, 3, 4, 5, 6]]
    presence, _, meetings = met([B, replace(C, places=[OTHER])], 20)
    assert meetings.present[meetings.spot == np.flatnonzero(presence.facility == 1)[0]].tolist() == [23]


def test_a_fifth_of_the_people_in_both_makes_two_groups_rivals() -> None:
    """One of five is in both, or one of six."""
    assert SAME_PEOPLE == 0.2
    assert united(wave(1, 2, 3), wave(3, 4, 5)) == []
    assert united(wave(1, 2, 3), wave(3, 4, 5, 6)) == [[1, 2, 3, 4, 5, 6]]
    two = collect([("ties", -1, np.array(p, np.int32)) for p in ((1, 2, 3), (3, 4, 5), (3, 4, 5, 6))], NOBODY)
    pairs = [(g, h) for g in range(3) for h in range(3)]
    assert [(g, h) for g, h in pairs if apart(two, g, h)] == [(0, 2), (2, 0)]


def test_groups_are_united_through_others() -> None:
    """The first and the last have no mark in common, or no hospital, but both have one with the second."""
    middle = replace(B, marks=("invoice", "even"))
    assert united(A, middle, replace(C, marks=("even",))) == [[1, 2, 3, 4, 5, 6, 7, 8, 9]]
    road = replace(B, places=[WARD, OTHER])
    assert united(A, road, replace(C, places=[OTHER, OTHER])) == [[1, 2, 3, 4, 5, 6, 7, 8, 9]]


def test_each_hospital_has_its_own_union() -> None:
    there = [OTHER, OTHER]
    got = united(A, replace(C, places=there), B, wave(20, 21, 22, places=there), wave(30, 31, 32, marks=("even",)))
    assert sorted(got) == [[1, 2, 3, 4, 5, 6], [7, 8, 9, 20, 21, 22]]


@pytest.mark.parametrize(("groups", "unions_found"), [(12, 1), (13, 0)])
def test_more_than_a_dozen_groups_are_the_places_custom(groups: int, unions_found: int) -> None:
    assert MOST == 12
    many = [wave(3 * i, 3 * i + 1, 3 * i + 2, places=[WARD]) for i in range(groups)]
    assert united(*many) == [list(range(3 * groups))] * unions_found


def test_one_group_or_none_has_nobody_to_be_united_with() -> None:
    assert united(A) == []
    assert united() == []
    empty = observe(quick_view([], [], []))
    nobody = group_of(0).pick(np.zeros(1, np.bool_))
    nothing = meet(empty, nobody)
    assert unions(empty, nobody, nothing, np.zeros(0), np.zeros(0), harm_of([])).count == 0


def test_a_group_that_met_nowhere_is_united_with_nobody() -> None:
    assert united(A, replace(B, places=[])) == []


def alike(one: dict[int, Fraction], other: dict[int, Fraction]) -> bool:
    """Whether two groups lie in the same hospitals, said plainly; share of their visits by ward."""
    common = sum((min(one[spot], other[spot]) for spot in {*one} & {*other}), Fraction(0))
    assume(common != Fraction(9, 20))  # which side a tie falls to is a matter of rounding
    return common > Fraction(9, 20)


some_waves = st.lists(
    st.builds(
        Wave,
        st.sets(st.integers(0, 11), min_size=3, max_size=5).map(sorted),
        st.lists(st.sampled_from([WARD, WARD, OTHER, TILL]), min_size=1, max_size=4),
        st.sets(st.sampled_from(["invoice", "even", "length"]), max_size=2).map(tuple),
        st.sampled_from([1.0, 1.0, 0.0]),
        nats=st.sampled_from([1.0, 40.0]),
    ),
    max_size=7,
    unique_by=lambda one: tuple(one.people),
)


@settings(max_examples=120, deadline=None)
@given(some_waves)
def test_unions_are_what_a_plain_search_finds(waves: list[Wave]) -> None:
    presence, _, meetings = met(waves)
    shares: list[dict[int, Fraction]] = []  # of each group's visits, by ward
    for g, _ in enumerate(waves):
        attended = meetings.meeting[meetings.member]
        mine = meetings.spot[attended[meetings.group[attended] == g]].tolist()
        wards = {spot for spot in mine if presence.service[spot] == INPATIENT}
        shares.append({spot: Fraction(mine.count(spot), len(mine)) for spot in wards})

    def linked(g: int, h: int) -> bool:
        one, other = waves[g], waves[h]
        both, either = {*one.people} & {*other.people}, {*one.people} | {*other.people}
        marks = {*one.marks} & {*other.marks} - {"length"}
        scores = one.score > 0 and other.score > 0
        only = ({*one.marks} - {*other.marks} if one.nats > 1 else set()) | (
            {*other.marks} - {*one.marks} if other.nats > 1 else set()
        )
        return bool(
            scores and marks and not only - {"length"} and alike(shares[g], shares[h]) and 5 * len(both) < len(either)
        )

    left, wanted = set(range(len(waves))), set()
    while left:
        part, todo = set(), [left.pop()]
        while todo:
            g = todo.pop()
            part.add(g)
            todo += [h for h in left if linked(g, h)]
            left -= {*todo}
        if len(part) > 1:
            wanted.add(tuple(sorted({p for g in part for p in waves[g].people})))
    assert {tuple(people) for people in united(*waves)} == wanted


@settings(max_examples=40, deadline=None)
@given(some_waves, st.randoms(use_true_random=False))
def test_neither_the_order_of_groups_nor_the_numbers_of_people_matter(waves: list[Wave], random: Any) -> None:
    name = random.sample(range(12), 12)
    mixed = [replace(one, people=sorted(name[p] for p in one.people)) for one in random.sample(waves, len(waves))]
    assert sorted(united(*mixed)) == sorted(sorted(name[p] for p in people) for people in united(*waves))
