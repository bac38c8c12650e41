"""Equal amounts of a group against what the same days' other customers pay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, OUTPATIENT, PHARMACY
from ringfinder.rings.bases import rates
from ringfinder.rings.harm import ALONE, EXPLAINED, SUPPLY, Harm, harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.own_prices import COUNTS, DAYS, OTHERS, SAME, of_groups
from ringfinder.rings.prices import own_supply

from .planted import group_of
from .test_prices_alike import rows_of

AT_RANDOM = [0, 3, 14, 54, 59, 120]
BAND, OTHERWISE = 30_000, 10_000
Customer = tuple[int, int, int]  # place, day, cents


def crowd(*parts: tuple[int, list[int], int, int], place: int = 0) -> list[Customer]:
    """So many customers on each of these days who pay so much; parts (how many, days, cents, cents more for each next one)."""
    return [(place, day, cents + step * i) for many, days, cents, step in parts for day in days for i in range(many)]


def judged(
    group: list[Customer], others: list[Customer], nats: float = 10.0, kind: int = PHARMACY, even: Any = True
) -> tuple[float, float, float]:
    """Nats, visits and expected of the group's; everybody is a customer once."""
    table = [*group, *others]
    place, day, cents = np.array(table, np.int64).T
    n = len(table)
    start = day * DAY + 9 * HOUR + np.arange(n) * 60
    view = quick_view(np.arange(n), place, start, end=start, cents=cents, service=kind)
    presence = observe(view)
    rows = rows_of(presence, [list(range(len(group)))])
    flag = np.broadcast_to(np.asarray(even), len(group))[rows.visit]
    got = of_groups(presence, rows, flag, np.array([nats]))
    return tuple(float(of[0]) for of in got)  # type: ignore[return-value]


OURS = crowd((2, AT_RANDOM, BAND, 50))  # twelve visits
THEIRS = crowd((3, AT_RANDOM, OTHERWISE, 500))  # eighteen


def test_equal_amounts_where_the_days_others_pay_otherwise_count_three_nats() -> None:
    assert COUNTS == 3.0
    assert judged(OURS, THEIRS) == (3.0, 12.0, 0.0)


def test_a_day_of_offers_that_the_others_pay_too_counts_nothing() -> None:
    assert judged(OURS, crowd((3, AT_RANDOM, BAND, 30))) == (0.0, 12.0, 12.0)


def test_up_to_fifteen_hundredths_of_the_others_may_pay_the_same() -> None:
    """Three of twenty on those days, or four."""
    assert SAME == 0.15
    three = crowd((3, [0], BAND, 10), (17, [3], OTHERWISE, 10))
    four = crowd((4, [0], BAND, 10), (16, [3], OTHERWISE, 10))
    assert judged(OURS, three) == pytest.approx((3.0, 12.0, 12 * 0.15))
    assert judged(OURS, four) == pytest.approx((0.0, 12.0, 12 * 0.2))


def test_fewer_than_twelve_others_say_nothing() -> None:
    assert OTHERS == 12
    assert judged(OURS, crowd((2, AT_RANDOM, OTHERWISE, 10)))[0] == 3.0
    assert judged(OURS, crowd((2, AT_RANDOM, OTHERWISE, 10))[1:])[0] == 0.0


def test_customers_of_other_days_or_places_say_nothing() -> None:
    assert judged(OURS, crowd((3, [day + 1 for day in AT_RANDOM], OTHERWISE, 10)))[0] == 0.0
    assert judged(OURS, crowd((3, AT_RANDOM, OTHERWISE, 10), place=1))[0] == 0.0


def test_the_first_and_the_last_day_of_all_are_days_of_their_own_place() -> None:
    """Who pays the same at the place before or after this one, on the last day or on the first."""
    same = (9, AT_RANDOM, BAND, 10)
    ours, theirs = ([(1, day, cents) for _, day, cents in part] for part in (OURS, THEIRS))
    assert judged(ours, [*theirs, *crowd(same), *crowd(same, place=2)]) == (3.0, 12.0, 0.0)


def test_the_groups_own_visits_are_no_others() -> None:
    """Neither those in the band nor what its people pay besides on those days."""
    besides = crowd((2, AT_RANDOM, 90_000, 10))[:11]  # one less, or the middle would be between the two
    even = [True] * 12 + [False] * 11
    assert judged(OURS + besides, THEIRS[:11], even=even)[0] == 0.0
    assert judged(OURS + besides, THEIRS[:12], even=even) == (3.0, 12.0, 0.0)


def test_four_days_are_a_habit_and_three_are_none() -> None:
    assert DAYS == 4
    for days, counts in (([0, 3, 14, 54], 3.0), ([0, 3, 14], 0.0)):
        assert judged(crowd((4, days, BAND, 50)), crowd((5, days, OTHERWISE, 500)))[0] == counts


def test_stays_never_count() -> None:
    assert judged(OURS, THEIRS, kind=INPATIENT) == (0.0, 0.0, 0.0)
    assert judged(OURS, THEIRS, kind=OUTPATIENT)[0] == 3.0


def test_what_is_not_even_or_not_more_than_three_nats_is_not_looked_at() -> None:
    assert judged(OURS, THEIRS, even=False) == (0.0, 0.0, 0.0)
    assert judged(OURS, THEIRS, nats=3.0) == (0.0, 0.0, 0.0)
    assert judged(OURS, THEIRS, nats=3.01)[0] == 3.0


