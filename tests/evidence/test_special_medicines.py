"""What explains that a doctor's patients fill alike at one pharmacy: special medicines, and a house that works with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at, purchase, quick_view

from evidence.loyal import no_illness, pair
from evidence.town import Town, hub
from ringfinder.evidence import doctor_pharmacy
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.prescriptions import by_medicine, read
from ringfinder.evidence.shelves import COMMON, FEW, MOSTLY, SPECIAL, Shelves
from ringfinder.evidence.steering import (
    ALL,
    BY_AMOUNT,
    CHEAP,
    ONE_HOUSE,
    ONE_MEDICINE,
    STANDING,
    judged,
    share_of_business,
)
from ringfinder.evidence.view import BLANK, DAY, OUTPATIENT, PHARMACY, Candidate, View

Sale = tuple[int, int, int]  # doctor, pharmacy, medicine

NOWHERE = 19  # a clinic that sells nothing over the counter
MEDICINES = range(8)


def shop(sales: Iterable[Sale], houses: Iterable[int] = ()) -> View:
    """Purchases, everybody's own; doctors' houses by code, unknown for the others. A clinic gives out one of each medicine."""
    sold = [*sales]
    doctor, pharmacy, drug = np.array([*sold, *((BLANK, NOWHERE, drug) for drug in MEDICINES)], np.int64).T
    n = len(doctor)
    service = np.where(np.arange(n) < len(sold), PHARMACY, OUTPATIENT)
    view = quick_view(np.arange(n), pharmacy, np.arange(n) * DAY, service=service, doctor=doctor, drug=drug)
    place = np.full(len(view.codes.doctor), BLANK, np.int32)
    known = np.array([*houses], np.int32)[: len(place)]
    place[: len(known)] = known
    return replace(view, doctor_place=place)


# Special medicines


def special(sales: Iterable[Sale], *drugs: int, by: int = 0, at: int = 0) -> bool:
    """Whether fills of these medicines, of a doctor at a pharmacy, are special where these are sold."""
    view = shop(sales)
    fills = np.array(drugs, np.int64)
    bought = read(view)
    got = Shelves.of(view, bought).specialty(bought, by, at, fills)
    medicines = by_medicine(bought)  # the same, whichever the desks are
    assert Shelves.of(view, medicines).specialty(medicines, by, at, fills) is got
    return got


def sent(doctor: int, *pharmacies: int, drug: int = 0) -> list[Sale]:
    """Fills of a medicine at these pharmacies."""
    return [(doctor, pharmacy, drug) for pharmacy in pharmacies]


def test_a_medicine_of_few_pharmacies_is_special() -> None:
    """Others' fills of it at four pharmacies, or at five."""
    assert COMMON == 5
    assert special(sent(1, 1, 2, 3, 4), 0)
    assert not special(sent(1, 1, 2, 3, 4, 5), 0)
    assert special(sent(1, *[1, 2, 3, 4] * 5), 0)  # pharmacies and not fills


def test_the_pharmacy_itself_is_one_of_them() -> None:
    """A tenth at the pharmacy: with four others it is the fifth."""
    assert special(sent(1, *[1, 2, 3] * 3, 0), 0)
    assert not special(sent(1, *[1, 2, 3] * 3, 4, 0), 0)


def test_several_doctors_fills_are_counted_together() -> None:
    assert not special(sent(1, 1, 2, 3) + sent(2, 4, 5), 0)
    assert special(sent(1, 1, 2, 3) + sent(2, 3, 4), 0)


def test_a_medicine_that_others_too_fill_here_is_special() -> None:
    """Three of ten of others' fills, beside seven at five pharmacies; of eleven they are too few."""
    assert SPECIAL == 0.3
    elsewhere = (1, 2, 3, 4, 5, 1, 2)
    assert special(sent(1, 0, 0, 0, *elsewhere), 0)
    assert not special(sent(1, 0, 0, *elsewhere, 3), 0)
    assert not special(sent(1, 0, 0, 0, *elsewhere, 3), 0)


def test_another_pharmacys_share_makes_nothing_special() -> None:
    """Half of others' fills are at pharmacy 1: there it is special, and not at pharmacy 0."""
    sales = sent(1, *[1] * 5, 2, 3, 4, 5, 6)
    assert special(sales, 0, at=1)
    assert not special(sales, 0, at=0)


def test_the_doctors_own_fills_tell_nothing() -> None:
    """He sends people to many pharmacies, or everybody here: what others do counts."""
    own = sent(0, 1, 2, 3, 4, 5, 6)
    assert special(own, 0)
    assert special(own + sent(1, 1, 2), 0)
    assert not special(sent(0, *[0] * 50) + sent(1, 1, 2, 3, 4, 5), 0)
    assert not special(own, 0, by=1)  # to a colleague he is another


