from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, OUTPATIENT, PHARMACY
from ringfinder.rings.prices import (
    ALIKE,
    COMMON,
    FEW_OTHERS,
    LEAST_TOLD,
    MOST_OF_IT,
    OF_REASON,
    ONE_REASON,
    OUTBREAK,
    TOLD_SHARE,
    Rows,
    Strata,
    around,
    for_many_reasons,
    lasting,
    likes,
    places_treating,
)

Bought = tuple[int, int, int]  # place, medicine, cents


def rows_of(presence: Presence, groups: list[list[int]]) -> Rows:
    """The rows of groups that have these visits each."""
    row_of = np.empty(len(presence.visit), np.int64)
    row_of[presence.visit] = np.arange(len(presence.visit))
    group = np.repeat(np.arange(len(groups)), [len(visits) for visits in groups])
    row = np.concatenate([np.sort(row_of[np.array(visits, np.int64)]) for visits in groups])
    return Rows.of(presence, group, row, len(groups))


# For many reasons

ELSEWHERE = 9
TEN = range(10)


def reasonless(
    group: list[Bought],
    others: Sequence[Bought] = (),
    unlike: Sequence[Bought] = (),
    **more: Any,
) -> list[bool]:
    """Whether the group's purchases in its band (all but `unlike`) are for many reasons; each of a person and day of his own."""
    bought = [*group, *unlike, *others]
    facility, drug, cents = np.array(bought, np.int64).T
    n, mine = len(bought), len(group) + len(unlike)
    columns = {"service": PHARMACY, "drug": drug, **more}
    view = quick_view(np.arange(n), facility, np.arange(n) * DAY, cents=cents, **columns)
    presence = observe(view)
    rows = rows_of(presence, [list(range(mine))])
    near = rows.visit < len(group)
    marks = mark(view)
    got = for_many_reasons(presence, marks, likes(presence, marks)[0], rows, near)
    out = np.zeros(mine, np.bool_)
    out[rows.visit] = got
    return out.tolist()


def at_price(cents: int, *drugs: int, place: int = 0) -> list[Bought]:
    """A purchase of each of these medicines for so much."""
    return [(place, drug, cents) for drug in drugs]


def strangers(n: int, cents: int, drug: int = 7) -> list[Bought]:
    """So many purchases of others elsewhere."""
    return [(ELSEWHERE, drug, cents)] * n


def test_equal_amounts_for_different_medicines_have_many_reasons() -> None:
    assert reasonless(at_price(30_000, *TEN)) == [True] * 10


def test_one_medicine_may_make_half_of_them() -> None:
    assert ONE_REASON == 0.5
    assert reasonless(at_price(30_000, *[7] * 5, *range(5))) == [True] * 10
    assert reasonless(at_price(30_000, *[7] * 6, *range(4))) == [False] * 10


def test_one_medicine_whose_others_pay_otherwise_has_no_price_there() -> None:
    assert reasonless(at_price(30_000, *[7] * 10), strangers(30, 10_000)) == [True] * 10


def test_one_medicine_whose_others_pay_the_same_has_its_price() -> None:
    assert reasonless(at_price(30_000, *[7] * 10), strangers(30, 30_000)) == [False] * 10


def test_others_tell_a_price_from_three_tenths_of_them_on() -> None:
    """Six of twenty others pay that: three tenths. Five do not make a price."""
    assert OF_REASON == 0.3
    group = at_price(30_000, *[7] * 10)
    assert reasonless(group, strangers(6, 30_000) + strangers(14, 10_000)) == [False] * 10
    assert reasonless(group, strangers(5, 30_000) + strangers(15, 10_000)) == [True] * 10


def test_a_price_lies_within_a_tenth_of_what_the_group_pays() -> None:
    """exp(0.1) = 1.10517 and exp(-0.1) = 0.90484: from 271.46 to 331.55 yuan."""
    assert ALIKE == 0.1
    group = at_price(30_000, *[7] * 10)
    for cents, same in ((27_145, False), (27_146, True), (33_155, True), (33_156, False)):
        assert reasonless(group, strangers(20, cents)) == [not same] * 10


