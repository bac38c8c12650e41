"""What medicines are prescribed for, and whose fills are for no illness in particular."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from worlds import at, purchase, visit

from evidence.loyal import pair
from evidence.town import Town, hub
from ringfinder.evidence import doctor_pharmacy
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.prescriptions import Purchases, read
from ringfinder.evidence.steering import ALL, CHEAP, ORDINARY, STANDING
from ringfinder.evidence.uses import FEW, ONE_USE, SMOOTH, TOLD, Uses, behind, groups
from ringfinder.evidence.view import BLANK, Candidate, Longs, View

CLUB = [f"p{i:03}" for i in range(40, 56)]
DRUGS, CHAPTERS = 10, 4


def purchases(desk: list[int], drug: list[int]) -> Purchases:
    """Purchases of which only the prescriber and the medicine matter."""
    n = len(desk)
    given = {"desk": np.array(desk, np.int64), "drug": np.array(drug, np.int64)}
    zeros = {f.name: np.zeros(n, np.int64) for f in fields(Purchases) if f.name not in (*given, "one_medicine")}
    return Purchases(**given, **zeros)


def uses(p: Purchases, illness: list[int], chapter: list[int]) -> Uses:
    """Their uses: what is prescribed, with a medicine and an illness known."""
    of, part = np.array(illness, np.int64), np.array(chapter, np.int64)
    known = (p.desk != BLANK) & (p.drug != BLANK) & (of != BLANK)
    treated, given = of[known] * DRUGS + p.drug[known], p.drug[known] * CHAPTERS + part[known]
    return Uses(of, part, np.sort(treated), np.sort(given), DRUGS, CHAPTERS)


def test_a_medicine_is_as_frequent_as_others_prescribe_it_for_the_illness() -> None:
    """Desk 0 prescribes medicine 3 for illness 1 twice; of ten fills of others for it six are of that medicine."""
    p = purchases([0, 0, 0, *[1] * 10, 2, BLANK], [3, 3, 3, *[3] * 6, *[4] * 4, 3, 3])
    known = uses(p, [1, 1, BLANK, *[1] * 10, 2, 1], [0] * 15)
    rows: Longs = np.arange(3)
    assert SMOOTH == 5.0
    got = known.frequency(p, rows, rows, np.full(3, 0.1))
    assert got.tolist() == pytest.approx([6.5 / 15, 6.5 / 15, 0.0])
    alone = known.frequency(p, np.array([13]), np.array([13]), np.array([0.1]))
    assert alone.tolist() == pytest.approx([0.1])  # nobody else treats illness 2


@pytest.mark.parametrize(
    ("mine", "others", "differ"),
    [
        ([0, 1, 2, 3] * 5, [], True),  # nobody else prescribes it
        ([0] * 15 + [1] * 5, [], False),  # three quarters are one use
        ([0] * 14 + [1] * 6, [], True),
        ([0, 1, 2, 3] * 5, [0] * 15 + [1] * 5, True),  # others prescribe it for one illness
        ([0, 1, 2, 3] * 5, [0] * 14 + [1] * 6, False),  # as various as anybody's: a medicine for everything
        ([0, 1, 2, 3] * 5, [0, 1, 2, 3], True),  # too few of others to tell
        ([0, 1, 2, 3] * 5, [0, 1, 2, 3, 0], False),
        ([0, 1, 2, 3, 0, 1, 2, 3, 0], [], False),  # nine fills tell nothing
        ([0, 1, 2, 3, 0, 1, 2, 3, 0, 1] + [BLANK] * 90, [], True),
    ],
)
def test_one_medicine_for_several_chapters_differs_unless_others_do_so_too(
    mine: list[int], others: list[int], differ: bool
) -> None:
    assert (FEW, ONE_USE, TOLD) == (5, 0.75, 10)
    p = purchases([0] * len(mine) + [1] * len(others), [3] * (len(mine) + len(others)))
    rows: Longs = np.arange(len(mine))
    assert uses(p, [*mine, *others], [*mine, *others]).differ(p, rows, rows) is differ


def test_each_medicine_is_judged_by_itself() -> None:
    """Four medicines, each for one chapter: a doctor of everything, and no medicine for everything."""
    p = purchases([0] * 20, [0, 1, 2, 3] * 5)
    rows: Longs = np.arange(20)
    assert not uses(p, [0, 1, 2, 3] * 5, [0, 1, 2, 3] * 5).differ(p, rows, rows)
    assert uses(p, [0, 1, 2, 3, 1] * 4, [0, 1, 2, 3, 1] * 4).differ(p, rows, rows)


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


def test_what_a_doctor_treats_explains_nothing_where_one_medicine_is_for_several_illnesses() -> None:
    for reason in ({"amount": 0.0}, {"standing": 1.0, "one_medicine": 1.0}, {"share": ALL, "special": False}):
        assert pair(**reason).harm == CHEAP  # type: ignore[arg-type]
        assert pair(**reason, differ=True).harm == 20.0 + reason.get("amount", 10.0)  # type: ignore[arg-type]
    assert pair(differ=True, home=True).harm == CHEAP
    assert pair(differ=True, dear=0.0, nearby=True).harm == CHEAP


@pytest.mark.parametrize(
    ("standing", "dear", "ordinary", "explained"),
    [(0.5, 0.5, True, True), (0.49, 0.5, True, False), (0.5, 0.6, True, False), (0.5, 0.5, False, False)],
)
def test_monthly_supplies_for_what_people_usually_pay_are_explained(
    standing: float, dear: float, ordinary: bool, explained: bool
) -> None:
    assert (STANDING, ORDINARY) == (0.5, 1.5)
    got = pair(standing=standing, dear=dear, ordinary=ordinary, special=False, one_medicine=0.3).harm
    assert got == (CHEAP if explained else 30.0)


# In a town

ILLNESSES = ("I10.9", "E11.9", "M51.2", "J44.0")


def steered(folder: Path, illnesses: tuple[str, ...]) -> tuple[View, Candidate]:
    """Sixteen patients fill a monthly pack of one medicine at a distant shop, after a visit for one of these illnesses."""
    town = Town()
    rng = np.random.default_rng(11)
    for i, who in enumerate(CLUB):
        for k, day in enumerate((5, 35, 65, 95, 125)):
            when = at(day + 3 * i, 9 + 0.3 * i)
            yuan = round(480 * float(rng.uniform(0.995, 1.005)), 2)
            illness = illnesses[(i + k) % len(illnesses)]
            town.add(visit(who, "clinic", when, 20, doctor_id="doctor00", diagnosis_code=illness))
            town.add(purchase(who, "distant shop", when, yuan, doctor_id="doctor00", drug_code="dear"))
    view = town.view(folder)
    (one,) = [
        c
        for c in doctor_pharmacy.search(view)
        if hub(view, c, "facility") == {"distant shop"} and hub(view, c, "doctor") == {"doctor00"}
    ]
    return view, one


def test_a_club_of_one_illness_is_no_harm_and_one_medicine_for_any_illness_is(tmp_path: Path) -> None:
    assert steered(tmp_path / "one", ILLNESSES[:1])[1].harm == CHEAP - MARGIN
    assert steered(tmp_path / "many", ILLNESSES)[1].harm > 8
