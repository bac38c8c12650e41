"""The pharmacy next door: to the house where a visiting doctor sees people, and where his colleagues' patients pass it by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import at, purchase, quick_view

from evidence.loyal import pair
from evidence.town import Town, hub
from ringfinder.evidence import doctor_pharmacy
from ringfinder.evidence.doctor_pharmacy import weight, with_houses
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.prescriptions import Purchases, read
from ringfinder.evidence.steering import AS_WELL, CHEAP, NEXT, TELL, Pair, alone, as_guest, colleagues, filled, judged
from ringfinder.evidence.view import BLANK, DAY, OUTPATIENT, PHARMACY, View

OWN, ELSEWHERE, SHOPS = 0, 1, (10, 11, 12, 13)  # the doctor's house, the one he visits, four pharmacies


def seen_at(houses: list[int], shop: int, registered: int = OWN) -> tuple[View, Purchases, Pair]:
    """Doctor 0 sees person i at the i-th house; all of them, and everybody else, buy at `shop`.

    Pharmacies 10, 11 and 12 are one, two and three kilometres east of house 1; 13 is at the doctor's own house.
    """
    n = len(houses)
    others = np.arange(100, 104)  # one buyer at each pharmacy, else it is none
    view = quick_view(
        np.r_[np.arange(n), np.arange(n), others],
        np.r_[houses, np.full(n, shop), SHOPS],
        np.r_[np.arange(n) * DAY, np.arange(n) * DAY + 7200 * 2, others * DAY],
        service=np.r_[np.full(n, OUTPATIENT), np.full(n + 4, PHARMACY)],
        doctor=np.r_[np.zeros(2 * n, np.int64), np.full(4, BLANK)],
    )
    km = np.full(14, np.nan)
    km[[OWN, ELSEWHERE, *SHOPS]] = [50, 0, 1, 2, 3, 50]
    places = replace(view.places, latitude=0 * km, longitude=km / 111.32)
    view = replace(view, places=places, doctor_place=np.array([registered], np.int32))
    p = read(view)
    rows = np.flatnonzero(p.desk == 0)
    near = replace(pair(dear=0.0, special=False, one_medicine=0.0), pharmacy=shop, pharmacies=(shop,), rows=rows)
    return view, p, near


@pytest.mark.parametrize(
    ("houses", "shop", "guest"),
    [
        ([ELSEWHERE] * 5, 10, True),
        ([ELSEWHERE] * 5, 11, True),
        ([ELSEWHERE] * 5, 12, False),  # the third nearest is not next door
        ([ELSEWHERE] * 5, 13, False),
        ([ELSEWHERE] * 3 + [OWN] * 2, 10, True),
        ([ELSEWHERE] * 2 + [OWN] * 3, 10, False),
        ([OWN] * 5, 13, False),  # that is no visit
    ],
)
def test_a_doctor_is_a_guest_where_he_sees_most_of_them(houses: list[int], shop: int, guest: bool) -> None:
    assert NEXT == 2
    view, p, near = seen_at(houses, shop)
    assert as_guest(view, p, near) is guest


def test_without_any_visit_nobody_is_a_guest() -> None:
    view, p, near = seen_at([ELSEWHERE] * 5, 10)
    assert not as_guest(
        replace(view, claims=replace(view.claims, service=np.full_like(view.claims.service, PHARMACY))), p, near
    )
    assert not as_guest(*seen_at([ELSEWHERE] * 5, 10, registered=ELSEWHERE))


def test_what_a_guests_patients_fill_next_door_counts_little() -> None:
    view, p, near = seen_at([ELSEWHERE] * 5, 10)
    fills = replace(with_houses(view, p, p, near), rows=np.arange(20), share=0.0)
    assert (fills.nearby, fills.alone, fills.harm) == (True, False, CHEAP)
    view, p, near = seen_at([ELSEWHERE] * 5, 12)
    fills = replace(with_houses(view, p, p, near), rows=np.arange(20), share=0.0)
    assert (fills.nearby, fills.harm) == (False, 30.0)


# Colleagues who pass the pharmacy by


def fills_of(
    mine: tuple[int, int], *theirs: tuple[int, int], places: list[int] | None = None
) -> tuple[Purchases, Pair]:
    """Fills (at the pharmacy, elsewhere) of doctor 0 and of the others, who are of one house unless `places` says where."""
    table = [
        (d, shop)
        for d, of in enumerate((mine, *theirs))
        for shop, k in zip((10, 11), of, strict=True)
        for _ in range(k)
    ]
    doctor, shop = np.array(table, np.int64).T
    view = quick_view(np.arange(len(table)), shop, np.arange(len(table)) * DAY, service=PHARMACY, doctor=doctor)
    view = replace(view, doctor_place=np.array(places or [0] * (1 + len(theirs)), np.int32))
    return read(view), replace(
        pair(dear=0.0, nearby=True, special=False, one_medicine=0.0), pharmacy=10, pharmacies=(10,)
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "by_himself"),
    [
        ((9, 1), [(2, 18)], True),
        ((9, 1), [(2, 17)], False),  # nineteen fills tell nothing
        ((9, 1), [(1, 9), (1, 9)], True),
        ((9, 1), [(5, 15)], True),  # a quarter, where a third of nine tenths is 0.3
        ((9, 1), [(6, 14)], False),  # and here three tenths
        ((5, 5), [(4, 16)], False),  # he, too, sends every second one elsewhere: a sixth is the limit
        ((5, 5), [(3, 17)], True),
    ],
)
def test_colleagues_who_hardly_send_anybody_there_have_the_same_short_way(
    mine: tuple[int, int], theirs: list[tuple[int, int]], by_himself: bool
) -> None:
    assert (TELL, AS_WELL) == (20, 1 / 3)
    assert alone(*fills_of(mine, *theirs)) is by_himself


def test_only_doctors_of_his_house_are_colleagues() -> None:
    bought, one = fills_of((9, 1), (0, 30), (2, 20), places=[3, 4, 3])
    assert colleagues(bought, one).tolist() == [2]
    assert filled(bought, one, colleagues(bought, one)) == (2, 22)
    assert filled(bought, one, np.array([0, 1])) == (9, 40)
    bought, one = fills_of((9, 1), (0, 30), places=[BLANK, BLANK])
    assert colleagues(bought, one).tolist() == []
    assert not alone(bought, one)


def test_where_colleagues_pass_it_by_the_short_way_explains_nothing() -> None:
    assert pair(nearby=True, dear=0.0).harm == CHEAP
    assert pair(nearby=True, dear=0.0, alone=True).harm == 30.0
    assert pair(nearby=True, dear=0.0, alone=True, standing=0.5).harm == CHEAP  # other reasons stand


def test_a_guest_has_no_colleagues_on_that_way() -> None:
    """His colleagues' patients are in another street."""
    view, p, near = seen_at([ELSEWHERE] * 5, 10)
    claims = view.claims
    assert with_houses(view, *hurried(p), near).alone is False
    more, at_home = fills_of((9, 1), (0, 30))
    assert alone(more, at_home)
    apart = replace(view, claims=replace(claims, doctor=np.full_like(claims.doctor, BLANK)))
    assert with_houses(apart, more, p, replace(near, nearby=True)).alone is True


