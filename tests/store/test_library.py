"""Every query of the library on both stores, and on Neo4j with a prefix: exactly these rows, worked out by hand from the town's scenes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from math import log
from typing import Any

import pytest

from ringfinder.errors import UsageError
from ringfinder.model import KINDS
from ringfinder.store.contract import GraphStore, was_cut
from ringfinder.store.dialect import DIALECTS
from ringfinder.store.ladybug import LadybugStore
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.store import Neo4jStore
from ringfinder.store.queries import library, run

from .claim_sets import write
from .conftest import MEMORY_GB, STORES
from .library_town import FINDINGS, PEOPLE, SET_ASIDE, TOWN
from .test_queries import EXPECTED as EXPECTED_OF_SMALL

Row = tuple[Any, ...]
ANSWERED_ON_NEO4J_ALONE = {"result/changes"}


def day(month: int, number: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, month, number, hour, minute)


LOW = log(PEOPLE / 2)  # what a value weighs that two of the town share

EXPECTED: dict[str, tuple[dict[str, Any], list[Row]]] = {
    "read/entity": (
        {"entity_type": "doctor", "entity_id": "DW"},
        [("doctor", "DW", 5, 3, 1, 15330.0, day(3, 4, 8), day(4, 8, 9), 2)],
    ),
    "read/ring-neighbourhood": (
        {"ring_id": "ring-w"},
        [("V1", "tie", "transfers", 1), ("W3", "phone", "700", 2), ("W3", "tie", "together", 1)],
    ),
    "read/shared": (
        {"patient_a": "W1", "patient_b": "W2"},
        [
            ("doctor", "DW", 2, 2),
            ("facility", "H1", 2, 2),
            ("operator", "O1", 1, 1),
            ("payee account", "AG", 1, 1),
            ("phone", "700", 0, 0),
            ("recruiter", "G1", 2, 2),
            ("ring", "ring-w", 2, 2),
            ("tie", "together", 2, 2),
        ],
    ),
    "read/path": (
        {"from_id": "M1", "to_id": "M2"},
        [(0, "patient", "M1"), (1, "phone", "555"), (2, "patient", "M2")],
    ),
    "read/card-timeline": (
        {"card_id": "KL"},
        [
            (day(5, 7, 9), "L01", "outpatient", "L2", "F3", "T3", 100.0),
            (day(5, 7, 9, 10), "L02", "outpatient", "L3", "F4", None, 100.0),
            (day(5, 7, 15), "L03", "outpatient", "L1", "F4", None, 100.0),
        ],
    ),
    "read/terminal-timeline": (
        {"terminal_id": "T2", "until": "2024-05-07"},
        [
            (day(5, 6, 10, 5), "B61", "KB1", "B1", "F2", "O2", 195.0),
            (day(5, 6, 10, 7), "B62", "KB2", "B2", "F2", "O2", 195.0),
            (day(5, 6, 10, 50), "B63", "KB3", "B3", "F2", "O2", 195.0),
        ],
    ),
    "read/recruiter-timeline": (
        {"recruiter_id": "G1"},
        [
            (day(3, 4, 8), day(3, 8, 10), "W01", "inpatient", "W1", "H1", "DW", "AG", 3000.0),
            (day(3, 5, 8), day(3, 9, 10), "W02", "inpatient", "W2", "H1", "DW", "AG", 3010.0),
            (day(4, 8, 8), day(4, 11, 10), "W04", "inpatient", "W1", "H1", "DW", None, 3100.0),
            (day(4, 8, 9), day(4, 12, 10), "W05", "inpatient", "W2", "H1", "DW", None, 3200.0),
        ],
    ),
    "read/account-timeline": (
        {"account": "AX"},
        [
            (day(2, 5, 10), "X02", "X1", "F3", None, "O9", None, 100.0),
            (day(2, 20, 10), "X03", "X2", "F3", "G2", "O9", None, 100.0),
        ],
    ),
    "read/tie-claims": (
        {"patient_a": "W1", "patient_b": "W2", "hours": 48},
        [
            ("H1", "W01", day(3, 4, 8), "W02", day(3, 5, 8)),
            ("H1", "W04", day(4, 8, 8), "W05", day(4, 8, 9)),
        ],
    ),
    "hunt/admitted-together": (
        {},
        [
            ("V1", "V2", "H8", 2, day(1, 1, 8), day(1, 11, 8)),
            ("W1", "W2", "H1", 2, day(3, 4, 8), day(4, 8, 8)),
            ("W1", "W3", "H1", 2, day(3, 4, 8), day(4, 8, 8)),
            ("W2", "W3", "H1", 2, day(3, 5, 8), day(4, 8, 9)),
        ],
    ),
    "hunt/recruiter-waves": ({"least_patients": 2}, [("G1", "H1", 2, 2, 4, 12310.0, day(3, 4), day(4, 8))]),
    "hunt/recruiter-phone": ({}, [("G1", "700", 3, 2)]),
    "hunt/recruiter-account": ({}, [("G1", "AG", 2, 2, 6010.0)]),
    "hunt/far-patients": ({"least": 3}, [("H1", "东", 6, 4, 0.6667, 2)]),
    "hunt/cards-in-a-row": (
        {},
        [
            ("T2", "KB1", "KB2", 3, day(5, 6, 10), day(5, 20, 10)),
            ("T2", "KB1", "KB3", 3, day(5, 6, 10), day(5, 20, 10)),
            ("T2", "KB2", "KB3", 3, day(5, 6, 10), day(5, 20, 10)),
        ],
    ),
    "hunt/just-under-limit": ({"least": 5}, [("T2", "F2", 9, 9, 1.0, 3)]),
    "hunt/card-two-places": ({}, [("KL", "L01", day(5, 7, 9), "F3", "L02", day(5, 7, 9, 10), "F4")]),
    "hunt/card-of-others": ({}, [("KL", "L1", 2, 2, 200.0)]),
    # five births, two of them of men
    "hunt/wrong-sex": (
        {"least_known": 5, "most_share": 0.4, "least": 2},
        [("DL", 2, 2, 1, day(5, 7, 9), day(5, 7, 9, 10))],
    ),
    "hunt/same-medicine-twice": ({}, [("R1", "Z", 3, 2, 6, 900.0)]),
    "hunt/medicine-companions": ({}, [("R1", "R2", "Z", 3, 1, day(6, 3), day(6, 17))]),
    "hunt/in-bed-elsewhere": ({}, [("S1", "H7", 1, 2, day(7, 5, 10), day(7, 6, 10), 150.0)]),
    "hunt/stays-alike": ({}, [("H7", day(7, 1), day(7, 10), 4, 2, 20100.0)]),
    "hunt/readmitted": (
        {},
        [("V1", 2, 2, day(1, 6, 8), day(1, 11, 8), 4300.0), ("V2", 2, 2, day(1, 6, 8), day(1, 11, 8), 4300.0)],
    ),
    "hunt/rotation-between": ({}, [("H8", "H9", 2, 4, day(1, 6, 8), day(1, 11, 8))]),
    "hunt/payee-strangers": ({}, [("AE", 3, 3, 3, 300.0, day(8, 1, 10), day(8, 3, 10))]),
    "hunt/invoice-repeated": ({}, [("777", 2, 2, 1, 1, 200.0, day(8, 1, 10), day(8, 2, 10))]),
    "hunt/equal-bills": ({}, [("H7", 5000.0, 3, 2, 3, day(7, 1, 8), day(7, 1, 10))]),
    "hunt/one-pharmacy": ({"least": 5}, [("DP", "F6", 5, 4, 0.8, 0.3333)]),
    "hunt/doctor-same-prescription": ({"least": 3}, [("DP", "F6", "Q", 120.0, 3, 4, day(2, 1, 10), day(2, 5, 10))]),
    # 19 claims name an operator: O1 two, O2 nine, O5 three, O9 five
    "hunt/operator-share": ({"least": 3}, [("O5", "account", "AE", 3, 3, 1.0, round(3 / 19, 4))]),
    "hunt/operator-after-death": ({"least": 2}, [("O9", 2, 2, 5, 0.4)]),
    "hunt/operator-other-cards": ({"least": 2}, [("O9", 2, 2, 5, 0.4)]),
    "hunt/after-death": (
        {},
        [
            (*("X02", "X1", date(2024, 2, 1), day(2, 5, 10)), *("outpatient", "F3", "AX", None, "O9", 100.0)),
            (*("X03", "X2", date(2024, 2, 10), day(2, 20, 10)), *("outpatient", "F3", "AX", "G2", "O9", 100.0)),
        ],
    ),
    "hunt/after-death-hubs": (
        {},
        [
            (kind, one, 2, 2, 200.0, day(2, 5, 10), day(2, 20, 10))
            for kind, one in (("account", "AX"), ("facility", "F3"), ("operator", "O9"))
        ],
    ),
    "hunt/shared-details": ({"least_weight": 2.5}, [("M1", "M2", 1, round(LOW, 3))]),
    "hunt/spread": ({"seeds": "M1;W1"}, [("M2", 1, 1, 1.0), ("W2", 1, 1, 0.5), ("W3", 1, 1, 0.5)]),
    "hunt/spread-by-claims": ({"seeds": ["W1", "X1"]}, [("W2", 2, 3, 2.0), ("X2", 1, 1, 1.0)]),
    "hunt/spread-by-ties": ({"seeds": "W1"}, [("W2", 1, 1, 6.0), ("W3", 2, 1, 2.0)]),
    "hunt/watch-list": (
        {"ids": "G1;DW"},
        [
            ("W1", 2, 2, 6100.0, day(3, 4, 8), day(4, 8, 8)),
            ("W2", 2, 2, 6210.0, day(3, 5, 8), day(4, 8, 9)),
            ("W3", 1, 1, 3020.0, day(3, 5, 9), day(3, 5, 9)),
        ],
    ),
    "hunt/screen-frequent": (
        {"least": 3},
        [
            (True, "V1", "1501", 3, day(1, 1, 8), 2, 5040.0),
            (False, "V2", None, 3, day(1, 1, 8), 2, 5040.0),
        ],
    ),
    # H7 admits four people in one week and one in each of two others
    "hunt/screen-concentrated": ({"least": 4, "factor": 2}, [("H7", day(7, 1), 4, 1, 2.0, 2.0)]),
    "hunt/screen-close-amounts": (
        {"least": 4},
        [("H7", 4000.0, 4, 1, 4, 16079.99, day(7, 1, 8), day(7, 1, 11))],
    ),
    "watch/default-values": (
        {"least": 2},
        [
            ("account", "AM", 2, False),
            ("address", "m", 2, False),
            ("doctor", "DL", 2, False),
            ("doctor", "DP", 3, False),
            ("doctor", "DS", 2, False),
            ("doctor", "DW", 3, False),
            ("payee", "AE", 3, False),
            ("payee", "AG", 2, False),
            ("payee", "AX", 2, False),
            ("phone", "000", 2, True),
            ("phone", "555", 2, False),
            ("phone", "700", 3, False),
        ],
    ),
    "watch/set-aside": ({}, [("patients", "contact_phone", "000", 2)]),
    "watch/orphans": (
        {},
        [
            ("card without holder", 1, "K0"),
            ("doctor", 2, "DL"),
            ("patient", 5, "B3"),
            ("recruiter", 1, "G2"),
            ("refund of no claim", 1, "C05"),
        ],
    ),
    "watch/doctor-two-places": ({"least": 2}, [("D2", 2, 2, 4, day(8, 5, 10), day(8, 6, 10))]),
    "watch/card-two-holders": ({}, [("KL", "L1", 3, 3, "L1", "L3")]),
    "watch/clock": ({}, [("F9", 3, 1, 1, 1)]),
    "result/rings-by-district": ({}, [("东", 2, 1, 4, 18610.0, 14888.0), ("西", 1, 1, 2, 12310.0, 9848.0)]),
    "result/rings-by-money": (
        {},
        [
            ("ring-w", "paid_referral", True, 2, 4, 12310.0, 9848.0, 4924.0),
            ("ring-v", "rotation", False, 2, 3, 6300.0, 5040.0, 2520.0),
        ],
    ),
    "result/rings-by-month": (
        {},
        [(day(1, 1), 1, 3, 1, 6300.0), (day(3, 1), 1, 2, 2, 6010.0), (day(4, 1), 1, 2, 2, 6300.0)],
    ),
    "result/doctor-rings": (
        {},
        [
            ("DW", 2, 1, 5, "ring-v", "attending", "H1"),
            ("DW", 2, 1, 5, "ring-w", "attending", "H1"),
        ],
    ),
}


PREFIXED = pytest.param("neo4j with a prefix", marks=pytest.mark.xdist_group("neo4j"))


@pytest.fixture(scope="module", params=(*STORES, PREFIXED))
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The town's graph, loaded once on each store in turn; only to be read."""
    folder = tmp_path_factory.mktemp("town")
    store: GraphStore
    if request.param == "ladybug":
        store = LadybugStore(folder / "graph.lbug", memory_gb=MEMORY_GB)
    else:
        prefix = "RF_" if "prefix" in request.param else ""
        store = Neo4jStore(replace(request.getfixturevalue("neo4j_address_of_module"), prefix=prefix))
    with store:
        store.build(write(folder / "tables", TOWN, SET_ASIDE))
        store.write_findings(FINDINGS, "run-1")
        store.finish()
        yield store
        if isinstance(store, Neo4jStore):
            store.forget("run-1")  # the database is not this module's alone
            if store.address.prefix:
                with closing(Link(store.address)) as link:
                    link.steps("MATCH (n)", "n", "DETACH DELETE n", 10_000)


