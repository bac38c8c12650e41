from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import at, code, homes, view_of, visit, who

from ringfinder.evidence.hubs import ADDRESSES_A_HEAD, LEAST_HOUSEHOLDS, TYPES, Hubs, find, foreign_payee
from ringfinder.evidence.view import View

FOUR = ["a", "b", "c", "d"]
OTHERS = ["x", "y"]


def named(view: View) -> dict[tuple[str, str], list[str]]:
    """(type, id) of every hub -> the patients it names."""
    hubs = find(view)
    lists = {"recruiter": view.codes.recruiter, "phone": view.codes.phone, "account": view.codes.account}
    return {
        (TYPES[hubs.type[h]], str(lists[TYPES[hubs.type[h]]][hubs.code[h]])): who(view, hubs.people(h))
        for h in range(len(hubs.type))
    }


def visits(patients: list[str], **more: Any) -> list[dict[str, Any]]:
    return [visit(p, "f", at(i, 9), **more) for i, p in enumerate(patients)]


def register(patients: list[str], **more: Any) -> list[dict[str, Any]]:
    return [row | more for row in homes(patients)]


def test_a_go_between_names_those_on_whose_claims_he_stands(tmp_path: Path) -> None:
    rows = visits(FOUR, recruiter_id="r") + visits(OTHERS, recruiter_id="other") + visits(OTHERS)
    assert named(view_of(tmp_path, rows, patients=homes(FOUR + OTHERS))) == {("recruiter", "r"): FOUR}


@pytest.mark.parametrize("column", ["phone", "contact_phone"])
def test_a_go_between_names_those_who_give_his_phone(tmp_path: Path, column: str) -> None:
    patients = register(FOUR, **{column: "138"}) + register(OTHERS, phone="139")
    recruiters = [{"recruiter_id": "r", "phone": "138"}]
    view = view_of(tmp_path, visits(FOUR + OTHERS), patients=patients, recruiters=recruiters)
    assert named(view) == {("recruiter", "r"): FOUR}  # and not a second time as a phone


def test_a_go_between_names_those_whose_account_is_his(tmp_path: Path) -> None:
    recruiters = [{"recruiter_id": "r", "bank_account": "62"}]
    view = view_of(tmp_path, visits(FOUR + OTHERS), patients=register(FOUR, bank_account="62"), recruiters=recruiters)
    assert named(view) == {("recruiter", "r"): FOUR}


def test_a_go_between_names_those_whose_claims_pay_him(tmp_path: Path) -> None:
    patients = [row | {"bank_account": f"of {row['patient_id']}"} for row in homes(FOUR + OTHERS)]
    recruiters = [{"recruiter_id": "r", "bank_account": "62"}]
    view = view_of(tmp_path, visits(FOUR, payee_account="62"), patients=patients, recruiters=recruiters)
    assert named(view) == {("recruiter", "r"): FOUR}  # and not a second time as an account


def test_name_phone_and_account_of_a_go_between_add_up(tmp_path: Path) -> None:
    patients = [
        {"patient_id": "a", "address": "1"},
        {"patient_id": "b", "address": "2", "phone": "138"},
        {"patient_id": "c", "address": "3", "contact_phone": "138"},
        {"patient_id": "d", "address": "4", "bank_account": "62"},
        {"patient_id": "x", "address": "5", "phone": "137"},
    ]
    rows = visits(["a"], recruiter_id="r") + visits(["b", "c", "d", "x"])
    recruiters = [{"recruiter_id": "r", "phone": "138", "bank_account": "62"}]
    assert named(view_of(tmp_path, rows, patients=patients, recruiters=recruiters)) == {("recruiter", "r"): FOUR}


def test_a_phone_given_by_four_households_names_them(tmp_path: Path) -> None:
    patients = register(FOUR[:2], phone="138") + register(FOUR[2:], contact_phone="138")
    assert named(view_of(tmp_path, visits(FOUR), patients=patients)) == {("phone", "138"): FOUR}


def test_an_account_paid_for_four_foreign_households_names_them(tmp_path: Path) -> None:
    patients = [row | {"bank_account": f"of {row['patient_id']}"} for row in homes([*FOUR, "owner"])]
    rows = visits([*FOUR, "owner"], payee_account="of owner")
    assert named(view_of(tmp_path, rows, patients=patients)) == {("account", "of owner"): FOUR}


