from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import Marks, mark
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.view import DAY, MINUTE, View
from ringfinder.rings.bases import rates
from ringfinder.rings.clocks import (
    ONE_DIRECTION,
    WAY_HOMES,
    WAY_TRIPS,
    without_the_group,
)
from ringfinder.rings.groups import Groups, collect
from ringfinder.rings.harm import gather, harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.prices import Rows

from .planted import DAYS, FOUR, MORNING, NOBODY, group_of

# places on the equator, 50 km (33 minutes) from one another, and the degrees of longitude of a kilometre
APART_KM, KM = 50.0, 1 / 111.32
HALL = 0  # where the four meet on three mornings, one minute after the other

Trip = tuple[int, int, int, int]  # person, morning (0 to 2), place, minutes after the meeting's first visit


def trips(*given: Trip, households: list[int] | None = None) -> View:
    """The four meet at the hall on three mornings, and make these further visits."""
    met = [(p, HALL, d * DAY + MORNING + p * MINUTE) for d in DAYS for p in FOUR]
    more = [(p, place, DAYS[m] * DAY + MORNING + late * MINUTE) for p, m, place, late in given]
    patient, facility, start = np.array([*met, *more]).T
    cents = 10_000 + np.arange(len(start)) ** 2
    view = quick_view(patient, facility, start, cents=cents, household=households)
    east = np.arange(len(view.codes.facility)) * APART_KM * KM
    return replace(view, places=replace(view.places, latitude=0 * east, longitude=east))


def rows_of(view: View, groups: Groups) -> tuple[Presence, Marks, Rows]:
    """The visits of the groups at all their meetings."""
    presence, marks = observe(view), mark(view)
    meetings = meet(presence, groups)
    return presence, marks, gather(presence, groups, meetings, np.ones(len(meetings.group), np.bool_))


