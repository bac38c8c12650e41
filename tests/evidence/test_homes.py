"""Where people live, as their household's visits tell, and that who lies in a bed at home was not readmitted."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at, purchase, quick_view, stay, view_of, visit, where

from ringfinder.evidence.beds import at_home
from ringfinder.evidence.marks import CHAIN, mark, returns
from ringfinder.evidence.view import DAY, INPATIENT, OUTPATIENT, PHARMACY, View
from ringfinder.evidence.visits import SPLIT_STAY
from ringfinder.evidence.whereabouts import FAR_KM, FAR_QUANTILE, VOTES, homes

Visit = tuple[int, int, int]  # person, place, kind of care

NAN = float("nan")
# places, so many kilometres east and north; nobody knows where the last one is
EAST = [0.0, 1.0, 2.0, 5.0, 90.0, 95.0, NAN]
NORTH = [9.0, 3.0, 7.0, 4.0, -60.0, 1.0, NAN]
FAR, UNKNOWN = 4, 6


def view_of_visits(visits: list[Visit], household: list[int] | None = None) -> View:
    """A visit a day."""
    person, place, service = np.array(visits, np.int64).reshape(-1, 3).T
    start = np.arange(len(visits)) * DAY
    return quick_view(person, place, start, service=service, household=household)


def lives(visits: list[Visit], household: list[int] | None = None) -> list[tuple[float, float]]:
    """East and north of everybody's home."""
    x, y = homes(view_of_visits(visits, household), np.array(EAST), np.array(NORTH))
    return list(zip(x.tolist(), y.tolist(), strict=True))


def to(*places: int, person: int = 0, service: int = OUTPATIENT) -> list[Visit]:
    return [(person, place, service) for place in places]


def east(visits: list[Visit], household: list[int] | None = None) -> list[float]:
    return [x for x, _ in lives(visits, household)]


# Votes


def test_a_till_that_swipes_a_kept_card_every_week_is_no_home() -> None:
    """Twenty swipes far away count as three: with three places nearby the lower median is the third of these."""
    assert VOTES == 3
    for swipes in (1, 3, 20):
        assert east(to(*[FAR] * swipes, 0, 1, 2)) == [2.0 if swipes > 1 else 1.0]


def test_swipes_count_together_whatever_lies_between_them() -> None:
    """Eight swipes far away, and each time another errand: twice to each of four places, of which five kilometres is the farthest."""
    errands = [0, 1, 2, 3] * 2
    assert east([visit for place in errands for visit in to(FAR, place)]) == [2.0]
    assert east(to(*[FAR] * 8, *errands)) == [2.0]


def test_a_place_counts_three_times_and_no_less() -> None:
    """Of 0, 0, 0, 5, 90 and 95 the lower median is 0; of two zeros it would be 5."""
    assert east(to(0, 0, 0, 3, 4, 5)) == [0.0]
    assert east(to(0, 0, 3, 4, 5)) == [5.0]


def test_what_somebody_has_done_there_counts_together() -> None:
    """Three prescriptions and three purchases at one place are three votes."""
    there = to(FAR, FAR, FAR) + to(FAR, FAR, FAR, service=PHARMACY)
    assert east(there + to(0, 1, 2)) == [2.0]


def test_east_and_north_are_told_apart() -> None:
    """Of 0, 5 and 90 east it is 5, of 9, 4 and -60 north it is 4; where the middle ones differ, the home is at neither."""
    assert lives(to(0, 3, 4)) == [(5.0, 4.0)]
    assert lives(to(0, 1, 2)) == [(1.0, 7.0)]


def test_the_lower_of_two_middle_places_is_home() -> None:
    assert lives(to(0, 4)) == [(0.0, -60.0)]
    assert lives(to(1, 2)) == [(1.0, 3.0)]


# Households


def test_a_household_lives_together() -> None:
    """Whose card is swiped far away alone lives where the others of the household go, and so does who goes nowhere."""
    apart, together = [0, 1, 2, 3], [0, 0, 0, 3]
    visits = to(*[FAR] * 20) + to(1, 1, 2, 2, person=1) + to(0, person=3)
    np.testing.assert_array_equal(east(visits, apart), [90.0, 1.0, NAN, 0.0])
    np.testing.assert_array_equal(east(visits, together), [2.0, 2.0, 2.0, 0.0])


