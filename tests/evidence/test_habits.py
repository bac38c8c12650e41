from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence import habits
from ringfinder.evidence.habits import (
    ABOUT,
    BAND,
    DEAREST,
    DIFFERENT,
    FEW_ALIKE,
    LATE,
    LEAST_FILES,
    MARKS,
    PRICE,
    STILL_THERE,
    TREATED,
    dear,
    even,
    late,
    of_desks,
    on_the_spot,
    twice,
)
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, PHARMACY, Longs, View

NOTHING = np.zeros(0, np.int64)


def longs(values: Any, n: int) -> Longs:
    return np.broadcast_to(np.asarray(values, np.int64), n).copy()


# Late


def evening(settled: list[tuple[int, int, int, int]]) -> list[bool]:
    """Whether files are late; each (operator, kind, hour, how many), of which the first file of each is told."""
    table = np.array(settled)
    times = table[:, 3]
    operator, sort, hour = (np.repeat(table[:, i], times) for i in range(3))
    moment = np.arange(len(hour)) % 40 * DAY + hour * HOUR + np.arange(len(hour)) % 60 * MINUTE
    got = late(moment, operator, sort)
    first = np.r_[0, np.cumsum(times)[:-1]]
    np.testing.assert_array_equal(got, np.repeat(got[first], times))
    return got[first].tolist()


def test_an_hour_at_which_no_other_operator_settles_is_late() -> None:
    assert evening([(0, 0, 20, 3), (0, 0, 10, 5), (1, 0, 10, 60)]) == [True, False, False]


def test_late_is_below_one_in_fifty_of_the_others_files() -> None:
    """One of fifty is 2 %; one of fifty-one is less."""
    assert LATE == 0.02
    assert evening([(0, 0, 20, 3), (1, 0, 10, 49), (1, 0, 20, 1)])[0] is False
    assert evening([(0, 0, 20, 3), (1, 0, 10, 50), (1, 0, 20, 1)])[0] is True


def test_an_hour_runs_from_its_first_second_to_its_last() -> None:
    others = np.resize([19 * HOUR, 21 * HOUR], 60)
    operator = np.r_[0, longs(1, 60)]
    for second, is_late in ((20 * HOUR - 1, False), (20 * HOUR, True), (21 * HOUR - 1, True), (21 * HOUR, False)):
        assert late(np.r_[second, others] + 3 * DAY, operator, longs(0, 61))[0] == is_late


def test_own_files_say_nothing_of_the_usual_hours() -> None:
    """A hundred files of his own in the evening make it no usual hour; for the other operator they do."""
    assert evening([(0, 0, 20, 100), (1, 0, 10, 60), (1, 0, 20, 1)]) == [True, True, False]


def test_too_few_files_of_others_tell_no_hours() -> None:
    assert LEAST_FILES == 20
    assert evening([(0, 0, 20, 3), (1, 0, 10, 19)])[0] is False
    assert evening([(0, 0, 20, 3), (1, 0, 10, 20)])[0] is True


def test_hours_are_those_of_the_kind_of_care() -> None:
    """One kind is usually settled in the evening, another is not; three files of the first operator tell nothing of either."""
    assert evening([(0, 5, 20, 3), (0, 2, 20, 3), (1, 5, 20, 30), (1, 2, 10, 30)]) == [False, True, False, False]


def test_without_other_operators_nobody_is_late() -> None:
    assert evening([(0, 0, 20, 3), (0, 0, 10, 60)]) == [False, False]


def test_no_files_have_no_hours() -> None:
    assert late(NOTHING, NOTHING, NOTHING).tolist() == []


some_files = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from((9, 10, 20)), st.integers(1, 60)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(some_files)
def test_late_is_what_a_plain_count_says(settled: list[tuple[int, int, int, int]]) -> None:
    def is_late(operator: int, sort: int, hour: int) -> bool:
        others = [(h, n) for o, s, h, n in settled if s == sort and o != operator]
        total, then = sum(n for _, n in others), sum(n for h, n in others if h == hour)
        return total >= LEAST_FILES and 50 * then < total

    assert evening(settled) == [is_late(o, s, h) for o, s, h, _ in settled]