def test_what_nobody_else_prescribes_is_special() -> None:
    assert special([], 0)
    assert special(sent(1, 1, 2, 3, 4, 5), 7)


def test_what_is_sold_without_a_prescription_is_sold() -> None:
    """No colleague prescribes it, but five shops keep it: nobody need be sent far for it."""
    assert special(sent(BLANK, 1, 2, 3, 4), 0)
    assert not special(sent(BLANK, 1, 2, 3, 4, 5), 0)
    assert not special(sent(BLANK, 1, 2, 3) + sent(1, 4, 5), 0)


def test_each_medicine_is_asked_for_itself() -> None:
    """Medicine 1 is common; of 0 and 2 there is little, at the ends of the list as in its middle."""
    sales = sent(1, 1) + sent(1, 1, 2, 3, 4, 5, drug=1) + sent(1, 2, drug=2) + sent(1, 1, 2, 3, 4, 5, drug=3)
    assert [special(sales, drug) for drug in range(4)] == [True, False, True, False]


def test_three_quarters_of_the_fills_are_special_at_least() -> None:
    """Medicine 1 is common; fills count, and not medicines."""
    assert MOSTLY == 0.75
    sales = sent(1, 1, 2, 3, 4, 5, drug=1)
    assert special(sales, 0, 0, 0, 1)
    assert special(sales, 0, 2, 3, 1)
    assert not special(sales, 0, 0, 1)
    assert not special(sales, 0, 2, 3, 1, 1)
    assert special(sales, *[0] * 9, 1, 1, 1)
    assert not special(sales, *[0] * 8, 1, 1, 1)


def test_where_no_medicine_is_known_they_may_be_special() -> None:
    assert special(sent(1, 1, 2, 3, 4, 5))
    assert special(sent(1, *range(1, 7), drug=BLANK), 0)


some_sales = st.lists(st.tuples(st.integers(BLANK, 3), st.integers(0, 6), st.integers(BLANK, 3)), max_size=40)


@settings(max_examples=150, deadline=None)
@given(some_sales, st.lists(st.integers(0, 3), max_size=8), st.integers(0, 3), st.integers(0, 6))
def test_specialty_is_what_a_plain_count_says(sales: list[Sale], drugs: list[int], by: int, at: int) -> None:
    def rare(drug: int) -> bool:
        others = [pharmacy for doctor, pharmacy, what in sales if what == drug and doctor != by]
        return len(set(others)) < 5 or 10 * others.count(at) >= 3 * len(others)

    assert special(sales, *drugs, by=by, at=at) == (4 * sum(map(rare, drugs)) >= 3 * len(drugs))


# One house


def share(sales: Iterable[Sale], *houses: int, doctor: int = 0, pharmacy: int = 0) -> float:
    """The share of doctor 0's business at pharmacy 0, or of another pair's."""
    return of_several(sales, (doctor,), (pharmacy,), *houses)


def of_several(sales: Iterable[Sale], doctors: tuple[int, ...], pharmacies: tuple[int, ...], *houses: int) -> float:
    """The share of the business of doctors who are one desk at pharmacies that are one counter."""
    one = replace(pair(), doctors=doctors, pharmacies=pharmacies)
    view = shop(sales, houses)
    return share_of_business(view, read(view), one)


OURS = sent(0, *[0] * 9, 1)  # nine tenths


def test_without_colleagues_all_that_the_doctor_prescribes_counts() -> None:
    assert share(OURS, 8) == share(OURS) == 0.9
    assert share(sent(0, 0, 0, 0), 8) == 1.0
    assert share(sent(0, 1, 2), 8) == 0.0
    assert share(sent(0, 0, 1, drug=0) + sent(0, 0, 0, drug=1), 8) == 0.75  # of any medicine


def test_where_colleagues_send_most_elsewhere_the_business_is_the_doctors_alone() -> None:
    """Two of five colleagues' fills are here, or three; of six, three are half."""
    assert ONE_HOUSE == 0.5
    assert share(OURS + sent(1, 0, 0, 1, 2, 3), 8, 8) == 0.0
    assert share(OURS + sent(1, 0, 0, 0, 2, 3), 8, 8) == 0.9
    assert share(OURS + sent(1, 0, 0, 0, 1, 2, 3), 8, 8) == 0.9
    assert share(OURS + sent(1, 0, 0, 0, 1, 1, 1, 1), 8, 8) == 0.0