def test_each_of_a_household_has_three_votes() -> None:
    """Six for the far place and five for others: the sixth is the far one. Three of one person leave it nearby."""
    nearby = to(0, 1, 2, 3, 3)
    both = to(*[FAR] * 20) + to(*[FAR] * 20, person=1)
    assert east(nearby + both, [0, 0]) == [90.0, 90.0]
    assert east(nearby + to(*[FAR] * 40), [0, 0]) == [5.0, 5.0]


def test_households_may_have_any_code() -> None:
    """Person 0 is of household 5, person 1 of 2."""
    assert east(to(1) + to(3, person=1), [5, 2]) == [1.0, 5.0]


# Who has no home


def test_who_was_nowhere_has_no_home() -> None:
    np.testing.assert_array_equal(lives(to(1), [0, 1]), [(1.0, 3.0), (NAN, NAN)])
    assert lives([]) == []


def test_stays_are_no_daily_life() -> None:
    assert east(to(*[FAR] * 3, 5, service=INPATIENT) + to(1)) == [1.0]
    np.testing.assert_array_equal(lives(to(1, 2, service=INPATIENT)), [(NAN, NAN)])


def test_places_that_nobody_knows_do_not_count() -> None:
    assert lives(to(UNKNOWN, UNKNOWN, UNKNOWN, 3)) == [(5.0, 4.0)]
    np.testing.assert_array_equal(lives(to(UNKNOWN)), [(NAN, NAN)])


def test_without_any_coordinates_nobody_has_a_home() -> None:
    x, y = homes(view_of_visits(to(0, 1)), np.full(2, NAN), np.full(2, NAN))
    np.testing.assert_array_equal([x, y], [[NAN], [NAN]])


# Against a plain count

some_visits = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from((0, 3, FAR, UNKNOWN)), st.sampled_from((INPATIENT, OUTPATIENT, PHARMACY))
    ),
    max_size=50,
)
dwellings = st.lists(st.integers(0, 2), min_size=3, max_size=3)


