from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from worlds import at, purchase, quick_view, view_of, visit

from evidence.loyal import no_illness
from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import doctor_pharmacy, prescriptions
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.pharmacy_choice import Counts
from ringfinder.evidence.sameness import Amounts
from ringfinder.evidence.shelves import FEW, Shelves, usual_price
from ringfinder.evidence.steering import CHEAP, COME_BACK, DEAR, DEAR_SHARE, STANDING, Pair, judged
from ringfinder.evidence.view import BLANK, DAY, PHARMACY
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


def pair(loyal: int = 10, fills: int = 20, gain: float = 30.0, **more: float) -> Pair:
    """A pair with thirty nats of sameness: so many loyal households, so many fills."""
    given = {"medicine": 20.0, "amount": 10.0, "dear": 0.0, "standing": 0.0, "nearby": 0.0} | more
    return Pair(
        desk=0,
        doctors=(0,),
        pharmacy=0,
        pharmacies=(0,),
        loyal=np.arange(loyal),
        seen=loyal,
        count=loyal,
        expected=1.0,
        gain=gain,
        rows=np.arange(fills),
        nearby=bool(given.pop("nearby")),
        **given,
    )


def test_harm_is_sameness_up_to_twice_the_loyalty() -> None:
    assert pair().harm == 30.0
    assert pair(gain=10.0).harm == 20.0
    assert pair(medicine=2.0, amount=1.0).harm == 3.0


def test_sameness_next_door_at_usual_prices_counts_little() -> None:
    assert (CHEAP, DEAR_SHARE) == (3.0, 0.6)
    assert pair(nearby=1, dear=0.59).harm == CHEAP
    assert pair(nearby=1, dear=0.6).harm == 30.0
    assert pair(nearby=1, dear=0.0, medicine=2.0, amount=1.0).harm == 3.0


def test_sameness_of_people_who_pass_by_once_counts_little() -> None:
    """Thirteen fills of ten households are the least that tells of people who come back."""
    assert COME_BACK == 1.3
    assert pair(fills=12).harm == CHEAP
    assert pair(fills=13).harm == 30.0


def test_sameness_of_monthly_supplies_counts_little() -> None:
    assert STANDING == 0.5
    assert pair(standing=0.5).harm == CHEAP
    assert pair(standing=0.49).harm == 30.0


def test_a_monthly_supply_of_one_medicine_is_no_harm(tmp_path: Path) -> None:
    """As the ring before, but everybody comes back after the same time: two of three fills repeat the first."""
    town = Town()
    fills(town, PATIENTS, "distant shop", REGULAR)
    found = doctor_pharmacy.search(town.view(tmp_path))
    (best,) = [c for c in found if len(c.claims) == 48]
    assert best.harm == CHEAP - MARGIN
    assert best.coordination > 8


def test_a_purchase_that_repeats_a_monthly_supply_is_a_course(tmp_path: Path) -> None:
    days = {"monthly": (5, 35, 64), "now and then": (5, 35, 120)}
    rows = [purchase(p, "shop", at(d, 9), 50, doctor_id="d", drug_code="m") for p, on in days.items() for d in on]
    view = view_of(tmp_path, rows)
    bought = prescriptions.read(view)
    for p in (bought, prescriptions.by_medicine(bought)):
        mine = p.patient == view.codes.patient.tolist().index("monthly")
        assert p.course[mine].tolist() == [False, True, True]
        assert p.course[~mine].tolist() == [False, False, False]


def sold(*rows: tuple[int, int, int, int, int]) -> tuple[prescriptions.Purchases, Shelves]:
    """Purchases, (how many, doctor, pharmacy, medicine, yuan), everybody's own."""
    table = np.concatenate([np.tile(row[1:], (row[0], 1)) for row in rows])
    doctor, pharmacy, drug, yuan = table.T
    start = np.arange(len(table)) * DAY
    view = quick_view(
        np.arange(len(table)), pharmacy, start, service=PHARMACY, doctor=doctor, drug=drug, cents=yuan * 100
    )
    bought = prescriptions.read(view)
    return bought, Shelves.of(view, bought)


