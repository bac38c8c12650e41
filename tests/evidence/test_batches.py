"""Prescriptions filled in batches: a practice that sends out on Fridays, a club that meets, families who fetch a factor together."""

from __future__ import annotations

import numpy as np
import pytest

from evidence.loyal import pair
from ringfinder.evidence.steering import (
    ALL_STANDING,
    BATCH,
    CHEAP,
    CROWD,
    DEAR_SHARE,
    LEAST_ROUND,
    MOSTLY_ONE,
    NEARLY_ALL,
    ONE_BY_ONE,
    STANDING,
    days_of_most,
    in_batches,
    summoned,
)

AT_RANDOM = [0, 3, 14, 54, 69, 120]


def days(*days: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(days, np.int64)


def test_many_on_a_day_are_a_batch() -> None:
    """Twelve fills on six days, or eleven."""
    assert BATCH == 2.0
    assert in_batches(np.repeat(days(*AT_RANDOM), 2))
    assert not in_batches(np.repeat(days(*AT_RANDOM), 2)[1:])


def test_so_many_fills_that_days_must_share_them_are_no_batches() -> None:
    """100 fills on 100 days that follow one another would take 63 days if each came by itself: 48 are too few for that, 47 are."""
    assert ONE_BY_ONE == 0.75
    rng = np.random.default_rng(1)

    def filled(on: int, fills: int) -> bool:
        inner = rng.permutation(np.arange(1, 99))[: on - 2]
        used = days(0, *np.sort(inner).tolist(), 99)
        return in_batches(np.sort(np.r_[used, np.resize(used, fills - on)]))

    assert not filled(48, 100)
    assert filled(47, 100)
    assert not filled(70, 200)  # 200 fills would take 86


def test_stragglers_hide_no_rhythm() -> None:
    """A famous doctor's day each month, 12 or so at a time, and some who fetch theirs a day later."""
    assert NEARLY_ALL == 0.8
    monthly = np.repeat(days(0, 31, 61, 92, 122, 153, 183), 12)
    late = days(1, 35, 64, 101, 125, 170, 186)
    both = np.sort(np.r_[monthly, late])
    assert days_of_most(both).tolist() == [0, 31, 61, 92, 122, 153, 183]
    assert not summoned(both)
    assert in_batches(both)
    many = np.sort(
        np.r_[np.repeat(days(0, 31, 61, 92, 122, 153, 183), 3), late]
    )  # a quarter of the fills are no stragglers
    assert len(days_of_most(many)) == 14


def test_days_of_a_rhythm_are_batches_however_few_come() -> None:
    assert in_batches(days(*range(0, 42, 7)))
    assert in_batches(days(0, 31, 61, 122, 152, 183))
    assert not in_batches(days(*AT_RANDOM))


def test_what_is_filled_every_few_days_is_everyday_life() -> None:
    """Every five days may be a rhythm; every four is a shop that is open."""
    assert LEAST_ROUND == 5
    assert in_batches(days(*range(0, 50, 5)))
    assert not in_batches(days(*range(0, 40, 4)))


def test_five_days_tell_nothing() -> None:
    assert not in_batches(np.repeat(days(0, 7, 14, 21, 28), 9))
    assert in_batches(np.repeat(days(0, 7, 14, 21, 28, 35), 9))
    assert not in_batches(days())


def test_a_crowd_now_and_then_was_summoned_and_is_no_practice() -> None:
    """Eighteen fills on six days four weeks apart, or seventeen; on days of a rhythm; on days of a shop that is open."""
    assert CROWD == 3.0
    crowd = np.repeat(days(*AT_RANDOM), 3)
    assert summoned(crowd)
    assert not in_batches(crowd)
    assert not summoned(crowd[1:])
    assert in_batches(crowd[1:])
    assert not summoned(np.repeat(days(*range(0, 42, 7)), 3))
    often = days(0, 1, 3, 4, 9, 10, 20, 22, 25)
    assert not summoned(np.repeat(often, 3))
    assert in_batches(np.repeat(often, 3))
    assert not summoned(np.repeat(days(0, 3, 14, 54, 69), 9))
    assert not summoned(days())


def test_days_as_far_apart_on_average_as_a_round_are_no_everyday_life() -> None:
    """Ten days within 45 (five apart on average), or within 44."""
    apart = [0, 1, 2, 9, 11, 12, 24, 26, 41]
    assert summoned(np.repeat(days(*apart, 45), 3))
    assert not summoned(np.repeat(days(*apart, 44), 3))


@pytest.mark.parametrize(
    "explained", [{"special": True}, {"one_medicine": 1.0}, {"standing": STANDING, "special": True}]
)
def test_neither_rare_medicines_nor_supplies_explain_who_was_summoned(explained: dict[str, float | bool]) -> None:
    """Next door, a home and a single visit still do."""
    here = {"amount": 0.0, "dear": 0.0, "special": False, "one_medicine": 0.3} | explained
    assert pair(**here).harm == CHEAP  # type: ignore[arg-type]
    assert pair(**here, summoned=True).harm == 20.0  # type: ignore[arg-type]
    for other in ({"nearby": True}, {"home": True}, {"unnamed": True}, {"share": 0.9}, {"fills": 12}):
        assert pair(**here | other, summoned=True).harm == CHEAP  # type: ignore[arg-type]


@pytest.mark.parametrize(("standing", "explained"), [(ALL_STANDING, True), (0.79, False)])
def test_who_only_fetches_a_monthly_supply_was_not_summoned(standing: float, explained: bool) -> None:
    """A factor for bleeders, handed out about every thirty days: some come a day or two later, and no weekday tells the rhythm."""
    assert pair(amount=20.0, standing=standing, summoned=True).harm == (CHEAP if explained else 40.0)


@pytest.mark.parametrize(
    ("dear", "standing", "explained"),
    [(0.59, 0.0, True), (DEAR_SHARE, 0.0, False), (1.0, STANDING, True), (1.0, 0.49, False)],
)
def test_whom_somebody_summons_batches_explain_at_usual_prices_or_of_monthly_supplies(
    dear: float, standing: float, explained: bool
) -> None:
    """Of any medicines, far away and common ones. On a consulting day each pays for as many packs as he needs."""
    of = {"dear": dear, "standing": standing, "special": False, "one_medicine": 0.3}
    assert pair(**of, batched=True, summoned=True).harm == (CHEAP if explained else 30.0)  # type: ignore[arg-type]
    assert pair(**of, batched=True).harm == CHEAP  # type: ignore[arg-type]
    assert pair(**of).harm == 30.0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "standing", "dear", "explained"),
    [(0.7, 0.5, 0.59, True), (0.69, 0.5, 0.59, False), (0.7, 0.49, 0.59, False), (0.7, 0.5, 0.6, False)],
)
def test_a_specialists_chronically_ill_take_mostly_one_medicine_month_by_month(
    one: float, standing: float, dear: float, explained: bool
) -> None:
    assert MOSTLY_ONE == 0.7
    got = pair(dear=dear, standing=standing, special=False, one_medicine=one).harm
    assert got == (CHEAP if explained else 30.0)
