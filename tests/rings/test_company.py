from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, OUTPATIENT, Candidate, Finding, Longs, View
from ringfinder.rings.company import (
    A_DOCTOR,
    DEPARTMENT,
    FEW,
    LEAST,
    LOOKED,
    NEAR,
    ONE,
    SEASON,
    Company,
    company,
    shares,
    to_one_doctor,
    together,
)
from ringfinder.rings.harm import ALONE
from ringfinder.rings.transfers import in_company, search
from ringfinder.words import say

from .planted import with_codes

Move = tuple[int, int, int, int]  # household, from, to, moment of arrival in seconds
Stay = tuple[int, int, int]  # facility, doctor, diagnosis

A, B, C = range(3)
STAY = 10 * DAY
GAP = 3 * DAY
BEFORE = 40 * DAY  # no arrival is earlier
WINDOW = 5 * DAY  # two days before, two after, and the day itself


def moved(moves: list[Move], doctor: Any = BLANK) -> tuple[View, Longs, Longs]:
    """Each move is of a person of his own: a stay of ten days, and three days later the next. With the visits of the moves."""
    home, here, there, moment = np.array(moves, np.int64).T
    n = len(moves)
    arrival = BEFORE + moment
    start = np.stack([arrival - GAP - STAY, arrival], axis=1).ravel()
    view = quick_view(
        np.repeat(np.arange(n), 2),
        np.stack([here, there], axis=1).ravel(),
        start,
        end=start + STAY,
        service=INPATIENT,
        cents=100_000 + np.arange(2 * n) ** 2,
        household=home,
        doctor=np.stack([np.full(n, BLANK), np.broadcast_to(doctor, n)], axis=1).ravel(),
    )
    return view, 2 * np.arange(n), 2 * np.arange(n) + 1


def on(*days: float, way: tuple[int, int] = (A, B), first: int = 0) -> list[Move]:
    """Moves of households of their own on these days."""
    return [(first + i, *way, int(day * DAY)) for i, day in enumerate(days)]


def lucky(others: int, span_days: int = 94) -> float:
    """Chance that one of so many others comes within two days: five days of the season and its two margins of two days."""
    return 1.0 - exp(-others * 5 / span_days)


def surprise(k: float, mu: float) -> float:
    return k * log(k / mu) - (k - mu)


# In company


def test_moves_are_in_company_within_two_days() -> None:
    assert NEAR == 2 * DAY
    count, expected = together(*moved(on(10, 12)))
    assert count == 2
    assert expected == pytest.approx(2 * lucky(1))
    view, leaving, arriving = moved([(0, A, B, 10 * DAY), (1, A, B, 12 * DAY + 1)])
    assert together(view, leaving, arriving)[0] == 0


def test_whoever_moves_at_his_own_time_moves_alone() -> None:
    count, expected = together(*moved(on(0, 15, 30, 45)))
    assert count == 0
    assert expected == pytest.approx(4 * lucky(3))


def test_moves_in_company_are_counted_one_by_one() -> None:
    """Days 10 and 11 go together, 12.5 with 11 only, and 20 goes alone."""
    count, expected = together(*moved(on(10, 11, 12.5, 20)))
    assert count == 3
    assert expected == pytest.approx(4 * lucky(3))


def test_the_time_that_chance_has_is_a_season_at_least() -> None:
    """From day 0 to day 90 it is the season itself; to day 200, two hundred days and four."""
    assert SEASON == 90 * DAY
    assert together(*moved(on(0, 1, 90)))[1] == pytest.approx(3 * lucky(2, 94))
    assert together(*moved(on(0, 1, 200)))[1] == pytest.approx(3 * lucky(2, 204))


def test_the_time_is_the_whole_groups_and_not_a_ways() -> None:
    long = on(0, 1) + on(300, way=(B, C), first=5)
    count, expected = together(*moved(long))
    assert count == 2
    assert expected == pytest.approx(2 * lucky(1, 304))  # on the other way nobody else moves


def test_the_own_household_is_no_company() -> None:
    couple = [(0, A, B, 10 * DAY), (0, A, B, 10 * DAY + HOUR)]
    assert together(*moved(couple)) == (0, 0.0)
    # a neighbour a day later has two in company, each of the couple one; of the three moves the couple's know one other
    count, expected = together(*moved([*couple, (1, A, B, 11 * DAY)]))
    assert count == 3
    assert expected == pytest.approx(2 * lucky(1) + lucky(2))