def test_too_few_colleagues_fills_tell_nothing() -> None:
    assert FEW == 5
    assert share(OURS + sent(1, 1, 1, 1, 1), 8, 8) == 0.9
    assert share(OURS + sent(1, 1, 1, 1, 1, 1), 8, 8) == 0.0


def seen_beside(others: int, ring: int = 4) -> float:
    """The share of a doctor all of whose prescriptions are filled at one pharmacy, whom so many other people see at his house too."""
    patient = [*range(ring), *range(ring), *range(ring, ring + others)]
    service = [PHARMACY] * ring + [OUTPATIENT] * (ring + others)
    view = quick_view(
        patient, [0] * ring + [8] * (ring + others), np.arange(len(patient)) * DAY, service=service, doctor=0, drug=0
    )
    loyal = view.people.household[:ring].astype(np.int64)
    return share_of_business(view, read(view), replace(pair(), loyal=loyal))


def test_without_colleagues_the_doctors_other_patients_tell() -> None:
    """An online practice sends its medicines to all whom it sees; four of nine households are fewer than half."""
    assert ONE_HOUSE == 0.5
    assert [seen_beside(0), seen_beside(4), seen_beside(5)] == [1.0, 1.0, 0.0]


def test_colleagues_are_counted_together() -> None:
    """One sends two here, the other three elsewhere; or one sends most elsewhere, and all of them most here."""
    assert share(OURS + sent(1, 0, 0) + sent(2, 1, 1, 1), 8, 8, 8) == 0.0
    assert share(OURS + sent(1, 0, 1, 1, 1, 1) + sent(2, 0, 0, 0, 0), 8, 8, 8) == 0.9
    assert share(OURS + sent(2, 1, 1) + sent(4, 1, 1, 1), 8, 3, 8, 3, 8) == 0.0  # whatever codes they have


def test_doctors_of_other_houses_are_no_colleagues() -> None:
    elsewhere = sent(1, *[1] * 20)
    assert share(OURS + elsewhere, 8, 9) == 0.9
    assert share(OURS + elsewhere, 8) == 0.9
    assert share(OURS + elsewhere + sent(2, 0, 0, 0, 0, 0), 8, 9, 8) == 0.9


def test_doctors_of_no_known_house_are_nobodys_colleagues() -> None:
    elsewhere = sent(1, *[1] * 20)
    assert share(OURS + elsewhere) == 0.9
    assert share(OURS + elsewhere, BLANK, BLANK) == 0.9
    assert share(OURS + elsewhere, BLANK, 8) == 0.9


def test_what_nobody_prescribed_is_no_colleagues() -> None:
    assert share(OURS + sent(BLANK, *[1] * 20), 8, BLANK) == 0.9
    assert share(OURS + sent(BLANK, *[1] * 20) + sent(1, 0, 0, 0, 0, 0), 8, 8) == 0.9


def test_each_pair_is_held_against_its_own_house_and_pharmacy() -> None:
    sales = OURS + sent(1, 0, 1, 1, 1, 1) + sent(2, 1, 1, 1)
    # of doctor 0 at pharmacy 1: a tenth, and his colleagues send seven of eight there
    assert share(sales, 8, 8, 8) == 0.0
    assert share(sales, 8, 8, 8, pharmacy=1) == 0.1
    assert share(sales, 8, 8, 8, doctor=1, pharmacy=1) == 0.0  # four of thirteen
    assert share(sales, 8, 9, 8, doctor=1, pharmacy=1) == 0.8
    assert share(sales, 8, 8, 8, doctor=2, pharmacy=0) == 0.0  # ten of fifteen, but nothing of his own


def test_doctors_who_are_one_desk_are_no_colleagues_of_each_other() -> None:
    """Nine of twelve together; the third of the house sends five elsewhere."""
    sales = sent(0, *[0] * 6) + sent(2, 0, 0, 0, 1, 1, 1)
    assert of_several(sales, (0, 2), (0,), 8, BLANK, 8) == 0.75
    assert of_several(sales, (0,), (0,), 8, BLANK, 8) == 1.0  # three of six are half
    assert of_several(sales + sent(1, *[1] * 5), (0, 2), (0,), 8, 8, 8) == 0.0


def test_colleagues_are_those_of_any_house_of_the_desk() -> None:
    sales = sent(0, 0, 0) + sent(1, 0, 0) + sent(2, *[1] * 5)
    assert of_several(sales, (0, 1), (0,), 8, 9, 9) == 0.0
    assert of_several(sales, (0, 1), (0,), 9, 8, 9) == 0.0
    assert of_several(sales, (0, 1), (0,), 8, 9, 7) == 1.0
    assert of_several(sales, (0, 1), (0,), 8, BLANK, BLANK) == 1.0


