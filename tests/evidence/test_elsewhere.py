"""Cards that are used while their holders are said to lie in bed elsewhere: what one stay lets expect, and what a pile of stays weighs."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.elsewhere import (
    LEAST,
    MOST,
    NOTHING,
    PRICE,
    SHARE,
    SHRUNK,
    SMOOTHING,
    TELLS,
    Stays,
    apart,
    households,
    stays,
    usual_share,
)
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, OUTPATIENT, Longs, View

OWN_DAYS, OTHERS_DAYS = (0, 1, 4, 9, 11, 30, 31, 45, 70, 72), (*range(5, 95, 6), *range(8, 98, 7), 99)


def lain(nights: int, meanwhile: tuple[int, ...] = (), bed_days: tuple[int, ...] = (50,)) -> View:
    """A hundred days: person 0 has ten visits and stays of so many nights at place 2 from day 50 on, person 1 has 28 visits.

    `meanwhile`: days on which person 0's card is used, at place 3, as well.
    """
    visits = [(0, 0, d, d, OUTPATIENT, 9_000 + d) for d in OWN_DAYS]
    visits += [(1, 1, d, d, OUTPATIENT, 12_000 + d) for d in sorted({*OTHERS_DAYS})]
    visits += [(0, 2, d, d + nights, INPATIENT, 50_000 * max(nights, 1)) for d in bed_days]
    visits += [(0, 3, d, d, OUTPATIENT, 7_000) for d in meanwhile]
    patient, facility, start, end, service, cents = np.array(visits, np.int64).T
    return quick_view(patient, facility, start * DAY + 9 * HOUR, end=end * DAY + 9 * HOUR, service=service, cents=cents)


def of_person_0(view: View, values: Any) -> Any:
    """The value at person 0's stay at place 2."""
    (at,) = np.flatnonzero((view.visits.facility == 2) & (view.visits.patient == 0))
    return values[at]


# One stay


@pytest.mark.parametrize("nights", [2, 3, 7])
def test_a_stay_lets_expect_what_the_persons_own_other_days_do(nights: int) -> None:
    """Ten visits in the days that are not strictly inside the stay; everybody's rate stands for sixty days more."""
    assert (SHRUNK, LEAST) == (60.0, 0.05)
    view = lain(nights)
    known = stays(view)
    inside, others = nights - 1, len({*OTHERS_DAYS})
    usual = (10 + others) / (100 - inside + 100)
    rate = (10 + 60 * usual) / (100 - inside + 60)
    assert of_person_0(view, known.lying)
    assert not of_person_0(view, known.out)
    assert of_person_0(view, known.chance) == pytest.approx(0.05 * (1 - exp(-rate * inside)))
    assert known.chance[~known.lying].tolist() == [0.0] * (10 + others)


@pytest.mark.parametrize("nights", [0, 1])
def test_who_lies_a_night_has_no_day_strictly_inside(nights: int) -> None:
    view = lain(nights)
    known = stays(view)
    assert not known.lying.any()
    assert known.chance.tolist() == [0.0] * len(known.chance)


def test_the_use_of_the_card_meanwhile_is_none_of_the_own_other_days() -> None:
    """Otherwise whoever is out much would be expected to be."""
    with_it, without = lain(7, meanwhile=(52, 54)), lain(7)
    known = stays(with_it)
    assert of_person_0(with_it, known.out)
    assert known.out.sum() == 1  # the stay, and not the visits
    going_on = 1.0  # one stay of less than one expected: all hospitals together, and one expected at least
    chance = of_person_0(without, stays(without).chance) / LEAST
    assert of_person_0(with_it, known.chance) == pytest.approx(going_on * chance)


def test_the_first_and_the_last_day_of_a_stay_are_no_day_in_bed() -> None:
    for day, out in ((50, False), (51, True), (56, True), (57, False)):
        view = lain(7, meanwhile=(day,))
        assert of_person_0(view, stays(view).out) == out, day


# What is usual at hospitals


def share(*of: tuple[float, float]) -> float:
    """Usual share of hospitals, each (stays with a card used elsewhere, expected)."""
    out, likely = np.array(of, np.float64).T
    return usual_share(out, likely)


