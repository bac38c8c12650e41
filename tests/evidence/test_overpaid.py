"""Files of which the fund bears more than of any usual file of that kind and category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view, with_people

from evidence.test_irregular import RING, town_with_bills
from evidence.town import alerts, hub, names
from ringfinder.evidence import irregular
from ringfinder.evidence.habits import FEW_ALIKE, HIGH, LEAST_WIDTH, of_desks, overpaid, usual_end
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, OUTPATIENT, PHARMACY, View
from ringfinder.words import say

NOTHING = np.zeros(0, np.int64)
AMOUNT = 100_000  # cents, so that the fund's cents are the part in thousandths of a percent


def view_of(fund: Any, category: Any = BLANK, amount: Any = AMOUNT, service: int = OUTPATIENT) -> View:
    """A claim each of people of their own: the fund bears so many cents of its amount."""
    n = len(fund)
    view = quick_view(np.arange(n), 0, np.arange(n) * DAY, cents=amount, service=service)
    view = replace(view, claims=replace(view.claims, fund=np.asarray(fund, np.int64)))
    return with_people(view, category=np.broadcast_to(np.asarray(category, np.int32), n))


def over(fund: Sequence[int], category: Any = BLANK, sort: Any = 3, amount: Any = AMOUNT) -> list[bool]:
    n = len(fund)
    view = view_of(fund, category, amount)
    return overpaid(view, np.arange(n), np.broadcast_to(np.asarray(sort, np.int64), n)).tolist()


def test_what_lies_five_points_above_one_usual_part_is_no_longer_usual() -> None:
    """The fund bears half of 59 files; of the sixtieth it bears 55 %, or a thousandth of a percent more."""
    assert LEAST_WIDTH == 0.05
    assert over([50_000] * 59 + [55_000]) == [False] * 60
    assert over([50_000] * 59 + [55_001]) == [False] * 59 + [True]


def test_parts_that_differ_among_usual_files_differ_once_more_as_far() -> None:
    """Of 50 files the 25th is borne by half and the 45th by five eighths: the usual ends at six eighths."""
    assert HIGH == 0.9
    assert over([50_000] * 44 + [62_500] * 5 + [75_000]) == [False] * 50
    assert over([50_000] * 44 + [62_500] * 5 + [75_001]) == [False] * 49 + [True]


def test_the_highest_tenth_says_nothing_of_what_is_usual() -> None:
    """With 45 files at half, the other five are beyond it."""
    assert over([50_000] * 45 + [62_500] * 5) == [False] * 45 + [True] * 5


def test_fewer_than_fifty_files_of_a_kind_tell_nothing() -> None:
    assert FEW_ALIKE == 50
    assert over([50_000] * 48 + [100_000]) == [False] * 49
    assert over([50_000] * 49 + [100_000]) == [False] * 49 + [True]


def test_kinds_of_care_are_told_apart() -> None:
    """Of one kind the fund bears nearly all, of the other half; 49 files of a third one tell nothing."""
    fund = [50_000] * 50 + [90_000] + [90_000] * 60 + [10_000] * 48 + [90_000]
    assert over(fund, sort=[2] * 51 + [3] * 60 + [0] * 49) == [False] * 50 + [True] + [False] * 109


def test_people_of_one_category_are_compared_with_one_another() -> None:
    """Employees are paid four fifths, residents a half: a resident paid like an employee is paid beyond the usual."""
    fund, category = [80_000] * 60 + [50_000] * 49 + [80_000], [0] * 60 + [1] * 50
    assert over(fund, category) == [False] * 109 + [True]
    assert over(fund) == [False] * 110


def test_a_category_of_few_files_is_compared_with_all_of_that_kind() -> None:
    """Of 49 residents the one at four fifths is as usual as the 60 employees; at more than these he is not."""
    category = [0] * 60 + [1] * 49
    assert over([80_000] * 60 + [50_000] * 48 + [80_000], category) == [False] * 109
    assert over([80_000] * 60 + [50_000] * 48 + [90_000], category) == [False] * 108 + [True]


def test_an_unknown_category_is_one_of_its_own() -> None:
    fund = [80_000] * 60 + [50_000] * 49 + [80_000]
    assert over(fund, [4] * 60 + [BLANK] * 50) == [False] * 109 + [True]


def test_without_a_funds_part_nothing_is_overpaid() -> None:
    assert over([0] * 60) == [False] * 60


def test_what_the_fund_takes_back_is_no_part_of_it() -> None:
    """Ten files with a refund count as borne by nobody; else the middle would be theirs."""
    assert over([-90_000] * 31 + [0] * 20 + [5_001]) == [False] * 51 + [True]


def test_files_that_cost_nothing_are_not_overpaid() -> None:
    fund, amount = [0] * 59 + [90_000], [AMOUNT] * 59 + [0]
    assert over(fund, amount=amount) == [False] * 60
    assert over(fund) == [False] * 59 + [True]


def test_no_files_are_not_overpaid() -> None:
    assert overpaid(view_of([0]), NOTHING, NOTHING).tolist() == []
    assert usual_end(NOTHING, np.zeros(0)).tolist() == []


def test_only_the_files_given_tell_what_is_usual() -> None:
    """Sixty files at four fifths that nobody handed in at a desk."""
    view = view_of([80_000] * 60 + [50_000] * 59 + [80_000])
    at = np.arange(60, 120)
    assert overpaid(view, at, np.full(60, 3)).tolist() == [False] * 59 + [True]


def test_marks_follow_the_files_in_any_order() -> None:
    fund = [50_000] * 59 + [80_000]
    view, order = view_of(fund), np.random.default_rng(1).permutation(60)
    assert overpaid(view, order, np.full(60, 3)).tolist() == (order == 59).tolist()


def test_at_a_shops_till_nothing_is_overpaid() -> None:
    fund = [50_000] * 59 + [80_000]
    for service, found in ((OUTPATIENT, [59]), (INPATIENT, [59]), (PHARMACY, [])):
        view = view_of(fund, service=service)
        got = of_desks(view, np.arange(60), np.zeros(60, np.int64), np.full(60, service * 2 + 1))
        assert np.flatnonzero(got["overpaid"]).tolist() == found


def end_of(parts: list[int]) -> float:
    """Where the usual hundredths end, said plainly."""
    ranked = sorted(parts)
    middle, high = ranked[(len(ranked) - 1) // 2], ranked[9 * (len(ranked) - 1) // 10]
    return (high + max(high - middle, 5)) / 100


Part = tuple[int, int]  # group, hundredths


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from((0, 1, 4)), st.integers(0, 100)), min_size=1, max_size=60))
def test_the_usual_end_is_what_a_plain_count_says(rows: list[Part]) -> None:
    group, part = np.array(rows, np.int64).T
    wanted = [end_of([p for h, p in rows if h == g]) for g, _ in rows]
    np.testing.assert_allclose(usual_end(group, part / 100), wanted)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(-1, 1), st.sampled_from((0, 3, 4, 9, 10, 16)), st.integers(1, 40)),
        min_size=1,
        max_size=10,
    )
)
def test_overpaid_is_what_a_plain_count_says(rows: list[tuple[int, int, int, int]]) -> None:
    """Parts in sixteenths and ends in between: (kind, category, part, how many files)."""
    files = [(sort, category, part) for sort, category, part, times in rows for _ in range(times)]

    def usual(of: list[int]) -> float:
        ranked = sorted(of)
        high = ranked[9 * (len(of) - 1) // 10]
        return high + max(float(high - ranked[(len(of) - 1) // 2]), 16 * 0.05)

    def is_over(sort: int, category: int, part: int) -> bool:
        kind = [p for s, _, p in files if s == sort]
        alike = [p for s, c, p in files if (s, c) == (sort, category)]
        return len(kind) >= 50 and part > usual(alike if len(alike) >= 50 else kind)

    sort, category, part = np.array(files).T
    assert over((part * 1_000).tolist(), category, sort, 16_000) == [is_over(*file) for file in files]


# At a desk


def desk_town(folder: Path, beyond: int, hour: int | None = None) -> View:
    """The fund bears 60 % of every bill, but for those that one clerk settled for this many people: of theirs 95 %, at that hour."""
    town = town_with_bills()
    friends = set(RING[:beyond])
    for row in town.claims:
        if row.get("operator_id", "").startswith("clerk"):
            row["fund_amount"] = row["total_amount"] * 60 / 100
            if row["patient_id"] in friends:
                row |= {"operator_id": "clerk", "fund_amount": row["total_amount"] * 95 / 100}
                row["settled_at"] = row["settled_at"].replace(hour=hour or row["settled_at"].hour)
    return town.view(folder)


def test_one_habit_of_a_clerk_is_told_and_does_not_alert(tmp_path: Path) -> None:
    """Eight operators are looked at; what stands alone counts nothing in coordination, and six nats less one in harm."""
    view = desk_town(tmp_path, len(RING))
    (found,) = irregular.search(view)
    assert names(view, found) == set(RING)
    assert hub(view, found, "operator") == {"clerk"}
    (told,) = [f for f in found.findings if f.side == "harm"]
    assert told.key == "reasons_kinds.irregular_overpaid"
    assert told.observed == len(RING)
    assert len(told.claims) == 3 * len(RING)
    assert found.coordination == pytest.approx(-log(8) - MARGIN)
    assert found.harm == pytest.approx(irregular.BEYOND - MARGIN)
    assert say(told.key, "en", **told.values) != say(told.key, "zh", **told.values)


def test_friends_whose_files_are_settled_at_night_too_are_an_alert(tmp_path: Path) -> None:
    view = desk_town(tmp_path, len(RING), hour=22)
    (found,) = alerts(irregular.search(view))
    assert names(view, found) == set(RING)
    told = [f.key for f in found.findings if f.side == "harm"]
    assert told == ["reasons_kinds.irregular_late", "reasons_kinds.irregular_overpaid"]


@pytest.mark.parametrize("people", [0, 2])
def test_two_hardship_cases_make_no_ring(tmp_path: Path, people: int) -> None:
    assert irregular.search(desk_town(tmp_path, people, hour=22)) == []
