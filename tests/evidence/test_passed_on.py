"""Stays that follow one elsewhere within 15 days, which are none of a course."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.view import DAY, INPATIENT, OUTPATIENT, PHARMACY, View
from ringfinder.evidence.visits import SPLIT_STAY, passed_on

Stay = tuple[int, int, int, int]  # patient, facility, first second, last second


def view_of(rows: list[Stay], service: int | list[int] = INPATIENT) -> View:
    patient, facility, start, end = np.array(rows, np.int64).reshape(-1, 4).T
    return quick_view(patient, facility, start, end=end, service=service)


def days(*rows: tuple[int, int, int, int]) -> list[Stay]:
    return [(who, place, first * DAY, last * DAY) for who, place, first, last in rows]


def passed(rows: list[Stay], service: int | list[int] = INPATIENT) -> list[bool]:
    """By visit, in the order of person and time."""
    return passed_on(view_of(rows, service).visits).tolist()


def test_a_stay_within_fifteen_days_of_one_elsewhere_is_passed_on() -> None:
    assert SPLIT_STAY == 15 * DAY
    assert passed(days((0, 0, 0, 5), (0, 1, 20, 25))) == [False, True]
    assert passed([(0, 0, 0, 5 * DAY), (0, 1, 20 * DAY + 1, 25 * DAY)]) == [False, False]


def test_the_days_are_counted_from_the_discharge() -> None:
    assert passed(days((0, 0, 0, 90), (0, 1, 91, 95))) == [False, True]
    assert passed(days((0, 0, 0, 1), (0, 1, 91, 95))) == [False, False]


def test_a_stay_after_one_at_the_same_place_is_not_passed_on() -> None:
    assert passed(days((0, 0, 0, 5), (0, 0, 10, 15))) == [False, False]


def test_who_comes_back_from_elsewhere_is_passed_on_both_times() -> None:
    assert passed(days((0, 0, 0, 5), (0, 1, 8, 12), (0, 0, 14, 18), (0, 0, 30, 33))) == [False, True, True, False]


def test_another_person_is_passed_on_by_nobody() -> None:
    assert passed(days((0, 0, 0, 5), (1, 1, 8, 12))) == [False, False]


def test_a_stay_that_begins_during_one_elsewhere_is_passed_on() -> None:
    assert passed(days((0, 0, 0, 30), (0, 1, 10, 12))) == [False, True]


@pytest.mark.parametrize("service", [OUTPATIENT, PHARMACY])
def test_only_stays_are_passed_on_and_only_stays_pass_on(service: int) -> None:
    rows = days((0, 0, 0, 5), (0, 1, 8, 12))
    assert passed(rows, [INPATIENT, service]) == [False, False]
    assert passed(rows, [service, INPATIENT]) == [False, False]


def test_other_visits_between_two_stays_do_not_part_them() -> None:
    rows = days((0, 0, 0, 5), (0, 2, 6, 6), (0, 0, 7, 7), (0, 1, 8, 12))
    assert passed(rows, [INPATIENT, OUTPATIENT, PHARMACY, INPATIENT]) == [False, False, False, True]


def test_nobody_is_passed_on_where_nobody_stays() -> None:
    assert passed([]) == []
    assert passed(days((0, 0, 0, 5))) == [False]
    assert passed(days((0, 0, 0, 0), (0, 1, 3, 3)), OUTPATIENT) == [False, False]


row = st.tuples(
    st.integers(0, 1),
    st.integers(0, 2),
    st.integers(0, 60).map(lambda n: n * DAY),
    st.integers(0, 20).map(lambda n: n * DAY),
    st.sampled_from([INPATIENT, INPATIENT, OUTPATIENT]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(row, max_size=12))
def test_passed_on_is_what_a_plain_loop_says(rows: list[tuple[int, ...]]) -> None:
    view = view_of([(p, f, start, start + long) for p, f, start, long, _ in rows], [r[4] for r in rows])
    visits = view.visits
    wanted, last = [], None
    for i in range(len(visits.patient)):
        who, place, start = int(visits.patient[i]), int(visits.facility[i]), int(visits.start[i])
        stays = visits.service[i] == INPATIENT
        wanted.append(bool(stays and last and last[0] == who and last[1] != place and start <= last[2] + 15 * DAY))
        if stays:
            last = (who, place, int(visits.end[i]))
    assert passed_on(visits).tolist() == wanted


# Courses

RHYTHM = 30


def course(elsewhere: list[int], *, illness: int = 1, length: int = 3) -> list[int]:
    """Which of six stays at place 0, thirty days apart, repeat a course; on these days the person also stays elsewhere for two days.

    Others stay for another illness, so that illness 1 needs a bed.
    """
    mine = [(0, 0, RHYTHM * i, RHYTHM * i + length) for i in range(6)]
    other = [(0, 1, day, day + 2) for day in elsewhere]
    town = [(1 + i, 2, 9 * i, 9 * i + 4) for i in range(20)]
    rows = days(*mine, *other, *town)
    patient, facility, start, end = np.array(rows).T
    view = quick_view(
        patient,
        facility,
        start,
        end=end,
        service=INPATIENT,
        diagnosis=np.r_[np.full(6 + len(other), illness), np.full(20, 9)],
        cents=10_000 + np.arange(len(rows)) ** 2,
    )
    visits = view.visits
    here = (visits.patient == 0) & (visits.facility == 0)
    return np.flatnonzero(visits.course[here]).tolist()


def test_stays_in_cycles_are_a_course() -> None:
    assert course([]) == [1, 2, 3, 4, 5]


def test_a_stay_of_the_rhythm_that_follows_one_elsewhere_is_none_of_the_course() -> None:
    """Days 55 to 57 elsewhere, back on the 60th."""
    assert course([55]) == [1, 3, 4, 5]
    assert course([55, 115]) == [1, 3, 5]


def test_who_is_passed_on_each_time_has_no_course() -> None:
    assert course([25, 55, 85, 115, 145]) == []


def test_a_stay_elsewhere_longer_ago_leaves_the_course_whole() -> None:
    """Sixteen days between the discharge elsewhere and the stay on the 60th, or fifteen."""
    assert course([42]) == [1, 2, 3, 4, 5]
    assert course([43]) == [1, 3, 4, 5]


def test_outpatients_who_were_in_bed_elsewhere_keep_their_course() -> None:
    start = np.arange(6) * 3 * DAY + 9 * 3600
    view = quick_view(
        0,
        [0] * 6 + [1],
        np.r_[start, 7 * DAY],
        end=np.r_[start, 8 * DAY],
        service=[OUTPATIENT] * 6 + [INPATIENT],
        cents=10_000 + np.arange(7),
    )
    here = view.visits.facility == 0
    assert view.visits.course[here].tolist() == [False] + [True] * 5


def test_neither_numbers_of_people_and_places_nor_the_order_of_rows_matter() -> None:
    rows = days((0, 0, 0, 5), (0, 1, 8, 12), (1, 1, 3, 9), (1, 0, 40, 44), (1, 1, 50, 54))
    assert passed(rows) == [False, True, False, False, True]
    assert passed(rows[::-1]) == passed(rows)
    renamed = [(1 - who, (place + 1) % 2, first, last) for who, place, first, last in rows]
    assert passed(renamed) == [False, False, True, False, True]