def test_pharmacies_that_are_one_counter_are_one_in_the_business() -> None:
    sales = sent(0, 0, 0, 0, 2, 1)
    assert of_several(sales, (0,), (0, 2)) == 0.8
    assert of_several(sales, (0,), (0,)) == 0.6
    assert of_several(sales + sent(1, 0, 0, 2, 1, 1), (0,), (0, 2), 8, 8) == 0.8  # three of five colleagues' here


houses = st.lists(st.sampled_from((BLANK, 8, 9)), min_size=4, max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(BLANK, 3), st.integers(0, 1), st.just(0)), max_size=40), houses)
def test_the_share_of_business_is_what_a_plain_count_says(sales: list[Sale], house: list[int]) -> None:
    sales += sent(3, 1)  # so that all four doctors are there
    for doctor in range(4):
        mine = [pharmacy for who, pharmacy, _ in sales if who == doctor]
        theirs = [
            pharmacy
            for who, pharmacy, _ in sales
            if who not in (BLANK, doctor) and house[doctor] != BLANK and house[who] == house[doctor]
        ]
        alone = len(theirs) >= 5 and 2 * theirs.count(0) < len(theirs)
        wanted = 0.0 if alone or not mine else mine.count(0) / len(mine)
        assert share(sales, *house, doctor=doctor) == wanted


# Harm


def test_a_little_of_common_medicines_sameness_in_amounts_is_no_price() -> None:
    """A fifth of thirty nats in the amounts is explained where the medicines are special, or one, and only there."""
    assert (BY_AMOUNT, CHEAP, ONE_MEDICINE) == (0.2, 3.0, 0.8)
    assert pair(24.0, 6.0, dear=0.0, one_medicine=0.0).harm == CHEAP
    assert pair(24.0, 6.0, dear=0.0, special=False).harm == CHEAP
    assert pair(24.0, 6.0, dear=0.0, special=False, one_medicine=0.8).harm == CHEAP
    assert pair(24.0, 6.0, dear=0.0, special=False, one_medicine=0.79).harm == 30.0
    assert pair(23.75, 6.25, dear=0.0).harm == 30.0


def test_several_common_medicines_are_not_explained_by_amounts_that_vary() -> None:
    """Who is careful varies the amounts; each of the pharmacies around would have had them."""
    assert pair(30.0, 0.0, dear=0.0, special=False, one_medicine=0.79).harm == 30.0
    assert pair(30.0, 0.0, dear=0.0, special=False).harm == CHEAP
    assert pair(30.0, 0.0, dear=0.0, one_medicine=0.0).harm == CHEAP


def test_dear_medicines_are_explained_where_their_amounts_say_nothing_at_all() -> None:
    for special, one in ((True, 0.0), (False, 0.8), (True, 1.0)):
        assert pair(30.0, 0.0, dear=0.6, special=special, one_medicine=one).harm == CHEAP
        assert pair(29.75, 0.25, dear=0.6, special=special, one_medicine=one).harm == 30.0
        assert pair(29.75, 0.25, dear=0.59, special=special, one_medicine=one).harm == CHEAP
    assert pair(30.0, 0.0, dear=0.6, special=False, one_medicine=0.79).harm == 30.0


def test_half_of_monthly_supplies_far_away_is_explained_by_special_medicines_only() -> None:
    assert STANDING == 0.5
    assert pair(standing=0.5).harm == CHEAP
    assert pair(standing=0.5, special=False).harm == 30.0


def test_monthly_supplies_next_door_are_explained_whatever_they_are() -> None:
    assert pair(standing=0.5, special=False, nearby=True).harm == CHEAP
    assert pair(standing=0.5, special=True, nearby=True).harm == CHEAP
    assert pair(standing=0.49, special=False, nearby=True).harm == 30.0
    assert pair(standing=0.49, special=True, nearby=True).harm == 30.0


def test_next_door_passers_by_and_one_business_do_not_ask_for_special_medicines() -> None:
    assert ALL == 0.9
    assert pair(nearby=True, dear=0.0, special=False).harm == CHEAP
    assert pair(fills=12, special=False).harm == CHEAP
    assert pair(share=0.9, special=False).harm == CHEAP
    assert pair(special=False).harm == 30.0


SHARES = st.sampled_from([0.0, 0.49, 0.5, 0.59, 0.6, 0.79, 0.8, 0.89, 0.9, 1.0])
NATS = st.integers(-20, 60).map(float)


