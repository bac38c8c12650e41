"""Which claims are files that somebody hands in at a desk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from worlds import quick_view

from ringfinder.evidence.desks import attend, files
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, NEVER, OUTPATIENT, View

Part = tuple[int, int, int | None]  # first day, last day, day of settlement


def settled(parts: list[Part], service: int = INPATIENT, patient: list[int] | None = None, operator: int = 0) -> View:
    """Claims of one person at one place."""
    start, end, when = np.array([(a, b, -1 if s is None else s) for a, b, s in parts]).T
    who = np.array(patient or [0] * len(parts))
    view = quick_view(who, 0, start * DAY, end=end * DAY, service=service, operator=operator)
    at = np.where(when < 0, NEVER, when * DAY + 10 * HOUR)[np.lexsort((start, who))]
    return replace(view, claims=replace(view.claims, settled=at))


MONTHLY: list[Part] = [(0, 30, 35), (30, 60, 65), (60, 75, 80)]


def test_a_stay_settled_monthly_is_one_file() -> None:
    view = settled(MONTHLY)
    assert view.claims.visit.tolist() == [0, 0, 0]
    assert files(view).tolist() == [2]
    assert attend(view).total.tolist() == [1]


def test_a_stay_settled_at_once_is_a_file() -> None:
    assert files(settled([(0, 75, 80)])).tolist() == [0]
    assert files(settled([(0, 75, 75)])).tolist() == []  # on the day of the discharge: at the till


def test_the_last_part_is_the_one_with_which_the_stay_ends() -> None:
    """A part settled late, or one that began later and ended sooner, is handed in by nobody."""
    assert files(settled([(0, 30, 90), (30, 60, 90), (60, 75, 80)])).tolist() == [2]
    assert files(settled([(0, 75, 80), (30, 31, 40)])).tolist() == [0]


def test_a_last_part_that_is_not_settled_at_a_desk_leaves_no_file() -> None:
    assert files(settled([(0, 30, 35), (30, 60, 65), (60, 75, None)])).tolist() == []
    assert files(settled([(0, 30, 35), (30, 60, 65), (60, 75, 75)])).tolist() == []
    assert files(settled(MONTHLY, operator=BLANK)).tolist() == []


def test_two_stays_are_two_files() -> None:
    apart: list[Part] = [(0, 30, 35), (40, 60, 65)]
    assert files(settled(apart)).tolist() == [0, 1]
    assert files(settled(MONTHLY * 2, patient=[0, 0, 0, 1, 1, 1])).tolist() == [2, 5]


def test_each_bill_of_an_outpatient_is_a_file() -> None:
    """Three tills of one visit, of which the second took an hour."""
    view = quick_view(0, 0, [0, 60, 120], end=[0, 60 + HOUR, 120], service=OUTPATIENT, operator=0)
    view = replace(view, claims=replace(view.claims, settled=np.full(3, 5 * DAY)))
    assert view.claims.visit.tolist() == [0, 0, 0]
    assert files(view).tolist() == [0, 1, 2]
