from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.arrays import finely, packed
from ringfinder.evidence.beds import HOME_DAY, LIGHT_QUANTILE, at_home, seldom_in_bed
from ringfinder.evidence.marks import mark
from ringfinder.evidence.trips import DEAR_ROUND, LASTING, MONTHLY, ROUND, TRIP, going_round
from ringfinder.evidence.usual import median_by
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, PHARMACY, View
from ringfinder.evidence.whereabouts import (
    FASTEST_KMH,
    LEAST_KM,
    OUTING_DAYS,
    SERVED,
    VOTES,
    homes,
    impossible_travel,
    lying_elsewhere,
    median_place,
)

MILLIONTH = 2.0**-20


def rows(flags: Any) -> list[int]:
    return [int(i) for i in np.flatnonzero(flags)]


# A round of pharmacies


def shopping(places: list[int], hours: list[float], yuan: list[float], **more: Any) -> View:
    """What person 0 buys; twenty others buy once each, for 100, which is the usual purchase."""
    who = more.pop("patient", [0] * len(places))
    service = more.pop("service", PHARMACY)
    others = np.arange(20)
    return quick_view(
        np.r_[who, 10 + others],
        np.r_[places, np.full(20, 9)],
        np.r_[np.round(np.array(hours) * HOUR).astype(np.int64), others * DAY],
        cents=np.r_[np.round(np.array(yuan) * 100).astype(np.int64), np.full(20, 10_000)],
        service=np.r_[np.broadcast_to(service, len(places)), np.full(20, PHARMACY)],
        **more,
    )


def test_three_pharmacies_within_six_hours_that_cost_five_usual_purchases_are_a_round() -> None:
    """The usual purchase costs 100: 100 + 200 + 200 are five of them."""
    assert (ROUND, DEAR_ROUND, TRIP) == (3, 5.0, 6 * HOUR)
    assert rows(going_round(shopping([0, 1, 2], [8, 11, 14], [100, 200, 200]))) == [0, 1, 2]
    assert rows(going_round(shopping([0, 1, 2], [8, 11, 14 + 1 / HOUR], [100, 200, 200]))) == []
    assert rows(going_round(shopping([0, 1, 2], [8, 11, 14], [100, 200, 199.99]))) == []


def test_the_round_is_a_mark_of_its_own() -> None:
    view = shopping([0, 1, 2], [8, 11, 14], [100, 200, 200])
    assert rows(mark(view).flags["round"]) == [0, 1, 2]


def test_a_round_of_cheap_purchases_is_a_stroll() -> None:
    assert rows(going_round(shopping([0, 1, 2], [8, 9, 10], [100, 100, 100]))) == []
    assert rows(going_round(shopping([0, 1, 2, 3], [8, 9, 10, 11], [124, 125, 125, 125]))) == []  # 499


def test_two_pharmacies_are_no_round_however_often_and_dear() -> None:
    assert rows(going_round(shopping([0, 1], [8, 9], [900, 900]))) == []
    assert rows(going_round(shopping([0, 1, 0], [8, 9, 11], [900, 900, 900]))) == []
    assert rows(going_round(shopping([0, 1, 0, 1], [8, 9, 11, 12], [900, 900, 900, 900]))) == []


@pytest.mark.parametrize(
    ("places", "hours"),
    [
        ([0, 1, 0, 2], [8, 9, 11, 14]),
        ([0, 1, 1, 2], [8, 9, 12, 14]),
        ([0, 0, 1, 2], [8, 11, 12, 14]),
        ([0, 1, 2, 2], [8, 9, 10, 14]),
        ([0, 1, 2, 0], [8, 9, 10, 14]),
    ],
)
def test_a_fourth_purchase_at_one_of_the_places_belongs_to_the_round(places: list[int], hours: list[float]) -> None:
    """Purchases over two hours apart at one place are two: 4 x 125 are five usual purchases, 3 x 125 are not."""
    view = shopping(places, hours, [125] * 4)
    assert view.visits.patient.tolist().count(0) == 4
    assert rows(going_round(view)) == [0, 1, 2, 3]
    assert rows(going_round(shopping(places, hours, [125, 125, 125, 124]))) == []


