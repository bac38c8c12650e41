from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.view import BLANK

CODES = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 5)), max_size=40)


def test_surprise_is_the_poisson_gain_over_chance() -> None:
    assert float(nats.surprise(10, 2)) == pytest.approx(10 * np.log(5) - 8)
    assert nats.surprise([2, 1, 0], [2, 3, 1]).tolist() == [0, 0, 0]


def test_honest_scatter_takes_nats_away_and_vanishes_without_scatter() -> None:
    plain, wide = float(nats.surprise(20, 4)), float(nats.surprise(20, 4, scatter=0.5))
    assert wide == pytest.approx(20 * np.log(5) - 24 * np.log(24 / 8))
    assert wide < plain
    assert float(nats.surprise(20, 4, scatter=1e-4)) == pytest.approx(plain, rel=1e-3)


@given(CODES)
def test_pairs_count_what_a_counter_counts(rows: list[tuple[int, int]]) -> None:
    left, right = (np.array([r[i] for r in rows], np.int32) for i in (0, 1))
    a, b, n = nats.pairs(left, right)
    expected = Counter((x, y) for x, y in rows if BLANK not in (x, y))
    assert list(zip(a.tolist(), b.tolist(), n.tolist(), strict=True)) == [(*k, expected[k]) for k in sorted(expected)]


@given(CODES)
def test_distinct_gives_the_first_row_of_each_combination(rows: list[tuple[int, int]]) -> None:
    left, right = (np.array([r[i] for r in rows], np.int32) for i in (0, 1))
    assert nats.distinct(left, right).tolist() == [rows.index(r) for r in sorted(set(rows))]


@given(CODES, st.integers(0, 9))
def test_permuting_keeps_every_stratum_its_values(rows: list[tuple[int, int]], seed: int) -> None:
    stratum, value = (np.array([r[i] for r in rows], np.int32) for i in (0, 1))
    moved = nats.permuted_within(value, (stratum,), seed)
    assert np.array_equal(moved, nats.permuted_within(value, (stratum,), seed))
    for s in set(stratum.tolist()):
        assert sorted(moved[stratum == s].tolist()) == sorted(value[stratum == s].tolist())


def test_permuting_moves_something() -> None:
    value = np.arange(50, dtype=np.int32)
    assert (nats.permuted_within(value, (np.zeros(50, np.int32),), 1) != value).any()


def test_slices_are_the_runs_of_a_sorted_array() -> None:
    assert nats.slices(np.array([2, 2, 5, 7, 7, 7])) == [(2, 0, 2), (5, 2, 3), (7, 3, 6)]
    assert nats.slices(np.array([], np.int64)) == []
