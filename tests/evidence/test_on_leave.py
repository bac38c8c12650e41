"""A ward that sends its patients home over a holiday: their visits elsewhere on these days empty no bed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.view import DAY, HOUR, INPATIENT, OUTPATIENT
from ringfinder.evidence.whereabouts import (
    AROUND,
    LEAVE,
    LEAVE_SHARE,
    LEAVES,
    LONG,
    ONE_COUNTER,
    lying_elsewhere,
)

WARD = 0
Outing = tuple[int, int, int]  # person, day, place


def out(outings: list[Outing], nights: int = 26, people: int = 20, **more: Any) -> set[tuple[int, int]]:
    """Person and day of the outings that count, of people in bed from day 10 on; a stay counts where an outing of it does."""
    patient = [*range(people), *(p for p, _, _ in outings)]
    start = [10 * DAY + 9 * HOUR] * people + [day * DAY + 10 * HOUR for _, day, _ in outings]
    end = [(10 + nights) * DAY + 9 * HOUR] * people + [day * DAY + 11 * HOUR for _, day, _ in outings]
    service = [INPATIENT] * people + [OUTPATIENT] * len(outings)
    facility = [WARD] * people + [place for _, _, place in outings]
    view = quick_view(patient, facility, start, end=end, service=service, cents=100_000, **more)
    marked = lying_elsewhere(view)
    visits = view.visits
    counted = np.flatnonzero(marked & (visits.service != INPATIENT))
    stays = set(visits.patient[marked & (visits.service == INPATIENT)].tolist())
    assert stays == set(visits.patient[counted].tolist())
    return {(int(visits.patient[i]), int(visits.start[i] // DAY)) for i in counted}


def leave(people: int, days: tuple[int, ...] = (20,)) -> list[Outing]:
    """So many people at the counters next to their homes, on these days in turn."""
    return [(p, days[p % len(days)], 1 + p) for p in range(people)]


def test_who_is_sent_home_over_a_holiday_empties_no_bed() -> None:
    assert (LEAVE, LEAVES) == (2, 4)
    assert out(leave(4)) == set()
    assert out(leave(4, (20, 21))) == set()
    assert out(leave(3)) == {(0, 20), (1, 20), (2, 20)}
    assert len(out(leave(4, (20, 22)))) == 4


@pytest.mark.parametrize(("nights", "given"), [(9, True), (8, False)])
def test_of_a_short_stay_all_outings_lie_close(nights: int, given: bool) -> None:
    assert LONG == 9
    assert (out(leave(6, (14,)), nights=nights) == set()) is given


def test_outings_on_many_days_are_no_leave() -> None:
    """Six on one day and five within ten days of it are 6 of 11, just what is asked; with a sixth they are none, and all count."""
    assert (LEAVE_SHARE, AROUND) == (0.55, 10)
    rest = [(10 + i, day, 1) for i, day in enumerate((13, 16, 25, 27, 29))]
    assert 6 / 11 < LEAVE_SHARE <= 7 / 12
    assert len(out(leave(6) + rest)) == 11
    assert out(leave(7) + rest) == {(p, day) for p, day, _ in rest}
    far = [(10, 31, 1), (11, 32, 2), (12, 33, 3), (13, 34, 4), (14, 35, 5)]  # eleven days on
    assert out(leave(6) + far) == {(p, day) for p, day, _ in far}


def test_cards_at_one_counter_are_in_one_hand() -> None:
    assert ONE_COUNTER == 0.5
    assert out([(p, 20, 1) for p in range(6)]) == {(p, 20) for p in range(6)}
    assert out([(p, 20, 1 + p % 2) for p in range(6)]) == set()


def test_one_persons_day_is_one_outing() -> None:
    """Three people, one of whom goes to many places."""
    assert len(out(leave(3) + [(0, 20, 30 + i) for i in range(5)])) == 3
