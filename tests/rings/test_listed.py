"""Prices, and amounts that somebody chose: several side by side that are no thing's price, and cards that are swiped in a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, MINUTE, PHARMACY
from ringfinder.rings.bases import SMOOTHING, of_several_homes
from ringfinder.rings.prices import (
    ALIKE_SHARE,
    ONE_REASON,
    PRICE_LIST,
    PRICE_SHARE,
    RUN,
    SEVERAL,
    Rows,
    equal_amounts,
)

from .planted import group_of
from .test_harm import judge, nats

FOUR_PRICES = [29_600, 29_700, 29_800, 29_900]


def near(cents: list[int], drugs: list[int], service: int = PHARMACY, **more: Any) -> list[bool]:
    """Whether each purchase of a group of twelve, a day apart, is one of equal amounts; others buy nothing near it."""
    n = len(cents)
    paid = np.r_[cents, 900 + np.arange(30) ** 2]
    columns: dict[str, Any] = {"drug": np.r_[drugs, np.full(30, BLANK)]} | more
    view = quick_view(np.arange(n + 30), 0, np.arange(n + 30) * DAY, cents=paid, service=service, **columns)
    presence = observe(view)
    row_of = np.empty(len(presence.visit), np.int64)
    row_of[presence.visit] = np.arange(len(presence.visit))
    rows = Rows.of(presence, np.zeros(n, np.int64), np.sort(row_of[:n]), 1)
    got = equal_amounts(presence, mark(view), rows)[0]
    out = np.zeros(n, np.bool_)
    out[rows.visit] = got
    return out.tolist()


def test_several_prices_that_are_no_medicines_are_amounts_somebody_chose() -> None:
    """Four amounts of three purchases each, whatever is bought; and the same amounts, each that of its medicine."""
    assert (PRICE_LIST, PRICE_SHARE, SEVERAL, ONE_REASON) == (3, 0.15, 3, 0.5)
    assert near(FOUR_PRICES * 3, [1] * 4 + [2] * 4 + [3] * 4) == [True] * 12
    assert near(FOUR_PRICES * 3, [1, 2, 3, 4] * 3) == [False] * 12


def test_one_or_two_prices_for_many_things_are_a_price_list() -> None:
    many = [1, 2, 3, 4, 5, 6] * 2
    assert near([29_800] * 12, many) == [False] * 12
    assert near([29_800] * 6 + [29_900] * 6, many) == [False] * 12
    assert near([29_700, 29_800, 29_900] * 4, [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3) == [True] * 12


def test_a_price_is_a_medicines_when_more_than_half_of_it_is() -> None:
    """Of three prices of four purchases each, one has three of one medicine: two are left, and two are a list."""
    mixed = [[1, 1, 2, 3], [1, 2, 2, 3], [3, 1, 3, 2]]
    amounts = [price for price in (29_700, 29_800, 29_900) for _ in range(4)]
    assert near(amounts, [*mixed[0], *mixed[1], *mixed[2]]) == [True] * 12
    assert near(amounts, [1, 1, 1, 3, *mixed[1], *mixed[2]]) == [False] * 12


def test_prices_whose_reason_nobody_knows_stay_prices() -> None:
    assert near(FOUR_PRICES * 3, [1] * 4 + [2] * 4 + [BLANK] * 4) == [False] * 12


def test_stays_have_prices_by_group_of_illnesses() -> None:
    ill = np.r_[[1] * 4 + [2] * 4 + [3] * 4, np.full(30, BLANK)]
    assert near(FOUR_PRICES * 3, [BLANK] * 12, service=INPATIENT, diagnosis=ill) == [False] * 12


def test_prices_far_apart_are_not_side_by_side() -> None:
    """Two prices near the middle, the third a fifth above it: that one is outside the band, and two are a list."""
    assert near([29_800] * 5 + [29_900] * 4 + [36_000] * 3, [1, 2, 3] * 4) == [False] * 12


@pytest.mark.parametrize(("mornings", "drained"), [(5, False), (6, True)])
def test_half_of_the_equal_amounts_in_a_row_are_a_drawer_though_other_amounts_vary(
    mornings: int, drained: bool
) -> None:
    """Five cards on eight mornings, eleven minutes apart. Three of them pay alike; two of these come in a row on some mornings."""
    assert ALIKE_SHARE == 0.5
    five, when = range(5), [3, 44, 61, 97, 130, 181, 209, 300]
    start = [d * DAY + 9 * HOUR + p * (RUN + MINUTE) for d in when for p in five]
    for morning in range(mornings):
        start[5 * morning + 1] -= MINUTE
    cents = np.round(30_000 * np.exp(np.linspace(-0.05, 0.05, 40)))
    cents[3::5], cents[4::5] = 9_000 * 1.15 ** np.arange(8), 70_000 * 1.15 ** np.arange(8)
    others = np.linspace(0, 359, 89).astype(np.int64) * DAY + 15 * HOUR
    patient, drug = np.r_[np.tile(five, 8), np.arange(5, 94)], np.r_[np.arange(40), np.full(89, BLANK)]
    paid = np.r_[cents, np.full(89, 400_000)]
    view = quick_view(patient, 0, np.r_[start, others], cents=paid, service=PHARMACY, drug=drug)
    got = judge(view, groups=group_of(*five))
    assert (got.borne["drained"][0], got.borne["even"][0]) == (2.0 * mornings, 24.0)
    mu = 40 * SMOOTHING * 0.1 / (129 - 40 + SMOOTHING)
    assert got.nats["drained"][0] == pytest.approx(nats(12, mu) if drained else 0.0)


def test_no_household_bears_more_of_a_mark_than_all_others_together() -> None:
    """Marks by person: ten of one and three of others count as six; four and three as seven."""
    patient = np.repeat(np.arange(4), 10)
    view = quick_view(patient, 0, (np.tile(np.arange(10) ** 2, 4) * 3 + patient) * DAY)
    presence = observe(view)
    rows = Rows.of(presence, np.zeros(40, np.int64), np.arange(40), 1)

    def borne(*marked: int) -> float:
        flag = np.arange(40) % 10 < np.repeat(marked, 10)
        return float(of_several_homes(flag[rows.visit], rows, 1)[0])

    assert borne(10, 1, 2, 0) == 6.0
    assert borne(4, 1, 2, 0) == 6.0
    assert borne(3, 1, 2, 0) == 6.0
    assert borne(3, 3, 2, 1) == 9.0
    assert borne(7, 0, 0, 0) == 0.0
    assert borne(0, 0, 0, 0) == 0.0
