from __future__ import annotations

from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.presence import CELL, LONGEST_WINDOW, Presence, observe
from ringfinder.evidence.ties import CROWD, LEAST_MEETINGS, LEAST_WEIGHT, Ties, repeated, tie
from ringfinder.evidence.view import DAY, HOUR, MINUTE, View

# no two of these days fall on one weekday, and their gaps have no rhythm
DAYS = (0, 8, 37)
WINDOW = LONGEST_WINDOW


def together(days: tuple[int, ...], people: int = 2, minutes: int = 5, last: int = 100, **more: object) -> View:
    """So many people at one place on these days, some minutes apart; somebody else on the first and last day."""
    patient = [p for _ in days for p in range(people)] + [people, people]
    start = [d * DAY + 9 * HOUR + p * minutes * MINUTE for d in days for p in range(people)]
    start += [0, last * DAY]
    return quick_view(patient, 0, start, cents=np.arange(len(start)) + 100, **more)  # type: ignore[arg-type]


def test_a_pair_that_met_on_three_days_is_tied() -> None:
    ties = tie(observe(together(DAYS)))
    assert (ties.a.tolist(), ties.b.tolist(), ties.observed.tolist()) == ([0], [1], [3])
    # both came three times in 100 days: 3 x 3 pairs of visits, each within an hour either way by chance
    expected = 1e-6 + 3 * 3 * 2 * WINDOW / (100 * DAY)
    assert ties.expected[0] == pytest.approx(expected)
    assert ties.weight[0] == pytest.approx(3 * log(3 / expected) - (3 - expected))


def test_a_habit_explains_meetings() -> None:
    """Two who each come on the same weekday in the same hours, whether or not the other is there."""
    weeks = (0, 1, 3, 6, 10, 12, 13, 17, 18, 22)
    alone = (2, 9, 16)
    patient, start = [2, 2], [0, 23 * 7 * DAY]
    for week in weeks:
        patient += [0, 1]
        start += [week * 7 * DAY + 9 * HOUR, week * 7 * DAY + 9 * HOUR + 60]
    for week in alone:
        patient += [0]
        start += [week * 7 * DAY + 9 * HOUR]
    presence = observe(quick_view(patient, 0, start, cents=np.arange(len(start)) ** 2 + 100))
    ties = tie(presence)
    a, b, x = len(weeks) + len(alone), len(weeks), len(weeks)
    uniform = a * b * 2 * WINDOW / (23 * 7 * DAY)
    habit = (a * b - 2 * x) / 23 * (2 * WINDOW / CELL)
    assert ties.observed.tolist() == [x]
    assert ties.expected[0] == pytest.approx(1e-6 + uniform + habit)
    surprise = x * log(x / ties.expected[0]) - (x - ties.expected[0])
    assert ties.weight[0] == pytest.approx(surprise)
    assert surprise < 5  # ten meetings; without the habit they would be worth 40 nats


def test_one_meeting_is_no_tie() -> None:
    assert tie(observe(together(DAYS[:1]))).a.tolist() == []
    assert LEAST_MEETINGS == 2


def test_meetings_of_one_day_count_once() -> None:
    # at two places, and morning and evening at the first
    hours = ((0, 9), (0, 15), (1, 11))
    patient = [p for _ in hours for p in (0, 1)] + [2, 2]
    facility = [f for f, _ in hours for _ in (0, 1)] + [0, 0]
    start = [h * HOUR + p for _, h in hours for p in (0, 1)] + [0, 100 * DAY]
    assert tie(observe(quick_view(patient, facility, start))).a.tolist() == []


def test_people_of_one_household_are_not_tied() -> None:
    assert tie(observe(together(DAYS, household=[0, 0, 1]))).a.tolist() == []


@pytest.mark.parametrize(("minutes", "met"), [(60, [3]), (61, [])])
def test_a_pair_meets_within_the_window_of_the_place(minutes: int, met: list[int]) -> None:
    assert WINDOW == 60 * MINUTE
    assert tie(observe(together(DAYS, minutes=minutes))).observed.tolist() == met


def test_four_who_meet_are_tied_pair_by_pair() -> None:
    ties = tie(observe(together(DAYS, people=4)))
    assert list(zip(ties.a.tolist(), ties.b.tolist(), strict=True)) == list(combinations(range(4), 2))
    assert ties.observed.tolist() == [3] * 6