# Even


def bills(cents: Any, *, facility: Any = 0, diagnosis: Any = BLANK, operator: Any = 0, sort: Any = 0) -> list[bool]:
    """Whether files of these amounts, each of a person of his own, lie in their desk's densest band."""
    n = len(cents)
    view = quick_view(np.arange(n), facility, np.arange(n) * DAY, cents=cents, diagnosis=diagnosis)
    return even(view, np.arange(n), longs(operator, n), longs(sort, n)).tolist()


# apart by more than a tenth: no two of them in one band
ALL_OVER = [int(10_000 * 1.25**i) for i in range(12)]
# twenty bills within 2 %, each at its own price
DENSE = [978_000 + 1_000 * i for i in range(20)]
THREE = [0, 1, 2]


def test_the_files_of_the_densest_band_are_even() -> None:
    cents = [*DENSE, *ALL_OVER]
    assert bills(cents, diagnosis=np.resize(THREE, len(cents))) == [True] * 20 + [False] * 12


def test_a_band_reaches_a_tenth_beyond_its_lowest_amount() -> None:
    """exp(0.1) = 1.10517: of 10,000 yuan to 11,051.70, not to 11,051.72."""
    assert BAND == 0.1
    assert 1_105_170 < 1_000_000 * exp(BAND) < 1_105_172
    cents = [1_000_000 + i for i in range(20)]
    inside, outside = [*cents, 1_105_170], [*cents, 1_105_172 + 20]
    assert bills(inside, diagnosis=np.resize(THREE, 21)) == [True] * 21
    assert bills(outside, diagnosis=np.resize(THREE, 21)) == [True] * 20 + [False]


def test_of_two_equal_bands_the_lower_one_counts() -> None:
    low, high = [1_000_000 + i for i in range(10)], [2_000_000 + i for i in range(10)]
    for cents in ([*low, *high], [*high, *low]):
        assert bills(cents, diagnosis=np.resize(THREE, 20)) == [c < 2_000_000 for c in cents]


def test_a_desk_needs_twenty_files_of_a_kind() -> None:
    assert LEAST_FILES == 20
    assert bills(DENSE, diagnosis=np.resize(THREE, 20)) == [True] * 20
    assert bills(DENSE[:19], diagnosis=np.resize(THREE, 19)) == [False] * 19
    # twenty files of two kinds, or of two operators, are too few of each
    halves = np.resize([0, 1], 20)
    assert bills(DENSE, diagnosis=np.resize(THREE, 20), sort=halves) == [False] * 20
    assert bills(DENSE, diagnosis=np.resize(THREE, 20), operator=halves) == [False] * 20


def test_files_beyond_the_band_count_among_the_twenty() -> None:
    """Eight bills alike and twelve all over."""
    cents = [*DENSE[:8], *ALL_OVER]
    assert bills(cents, diagnosis=np.resize(THREE, 20)) == [True] * 8 + [False] * 12


def test_bills_of_one_illness_at_one_place_have_its_price() -> None:
    assert DIFFERENT == 3
    assert bills(DENSE, facility=0, diagnosis=4) == [False] * 20
    assert bills(DENSE, facility=np.resize([0, 1], 20), diagnosis=np.resize([4, 5], 20)) == [False] * 20


def test_three_places_or_three_illnesses_have_no_common_price() -> None:
    assert bills(DENSE, facility=np.r_[1, 2, np.zeros(18)], diagnosis=4) == [True] * 20
    assert bills(DENSE, facility=0, diagnosis=np.r_[1, 2, np.zeros(18)]) == [True] * 20


def test_only_what_lies_in_the_band_tells_places_and_illnesses() -> None:
    cents = [*DENSE, *ALL_OVER]
    assert bills(cents, diagnosis=np.r_[np.full(20, 4), np.arange(12)]) == [False] * 32