def test_the_middle_hospital_by_weight_tells_what_is_usual() -> None:
    assert share((0.8, 4), (5, 10), (4.5, 5)) == pytest.approx(0.5)
    assert share((0.8, 4), (1.5, 3), (7.2, 8)) == pytest.approx(0.9)  # the large one's beds are half of all
    assert share((7.2, 8), (0.8, 4), (1.5, 3)) == pytest.approx(0.9)  # whatever the order
    assert share((1, 5), (4, 5)) == pytest.approx(0.2)  # of two alike the lower one: empty beds pass for nothing usual


def test_hospitals_that_expect_fewer_than_three_tell_nothing() -> None:
    assert TELLS == 3.0
    assert share((2.9, 2.99), (2.9, 2.99), (0.9, 3)) == pytest.approx(0.3)


def test_where_no_hospital_tells_all_of_them_together_do() -> None:
    assert share((1, 2.5), (0, 2.5)) == pytest.approx(0.2)
    assert share((0, 0.1), (0.5, 0.3)) == pytest.approx(0.5)  # one expected at least


def test_the_usual_share_is_bounded() -> None:
    assert LEAST == 0.05
    assert share((0, 10)) == 0.05
    assert share((0.4, 10)) == 0.05
    assert share((0.6, 10)) == pytest.approx(0.06)
    assert share((30, 10)) == 1.0


# Households


def test_a_household_counts_once_however_many_of_its_stays_do() -> None:
    home, out = np.array([0, 0, 0, 1, 2]), np.array([True, True, False, False, True])
    seen, likely = households(home, out, np.array([0.1, 0.2, 0.3, 0.4, 1.0]), 4)
    assert seen.tolist() == [1.0, 0.0, 1.0, 0.0]
    assert likely.tolist() == pytest.approx([1 - 0.9 * 0.8 * 0.7, 0.4, 0.99, 0.0])  # nothing is certain


# Piles of distant stays


def pile(homes: list[int], out: list[int], chance: float, ward: tuple[float, float], **more: Any) -> tuple[View, Stays]:
    """One stay a person at place 0, of these households; `out`: whose card is used elsewhere; `ward`: all its distant stays, those out."""
    n = len(homes)
    start = np.arange(n) * 9 * DAY
    view = quick_view(
        np.arange(n), 0, start, end=start + 5 * DAY, service=INPATIENT, cents=500_000 + np.arange(n), household=homes
    )
    flag = np.isin(np.arange(n), out)
    at, out_at = (np.array([x], np.float64) for x in ward)
    everybody = np.ones(n, np.bool_)
    return view, replace(Stays(everybody, flag, np.full(n, chance), everybody, at, out_at), **more)


def nats(k: float, mu: float) -> float:
    return k * log(k / mu) - (k - mu) - PRICE


def test_a_pile_is_weighed_by_households_against_the_other_stays_of_the_ward() -> None:
    """Of the ward's other 16 stays 3 are out, smoothed with twenty at the people's own chance: five of 36."""
    assert (SMOOTHING, PRICE) == (20.0, 1.0)
    view, known = pile([0, 0, 1, 2], [0, 1, 2, 3], 0.1, ward=(20, 7))
    got = apart(view, known, np.array([3, 2, 1, 0, 3]))  # a visit of two bills is one
    ward = (3 + 20 * 0.1) / (16 + 20)
    mu = 1 - (1 - ward) ** 2 + 2 * ward
    assert ward > 0.1
    assert (got.of, got.count) == (3, 3)
    assert got.expected == pytest.approx(mu)
    assert got.gain == pytest.approx(nats(3, mu))


def test_the_persons_own_chance_holds_where_the_ward_says_less() -> None:
    view, known = pile([0, 1, 2], [0, 1, 2], 0.1, ward=(103, 3))
    got = apart(view, known, np.arange(3))
    assert got.expected == pytest.approx(0.3)
    assert got.gain == pytest.approx(nats(3, 0.3))


