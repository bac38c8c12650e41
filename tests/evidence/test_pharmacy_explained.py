from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import at, purchase

from evidence.loyal import pair
from evidence.town import Town, alerts, hub
from ringfinder.evidence import doctor_pharmacy
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.steering import ALL, BY_AMOUNT, CHEAP, COME_BACK, DEAR_SHARE, STANDING
from ringfinder.evidence.view import Candidate, View

PATIENTS = [f"p{i:03}" for i in range(40, 56)]
DAYS = (10, 50, 180)  # no month's supply


def test_what_nothing_explains_counts_in_full() -> None:
    assert pair().harm == 30.0
    assert pair(gain=14.0).harm == 28.0  # at most twice the loyalty


# Only the medicine is alike


def test_one_medicine_at_its_usual_price_counts_little() -> None:
    """A fifth of thirty nats is six: a pharmacy for special medicines sells these, each at its own price."""
    assert (BY_AMOUNT, DEAR_SHARE, CHEAP) == (0.2, 0.6, 3.0)
    assert pair(24.0, 6.0, 0.59).harm == CHEAP
    assert pair(30.0, 0.0, 0.0).harm == CHEAP
    assert pair(35.0, -5.0, 0.0).harm == CHEAP  # amounts that differ more than chance


def test_equal_amounts_are_not_explained_by_the_medicine() -> None:
    assert pair(23.75, 6.25, 0.59).harm == 30.0
    assert pair(0.0, 30.0, 0.0).harm == 30.0
    assert pair(-5.0, 30.0, 0.0).harm == 25.0


def test_one_medicine_that_is_dear_counts_in_full_where_amounts_are_alike() -> None:
    """Whoever keeps a medicine has its patients, at his own price; but not at nearly one amount."""
    assert pair(24.0, 6.0, 0.6).harm == 30.0
    assert pair(29.0, 1.0, 1.0).harm == 30.0
    assert pair(30.0, 0.0, 0.6).harm == CHEAP
    assert pair(30.0, 0.0, 1.0).harm == CHEAP


def test_next_door_equal_amounts_at_usual_prices_are_explained_too() -> None:
    assert pair(20.0, 10.0, 0.59).harm == 30.0
    assert pair(20.0, 10.0, 0.59, nearby=True).harm == CHEAP
    assert pair(0.0, 30.0, 0.59, nearby=True).harm == CHEAP
    assert pair(20.0, 10.0, 0.6, nearby=True).harm == 30.0


def test_where_no_medicine_is_named_one_dear_medicine_may_explain_equal_amounts() -> None:
    assert pair(0.0, 30.0, 1.0).harm == 30.0
    assert pair(0.0, 30.0, 1.0, unnamed=True).harm == CHEAP


# One business


def test_who_never_sends_anybody_elsewhere_steers_nobody() -> None:
    assert ALL == 0.9
    assert pair(share=0.9).harm == CHEAP
    assert pair(share=1.0, dear=1.0).harm == CHEAP
    assert pair(share=0.89).harm == 30.0


def test_inmates_of_a_home_are_sent_by_the_home() -> None:
    assert pair(home=True).harm == CHEAP
    assert pair(0.0, 30.0, 1.0, home=True, special=False, one_medicine=0.0).harm == CHEAP


def test_passers_by_and_monthly_supplies_are_explained_however_dear() -> None:
    assert (COME_BACK, STANDING) == (1.3, 0.5)
    assert pair(fills=12).harm == CHEAP
    assert pair(fills=13).harm == 30.0
    assert pair(standing=0.5).harm == CHEAP
    assert pair(standing=0.49).harm == 30.0


@pytest.mark.parametrize(
    "reason",
    [
        {"nearby": True, "dear": 0.0},
        {"fills": 12},
        {"standing": 0.5},
        {"share": 0.9},
        {"home": True},
        {"dear": 0.0, "amount": 0.0},
    ],
)
def test_what_is_explained_is_still_no_more_than_there_is(reason: dict[str, float]) -> None:
    assert pair(**{"medicine": 2.0, "amount": 0.5, **reason}).harm == 2.0 + reason.get("amount", 0.5)  # type: ignore[arg-type]
    assert pair(**{"gain": 1.0, **reason}).harm == 2.0  # type: ignore[arg-type]
    assert pair(**{"medicine": -8.0, "amount": 0.0, **reason}).harm == -8.0  # type: ignore[arg-type]


