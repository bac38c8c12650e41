from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at, purchase, quick_view, seconds, view_of, visit

from ringfinder.evidence.arrays import expand
from ringfinder.evidence.presence import (
    LONGEST_WINDOW,
    LONGEST_WINDOW_STAYS,
    OTHERS,
    OTHERS_OF_A_DAY,
    OTHERS_STAYS,
    SHORTEST_WINDOW,
    Counts,
    observe,
    windows,
)
from ringfinder.evidence.ties import tie
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, PHARMACY
from ringfinder.evidence.visits import COURSE_VISITS, PROGRAMME_HOUSEHOLDS

YEAR = np.int64(360 * DAY)


def window(total: int, service: int = OUTPATIENT, hours_known: bool = True) -> int:
    """The window of a spot with so many attendances in a year of 360 days."""
    return int(windows(np.array([total]), np.array([service], np.int8), YEAR, hours_known)[0])


def test_windows_shrink_at_busy_spots() -> None:
    assert window(1) == LONGEST_WINDOW
    busy = int(OTHERS * YEAR) // (10 * MINUTE)
    assert window(busy) == 10 * MINUTE
    assert window(busy, PHARMACY) == 10 * MINUTE
    assert window(1, INPATIENT) == LONGEST_WINDOW_STAYS
    assert window(int(OTHERS_STAYS * YEAR) // DAY, INPATIENT) == DAY


def test_nobody_is_together_where_even_the_shortest_window_is_crowded() -> None:
    edge = int(OTHERS * YEAR) // SHORTEST_WINDOW
    assert window(edge) == SHORTEST_WINDOW
    assert window(edge + 1) == 0


def test_with_bare_days_a_day_is_the_window_of_quiet_spots_and_busy_ones_have_none() -> None:
    edge = int(OTHERS_OF_A_DAY * YEAR) // DAY
    assert edge == 12 * 360
    assert 0 < window(edge, hours_known=False) < DAY
    assert window(edge + 1, hours_known=False) == 0
    assert window(1, INPATIENT, hours_known=False) == LONGEST_WINDOW_STAYS


def test_bare_days_make_no_coincidences_of_the_hour(tmp_path: Path) -> None:
    """The same pair at a counter with twelve others a day or so, with hours and with bare days; with four a day only it is seen."""
    times = [(0, 9), (8, 11), (17, 14), (22, 8), (40, 16), (55, 12)]  # without rhythm
    found = {}
    for known, others in ((True, 4), (False, 4), (False, 13)):
        rows = [visit(p, "f", at(d, h if known else 0)) for d, h in times for p in ("a", "b")]
        rows += [
            visit(f"x{d}-{n}", "f", at(d, 10 if known else 0, 20 * n if known else 0))
            for d in range(60)
            for n in range(others)
        ]
        view = view_of(tmp_path / f"{known}-{others}", rows)
        assert view.hours_known is known
        found[known, others] = tie(observe(view)).observed.tolist()
    assert found == {(True, 4): [6], (False, 4): [6], (False, 13): []}


def test_attendances_are_sorted_by_spot_time_and_patient() -> None:
    view = quick_view([2, 1, 0, 0, 1], [1, 0, 0, 0, 0], [5, 9, 9, 3 * HOUR, 9], service=[1, 1, 1, 1, 2])
    presence = observe(view)
    assert presence.facility.tolist() == [0, 0, 1]
    assert presence.service.tolist() == [OUTPATIENT, PHARMACY, OUTPATIENT]
    assert presence.spot.tolist() == [0, 0, 0, 1, 2]
    assert presence.time.tolist() == [9, 9, 3 * HOUR, 9, 5]
    assert presence.patient.tolist() == [0, 1, 0, 1, 2]
    assert presence.total.tolist() == [3, 1, 1]
    assert presence.people_at.tolist() == [2, 1, 1]
    np.testing.assert_array_equal(view.visits.start[presence.visit], presence.time)
    np.testing.assert_array_equal(view.visits.patient[presence.visit], presence.patient)


def test_repeats_of_a_course_and_programme_days_are_no_presence() -> None:
    course = [(0, 3 * i * DAY + 9 * HOUR) for i in range(COURSE_VISITS)]
    drive = [(1 + i, DAY + 10 * HOUR + i) for i in range(PROGRAMME_HOUSEHOLDS)]
    patient, start = np.array(course + drive).T
    presence = observe(quick_view(patient, 0, start))
    assert presence.patient.tolist() == [0]
    assert presence.time.tolist() == [9 * HOUR]


def test_cells_are_weekdays_and_three_hours(tmp_path: Path) -> None:
    rows = [visit("p", "f", at(0, 0, 1)), visit("p", "f", at(1, 8, 59)), visit("p", "f", at(6, 23))]
    assert observe(view_of(tmp_path, rows)).cell.tolist() == [0, 8 + 2, 6 * 8 + 7]


def test_visits_of_a_person_at_a_spot_are_counted() -> None:
    starts = [d * DAY for d in (0, 5, 7, 30, 31)]
    presence = observe(quick_view([0, 0, 0, 1, 0], [0, 0, 1, 1, 1], starts))
    patients, spots = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert presence.visits_of(patients, spots).tolist() == [2, 2, 0, 1]


def test_the_load_is_the_larger_of_time_and_the_citys_visits() -> None:
    # nine visits in the first hour at one place, one at the end of day 10 at another
    starts = [i * 5 * MINUTE for i in range(9)] + [10 * DAY]
    presence = observe(quick_view(np.arange(10), [0] * 9 + [1], starts))
    spot = np.array([0, 1, 1])
    first = np.array([0, 0, 2 * DAY])
    last = np.array([20 * MINUTE, 20 * MINUTE, 7 * DAY])
    # five of ten visits fell into the first 20 minutes, wherever; none into days 2 to 7, which are half of the time
    np.testing.assert_allclose(presence.load(spot, first, last), [0.5, 0.5, 0.5])


def test_the_load_is_that_of_one_kind_of_care() -> None:
    starts = [i * 5 * MINUTE for i in range(9)] + [10 * DAY]
    presence = observe(quick_view(np.arange(10), 0, starts, service=[1] * 9 + [2]))
    assert presence.service.tolist() == [OUTPATIENT, PHARMACY]
    load = presence.load(np.array([0, 1]), np.array([0, 0]), np.array([20 * MINUTE, 20 * MINUTE]))
    np.testing.assert_allclose(load, [5 / 9, 20 * MINUTE / (10 * DAY)])


def test_no_visits_make_an_empty_presence() -> None:
    presence = observe(quick_view([0] * 0, [0] * 0, [0] * 0))
    assert len(presence.visit) == len(presence.window) == 0
    assert tie(presence).a.tolist() == []


moments = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 40)), min_size=1, max_size=25)