def middle(visits: list[Visit], household: list[int], coordinate: list[float]) -> list[float]:
    """By person: the lower median of the household's places, each three times a person at most."""
    often = Counter((p, f) for p, f, service in visits if service != INPATIENT and f != UNKNOWN)
    out = []
    for home in household:
        voted = [coordinate[f] for (p, f), n in often.items() if household[p] == home for _ in range(min(n, 3))]
        out.append(sorted(voted)[(len(voted) - 1) // 2] if voted else NAN)
    return out


@settings(max_examples=150, deadline=None)
@given(some_visits, dwellings)
def test_homes_are_what_a_plain_count_says(visits: list[Visit], household: list[int]) -> None:
    x, y = homes(view_of_visits(visits, household), np.array(EAST), np.array(NORTH))
    np.testing.assert_array_equal(x, middle(visits, household, EAST))
    np.testing.assert_array_equal(y, middle(visits, household, NORTH))


@settings(max_examples=80, deadline=None)
@given(some_visits.flatmap(lambda visits: st.tuples(st.just(visits), st.permutations(visits))), dwellings)
def test_it_does_not_matter_in_which_order_somebody_went(
    orders: tuple[list[Visit], list[Visit]], household: list[int]
) -> None:
    first, second = (lives(visits, household) for visits in orders)
    np.testing.assert_array_equal(first, second)


# Far from home

KM = 1 / 111.32  # degrees of longitude on the equator
FACILITIES = [
    {"facility_id": f, "latitude": 0.0, "longitude": km * KM}
    for f, km in {"corner": 0.0, "market": 1.0, "clinic": 2.0, "far till": 60.0}.items()
]


def neighbours(n: int) -> list[dict[str, Any]]:
    """So many people who buy at the corner."""
    return [purchase(f"n{i:03}", "corner", at(i, 15), 20 + i) for i in range(n)]


def kept_card(swipes: int) -> list[dict[str, Any]]:
    """A person who goes to the corner, the market and the clinic, and whose card is swiped so often at a far till."""
    daily = [
        purchase("p", "corner", at(200, 9)),
        purchase("p", "market", at(220, 9)),
        visit("p", "clinic", at(251, 9)),
    ]
    return daily + [purchase("p", "far till", at(7 * i, 11), 90 + i) for i in range(swipes)]


@pytest.mark.parametrize("swipes", [2, 3, 20])
def test_every_swipe_of_a_kept_card_at_a_far_till_is_far(tmp_path: Path, swipes: int) -> None:
    """Of some 120 purchases less than a fifth are at the far till, so that all of these are beyond the others."""
    assert (FAR_KM, FAR_QUANTILE) == (5.0, 0.8)
    view = view_of(tmp_path, neighbours(100) + kept_card(swipes), facilities=FACILITIES)
    marks = mark(view)
    assert np.flatnonzero(marks.flags["far"]).tolist() == where(view, "p", "far till")
    assert len(where(view, "p", "far till")) == swipes
    assert marks.home_x[view.visits.patient[where(view, "p")[0]]] == pytest.approx(2.0)


def test_who_is_only_seen_at_a_far_till_lives_with_his_household(tmp_path: Path) -> None:
    swipes = [purchase("p", "far till", at(7 * i, 11), 90 + i) for i in range(20)]
    wife = [purchase("w", place, at(200 + 9 * i, 9)) for i, place in enumerate(("corner", "market") * 3)]
    rows = neighbours(100) + swipes + wife
    for address, far in (("one street", True), ("another", False)):
        folder = tmp_path / address
        folder.mkdir()
        register = [{"patient_id": "p", "address": "one street"}, {"patient_id": "w", "address": address}]
        view = view_of(folder, rows, facilities=FACILITIES, patients=register)
        expected = where(view, "p", "far till") if far else []
        assert np.flatnonzero(mark(view).flags["far"]).tolist() == expected


def test_far_does_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = [{"claim_id": f"C{i:04}", **row} for i, row in enumerate(neighbours(60) + kept_card(12))]
    seen = []
    for name, order in (("as given", rows), ("reversed", rows[::-1])):
        folder = tmp_path / name
        folder.mkdir()
        marks = mark(view_of(folder, order, facilities=FACILITIES))
        seen.append((marks.home_x.tolist(), marks.home_y.tolist(), np.flatnonzero(marks.flags["far"]).tolist()))
    assert seen[0] == seen[1]
    assert len(seen[0][2]) == 12


def test_a_stay_far_away_is_no_home_and_a_visit_nowhere_is_not_far(tmp_path: Path) -> None:
    """All five days in the far hospital and at a place without coordinates leave the home at the corner."""
    given_ = [stay("p", "far till", at(20 * i, 9), 3, 5_000 + i) for i in range(5)]
    given_ += [visit("p", "nowhere", at(150 + 9 * i, 9)) for i in range(5)] + [purchase("p", "corner", at(300, 9))]
    near = [stay(f"n{i:03}", "clinic", at(i, 9), 3, 4_000 + i) for i in range(30)]
    places = [*FACILITIES, {"facility_id": "nowhere"}]
    view = view_of(tmp_path, neighbours(50) + near + given_, facilities=places)
    marks = mark(view)
    assert marks.home_x[view.visits.patient[where(view, "p")[0]]] == pytest.approx(0.0)
    assert np.flatnonzero(marks.flags["far"]).tolist() == where(view, "p", "far till")


# A bed at home is no return

Stay = tuple[int, int, int, bool]  # person, place, first day, in a ward
WARD, HOME = True, False


def beds(*given_: Stay, **more: Any) -> View:
    """Stays of five days, in a ward for about 5,000 or at home for about 500; forty others lie in a ward elsewhere, once each."""
    others = [(100 + i, 9, 10 * i, WARD) for i in range(40)]
    person, place, day, ward = np.array([*given_, *others]).T
    cents = np.where(ward, 500_000, 50_000) + np.arange(len(day)) ** 2
    start = day.astype(np.int64) * DAY
    return quick_view(person, place, start, end=start + 5 * DAY, cents=cents, service=INPATIENT, **more)


def came_back(*given_: Stay) -> dict[str, list[int]]:
    """The stays, in the order of person and time, that are in a chain, again and moved."""
    named = zip(("chain", "again", "moved"), returns(beds(*given_)), strict=True)
    return {name: np.flatnonzero(flags).tolist() for name, flags in named}


def turn(*wards: bool, places: tuple[int, ...] = (0, 1), gap: int = 3) -> list[Stay]:
    """Stays of one person in turn at these places, so many days between them."""
    return [(0, places[i % len(places)], i * (5 + gap), ward) for i, ward in enumerate(wards)]


def apart(*wards: bool) -> list[Stay]:
    """Stays of one person at one place, 40 and then 90 days apart."""
    return [(0, 0, day, ward) for day, ward in zip((0, 40, 130), wards, strict=False)]


def test_a_further_stay_is_again_but_for_beds_at_home() -> None:
    nothing: dict[str, list[int]] = {"chain": [], "again": [], "moved": []}
    assert came_back(*apart(WARD, WARD)) == nothing | {"again": [1]}
    assert came_back(*apart(WARD, HOME)) == nothing
    assert came_back(*apart(HOME, WARD)) == nothing
    assert came_back(*apart(HOME, HOME)) == nothing
    assert came_back(*apart(WARD, HOME, WARD)) == nothing | {"again": [2]}
    assert came_back(*apart(HOME, WARD, WARD)) == nothing | {"again": [2]}


def test_who_goes_from_a_ward_to_a_bed_at_home_or_back_has_not_moved() -> None:
    assert came_back(*turn(WARD, WARD))["moved"] == [1]
    assert came_back(*turn(WARD, HOME))["moved"] == []
    assert came_back(*turn(HOME, WARD))["moved"] == []


def test_a_bed_at_home_between_two_wards_does_not_hide_the_move() -> None:
    """Five days at home and twice three between: eleven days after the discharge; with seven twice, nineteen."""
    between = (WARD, HOME, WARD)
    assert SPLIT_STAY == 15 * DAY
    assert came_back(*turn(*between, places=(0, 2, 1)))["moved"] == [2]
    assert came_back(*turn(*between, places=(0, 2, 1), gap=5))["moved"] == [2]
    assert came_back(*turn(*between, places=(0, 2, 1), gap=6))["moved"] == []
    assert came_back(*turn(*between))["moved"] == []  # back at the first house


def test_beds_at_home_are_no_links_of_a_chain() -> None:
    assert CHAIN == 4
    assert came_back(*turn(WARD, WARD, WARD, WARD))["chain"] == [0, 1, 2, 3]
    assert came_back(*turn(WARD, WARD, WARD, HOME))["chain"] == []
    assert came_back(*turn(HOME, WARD, WARD, WARD))["chain"] == []
    assert came_back(*turn(WARD, WARD, WARD, WARD, HOME))["chain"] == [0, 1, 2, 3]
    # with other houses all the time, four wards are a chain whatever lies between
    assert came_back(*turn(WARD, WARD, HOME, WARD, WARD, places=(0, 1, 2, 3, 4), gap=4))["chain"] == [0, 1, 3, 4]


@pytest.mark.parametrize(("illness", "name"), [(0, "needless"), (1, "again")])
def test_no_mark_of_a_return_lies_on_a_bed_at_home(illness: int, name: str) -> None:
    """Illness 0 is treated in bed in two of five cases, of which three are outpatients; all others have 1 and lie in bed."""

    def marked(ward: bool) -> dict[str, list[int]]:
        given_ = apart(WARD, ward)
        others = [(100 + i, 9, 10 * i, WARD) for i in range(40)]
        person, place, day, in_ward = np.array([*given_, *others]).T
        start = np.r_[day.astype(np.int64), [500, 510, 520]] * DAY
        n = len(start)
        service = np.where(np.arange(n) < n - 3, INPATIENT, OUTPATIENT)
        view = quick_view(
            np.r_[person, 200, 201, 202],
            np.r_[place, 9, 9, 9],
            start,
            end=start + np.where(service == INPATIENT, 5, 0) * DAY,
            cents=np.r_[np.where(in_ward, 500_000, 50_000), [10_000] * 3] + np.arange(n) ** 2,
            service=service,
            diagnosis=np.r_[[illness] * 2, [1] * 40, [0] * 3],
        )
        flags = mark(view).flags
        return {m: np.flatnonzero(flags[m]).tolist() for m in ("again", "needless", "moved", "readmitted")}

    nothing: dict[str, list[int]] = {"again": [], "needless": [], "moved": [], "readmitted": []}
    assert marked(WARD) == nothing | {name: [1]}
    assert marked(HOME) == nothing


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 12), st.booleans()), max_size=16).map(
        lambda given_: [(p, f, 9 * day, ward) for p, f, day, ward in given_]
    )
)
def test_returns_are_those_of_a_world_without_beds_at_home(given_: list[Stay]) -> None:
    view = beds(*given_)
    at = at_home(view.visits)
    wards = {f.name: getattr(view.visits, f.name)[~at] for f in fields(view.visits)}
    without = returns(replace(view, visits=replace(view.visits, **wards)))
    for mine, theirs in zip(returns(view), without, strict=True):
        assert not mine[at].any()
        assert mine[~at].tolist() == theirs.tolist()