def test_the_own_households_other_moves_do_not_hide_a_neighbour() -> None:
    back_again = [(0, A, B, 10 * DAY), (0, A, B, 60 * DAY), (1, A, B, 61 * DAY)]
    count, expected = together(*moved(back_again))
    assert count == 2
    assert expected == pytest.approx(2 * lucky(1) + lucky(2))


def test_opposite_directions_are_no_company() -> None:
    assert together(*moved(on(10) + on(10, way=(B, A), first=1))) == (0, 0.0)


@pytest.mark.parametrize("way", [(A, C), (C, B)])
def test_another_way_is_no_company(way: tuple[int, int]) -> None:
    assert together(*moved(on(10) + on(10, way=way, first=1))) == (0, 0.0)


def test_the_last_mover_of_a_way_is_not_near_the_first_of_the_next() -> None:
    late_and_early = on(100) + on(0, way=(A, C), first=1)
    assert together(*moved(late_and_early)) == (0, 0.0)


a_move = st.tuples(
    st.integers(0, 4),
    st.sampled_from((A, B)),
    st.sampled_from((A, B, C)),
    st.integers(0, 60).map(lambda h: h * 8 * HOUR),
).filter(lambda m: m[1] != m[2])


@settings(max_examples=80, deadline=None)
@given(st.lists(a_move, min_size=1, max_size=14), st.sampled_from((1, 7, 20)))
def test_company_is_what_a_plain_count_says(moves: list[Move], stretch: int) -> None:
    """Twenty days in steps of eight hours, or stretched beyond a season."""
    moves = [(home, here, there, moment * stretch) for home, here, there, moment in moves]
    count, expected = together(*moved(moves))
    moments = [m[3] for m in moves]
    span = max(SEASON, max(moments) - min(moments)) + 4 * DAY
    in_company, by_chance = 0, 0.0
    for home, *way, moment in moves:
        others = [m[3] for m in moves if list(m[1:3]) == way and m[0] != home]
        in_company += any(abs(other - moment) <= 2 * DAY for other in others)
        by_chance += 1.0 - exp(-len(others) * WINDOW / span)
    assert count == in_company
    assert expected == pytest.approx(by_chance)


# Nats of company


def test_company_counts_beyond_what_some_groups_show_by_chance() -> None:
    """Three of three in company where 0.303 are expected: 4.18 nats, of which three are nothing unusual."""
    assert LOOKED == 3.0
    got = company(*moved(on(10, 11, 12)), differ=True)
    mu = 3 * lucky(2)
    assert surprise(3, mu) == pytest.approx(4.18, abs=0.01)
    assert (got.moved, got.moves, got.expected) == (3, 3, pytest.approx(mu))
    assert got.nats == pytest.approx(surprise(3, mu) - LOOKED)


def test_little_company_is_none() -> None:
    """Two of five in company where 0.96 are expected: 0.44 nats."""
    got = company(*moved(on(0, 1, 30, 50, 70)), differ=True)
    mu = 5 * lucky(4)
    assert 0 < surprise(2, mu) < LOOKED
    assert (got.moved, got.moves, got.expected) == (2, 5, pytest.approx(mu))
    assert got.nats == 0.0


def test_less_company_than_expected_is_none() -> None:
    got = company(*moved(on(*range(0, 90, 3))), differ=True)
    assert got.moved == 0
    assert got.expected == pytest.approx(30 * lucky(29))
    assert got.nats == 0.0


def test_no_company_is_taken_for_rarer_than_one_move_in_twenty() -> None:
    """Two in company within 404 days, where 0.025 are expected, are held against 0.05."""
    got = company(*moved(on(0, 1) + on(400, way=(B, C), first=5)), differ=True)
    assert got.expected == pytest.approx(2 * lucky(1, 404))
    assert got.expected < 0.05
    assert got.nats == pytest.approx(surprise(2, 0.05) - LOOKED)


def test_company_and_doctor_add_up() -> None:
    """Three moves together, all to one doctor: 4.18 - 3 for the one, 3 ln 4 - 2 for the other."""
    got = company(*moved(on(10, 11, 12), doctor=4), differ=True)
    assert got.nats == pytest.approx(surprise(3, 3 * lucky(2)) - 3.0 + 3 * log(4) - 2.0)


