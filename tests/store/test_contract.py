"""What every store does alike: the same graph, the same answers, the same kinds of error."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.model import Findings, Member, SetAside, Tie
from ringfinder.store.contract import GraphStore, was_cut

from .claim_sets import SMALL, claim, full, rows_of, write
from .conftest import FINDINGS, Opened


def pairs(store: GraphStore, pattern: str, values: str) -> set[tuple[Any, ...]]:
    table = store.query(f"MATCH {pattern} RETURN {values}")
    assert not was_cut(table)
    found = [tuple(row.values()) for row in table.to_pylist()]
    assert len(found) == len(set(found))
    return set(found)


def test_small_graph_has_exactly_these_nodes(store: GraphStore) -> None:
    assert pairs(store, "(n:Claim)", "n.claim_id") == {("0001",), ("0002",), ("0003",), ("1",)}
    assert pairs(store, "(n:Patient)", "n.patient_id, n.registered") == {
        ("P1", True),
        ("P2", True),
        ("P7", False),
        ("P9", False),
    }
    assert pairs(store, "(n:Card)", "n.card_id, n.registered") == {
        ("K1", True),
        ("K2", True),
        ("K3", True),
        ("K9", False),
    }
    assert pairs(store, "(n:Doctor)", "n.doctor_id, n.registered") == {("D1", True), ("D2", True), ("D9", False)}
    assert pairs(store, "(n:Facility)", "n.facility_id, n.registered") == {("F1", True), ("F7", False), ("F9", False)}
    assert pairs(store, "(n:Recruiter)", "n.recruiter_id, n.registered") == {
        ("R1", True),
        ("R2", True),
        ("R9", False),
    }
    assert pairs(store, "(n:Account)", "n.account") == {("6222 01",), ("A2",)}
    assert pairs(store, "(n:Phone)", "n.number") == {("013800",)}
    assert pairs(store, "(n:Address)", "n.address") == {("长安街1号,\n二单元",)}
    assert pairs(store, "(n:Operator)", "n.operator_id") == {("O1",)}
    assert pairs(store, "(n:Terminal)", "n.terminal_id") == {("T1",)}


def test_small_graph_has_exactly_these_relationships(store: GraphStore) -> None:
    assert pairs(store, "(c:Claim)-[:FOR_PATIENT]->(n:Patient)", "c.claim_id, n.patient_id") == {
        ("0001", "P1"),
        ("0002", "P1"),
        ("0003", "P9"),
        ("1", "P2"),
    }
    assert pairs(store, "(c)-[:WITH_CARD]->(n)", "c.claim_id, n.card_id") == {
        ("0001", "K1"),
        ("0003", "K9"),
        ("1", "K1"),
    }
    assert pairs(store, "(c)-[:AT_FACILITY]->(n)", "c.claim_id, n.facility_id") == {
        ("0001", "F1"),
        ("0002", "F1"),
        ("0003", "F9"),
        ("1", "F1"),
    }
    assert pairs(store, "(c)-[:BY_DOCTOR]->(n)", "c.claim_id, n.doctor_id") == {("0001", "D1"), ("0003", "D9")}
    assert pairs(store, "(c)-[:VIA_RECRUITER]->(n)", "c.claim_id, n.recruiter_id") == {("0001", "R1"), ("1", "R9")}
    assert pairs(store, "(c)-[:PAID_TO]->(n)", "c.claim_id, n.account") == {("0001", "6222 01"), ("1", "A2")}
    assert pairs(store, "(c)-[:SETTLED_BY]->(n)", "c.claim_id, n.operator_id") == {("0001", "O1")}
    assert pairs(store, "(c)-[:AT_TERMINAL]->(n)", "c.claim_id, n.terminal_id") == {("0001", "T1")}
    assert pairs(store, "(c)-[:REFUNDS]->(n)", "c.claim_id, n.claim_id") == {("0002", "0001")}
    assert pairs(store, "(a)-[:HOLDS]->(n)", "a.patient_id, n.card_id") == {("P1", "K1"), ("P7", "K3")}
    assert pairs(store, "(a:Patient)-[r:HAS_PHONE]->(n)", "a.patient_id, r.use, n.number") == {
        ("P1", "own", "013800"),
        ("P1", "contact", "013800"),
        ("P2", "contact", "013800"),
    }
    assert pairs(store, "(a:Recruiter)-[r:HAS_PHONE]->(n)", "a.recruiter_id, r.use, n.number") == {
        ("R1", "own", "013800")
    }
    assert pairs(store, "(a)-[:LIVES_AT]->(n)", "a.patient_id, n.address") == {
        ("P1", "长安街1号,\n二单元"),
        ("P2", "长安街1号,\n二单元"),
    }
    assert pairs(store, "(a:Patient)-[:OWNS]->(n)", "a.patient_id, n.account") == {("P1", "6222 01"), ("P2", "6222 01")}
    assert pairs(store, "(a:Recruiter)-[:OWNS]->(n)", "a.recruiter_id, n.account") == {("R1", "6222 01")}
    assert pairs(store, "(a)-[:WORKS_AT]->(n)", "a.doctor_id, n.facility_id") == {("D1", "F7")}


def test_findings_stand_beside_the_claims(store: GraphStore) -> None:
    assert pairs(
        store, "(a)-[t:TIED]->(b)", "a.patient_id, b.patient_id, t.channel, t.observed, t.expected, t.weight"
    ) == {
        ("P1", "P2", "came_together", 3, 0.25, 7.5),
        ("P1", "P9", "transfers", 2, 0.5, 3.0),
    }
    assert pairs(store, "(r:Ring)-[:RESTS_ON]->(c:Claim)", "r.ring_id, c.claim_id") == {
        ("ring-1", "0001"),
        ("ring-1", "1"),
        ("ring-2", "0001"),
    }
    assert pairs(
        store, "(r:Ring)-[m:HAS_MEMBER]->(a:Account)", "r.ring_id, a.account, m.entity_id, m.role, m.strength"
    ) == {("ring-1", "6222 01", "6222 01", "payee", 0.25)}
    assert pairs(store, "(r:Ring)-[m:HAS_MEMBER]->()", "r.ring_id, m.entity_type, m.entity_id") == {
        (r.ring_id, m.entity_type, m.entity_id) for r in FINDINGS.rings for m in r.members
    }
    assert pairs(store, "(r:Ring)", "r.ring_id, r.run_id, r.alert, r.claims, r.total_amount, r.reason_en") == {
        (
            r.ring_id,
            "run-7",
            r.alert,
            len(r.claim_ids),
            1234567.89,
            "2 of 3 visits began after the registered date of death",
        )
        for r in FINDINGS.rings
    }


def test_writing_findings_again_replaces_them(tmp_path: Path, opened: Opened) -> None:
    with opened(tmp_path) as store:
        store.build(write(tmp_path / "tables", SMALL))
        store.write_findings(FINDINGS, "run-1")
        store.write_findings(Findings((FINDINGS.rings[1],), (Tie("P2", "P9", "x", 1, 0.5, 2.0),), ()), "run-1")
        store.finish()
        assert pairs(store, "(r:Ring)", "r.ring_id") == {("ring-2",)}
        assert pairs(store, "(r:Ring)-[m:HAS_MEMBER]->()", "r.ring_id, m.entity_id") == {("ring-2", "P1")}
        assert pairs(store, "(a)-[t:TIED]->(b)", "a.patient_id, b.patient_id") == {("P2", "P9")}


def test_graph_of_claims_alone_gives_the_claims_back(tmp_path: Path, opened: Opened) -> None:
    with opened(tmp_path) as store:
        store.build(write(tmp_path / "in", {"claims": SMALL["claims"]}))
        store.finish()
    with opened(tmp_path) as store:
        back = store.read_tables(tmp_path / "back")
    assert rows_of(back) == {"claims": full("claims", SMALL["claims"])}
    assert sorted(entry.name for entry in (tmp_path / "back").iterdir()) == ["claims.parquet"]


def test_values_set_aside_are_marked_and_come_back(tmp_path: Path, opened: Opened) -> None:
    aside = (SetAside("patients", "contact_phone", "013800", 900), SetAside("claims", "recruiter_id", "R1", 700))
    with opened(tmp_path) as store:
        store.build(write(tmp_path / "in", SMALL, aside))
        store.finish()
        assert pairs(store, "(n:Phone)", "n.number, n.set_aside") == {("013800", True)}
        assert pairs(store, "(n:Recruiter)", "n.recruiter_id, n.set_aside") == {
            ("R1", True),
            ("R2", False),
            ("R9", False),
        }
        assert pairs(store, "(n:Account) WHERE n.set_aside", "n.account") == set()
        assert store.read_tables(tmp_path / "back").set_aside == tuple(sorted(aside, key=lambda s: s.table))


def test_progress_rises_to_one_and_names_texts_of_the_catalogue(tmp_path: Path, opened: Opened) -> None:
    seen: list[tuple[str, float]] = []
    with opened(tmp_path) as store:
        claims = {"claims": [*SMALL["claims"], claim("progress", "P1", "F1", "2024-01-01")]}
        store.build(write(tmp_path / "in", SMALL | claims), lambda key, share: seen.append((key, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(set(shares))
    assert shares[-1] == 1.0
    assert {key for key, _ in seen} == {"store.nodes", "store.edges"}


def test_missing_table_file_is_an_error_without_values(tmp_path: Path, opened: Opened) -> None:
    claim_set = write(tmp_path / "in", SMALL)
    claim_set.path("patients").unlink()
    with opened(tmp_path) as store, pytest.raises(StoreError) as caught:
        store.build(claim_set)
    assert "P1" not in str(caught.value)


def test_query_is_cut_at_its_limit_and_says_so(store: GraphStore) -> None:
    statement = "MATCH (c:Claim) RETURN c.claim_id AS id ORDER BY id"
    table = store.query(statement, limit=3)
    assert (table.column("id").to_pylist(), was_cut(table)) == (["0001", "0002", "0003"], True)
    table = store.query(statement, limit=4)
    assert (table.num_rows, was_cut(table)) == (4, False)
    table = store.query("MATCH (c:Claim) RETURN c.claim_id UNION ALL MATCH (c:Claim) RETURN c.claim_id", limit=5)
    assert (table.num_rows, was_cut(table)) == (5, True)
    assert store.query(statement + " LIMIT 2", limit=1).num_rows == 1


def test_query_takes_parameters_of_each_kind(store: GraphStore) -> None:
    given = {"t": "0001'; DROP", "n": -3, "f": 2.5, "b": True, "z": None, "d": Decimal("-1.25"), "l": ["a", "b"]}
    row = store.query("RETURN $t AS t, $n AS n, $f AS f, $b AS b, $z AS z, $d AS d, $l AS l", given).to_pylist()[0]
    assert row == given


def test_query_that_takes_too_long_is_stopped(store: GraphStore) -> None:
    endless = (
        "MATCH (a:Claim), (b:Claim), (c:Claim), (d:Claim) UNWIND range(1, 100000) AS i"
        " RETURN sum(i + size(a.claim_id)) AS s"
    )
    with pytest.raises(UsageError, match=r"longer than 0\.05 s"):
        store.query(endless, seconds=0.05)
    assert store.query("RETURN 1 AS x").to_pylist() == [{"x": 1}]


def test_claim_that_is_there_twice_is_an_error_and_not_dropped(tmp_path: Path, opened: Opened) -> None:
    claim_set = write(tmp_path / "in", {"claims": [SMALL["claims"][0], SMALL["claims"][0]]})
    with opened(tmp_path) as store, pytest.raises(StoreError) as caught:
        store.build(claim_set)
    assert re.fullmatch(
        r"claims for the graph graph.lbug are there twice or unsorted; read the claims again"
        r"|Neo4j at \S+ refuses a key that is there twice; read the claims again",
        str(caught.value),
    )


def test_member_who_is_not_in_the_graph_is_an_error_and_not_dropped(tmp_path: Path, opened: Opened) -> None:
    stranger = replace(FINDINGS.rings[1], members=(Member("patient", "nobody", "insured", 1.0, 1),))
    with opened(tmp_path) as store:
        store.build(write(tmp_path / "in", SMALL))
        with pytest.raises(StoreError) as caught:
            store.write_findings(Findings((stranger,), (), ()), "run-1")
    assert "nobody" not in str(caught.value)


def test_evidence_of_a_claim_that_is_not_in_the_graph_is_an_error_and_not_dropped(
    tmp_path: Path, opened: Opened
) -> None:
    stranger = replace(FINDINGS.rings[1], claim_ids=(*FINDINGS.rings[1].claim_ids, "no-such-claim"))
    with opened(tmp_path) as store:
        store.build(write(tmp_path / "in", SMALL))
        with pytest.raises(StoreError):
            store.write_findings(replace(FINDINGS, rings=(stranger,)), "run-2")
