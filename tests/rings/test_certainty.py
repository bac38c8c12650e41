from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder.rings.certainty import TAIL, UNSEEN, expected, q_values, score

NONE = np.zeros(0)
nats = st.floats(-10, 80)
falling = st.lists(nats, min_size=1, max_size=20).map(lambda s: np.array(sorted(s, reverse=True)))


def test_expected_chance_groups_by_hand() -> None:
    """One null candidate of 10 nats in four worlds: whole below it, falling by e in three nats above."""
    got = expected(np.array([13.0, 10.0, 4.0]), np.array([10.0]), 4)
    tail = [UNSEEN * exp(-s / TAIL) for s in (13, 10, 4)]
    assert TAIL == 3.0
    np.testing.assert_allclose(got, [(exp(-1) + tail[0]) / 4, (1 + tail[1]) / 4, (1 + tail[2]) / 4])


def test_q_values_by_hand() -> None:
    strength, null = np.array([20.0, 6.0]), np.array([6.0, 7.0])
    first = (exp(-14 / TAIL) + exp(-13 / TAIL) + UNSEEN * exp(-20 / TAIL)) / 2
    second = (1 + 1 + UNSEEN * exp(-6 / TAIL)) / 2 / 2  # of two rings listed
    np.testing.assert_allclose(q_values(strength, null, 2), [first, second])


def test_a_ring_takes_the_better_q_of_those_below_it() -> None:
    """Of two equal rings each is as sure as both: E / 2, not E / 1 for the first."""
    q = q_values(np.array([9.0, 9.0]), np.array([9.0]), 1)
    np.testing.assert_allclose(q, [(1 + UNSEEN * exp(-3)) / 2] * 2)


@pytest.mark.parametrize("worlds", [0, 1, 4])
def test_without_null_candidates_the_unseen_half_remains(worlds: int) -> None:
    q = q_values(np.array([12.0]), NONE, worlds)
    np.testing.assert_allclose(q, [UNSEEN * exp(-12 / TAIL) / max(1, worlds)])


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
@given(falling, st.lists(nats, max_size=12), nats, st.integers(1, 8))
def test_another_null_candidate_never_makes_a_ring_surer(
    strength: np.ndarray, null: list[float], more: float, worlds: int
) -> None:
    before = q_values(strength, np.array(null), worlds)
    after = q_values(strength, np.array([*null, more]), worlds)
    assert (after >= before).all()


def test_the_score_rises_with_strength_and_is_fifty_at_the_least_that_alerts() -> None:
    scores = score(np.array([-50.0, 0.0, 8.0, 20.0, 60.0]))
    assert scores[2] == 50.0
    assert (np.diff(scores) > 0).all()
    assert scores[0] > 0
    assert scores[-1] < 100