def test_a_fourth_pharmacy_counts_with_the_others() -> None:
    assert rows(going_round(shopping([0, 1, 2, 3], [8, 10, 12, 14], [125] * 4))) == [0, 1, 2, 3]
    assert rows(going_round(shopping([0, 1, 2, 3], [8, 10, 12, 14.1], [125] * 4))) == []
    assert rows(going_round(shopping([0, 1, 2, 3], [8, 10, 12, 14.1], [200] * 4))) == [0, 1, 2, 3]  # twice three


def test_a_round_is_one_persons_and_of_pharmacies() -> None:
    dear = [300, 300, 300]
    assert rows(going_round(shopping([0, 1, 2], [8, 9, 10], dear, patient=[0, 0, 1]))) == []
    mixed = [PHARMACY, OUTPATIENT, PHARMACY]
    assert rows(going_round(shopping([0, 1, 2], [8, 9, 10], dear, service=mixed))) == []
    # a visit to a clinic on the way is passed over
    way = shopping(
        [0, 3, 1, 2], [8, 8.5, 9, 10], [300, 900, 300, 300], service=[PHARMACY, OUTPATIENT, PHARMACY, PHARMACY]
    )
    assert rows(going_round(way)) == [0, 2, 3]


def test_a_bare_day_is_one_trip() -> None:
    assert rows(going_round(shopping([0, 1, 2], [24, 24, 24], [200] * 3, hours_known=False))) == [0, 1, 2]
    assert rows(going_round(shopping([0, 1, 2], [24, 24, 48], [200] * 3, hours_known=False))) == []


@pytest.mark.parametrize("purchases", [0, 1, 2, 3, 4])
def test_a_world_of_few_purchases_has_no_round_that_costs_five_of_them(purchases: int) -> None:
    """Purchases of one price: four of them are four usual purchases."""
    n = np.arange(purchases)
    assert rows(going_round(quick_view(0, n, n * HOUR, service=PHARMACY))) == []


@pytest.mark.parametrize(("months", "marked"), [(LASTING - 1, 3 * (LASTING - 1)), (LASTING, 0)])
def test_standing_monthly_supplies_are_no_round(months: int, marked: int) -> None:
    """Three supplies of 200 at three pharmacies on one errand, every three weeks: 600 against a usual 100."""
    hours = [m * MONTHLY / HOUR + h for m in range(months) for h in (8, 9, 10)]
    assert len(rows(going_round(shopping([0, 1, 2] * months, hours, [200] * 3 * months)))) == marked


def test_a_standing_supply_makes_no_round_of_two_other_purchases() -> None:
    months = [m * MONTHLY / HOUR + 8 for m in range(LASTING)]
    standing = shopping([0] * LASTING + [1, 2], [*months, 9, 10], [300] * (LASTING + 2))
    assert rows(going_round(standing)) == []
    once_less = shopping([0] * (LASTING - 1) + [1, 2], [*months[1:], 9, 10], [300] * (LASTING + 1))
    assert rows(going_round(once_less)) == []  # the month's supply is fetched on another day
    same_day = shopping([0] * (LASTING - 1) + [1, 2], [*months[:-1], 9, 10], [300] * (LASTING + 1))
    assert rows(going_round(same_day)) == [0, 1, 2]


def fetched_monthly(purchases: list[tuple[int, int, int, int]]) -> set[tuple[int, int, int, int]]:
    """Of purchases (patient, start, place, cents): three or more at one place and price, three weeks or more apart."""
    alike: dict[tuple[int, int, int], list[int]] = {}
    for patient, start, place, cents in purchases:
        alike.setdefault((patient, place, cents), []).append(start)
    return {
        (p, start, place, cents)
        for (p, place, cents), starts in alike.items()
        if len(starts) >= LASTING and all(b - a >= MONTHLY for a, b in pairwise(sorted(starts)))
        for start in starts
    }


