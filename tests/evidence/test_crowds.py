from __future__ import annotations

from itertools import combinations
from math import exp, factorial, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.crowds import (
    APART,
    LEAST_HOUSEHOLDS,
    LEAST_SHARED,
    LEAST_WEIGHT,
    RARE,
    SCALES,
    SCALES_DAYS,
    SCALES_STAYS,
    Crowds,
    alike,
    crowded,
)
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.ties import CROWD
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, View

YEAR = 360 * DAY


def background(first_patient: int, visits: int, seed: int, places: int = 2) -> np.ndarray:
    """(patient, facility, start) of people who come once each, at any time."""
    rng = np.random.default_rng(seed)
    start = np.r_[0, np.sort(rng.integers(0, YEAR, visits - 2)), YEAR]
    return np.stack([first_patient + np.arange(visits), rng.integers(0, places, visits), start])


def world(meetings: list[tuple[int, list[int]]], others: int = 400, **more: object) -> View:
    """People come to place 0 at these moments, a minute apart; 400 others come once each in the year."""
    rows = [(p, 0, start + i * MINUTE) for start, people in meetings for i, p in enumerate(people)]
    everybody = np.concatenate([np.array(rows, np.int64).reshape(-1, 3).T, background(20, others, seed=1)], axis=1)
    cents = np.arange(everybody.shape[1]) + 100
    return quick_view(*everybody, cents=cents, **more)  # type: ignore[arg-type]


def windows(crowds: Crowds) -> list[tuple[int, int, int]]:
    return sorted(zip(crowds.spot.tolist(), crowds.first.tolist(), crowds.last.tolist(), strict=True))


def poisson_tail(h: int, mean: float) -> float:
    """P(X >= h)."""
    return 1.0 - sum(exp(-mean) * mean**i / factorial(i) for i in range(h))