def too_fast(view: View, groups: Groups | None = None) -> list[tuple[int, int, int]]:
    """(person, morning, place) of the rows that count; of all groups one after the other."""
    presence, marks, rows = rows_of(view, groups or group_of(*FOUR))
    counted = rows.row[without_the_group(presence, marks, rows)]
    day = (presence.time[counted] // DAY).tolist()
    place = presence.facility[presence.spot[counted]].tolist()
    return [(p, DAYS.index(d), f) for p, d, f in zip(presence.patient[counted].tolist(), day, place, strict=True)]


def pairs(view: View) -> int:
    """How many pairs of visits are too fast."""
    return int(mark(view).fast.shape[1])


def test_who_goes_nowhere_else_is_nowhere_too_soon() -> None:
    view = trips()
    presence, marks, rows = rows_of(view, group_of(*FOUR))
    assert without_the_group(presence, marks, rows).tolist() == [False] * 12
    nobody = rows_of(view, collect([], NOBODY))
    assert without_the_group(*nobody).tolist() == []


def test_a_visit_to_a_place_of_the_persons_own_counts_whether_before_or_after() -> None:
    view = trips((0, 0, 1, 20), (2, 1, 2, -20), (3, 2, 1, 300))
    assert pairs(view) == 2  # the last took five hours
    assert too_fast(view) == [(0, 0, HALL), (2, 1, HALL)]


def test_a_visit_too_soon_after_one_place_and_before_another_counts_once() -> None:
    view = trips((1, 1, 1, -20), (1, 1, 2, 20))
    assert pairs(view) == 2
    assert too_fast(view) == [(1, 1, HALL)]


def test_visits_of_the_group_that_are_no_meeting_are_the_persons_own() -> None:
    """Two of the four go to place 1: they are no meeting, so both trips count."""
    view = trips((0, 0, 1, 20), (1, 0, 1, 21))
    assert too_fast(view) == [(0, 0, HALL), (1, 0, HALL)]


def test_a_meeting_of_the_group_at_the_other_end_is_no_card_in_two_places() -> None:
    """All four are at place 1 too soon, once after and once before the hall: the directions are mixed, so no clocks explain it."""
    met = [(p, 0, 1, 20 + p) for p in FOUR] + [(p, 1, 1, p - 20) for p in FOUR]
    view = trips(*met)
    assert pairs(view) == 8
    assert len(rows_of(view, group_of(*FOUR))[2].row) == 12 + 8
    assert too_fast(view) == []


def test_a_meeting_of_the_group_excuses_only_the_trips_to_it() -> None:
    """Three meet at place 1 after the hall and before it; the fourth is at a place of its own."""
    met = [(p, 0, 1, 20 + p) for p in (0, 1, 2)] + [(p, 1, 1, p - 20) for p in (0, 1, 2)]
    assert too_fast(trips(*met, (3, 0, 2, 20))) == [(3, 0, HALL)]


def test_a_meeting_of_another_group_is_a_place_of_the_persons_own() -> None:
    """Person 0 leaves the meeting at the hall for the meeting of 5, 6 and 7 at place 1, whose other end is no group's of theirs."""
    met = [(p, m, 1, 20 + p) for m in (0, 2) for p in (5, 6, 7)]
    view = trips(*met, (0, 0, 1, 20))
    both = collect([("ties", -1, np.array(FOUR, np.int32)), ("ties", -1, np.array([0, 5, 6, 7], np.int32))], NOBODY)
    assert pairs(view) == 1
    assert too_fast(view, both) == [(0, 0, HALL), (0, 0, 1)]
    one = collect([("ties", -1, np.array([*FOUR, 5, 6, 7], np.int32))], NOBODY)
    assert too_fast(view, one) == []  # of one group both are meetings


def on_one_way(*directions: tuple[int, int, bool], place: int = 1) -> list[Trip]:
    """(person, morning, whether from the hall): trips between the hall and one place, at most two people's a morning."""
    return [(p, m, place, 20 if forth else -20) for p, m, forth in directions]


# four trips of four households, two people a morning, all from the hall
FORTH = [(0, 0, True), (1, 0, True), (2, 1, True), (3, 1, True)]


def test_four_trips_of_three_households_one_way_are_two_clocks() -> None:
    assert (WAY_TRIPS, WAY_HOMES) == (4, 3)
    view = trips(*on_one_way(*FORTH))
    assert pairs(view) == 4
    assert too_fast(view) == []
    back = [(p, m, False) for p, m, _ in FORTH]
    assert too_fast(trips(*on_one_way(*back))) == []


def test_three_trips_one_way_are_cards_in_two_places() -> None:
    assert too_fast(trips(*on_one_way(*FORTH[:3]))) == [(p, m, HALL) for p, m, _ in FORTH[:3]]


@pytest.mark.parametrize("households", [[0, 1, 2, 3], [0, 0, 1, 2], [0, 1, 2, 0], [0, 1, 2, 2]])
def test_three_households_are_enough_for_two_clocks(households: list[int]) -> None:
    assert too_fast(trips(*on_one_way(*FORTH), households=households)) == []


def test_four_trips_of_two_households_are_cards_in_two_places() -> None:
    two = [(0, 0, True), (1, 0, True), (0, 1, True), (1, 1, True)]
    assert too_fast(trips(*on_one_way(*two))) == [(0, 0, HALL), (1, 0, HALL), (0, 1, HALL), (1, 1, HALL)]
    # persons 0 and 1 of one household, and 2
    three = [(0, 0, True), (1, 0, True), (2, 1, True), (0, 1, True)]
    assert len(too_fast(trips(*on_one_way(*three), households=[0, 0, 1, 2]))) == 4
    assert too_fast(trips(*on_one_way(*three), households=[0, 1, 2, 3])) == []


def test_trips_to_and_fro_are_cards_in_two_places() -> None:
    """Three of four are below four fifths."""
    assert ONE_DIRECTION == 0.8
    mixed = [*FORTH[:3], (3, 1, False)]
    assert len(too_fast(trips(*on_one_way(*mixed)))) == 4
    half = [*FORTH[:2], (2, 1, False), (3, 1, False)]
    assert len(too_fast(trips(*on_one_way(*half)))) == 4


@pytest.mark.parametrize(("back", "counted"), [(0, 0), (1, 0), (2, 5), (3, 5), (4, 0), (5, 0)])
def test_four_of_five_trips_in_either_direction_are_two_clocks(back: int, counted: int) -> None:
    five = [(0, 0), (1, 0), (2, 1), (3, 1), (0, 2)]
    view = trips(*on_one_way(*((p, m, i >= back) for i, (p, m) in enumerate(five))))
    assert pairs(view) == 5
    assert len(too_fast(view)) == counted


def test_every_way_has_clocks_of_its_own() -> None:
    """Two trips to place 1 and two to place 2 are no four trips on one way; four to place 1 do not excuse the fifth to place 2."""
    apart = on_one_way(*FORTH[:2]) + on_one_way(*FORTH[2:], place=2)
    assert len(too_fast(trips(*apart))) == 4
    other = on_one_way(*FORTH) + on_one_way((0, 2, True), place=2)
    assert too_fast(trips(*other)) == [(0, 2, HALL)]


def test_a_visit_explained_by_clocks_on_one_way_counts_by_another() -> None:
    """Person 0 comes from place 2 too soon, and leaves for place 1 as the others do."""
    other = on_one_way(*FORTH) + on_one_way((0, 0, False), place=2)
    assert too_fast(trips(*other)) == [(0, 0, HALL)]


def test_trips_between_two_meetings_tell_of_the_clocks_too() -> None:
    """Three meet at place 1 after the hall on one morning; the fourth's trip there on another morning is as fast as theirs."""
    met = [(p, 0, 1, 20 + p) for p in (0, 1, 2)]
    assert too_fast(trips(*met, (3, 1, 1, 20))) == []
    assert too_fast(trips(*met, (3, 1, 1, -20))) == [(3, 1, HALL)]  # three of four one way: less than four fifths
    assert too_fast(trips((3, 1, 1, 20))) == [(3, 1, HALL)]


def borne(view: View) -> float:
    """Visits of the four that bear the mark of travel in the harm of their group."""
    presence, marks, groups = observe(view), mark(view), group_of(*FOUR)
    meetings = meet(presence, groups)
    got = harm(presence, rates(presence, marks), groups, meetings, np.ones(len(meetings.group), np.bool_))
    return float(got.borne["travel"][0])


def test_harm_counts_the_trips_that_no_clock_explains() -> None:
    three, four = trips(*on_one_way(*FORTH[:3])), trips(*on_one_way(*FORTH))
    assert mark(three).flags["travel"].sum() == 6
    assert mark(four).flags["travel"].sum() == 8
    assert borne(three) == 3.0
    assert borne(four) == 0.0


def test_the_trips_of_these_tests_are_too_fast_and_slower_ones_are_not() -> None:
    """50 km take 33 minutes and 20 seconds, ten minutes more at the first place; person 0 leaves the hall at once."""
    assert pairs(trips((0, 0, 1, 43))) == 1
    assert pairs(trips((0, 0, 1, 44))) == 0
