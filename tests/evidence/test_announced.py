"""Which days somebody announced, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.evidence.announced import (
    ABOUT,
    APART,
    COURSE,
    COURSE_SHARE,
    DAYS,
    MONTH,
    OCCASIONS,
    ROUND,
    ROUND_SHARE,
    SHARE,
    SHORT_ROUND,
    SPREAD,
    WEEKDAY_SHARE,
    WEEKDAYS,
    each_once,
    even_gaps,
    few,
    in_rhythm,
    monthly,
    offers,
    one_course,
    rounds,
    treatments,
    weekdays,
)
from ringfinder.evidence.view import Bools, Longs

AT_RANDOM = [0, 3, 14, 54, 69, 120]
WEEKLY = [7 * i for i in range(6)]
Rule = Callable[[Longs, Longs, int], Bools]


def told(rule: Rule, *groups: list[int]) -> list[bool]:
    """What a rule says of groups with visits on these days."""
    group = np.repeat(np.arange(len(groups)), [len(days) for days in groups]).astype(np.int64)
    return rule(group, np.concatenate([np.array(days, np.int64) for days in groups]), len(groups)).tolist()


def test_days_every_week_come_at_one_distance() -> None:
    assert told(even_gaps, WEEKLY) == [True]
    assert told(even_gaps, [7 * i + 3 for i in (0, 1, 2, 3, 5, 6, 7, 8)]) == [True]  # once they left one out


def test_days_at_random_come_in_no_rhythm() -> None:
    assert told(in_rhythm, AT_RANDOM) == [False]
    assert told(offers, AT_RANDOM) == [False]
    assert told(treatments, AT_RANDOM) == [False]


def test_a_rhythm_needs_four_days() -> None:
    assert DAYS == 4
    assert told(even_gaps, WEEKLY[:3], WEEKLY[:4]) == [False, True]


def test_three_quarters_of_the_gaps_lie_within_a_fifth_of_the_median() -> None:
    """Gaps of 10, 10, 10 and 40, of 10, 10, 40 and 70; of 8, 10 and 12, of 7, 10 and 13."""
    assert (SHARE, SPREAD) == (0.75, 0.2)
    assert told(even_gaps, [0, 10, 20, 30, 70], [0, 10, 20, 60, 130]) == [True, False]
    assert told(even_gaps, [0, 8, 18, 30], [0, 7, 17, 30]) == [True, False]


def test_rounds_are_whole_numbers_of_the_shortest_gap() -> None:
    """A member day every thirty days, at which a group was seen now and then; of less than two weeks to the day."""
    assert (ROUND, ROUND_SHARE, SHORT_ROUND) == (6, 0.8, 14)
    assert told(rounds, [0, 60, 90, 180, 240], [0, 61, 91, 180, 240]) == [True, True]
    assert told(rounds, [0, 60, 95, 180, 240]) == [False]
    assert told(rounds, [0, 6, 24, 36, 60], [0, 6, 24, 37, 60]) == [True, False]
    assert told(rounds, [0, 5, 20, 30, 50]) == [False]  # every five days: whole numbers of so little come by chance


def test_one_weekday_or_two() -> None:
    assert (WEEKDAYS, WEEKDAY_SHARE) == (6, 0.9)
    fridays = [1, 15, 22, 43, 50]
    assert told(weekdays, fridays[:4], fridays[:3]) == [True, False]
    assert told(weekdays, [1, 5, 15, 26, 29, 43], [1, 5, 15, 26, 29]) == [
        True,
        False,
    ]  # Fridays and Tuesdays, six of them
    assert told(weekdays, [1, 5, 15, 26, 29, 44]) == [False]
    ten = [*range(0, 63, 7), 66]
    assert told(weekdays, [*ten[:9], 66, 67, 68]) == [False]
    assert told(weekdays, ten) == [True]  # one of ten lies elsewhere


def test_about_a_month() -> None:
    """Gaps of 64, 27, 63, 27, 33, 28 and 89 days; one of six that is none, and two."""
    assert (MONTH, ABOUT) == (30.44, 4.0)
    assert told(monthly, np.cumsum([0, 64, 27, 63, 27, 33, 28, 89]).tolist()) == [True]
    assert told(monthly, np.cumsum([0, 31, 45, 30, 31, 28, 31]).tolist()) == [True]
    assert told(monthly, np.cumsum([0, 31, 45, 30, 45, 28, 31]).tolist()) == [False]
    assert told(monthly, [0, 10, 21, 31, 42]) == [False]


def test_fewer_than_four_occasions_are_a_campaign() -> None:
    """A check-up of three days, and another half a year later; the fourth occasion makes a habit."""
    assert (OCCASIONS, APART) == (4, 7)
    assert told(few, [0, 1, 2, 180, 181], [0, 7, 14], [0, 7, 14, 21], [0, 6, 12, 18]) == [True, True, False, True]


def test_a_course_lies_within_six_weeks() -> None:
    """A bite is treated on days 0, 3, 7, 14 and 28. Visits count, not days: nine of eleven, or eight of ten, are in one course."""
    assert (COURSE, COURSE_SHARE) == (45, 0.8)
    assert told(one_course, [0, 3, 7, 14, 28], [0, 45], [0, 46]) == [True, True, False]
    assert told(one_course, [*[0, 20, 45] * 3, 90, 200], [*[0, 45] * 4, 90, 200]) == [True, False]


def test_purchases_are_no_course_of_treatment() -> None:
    irregular = [0, 3, 14, 25, 39]
    assert told(treatments, irregular) == [True]
    assert told(offers, irregular) == [False]


def test_each_group_has_its_own_days() -> None:
    assert told(offers, WEEKLY, AT_RANDOM, [], [5]) == [True, False, True, True]
    assert told(in_rhythm, AT_RANDOM, [], WEEKLY) == [False, False, True]


def test_several_visits_of_a_day_are_one_day() -> None:
    group, day = each_once(np.array([1, 0, 1, 0, 1]), np.array([3, 9, 1, 9, 3]))
    assert (group.tolist(), day.tolist()) == ([0, 1, 1], [9, 1, 3])
    assert told(offers, [day for day in AT_RANDOM for _ in range(3)]) == [False]


@given(st.lists(st.lists(st.integers(0, 400), max_size=12), min_size=1, max_size=4), st.randoms())
def test_no_order_of_visits_and_no_neighbour_matters(groups: list[list[int]], rng: np.random.Generator) -> None:
    alone = [(told(offers, days)[0], told(treatments, days)[0]) for days in groups]
    mixed = [sorted(days, key=lambda _: rng.random()) for days in groups]
    assert list(zip(told(offers, *mixed), told(treatments, *mixed), strict=True)) == alone


def test_nothing_is_nothing() -> None:
    nothing = np.zeros(0, np.int64)
    assert offers(nothing, nothing, 0).tolist() == []
    assert treatments(nothing, nothing, 2).tolist() == [True, True]  # no occasion is none


@pytest.mark.parametrize("rule", [even_gaps, rounds, weekdays, monthly])
def test_one_day_is_no_rhythm(rule: Rule) -> None:
    assert told(rule, [17], []) == [False, False]