def on_rounds(purchases: list[tuple[int, int, int, int]]) -> set[tuple[int, int, int, int]]:
    """Of purchases (patient, start, place, cents): any in turn within a trip that are a dear round."""
    usual = median(cents for _, _, _, cents in purchases) if purchases else 0
    standing = fetched_monthly(purchases)
    left = sorted(one for one in purchases if one not in standing)
    out: set[tuple[int, int, int, int]] = set()
    for many in range(3, len(left) + 1):
        for first in range(len(left) - many + 1):
            trip = left[first : first + many]
            one_person = len({patient for patient, _, _, _ in trip}) == 1
            soon = trip[-1][1] - trip[0][1] <= TRIP
            several = len({place for _, _, place, _ in trip}) >= ROUND
            if one_person and soon and several and sum(cents for _, _, _, cents in trip) >= DEAR_ROUND * usual:
                out |= set(trip)
    return out


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1),
            st.tuples(st.integers(0, 3), st.integers(0, 8)),  # three weeks and hours after the first
            st.integers(0, 3),
            st.sampled_from([1_000, 1_000, 1_000, 2_000, 5_000]),
        ),
        max_size=24,
    )
)
def test_rounds_are_those_that_are_found_one_after_the_other(
    drawn: list[tuple[int, tuple[int, int], int, int]],
) -> None:
    start = [weeks * MONTHLY + hour * HOUR for _, (weeks, hour), _, _ in drawn]
    view = quick_view(
        [p for p, _, _, _ in drawn], [f for _, _, f, _ in drawn], start, cents=[c for *_, c in drawn], service=PHARMACY
    )
    visits = view.visits  # what is bought at one place within two hours is one purchase
    columns = (visits.patient, visits.start, visits.facility, visits.amount)
    purchases = list(zip(*(column.tolist() for column in columns), strict=True))
    wanted = on_rounds(purchases)
    assert rows(going_round(view)) == [i for i, one in enumerate(purchases) if one in wanted]


# Faster than anybody travels

EAST = np.array([0.0, 2.2, 7.3, 40.7])  # km; no way takes whole minutes at 90 km/h
NORTH = np.zeros(4)


def test_too_fast_visits_come_as_pairs_of_the_earlier_and_the_later() -> None:
    """40.7 km take 27 minutes and 8 seconds, 38.5 km 25 minutes and 40 seconds, and ten more at the first place."""
    view = quick_view([0, 0, 0, 1, 1, 1], [0, 3, 1, 0, 3, 1], np.array([60, 97, 132, 60, 98, 134]) * MINUTE)
    pairs = impossible_travel(view, EAST, NORTH)
    assert pairs.shape == (2, 2)
    assert pairs.tolist() == [[0, 1], [1, 2]]
    known = mark(view)
    assert known.fast.shape == (2, 0)  # nobody knows where these places are
    assert rows(known.flags["travel"]) == []


def test_the_marks_keep_the_pairs_that_travelled_too_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfinder.evidence.marks.kilometres", lambda view: (EAST, NORTH))
    known = mark(quick_view([0, 0, 0, 1, 1], [0, 3, 1, 0, 2], np.array([60, 61, 600, 60, 61]) * MINUTE))
    assert known.fast.tolist() == [[0, 3], [1, 4]]
    assert rows(known.flags["travel"]) == [0, 1, 3, 4]


def test_stays_and_bare_days_are_passed_over() -> None:
    start, service = [60 * MINUTE, 61 * MINUTE, 62 * MINUTE], [OUTPATIENT, INPATIENT, PHARMACY]
    view = quick_view(0, [0, 3, 2], start, service=service)
    assert impossible_travel(view, EAST, NORTH).tolist() == [[0], [2]]
    bare = quick_view(0, [0, 3], [23 * HOUR + 59 * MINUTE, DAY])
    assert impossible_travel(bare, EAST, NORTH).shape == (2, 0)