# To one doctor


def ward(arrivals: list[Stay], others: Sequence[Stay] = (), **more: Any) -> tuple[View, Longs]:
    """Stays each of a person of his own, the first ones the group's arrivals."""
    facility, doctor, diagnosis = np.array([*arrivals, *others], np.int64).T
    n = len(facility)
    start = np.arange(n) * 7 * DAY
    columns = {"service": INPATIENT, "end": start + 3 * DAY, "cents": 100_000 + np.arange(n), **more}
    view = quick_view(np.arange(n), facility, start, doctor=doctor, diagnosis=diagnosis, **columns)
    return view, np.arange(len(arrivals))


def beyond(arrivals: list[Stay], others: Sequence[Stay] = (), **more: Any) -> float:
    """Nats of one doctor, where illnesses differ."""
    return to_one_doctor(*ward(arrivals, others, **more), DEPARTMENT)


def with_doctors(*doctors: int, house: int = B, diagnosis: int = BLANK) -> list[Stay]:
    """A stay at the house with each of these doctors."""
    return [(house, doctor, diagnosis) for doctor in doctors]


def test_arrivals_at_one_doctor_count_beyond_a_quarter() -> None:
    """Five of five: 5 ln(1 / 0.25) - 2."""
    assert (DEPARTMENT, A_DOCTOR) == (0.25, 2.0)
    assert beyond(with_doctors(7, 7, 7, 7, 7)) == pytest.approx(5 * log(4) - 2)


def test_a_doctor_counts_from_three_fifths_of_the_arrivals_on() -> None:
    """Three of five: 3 ln(0.6 / 0.25) - 2 = 0.63; three of six would be 3 ln 2 - 2 = 0.08 and are too few."""
    assert ONE == 0.6
    assert beyond(with_doctors(7, 7, 7, 1, 2)) == pytest.approx(3 * log(2.4) - 2)
    assert beyond(with_doctors(7, 7, 7, 1, 2, 3)) == 0.0


def test_a_doctor_counts_from_three_arrivals_on() -> None:
    """Two of two would be 2 ln 4 - 2 = 0.77."""
    assert LEAST == 3
    assert 2 * log(4) - 2 > 0
    assert beyond(with_doctors(7, 7)) == 0.0
    assert beyond(with_doctors(7, 7, 7)) == pytest.approx(3 * log(4) - 2)


def test_no_arrivals_are_nobodys() -> None:
    view, _ = ward(with_doctors(7, 7, 7))
    assert to_one_doctor(view, np.zeros(0, np.int64), DEPARTMENT) == 0.0


def test_whom_the_doctor_sees_anyway_is_expected() -> None:
    """Four of ten other stays are his: 5 ln(1 / 0.4) - 2. Of two of ten a quarter is expected all the same."""
    five = with_doctors(7, 7, 7, 7, 7)
    four_of_ten = with_doctors(*[7] * 4, *range(6))
    two_of_ten = with_doctors(7, 7, *range(6), 0, 1)
    assert beyond(five, four_of_ten) == pytest.approx(5 * log(1 / 0.4) - 2)
    assert beyond(five, two_of_ten) == pytest.approx(5 * log(4) - 2)


def test_the_only_doctor_of_a_house_is_nobodys_choice() -> None:
    """Five other stays tell that he is the only one; four do not."""
    assert FEW == 5
    five = with_doctors(7, 7, 7, 7, 7)
    assert beyond(five, with_doctors(7, 7, 7, 7, 7)) == 0.0
    assert beyond(five, with_doctors(7, 7, 7, 7)) == pytest.approx(5 * log(4) - 2)


def test_other_houses_and_other_care_tell_nothing_of_a_doctors_share() -> None:
    five = with_doctors(7, 7, 7, 7, 7)
    elsewhere = with_doctors(*[7] * 10, house=C)
    assert beyond(five, elsewhere) == pytest.approx(5 * log(4) - 2)
    service = np.r_[np.full(5, INPATIENT), np.full(10, OUTPATIENT)]
    assert beyond(five, with_doctors(*[7] * 10), service=service) == pytest.approx(5 * log(4) - 2)


