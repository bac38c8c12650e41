"""Care that had been paid already: which claims are a second settlement of the same bill."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import exp, floor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at, quick_view, stay, view_of, visit

from ringfinder.evidence.repaid import ABOUT, repaid
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, NEVER, OUTPATIENT, PHARMACY

BILL: dict[str, Any] = {"who": 0, "place": 0, "kind": OUTPATIENT, "day": 10, "days": 0, "cents": 40_000, "settled": 10}


def marked(*bills: dict[str, Any]) -> list[bool]:
    """By bill, each as `BILL` but for what is told: whether it had been paid before. Days of settlement; None: never."""
    table = [BILL | bill for bill in bills]
    who, place, kind, day, days, cents = (np.array([b[c] for b in table]) for c in [*BILL][:-1])
    start = day * DAY + 9 * HOUR + np.arange(len(table))  # in the order told within a day
    view = quick_view(who, place, start, end=start + days * DAY, service=kind, cents=cents)
    settled = np.array([NEVER if b["settled"] is None else int(b["settled"] * DAY) + 10 * HOUR for b in table])
    claims = replace(view.claims, settled=settled[view.claims.row])
    out = np.zeros(len(table), np.bool_)
    out[claims.row] = repaid(replace(view, claims=claims))
    return out.tolist()


def again(**other: Any) -> list[bool]:
    """The bill, and the same once more thirty days later, but for what is told."""
    return marked({}, {"settled": 40} | other)


def test_the_same_bill_settled_on_a_later_day_is_paid_twice() -> None:
    assert again() == [False, True]


def test_the_later_settlement_is_the_second_whatever_the_order() -> None:
    assert marked({"settled": 40}, {}) == [True, False]


def test_the_next_day_is_a_later_one_and_the_same_day_is_not() -> None:
    """Two slips of one visit are settled together, or after lunch."""
    assert again(settled=11) == [False, True]
    assert again(settled=10) == [False, False]
    assert again(settled=10.5) == [False, False]


@pytest.mark.parametrize(
    "other",
    [{"who": 1}, {"place": 1}, {"kind": PHARMACY}, {"kind": INPATIENT}, {"day": 11}, {"day": 9}, {"days": 1}],
    ids=["person", "place", "purchase", "stay", "day after", "day before", "end"],
)
def test_other_care_is_not_the_same_bill(other: dict[str, Any]) -> None:
    assert again(**other) == [False, False]


def test_a_slip_more_or_a_part_less_is_still_the_same_bill() -> None:
    """400 yuan times exp(0.15) are 464.73, times exp(-0.15) 344.28."""
    assert ABOUT == 0.15
    most, least = floor(40_000 * exp(0.15)), floor(40_000 * exp(-0.15)) + 1
    assert (most, least) == (46_473, 34_429)
    for cents, same in ((most, True), (most + 1, False), (least, True), (least - 1, False)):
        assert again(cents=cents) == [False, same]


def test_what_was_never_settled_is_neither_paid_before_nor_again() -> None:
    assert again(settled=None) == [False, False]
    assert marked({"settled": None}, {"settled": None}) == [False, False]


def test_a_bill_paid_three_times_was_paid_twice_before() -> None:
    assert marked({}, {"settled": 40}, {"settled": 70}) == [False, True, True]


def test_parts_of_a_stay_settled_month_by_month_end_on_other_days() -> None:
    """Three months from one admission; the last part handed in once more is the same bill."""
    parts = [{"kind": INPATIENT, "days": 30 * k, "settled": 10 + 30 * k, "cents": 900_000} for k in (1, 2, 3)]
    assert marked(*parts) == [False] * 3
    assert marked(*parts, parts[2] | {"settled": 130}) == [False] * 3 + [True]


def test_what_was_refunded_before_is_paid_once(tmp_path: Path) -> None:
    """A claim that is settled, taken back and settled again; without the refund it is paid twice."""
    first = {"claim_id": "A", **visit("p", "h", at(10, 9), 400, settled_at=at(10, 10), operator_id="till")}
    refund = {**first, "claim_id": "B", "total_amount": -400, "settled_at": at(12, 10), "refund_of": "A"}
    second = {**first, "claim_id": "C", "settled_at": at(40, 10), "operator_id": "clerk"}
    assert repaid(view_of(tmp_path / "paid twice", [first, second])).tolist() == [False, True]
    assert repaid(view_of(tmp_path / "refunded", [first, refund, second])).tolist() == [False]


def test_a_stay_paid_at_the_hospital_and_once_more_at_a_desk(tmp_path: Path) -> None:
    """By the calendar's days, whatever the hour."""
    row = stay("p", "h", at(10, 9), 5, 8000, settled_at=at(15, 10), operator_id="till")
    later = {**row, "end_time": row["end_time"] + timedelta(hours=3), "settled_at": at(60, 10), "operator_id": "clerk"}
    assert repaid(view_of(tmp_path, [{"claim_id": "A", **row}, {"claim_id": "B", **later}])).tolist() == [False, True]


def test_no_claims_were_paid_before() -> None:
    nothing = np.zeros(0, np.int64)
    assert repaid(quick_view(nothing, nothing, nothing)).tolist() == []


bills = st.fixed_dictionaries(
    {
        "who": st.integers(0, 1),
        "place": st.integers(0, 1),
        "day": st.integers(9, 10),
        "days": st.integers(0, 1),
        "settled": st.sampled_from([None, 12, 13.25, 40]),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(bills, max_size=12, unique_by=lambda b: (b["who"], b["place"], b["day"], b["days"], b["settled"])))
def test_of_one_amount_the_mark_is_what_a_plain_look_says(table: list[dict[str, Any]]) -> None:
    """All that was settled on an earlier day for the same person, place and days, where each is settled once a day."""

    def before(one: dict[str, Any], other: dict[str, Any]) -> bool:
        if any(one[c] != other[c] for c in ("who", "place", "day", "days")) or None in (
            one["settled"],
            other["settled"],
        ):
            return False
        return int(one["settled"]) < int(other["settled"])

    if table:
        assert marked(*table) == [any(before(one, other) for one in table) for other in table]