def test_too_few_others_tell_no_price() -> None:
    assert FEW_OTHERS == 20
    group = at_price(30_000, *[7] * 10)
    assert reasonless(group, strangers(19, 10_000)) == [False] * 10
    assert reasonless(group, strangers(20, 10_000)) == [True] * 10


def test_others_with_another_medicine_tell_nothing() -> None:
    assert reasonless(at_price(30_000, *[7] * 10), strangers(30, 10_000, drug=8)) == [False] * 10


def test_only_the_medicine_that_others_pay_otherwise_is_without_reason() -> None:
    """Seven of ten are one medicine, for which others pay a third; of the three others nobody knows."""
    group = at_price(30_000, *[7] * 7, 1, 2, 3)
    assert reasonless(group, strangers(20, 10_000)) == [True] * 7 + [False] * 3


def test_the_same_illness_is_a_reason_like_the_same_medicine() -> None:
    group, others = at_price(30_000, *[BLANK] * 10), strangers(20, 10_000, drug=BLANK)
    assert reasonless(group, others, diagnosis=4) == [True] * 10
    assert reasonless(group, others, diagnosis=np.r_[np.full(10, 4), np.full(20, 5)]) == [False] * 10
    assert reasonless(group, diagnosis=np.r_[TEN]) == [True] * 10


def test_an_illness_is_examined_and_treated_in_many_ways_each_with_its_price() -> None:
    """Of outpatients one illness tells no price; their medicine does, and so do many illnesses."""
    group, others = at_price(30_000, *[BLANK] * 10), strangers(20, 10_000, drug=BLANK)
    assert reasonless(group, others, diagnosis=4, service=OUTPATIENT) == [False] * 10
    assert (
        reasonless(at_price(30_000, *[7] * 10), strangers(20, 10_000), diagnosis=4, service=OUTPATIENT) == [True] * 10
    )
    assert reasonless(group, diagnosis=np.r_[TEN], service=OUTPATIENT) == [True] * 10


def test_what_nobody_knows_the_reason_of_is_none() -> None:
    """Of seven known ones four are one medicine; of six, three."""
    assert reasonless(at_price(30_000, *[BLANK] * 10), strangers(30, 10_000, drug=BLANK)) == [False] * 10
    assert reasonless(at_price(30_000, 7, 7, 7, 7, 1, 2, 3, BLANK, BLANK, BLANK)) == [False] * 10
    assert reasonless(at_price(30_000, 7, 7, 1, 2, *[BLANK] * 6)) == [True] * 4 + [False] * 6
    # five known ones, and a fifth of all, speak for the others
    assert (LEAST_TOLD, TOLD_SHARE) == (5, 0.2)
    assert reasonless(at_price(30_000, 7, 7, 1, 2, 3, *[BLANK] * 20)) == [True] * 25
    assert reasonless(at_price(30_000, 7, 7, 1, 2, 3, *[BLANK] * 21)) == [True] * 5 + [False] * 21


def test_what_lies_outside_the_band_neither_bears_the_mark_nor_counts() -> None:
    """Six of ten in the band are one medicine; five more of another one do not make it less than half."""
    group = at_price(30_000, *[7] * 6, *range(4))
    assert reasonless(group, unlike=at_price(90_000, *[8] * 5)) == [False] * 15
    assert reasonless(at_price(30_000, *TEN), unlike=at_price(90_000, *[7] * 20)) == [True] * 10 + [False] * 20


def test_each_place_has_its_own_reasons() -> None:
    """One medicine at one place, ten at the other."""
    group = at_price(30_000, *[17] * 10) + at_price(20_000, *TEN, place=1)
    assert reasonless(group) == [False] * 10 + [True] * 10