def test_who_treats_the_illness_is_expected() -> None:
    """A fifth of the house's other stays are his, but four fifths of those with the illness: 12 ln(1 / 0.8) - 2 = 0.68."""
    group = with_doctors(*[7] * 12, diagnosis=3)
    alike = with_doctors(7, 7, 7, 7, 1, diagnosis=3)
    rest = with_doctors(*[1, 2, 4] * 5, diagnosis=5)
    assert beyond(group, alike + rest) == pytest.approx(12 * log(1 / 0.8) - 2)
    # four with the illness are too few to tell: of all 19 others he has four, and a quarter is expected
    assert beyond(group, alike[:4] + rest) == pytest.approx(12 * log(4) - 2)


def test_a_share_of_few_with_the_illness_is_no_excuse_less_than_the_houses() -> None:
    """None of five with the illness is his, but half of all twenty others: 12 ln 2 - 2."""
    group = with_doctors(*[7] * 12, diagnosis=3)
    others = with_doctors(1, 1, 1, 1, 1, diagnosis=3) + with_doctors(*[7] * 10, *[2] * 5, diagnosis=5)
    assert beyond(group, others) == pytest.approx(12 * log(2) - 2)


def test_unknown_doctors_are_left_out() -> None:
    """Of eight arrivals three have a doctor, the same: 3 ln 4 - 2. Of the others' ten stays five are told, four of them his."""
    three = with_doctors(7, 7, 7, *[BLANK] * 5)
    assert beyond(three) == pytest.approx(3 * log(4) - 2)
    assert beyond(with_doctors(*[BLANK] * 8)) == 0.0
    twelve = with_doctors(*[7] * 12, BLANK)
    others = with_doctors(7, 7, 7, 7, 1, *[BLANK] * 5)
    assert beyond(twelve, others) == pytest.approx(12 * log(1 / 0.8) - 2)


def test_each_house_has_its_doctor() -> None:
    """Five of five at one house and three of four at the other: 5 ln 4 - 2 and 3 ln 3 - 2."""
    arrivals = with_doctors(7, 7, 7, 7, 7) + with_doctors(8, 8, 8, 1, house=C)
    assert beyond(arrivals) == pytest.approx(5 * log(4) - 2 + 3 * log(3) - 2)


def test_a_house_where_the_doctor_is_usual_takes_nothing_from_the_other() -> None:
    """3 ln(1 / 1) - 2 is less than nothing."""
    arrivals = with_doctors(7, 7, 7, 7, 7) + with_doctors(8, 8, 8, house=C)
    others = with_doctors(*[8] * 6, house=C)
    assert beyond(arrivals, others) == pytest.approx(5 * log(4) - 2)


def test_shares_are_of_the_stays_given_at_the_doctors_house() -> None:
    view, _ = ward(with_doctors(0, 0, 1, 2, 0) + with_doctors(0, 1, 1, 1, house=C))
    doctors = len(view.codes.doctor)
    asked = np.array([B * doctors, B * doctors + 1, C * doctors + 1, A * doctors])
    assert doctors == 3
    # three of five and one of five; four stays at the second house tell nothing, and at A nobody lay
    assert shares(view, asked, np.arange(9)).tolist() == [0.6, 0.2, 0.0, 0.0]
    assert shares(view, asked, np.arange(1, 9)).tolist() == [0.0] * 4
    assert shares(view, asked, np.zeros(0, np.int64)).tolist() == [0.0] * 4


def test_an_unknown_illness_is_no_illness_alike() -> None:
    """As where all arrivals have the illness, of whose five other cases four are his; the ninety others have none known.

    Of one arrival nobody knows the illness, so that all 95 others count as alike, and he has four of them.
    """
    group = with_doctors(*[7] * 11, diagnosis=3) + with_doctors(7)
    others = with_doctors(7, 7, 7, 7, 1, diagnosis=3) + with_doctors(*[1, 2, 4] * 30)
    assert beyond(group, others) == pytest.approx(12 * log(1 / 0.8) - 2)


# Rotations


