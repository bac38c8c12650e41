"""Drawing many things at once gives what drawing one at a time would."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.claims.city.draws import choose, cumulate, distinct_numbers, draw_rows
from ringfinder.claims.city.labels import ID_CHECKS, ID_WEIGHTS, identity_numbers

seeds = st.integers(0, 2**32)


@given(seeds, st.integers(1, 300), st.integers(0, 10**6), st.integers(0, 10**6))
def test_distinct_numbers_are_distinct_and_in_range(seed: int, n: int, low: int, room: int) -> None:
    numbers = distinct_numbers(np.random.default_rng(seed), n, low, low + n + room)
    assert len(set(numbers.tolist())) == n
    assert low <= numbers.min() <= numbers.max() < low + n + room


@given(seeds, st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_choose_takes_distinct_things(seed: int, n: int, size: int, weighted: bool) -> None:
    things = np.arange(size) * 7
    chosen = choose(np.random.default_rng(seed), things, n, np.arange(size) + 1.0 if weighted else None)
    assert len(chosen) == min(n, size)
    assert len(set(chosen.tolist())) == len(chosen)
    assert set(chosen.tolist()) <= set(things.tolist())


@given(seeds, st.lists(st.lists(st.floats(0, 5), min_size=4, max_size=4), min_size=1, max_size=6))
def test_draw_rows_never_takes_what_has_no_weight(seed: int, weights: list[list[float]]) -> None:
    table = np.array(weights) + np.eye(len(weights), 4)[:, ::-1] * 0.5 + np.array([0.0, 0.0, 0.0, 0.1])
    rows = np.arange(len(weights)).repeat(40)
    drawn = draw_rows(np.random.default_rng(seed), cumulate(table), rows)
    assert (table[rows, drawn] > 0).all()


def test_draw_rows_follows_the_weights() -> None:
    table = cumulate(np.array([[1.0, 3.0], [9.0, 1.0]]))
    rows = np.repeat([0, 1], 20_000)
    drawn = draw_rows(np.random.default_rng(1), table, rows)
    assert abs(drawn[:20_000].mean() - 0.75) < 0.01
    assert abs(drawn[20_000:].mean() - 0.10) < 0.01


def test_weighted_choice_prefers_the_heavy() -> None:
    rng = np.random.default_rng(1)
    first = [int(choose(rng, np.arange(3), 1, np.array([1.0, 1.0, 8.0]))[0]) for _ in range(4000)]
    assert abs(np.mean(np.array(first) == 2) - 0.8) < 0.03


def test_identity_numbers_carry_birth_sex_and_a_right_check_digit() -> None:
    birth = np.array(["1990-02-03", "1990-02-03", "2001-12-31"], dtype="datetime64[D]").astype(np.int32)
    numbers = identity_numbers(birth, np.array([0, 0, 1]), np.array([1, 1, 4])).to_pylist()
    assert len(set(numbers)) == 3
    assert [n[6:14] for n in numbers] == ["19900203", "19900203", "20011231"]
    assert [int(n[16]) % 2 for n in numbers] == [0, 0, 1]
    for n in numbers:
        assert ID_CHECKS[sum(int(d) * w for d, w in zip(n[:17], ID_WEIGHTS, strict=True)) % 11] == n[17]
