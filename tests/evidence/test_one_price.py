"""Amounts that are equal within one illness only have a price; those that bills of other illnesses predict do not."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.town import Town
from ringfinder.evidence import fake_bills, invoices, piles, sameness
from ringfinder.evidence.piles import ONE_PRICE, Pile
from ringfinder.evidence.view import View

PEOPLE = [f"p{i:03}" for i in range(60, 70)]


def paid(folder: Path, illnesses: list[str | None], yuan: list[float]) -> View:
    """Bills of one account at one place, each of another person and day, for these illnesses and amounts in turn."""
    town = Town()
    for i, (illness, amount) in enumerate(zip(illnesses, cycle(yuan), strict=False)):
        more = {"diagnosis_code": illness} if illness else {}
        cents = round(amount * (1 + 0.0001 * i), 2)
        town.distant_bill(PEOPLE[i % len(PEOPLE)], "far", 20 + 17 * i, cents, "shared", **more)
    return town.view(folder)


def judged(view: View) -> Pile:
    bills = fake_bills.read_bills(view)
    mine = np.flatnonzero(bills.account == view.codes.account.tolist().index("shared"))
    return piles.judge(view, bills, invoices.read(view), mine)


def test_equal_amounts_for_one_illness_count_little(tmp_path: Path) -> None:
    """Ten bills within a thousandth of one amount, where nobody else is ever treated for it."""
    assert ONE_PRICE == 6.0
    pile = judged(paid(tmp_path, ["lens"] * 10, [6_800]))
    assert pile.amount > 10
    assert (pile.most, pile.marks) == (6.0, 6.0)


def test_a_charity_that_pays_for_two_treatments_has_two_prices(tmp_path: Path) -> None:
    pile = judged(paid(tmp_path, ["lens", "heart"] * 5, [6_800, 38_000]))
    assert pile.amount > 6
    assert (pile.most, pile.marks) == (6.0, 6.0)


def test_equal_amounts_for_illnesses_that_differ_count_as_they_are(tmp_path: Path) -> None:
    pile = judged(paid(tmp_path, ["lens", "hip", "knee", "ear", "eye"] * 2, [6_800]))
    assert pile.amount > 10
    assert pile.most > pile.amount
    assert pile.marks == pile.amount


def test_one_odd_bill_among_those_of_one_illness_adds_what_it_tells_and_no_more(tmp_path: Path) -> None:
    """One bill for the hip as dear as nine for the lens is predicted by those, but theirs are not by it."""
    pile = judged(paid(tmp_path, ["lens"] * 9 + ["hip"], [6_800]))
    assert 6.0 < pile.most < 12.0
    assert pile.marks == pile.most < pile.amount


@pytest.mark.parametrize(("unknown", "told"), [(5, True), (6, False), (10, False)])
def test_illnesses_tell_where_half_of_the_bills_name_theirs(tmp_path: Path, unknown: int, told: bool) -> None:
    pile = judged(paid(tmp_path, [None] * unknown + ["lens"] * (10 - unknown), [6_800]))
    assert pile.amount > 10
    assert (pile.marks == 6.0) is told
    assert np.isinf(pile.most) is not told


def test_in_bed_and_out_of_bed_are_two_treatments(tmp_path: Path) -> None:
    """The same amount for both is nobody's price list."""
    town = Town()
    for i, who in enumerate(PEOPLE):
        more = {} if i % 2 else {"service_type": "outpatient"}
        town.distant_bill(who, "far", 20 + 17 * i, 6_800 + i, "shared", diagnosis_code="lens", **more)
    assert judged(town.view(tmp_path)).most > 6.0


def test_unlike_amounts_for_one_illness_count_as_they_do(tmp_path: Path) -> None:
    """Each bill half as much again as the one before: what is below the limit stays."""
    yuan = [1_000 * 1.5**i for i in range(10)]
    one, unknown = (judged(paid(tmp_path / name, [name or None] * 10, yuan)) for name in ("lens", ""))
    assert one.amount < 0
    assert unknown.amount < 0
    assert one.bills == unknown.bills == 0


@given(
    amounts=st.lists(st.floats(1.0, 12.0), min_size=1, max_size=8),
    groups=st.lists(st.integers(-1, 2), min_size=8, max_size=8),
)
def test_a_bill_is_predicted_only_by_those_of_other_groups(amounts: list[float], groups: list[int]) -> None:
    """Against the formula written out: ln((1 + sum of K / base) / (n + 1)), over earlier bills of other known groups."""
    n = len(amounts)
    value, group, household = np.array(amounts), np.array(groups[:n]), np.arange(n)
    base = [np.full(n, 0.3)] * len(sameness.WIDTHS)
    totals = []
    for width in sameness.WIDTHS:
        total = 0.0
        for i in range(n):
            before = [j for j in range(i) if groups[i] >= 0 <= groups[j] and groups[i] != groups[j]]
            near = sum(abs(amounts[i] - amounts[j]) <= width / 2 for j in before)
            total += np.log((1 + near / width / 0.3) / (len(before) + 1))
        totals.append(total)
    best, index = sameness.best_width(value, household, base, group)
    assert best == pytest.approx(max(totals) - np.log(3))
    assert totals[index] == pytest.approx(max(totals))
