from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from worlds import at, purchase, view_of, visit

from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import doctor_pharmacy, prescriptions
from ringfinder.evidence.pharmacy_choice import Counts
from ringfinder.evidence.view import BLANK
from ringfinder.words import say

PATIENTS = [f"p{i:03}" for i in range(40, 56)]


IRREGULAR, REGULAR = (10, 50, 180), (10, 90, 170)


def fills(
    town: Town,
    people: list[str],
    shop: str,
    days: tuple[int, ...] = IRREGULAR,
    *,
    doctor: str = "doctor00",
    drug: str = "dear",
) -> None:
    """Fills of the doctor's prescriptions, each person on days of his own."""
    rng = np.random.default_rng(11)
    for i, who in enumerate(people):
        for day in days:
            yuan = round(480 * float(rng.uniform(0.995, 1.005)), 2)
            town.add(purchase(who, shop, at(day + 4 * i, 9 + 0.3 * i), yuan, doctor_id=doctor, drug_code=drug))


def test_a_doctor_whose_patients_all_fill_one_dear_medicine_far_away_is_found(tmp_path: Path) -> None:
    town = Town()
    fills(town, PATIENTS, "distant shop")
    view = town.view(tmp_path, doctors=[{"doctor_id": "doctor00", "facility_id": "hospital0"}])
    (found,) = alerts(doctor_pharmacy.search(view))
    assert names(view, found) == set(PATIENTS)
    assert hub(view, found, "doctor") == {"doctor00"}
    assert hub(view, found, "facility") == {"distant shop"}
    assert len(found.claims) == 48
    for finding in found.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


def test_a_medicine_that_only_one_pharmacy_keeps_explains_itself_by_the_colleagues(tmp_path: Path) -> None:
    town = Town()
    fills(town, PATIENTS[:8], "distant shop")
    fills(town, PATIENTS[8:], "distant shop", doctor="doctor01")
    assert alerts(doctor_pharmacy.search(town.view(tmp_path))) == []


def test_people_who_buy_there_anyway_explain_themselves(tmp_path: Path) -> None:
    town = Town()
    town.claims = [r for r in town.claims if r["patient_id"] not in PATIENTS or r["service_type"] != "pharmacy"]
    for i, who in enumerate(PATIENTS):
        for k in range(12):
            town.add(purchase(who, "corner", at(5 + 25 * k, 8 + 0.3 * i), 20 + i + k, drug_code=f"drug{k}"))
    fills(town, PATIENTS, "corner")
    assert alerts(doctor_pharmacy.search(town.view(tmp_path))) == []


def test_without_sameness_a_habit_is_no_alert(tmp_path: Path) -> None:
    town = Town()
    rng = np.random.default_rng(2)
    for i, who in enumerate(PATIENTS):
        for k in range(3):
            yuan = round(float(np.exp(rng.normal(4, 0.7))), 2)
            drug = f"drug{int(rng.integers(12))}"
            when = at(10 + 80 * k + 4 * i, 9 + 0.3 * i)
            town.add(purchase(who, "distant shop", when, yuan, doctor_id="doctor00", drug_code=drug))
    found = doctor_pharmacy.search(town.view(tmp_path))
    assert max(c.coordination for c in found) > 0
    assert alerts(found) == []


def test_people_who_travel_together_decide_once_a_trip(tmp_path: Path) -> None:
    rows = [
        purchase(f"p{i}", "shop", at(day, 9, 2 * i), doctor_id="d", drug_code="m") for day in (3, 33) for i in range(10)
    ]
    bought = prescriptions.read(view_of(tmp_path, rows))
    counted = prescriptions.votes(bought, prescriptions.patients_of(bought))
    assert counted.everybody.tolist() == [2]
    assert counted.often.tolist() == [1]


def test_a_household_is_loyal_where_it_fills_at_least_half(tmp_path: Path) -> None:
    rows = [purchase("p", shop, at(day, 9), doctor_id="d") for shop, day in (("a", 1), ("a", 2), ("b", 3), ("c", 4))]
    seen = prescriptions.patients_of(prescriptions.read(view_of(tmp_path, rows)))
    assert seen.loyal.tolist() == [True, False, False]
    assert seen.often.tolist() == [True]
    assert seen.once.tolist() == [BLANK] * 3


def test_without_names_the_prescriber_is_the_doctor_just_seen(tmp_path: Path) -> None:
    rows = [
        visit("p", "f", at(1, 9), doctor_id="d"),
        purchase("p", "shop", at(1, 11)),
        purchase("p", "shop", at(9, 11)),
        purchase("q", "shop", at(1, 11)),
    ]
    view = view_of(tmp_path, rows)
    bought = prescriptions.read(view)
    named = {str(view.codes.claim[int(view.claims.row[c])]) for c in bought.claim[bought.desk != BLANK]}
    assert named == {"C00001"}


@pytest.mark.parametrize("wanted", [([0, 1], [5, 5]), ([3, -1], [9, -1])])
def test_counts_are_looked_up_by_every_column(wanted: tuple[list[int], list[int]]) -> None:
    rows = [(0, 5), (0, 5), (1, 6), (-1, -1)]
    table = Counts.of(np.array([r[0] for r in rows]), np.array([r[1] for r in rows]))
    got = table(np.array(wanted[0]), np.array(wanted[1]))
    assert got.tolist() == [rows.count(r) for r in zip(*wanted, strict=True)]


def test_the_null_world_keeps_every_household_its_purchases(tmp_path: Path) -> None:
    town = Town()
    fills(town, PATIENTS, "distant shop")
    view = town.view(tmp_path)
    null = doctor_pharmacy.shuffled(view, 4)
    shops = view.claims.service == 2
    assert np.array_equal(null.claims.facility, view.claims.facility)
    assert np.array_equal(null.claims.doctor[~shops], view.claims.doctor[~shops])
    assert np.array_equal(null.claims.doctor[shops] == BLANK, view.claims.doctor[shops] == BLANK)
    assert alerts(doctor_pharmacy.search(null)) == []


def test_the_channel_is_off_without_pharmacies(tmp_path: Path) -> None:
    view = view_of(tmp_path, [visit("p", "f", at(0), doctor_id="d")])
    assert doctor_pharmacy.off(view) == "reasons_kinds.doctor_pharmacy_off"
