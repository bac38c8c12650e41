"""Whether stays that come back in a rhythm are a treatment: for one illness that needs a bed."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.beds import LIGHT_QUANTILE, ONE_ILLNESS, seldom_in_bed, treatment
from ringfinder.evidence.marks import mark, returns
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, OUTPATIENT, View

RHYTHM = 21  # days from one admission to the next


def stays(
    illnesses: list[int],
    places: list[int] | None = None,
    outpatients: dict[int, int] | None = None,
    gaps: list[int] | None = None,
    service: int = INPATIENT,
) -> View:
    """Person 0 comes for these illnesses, three weeks apart, at prices that rise; ten others stay once for illness 9.

    `outpatients`: so many visits of others for an illness.
    """
    out = [d for d, n in (outpatients or {}).items() for _ in range(n)]
    n, rest = len(illnesses), 10 + len(out)
    day = np.r_[np.r_[0, np.cumsum(gaps or [RHYTHM] * (n - 1))], np.arange(rest) * 7]
    care = np.r_[np.full(n, service), np.full(10, INPATIENT), np.full(len(out), OUTPATIENT)]
    return quick_view(
        np.r_[np.zeros(n, int), 100 + np.arange(rest)],
        np.r_[places or [0] * n, np.full(rest, 8)],
        day * DAY,
        end=(day + np.where(care == INPATIENT, 3, 0)) * DAY,
        service=care,
        diagnosis=np.r_[illnesses, np.full(10, 9), out],
        cents=10_000 + np.arange(n + rest) ** 2,
    )


def his(view: View, flags: np.ndarray) -> list[int]:
    """Which of person 0's visits are flagged, in the order of time."""
    return np.flatnonzero(flags[view.visits.patient == 0]).tolist()


def treated(*args: list[int] | None, **more: dict[int, int]) -> list[int]:
    view = stays(*args, **more)  # type: ignore[arg-type]
    return his(view, treatment(view.visits))


@pytest.mark.parametrize(
    ("illnesses", "all_of_them"),
    [
        ([1, 1, 1, 1, 1], True),
        ([1, 1, 1, 2, 3], True),  # three of five
        ([2, 1, 3, 1, 1], True),
        ([1, 1, 2, 2, 3], False),
        ([1, 1, 2, 3], False),  # half of them
        ([1, 2, 3, 4, 5], False),
        ([1, BLANK, BLANK, BLANK, BLANK], True),  # one of one that is known
        ([1, 1, 1, 2, 3, BLANK, BLANK], True),  # three of five that are known
        ([1, 1, 2, 3, BLANK], False),
        ([BLANK] * 5, False),
        ([1], True),
    ],
)
def test_stays_are_a_treatment_where_three_fifths_of_those_known_are_for_one_illness(
    illnesses: list[int], all_of_them: bool
) -> None:
    assert ONE_ILLNESS == 0.6
    assert treated(illnesses) == (list(range(len(illnesses))) if all_of_them else [])


def test_each_place_has_a_treatment_of_its_own() -> None:
    """One illness at place 0 and four at place 1: together none of them makes three fifths."""
    assert treated([1, 2, 1, 3, 1, 4, 1, 5], [0, 1] * 4) == [0, 2, 4, 6]
    assert treated([1, 2, 1, 3, 1, 1], [0, 1, 0, 1, 0, 1]) == [0, 2, 4]


def test_the_stays_of_two_people_at_one_place_are_two_treatments() -> None:
    view = quick_view([0, 0, 1, 1], 0, np.arange(4) * 30 * DAY, service=INPATIENT, diagnosis=[1, 1, 2, 2])
    assert treatment(view.visits).tolist() == [True] * 4


def test_an_illness_that_hardly_needs_a_bed_has_no_treatment_in_bed() -> None:
    """Illness 1 is treated in bed 5 times of 50 where 15 stays are five for it: the third least often."""
    assert LIGHT_QUANTILE == 0.3
    assert treated([1] * 5, outpatients={1: 45}) == []
    assert treated([1] * 5, outpatients={9: 200}) == [0, 1, 2, 3, 4]  # illness 9 is the light one