def test_each_group_is_held_against_all_others() -> None:
    """Two groups of ten with one medicine, for 300 and for 100: to one the other and ten strangers at 100 are twenty others."""
    n = 30
    cents = np.r_[np.full(10, 30_000), np.full(20, 10_000)]
    view = quick_view(np.arange(n), np.repeat([0, 1, 2], 10), np.arange(n) * DAY, cents=cents, service=PHARMACY, drug=7)
    presence, marks = observe(view), mark(view)
    rows = rows_of(presence, [list(range(10)), list(range(10, 20))])
    got = for_many_reasons(presence, marks, likes(presence, marks)[0], rows, np.ones(20, np.bool_))
    # the second group's others: ten at 300 and ten at 100, of whom half pay what it pays
    assert got.tolist() == [True] * 10 + [False] * 10


def test_a_group_without_purchases_alike_is_without_the_mark() -> None:
    assert reasonless([], strangers(20, 10_000), unlike=at_price(30_000, *TEN)) == [False] * 10


def test_the_groups_purchases_at_another_place_are_not_others() -> None:
    """Six at each of two places for 300, where each of twenty others pays 100."""
    group = at_price(30_000, *[7] * 6) + at_price(30_000, *[7] * 6, place=1)
    assert reasonless(group, strangers(20, 10_000)) == [True] * 12


def test_the_groups_purchases_outside_the_band_are_not_others() -> None:
    """Of nineteen others nobody can tell a price, and what the group paid once itself makes them no twenty."""
    group = at_price(30_000, *[7] * 10)
    assert reasonless(group, strangers(19, 10_000), unlike=at_price(90_000, 7)) == [False] * 11


def test_others_are_not_taken_for_the_groups_own() -> None:
    """All in the band of 270 to 330 yuan: six of the medicine cost 272 and four 328, more than a tenth above; the median is 272.

    Eight of twenty others pay 272 too, two fifths: its price.
    """
    group = at_price(27_200, *[7] * 6) + at_price(32_800, *[7] * 4)
    assert reasonless(group, strangers(8, 27_200) + strangers(12, 10_000)) == [False] * 10


# Around

