from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from ringfinder.evidence.arrays import finely, first_of_runs, order_by

MILLIONTH = 2.0**-20

ROWS = st.lists(
    st.tuples(st.integers(-1, 2), st.sampled_from([-2.5, 0.0, 0.5]), st.booleans()),
    max_size=30,
)


def columns(rows: list[tuple[int, float, bool]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows as a column of each type."""
    return (
        np.array([a for a, _, _ in rows], np.int32),
        np.array([b for _, b, _ in rows], np.float64),
        np.array([c for _, _, c in rows], np.bool_),
    )


@given(ROWS)
def test_a_run_begins_where_a_row_differs_from_the_one_before(rows: list[tuple[int, float, bool]]) -> None:
    for some in (1, 2, 3):
        wanted = [i for i, row in enumerate(rows) if i == 0 or row[:some] != rows[i - 1][:some]]
        assert first_of_runs(*columns(rows)[:some]).tolist() == wanted


@given(ROWS)
def test_in_sorted_rows_each_combination_begins_once(rows: list[tuple[int, float, bool]]) -> None:
    ordered = sorted(rows)
    wanted = sorted(ordered.index(row) for row in set(rows))
    assert first_of_runs(*columns(ordered)).tolist() == wanted


def test_no_rows_have_no_runs() -> None:
    assert first_of_runs(np.zeros(0, np.int64), np.zeros(0)).tolist() == []
    assert first_of_runs(np.array([7])).tolist() == [0]


def test_equal_rows_apart_are_two_runs() -> None:
    assert first_of_runs(np.array([1, 1, 2, 1])).tolist() == [0, 2, 3]
    # a step in either column begins a run: (1, 0), (1, 1), (2, 1), (2, 1)
    assert first_of_runs(np.array([1, 1, 2, 2]), np.array([0, 1, 1, 1])).tolist() == [0, 1, 2]


NUMBERS = st.floats(-(2.0**42), 2.0**42) | st.sampled_from([-0.0, MILLIONTH, -MILLIONTH, MILLIONTH / 2, -1e-300])


@given(arrays_of.arrays(np.float64, st.integers(0, 30), elements=NUMBERS))
def test_numbers_are_told_in_whole_millionths_below_them(values: np.ndarray) -> None:
    got = finely(values)
    assert got.dtype == np.int64
    assert got.tolist() == [floor(Fraction(v) * 2**20) for v in values.tolist()]


@given(st.lists(NUMBERS, min_size=2, max_size=30))
def test_sorted_by_millionths_no_number_comes_before_one_that_is_over_a_millionth_less(numbers: list[float]) -> None:
    values = np.array(numbers)
    ordered = values[order_by(finely(values))]
    assert (np.maximum.accumulate(ordered) - ordered <= MILLIONTH).all()  # the difference is rounded
    assert sorted(ordered.tolist()) == sorted(numbers)


def test_millionths_round_downwards() -> None:
    assert finely(np.array([1.0, 0.0, -1.0])).tolist() == [2**20, 0, -(2**20)]
    assert finely(np.array([1.5, 0.5, -0.5]) * MILLIONTH).tolist() == [1, 0, -1]