def test_without_hours_there_are_no_pairs() -> None:
    view = quick_view(0, [0, 3], [60 * MINUTE, 61 * MINUTE], hours_known=False)
    assert impossible_travel(view, EAST, NORTH).shape == (2, 0)
    nobody = quick_view([0] * 0, [0] * 0, [0] * 0)
    assert impossible_travel(nobody, EAST, NORTH).shape == (2, 0)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from([0, 15, 20, 34, 37, 60, 97, 122, 300]),  # minutes after midnight
            st.integers(0, 3),
            st.sampled_from([INPATIENT, OUTPATIENT, PHARMACY]),
        ),
        max_size=12,
    )
)
def test_too_fast_pairs_are_those_that_are_found_one_after_the_other(drawn: list[tuple[int, int, int, int]]) -> None:
    patient, minute, facility, service = ([one[i] for one in drawn] for i in range(4))
    view = quick_view(patient, facility, np.array(minute, np.int64) * MINUTE, service=service)
    visits = view.visits
    told = [
        i
        for i, (kind, start) in enumerate(zip(visits.service.tolist(), visits.start.tolist(), strict=True))
        if kind != INPATIENT and start % DAY
    ]
    wanted = []
    for a, b in pairwise(told):
        km = abs(EAST[visits.facility[a]] - EAST[visits.facility[b]])
        hours = (visits.start[b] - visits.start[a]) / HOUR
        if visits.patient[a] == visits.patient[b] and km > LEAST_KM and km > FASTEST_KMH * (hours - SERVED):
            wanted.append((a, b))
    pairs = impossible_travel(view, EAST, NORTH)
    assert list(zip(*pairs.tolist(), strict=True)) == wanted
    assert (np.diff(pairs) > 0).all()


# A bed at home


def stays(*given_: tuple[int, int, float, float, float], others: int = 9) -> View:
    """Stays as (patient, place, first day, days, yuan); others lie for five days at 1,000 a day at place 9."""
    usual = [(100 + i, 9, 10.0 * i, 5.0, 5_000.0) for i in range(others)]
    patient, place, day, days, yuan = np.array([*given_, *usual]).T
    start = (day * DAY).astype(np.int64)
    end = start + (days * DAY).astype(np.int64)
    cents = np.round(yuan * 100).astype(np.int64)
    return quick_view(patient.astype(int), place.astype(int), start, end=end, cents=cents, service=INPATIENT)


def test_a_stay_whose_day_costs_under_a_seventh_of_the_usual_is_at_home() -> None:
    """A usual day costs 1,000, so 150 a day is a ward: 750 for five days, and a cent less is a bed at home."""
    assert HOME_DAY == 0.15
    assert rows(at_home(stays((0, 0, 0, 5, 749.99), (1, 0, 0, 5, 750)).visits)) == [0]
    assert rows(at_home(stays((0, 0, 0, 20, 2_999.99), (1, 0, 0, 20, 3_000)).visits)) == [0]


def test_less_than_a_day_in_bed_costs_a_day() -> None:
    """100 for half a day are 100 a day, not 200."""
    assert rows(at_home(stays((0, 0, 0, 0.5, 100), (1, 0, 0, 0.5, 150)).visits)) == [0]


def test_only_stays_are_in_bed_at_home() -> None:
    view = quick_view([0, 1, 2], 0, [0, DAY, 2 * DAY], cents=[1, 10_000, 10_000], service=[1, 1, 2])
    assert rows(at_home(view.visits)) == []
    assert rows(at_home(quick_view([0] * 0, [0] * 0, [0] * 0).visits)) == []


def test_where_all_beds_are_cheap_none_is_at_home() -> None:
    assert (
        rows(at_home(stays(*[(p, 0, 0, 5, 50) for p in range(5)], others=4).visits)) == []
    )  # the middle one costs 10 a day
    assert rows(at_home(stays(*[(p, 0, 0, 5, 50) for p in range(4)], others=5).visits)) == [0, 1, 2, 3]