def test_three_households_are_too_few_for_a_hub(tmp_path: Path) -> None:
    assert LEAST_HOUSEHOLDS == 4
    rows = visits(FOUR, recruiter_id="r")
    patients = homes(FOUR[:2], "one address") + homes(FOUR[2:])
    assert named(view_of(tmp_path, rows, patients=patients)) == {}


@pytest.mark.parametrize(("people", "hub"), [(8, True), (9, False)])
def test_an_institutions_hub_names_nobody(tmp_path: Path, people: int, hub: bool) -> None:
    """Four addresses among eight people are half as many, and still a ring's; among nine people a home's."""
    assert ADDRESSES_A_HEAD == 0.5
    inmates = [f"p{i}" for i in range(people)]
    patients = [{"patient_id": p, "address": f"ward {i % 4}"} for i, p in enumerate(inmates)]
    view = view_of(tmp_path, visits(inmates, recruiter_id="home"), patients=patients)
    assert named(view) == ({("recruiter", "home"): inmates} if hub else {})


def test_people_without_known_address_make_no_institution(tmp_path: Path) -> None:
    view = view_of(tmp_path, visits(FOUR, recruiter_id="r"))
    assert named(view) == {("recruiter", "r"): FOUR}


def test_a_payee_is_foreign_when_nobody_at_home_owns_the_account(tmp_path: Path) -> None:
    rows = [
        visit("own", "f", at(0, 9), payee_account="1"),
        visit("wife", "f", at(0, 9), payee_account="1"),
        visit("neighbour", "f", at(0, 9), payee_account="1"),
        visit("no account known", "f", at(0, 9), payee_account="1"),
        visit("cash", "f", at(0, 9)),
    ]
    patients = [
        {"patient_id": "own", "address": "road 1", "bank_account": "1"},
        {"patient_id": "wife", "address": "road 1", "bank_account": "2"},
        {"patient_id": "neighbour", "address": "road 2", "bank_account": "3"},
        {"patient_id": "no account known", "address": "road 3"},
        {"patient_id": "cash", "address": "road 4", "bank_account": "4"},
    ]
    view = view_of(tmp_path, rows, patients=patients)
    assert who(view, view.claims.patient[foreign_payee(view)]) == ["neighbour"]


def test_without_any_account_no_payee_is_foreign(tmp_path: Path) -> None:
    view = view_of(tmp_path, visits(FOUR, payee_account="1"), patients=homes(FOUR))
    assert foreign_payee(view).tolist() == [False] * 4
    assert named(view) == {}


def test_a_person_named_by_one_go_between_is_his(tmp_path: Path) -> None:
    second = ["d", "e", "g", "h"]
    everybody = ["a", "b", "c", "d", "e", "g", "h"]
    rows = visits(FOUR, recruiter_id="r1") + visits(second, recruiter_id="r2")
    patients = register(FOUR, phone="138") + homes(["e", "g", "h"])
    view = view_of(tmp_path, rows, patients=patients)
    hubs = find(view)
    assert [TYPES[t] for t in hubs.type] == ["recruiter", "recruiter", "phone"]
    sole = hubs.sole(len(everybody), "recruiter")
    assert dict(zip(who(view, range(7)), sole.tolist(), strict=True)) == {
        "a": 0, "b": 0, "c": 0, "d": -1, "e": 1, "g": 1, "h": 1,
    }  # fmt: skip
    assert hubs.sole(len(everybody), "phone").tolist() == [2, 2, 2, 2, -1, -1, -1]
    patient = np.array([code(view, "patient", p) for p in ("a", "a", "e", "a")])
    assert hubs.names(np.array([0, 1, 1, -1]), patient).tolist() == [True, False, True, False]
    # to say which of two go-betweens takes ln 2 and a nat; there is one phone
    np.testing.assert_allclose(hubs.price(np.array([0, 1, 2, -1])), [1 + np.log(2), 1 + np.log(2), 1.0, 0.0])


def test_no_hubs_name_nobody_at_no_price() -> None:
    none = np.zeros(0, np.int64)
    hubs = Hubs(none, none, none)
    groups = np.array([-1, -1])
    assert hubs.names(groups, np.array([0, 1])).tolist() == [False, False]
    assert hubs.price(groups).tolist() == [0.0, 0.0]
    assert hubs.sole(2, "phone").tolist() == [-1, -1]