@settings(max_examples=100, deadline=None)
@given(moments, st.integers(0, 2), st.integers(-3, 45), st.integers(0, 20))
def test_between_finds_the_attendances_of_a_spot_in_a_time(
    rows: list[tuple[int, int, int]], spot: int, first: int, length: int
) -> None:
    patient, facility, time = np.array(rows).T
    presence = observe(quick_view(patient, facility, time * 3 * HOUR))
    spot = min(spot, presence.spots - 1)
    start, stop = first * 3 * HOUR, (first + length) * 3 * HOUR
    if start > int(presence.time.max()) or stop < int(presence.time.min()):
        return  # outside of all that was observed
    lo, hi = presence.between(np.array([spot]), np.array([start]), np.array([stop]))
    wanted = np.flatnonzero((presence.spot == spot) & (presence.time >= start) & (presence.time <= stop))
    assert list(range(int(lo[0]), int(hi[0]))) == wanted.tolist()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_counts_know_how_often_each_key_came(seen: list[int], asked: list[int]) -> None:
    counts = Counts.by(np.array(seen, np.int64))
    assert counts.of(np.array(asked, np.int64)).tolist() == [seen.count(k) for k in asked]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-3, 6))))
def test_expanded_ranges_are_all_their_indices_and_whence_they_came(ranges: list[tuple[int, int]]) -> None:
    lo = np.array([a for a, _ in ranges], np.int64)
    index, which = expand(lo, lo + np.array([n for _, n in ranges], np.int64))
    wanted = [(i, w) for w, (a, n) in enumerate(ranges) for i in range(a, a + n)]
    assert list(zip(index.tolist(), which.tolist(), strict=True)) == wanted


@pytest.mark.parametrize("yuan", [0, 1])
def test_amounts_below_a_yuan_count_as_one(tmp_path: Path, yuan: int) -> None:
    presence = observe(view_of(tmp_path, [purchase("p", "f", at(0, 9), yuan), purchase("p", "f", at(3, 9), 100)]))
    np.testing.assert_allclose(presence.log_amount, [0.0, np.log(100.0)])


@pytest.mark.parametrize(("days", "weeks"), [(3, 1.0), (70, 10.0)])
def test_the_observed_time_runs_from_the_first_visit_to_the_last(tmp_path: Path, days: int, weeks: float) -> None:
    presence = observe(view_of(tmp_path, [visit("p", "f", at(0, 9)), visit("q", "f", at(days, 9))]))
    assert presence.origin == seconds(at(0, 9))
    assert presence.span == days * DAY
    assert presence.weeks == weeks