def about(yuan: float, yuan_elsewhere: float = 5_000) -> list[int]:
    """Visits that are in bed elsewhere: person 0 lies ten days at place 0 for `yuan` and five of these at place 1."""
    return rows(lying_elsewhere(stays((0, 0, 0, 10, yuan), (0, 1, 3, 5, yuan_elsewhere))))


def test_who_lies_at_home_may_be_anywhere() -> None:
    assert about(1_500) == [0, 1]  # 150 a day: a ward
    assert about(1_499) == []


def test_who_lies_in_a_ward_does_not_lie_at_home() -> None:
    """The bed at home is left out as a stay, and is still a visit on a day in the ward."""
    assert about(10_000, yuan_elsewhere=700) == [0, 1]


@pytest.mark.parametrize(("days", "outings", "marked"), [(30, 1, True), (31, 1, False), (60, 2, True), (61, 2, False)])
def test_who_lives_on_a_ward_is_taken_out_once_a_month(days: int, outings: int, marked: bool) -> None:
    """To a dentist, say: so often and no oftener, a long stay and the outings say nothing."""
    assert OUTING_DAYS == 30
    out = [(0, 1, 3 + 2 * n, 0, 100) for n in range(outings)]
    view = stays((0, 0, 0, days, 1_000 * days), *out, others=9)
    assert rows(lying_elsewhere(view)) == (list(range(1 + outings)) if marked else [])


def test_a_purchase_while_lying_at_home_is_no_mark() -> None:
    def bought(yuan: int) -> list[int]:
        start = np.r_[0, 5 * DAY + HOUR, np.arange(9) * 10 * DAY]
        end = np.r_[10 * DAY, 5 * DAY + HOUR, np.arange(9) * 10 * DAY + 5 * DAY]
        service = np.r_[INPATIENT, PHARMACY, np.full(9, INPATIENT)]
        cents = np.r_[yuan * 100, 10_000, np.full(9, 500_000)]
        patient, place = np.r_[0, 0, 100 + np.arange(9)], np.r_[0, 1, np.full(9, 9)]
        view = quick_view(patient, place, start, end=end, service=service, cents=cents)
        assert rows(mark(view).flags["in_bed"]) == rows(lying_elsewhere(view))
        return rows(lying_elsewhere(view))

    assert bought(1_500) == [0, 1]
    assert bought(1_499) == []


def test_a_bed_at_home_is_not_light() -> None:
    """Ten stays: three for illness 0 (3 of 30 in bed), seven for illness 1 (all in bed); the first is at home."""
    stay = np.arange(40) < 10
    who, day = np.arange(40), np.arange(40) * 10
    diagnosis = np.r_[[0] * 3, [1] * 7, [0] * 27, [BLANK] * 3]
    for cents, light in ((74_999, [1, 2]), (75_000, [0, 1, 2])):  # of a stay of five days; others cost 500,000
        view = quick_view(
            who,
            who,
            day * DAY,
            end=(day + np.where(stay, 5, 0)) * DAY,
            service=np.where(stay, INPATIENT, OUTPATIENT),
            diagnosis=diagnosis,
            cents=np.r_[cents, np.full(39, 500_000)],
        )
        assert rows(seldom_in_bed(view.visits, LIGHT_QUANTILE)) == [
            0,
            1,
            2,
        ]  # the illness is what it is, wherever the bed
        assert rows(mark(view).flags["light"]) == light


# Medians

GROUPS = st.integers(0, 3)