@given(
    NATS,
    NATS,
    SHARES,
    SHARES,
    SHARES,
    SHARES,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 40).map(float),
)
def test_harm_is_what_special_and_common_medicines_leave(
    medicine: float,
    amount: float,
    dear: float,
    standing: float,
    share: float,
    one: float,
    nearby: bool,
    rare: bool,
    home: bool,
    gain: float,
) -> None:
    got = pair(
        medicine,
        amount,
        dear=dear,
        standing=standing,
        share=share,
        one_medicine=one,
        nearby=nearby,
        special=rare,
        home=home,
        gain=gain,
        fills=13,
    )
    same = medicine + amount
    reasons = [home, share >= 0.9]
    if dear < 0.6:
        reasons += [nearby, standing >= 0.8, standing >= 0.5 and one >= 0.7]
    if rare or one >= 0.8:
        reasons.append(5 * amount <= same if dear < 0.6 else amount <= 0)
        reasons.append(standing >= 0.8)
    if rare or nearby:
        reasons.append(standing >= 0.5)
    most = min(same, 2 * gain)
    assert got.harm == (min(most, 3.0) if any(reasons) else most)


# In a town

PATIENTS = [f"p{i:03}" for i in range(40, 56)]
MONTHLY, NOW_AND_THEN = (10, 90, 170), (10, 50, 180)


def filled(days: tuple[int, ...], doctor: str, price: float = 480) -> Town:
    """A town where sixteen patients of a doctor fill one dear medicine three times at a distant shop."""
    town = Town()
    rng = np.random.default_rng(11)
    for i, who in enumerate(PATIENTS):
        for day in days:
            yuan = round(price * float(rng.uniform(0.995, 1.005)), 2)
            when = at(day + 4 * i, 9 + 0.3 * i)
            town.add(purchase(who, "distant shop", when, yuan, doctor_id=doctor, drug_code="dear"))
    return town


def steering(view: View, doctor: str) -> Candidate:
    """The candidate of the doctor and the distant shop."""
    found = doctor_pharmacy.search(view)
    (one,) = [c for c in found if hub(view, c, "doctor") == {doctor} and hub(view, c, "facility") == {"distant shop"}]
    assert one.coordination > 8
    return one


@pytest.mark.parametrize(("shops", "explained"), [(0, True), (4, True), (5, False)])
def test_a_monthly_supply_of_a_common_medicine_far_away_is_steered(tmp_path: Path, shops: int, explained: bool) -> None:
    """Others fill it once at each of so many shops of the town."""
    town = filled(MONTHLY, "doctor00", 780)  # others pay up to 660 for it
    for i in range(shops):
        town.add(
            purchase(f"p{i:03}", f"shop{i}", at(20 + 31 * i, 15), 300 + 90 * i, doctor_id="doctor11", drug_code="dear")
        )
    one = steering(town.view(tmp_path), "doctor00")
    assert (one.harm == CHEAP - MARGIN) is explained
    assert (one.harm > 8) is not explained


@pytest.mark.parametrize(
    ("colleague", "fills", "explained"),
    [("practice", 0, True), ("practice", 4, True), ("practice", 5, False), ("hospital0", 5, True)],
)
def test_who_sends_everybody_far_away_while_his_colleagues_do_not_is_no_one_business(
    tmp_path: Path, colleague: str, fills: int, explained: bool
) -> None:
    """All that the doctor prescribes goes to the distant shop; a doctor of the practice, or of another house, sends elsewhere."""
    town = filled(NOW_AND_THEN, "online")
    for i in range(fills):
        when = at(7 + 31 * i, 15)
        town.add(purchase(f"p{i:03}", f"shop{i % 4}", when, 60 + 9 * i, doctor_id="other", drug_code=f"drug{i}"))
    register = [{"doctor_id": "online", "facility_id": "practice"}, {"doctor_id": "other", "facility_id": colleague}]
    one = steering(town.view(tmp_path, doctors=register), "online")
    assert (one.harm == CHEAP - MARGIN) is explained
    assert (one.harm > 8) is not explained


def test_judged_tells_special_medicines_from_common_ones() -> None:
    """Nine fills of two medicines, of which five pharmacies sell one: two of nine are common, or three of nine."""
    for common, wanted in ((2, True), (3, False)):
        sales = sent(0, *[0] * common, drug=1) + sent(0, *[0] * (9 - common)) + sent(1, 1, 2, 3, 4, 5, drug=1)
        view = shop(sales)
        bought = read(view)
        ours = np.flatnonzero((bought.desk == 0) & (bought.pharmacy == 0))
        one = replace(pair(), loyal=bought.household[ours], rows=ours)
        assert judged(bought, Shelves.of(view, bought), no_illness(bought), one).special is wanted