def test_only_distant_stays_count() -> None:
    far = np.array([True, True, True, False])
    view, known = pile([0, 1, 2, 3], [0, 1, 2, 3], 0.1, ward=(103, 3), far=far)
    assert apart(view, known, np.arange(4)) == apart(view, known, np.arange(3))
    assert apart(view, known, np.array([3])) == NOTHING
    assert apart(view, known, np.zeros(0, np.int64)) == NOTHING


@pytest.mark.parametrize(
    ("people", "out", "counts"), [(2, 1, False), (3, 2, True), (13, 2, True), (14, 2, False), (14, 3, True)]
)
def test_two_households_and_fifteen_in_a_hundred_must_be_out(people: int, out: int, counts: bool) -> None:
    assert SHARE == 0.15
    view, known = pile(list(range(people)), list(range(out)), 1e-4, ward=(people, out))
    got = apart(view, known, np.arange(people))
    assert (got.of, got.count) == (people, out)
    assert got.gain == pytest.approx(nats(out, people * 1e-4) if counts else 0.0)


def test_a_pile_weighs_no_less_than_nothing_and_no_more_than_its_most() -> None:
    view, known = pile(list(range(13)), list(range(13)), 1e-4, ward=(13, 13))
    assert nats(13, 13e-4) > MOST == 40.0
    assert apart(view, known, np.arange(13)).gain == MOST
    view, known = pile([0, 1, 2], [0, 1], 0.5, ward=(3, 2))
    assert nats(2, 1.5) < 0
    assert apart(view, known, np.arange(3)).gain == 0.0


# Families who fetch medicines, and beds that nobody lies in

PEOPLE, SHAM, WARDS, SHOPS, YEAR = 600, 30, 6, 40, 360


def wards(sham: bool) -> tuple[View, Longs]:
    """People who go somewhere some forty days a year, and have a stay of eight nights each; of the usual days in it families keep
    three in twenty, to fetch medicines. The last `SHAM` people, whose bills name ward 0, go about as always where `sham`. Also their stays.
    """
    rng = np.random.default_rng(8)
    admitted = rng.integers(5, YEAR - 15, PEOPLE)
    ward = np.where(np.arange(PEOPLE) < PEOPLE - SHAM, rng.integers(0, WARDS, PEOPLE), 0)
    who, day = np.nonzero(rng.random((PEOPLE, YEAR)) < rng.gamma(4.0, 0.03, PEOPLE)[:, None])
    inside = (day > admitted[who]) & (day < admitted[who] + 8)
    at_home = (who >= PEOPLE - SHAM) & sham
    kept = ~inside | at_home | (rng.random(len(who)) < 0.15)
    who, day = who[kept], day[kept]
    view = quick_view(
        np.r_[who, np.arange(PEOPLE)],
        np.r_[WARDS + rng.integers(0, SHOPS, len(who)), ward],
        np.r_[day * DAY + 10 * HOUR, admitted * DAY + 9 * HOUR],
        end=np.r_[day * DAY + 10 * HOUR, (admitted + 8) * DAY + 9 * HOUR],
        service=np.r_[np.full(len(who), OUTPATIENT), np.full(PEOPLE, INPATIENT)],
        cents=np.r_[rng.integers(5_000, 9_000, len(who)), rng.integers(400_000, 500_000, PEOPLE)],
    )
    stay = view.visits.service == INPATIENT
    return view, np.flatnonzero(stay & (view.visits.patient >= PEOPLE - SHAM))


@pytest.mark.parametrize("sham", [False, True])
def test_families_who_fetch_medicines_weigh_nothing_and_empty_beds_do(sham: bool) -> None:
    view, ours = wards(sham)
    known = stays(view)
    places = view.visits.facility[known.lying]
    at, out_at = (np.bincount(places, of, WARDS + SHOPS) for of in (np.ones(PEOPLE), known.out[known.lying]))
    known = replace(known, far=known.lying, at=at, out_at=out_at)  # as if all lay far from home
    others = known.lying & (view.visits.patient < PEOPLE - SHAM)
    assert known.chance[others].sum() == pytest.approx(known.out[others].sum(), rel=0.1)
    got = apart(view, known, ours)
    assert got.of == SHAM
    print(got, known.chance[others].sum(), known.out[others].sum())
    if sham:
        assert got.gain > 8
    else:
        assert got.gain == 0.0