def test_of_a_treatment_only_the_stays_for_a_light_illness_are_none() -> None:
    assert treated([1, 2, 1, 1, 2], outpatients={2: 45}) == [0, 2, 3]
    view = stays([1, 2, 1, 1, 2], outpatients={2: 45})
    assert his(view, seldom_in_bed(view.visits, LIGHT_QUANTILE)) == [1, 4]


def test_who_was_never_in_bed_has_no_treatment_there() -> None:
    view = stays([1] * 5, service=OUTPATIENT)
    assert his(view, treatment(view.visits)) == []
    for empty in (quick_view([0] * 0, [0] * 0, [0] * 0), quick_view([0], [0], [0], diagnosis=1)):
        assert not treatment(empty.visits).any()


# What the rhythm of stays is


def course(view: View) -> list[int]:
    return his(view, view.visits.course)


def test_chemotherapy_is_a_course() -> None:
    assert course(stays([1] * 5)) == [1, 2, 3, 4]
    assert course(stays([1, 1, 1, 2, 3])) == [1, 2, 3, 4]  # with a fever in between


def test_a_regular_rhythm_of_stays_for_changing_illnesses_is_no_course() -> None:
    assert course(stays([1, 2, 3, 4, 5])) == []
    assert course(stays([1, 1, 2, 2, 3])) == []


def test_a_regular_rhythm_of_stays_for_nobody_knows_what_is_no_course() -> None:
    assert course(stays([BLANK] * 5)) == []


def test_a_regular_rhythm_of_stays_for_a_light_illness_is_no_course() -> None:
    assert course(stays([1] * 5, outpatients={1: 45})) == []


def test_regular_visits_of_an_outpatient_are_a_course_whatever_their_illness() -> None:
    for illnesses in ([1, 2, 3, 4, 5], [BLANK] * 5):
        assert course(stays(illnesses, service=OUTPATIENT)) == [1, 2, 3, 4]


def test_stays_for_one_illness_without_rhythm_are_no_course() -> None:
    assert course(stays([1] * 6, gaps=[10, 45, 12, 90, 31])) == []


def again(view: View) -> list[int]:
    return his(view, returns(view)[1])


def test_three_cycles_for_one_illness_are_not_again() -> None:
    """Too few for a course, since their prices change: a rhythm of three or more, a week apart or more."""
    assert course(stays([1] * 3)) == []
    assert again(stays([1] * 3)) == []
    assert again(stays([1] * 2)) == [1]
    assert again(stays([1] * 3, gaps=[21, 60])) == [1, 2]


def test_three_stays_in_a_rhythm_without_one_illness_that_needs_a_bed_are_again() -> None:
    assert again(stays([1, 2, 3])) == [1, 2]
    assert again(stays([1] * 3, outpatients={1: 45})) == [1, 2]


def test_where_no_illness_is_known_a_rhythm_of_stays_is_a_treatment() -> None:
    """Without a rhythm, or with too few stays to have one, nobody knows; a known illness tells of its own stays only."""
    assert again(stays([BLANK] * 3)) == []
    assert again(stays([BLANK] * 2)) == [1]
    assert again(stays([BLANK] * 3, gaps=[21, 60])) == [1, 2]
    assert again(stays([BLANK] * 3, [0, 1, 0])) == [2]  # two at a place have no rhythm
    assert again(stays([1, 2, BLANK, BLANK])) == [1]


def test_a_rhythm_of_five_stays_bears_the_mark_unless_it_is_a_treatment() -> None:
    for illnesses, marked in (([1] * 5, []), ([1, 2, 3, 4, 5], [1, 2, 3, 4]), ([BLANK] * 5, [])):
        view = stays(illnesses)
        flags = mark(view).flags
        assert his(view, flags["again"] | flags["needless"]) == marked


def test_who_comes_back_in_a_rhythm_for_a_light_illness_comes_back_without_need() -> None:
    view = stays([1] * 5, outpatients={1: 45})
    assert his(view, mark(view).flags["needless"]) == [1, 2, 3, 4]
    assert his(view, mark(view).flags["light"]) == [0, 1, 2, 3, 4]
