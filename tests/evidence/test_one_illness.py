from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.town import Town
from ringfinder.evidence import fake_bills, invoices
from ringfinder.evidence.bills import Bills
from ringfinder.evidence.fake_bills import ONE_ILLNESS, ONE_TREATMENT, Pile, of_one_illness
from ringfinder.evidence.view import BLANK, View

PEOPLE = [f"p{i:03}" for i in range(60, 70)]


def paid(folder: Path, illnesses: list[str | None], places: str = "a", yuan: float = 6_800) -> View:
    """Bills of one account, each of another person and day, for these illnesses, at these places in turn."""
    town = Town()
    for i, illness in enumerate(illnesses):
        place = places[i % len(places)]
        more = {"diagnosis_code": illness} if illness else {}
        amount = round(yuan * (1 + 0.0001 * i), 2)
        town.distant_bill(PEOPLE[i % len(PEOPLE)], f"far {place}", 20 + 17 * i, amount, "shared", **more)
    return town.view(folder)


def bills_of(view: View) -> tuple[Bills, np.ndarray]:
    """All bills, and the positions of those of the account."""
    bills = fake_bills.read_bills(view)
    return bills, np.flatnonzero(bills.account == view.codes.account.tolist().index("shared"))


def one_illness(folder: Path, illnesses: list[str | None], places: str = "a") -> bool:
    bills, mine = bills_of(paid(folder, illnesses, places))
    assert len(mine) == len(illnesses)
    return of_one_illness(bills, mine)


@pytest.mark.parametrize(
    ("illnesses", "one"),
    [
        (["lens"] * 10, True),
        (["lens"] * 8 + ["hip"] * 2, True),  # 8 of 10 are four fifths
        (["lens"] * 8 + ["hip", "knee"], True),
        (["lens"] * 7 + ["hip"] * 3, False),
        (["lens"] * 4 + ["hip"], True),
        (["lens"] * 3 + ["hip"], False),
        (["lens"] * 5 + [None] * 5, True),  # half are known
        (["lens"] * 4 + [None] * 5, False),
        (["lens"] * 4 + ["hip"] + [None] * 5, True),  # 4 of 5 that are known
        (["lens"] * 3 + ["hip"] * 2 + [None] * 5, False),
        ([None] * 10, False),
    ],
)
def test_bills_are_of_one_illness_where_four_fifths_of_the_known_are(
    tmp_path: Path, illnesses: list[str | None], one: bool
) -> None:
    assert ONE_ILLNESS == 0.8
    assert one_illness(tmp_path, illnesses) is one


def test_one_illness_at_several_places_is_no_one_treatment(tmp_path: Path) -> None:
    assert one_illness(tmp_path / "one", ["lens"] * 10, "a")
    assert not one_illness(tmp_path / "two", ["lens"] * 10, "ab")
    assert one_illness(tmp_path / "mostly", ["lens"] * 10, "aaaab")  # eight of ten at one


def test_one_illness_in_bed_and_out_of_bed_are_two_treatments(tmp_path: Path) -> None:
    town = Town()
    for i, who in enumerate(PEOPLE):
        more = {} if i < 5 else {"service_type": "outpatient"}
        town.distant_bill(who, "far", 20 + 17 * i, 6_800, "shared", diagnosis_code="lens", **more)
    bills, mine = bills_of(town.view(tmp_path))
    assert len(mine) == 10
    assert of_one_illness(bills, mine[:5])
    assert not of_one_illness(bills, mine)


@pytest.fixture(scope="module")
def some_bills(tmp_path_factory: pytest.TempPathFactory) -> Bills:
    """Ten bills, whose treatments tests replace."""
    return bills_of(paid(tmp_path_factory.mktemp("bills"), ["lens"] * 10))[0]


@settings(deadline=None)
@given(treatments=st.lists(st.integers(-1, 2), min_size=1, max_size=12), others=st.lists(st.integers(-1, 2)))
def test_only_the_bills_asked_for_are_counted(some_bills: Bills, treatments: list[int], others: list[int]) -> None:
    bills = replace(some_bills, by_package=np.array([*others, *treatments], np.int64))
    at = np.arange(len(others), len(others) + len(treatments))
    known = [t for t in treatments if t != BLANK]
    most = max((known.count(t) for t in known), default=0)
    told = 2 * len(known) >= len(treatments)
    assert of_one_illness(bills, at) is (told and 10 * most >= 8 * len(known))


def judged(view: View) -> Pile:
    bills, mine = bills_of(view)
    return fake_bills.judge(view, bills, invoices.read(view), mine)


def test_equal_amounts_for_one_illness_count_little(tmp_path: Path) -> None:
    """Ten bills within a thousandth of one amount, where nobody else is ever treated for it."""
    assert ONE_TREATMENT == 6.0
    one = judged(paid(tmp_path / "one", ["lens"] * 10))
    many = judged(paid(tmp_path / "many", ["lens", "hip", "knee", "ear", "eye"] * 2))
    unknown = judged(paid(tmp_path / "unknown", [None] * 10))
    assert (one.amount, one.marks) == (6.0, 6.0)
    assert many.amount > 10
    assert unknown.amount > 10


def test_unlike_amounts_for_one_illness_count_as_they_do(tmp_path: Path) -> None:
    """Each bill half as much again as the one before: what is below the limit stays."""
    amounts = {}
    for name, illness in (("one", "lens"), ("unknown", None)):
        town = Town()
        for i, who in enumerate(PEOPLE):
            more = {"diagnosis_code": illness} if illness else {}
            town.distant_bill(who, "far", 20 + 17 * i, round(1_000 * 1.5**i, 2), "shared", **more)
        amounts[name] = judged(town.view(tmp_path / name)).amount
    assert amounts["one"] < 0
    assert amounts["unknown"] < 0


def test_one_outing_tells_of_its_illness_by_two_bills(tmp_path: Path) -> None:
    """Twenty-four of thirty bills are for the lens, all of one day; as an outing they are two of eight."""
    town = Town()
    for i in range(24):
        town.distant_bill(f"p{i:03}", "far", 20, 6_800 + i, "shared", diagnosis_code="lens")
    for i in range(6):
        town.distant_bill(f"p{30 + i:03}", "far", 60 + 17 * i, 6_800 + i, "shared", diagnosis_code=f"other {i}")
    view = town.view(tmp_path)
    bills, mine = bills_of(view)
    once = fake_bills.outings(bills, mine)
    assert (len(mine), len(once)) == (30, 8)
    assert of_one_illness(bills, mine)
    assert not of_one_illness(bills, mine[once])
    assert judged(view).amount > ONE_TREATMENT