def test_the_band_is_a_tenth_to_either_side_of_the_groups_middle() -> None:
    """300 yuan times exp(0.1) are 331.55."""
    group = crowd((2, AT_RANDOM, BAND, 0))
    for cents, same in ((33_155, True), (33_156, False), (27_146, True), (27_145, False)):
        assert judged(group, crowd((3, AT_RANDOM, cents, 0)))[2] == (12.0 if same else 0.0)


# In harm

CARDS = 8


def at_a_shop(
    others: int,
    on_days: Sequence[int] = AT_RANDOM,
    apart: int = 1200,
    medicine: Callable[[Any, Any], Any] | None = None,
) -> Harm:
    """Eight people buy different medicines for 300 yuan on six days, one after the other so many seconds `apart`; so many others a day pay
    this or that. `medicine`: what each of the eight buys which time, if not another one each time."""
    days = np.array(on_days)
    who, on = np.tile(np.arange(CARDS), 6), np.repeat(days, CARDS)
    start = on * DAY + 8 * HOUR + who * apart
    more = np.repeat(days, 6)
    k = np.arange(len(more))
    later = more * DAY + 8 * HOUR + k % 6 * 1500
    rest = np.arange(300)
    cents = np.r_[29_000 + (np.arange(len(who)) * 37) % 2_000, others + k * 7, 3_000 + rest * 311 % 60_000]
    view = quick_view(
        np.r_[who, CARDS + k, CARDS + len(k) + rest],
        0,
        np.r_[start, later, rest % 290 * DAY + 16 * HOUR],
        cents=cents,
        service=PHARMACY,
        drug=np.r_[
            np.arange(len(who)) % 20 if medicine is None else medicine(who, np.repeat(np.arange(6), CARDS)),
            k % 20,
            rest % 20,
        ],
    )
    presence, groups = observe(view), group_of(*range(CARDS))
    meetings = meet(presence, groups)
    return harm(presence, rates(presence, mark(view)), groups, meetings, np.ones(len(meetings.group), np.bool_))


def test_own_prices_back_the_trait_of_equal_amounts() -> None:
    """The trait counts six beyond what backs it: twelve in all, of three nats of own prices and nine of the trait."""
    got = at_a_shop(OTHERWISE)
    assert got.nats["even"][0] > ALONE + COUNTS
    assert got.nats["own_price"].tolist() == [COUNTS]
    assert got.borne["own_price"].tolist() == [48.0]
    assert got.expected["own_price"].tolist() == [0.0]
    assert got.score.tolist() == pytest.approx([COUNTS + ALONE + COUNTS])


def test_equal_amounts_on_a_day_of_offers_are_one_trait_alone() -> None:
    got = at_a_shop(29_500)
    assert got.nats["even"][0] > ALONE
    assert got.nats["own_price"].tolist() == [0.0]
    assert got.score.tolist() == pytest.approx([ALONE])


@pytest.mark.parametrize("on_days", [[0, 7, 28, 35, 63, 98], [0, 60, 90, 180, 240, 270]])
def test_equal_amounts_on_members_days_are_explained(on_days: list[int]) -> None:
    """On one weekday, or every so many months: what is bought on them costs alike for all who come."""
    got = at_a_shop(OTHERWISE, on_days)
    assert [got.nats[mark][0] for mark in ("even", "alike", "drained", "own_price")] == [0.0] * 4
    assert got.borne[EXPLAINED].tolist() == [48.0]
    assert at_a_shop(OTHERWISE).borne[EXPLAINED].tolist() == [0.0]


def test_a_carer_who_fetches_each_ones_own_medicine_empties_no_cards() -> None:
    """One card after the other, at one price: a hard mark with what sells, one trait where each has his own medicine every time."""
    what_sells = at_a_shop(OTHERWISE, apart=120)
    assert what_sells.nats["drained"][0] > ALONE
    assert what_sells.score[0] > 2 * ALONE
    own = at_a_shop(OTHERWISE, apart=120, medicine=lambda who, time: who)
    assert (own.borne["drained"].tolist(), own.borne["even"].tolist()) == ([0.0], [48.0])
    assert (own.borne[SUPPLY].tolist(), what_sells.borne[SUPPLY].tolist()) == ([48.0], [0.0])
    assert own.nats["own_price"].tolist() == [0.0]
    assert own.score.tolist() == pytest.approx([ALONE])


@pytest.mark.parametrize(("changes", "own"), [(1, True), (2, False)])
def test_four_fifths_of_what_is_bought_again_is_each_ones_own(changes: int, own: bool) -> None:
    """Of five times that a card comes again it changes its medicine for good once, or twice."""
    got = at_a_shop(OTHERWISE, apart=120, medicine=lambda who, time: (who + CARDS * np.minimum(time, changes)) % 20)
    assert bool(got.borne["drained"][0] == 0.0) is own


def test_what_is_bought_once_or_unknown_is_nobodys_own() -> None:
    assert (
        at_a_shop(OTHERWISE, apart=120, medicine=lambda who, time: np.where(time < 3, -1, (who + time) % 20)).borne[
            "drained"
        ]
        > 0
    )
    cards, times = np.arange(CARDS), np.zeros(CARDS, np.int64)
    view = quick_view(cards, 0, 9 * HOUR + cards * 60, service=PHARMACY, drug=cards)
    presence = observe(view)
    rows = rows_of(presence, [list(range(CARDS))])
    assert own_supply(presence, rows, times == 0).tolist() == [False]
