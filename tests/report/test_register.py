from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import tiny

from ringfinder.report.register import Register, hide


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny.write_tables(tmp_path)
    return tmp_path


def test_names_of_people_are_masked_and_of_places_not(folder: Path) -> None:
    register = Register(folder)
    assert register.names("patient", ["P1", "P4"]) == {"P1": "王**"}
    assert register.names("facility", ["F1", "F2"]) == {"F1": "第一药店"}
    assert register.names("operator", ["O1"]) == {}
    assert Register(folder, unmask=True).names("patient", ["P1"]) == {"P1": "王小明"}


@pytest.mark.parametrize(
    ("kind", "entity", "known"),
    [
        ("patient", "P3", True),
        ("patient", "P4", True),  # only the claims name it
        ("patient", "F1", False),
        ("operator", "O1", True),
        ("terminal", "T1", True),
        ("account", tiny.PAYEE, True),
        ("card", "K1", True),
        ("recruiter", "R2", False),
    ],
)
def test_register_knows_what_claims_or_tables_name(folder: Path, kind: str, entity: str, known: bool) -> None:
    assert Register(folder).knows(kind, entity) is known


def test_claims_carry_their_entities_and_ends(folder: Path) -> None:
    lines = Register(folder).claims(["C1", "C4", "C9"])
    assert list(lines) == ["C1", "C4"]
    assert lines["C1"].end == lines["C1"].start
    assert dict(lines["C4"].entities) == {"patient": "P1", "card": "K1", "facility": "F2"}
    assert (lines["C4"].end - lines["C4"].start).days == 8


def test_life_is_every_claim_of_the_people_in_order(folder: Path) -> None:
    assert [line.claim_id for line in Register(folder).life(["P2", "P1"])] == ["C1", "C4", "C2", "C5"]


def test_secrets_cover_patients_agents_and_payees_of_the_claims(folder: Path) -> None:
    register = Register(folder)
    secrets = register.secrets(["P1"], register.claims(["C2"]).values())
    assert secrets is not None
    assert secrets.names == {"王小明", "李四", "赵介绍"}
    assert secrets.numbers == {"13812345678", "110101195001011234", "13987654321", "13711112222"}
    assert secrets.accounts == {tiny.PAYEE}
    assert hide("王小明 and 李四 at 第一药店", secrets) == "王** and 李* at 第一药店"


def test_unmasked_register_has_no_secrets(folder: Path) -> None:
    secrets = Register(folder, unmask=True).secrets(["P1"], ())
    assert secrets is None
    assert hide("王小明", secrets) == "王小明"


def test_values_of_a_free_query_are_masked_wherever_they_stand(folder: Path) -> None:
    value = [{"x": "王小明", "n": 3}, ["长安路1号", "P1", None], tiny.PAYEE, "13711112222", "第一药店"]
    assert Register(folder).masked(value) == [
        {"x": "王**", "n": 3},
        ["长***", "P1", None],
        "****2222",
        "137******22",
        "第一药店",
    ]
    assert Register(folder, unmask=True).masked(value) == value


def test_ids_of_claims_and_places_are_shown_by_a_free_query_whatever_they_look_like(tmp_path: Path) -> None:
    claim_id, place, card = "310115000000000017", "121000004000013452", "310115195001011234"
    agent, start = "赵介绍", datetime(2024, 3, 1, 9)
    row = tiny.claim(claim_id, "P1", place, start, recruiter_id=agent, card_id=card)
    tiny.write_tables(tmp_path, {"claims": [row]})
    register = Register(tmp_path)
    assert register.masked([claim_id, place, card, agent]) == [claim_id, place, "310*************34", "赵**"]
    secrets = register.secrets(["P1"], register.claims([claim_id]).values())
    assert hide(f"{claim_id} at {place} with {card}", secrets) == f"{claim_id} at {place} with 310*************34"


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("phone", "400123456", "400****56"),
        ("bank_account", "6222020200011112222", "****2222"),
        ("payee_account", "A-17-0042", "****0042"),
        ("address", "长安路1号", "长***"),
        ("recruiter_id", "13812345678", "138******78"),
        ("doctor_id", "0000", "0000"),
        ("invoice_number", "0", "0"),
    ],
)
def test_values_set_aside_are_masked_as_their_column_is(folder: Path, column: str, value: str, shown: str) -> None:
    assert Register(folder).set_aside(column, value) == shown
    assert Register(folder, unmask=True).set_aside(column, value) == value