def test_nobody_is_together_with_the_one_behind_a_crowd() -> None:
    """People queue within one window; who stands more than a crowd apart is not together."""
    queue = CROWD + 2
    patient = [p for _ in DAYS for p in range(queue)] + [queue, queue]
    start = [d * DAY + 9 * HOUR + p for d in DAYS for p in range(queue)] + [0, 1000 * DAY]
    cents = np.arange(len(start)) + 100
    ties = tie(observe(quick_view(patient, 0, start, cents=cents)))
    missing = set(combinations(range(queue), 2)) - set(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
    assert missing == {(0, queue - 1)}


def ties_by_pairs(presence: Presence) -> list[tuple[int, int, int, float, float]]:
    """Every pair of people, visit by visit; CROWD does not matter in small worlds."""
    rows = list(
        zip(
            presence.patient.tolist(),
            presence.spot.tolist(),
            presence.time.tolist(),
            presence.cell.tolist(),
            strict=True,
        )
    )
    window, span = presence.window.tolist(), int(presence.span)
    weeks = max(1.0, span / (7 * DAY))
    out = []
    for a, b in combinations(range(len(presence.view.codes.patient)), 2):
        if presence.view.people.household[a] == presence.view.people.household[b]:
            continue
        mine, theirs = ([r for r in rows if r[0] == p] for p in (a, b))
        days = {min(t, u) // DAY for _, s, t, _ in mine for _, r, u, _ in theirs if s == r and abs(t - u) <= window[s]}
        x = len(days)
        if x < LEAST_MEETINGS:
            continue
        expected = 1e-6
        for spot in range(presence.spots):
            n_a, n_b = (sum(r[1] == spot for r in who) for who in (mine, theirs))
            expected += n_a * n_b * 2 * window[spot] / span
            for cell in range(56):
                in_a, in_b = (sum(r[1] == spot and r[3] == cell for r in who) for who in (mine, theirs))
                if in_a and in_b:
                    expected += max(0, in_a * in_b - 2 * x) / weeks * min(1.0, 2 * window[spot] / CELL)
        weight = x * log(x / expected) - (x - expected) if x > expected else 0.0
        if weight > LEAST_WEIGHT:
            out.append((a, b, x, expected, weight))
    return out


def rows(ties: Ties) -> list[tuple[int, int, int]]:
    return list(zip(ties.a.tolist(), ties.b.tolist(), ties.observed.tolist(), strict=True))


presences = st.lists(
    st.tuples(
        st.integers(0, 4),  # patient
        st.integers(0, 1),  # facility
        st.integers(0, 3).map(lambda n: n * 11 + n // 2),  # day
        st.integers(0, 5).map(lambda n: n * 25),  # minutes after nine
        st.sampled_from([0, 1]),  # inpatient or outpatient
    ),
    min_size=4,
    max_size=40,
)


@settings(max_examples=120, deadline=None)
@given(presences, st.lists(st.integers(0, 4), min_size=5, max_size=5))
def test_ties_are_those_of_all_pairs(visits: list[tuple[int, ...]], household: list[int]) -> None:
    patient, facility, day, minute, service = np.array(visits).T
    start = day * DAY + 9 * HOUR + minute * MINUTE
    # one more visit late in the year, so that chance is small
    view = quick_view(
        np.r_[patient, 0],
        np.r_[facility, 1],
        np.r_[start, 300 * DAY],
        service=np.r_[service, 1],
        household=household,
        cents=np.arange(len(start) + 1) + 100,
    )
    presence = observe(view)
    ties = tie(presence)
    wanted = ties_by_pairs(presence)
    assert rows(ties) == [row[:3] for row in wanted]
    np.testing.assert_allclose(ties.expected, [row[3] for row in wanted], rtol=1e-9)
    np.testing.assert_allclose(ties.weight, [row[4] for row in wanted], rtol=1e-9)


pair = st.one_of(st.integers(0, 5), st.integers(0, 2**62))


@settings(max_examples=100, deadline=None)
@given(st.lists(pair), st.lists(pair))
def test_repeated_never_drops_a_pair_that_repeats(once: list[int], twice: list[int]) -> None:
    pairs = np.array(once + twice + twice, np.int64)
    days = np.arange(len(pairs), dtype=np.int32)
    kept, of = repeated(pairs, days)
    values, counts = np.unique(pairs, return_counts=True)
    again = set(np.flatnonzero(np.isin(pairs, values[counts > 1])).tolist())
    assert again <= set(of.tolist())
    np.testing.assert_array_equal(pairs[of], kept)  # with their own days


def test_repeated_drops_nearly_all_pairs_that_occur_once() -> None:
    pairs = np.arange(10_000, dtype=np.int64) * 7919
    assert len(repeated(pairs, np.zeros(len(pairs), np.int32))[0]) < 100
