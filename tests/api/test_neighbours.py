"""Beyond a ring: who and what is around its members, and who is like one of them; in a town small enough to check by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tiny

from ringfinder.model import Findings, Member, SetAside, Tie
from ringfinder.workspace import Workspace
from ringfinder_api.around import MOST
from ringfinder_api.building import build
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import PATIENCE, Inside

Make = Callable[..., Inside]
ACCOUNT = "6222020200013334444"


def visit(number: int, patient: str, facility: str, day: int, **more: Any) -> dict[str, Any]:
    return tiny.claim(f"C{number:03}", patient, facility, datetime(2024, 3, day, 9), **more)


# The ring is P1, P2 and F1. P3 is tied to P1; P4 and P5 go to doctor D1 at F2 as P1 does; P6 to P8 live as P1 does, in no ring.
CLAIMS = [
    visit(1, "P1", "F1", 1, diagnosis_code="E11.9", drug_code="X1", payee_account=ACCOUNT),
    visit(2, "P1", "F2", 2, diagnosis_code="E11.2", drug_code="X1", doctor_id="D1"),
    visit(3, "P1", "F2", 3, diagnosis_code="I10", drug_code="X2", doctor_id="D1", operator_id="000"),
    visit(4, "P1", "F1", 4, diagnosis_code="I10", operator_id="000"),
    visit(5, "P2", "F1", 1, operator_id="000"),
    visit(6, "P2", "F1", 4),
    visit(7, "P3", "F3", 7),
    visit(8, "P4", "F2", 8, doctor_id="D1"),
    visit(9, "P5", "F2", 8, doctor_id="D1"),
    visit(10, "P5", "F2", 9, doctor_id="D1"),
    visit(11, "P6", "F3", 9, diagnosis_code="E11.9", drug_code="X1"),
    visit(12, "P6", "F3", 10, diagnosis_code="I10", total_amount=Decimal("40.05"), fund_amount=None),
    visit(13, "P6", "F3", 11, diagnosis_code="I10", drug_code="X9"),
    visit(14, "P6", "F3", 11, diagnosis_code="I10", drug_code="X1"),
    visit(15, "P7", "F3", 11, diagnosis_code="E11.9"),
    visit(16, "P7", "F3", 12, diagnosis_code="I10"),
    visit(17, "P8", "F3", 12, diagnosis_code="J44"),
    visit(18, "P8", "F3", 12, diagnosis_code="J44", total_amount=Decimal("-100.00"), refund_of="C017"),
]


def person(number: int, district: str, born: int) -> dict[str, Any]:
    return {"patient_id": f"P{number}", "name": f"王小{number}", "district": district, "birth_date": date(born, 5, 1)}


TABLES = {
    "claims": CLAIMS,
    "patients": [
        person(1, "东城", 1960),
        person(2, "东城", 1961),
        person(3, "西城", 1962),
        person(4, "西城", 1990),
        person(5, "西城", 1991),
        person(6, "东城", 1958),
        person(7, "东城", 1960),
        person(8, "东城", 1960),
    ],
    "facilities": [
        {"facility_id": "F1", "name": "一院", "district": "东城"},
        {"facility_id": "F2", "name": "二院", "district": "西城"},
        {"facility_id": "F3", "name": "三院", "district": "北城"},
    ],
}
RING = replace(
    tiny.ALERT,
    ring_id="R1",
    claim_ids=("C001", "C004", "C005", "C006"),
    districts=("东城",),
    members=(Member("patient", "P1", "patient", 1.0, 2), Member("patient", "P2", "patient", 1.0, 2)),
    reasons=(replace(tiny.REASON, claim_ids=("C001",)),),
)
OTHER = replace(
    RING, ring_id="R2", claim_ids=("C007",), districts=("西城",), members=(Member("patient", "P3", "patient", 1.0, 1),)
)
TIES = (
    Tie("P1", "P2", "together", 2, 0.1, 4.0),
    Tie("P1", "P3", "together", 3, 0.5, 2.5),
    Tie("P1", "P3", "details", 1, 0.0, 1.0),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "workspace"
    aside = (SetAside("claims", "operator_id", "000", 3),)
    tiny.publish_run(folder, Findings((RING, OTHER), TIES, ()), graph=True, tables=TABLES, set_aside=aside)
    return folder


@pytest.fixture(scope="module")
def snapshot(town: Path) -> Snapshot:
    return build(town, Workspace(town).needed().run_id)


@pytest.fixture
def service(inside: Make, town: Path, tmp_path: Path) -> Inside:
    (tmp_path / "workspace").symlink_to(town)
    return inside(rate=1e6, burst=1e6, export_seconds=PATIENCE)


def got(service: Inside, snapshot: Snapshot, path: str, *districts: str, lang: str = "en", status: int = 200) -> Any:
    who = service.key("investigator", districts=districts or None)
    (answer,) = service.ask(("GET", path, who), snapshot=snapshot, headers_of={"accept-language": lang})
    assert answer.status_code == status, answer.text
    return answer.json()


def found(answer: Any) -> list[tuple[str, str]]:
    return [(one["member"], one["entity_id"]) for one in answer["nodes"]]


def joins(answer: Any) -> dict[tuple[str, str], int | float]:
    return {(one["a"], one["b"]): one["claims"] or one["weight"] for one in answer["edges"]}


def test_around_a_patient_are_those_tied_to_it_and_what_its_claims_name(service: Inside, snapshot: Snapshot) -> None:
    told = got(service, snapshot, "/v1/rings/R1/around?of=m1")
    # m1 and m2 are the patients, m3 the place; the operator identifies nobody.
    assert found(told) == [("m1.1", "P3"), ("m1.2", "D1"), ("m1.3", "F2"), ("m1.4", told["nodes"][3]["entity_id"])]
    assert told["nodes"][0] | {"name": ""} == {
        "member": "m1.1",
        "of": "m1",
        "entity_type": "patient",
        "entity_id": "P3",
        "name": "",
        "rings": ["R2"],
    }
    assert joins(told) == {("m1", "m1.1"): 3.5, ("m1", "m1.2"): 2, ("m1", "m1.3"): 2, ("m1", "m1.4"): 1}
    assert told["left"] == {"m1": 0}
    ties = next(one["ties"] for one in told["edges"] if one["ties"])
    assert ties == [
        {"channel": "details", "observed": 1, "expected": 0.0},
        {"channel": "together", "observed": 3, "expected": 0.5},
    ]


def test_whoever_was_found_may_be_looked_around_in_turn(service: Inside, snapshot: Snapshot) -> None:
    told = got(service, snapshot, "/v1/rings/R1/around?of=m1&of=m1.2")
    assert found(told)[4:] == [("m1.2.1", "P5"), ("m1.2.2", "P4")]
    assert joins(told)["m1.2.1", "m1.2"] == 2
    assert joins(told)["m1.2.1", "m1.3"] == 2
    assert joins(told)["m1.2", "m1.3"] == 5
    once = got(service, snapshot, "/v1/rings/R1/around?of=m1.2", status=404)
    assert once["code"] == "unknown_member"
    assert found(got(service, snapshot, "/v1/rings/R1/around?of=m1&of=m1")) == found(told)[:4]


def test_nothing_personal_is_told(service: Inside, snapshot: Snapshot) -> None:
    told = str(got(service, snapshot, "/v1/rings/R1/around?of=m1"))
    told += str(got(service, snapshot, "/v1/rings/R1/peers?of=m1&limit=5"))
    assert [one for one in (ACCOUNT, *(f"王小{number}" for number in range(9)), "1960-05-01") if one in told] == []
    assert "王**" in told


def test_who_sees_one_district_is_told_of_its_claims_and_people_alone(service: Inside, snapshot: Snapshot) -> None:
    told = got(service, snapshot, "/v1/rings/R1/around?of=m1", "东城")
    assert [one for _, one in found(told)][:2] == ["D1", "F2"]  # P1 lives there: all its claims are seen; P3 does not
    assert told["nodes"][0]["rings"] == []
    assert found(got(service, snapshot, "/v1/rings/R1/around?of=m1&of=m1.1", "东城"))[3:] == []  # P4 and P5 neither
    assert got(service, snapshot, "/v1/rings/R2/around?of=m1", "东城", status=404)["code"] == "unknown_ring"
    assert got(service, snapshot, "/v1/rings/R1/peers?of=m1", "西城", status=404)["code"] == "unknown_ring"


def test_of_very_many_the_first_are_told_and_how_many_are_left(inside: Make, tmp_path: Path) -> None:
    many = [visit(100 + n, f"Q{n:02}", "F1", 20) for n in range(MOST + 3)]
    folder = tmp_path / "workspace"
    tiny.publish_run(folder, Findings((RING,), (), ()), graph=True, tables=TABLES | {"claims": CLAIMS + many})
    crowded = build(folder, Workspace(folder).needed().run_id)
    told = got(inside(rate=1e6, burst=1e6, export_seconds=PATIENCE), crowded, "/v1/rings/R1/around?of=m3")
    assert found(told)[:MOST] == [(f"m3.{n + 1}", f"Q{n:02}") for n in range(MOST)]
    assert told["left"] == {"m3": 3}


def test_member_stands_beside_those_most_like_it_who_are_in_no_ring(service: Inside, snapshot: Snapshot) -> None:
    told = got(service, snapshot, "/v1/rings/R1/peers?of=m1&limit=5")
    assert (told["member"], told["compared"]) == ("m1", 4)  # P3 is in a ring, P8's only claim was cancelled
    life = told["life"]
    assert {name: life[name] for name in ("entity_id", "age", "district", "claims", "days", "whole")} == {
        "entity_id": "P1",
        "age": "60–69",
        "district": "东城",
        "claims": 4,
        "days": 4,
        "whole": True,
    }
    assert (life["total_amount"], life["fund_amount"]) == ("400.00", "240.00")
    assert [(one["value"], one["name"], one["claims"]) for one in life["places"]] == [
        ("F1", "一院", 2),
        ("F2", "二院", 2),
    ]
    assert [(one["value"], one["claims"], one["total_amount"]) for one in life["medicines"]] == [
        ("X1", 2, "200.00"),
        ("X2", 1, "100.00"),
    ]
    first, second, third, last = told["peers"]
    assert [one["life"]["entity_id"] for one in told["peers"]] == ["P6", "P7", "P5", "P4"]
    assert [sign["agreement"] for sign in first["signs"]] == [1, 1, 1, 1]
    assert [sign["agreement"] for sign in second["signs"]] == [1, 1, 0.5, 1]
    assert [sign["agreement"] for sign in third["signs"]] == [0, 0, 0.5, 0]
    assert [one["likeness"] for one in (first, second, third, last)] == [1, 0.875, 0.125, 0.0625]
    assert (first["life"]["total_amount"], first["life"]["fund_amount"]) == ("340.05", "180.00")
    assert [sign["says"] for sign in second["signs"]] == [
        "aged 60–69 and 60–69",
        "insured in 东城 and 东城",
        "4 and 2 claims",
        "2 of 2 illnesses that either has, both have",
    ]
    chinese = got(service, snapshot, "/v1/rings/R1/peers?of=m1", lang="zh")["peers"]
    assert [(one["life"]["entity_id"], one["signs"][2]["says"]) for one in chinese] == [("P6", "费用记录 4 条与 4 条")]
    assert got(service, snapshot, "/v1/rings/R1/peers?of=m3", status=404)["code"] == "unknown_member"


def test_peers_are_of_the_own_districts_and_a_member_from_elsewhere_is_seen_in_part(
    service: Inside, snapshot: Snapshot
) -> None:
    everywhere = replace(snapshot.rings["R1"], scope=frozenset({"东城", "西城"}))
    wider = replace(snapshot, rings={**snapshot.rings, "R1": everywhere})
    told = got(service, wider, "/v1/rings/R1/peers?of=m1&limit=5", "西城")
    assert (told["life"]["claims"], told["life"]["whole"]) == (2, False)  # those at F2
    assert [one["life"]["entity_id"] for one in told["peers"]] == ["P5", "P4"]
    assert got(service, wider, "/v1/rings/R1/peers?of=m2", "西城", status=404)["code"] == "unknown_member"
    assert [
        one["life"]["entity_id"] for one in got(service, snapshot, "/v1/rings/R1/peers?of=m1&limit=5", "东城")["peers"]
    ] == [
        "P6",
        "P7",
    ]