def rows(store: GraphStore, name: str, **parameters: Any) -> list[Row]:
    return [tuple(row.values()) for row in run(store, name, parameters).to_pylist()]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_named_query_finds_its_scene_and_nothing_else(town: GraphStore, name: str) -> None:
    parameters, expected = EXPECTED[name]
    assert rows(town, name, **parameters) == expected


def test_limit_of_an_answer_in_parts_leaves_its_first_rows(town: GraphStore) -> None:
    parameters, expected = EXPECTED["read/shared"]
    found = run(town, "read/shared", parameters, limit=2)
    assert [tuple(row.values()) for row in found.to_pylist()] == expected[:2]
    assert was_cut(found)
    assert not was_cut(run(town, "read/shared", parameters, limit=len(expected)))


def test_every_query_of_the_library_has_an_expected_answer() -> None:
    assert set(library()) == set(EXPECTED) | set(EXPECTED_OF_SMALL) | ANSWERED_ON_NEO4J_ALONE
    assert len(library()) >= 36


def test_each_kind_of_ring_can_be_looked_for_in_two_ways_at_least() -> None:
    hunts = [query for name, query in library().items() if name.startswith("hunt/")]
    assert {kind: sum(kind in query.kinds for query in hunts) >= 2 for kind in KINDS} == dict.fromkeys(KINDS, True)


