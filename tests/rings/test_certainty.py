from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder.rings.certainty import BAR, MIDDLE, ROWS, SCALE, SUREST, TAIL, expected, honest, q_values, score, upper

NONE = np.zeros(0)
nats = st.floats(-10, 80)
falling = st.lists(nats, min_size=1, max_size=20).map(lambda s: np.array(sorted(s, reverse=True)))


def bound(count: int, beyond: float = 0.0) -> float:
    """What may be expected where so many were seen, so many nats beyond: Gehrels' limit, falling by e in three nats."""
    return (count + 1 + sqrt(count + 0.75)) * exp(-beyond / TAIL)


def test_how_many_may_be_expected_where_so_many_were_seen() -> None:
    """Gehrels' limits at one standard deviation: 1.84, 3.30 and 4.64 for none, one and two."""
    np.testing.assert_allclose(upper(np.array([0, 1, 2])), [1 + sqrt(0.75), 2 + sqrt(1.75), 3 + sqrt(2.75)])
    np.testing.assert_allclose(upper(np.array([0, 1, 2])), [1.84, 3.30, 4.64], atol=0.03)


def test_expected_chance_groups_by_hand() -> None:
    """One null candidate of 10 nats in four worlds: above it nothing was seen, at it and below one."""
    got = expected(np.array([13.0, 10.001, 10.0, 4.0, -5.0]), np.array([10.0]), 4)
    assert TAIL == 3.0
    # at ten nats itself one was seen, and yet no more than what may hide where none was seen just above
    wanted = [bound(0, 3.0), bound(0, 0.001), bound(0), bound(1), bound(1)]
    np.testing.assert_allclose(got, np.array(wanted) / 4)


def test_the_least_of_all_bounds_holds() -> None:
    """A null candidate of 12 nats and three of 2 to 3: beyond 3 the second one bounds closer than the first, also at 12."""
    got = expected(np.array([13.0, 12.0, 9.0, 3.0, 2.0]), np.array([2.5, 12.0, 2.0, 3.0]), 1)
    np.testing.assert_allclose(got, [bound(2, 10.0), bound(2, 9.0), bound(2, 6.0), bound(2), bound(4)])
    assert bound(2, 9.0) < bound(0)  # seen at 12: more than is expected there


def test_q_values_by_hand() -> None:
    """Two worlds with null candidates of 6 and 7 nats; two rings listed."""
    first = min(bound(0, 13.0), bound(1, 13.0), bound(2, 14.0)) / 2
    second = min(bound(0), bound(1), bound(2, 1.0)) / 2 / 2
    assert (first, second) == (bound(0, 13.0) / 2, bound(0) / 4)
    np.testing.assert_allclose(q_values(np.array([20.0, 7.0]), np.array([6.0, 7.0]), 2), [first, second])


def test_a_ring_takes_the_better_q_of_those_below_it() -> None:
    """Of two equal rings each is as sure as both: E / 2, not E / 1 for the first."""
    q = q_values(np.array([30.0, 30.0]), np.array([9.0]), 1)
    np.testing.assert_allclose(q, [bound(0, 21.0) / 2] * 2)


@pytest.mark.parametrize("worlds", [0.5, 1, 4])
def test_without_null_candidates_those_that_may_be_expected_all_the_same_remain(worlds: float) -> None:
    """None seen, not even at 0 nats: from there on the bound for none falls."""
    q = q_values(np.array([12.0, -3.0]), NONE, worlds)
    np.testing.assert_allclose(q, [bound(0, 12.0) / worlds, min(1.0, bound(0) / worlds / 2)])


def test_claims_searched_half_as_often_tell_half_as_much() -> None:
    """Null worlds of some districts: two candidates among a quarter of the claims are eight in all."""
    strength, null = np.array([9.0, 5.0]), np.array([5.0, 4.0])
    np.testing.assert_allclose(expected(strength, null, 0.25), 4 * expected(strength, null, 1))


def test_no_rings_have_no_q() -> None:
    assert len(q_values(NONE, np.array([3.0]), 4)) == 0


@settings(max_examples=100, deadline=None)
@given(falling, st.lists(nats, max_size=12).map(np.array), st.integers(1, 8))
def test_q_never_falls_with_rank_and_is_a_share(strength: np.ndarray, null: np.ndarray, worlds: int) -> None:
    q = q_values(strength, null, worlds)
    assert (np.diff(q) >= 0).all()
    assert (q > 0).all()
    assert (q <= 1).all()


@settings(max_examples=100, deadline=None)
@given(falling, st.lists(nats, max_size=12), st.floats(0, 20), st.integers(1, 8))
def test_another_null_candidate_as_strong_as_all_rings_makes_none_surer(
    strength: np.ndarray, null: list[float], beyond: float, worlds: int
) -> None:
    before = q_values(strength, np.array(null), worlds)
    after = q_values(strength, np.array([*null, strength[0] + beyond]), worlds)
    assert (after >= before).all()


def test_a_weak_null_candidate_bounds_the_strong_end() -> None:
    """From where it was seen on the number falls, so that it may lower what is expected far above."""
    assert expected(np.array([20.0]), np.array([19.0]), 1).tolist() == pytest.approx([bound(0, 1.0)])
    assert expected(np.array([20.0]), np.array([19.0, 1.0]), 1).tolist() == pytest.approx([bound(2, 19.0)])


@settings(max_examples=100, deadline=None)
@given(falling, st.lists(nats, max_size=12).map(np.array))
def test_expected_is_the_least_bound_over_all_ranks(strength: np.ndarray, null: np.ndarray) -> None:
    ranked = sorted(null.tolist(), reverse=True)
    seen = [(max([0.0, *ranked[:1]]), 0), *((s, k + 1) for k, s in enumerate(ranked))]
    wanted = [
        min([bound(sum(n >= s for n in ranked)), *(bound(k, s - at) for at, k in seen if s >= at)])
        for s in strength.tolist()
    ]
    np.testing.assert_allclose(expected(strength, null, 1), wanted)


def test_more_strengths_than_are_bounded_at_a_time_give_the_same() -> None:
    strength, null = np.linspace(40, -5, 2 * ROWS + 7), np.array([3.0, 8.0, 8.5])
    one_by_one = np.concatenate([expected(strength[i : i + 1], null, 2) for i in range(len(strength))])
    np.testing.assert_array_equal(expected(strength, null, 2), one_by_one)


def test_the_score_rises_with_strength_and_is_fifty_at_the_least_that_alerts() -> None:
    scores = score(np.array([-50.0, 0.0, BAR, 20.0, 60.0]))
    assert scores[2] == 50.0
    assert (np.diff(scores) > 0).all()
    assert scores[0] > 0
    assert scores[-1] < 100


def test_half_is_honest_at_the_middle_and_one_in_twenty_at_the_least_that_alerts() -> None:
    assert honest(np.array([MIDDLE, MIDDLE + SCALE])).tolist() == pytest.approx([0.5, 1 / (1 + exp(1))])
    assert honest(np.array([15.0, 30.0, 300.0])).tolist() == pytest.approx([SUREST / 15, SUREST / 30, SUREST / 300])
    assert float(honest(np.array([BAR]))[0]) == pytest.approx(0.05, abs=0.001)
