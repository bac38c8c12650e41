"""A ward has its doctor: where all have one illness, half of a house's arrivals at one doctor are nobody's choice."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.view import BLANK, DAY, INPATIENT
from ringfinder.rings.company import A_DOCTOR, DEPARTMENT, WARD, company, to_one_doctor

HERE, ELSEWHERE = 0, 1


def beyond(least: float, doctors: list[int], others: tuple[int, ...] = ()) -> float:
    """Nats of one doctor for arrivals at these doctors, beside others' stays there; everybody is in bed once."""
    treated = [*doctors, *others]
    start = np.arange(len(treated)) * 7 * DAY
    ill = {"doctor": treated, "diagnosis": 0}
    view = quick_view(np.arange(len(treated)), HERE, start, end=start + 3 * DAY, service=INPATIENT, **ill)
    return to_one_doctor(view, np.arange(len(doctors)), least)


def test_a_ward_is_half_of_a_house_and_a_department_a_quarter() -> None:
    assert (WARD, DEPARTMENT, A_DOCTOR) == (0.5, 0.25, 2.0)
    assert beyond(WARD, [7] * 5) == pytest.approx(5 * log(2) - 2)
    assert beyond(DEPARTMENT, [7] * 5) == pytest.approx(5 * log(4) - 2)


@pytest.mark.parametrize(
    ("his", "gain"), [(6, 0.0), (7, 7 * log(1.4) - 2), (8, 8 * log(1.6) - 2), (10, 10 * log(2) - 2)]
)
def test_what_a_ward_would_give_its_doctor_anyway_is_nothing(his: int, gain: float) -> None:
    """So many of ten arrivals; six have 6 ln 1.2 = 1.09, which does not pay for a doctor."""
    assert 6 * log(1.2) < A_DOCTOR
    assert beyond(WARD, [7] * his + [*range(10 - his)]) == pytest.approx(gain)


def test_three_arrivals_in_a_ward_are_too_few() -> None:
    """3 ln 2 = 2.08, of four three: 3 ln 1.5 = 1.22, which does not pay for a doctor."""
    assert beyond(WARD, [7] * 3) == pytest.approx(3 * log(2) - 2)
    assert beyond(WARD, [7] * 3 + [1]) == 0.0
    assert beyond(DEPARTMENT, [7] * 3 + [1]) == pytest.approx(3 * log(3) - 2)


@pytest.mark.parametrize(("share", "usual"), [(2, 0.5), (5, 0.5), (8, 0.8)])
def test_a_doctors_share_of_the_others_counts_from_a_half_on(share: int, usual: float) -> None:
    """Twelve arrivals, and of ten other stays so many are his."""
    assert beyond(WARD, [7] * 12, (*[7] * share, *range(10, 20 - share))) == pytest.approx(12 * log(1 / usual) - 2)


@pytest.mark.parametrize(("differ", "least"), [(True, DEPARTMENT), (False, WARD)])
def test_company_asks_for_a_ward_where_all_have_one_illness(differ: bool, least: float) -> None:
    """Five who move months apart to one doctor: no company but his, 5 ln 4 - 2 or 5 ln 2 - 2."""
    first = np.arange(5) * 60 * DAY
    start = np.stack([first, first + 13 * DAY], axis=1).ravel()
    doctor = np.tile([BLANK, 7], 5)
    places = np.tile([ELSEWHERE, HERE], 5)
    view = quick_view(np.repeat(np.arange(5), 2), places, start, end=start + 10 * DAY, service=INPATIENT, doctor=doctor)
    got = company(view, np.arange(0, 10, 2), np.arange(1, 10, 2), differ)
    assert (got.moved, got.moves) == (0, 5)
    assert got.nats == pytest.approx(5 * log(1 / least) - 2)