eighths = st.integers(-16, 64).map(lambda n: n / 8)  # ln of a day's price may lie below zero
presences = st.lists(st.tuples(st.integers(BLANK, 3), eighths), min_size=1, max_size=30)
questions = st.lists(st.tuples(st.integers(BLANK, 3), eighths, st.integers(0, 24).map(lambda n: n / 8)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(presences, questions)
def test_around_counts_what_lies_in_a_range(given_presences: list[tuple[int, float]], asked: list[Any]) -> None:
    stratum = np.array([s for s, _ in given_presences], np.int64)
    known = sorted(set(stratum.tolist()))
    asked = [(s, low, low + width) for s, low, width in asked if s in known]
    strata = Strata.of(stratum, np.array([amount for _, amount in given_presences]))
    which, low, high = (np.array([q[i] for q in asked], t) for i, t in enumerate((np.int64, np.float64, np.float64)))
    inside, all_of_it = around(strata, which, low, high)
    assert inside.tolist() == [sum(s == t and a <= x <= b for s, x in given_presences) for t, a, b in asked]
    assert all_of_it.tolist() == [sum(s == t for s, _ in given_presences) for t, _, _ in asked]


def test_around_takes_both_ends() -> None:
    strata = Strata.of(np.array([0, 0, 0, 1]), np.array([1.0, 2.0, 3.0, 2.0]))
    inside, whole = around(strata, np.array([0, 0, 1]), np.array([1.0, 1.25, 1.0]), np.array([3.0, 2.75, 1.75]))
    assert inside.tolist() == [3, 1, 0]
    assert whole.tolist() == [3, 3, 1]


# Lasting


def kept(*groups: list[tuple[int, bool]]) -> list[list[bool]]:
    """By group: which of its visits keep the mark; each a moment and whether it bears it."""
    table = [visit for visits in groups for visit in visits]
    n = len(table)
    start = np.array([moment for moment, _ in table], np.int64)
    presence = observe(quick_view(np.arange(n), 0, start, cents=10_000 + np.arange(n)))
    ends = np.cumsum([len(visits) for visits in groups]).tolist()
    numbers = [list(range(end - len(visits), end)) for visits, end in zip(groups, ends, strict=True)]
    rows = rows_of(presence, numbers)
    flag = np.array([bears for _, bears in table])[rows.visit]
    out = np.zeros(n, np.bool_)
    out[rows.visit] = lasting(presence, rows, flag)
    return [out[visits].tolist() for visits in numbers]


def marked(*days: float) -> list[tuple[int, bool]]:
    return [(int(day * DAY), True) for day in days]


def unmarked(*days: float) -> list[tuple[int, bool]]:
    return [(int(day * DAY), False) for day in days]


def test_a_mark_within_one_outbreak_is_none() -> None:
    assert kept(marked(10, 11, 12, 15, 20)) == [[False] * 5]


def test_a_mark_spread_over_a_year_lasts() -> None:
    assert kept(marked(10, 80, 150, 220, 290)) == [[True] * 5]


def test_an_outbreak_takes_fourteen_days() -> None:
    """Five within fourteen days are an outbreak; where the fifth comes a second later, it holds four of five."""
    assert OUTBREAK == 14 * DAY
    assert kept(marked(10, 11, 12, 15, 24)) == [[False] * 5]
    assert kept([*marked(10, 11, 12, 15), (24 * DAY + 1, True)]) == [[True] * 5]


def test_an_outbreak_holds_more_than_four_fifths_of_them() -> None:
    assert MOST_OF_IT == 0.8
    assert kept(marked(10, 11, 12, 13, 200)) == [[True] * 5]
    assert kept(marked(10, 11, 12, 13, 14, 200)) == [[False] * 6]


def test_a_ring_that_bears_it_once_bears_it_in_one_outbreak() -> None:
    assert kept(marked(10)) == [[False]]


def test_visits_without_the_mark_neither_get_it_nor_count() -> None:
    assert kept(marked(10, 11, 12) + unmarked(100, 200, 300)) == [[False] * 6]
    assert kept(marked(10, 100, 200) + unmarked(101, 102, 103, 104)) == [[True] * 3 + [False] * 4]
    assert kept(unmarked(10, 100)) == [[False] * 2]


def test_each_group_has_its_own_outbreaks() -> None:
    spread, outbreak = marked(10, 80, 150), marked(10, 11, 12)
    assert kept(spread, outbreak, unmarked(11), spread) == [[True] * 3, [False] * 3, [False], [True] * 3]


def test_nobodys_marks_are_none() -> None:
    presence = observe(quick_view([0], [0], [0]))
    rows = rows_of(presence, [[]])
    assert lasting(presence, rows, np.zeros(0, np.bool_)).tolist() == []


one_visit = st.tuples(st.integers(0, 40).map(lambda n: n * DAY), st.booleans())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(one_visit, min_size=1, max_size=8), min_size=1, max_size=4))
def test_lasting_is_what_a_plain_count_says(groups: list[list[tuple[int, bool]]]) -> None:
    def lasts(visits: list[tuple[int, bool]]) -> bool:
        moments = [moment for moment, bears in visits if bears]
        most = max((sum(first <= m <= first + OUTBREAK for m in moments) for first in moments), default=0)
        return 5 * most <= 4 * len(moments)

    assert kept(*groups) == [[bears and lasts(visits) for _, bears in visits] for visits in groups]


@pytest.mark.parametrize(("places", "rare"), [(4, False), (5, True)])
def test_what_a_stay_costs_is_known_where_five_places_treat_the_illness(places: int, rare: bool) -> None:
    """Ten stays for one illness at 300; twenty others for it at so many places less one pay 100: what few offer has their price."""
    assert COMMON == 5
    n = 30
    facility = np.r_[np.zeros(10, np.int64), 1 + np.arange(20) % (places - 1)]
    start = np.arange(n) * 4 * DAY
    more = {"end": start + 3 * DAY, "service": INPATIENT, "diagnosis": 7}
    view = quick_view(np.arange(n), facility, start, cents=np.r_[np.full(10, 30_000), np.full(20, 10_000)], **more)
    presence, marks = observe(view), mark(view)
    rows = rows_of(presence, [list(range(10))])
    assert places_treating(presence, marks)[marks.reason[0]] == places
    got = for_many_reasons(presence, marks, likes(presence, marks)[0], rows, np.ones(10, np.bool_))
    assert got.tolist() == [rare] * 10
