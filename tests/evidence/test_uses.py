"""What medicines are prescribed for, and monthly supplies for what people usually pay."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from worlds import at, purchase, visit

from evidence.loyal import pair
from evidence.town import Town, hub
from ringfinder.evidence import doctor_pharmacy
from ringfinder.evidence.prescriptions import Purchases, read
from ringfinder.evidence.steering import ALL_STANDING, CHEAP, ONE_MEDICINE, ORDINARY, STANDING
from ringfinder.evidence.uses import SMOOTH, Uses, behind, groups
from ringfinder.evidence.view import BLANK, Candidate, Longs

CLUB = [f"p{i:03}" for i in range(40, 56)]
DRUGS = 10


def purchases(desk: list[int], drug: list[int]) -> Purchases:
    """Purchases of which only the prescriber and the medicine matter."""
    n = len(desk)
    given = {"desk": np.array(desk, np.int64), "drug": np.array(drug, np.int64)}
    zeros = {f.name: np.zeros(n, np.int64) for f in fields(Purchases) if f.name not in (*given, "one_medicine")}
    return Purchases(**given, **zeros)


def uses(p: Purchases, illness: list[int]) -> Uses:
    """Their uses: what is prescribed, with a medicine and an illness known."""
    of = np.array(illness, np.int64)
    known = (p.desk != BLANK) & (p.drug != BLANK) & (of != BLANK)
    return Uses(of, np.sort(of[known] * DRUGS + p.drug[known]), DRUGS)


def test_a_medicine_is_as_frequent_as_others_prescribe_it_for_the_illness() -> None:
    """Desk 0 prescribes medicine 3 for illness 1 twice; of ten fills of others for it six are of that medicine."""
    p = purchases([0, 0, 0, *[1] * 10, 2, BLANK], [3, 3, 3, *[3] * 6, *[4] * 4, 3, 3])
    known = uses(p, [1, 1, BLANK, *[1] * 10, 2, 1])
    rows: Longs = np.arange(3)
    assert SMOOTH == 5.0
    got = known.frequency(p, rows, rows, np.full(3, 0.1))
    assert got.tolist() == pytest.approx([6.5 / 15, 6.5 / 15, 0.0])
    alone = known.frequency(p, np.array([13]), np.array([13]), np.array([0.1]))
    assert alone.tolist() == pytest.approx([0.1])  # nobody else treats illness 2


def test_the_illness_is_the_purchases_own_or_that_of_the_visit_before(tmp_path: Path) -> None:
    town = Town()
    town.add(visit("guest0", "clinic", at(5, 9), 50, diagnosis_code="I10.9"))
    town.add(purchase("guest0", "shop0", at(5, 11), 90, doctor_id="doctor00", drug_code="a"))
    town.add(purchase("guest0", "shop0", at(8, 8), 90, doctor_id="doctor00", drug_code="b"))
    town.add(purchase("guest0", "shop0", at(8, 10), 90, doctor_id="doctor00", drug_code="c"))
    town.add(purchase("guest0", "shop0", at(5, 12), 90, doctor_id="doctor00", drug_code="d", diagnosis_code="E11.9"))
    town.add(purchase("guest1", "shop0", at(5, 12), 90, doctor_id="doctor00", drug_code="e"))
    view = town.view(tmp_path)
    p = read(view)
    told = dict(zip(view.codes.drug[p.drug].tolist(), behind(view, p).tolist(), strict=True))
    code = {name: told[name] for name in "abcde"}
    named = {n: str(view.codes.diagnosis[c])[:3] if c != BLANK else "" for n, c in code.items()}
    assert named == {"a": "I10", "b": "I10", "c": "", "d": "E11", "e": ""}
    category, chapter = groups(view, 3), groups(view, 1)
    assert category[code["a"]] == category[code["b"]] != category[code["d"]]
    assert chapter[code["a"]] != chapter[code["d"]]


@pytest.mark.parametrize(
    ("standing", "dear", "ordinary", "explained"),
    [(0.5, 0.5, True, True), (0.0, 0.59, True, True), (0.5, 0.6, True, False), (0.5, 0.5, False, False)],
)
def test_nobody_steers_people_for_what_they_usually_pay(
    standing: float, dear: float, ordinary: bool, explained: bool
) -> None:
    assert (STANDING, ORDINARY) == (0.5, 1.5)
    got = pair(standing=standing, dear=dear, ordinary=ordinary, special=False, one_medicine=0.3)
    assert got.harm == (CHEAP if explained else 30.0)
    assert replace(got, summoned=True).harm == 30.0
    assert replace(got, doubled=True).harm == 30.0


@pytest.mark.parametrize(
    ("standing", "one_medicine", "batched", "explained"),
    [(0.8, 0.8, True, True), (0.8, 0.8, False, False), (0.79, 0.8, True, False), (0.8, 0.79, True, False)],
)
def test_the_badly_ill_take_twice_as_much_and_fetch_it_on_their_clubs_day(
    standing: float, one_medicine: float, batched: bool, explained: bool
) -> None:
    """Twice what others get, dear: a monthly supply of one medicine, on days of a rhythm."""
    assert (ALL_STANDING, ONE_MEDICINE) == (0.8, 0.8)
    got = pair(standing=standing, one_medicine=one_medicine, dear=1.0, ordinary=False)
    got = replace(got, batched=batched, doubled=True)
    assert got.harm == (CHEAP if explained else 30.0)


# In a town


def sent(folder: Path, others: str) -> Candidate:
    """Sixteen patients of a doctor, all with one illness, fill one of three medicines at a distant shop; his colleagues prescribe these
    at the town's shops, for that illness or for `others`."""
    town = Town()
    drugs = ("x", "y", "z")
    for i, who in enumerate(CLUB):
        for k, day in enumerate((10, 50, 180)):
            when = at(day + 4 * i, 9 + 0.3 * i)
            town.add(visit(who, "clinic", when, 20, doctor_id="doctor00", diagnosis_code="I10.9"))
            town.add(purchase(who, "distant shop", when, 480, doctor_id="doctor00", drug_code=drugs[(i + k) % 3]))
    for k in range(60):
        given = {"doctor_id": "doctor11", "drug_code": drugs[k % 3], "diagnosis_code": others}
        town.add(purchase(f"p{100 + k:03}", f"shop{k % 4}", at(20 + k, 9), 300 + 7 * k, **given))
    view = town.view(folder)
    found = doctor_pharmacy.search(view)
    (one,) = [
        c for c in found if hub(view, c, "facility") == {"distant shop"} and hub(view, c, "doctor") == {"doctor00"}
    ]
    return one


def test_the_medicines_of_an_illness_are_alike_for_that_reason(tmp_path: Path) -> None:
    """What others prescribe for the illness lets expect a third of each; for another illness it tells nothing."""
    usual, odd = sent(tmp_path / "usual", "I10.9"), sent(tmp_path / "odd", "J20.9")
    assert usual.coordination == pytest.approx(odd.coordination, abs=60)
    harm = {
        name: sum(f.observed for f in c.findings if f.side == "harm") for name, c in (("usual", usual), ("odd", odd))
    }
    assert harm["usual"] < harm["odd"] - 10
