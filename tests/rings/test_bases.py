"""What a group's marks are compared with: others with the same illness or medicine are not its own members."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.marks import Marks, mark
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.view import BLANK, DAY, PHARMACY, View
from ringfinder.rings import bases
from ringfinder.rings.bases import OF_REASON, SMOOTHING, Reasons, rates
from ringfinder.rings.groups import Groups
from ringfinder.rings.prices import Rows

from .planted import group_of

NAME = "doubled"
RATE = 0.02  # of the mark in the city


def bought(visits: list[tuple[int, int, int]]) -> View:
    """Purchases (person, pharmacy, medicine), each on a day of its own."""
    person, place, drug = np.array(visits, np.int64).T
    return quick_view(person, place, np.arange(len(visits)) * DAY, service=PHARMACY, drug=drug)


def borne(view: View, visits: list[int]) -> tuple[Presence, Marks]:
    """Only these purchases bear the mark; in the order in which they are given, which is that of their days."""
    marks, presence = mark(view), observe(view)
    by_day = np.argsort(view.visits.start, kind="stable")
    flag = np.zeros(len(view.visits.patient), np.bool_)
    flag[by_day[visits]] = True
    return presence, replace(marks, flags=marks.flags | {NAME: flag})


def of_others(view: View, marked: list[int], groups: Groups, counted: list[int]) -> list[float]:
    """By purchase `counted` of the only group, how often others with its medicine bear the mark."""
    presence, marks = borne(view, marked)
    day_of = view.visits.start[presence.visit] // DAY
    row = np.sort(np.flatnonzero(np.isin(day_of, counted)))
    rows = Rows.of(presence, np.zeros(len(row), np.int64), row, 1)
    known = rates(presence, marks)
    got = Reasons.of(presence, known, groups, rows).of_others(known, NAME, np.full(len(row), RATE))
    return got[np.argsort(day_of[row])].tolist()


def share(bear: int, all_: int) -> float:
    return (bear + SMOOTHING * RATE) / (all_ + SMOOTHING)


TOUR = [(p, place, 3) for place in range(4) for p in (0, 1, 2)]  # three people with one medicine at four pharmacies


def test_a_tour_is_no_less_one_where_it_goes_on_at_the_next_counter() -> None:
    """Twelve purchases, all marked; those at the first pharmacy are the group's meeting, and the other nine excuse nothing."""
    strangers = [(10 + n, 5, 3) for n in range(8)]
    view = bought([*TOUR, *strangers])
    got = of_others(view, [*range(12), 12, 13], group_of(0, 1, 2), [0, 1, 2])
    assert got == pytest.approx([share(2, 8)] * 3)


def test_others_with_the_medicine_are_counted_wherever_they_are() -> None:
    view = bought([(0, 0, 3), (1, 0, 3), (2, 0, 4), (10, 0, 3), (11, 7, 3), (12, 7, 4), (13, 7, 5)])
    assert of_others(view, [4, 5, 6], group_of(0, 1, 2), [0, 1, 2]) == pytest.approx([share(1, 2)] * 2 + [share(1, 1)])


def test_without_a_known_reason_the_citys_rate_is_all_that_is_told() -> None:
    view = bought([(0, 0, BLANK), (1, 0, BLANK), (2, 0, 3), *[(10 + n, 0, BLANK) for n in range(5)]])
    got = of_others(view, [3, 4, 5, 6, 7], group_of(0, 1, 2), [0, 1, 2])
    assert got == pytest.approx([RATE, RATE, share(0, 0)])


def test_a_group_without_visits_asks_nothing() -> None:
    assert of_others(bought(TOUR), [0], group_of(0, 1, 2), []) == []


def test_what_the_illness_itself_says_is_not_counted_by_illness() -> None:
    view = bought(TOUR)
    presence, marks = borne(view, [0])
    rows = Rows.of(presence, np.zeros(12, np.int64), np.arange(12), 1)
    theirs = Reasons.of(presence, rates(presence, marks), group_of(0, 1, 2), rows)
    assert set(theirs.mine) == set(marks.flags) - set(OF_REASON)


some_visits = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2), st.integers(BLANK, 2)), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(some_visits, st.sets(st.integers(0, 29)), st.sets(st.integers(0, 7), min_size=2), st.integers(1, 40))
def test_rates_are_what_a_plain_count_says(
    visits: list[tuple[int, int, int]], marked: set[int], members: set[int], at_once: int
) -> None:
    """However many attendances are looked at together; a group is of people who are there."""
    members = {m for m in members if m <= max(person for person, _, _ in visits)}
    marked_here = sorted(m for m in marked if m < len(visits))
    view = bought(visits)
    there = set(
        (view.visits.start[observe(view).visit] // DAY).tolist()
    )  # what only repeats a course is nobody's presence
    counted = [n for n, (person, _, _) in enumerate(visits) if person in members and n in there][::2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bases, "ROWS_AT_ONCE", at_once)
        got = of_others(view, marked_here, group_of(*sorted(members)), counted)
    wanted: list[float] = []
    for n in counted:
        drug = visits[n][2]
        others = [
            k for k, (person, _, what) in enumerate(visits) if what == drug and person not in members and k in there
        ]
        bear = sum(k in marked for k in others)
        wanted.append(RATE if drug == BLANK else share(bear, len(others)))
    assert got == pytest.approx(wanted)