def usual(p: prescriptions.Purchases, shelves: Shelves, drug: int = 0) -> float:
    """What is usual, in yuan, for a medicine that doctor 0 prescribes and pharmacy 0 sells."""
    ours = (p.desk == 0) & (p.pharmacy == 0)
    mine = Amounts.of(p.drug[ours] + 1, p.log_amount[ours], shelves.prices.size)
    counter = np.flatnonzero((p.desk != 0) & (p.pharmacy == 0))
    return float(np.exp(usual_price(p, shelves, mine, np.array([drug]), counter)[0]))


def test_usual_is_the_larger_of_the_medicines_price_elsewhere_and_the_pharmacys_price_for_others() -> None:
    assert FEW == 5
    ring, elsewhere = (9, 0, 0, 0, 300), [(2, 1, 1, 0, 100), (1, 1, 1, 0, 120), (2, 2, 1, 0, 130)]
    dear, cheap = (5, 1, 0, 1, 150), (5, 1, 0, 1, 50)
    assert usual(*sold(ring, *elsewhere, dear)) == pytest.approx(150)
    assert usual(*sold(ring, *elsewhere, cheap)) == pytest.approx(120)


def test_where_too_few_others_tell_the_price_anybodys_price_is_usual() -> None:
    ring, few = (9, 0, 0, 0, 300), (4, 1, 1, 0, 1000)
    assert usual(*sold(ring, few, (5, 1, 0, 1, 150))) == pytest.approx(150)  # four others bought the medicine
    assert usual(*sold(ring, few, (4, 1, 0, 1, 150), (20, 2, 1, 2, 80))) == pytest.approx(80)  # and four at the counter
    known = (5, 1, 0, 1, 150)
    assert usual(*sold(ring, (9, 1, 1, BLANK, 900), known), drug=BLANK) == pytest.approx(150)


def test_fills_are_dear_from_a_tenth_over_the_usual_price_on() -> None:
    """Nine fills, six of them at over a tenth more than the 100 that everybody pays elsewhere."""
    assert DEAR == 1.1
    rows = [(1, 0, 0, 0, 112)] * 6 + [(1, 0, 0, 0, 109)] * 3 + [(30, 1, 1, 0, 100)]
    p, shelves = sold(*rows)
    ours = np.flatnonzero((p.desk == 0) & (p.pharmacy == 0))
    one = judged(p, shelves, no_illness(p), replace(pair(), loyal=p.household[ours], rows=ours))
    assert one.dear == pytest.approx(6 / 9)
    assert one.standing == 0.0


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


def prescribed(named: list[int], seen: list[int]) -> list[int]:
    return prescriptions.prescriber(np.array(named, np.int32), np.array(seen, np.int32)).tolist()


def test_where_those_named_were_just_seen_the_unnamed_prescriber_was_too() -> None:
    """Two of three named are the doctor seen; of one more that is not so, names are used alone."""
    assert prescriptions.AGREE == 0.65
    assert prescribed([1, 2, 3, BLANK, BLANK], [1, 2, BLANK, 4, BLANK]) == [1, 2, 3, 4, BLANK]
    assert prescribed([1, 2, 3, 5, BLANK], [1, 2, BLANK, 6, 4]) == [1, 2, 3, 5, BLANK]


def test_where_hardly_any_is_named_the_doctor_seen_counts() -> None:
    assert prescriptions.NAMED == 0.002
    few, many = [7, *[BLANK] * 500], [7, *[BLANK] * 499]
    assert prescribed(few, [8, *[3] * 500]) == [7, *[3] * 500]
    assert prescribed(many, [8, *[3] * 499]) == many
    assert prescribed([], []) == []


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