def test_only_these_queries_need_a_file_for_one_store_or_run_on_one_alone() -> None:
    assert {name: query.own for name, query in library().items() if query.own} == {"read/path": ("neo4j",)}
    alone = {name for name, query in library().items() if len(query.statements) < len(DIALECTS)}
    assert alone == ANSWERED_ON_NEO4J_ALONE


@pytest.mark.parametrize(
    "name",
    sorted(n for n, q in library().items() if n.startswith("hunt/") and any(p.name == "least" for p in q.parameters)),
)
def test_threshold_of_a_hunt_binds(town: GraphStore, name: str) -> None:
    assert rows(town, name, **EXPECTED[name][0] | {"least": 100}) == []


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("hunt/admitted-together", {"days": 0.5}, [("V1", "V2")]),  # W1 and W2 come an hour apart only once
        ("hunt/admitted-together", {"days": 1}, [("V1", "V2"), ("W1", "W2")]),
        ("hunt/card-two-places", {"minutes": 9}, []),
        ("hunt/cards-in-a-row", {"least_cards": 4}, []),
        ("hunt/cards-in-a-row", {"service": "outpatient"}, []),
        ("hunt/in-bed-elsewhere", {"hours": 0}, [("S1", "H7")]),
        ("hunt/readmitted", {"days": 0.5}, []),
        ("hunt/rotation-between", {"least_moves": 3}, []),
        ("hunt/payee-strangers", {"excluded": "AE"}, []),
        ("hunt/recruiter-phone", {"excluded": ["700"]}, []),
        ("hunt/shared-details", {"least_weight": 2.5, "apart": False}, [("M3", "M4"), ("M1", "M2")]),
        ("hunt/shared-details", {"least_weight": 2.5, "excluded": "555;666"}, []),
        ("hunt/shared-details", {"least_weight": 2, "most": 2}, [("M1", "M2")]),
        ("hunt/spread", {"seeds": "W1", "most": 2}, []),
        ("hunt/spread-by-ties", {"seeds": "W1", "least_weight": 5}, [("W2", 1)]),
        ("hunt/after-death", {"days": 0}, [("X01", "X1"), ("X02", "X1"), ("X03", "X2")]),
        ("hunt/equal-bills", {"least_diagnoses": 3}, []),
        ("hunt/wrong-sex", {"least_known": 6, "most_share": 0.4, "least": 2}, []),
        ("hunt/wrong-sex", {"least_known": 5, "most_share": 0.3, "least": 2}, []),
        ("hunt/just-under-limit", {"least": 5, "ceiling": 195}, []),
        ("hunt/screen-frequent", {"least": 2, "days": 3, "supported": ""}, []),
        ("read/path", {"from_id": "M1", "to_id": "M1"}, []),
        ("read/path", {"from_id": "M1", "to_id": "M3"}, []),  # joined by a value set aside alone
        ("read/path", {"from_id": "E1", "to_id": "E2"}, [(0, "patient"), (1, "claim"), (2, "account"), (3, "claim"), (4, "patient")]),
        ("result/doctor-rings", {"doctor_id": "DP"}, []),
        ("result/rings-by-month", {"ring_id": "ring-v"}, [(day(1, 1), 1)]),
        ("result/rings-by-money", {"alerts_only": True}, [("ring-w", "paid_referral")]),
    ],
)  # fmt: skip
def test_parameters_say_what_is_found(
    town: GraphStore, name: str, parameters: dict[str, Any], expected: list[Row]
) -> None:
    assert [row[:2] for row in rows(town, name, **parameters)] == expected