SHARES = st.sampled_from([0.0, 0.4, 0.5, 0.59, 0.6, 0.89, 0.9, 1.0])
NATS = st.integers(-20, 60).map(float)


@given(NATS, NATS, SHARES, st.booleans(), SHARES, SHARES, st.integers(0, 40).map(float), st.integers(8, 16))
def test_harm_is_what_is_left_by_the_honest_reasons_one_after_the_other(
    medicine: float, amount: float, dear: float, nearby: bool, standing: float, share: float, gain: float, fills: int
) -> None:
    got = pair(medicine, amount, dear, nearby=nearby, standing=standing, share=share, gain=gain, fills=fills)
    next_door = nearby and dear < 0.6
    special = 5 * amount <= medicine + amount if dear < 0.6 else amount <= 0
    passing = fills < 13  # of ten households
    reasons = (next_door, special, passing, standing >= 0.5, share >= 0.9)
    most = min(medicine + amount, 2 * gain)
    assert got.harm == (min(most, 3.0) if any(reasons) else most)


# A doctor and his pharmacy in a town


def online(folder: Path, elsewhere: int) -> View:
    """A doctor whose sixteen patients fill one dear medicine three times at a distant shop; others fill so much elsewhere."""
    town = Town()
    rng = np.random.default_rng(11)
    for i, who in enumerate(PATIENTS):
        for day in DAYS:
            yuan = round(480 * float(rng.uniform(0.995, 1.005)), 2)
            when = at(day + 4 * i, 9 + 0.3 * i)
            town.add(purchase(who, "distant shop", when, yuan, doctor_id="online", drug_code="dear"))
    for i in range(elsewhere):
        when = at(7 + 11 * i, 15)
        town.add(purchase(f"p{i:03}", f"shop{i % 4}", when, 60 + i, doctor_id="online", drug_code=f"drug{i % 12}"))
    return town.view(folder)


def of_the_doctor(view: View) -> list[Candidate]:
    """Candidates of the doctor and the distant shop."""
    found = doctor_pharmacy.search(view)
    return [c for c in found if hub(view, c, "doctor") == {"online"} and hub(view, c, "facility") == {"distant shop"}]


def test_a_doctor_all_of_whose_prescriptions_one_pharmacy_fills_is_no_alert(tmp_path: Path) -> None:
    view = online(tmp_path, 0)
    (found,) = of_the_doctor(view)
    assert found.coordination > 8
    assert found.harm == CHEAP - MARGIN
    assert alerts(doctor_pharmacy.search(view)) == []


@pytest.mark.parametrize(("elsewhere", "explained"), [(5, True), (6, False)])
def test_nine_tenths_of_the_prescriptions_at_one_pharmacy_are_one_business(
    tmp_path: Path, elsewhere: int, explained: bool
) -> None:
    """48 of 53 prescriptions are 0.906, 48 of 54 are 0.889."""
    (found,) = of_the_doctor(online(tmp_path, elsewhere))
    assert found.coordination > 8
    assert (found.harm == CHEAP - MARGIN) is explained
    assert (found.harm > 8) is not explained


def test_the_share_is_of_all_that_the_doctor_prescribes_and_not_of_one_medicine(tmp_path: Path) -> None:
    """Of the dear medicine all is filled at the shop, of the doctor's prescriptions half: 48 of 96."""
    view = online(tmp_path, 48)
    (found,) = of_the_doctor(view)
    (alert,) = alerts(doctor_pharmacy.search(view))
    assert hub(view, alert, "doctor") == {"online"}
    assert len(found.claims) == len(alert.claims) == 48
    assert found.harm == alert.harm > 8
