from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.evidence import sameness
from ringfinder.evidence.arrays import MANY
from ringfinder.evidence.sameness import Amounts


def gains(codes: list[int], households: list[int], base: float) -> list[float]:
    got = sameness.prequential(sameness.equal(np.array(codes)), np.array(households), np.full(len(codes), base))
    return got.tolist()


def test_a_first_bill_gains_nothing_and_each_like_one_more() -> None:
    assert gains([7, 7, 7], [1, 2, 3], 0.1) == pytest.approx([0, np.log(11 / 2), np.log(21 / 3)])


def test_learning_is_paid_for_by_a_bill_unlike_the_others() -> None:
    assert gains([7, 7, 8], [1, 2, 3], 0.1)[2] == pytest.approx(-np.log(3))


def test_a_household_that_repeats_itself_says_nothing() -> None:
    assert gains([7, 7, 7, 7], [1, 1, 1, 1], 0.1) == [0, 0, 0, 0]


def test_what_is_as_common_outside_gains_nothing() -> None:
    assert sum(gains([7] * 20, list(range(20)), 1.0)) == pytest.approx(0)


def test_everybody_is_judged_beside_all_others_whatever_the_order() -> None:
    codes, homes = np.array([7, 7, 8]), np.array([1, 2, 3])
    fit = sameness.beside_the_rest(sameness.equal(codes), homes, np.full(3, 0.1))
    assert fit == pytest.approx([np.log(11 / 3), np.log(11 / 3), -np.log(3)])


def test_the_width_that_serves_best_is_chosen_and_paid_for() -> None:
    values = np.log(np.array([1000, 1001, 1002, 999.5, 1000.5]))
    homes = np.arange(5)
    base = [np.full(5, 0.5)] * 3
    total, width = sameness.best_width(values, homes, base)
    tight = sameness.prequential(sameness.alike(values, sameness.WIDTHS[0]), homes, base[0]).sum()
    assert width == 0
    assert total == pytest.approx(tight - np.log(3))


ROWS = st.lists(st.tuples(st.integers(0, 3), st.floats(-3, 9)), min_size=1, max_size=40)


@given(ROWS, st.integers(0, 3), st.floats(-3, 9))
def test_amounts_are_counted_within_their_stratum_and_width(
    rows: list[tuple[int, float]], stratum: int, value: float
) -> None:
    codes, values = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    table = Amounts.of(codes, values, 4)
    distance = np.abs(values - value)[codes == stratum]
    for width, counts in zip(sameness.WIDTHS, table.near(np.array([stratum]), np.array([value])), strict=True):
        # keys of strata are sums, so that a value within rounding of the edge may fall on either side
        assert (distance < width / 2 - 1e-9).sum() <= counts[0] <= (distance < width / 2 + 1e-9).sum()
    assert int(table.total(np.array([stratum]))[0]) == len(distance)
    assert table.total(np.arange(-1, 4)).tolist() == [0, *np.bincount(codes, minlength=4).tolist()]


def test_many_values_are_counted_as_each_alone() -> None:
    random = np.random.default_rng(3)
    table = Amounts.of(random.integers(0, 3, 500), random.normal(5, 0.1, 500), 3)
    stratum, value = random.integers(0, 3, MANY), random.normal(5, 0.1, MANY)
    many = table.near(stratum, value)
    one_by_one = [table.near(stratum[i : i + 1], value[i : i + 1]) for i in range(MANY)]
    for width in range(len(sameness.WIDTHS)):
        assert many[width].tolist() == [int(one[width][0]) for one in one_by_one]
    assert [len(counts) for counts in table.near(stratum[:0], value[:0])] == [0, 0, 0]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([-3.0, 0.5, 2.0, 2.25, 9.0]), st.booleans()), max_size=40),
    st.integers(1, 5),
)
def test_the_median_without_a_part_is_that_of_the_rest(rows: list[tuple[int, float, bool]], fewest: int) -> None:
    codes, values = np.array([r[0] for r in rows], np.int64), np.array([r[1] for r in rows])
    part = np.array([r[2] for r in rows], np.bool_)
    whole, some = Amounts.of(codes, values, 4), Amounts.of(codes[part], values[part], 4)
    for stratum in range(4):
        rest = values[(codes == stratum) & ~part]
        wanted = float(np.median(rest)) if len(rest) >= fewest else None
        assert whole.median_less(some, stratum, fewest) == wanted


def test_collisions_are_the_chance_that_two_of_a_stratum_agree() -> None:
    codes, values = np.array([0, 0, 0, 1, 1]), np.array([1.0, 1.0, 2.0, 5.0, 6.0])
    got = sameness.collisions(Amounts.of(codes, values, 2), 0.03)
    assert got.tolist() == pytest.approx([1 / 3, 0])


def test_many_bills_are_thinned_evenly() -> None:
    kept = sameness.thinned(np.arange(1000))
    assert len(kept) == sameness.MOST_BILLS
    assert np.diff(kept).min() >= 1000 // sameness.MOST_BILLS
    assert sameness.thinned(np.arange(3)).tolist() == [0, 1, 2]