@pytest.mark.parametrize(
    ("entity_type", "entity_id", "claims", "rings"),
    [
        ("patient", "W1", 2, 2),
        ("card", "KL", 3, 0),
        ("facility", "H1", 6, 0),
        ("recruiter", "G1", 4, 1),
        ("account", "AE", 3, 0),
        ("operator", "O9", 5, 0),
        ("terminal", "T2", 9, 0),
    ],
)
def test_entity_of_any_type_has_a_card(
    town: GraphStore, entity_type: str, entity_id: str, claims: int, rings: int
) -> None:
    (found,) = run(town, "read/entity", {"entity_type": entity_type, "entity_id": entity_id}).to_pylist()
    assert (found["entity_type"], found["entity_id"], found["claims"], found["rings"]) == (
        entity_type,
        entity_id,
        claims,
        rings,
    )


CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", sorted(library()))
def test_every_text_of_a_header_is_in_its_language(name: str) -> None:
    query = library()[name]
    texts = [query.titles, query.purposes, *(one.meaning for one in (*query.parameters, *query.columns))]
    assert [text["en"] for text in texts if CHINESE.search(text["en"])] == []
    assert [text["zh"] for text in texts if not CHINESE.search(text["zh"])] == []


def test_plan_of_a_query_can_be_asked_for(town: GraphStore) -> None:
    query = library()["hunt/readmitted"]
    (plan,) = town.query(f"EXPLAIN {query.statement(town.dialect)}", query.values({})).column(0).to_pylist()
    assert {"embedded": "SCAN_NODE_TABLE", "neo4j": "ProduceResults"}[town.dialect] in plan


def test_query_for_another_store_says_which(town: GraphStore) -> None:
    if town.dialect == "neo4j":
        assert rows(town, "result/changes", before="run-0") == [
            ("ring-v", "new", "rotation", None, 2, None, 10.0),
            ("ring-w", "new", "paid_referral", None, 2, None, 90.0),
        ]
    else:
        with pytest.raises(UsageError, match="result/changes is answered only by the neo4j store"):
            run(town, "result/changes", {"before": "run-0"})