def crowded_by_count(presence: Presence) -> list[tuple[int, int, int]]:
    """The crowded windows, bin by bin: every grid's bins are tried for every attendance."""
    hours_known = presence.view.hours_known
    days = float(presence.span) / DAY
    found = []
    for spot in range(presence.spots):
        if presence.window[spot] == 0:
            continue
        stays = presence.service[spot] == INPATIENT
        rows = np.flatnonzero(presence.spot == spot).tolist()
        times = presence.time[rows].tolist()
        for size in SCALES_STAYS if stays else SCALES if hours_known else SCALES_DAYS:
            for offset in (0, size // 2):
                for number in sorted({(t + offset) // size for t in times}):
                    first = number * size - offset
                    inside = [r for r, t in zip(rows, times, strict=True) if first <= t < first + size]
                    households = len({int(presence.household[r]) for r in inside})
                    if size <= HOUR:
                        hour = (first + size // 2) % DAY // HOUR
                        usual = sum(t % DAY // HOUR == hour for t in times) / days * size / HOUR
                    else:
                        usual = len(times) / days * size / DAY
                    if (
                        households >= LEAST_HOUSEHOLDS
                        and len(inside) <= CROWD
                        and poisson_tail(households, usual) < RARE
                    ):
                        found.append((spot, first, first + size - 1))
    return sorted(found)


def test_four_households_at_once_at_a_quiet_place_are_a_crowded_window() -> None:
    presence = observe(world([(100 * DAY + 9 * HOUR + 10 * MINUTE, [0, 1, 2, 3])]))
    crowds = crowded(presence)
    hour = 100 * DAY + 9 * HOUR
    # the hour from nine, the hour from half past eight, and ten minutes of both grids
    assert windows(crowds) == sorted(
        (0, first, first + size - 1)
        for first, size in (
            (hour, HOUR),
            (hour - HOUR // 2, HOUR),
            (hour + 10 * MINUTE, 10 * MINUTE),
            (hour + 5 * MINUTE, 10 * MINUTE),
        )
    )
    for w in range(4):
        assert sorted(presence.patient[crowds.row[crowds.window == w]].tolist()) == [0, 1, 2, 3]


def test_three_households_are_no_crowd() -> None:
    assert LEAST_HOUSEHOLDS == 4
    assert windows(crowded(observe(world([(100 * DAY + 9 * HOUR, [0, 1, 2])])))) == []
    one_home = [0, 1, 2, 2, *range(4, 500)]
    assert windows(crowded(observe(world([(100 * DAY + 9 * HOUR, [0, 1, 2, 3])], household=one_home)))) == []


def test_a_clock_hour_that_is_always_full_is_no_crowd() -> None:
    """Every morning at nine five people queue at a clinic; at four in the afternoon the same five are strange."""
    mornings = np.stack([20 + np.arange(1000), np.zeros(1000, int), np.arange(1000) // 5 * DAY + 9 * HOUR], axis=0)
    mornings[2] += np.arange(1000) % 5 * 10 * MINUTE
    afternoon = np.stack([np.arange(5), np.zeros(5, int), 77 * DAY + 16 * HOUR + np.arange(5) * 10 * MINUTE])
    view = quick_view(*np.concatenate([mornings, afternoon], axis=1), cents=np.arange(1005) + 100)
    found = windows(crowded(observe(view)))
    # the hour from half past three holds three of them
    assert found == [(0, 77 * DAY + 16 * HOUR, 77 * DAY + 17 * HOUR - 1)]


def test_more_people_than_a_crowd_are_no_crowded_window() -> None:
    def queue(people: int) -> list[tuple[int, int, int]]:
        start = 10 * DAY + 9 * HOUR + np.arange(people)
        end = [0, YEAR]
        view = quick_view(
            np.arange(people + 2), 0, np.r_[start, end], cents=np.arange(people + 2) + 100, service=OUTPATIENT
        )
        return windows(crowded(observe(view)))

    assert len(queue(CROWD)) == 4
    assert queue(CROWD + 1) == []


@pytest.mark.parametrize(("people", "crowd"), [(4, False), (5, True)])
def test_four_are_no_crowd_where_one_comes_every_other_day_at_that_hour(people: int, crowd: bool) -> None:
    """0.5 are usual at nine: four or more come one day in 570, five or more one day in 5,800."""
    assert poisson_tail(5, 0.51) < RARE < poisson_tail(4, 0.49)
    days = np.arange(0, 360, 2)
    start = np.r_[0, YEAR, days * DAY + 9 * HOUR + 30 * MINUTE, 101 * DAY + 9 * HOUR + np.arange(people) * 14 * MINUTE]
    view = quick_view(np.arange(len(start)), 0, start, cents=np.arange(len(start)) + 100)
    hour = (0, 101 * DAY + 9 * HOUR, 101 * DAY + 10 * HOUR - 1)
    assert (hour in windows(crowded(observe(view)))) is crowd


rows = st.lists(
    st.tuples(
        st.integers(0, 11),  # patient
        st.integers(0, 1),  # facility
        st.integers(0, 2),  # day
        st.integers(0, 8).map(lambda n: n * 700),  # seconds after nine
        st.sampled_from([INPATIENT, OUTPATIENT]),
    ),
    min_size=8,
    max_size=50,
)


@settings(max_examples=60, deadline=None)
@given(rows, st.booleans(), st.booleans())
def test_crowded_windows_are_those_that_counting_finds(
    visits: list[tuple[int, ...]], hours_known: bool, homes: bool
) -> None:
    patient, facility, day, second, service = np.array(visits).T
    start = day * 40 * DAY + (9 * HOUR + second if hours_known else 0)
    view = quick_view(
        np.r_[patient, 0],
        np.r_[facility, 0],
        np.r_[start, YEAR],
        service=np.r_[service, 1],
        cents=np.arange(len(start) + 1) + 100,
        household=np.arange(12) // 2 if homes else None,
        hours_known=hours_known,
    )
    presence = observe(view)
    crowds = crowded(presence)
    assert windows(crowds) == crowded_by_count(presence)
    for w in range(len(crowds.spot)):
        inside = (
            (presence.spot == crowds.spot[w]) & (presence.time >= crowds.first[w]) & (presence.time <= crowds.last[w])
        )
        assert sorted(crowds.row[crowds.window == w].tolist()) == np.flatnonzero(inside).tolist()


# Windows that share people


def alike_by_pairs(presence: Presence, crowds: Crowds) -> dict[tuple[int, int], float]:
    """Nats of every pair of windows, person by person."""
    size = len(crowds.spot)
    rows_in = [crowds.row[crowds.window == w].tolist() for w in range(size)]
    homes = [{int(presence.household[r]) for r in rows_in[w]} for w in range(size)]
    out = {}
    for e, f in combinations(range(size), 2):
        x = len(homes[e] & homes[f])
        if x < LEAST_SHARED or abs(int(crowds.first[e]) - int(crowds.first[f])) <= APART:
            continue
        expected = 0.0
        for here, there in ((e, f), (f, e)):
            spot = int(crowds.spot[there])
            first, last = int(crowds.first[there]), int(crowds.last[there])
            kind = [
                r for r in range(len(presence.time)) if presence.service[presence.spot[r]] == presence.service[spot]
            ]
            load = sum(first <= int(presence.time[r]) <= last for r in kind) / len(kind)
            share = max(
                (last - first) / float(presence.span),
                load,
                max(0, len(rows_in[there]) - x) / int(presence.total[spot]),
            )
            times = sum(
                int(np.count_nonzero((presence.patient == presence.patient[r]) & (presence.spot == spot)))
                for r in rows_in[here]
            )
            expected = max(expected, times * share)
        nats = x * log(x / expected) - (x - expected) if x > expected else 0.0
        if nats > LEAST_WEIGHT:
            out[e, f] = nats
    return out


SPARSE = [
    (30 * DAY + 9 * HOUR, [0, 1, 2, 3]),
    (75 * DAY + 14 * HOUR, [0, 1, 4, 5]),
    (200 * DAY + 11 * HOUR, [2, 3, 4, 5]),
    (290 * DAY + 8 * HOUR, [6, 7, 8, 0]),
]


def test_windows_that_share_people_are_alike() -> None:
    presence = observe(world(SPARSE))
    crowds = crowded(presence)
    e, f, nats = alike(presence, crowds)
    wanted = alike_by_pairs(presence, crowds)
    assert dict(zip(zip(e.tolist(), f.tolist(), strict=True), nats.tolist(), strict=True)) == pytest.approx(wanted)
    days = {
        tuple(sorted((int(crowds.first[a]) // DAY, int(crowds.first[b]) // DAY))) for a, b in zip(e, f, strict=True)
    }
    assert days == {(30, 75), (30, 200), (75, 200)}  # the last one shares one person only with each


def test_windows_of_one_morning_are_one_occasion() -> None:
    presence = observe(world([(30 * DAY + 8 * HOUR, [0, 1, 2, 3]), (30 * DAY + 11 * HOUR, [0, 1, 2, 3])]))
    crowds = crowded(presence)
    assert len(crowds.spot) >= 4
    assert alike(presence, crowds)[0].tolist() == []


def test_regulars_of_a_place_are_not_alike() -> None:
    """Four who come every few days are bound to share windows now and then."""
    rng = np.random.default_rng(3)
    habit = [(int(d) * DAY + int(rng.integers(0, DAY)), [p]) for p in range(4) for d in rng.integers(0, 360, 70)]
    meetings = [(start, people) for start, people in SPARSE if people == [0, 1, 2, 3]]
    meetings.append((250 * DAY + 9 * HOUR, [0, 1, 2, 3]))
    strangers = observe(world(meetings))
    regulars = observe(world(meetings + habit))
    nats = [float(alike(p, crowded(p))[2].sum()) for p in (strangers, regulars)]
    assert nats[0] > 0
    assert nats[1] < nats[0] / 2


def test_nothing_crowded_nothing_alike() -> None:
    presence = observe(world([]))
    crowds = crowded(presence)
    assert [len(part) for part in alike(presence, crowds)] == [0, 0, 0]


@pytest.mark.parametrize("days", [0, 2])
def test_stays_are_crowded_over_days(days: int) -> None:
    start = 100 * DAY + np.arange(5) * (DAY // 4 + days * DAY)
    view = quick_view(np.arange(7), 0, np.r_[start, 0, YEAR], service=INPATIENT)
    found = windows(crowded(observe(view)))
    assert bool(found) is (days == 0)