def turning(first_days: list[int], doctors_at_b: list[int] | None = None) -> Candidate:
    """The rotation of twelve people who go from A to B and back, setting out on these days; doctors differ, or at B are given.

    Their illnesses differ. Beside them sixty people who move once, and six hundred who do not, each between houses of their own.
    """
    rows = []  # patient, facility, first day, doctor
    doctor = 100
    for p, day in enumerate(first_days):
        for step, place in enumerate((A, B, A)):
            doctor += 1
            known = doctors_at_b[p] if doctors_at_b and place == B else doctor
            rows.append((p, place, day + step * 13, known))
    for i in range(60):
        rows += [(50 + i, 10 + 2 * i, 7 * i, 0), (50 + i, 11 + 2 * i, 7 * i + 13, 0)]
    rows += [(200 + i, 10 + i % 120, i, 0) for i in range(600)]
    patient, facility, day, treated = np.array(rows).T
    cents = 100_000 + np.arange(len(rows)) ** 2
    start = day * DAY
    ill = {"diagnosis": patient % 3, "doctor": treated}
    view = quick_view(patient, facility, start, end=start + STAY, service=INPATIENT, cents=cents, **ill)
    (found,) = search(with_codes(view, ["J20", "M54", "R42"]))
    assert found.patients.tolist() == list(range(12))
    return found


MOVES = 24  # of twelve people, two each, among 36 stays; in all 84 moves in 36 + 120 + 600 stays
SPLIT = surprise(MOVES, 36 * 84 / 756)


def told(found: Candidate) -> Finding:
    (one,) = [f for f in found.findings if f.key in ("reasons.moved_together", "reasons.moved_apart")]
    assert say(one.key, "en", **one.values) != say(one.key, "zh", **one.values)
    return one


def test_a_rotation_whose_people_move_each_at_their_own_time_does_not_suffice() -> None:
    """From day 13 to day 246 moves lie 20 days apart on each way, eleven others on it: 233 + 4 days."""
    found = turning([20 * p for p in range(12)])
    assert SPLIT > ALONE
    assert found.harm == ALONE
    one = told(found)
    expected = MOVES * lucky(11, 233 + 4)
    assert (one.side, one.key, one.nats) == ("against", "reasons.moved_apart", 0.0)
    assert (one.observed, one.expected) == (0, pytest.approx(expected))
    assert one.values == {"moved": 0, "moves": MOVES, "expected": round(expected, 1)}
    assert one.claims.tolist() == found.claims.tolist()


def test_a_rotation_that_moves_together_has_more_harm() -> None:
    """Four times three people set out on one day, two months apart: from day 13 to day 206, with four days more."""
    found = turning([60 * (p // 3) for p in range(12)])
    expected = MOVES * lucky(11, 193 + 4)
    gain = surprise(MOVES, expected) - LOOKED
    assert ALONE < ALONE + gain < SPLIT
    assert found.harm == pytest.approx(ALONE + gain)
    one = told(found)
    assert (one.side, one.key, one.nats) == ("for", "reasons.moved_together", pytest.approx(gain))
    assert one.values == {"moved": MOVES, "moves": MOVES, "expected": round(expected, 1)}


def test_a_rotation_that_ends_at_one_doctor_has_more_harm() -> None:
    """Nine of twelve arrivals at B, whose others nobody knows: 9 ln(0.75 / 0.25) - 2."""
    found = turning([20 * p for p in range(12)], doctors_at_b=[99] * 9 + [1, 2, 3])
    gain = 9 * log(3) - A_DOCTOR
    assert gain > ALONE
    assert found.harm == pytest.approx(ALONE + gain)
    one = told(found)
    assert (one.side, one.observed, one.nats) == ("for", 0, pytest.approx(gain))


def test_a_rotation_is_never_held_for_more_than_its_moves_say() -> None:
    """As above four times three together, and all twelve to one doctor: more nats than the moves themselves have."""
    found = turning([60 * (p // 3) for p in range(12)], doctors_at_b=[99] * 12)
    assert told(found).nats > SPLIT
    assert found.harm == pytest.approx(SPLIT)


def test_company_speaks_for_a_ring_from_what_one_trait_may_count_on() -> None:
    claims = np.array([3, 4], np.int32)
    none = in_company(Company(2, 9, 1.234, ALONE), claims)
    assert (none.side, none.key) == ("against", "reasons.moved_apart")
    some = in_company(Company(2, 9, 1.234, float(np.nextafter(ALONE, 9.0))), claims)
    assert (some.side, some.key) == ("for", "reasons.moved_together")
    assert some.values == {"moved": 2, "moves": 9, "expected": 1.2}
    assert (some.observed, some.expected, some.channel) == (2, 1.234, "transfers")
