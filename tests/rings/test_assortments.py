"""People who each buy several different costly medicines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import BLANK, DAY, OUTPATIENT, PHARMACY, Floats, View
from ringfinder.rings.assortments import DEAR_QUANTILE, SHARE, SMOOTHING, SORTS, Buyers, buyers, expected, of_groups
from ringfinder.rings.prices import Rows

Sale = tuple[int, int]  # patient, medicine
CHEAP = 9  # a medicine
EVERYDAY: list[Sale] = [(p, CHEAP) for p in range(30)] * 40  # most purchases are of it


def shop(sales: list[Sale], everyday: list[Sale] = EVERYDAY, **more: Any) -> View:
    """Purchases at one pharmacy, each on a day of its own: of medicine 9 for 10 yuan, of all others for 1,000."""
    patient, drug = np.array([*sales, *everyday], np.int64).reshape(-1, 2).T
    cents = np.where(drug == CHEAP, 1_000, 100_000)
    more = {"service": PHARMACY, "cents": cents, "drug": drug} | more
    return quick_view(patient, 0, np.arange(len(drug)) * DAY, **more)


def of_person(who: int, *drugs: int) -> list[Sale]:
    return [(who, drug) for drug in drugs]


def pairs(known: Buyers) -> list[tuple[int, int]]:
    return list(zip(known.patient.tolist(), known.drug.tolist(), strict=True))


# Buyers


def test_buyers_of_costly_medicines_are_counted_once_each() -> None:
    """Person 0 buys three costly medicines, one of them twice; person 1 two, person 3 one."""
    assert SORTS == 3
    known = buyers(shop([*of_person(0, 4, 2, 1, 2), *of_person(1, 2, 4), *of_person(3, 2)]))
    assert pairs(known) == [(0, 1), (0, 2), (0, 4), (1, 2), (1, 4), (3, 2)]
    assert known.first[:6].tolist() == [0, 3, 5, 5, 6, 6]
    assert known.first[-1] == 6
    assert known.assorted.tolist() == [True] + [False] * 29
    assert np.flatnonzero(known.dear).tolist() == [1, 2, 4]
    assert known.people.tolist() == [0, 1, 3, 0, 2, 0, 0, 0, 0, 0]
    assert known.several.tolist() == [0, 1, 1, 0, 1, 0, 0, 0, 0, 0]
    assert known.usual == pytest.approx(1 / 3)


def dear(amounts: dict[int, list[int]]) -> list[int]:
    """Medicines that are dear where these amounts, in yuan, were paid for them."""
    drug = np.repeat(list(amounts), [len(a) for a in amounts.values()])
    cents = np.concatenate([*amounts.values()]) * 100
    n = len(drug)
    known = buyers(quick_view(np.arange(n), 0, np.arange(n) * DAY, service=PHARMACY, drug=drug, cents=cents))
    return np.flatnonzero(known.dear).tolist()


def test_a_costly_medicine_costs_more_than_nine_tenths_of_all_purchases() -> None:
    """Of 101 purchases the 91st lowest is the bound: medicine 1 makes the highest ten, or eleven."""
    assert DEAR_QUANTILE == 0.9
    assert dear({0: [10] * 91, 1: [100] * 10}) == [1]
    assert dear({0: [10] * 90, 1: [100] * 11}) == []


def test_the_middle_purchase_of_a_medicine_tells_what_it_costs() -> None:
    """The lower one of the two in the middle."""
    assert dear({0: [10] * 90, 1: [100, 10, 100], 2: [100, 10, 100, 10]}) == [1]


def test_without_known_medicines_nobody_buys_a_costly_one() -> None:
    known = buyers(shop([], drug=BLANK))
    assert (pairs(known), known.usual) == ([], 0.0)
    assert known.first.tolist() == [0] * 31
    assert not known.assorted.any()
    assert (known.dear.tolist(), known.people.tolist(), known.several.tolist()) == ([], [], [])


def test_a_world_without_visits_has_no_buyers() -> None:
    known = buyers(shop([], []))
    assert (pairs(known), known.first.tolist(), known.usual) == ([], [0], 0.0)


def test_what_is_given_elsewhere_than_at_a_pharmacy_is_not_bought() -> None:
    service = np.full(len(EVERYDAY) + 3, PHARMACY)
    service[1] = OUTPATIENT
    assert pairs(buyers(shop(of_person(0, 1, 2, 3), service=service))) == [(0, 1), (0, 3)]


some_sales = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), max_size=30)


def known_by_hand(sales: list[Sale]) -> tuple[dict[int, set[int]], set[int]]:
    """The costly medicines of each person, and who has three of them."""
    bought: dict[int, set[int]] = {}
    for who, drug in sales:
        bought.setdefault(who, set()).add(drug)
    return bought, {who for who, drugs in bought.items() if len(drugs) >= 3}


@settings(max_examples=60, deadline=None)
@given(some_sales)
def test_buyers_are_what_a_plain_count_says(sales: list[Sale]) -> None:
    known = buyers(shop(sales))
    bought, several = known_by_hand(sales)
    assert pairs(known) == sorted(set(sales))
    assert set(np.flatnonzero(known.assorted).tolist()) == several
    for drug in range(6):
        who = {p for p, d in sales if d == drug}
        assert (known.people[drug], known.several[drug]) == (len(who), len(who & several))
    assert known.usual == pytest.approx(len(several) / max(1, len(bought)))


@settings(max_examples=40, deadline=None)
@given(some_sales, st.randoms(use_true_random=False))
def test_the_order_of_purchases_does_not_matter(sales: list[Sale], random: Any) -> None:
    mixed = sales[:]
    random.shuffle(mixed)
    one, other = buyers(shop(sales)), buyers(shop(mixed))
    assert (pairs(one), one.usual) == (pairs(other), other.usual)
    assert one.several.tolist() == other.several.tolist()


# What chance lets expect


def chance(sales: list[Sale], members: list[tuple[int, int]]) -> list[float]:
    """By (group, person)."""
    group, patient = np.array(members, np.int64).reshape(-1, 2).T
    return expected(buyers(shop(sales)), group, patient).tolist()


def test_the_other_buyers_of_a_medicine_tell_how_many_have_an_assortment() -> None:
    """Medicine 1 has four other buyers, two of them with three medicines: a transplant. Of seven buyers in all three have an assortment."""
    sales = [*of_person(0, 1, 6, 7), *of_person(1, 1, 2, 3), *of_person(2, 1, 2, 3)]
    sales += [*of_person(3, 1), *of_person(4, 1), *of_person(5, 6), *of_person(6, 7)]
    usual = 3 / 7
    assert chance(sales, [(0, 0)]) == pytest.approx([(2 + SMOOTHING * usual) / (4 + SMOOTHING)])


def test_the_medicine_that_explains_most_counts() -> None:
    """Of medicine 1 nine others buy nothing else, of medicine 2 nine others have three: the latter tells."""
    sales = [*of_person(0, 1, 2), *((p, 1) for p in range(1, 10))]
    sales += [(p, d) for p in range(10, 19) for d in (2, 3, 4)]
    usual = 9 / 19
    assert chance(sales, [(0, 0)]) == pytest.approx([(9 + SMOOTHING * usual) / (9 + SMOOTHING)])


def test_the_groups_own_buyers_explain_nothing_of_one_another() -> None:
    """Two of one group with the same three medicines, which nobody else buys; in two groups they explain each other."""
    sales = [*of_person(0, 1, 2, 3), *of_person(1, 1, 2, 3), *((p, 5) for p in range(2, 10))]
    usual = 2 / 10
    assert chance(sales, [(0, 0), (0, 1)]) == pytest.approx([usual, usual])
    apart = (1 + SMOOTHING * usual) / (1 + SMOOTHING)
    assert chance(sales, [(0, 0), (1, 1)]) == pytest.approx([apart, apart])


def test_nobody_and_nothing_costly_is_expected_of_nobody() -> None:
    assert chance([(0, 1)], []) == []
    assert chance([], []) == []


@settings(max_examples=80, deadline=None)
@given(some_sales, st.sets(st.tuples(st.integers(0, 2), st.integers(0, 7)), max_size=12))
def test_expected_is_what_a_plain_count_says(sales: list[Sale], wanted: set[tuple[int, int]]) -> None:
    bought, several = known_by_hand(sales)
    members = sorted((g, p) for g, p in wanted if p in bought)
    usual = len(several) / max(1, len(bought))

    def rate(group: int, drug: int) -> float:
        ours = {p for g, p in members if g == group}
        others = {p for p, drugs in bought.items() if drug in drugs} - ours
        return (len(others & several) + 20 * usual) / (len(others) + 20)

    assert chance(sales, members) == pytest.approx([max(rate(g, d) for d in bought[p]) for g, p in members])


# Of groups


def of(
    sales: list[Sale], *groups: list[int], at_meetings: set[int] | None = None, care: int = PHARMACY, **more: Any
) -> tuple[Floats, Floats, list[bool]]:
    """k, mu and whether these are enough, by group; its meetings hold all that its people bought, some medicines, or one kind of care."""
    view = shop(sales, **more)
    presence = observe(view)
    bought = presence.view.visits.drug[presence.visit]
    here = np.isin(bought, list(at_meetings or range(10))) & (presence.service[presence.spot] == care)
    held = [np.flatnonzero(here & np.isin(presence.patient, people)) for people in groups]
    group = np.repeat(np.arange(len(groups)), [len(rows) for rows in held])
    rows = Rows.of(presence, group, np.concatenate(held), len(groups))
    k, mu, enough = of_groups(view, buyers(view), rows, len(groups))
    return k, mu, enough.tolist()


OTHERS = [(p, 5) for p in range(10, 20)]  # ten who buy one costly medicine
THREE = [(p, d) for p in range(3) for d in (1, 2, 3)]


def test_a_group_whose_people_have_assortments_has_more_than_expected() -> None:
    """Three of thirteen buyers, whose medicines nobody else buys."""
    k, mu, enough = of([*THREE, *OTHERS], [0, 1, 2])
    assert k.tolist() == [3.0]
    assert mu == pytest.approx([3 * 3 / 13])
    assert enough == [True]


def test_two_fifths_of_the_households_that_buy_costly_medicines_are_enough() -> None:
    assert SHARE == 0.4
    two = [(p, d) for p in range(2) for d in (1, 2, 3)]
    for single, wanted in ((3, True), (4, False)):
        people = [0, 1, *range(2, 2 + single)]
        k, _, enough = of([*two, *((p, 4) for p in people[2:])], people)
        assert (k.tolist(), enough) == ([2.0], [wanted])


def test_who_buys_only_cheap_medicines_is_none_of_the_households() -> None:
    """Twenty more come for everyday medicines."""
    k, mu, enough = of([*THREE, *OTHERS], [0, 1, 2, *range(20, 30)])
    assert (k.tolist(), enough) == ([3.0], [True])
    assert mu == pytest.approx([9 / 13])


def test_a_household_counts_once() -> None:
    """Persons 0 and 1 live together; either of them may have an assortment by chance."""
    k, mu, enough = of([*THREE, *OTHERS], [0, 1, 2], household=[0, 0, *range(2, 30)])
    one = 3 / 13
    assert (k.tolist(), enough) == ([2.0], [True])
    assert mu == pytest.approx([1 - (1 - one) ** 2 + one])


def test_an_assortment_bought_anywhere_counts_for_who_buys_one_of_it_at_a_meeting() -> None:
    k, mu, _ = of([*THREE, *OTHERS], [0, 1, 2], at_meetings={1, CHEAP})
    assert k.tolist() == [3.0]
    assert mu == pytest.approx([9 / 13])
    k, mu, enough = of([*THREE, *OTHERS], [0, 1, 2], at_meetings={CHEAP})
    assert (k.tolist(), mu.tolist(), enough) == ([0.0], [0.0], [False])


def test_what_a_hospital_gives_is_no_purchase_at_a_meeting() -> None:
    """The three also meet at a hospital, where each is given one of the medicines that he buys elsewhere."""
    given = [(p, 1) for p in range(3)]
    sales = [*THREE, *OTHERS, *given]
    service = np.full(len(sales) + len(EVERYDAY), PHARMACY)
    service[len(sales) - 3 : len(sales)] = OUTPATIENT
    k, mu, enough = of(sales, [0, 1, 2], care=OUTPATIENT, service=service)
    assert (k.tolist(), mu.tolist(), enough) == ([0.0], [0.0], [False])


def test_nothing_is_surer_than_it_can_be() -> None:
    """All buyers have an assortment: each of three is expected to, but for one in a hundred."""
    k, mu, _ = of(THREE, [0, 1, 2])
    assert (k.tolist(), mu) == ([3.0], pytest.approx([3 * 0.99]))


def test_people_in_two_groups_count_in_both() -> None:
    """The second group has persons 1 and 2 of the first; of their medicines person 0 is a stranger to it. The third buys none."""
    k, mu, enough = of([*THREE, *OTHERS], [0, 1, 2], [1, 2], [20, 21])
    stranger = (1 + SMOOTHING * 3 / 13) / (1 + SMOOTHING)
    assert k.tolist() == [3.0, 2.0, 0.0]
    assert mu == pytest.approx([9 / 13, 2 * stranger, 0.0])
    assert enough == [True, True, False]


def test_neither_the_numbers_of_people_and_medicines_nor_of_groups_matter() -> None:
    sales = [*THREE, *OTHERS, (0, 4), (3, 1)]
    k, mu, enough = of(sales, [0, 1, 2], [10, 11, 3])
    new = [7, 5, 8, 0, 4, 1, 2, 3, 6, 9]  # medicine 9 stays cheap
    renamed = [(29 - p, new[d]) for p, d in sales]
    k2, mu2, enough2 = of(renamed, [19, 18, 26], [29, 28, 27])
    assert (k2[::-1].tolist(), enough2[::-1]) == (k.tolist(), enough)
    assert mu2[::-1] == pytest.approx(mu)