def test_a_price_to_the_cent_explains_a_band() -> None:
    """Of twenty bills in the band a fifth is four: five at one price are a price list."""
    assert PRICE == 0.2
    four, five = DENSE[:17] + [DENSE[3]] * 3, DENSE[:16] + [DENSE[3]] * 4
    assert (Counter(four)[DENSE[3]], Counter(five)[DENSE[3]]) == (4, 5)
    assert bills(four, diagnosis=np.resize(THREE, 20)) == [True] * 20
    assert bills(five, diagnosis=np.resize(THREE, 20)) == [False] * 20


def test_two_bills_at_one_price_are_chance() -> None:
    """Two of eight are a quarter, but only two; three of eight are a price."""
    two = [*DENSE[:7], DENSE[0], *ALL_OVER]
    three = [*DENSE[:6], DENSE[0], DENSE[0], *ALL_OVER]
    assert bills(two, diagnosis=np.resize(THREE, 20)) == [True] * 8 + [False] * 12
    assert bills(three, diagnosis=np.resize(THREE, 20)) == [False] * 20


def test_each_desk_and_kind_has_its_own_band() -> None:
    """Two kinds at one desk, in turn: each bill lies in the band of its kind, which the other kind's bills do not."""
    low, high = [c // 3 for c in DENSE], DENSE
    cents = np.stack([low, high], axis=1).ravel()
    sort = np.resize([2, 3], 40)
    assert sum(bills(cents, diagnosis=np.resize(THREE, 40), sort=sort)) == 40
    assert sum(bills(cents, diagnosis=np.resize(THREE, 40))) == 20  # of one kind: the lower half is the first of two


def test_no_files_have_no_band() -> None:
    view = quick_view([0], [0], [0])
    assert even(view, NOTHING, NOTHING, NOTHING).tolist() == []


def test_the_lowest_amount_of_a_band_lies_in_it_at_every_desk() -> None:
    """Twenty files at each of two desks, of 100.01 yuan and more; the band of the second one begins at 100.01 as well."""
    cents = np.resize([10_001 + i for i in range(20)], 40)
    assert bills(cents, diagnosis=np.resize(THREE, 40), operator=np.repeat([0, 1], 20)) == [True] * 40


def test_an_unknown_illness_is_none_of_three() -> None:
    assert bills(DENSE, diagnosis=np.resize([1, 2, BLANK], 20)) == [False] * 20


# amounts of which many lie together, some to the cent
bill = st.tuples(
    st.sampled_from((100, 101, 105, 110, 111, 130, 200, 202, 210)).map(lambda yuan: yuan * 100 + 7),
    st.integers(0, 3),
    st.integers(0, 3),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(bill, min_size=20, max_size=30))
def test_even_is_what_a_plain_count_says(rows: list[tuple[int, int, int]]) -> None:
    def band(low: int) -> list[tuple[int, int, int]]:
        return [row for row in rows if low <= row[0] and log(row[0] / low) <= BAND]

    lows = sorted({cents for cents, _, _ in rows})
    chosen = max((band(low) for low in lows), key=len)  # the lowest of the densest
    lists = [{row[i] for row in chosen} for i in (1, 2)]
    most = max(Counter(row[0] for row in chosen).values())
    is_told = max(map(len, lists)) >= DIFFERENT and (most <= 2 or 5 * most <= len(chosen))
    cents, facility, diagnosis = np.array(rows).T
    got = bills(cents, facility=facility, diagnosis=diagnosis)
    assert got == [is_told and row in chosen for row in rows]


# Twice

File = tuple[int, int, int, int, int]  # operator, household, place, start, cents


def slips(*files: File) -> list[bool]:
    """Whether files are one of several alike; each of a person of his own."""
    operator, household, facility, start, cents = np.array(files, np.int64).reshape(-1, 5).T
    n = len(files)
    view = quick_view(np.arange(n), facility, start, cents=cents, household=household)
    return twice(view, np.arange(n), operator).tolist()


MORNING = 5 * DAY + 9 * HOUR
ONE_FILE: File = (0, 0, 0, MORNING, 10_000)


def with_change(name: str, value: int) -> File:
    at = ("operator", "household", "place", "start", "cents").index(name)
    changed = list(ONE_FILE)
    changed[at] = value
    return changed[0], changed[1], changed[2], changed[3], changed[4]


def test_two_files_of_a_household_for_one_day_at_one_place_are_twice() -> None:
    assert slips(ONE_FILE, ONE_FILE) == [True, True]
    assert slips(ONE_FILE) == [False]


@pytest.mark.parametrize(
    ("name", "value"), [("operator", 1), ("household", 1), ("place", 1), ("start", MORNING + DAY), ("cents", 20_000)]
)
def test_files_that_differ_are_not_twice(name: str, value: int) -> None:
    assert slips(ONE_FILE, with_change(name, value)) == [False, False]


def test_about_the_same_is_within_fifteen_hundredths() -> None:
    """exp(0.15) = 1.16183: 116.18 yuan are about 100, 116.19 are not."""
    assert ABOUT == 0.15
    assert slips(ONE_FILE, with_change("cents", 11_618)) == [True, True]
    assert slips(with_change("cents", 11_618), ONE_FILE) == [True, True]
    assert slips(ONE_FILE, with_change("cents", 11_619)) == [False, False]


def test_trifles_are_about_the_same() -> None:
    """Whatever costs less than a yuan counts as one."""
    assert slips(with_change("cents", 10), with_change("cents", 100)) == [True, True]
    assert slips(with_change("cents", 10), with_change("cents", 117)) == [False, False]


def test_a_day_is_the_day_of_care() -> None:
    first, last = with_change("start", 5 * DAY), with_change("start", 6 * DAY - 1)
    assert slips(first, last) == [True, True]
    assert slips(last, with_change("start", 6 * DAY)) == [False, False]


def test_files_alike_one_by_one_are_all_twice() -> None:
    """100, 110 and 121 yuan: the first and the last are 19 % apart, but each is near the one between; 200 is near none."""
    files = [with_change("cents", cents) for cents in (12_100, 20_000, 10_000, 11_000)]
    assert slips(*files) == [True, False, True, True]


def test_several_files_of_one_person_are_twice() -> None:
    """Two slips of one visit, an hour apart; the third of the evening costs more."""
    view = quick_view([3, 3, 3], 0, [MORNING, MORNING + HOUR, MORNING + 8 * HOUR], cents=[10_000, 10_500, 30_000])
    assert twice(view, np.arange(3), longs(2, 3)).tolist() == [True, True, False]


def test_only_the_files_given_are_compared() -> None:
    view = quick_view([0, 1, 2], 0, MORNING + np.arange(3), cents=[10_000, 90_000, 10_100], household=[0, 0, 0])
    assert twice(view, np.array([0, 2]), longs(0, 2)).tolist() == [True, True]
    assert twice(view, np.array([0, 1]), longs(0, 2)).tolist() == [False, False]


def test_no_files_are_not_twice() -> None:
    assert twice(quick_view([0], [0], [0]), NOTHING, NOTHING).tolist() == []


a_file = st.tuples(
    st.integers(0, 1),
    st.integers(0, 2),
    st.integers(0, 1),
    st.integers(8, 14).map(lambda n: n * 6 * HOUR),
    st.sampled_from((50, 100, 110, 10_000, 11_000, 11_618, 11_619, 13_000)),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(a_file, min_size=1, max_size=20))
def test_twice_is_what_a_plain_comparison_says(files: list[File]) -> None:
    def alike(a: File, b: File) -> bool:
        same = a[:3] == b[:3] and a[3] // DAY == b[3] // DAY
        return same and abs(log(max(a[4], 100) / max(b[4], 100))) <= ABOUT

    wanted = [any(i != j and alike(a, b) for j, b in enumerate(files)) for i, a in enumerate(files)]
    assert slips(*files) == wanted


# Dear

Bill = tuple[int, int, int, int]  # operator, facility, kind, yuan


def costs(*bills: Bill) -> list[bool]:
    """Whether each costs what hardly any of the others' does."""
    operator, facility, sort, yuan = np.array(bills, np.int64).T
    view = quick_view(np.arange(len(bills)), facility, np.arange(len(bills)) * DAY, cents=yuan * 100)
    return dear(view, np.arange(len(bills)), operator, sort).tolist()


def others(n: int, yuan: int = 100, operator: int = 1, facility: int = 0, sort: int = 3) -> list[Bill]:
    return [(operator, facility, sort, yuan)] * n


HIS = (0, 0, 3, 500)


def test_dear_is_what_fewer_than_one_in_fifty_of_the_others_files_cost() -> None:
    """One of fifty is 2 %; one of fifty-one is less. What costs the same costs as much."""
    assert (DEAREST, FEW_ALIKE) == (0.02, 50)
    assert costs(HIS, *others(50))[0] is True
    assert costs(HIS, *others(49), *others(1, 500))[0] is False
    assert costs(HIS, *others(50), *others(1, 500))[0] is True
    assert costs(HIS, *others(49), *others(1, 499))[0] is True
    assert costs(HIS, *others(49), *others(1, 900))[0] is False


def test_fewer_than_fifty_files_of_others_tell_no_price() -> None:
    assert costs(HIS, *others(49))[0] is False
    assert costs(HIS, *others(25), *others(25, operator=2))[0] is True


def test_own_dear_files_make_nothing_usual() -> None:
    assert costs(*[HIS] * 40, *others(60)) == [True] * 40 + [False] * 60
    assert costs(*[HIS] * 60, *others(30))[:60] == [False] * 60


def test_prices_are_those_of_the_facility_and_the_kind() -> None:
    """What others cost elsewhere, or for another kind of care, neither counts nor explains."""
    assert costs(HIS, *others(60, facility=1))[0] is False
    assert costs(HIS, *others(60, sort=2))[0] is False
    assert costs(HIS, *others(60), *others(60, 900, facility=1), *others(60, 900, sort=2))[0] is True


def treated(*bills: tuple[int, int, int, int]) -> list[bool]:
    """Whether bills of operator 0 are dear, each (household, place, day, cents), where sixty others of both places cost 100 yuan."""
    household, facility, day, cents = np.array([*bills, *((100 + i, i % 2, i, 10_000) for i in range(120))], np.int64).T
    n = len(household)
    view = quick_view(np.arange(n), facility, day * DAY + np.arange(n), cents=cents)
    view = replace(view, people=replace(view.people, household=household.astype(np.int32)))
    order = np.argsort(view.claims.patient, kind="stable")
    operator = (np.arange(n) >= len(bills)).astype(np.int64)
    return dear(view, order, operator, np.full(n, 3))[: len(bills)].tolist()


def test_a_price_that_three_households_pay_on_one_day_is_a_treatments() -> None:
    assert TREATED == 3
    assert treated(*((i, 0, 7, 34_000) for i in range(3))) == [False] * 3
    assert treated(*((i, 0, 7, 34_000) for i in range(2))) == [True] * 2
    assert treated(*((i // 2, 0, 7, 34_000) for i in range(4))) == [True] * 4  # two households
    assert treated(*((i, 0, 7, 34_000 + i) for i in range(3))) == [True] * 3  # not to the cent
    assert treated(*((i, 0, 7 + i, 34_000) for i in range(3))) == [True] * 3  # on three days
    assert treated((0, 0, 7, 34_000), (1, 0, 7, 34_000), (2, 1, 7, 34_000)) == [True] * 3  # at two places


def test_no_files_are_not_dear() -> None:
    assert dear(quick_view([0], [0], [0]), NOTHING, NOTHING, NOTHING).tolist() == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, 1),
            st.sampled_from((0, 3)),
            st.integers(1, 4),
            st.sampled_from((1, 2, 50, 60)),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_dear_is_what_a_plain_count_says(blocks: list[tuple[int, int, int, int, int]]) -> None:
    bills = [(o, f, s, y) for o, f, s, y, n in blocks for _ in range(n)]

    def is_dear(operator: int, facility: int, sort: int, yuan: int) -> bool:
        prices = [y for o, f, s, y in bills if o != operator and (f, s) == (facility, sort)]
        return len(prices) >= 50 and 50 * sum(y >= yuan for y in prices) < len(prices)

    told = {bill: is_dear(*bill) for bill in set(bills)}
    assert costs(*bills) == [told[bill] for bill in bills]


# All of them


def desk_of(service: int) -> dict[str, list[bool]]:
    """Marks of forty files of ten households, two of each on two days; the first twenty are the first operator's, in the evening."""
    n = 40
    cents = np.resize(DENSE, n)
    household = np.arange(n) // 2 % 10
    start = np.where(np.arange(n) < 20, 1, 2) * DAY + 9 * HOUR
    view = quick_view(
        np.arange(n), 0, start, service=service, cents=cents, household=household, diagnosis=np.resize(THREE, n)
    )
    settled = np.where(np.arange(n) < 20, 30 * DAY + 20 * HOUR, 30 * DAY + 10 * HOUR)
    view = settled_at(view, settled)
    got = of_desks(view, np.arange(n), np.repeat([0, 1], 20), longs(service * 2 + 1, n))
    return {name: flag.tolist() for name, flag in got.items()}


@pytest.mark.parametrize(
    ("after", "spot"), [(-1, False), (0, True), (2 * HOUR, True), (2 * HOUR + 1, False), (DAY, False)]
)
def test_who_is_seen_in_the_evening_pays_in_the_evening(after: int, spot: bool) -> None:
    """Forty files of two operators, the first one's in the evening: those settled while the patient is there are not late."""
    n = 40
    evening = np.where(np.arange(n) < 20, 20, 10) * HOUR
    view = quick_view(np.arange(n), 0, DAY + evening - after, service=OUTPATIENT, cents=np.arange(n) * 1000 + 5000)
    view = settled_at(view, DAY + evening)
    assert on_the_spot(view, np.arange(n)).tolist() == [spot] * n
    assert STILL_THERE == 2 * HOUR
    late_there = of_desks(view, np.arange(n), np.repeat([0, 1], 20), longs(1, n))["late"]
    assert late_there.tolist() == [not spot] * n


def settled_at(view: View, settled: Longs) -> View:
    return replace(view, claims=replace(view.claims, settled=settled))


def test_files_at_a_desk_bear_all_marks() -> None:
    got = desk_of(OUTPATIENT)
    assert tuple(got) == MARKS
    # ten in the morning is as rare among the first operator's files as the evening is among the second one's
    assert got["late"] == [True] * 40
    assert got["even"] == [True] * 40
    assert got["twice"] == [True] * 40
    assert got["overpaid"] == got["dear"] == [False] * 40  # too few others for either
    assert desk_of(INPATIENT) == got


def test_a_shops_till_is_no_desk() -> None:
    got = desk_of(PHARMACY)
    assert tuple(got) == MARKS
    assert all(flag == [False] * 40 for flag in got.values())


def test_shops_and_desks_of_one_operator_are_told_apart() -> None:
    """The same two slips of a day, once of an outpatient's and once of a shop's care."""
    service = np.array([OUTPATIENT, OUTPATIENT, PHARMACY, PHARMACY])
    facility = [0, 0, 1, 1]
    view = quick_view([0, 1, 2, 3], facility, longs(MORNING, 4), service=service, household=[0, 0, 0, 0])
    view = settled_at(view, longs(30 * DAY, 4))
    got = of_desks(view, np.arange(4), longs(0, 4), service * np.int64(2))
    assert got["twice"].tolist() == [True, True, False, False]


def test_marks_follow_the_files_given() -> None:
    """Files in any order: each one's mark stays its own."""
    view = quick_view([0, 1, 2], 0, longs(MORNING, 3), cents=[10_000, 50_000, 10_100], household=[0, 0, 0])
    view = settled_at(view, longs(30 * DAY, 3))
    got = of_desks(view, np.array([2, 1, 0]), longs(0, 3), longs(3, 3))
    assert got["twice"].tolist() == [True, False, True]


def test_no_files_bear_no_marks() -> None:
    got = of_desks(quick_view([0], [0], [0]), NOTHING, NOTHING, NOTHING)
    assert {name: flag.tolist() for name, flag in got.items()} == {name: [] for name in MARKS}
    assert habits.MARKS == ("late", "even", "twice", "overpaid", "dear")