@settings(deadline=None)
@given(st.lists(st.tuples(GROUPS, st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1e-7, 2e-7, MILLIONTH])), max_size=20))
def test_the_median_of_a_group_is_the_lower_one_up_to_a_millionth(drawn: list[tuple[int, float]]) -> None:
    group, value = np.array([g for g, _ in drawn], np.int32), np.array([v for _, v in drawn], np.float64)
    got = median_by(group, value, 5).tolist()
    assert len(got) == 5
    for g in range(5):
        mine = sorted(v for of, v in drawn if of == g)
        if mine:
            assert got[g] in mine
            assert abs(got[g] - mine[(len(mine) - 1) // 2]) <= MILLIONTH  # rounded
        else:
            assert np.isnan(got[g])


def test_values_a_millionth_apart_are_told_apart() -> None:
    falling = np.array([5 * MILLIONTH, 4 * MILLIONTH, 3 * MILLIONTH])
    assert median_by(np.zeros(3, np.int32), falling, 1).tolist() == [4 * MILLIONTH]
    # of nearer ones it is the least, whatever their order
    assert median_by(np.zeros(3, np.int32), np.array([0.9, 0.1, 0.5]) * MILLIONTH, 1).tolist() == [0.1 * MILLIONTH]


def test_a_median_of_values_too_far_apart_to_stand_beside_their_groups_in_one_integer() -> None:
    group, value = np.array([0, 2, 0, 0], np.int32), np.array([2.0**41, 7.0, -(2.0**41), 1.0])
    assert packed(group, finely(value)) is None
    assert median_by(group, value, 3).tolist() == [1.0, pytest.approx(np.nan, nan_ok=True), 7.0]


PLACES = st.lists(st.floats(-500, 500) | st.sampled_from([0.0, 1e-9]), min_size=1, max_size=6)


def lower_median(values: list[float]) -> float:
    return sorted(values)[(len(values) - 1) // 2] if values else np.nan


@settings(deadline=None)
@given(PLACES, st.data())
def test_the_middle_of_somebodys_places_is_the_lower_median_of_their_coordinates(
    coordinate: list[float], data: st.DataObject
) -> None:
    been = data.draw(st.lists(st.tuples(GROUPS, st.integers(0, len(coordinate) - 1)), max_size=20))
    patient, facility = np.array(been, np.int32).reshape(-1, 2).T
    got = median_place(patient, facility, np.array(coordinate), 5)
    wanted = [lower_median([coordinate[f] for p, f in been if p == who]) for who in range(5)]
    np.testing.assert_array_equal(got, wanted)  # exactly, however near the places are


@settings(deadline=None)
@given(
    st.lists(
        st.none() | st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
def test_a_home_is_the_lower_median_of_the_known_places_of_everyday_visits(
    places: list[tuple[float, float] | None], data: st.DataObject
) -> None:
    kinds = st.sampled_from([INPATIENT, OUTPATIENT, PHARMACY])
    been = data.draw(st.lists(st.tuples(GROUPS, st.integers(0, len(places) - 1), kinds), max_size=15))
    # a day between any two visits, so that each is one of its own
    patient, facility, service = np.array(been, np.int64).reshape(-1, 3).T
    view = quick_view(patient, facility, np.arange(len(been)) * 3 * DAY, service=service)
    x, y = (np.array([np.nan if place is None else place[i] for place in places]) for i in (0, 1))
    got = homes(view, x, y)
    for axis in (0, 1):
        told = [(p, f) for p, f, k in been if k != INPATIENT]
        told = [one for i, one in enumerate(told) if told[:i].count(one) < VOTES]
        wanted = [
            lower_median([place[axis] for p, f in told if p == who and (place := places[f])])
            for who in range(len(view.codes.patient))
        ]
        np.testing.assert_array_equal(got[axis], wanted)


def test_a_home_is_the_middle_of_what_is_visited_day_by_day() -> None:
    """Place 0 once, place 3 twice, and a long stay at place 2: the lower median of 0, 40.7 and 40.7."""
    view = quick_view([0, 0, 0, 0, 1], [0, 3, 3, 2, 2], np.arange(5) * DAY, service=[1, 2, 1, INPATIENT, INPATIENT])
    x, y = homes(view, EAST, NORTH + 1.0)
    np.testing.assert_array_equal(x, [40.7, np.nan])
    np.testing.assert_array_equal(y, [1.0, np.nan])