def hurried(p: Purchases) -> tuple[Purchases, Purchases]:
    """What is bought where the colleagues' thirty fills all go elsewhere, and the pair's own."""
    return fills_of((9, 1), (0, 30))[0], p


# Two ways of looking at one pair


@pytest.mark.parametrize(
    ("medicine", "amount", "explained", "worth"),
    [
        (20.0, 10.0, False, 30.0),  # (60 - 8 + 30) / 2 is more than harm bears
        (40.0, 20.0, False, (90 - 8 + 60) / 2 if (90 - 8 + 60) / 2 < 60 else 60.0),
        (40.0, 20.0, True, 3.0),
        (-9.0, 4.0, False, 0.0),  # harm below 0 is none
    ],
)
def test_a_way_of_looking_is_worth_what_its_harm_bears(
    medicine: float, amount: float, explained: bool, worth: float
) -> None:
    one = pair(medicine, amount, home=explained)
    assert weight(one, 8.0) == (worth, one.score)


def test_of_two_ways_the_one_whose_harm_bears_more_is_better_and_then_the_score() -> None:
    price = 30.0
    many, few = pair(40.0, 5.0, home=True), pair(0.0, 12.0)
    assert many.score > few.score
    assert weight(few, price) == (12.0, 42.0)
    assert weight(few, price) > weight(many, price) == (3.0, 75.0)
    assert weight(pair(0.0, 12.0, gain=8.0), price)[0] == (20.0 - 30.0 + 12.0) / 2
    assert weight(pair(20.0, home=True), price) > weight(pair(10.0, home=True), price)


def test_a_pair_is_told_as_the_way_in_which_its_harm_is_not_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One medicine at amounts that are somewhat alike: of all that the doctor prescribes the medicine alone tells, which a specialist's
    patients explain; of the medicine's own fills the amounts do."""
    town = Town()
    rng = np.random.default_rng(11)
    for i in range(16):
        for day in (10, 50, 180):
            yuan = round(480 * float(np.exp(rng.uniform(-0.2, 0.2))), 2)
            when = at(day + 4 * i, 9 + 0.3 * i)
            town.add(purchase(f"p{40 + i:03}", "distant shop", when, yuan, doctor_id="doctor00", drug_code="dear"))
    for i in range(12):  # what others pay, or the fills would be dear
        yuan = round(500 * float(np.exp(rng.uniform(-0.5, 0.5))), 2)
        town.add(purchase(f"p{100 + i:03}", f"shop{i % 4}", at(20 + 9 * i, 9), yuan, drug_code="dear"))
    view = town.view(tmp_path, doctors=[{"doctor_id": "doctor00", "facility_id": "hospital0"}])
    told: list[Pair] = []

    def kept(*given: Any) -> Pair:
        told.append(judged(*given))
        return told[-1]

    monkeypatch.setattr(doctor_pharmacy, "judged", kept)
    (found,) = [c for c in doctor_pharmacy.search(view) if hub(view, c, "facility") == {"distant shop"}]
    shop = view.codes.facility.tolist().index("distant shop")
    whole, of_medicine = sorted((one for one in told if one.pharmacy == shop), key=lambda one: -one.score)
    assert (whole.medicine > 0, of_medicine.medicine) == (True, 0.0)
    assert whole.harm == CHEAP < of_medicine.harm
    assert found.harm == of_medicine.harm - MARGIN
