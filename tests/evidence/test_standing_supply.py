"""Nothing but monthly supplies: a patients' club sends its people far away, and nobody takes more than his monthly pack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import at, purchase

from evidence.loyal import pair
from evidence.town import Town, hub
from ringfinder.evidence import doctor_pharmacy
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.prescriptions import read
from ringfinder.evidence.steering import ALL_STANDING, CHEAP, DOUBLE, MONTHLY, STANDING, usual_gap
from ringfinder.evidence.view import Candidate

CLUB = [f"p{i:03}" for i in range(40, 56)]


@pytest.mark.parametrize(
    ("standing", "explained"), [(0.0, False), (0.5, False), (0.79, False), (0.8, True), (1.0, True)]
)
def test_four_fifths_monthly_supplies_are_explained_wherever_they_are_taken(standing: float, explained: bool) -> None:
    assert ALL_STANDING == 0.8
    assert pair(standing=standing, special=False).harm == (CHEAP if explained else 30.0)


@pytest.mark.parametrize(("nearby", "special"), [(True, False), (False, True), (True, True)])
def test_next_door_or_of_special_medicines_half_of_them_suffice(nearby: bool, special: bool) -> None:
    assert STANDING == 0.5
    assert pair(standing=0.5, nearby=nearby, special=special).harm == CHEAP
    assert pair(standing=0.49, nearby=nearby, special=special).harm == 30.0


@pytest.mark.parametrize(("part", "explained"), [(1.0, True), (0.8, True), (0.79, False), (0.4, False)])
def test_a_club_has_one_medicine(part: float, explained: bool) -> None:
    """Who sends his patients far away with whatever they take steers them, month by month."""
    assert pair(standing=1.0, special=False, one_medicine=part).harm == (CHEAP if explained else 30.0)


@pytest.mark.parametrize(("standing", "dear", "explained"), [(0.8, 0.59, True), (0.8, 0.6, False), (0.79, 0.59, False)])
def test_at_usual_prices_monthly_supplies_of_any_medicines_are_explained(
    standing: float, dear: float, explained: bool
) -> None:
    got = pair(standing=standing, dear=dear, special=False, one_medicine=0.0).harm
    assert got == (CHEAP if explained else 30.0)


def test_what_is_explained_counts_no_more_than_it_was() -> None:
    assert pair(2.0, 1.0, standing=1.0, special=False).harm == 3.0
    assert pair(-2.0, 1.0, standing=1.0, special=False).harm == -1.0
    assert pair(standing=1.0, special=False, gain=1.0).harm == 2.0


@given(st.integers(0, 20), st.booleans(), st.booleans())
def test_a_supply_is_told_by_its_share_the_place_and_the_medicine(twentieths: int, nearby: bool, special: bool) -> None:
    """Of twenty fills: ten where an honest reason is at hand, else sixteen."""
    enough = twentieths >= (10 if nearby or special else 16)
    got = pair(standing=twentieths / 20, nearby=nearby, special=special).harm
    assert got == (3.0 if enough else 30.0)


# In a town


def steered(folder: Path, days: list[int], drop: int = 0, paid: int = 450) -> Candidate:
    """Sixteen patients of a doctor fill one dear medicine on these days at a distant shop; others pay `paid` to 360 more elsewhere.

    Of the last day `drop` people miss it.
    """
    town = Town()
    rng = np.random.default_rng(11)
    for i, who in enumerate(CLUB):
        for day in days[: len(days) - (i < drop)]:
            yuan = round(780 * float(rng.uniform(0.995, 1.005)), 2)
            when = at(day + 3 * i, 9 + 0.3 * i)
            town.add(purchase(who, "distant shop", when, yuan, doctor_id="doctor00", drug_code="dear"))
    for i in range(5):
        when = at(20 + 31 * i, 15)
        town.add(purchase(f"p{i:03}", f"shop{i}", when, paid + 90 * i, doctor_id="doctor11", drug_code="dear"))
    view = town.view(folder)
    found = doctor_pharmacy.search(view)
    (one,) = [
        c for c in found if hub(view, c, "facility") == {"distant shop"} and hub(view, c, "doctor") == {"doctor00"}
    ]
    return one


MONTHS = [5, 35, 65, 95, 125]


@pytest.mark.parametrize(("drop", "fills", "explained"), [(0, 80, True), (1, 79, False)])
def test_a_club_whose_people_take_five_monthly_packs_is_no_harm(
    tmp_path: Path, drop: int, fills: int, explained: bool
) -> None:
    """Four of five fills repeat the first: 64 of 80; where one takes four packs only, 63 of 79 are a little less."""
    assert 63 / 79 < ALL_STANDING == 64 / 80
    club = steered(tmp_path, MONTHS, drop)
    assert len(club.claims) == fills
    assert club.coordination > 8
    assert (club.harm == CHEAP - MARGIN) is explained
    assert (club.harm > 8) is not explained


def test_two_packs_a_month_are_no_supply(tmp_path: Path) -> None:
    """Half of the others pay 520 or less: 780 is half as much again, and the next is due in a month."""
    assert (DOUBLE, MONTHLY) == (1.5, 35)
    assert steered(tmp_path / "as others", MONTHS, paid=345).harm == CHEAP - MARGIN  # 525
    assert steered(tmp_path / "twice", MONTHS, paid=335).harm > 8  # 515


def test_the_next_pack_is_due_after_the_usual_gap(tmp_path: Path) -> None:
    """Of each medicine of each person by itself: two months; one and two weeks with another medicine in between."""
    town = Town()
    for who, drug, days in (("p000", "a", [5, 65, 125]), ("p001", "a", [7, 14, 28]), ("p001", "b", [8])):
        for day in days:
            town.add(purchase(who, "shop", at(day, 9), 100, doctor_id="doctor00", drug_code=drug))
    view = town.view(tmp_path)
    bought = read(view)
    of = [np.flatnonzero(view.codes.patient[bought.patient] == who) for who in ("p000", "p001")]
    assert [usual_gap(bought, rows) for rows in of] == [60.0, 10.5]
    assert usual_gap(bought, np.concatenate(of)) == 37.0
    assert usual_gap(bought, np.flatnonzero(view.codes.drug[bought.drug] == "b")) == float("inf")


def test_the_same_packs_without_a_rhythm_are_harm(tmp_path: Path) -> None:
    buyers = steered(tmp_path, [5, 20, 60, 65, 125])
    assert len(buyers.claims) == 80
    assert buyers.harm > 8
