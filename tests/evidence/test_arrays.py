from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from ringfinder.evidence.arrays import (
    MANY,
    coded,
    distinct,
    drawn,
    expand,
    found_at,
    fullest,
    most_within,
    order_by,
    packed,
    walk,
)

LENGTHS = st.integers(0, 40)


@given(
    LENGTHS.flatmap(
        lambda n: st.tuples(
            arrays_of.arrays(np.int64, n, elements=st.sampled_from([-(2**62), -1, 0, 1, 5, 2**62, 2**63 - 1])),
            arrays_of.arrays(np.int32, n, elements=st.integers(-1, 3)),
            arrays_of.arrays(np.float64, n, elements=st.sampled_from([-np.inf, -1.5, -0.0, 0.0, 2.5, np.inf])),
            arrays_of.arrays(np.bool_, n),
        )
    )
)
def test_rows_are_ordered_as_lexsort_orders_them(keys: tuple[np.ndarray, ...]) -> None:
    for first in range(len(keys)):
        some = keys[first:] + keys[:first]
        assert order_by(*some).tolist() == np.lexsort(some[::-1]).tolist()


def test_keys_of_more_bits_than_one_integer_has_are_ordered_in_rounds() -> None:
    random = np.random.default_rng(5)
    keys = tuple(random.integers(-(2**62), 2**62, 3000) >> shift for shift in (60, 55, 0))
    assert order_by(*keys).tolist() == np.lexsort(keys[::-1]).tolist()


@given(
    st.one_of(
        arrays_of.arrays(np.int64, LENGTHS, elements=st.integers(-4, 4)),
        arrays_of.arrays(np.int64, LENGTHS, elements=st.sampled_from([-(2**63), -(2**55), 0, 1, 2**55, 2**63 - 1])),
        arrays_of.arrays(np.int8, LENGTHS, elements=st.sampled_from([-128, -1, 0, 127])),
        arrays_of.arrays(np.float64, LENGTHS, elements=st.sampled_from([-np.inf, -0.5, 0.0, 3.0])),
    )
)
def test_values_are_coded_as_unique_codes_them(values: np.ndarray) -> None:
    names, index = coded(values)
    wanted, inverse = np.unique(values, return_inverse=True)
    assert names.tolist() == wanted.tolist() == distinct(values).tolist()
    assert names.dtype == values.dtype
    assert index.tolist() == inverse.tolist()


def test_many_look_ups_find_what_few_find() -> None:
    random = np.random.default_rng(5)
    keys, wanted = np.sort(random.integers(0, 500, 100)), random.integers(-5, 505, MANY)
    assert found_at(keys, wanted).tolist() == np.searchsorted(keys, wanted).tolist()
    assert found_at(keys, wanted[:50]).tolist() == np.searchsorted(keys, wanted[:50]).tolist()


def test_many_look_ups_of_wide_keys_find_what_few_find() -> None:
    random = np.random.default_rng(6)
    for keys, wanted in (
        (np.sort(random.integers(-(2**62), 2**62, 3000)), random.integers(-(2**62), 2**62, MANY)),
        (np.sort(random.normal(size=3000)), random.normal(size=MANY)),
    ):
        for side in ("left", "right"):
            assert found_at(keys, wanted, side).tolist() == np.searchsorted(keys, wanted, side).tolist()
        assert sorted(np.arange(MANY)[walk(wanted)].tolist()) == list(range(MANY))


@given(
    LENGTHS.filter(bool).flatmap(
        lambda n: st.tuples(
            arrays_of.arrays(np.int64, n, elements=st.sampled_from([-(2**20), -1, 0, 1, 2**20])),
            arrays_of.arrays(np.int64, n, elements=st.sampled_from([-(2**42), -1, 0, 1, 2**42, 2**60])),
        )
    )
)
def test_packed_keys_stand_in_the_order_of_both(keys: tuple[np.ndarray, np.ndarray]) -> None:
    one = packed(*keys)
    bits = [(int(key.max()) - int(key.min())).bit_length() for key in keys]
    assert (one is None) == (sum(bits) > 64)
    if one is not None:
        assert np.argsort(one, kind="stable").tolist() == np.lexsort(keys[::-1]).tolist()


def test_drawn_numbers_order_rows_as_the_generators_own_do() -> None:
    random = np.random.default_rng(7).random(2000)
    assert (drawn(2000, 7) / 2.0**53).tolist() == random.tolist()


def test_ranges_are_listed_one_after_the_other() -> None:
    index, which = expand(np.array([5, 9, 2]), np.array([7, 9, 5]))
    assert index.tolist() == [5, 6, 2, 3, 4]
    assert which.tolist() == [0, 0, 2, 2, 2]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-60, 60)), max_size=25), st.integers(0, 40))
def test_the_fullest_window_begins_at_its_first_value(rows: list[tuple[int, int]], width: int) -> None:
    group, value = (np.array([row[i] for row in rows], np.int64) for i in (0, 1))
    wanted = []
    for of in range(5):
        mine = sorted(v for g, v in rows if g == of)
        wanted.append(max(mine, key=lambda v: (sum(v <= w <= v + width for w in mine), -v), default=0))
    assert fullest(group, value, width, 5).tolist() == wanted


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-60, 60)), max_size=25), st.integers(0, 40))
def test_most_within_is_the_fullest_window_of_each_group(rows: list[tuple[int, int]], width: int) -> None:
    group, value = (np.array([row[i] for row in rows], np.int64) for i in (0, 1))
    wanted = [
        max((sum(g == of and v <= w <= v + width for g, w in rows) for o, v in rows if o == of), default=0)
        for of in range(5)
    ]
    assert most_within(group, value, width, 5).tolist() == wanted
