from __future__ import annotations

import pickle
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.graph import LABELS, RELATIONSHIPS
from ringfinder.model import ClaimSet, Findings, Member, SetAside, Tie
from ringfinder.store.contract import GraphStore, was_cut
from ringfinder.store.ladybug import LadybugStore, build_graph
from ringfinder.tables import CLAIMS

from .claim_sets import ARROW, SMALL, claim, full, rows_of, write
from .conftest import FINDINGS, MEMORY_GB


def pairs(store: GraphStore, pattern: str, values: str) -> set[tuple[Any, ...]]:
    table = store.query(f"MATCH {pattern} RETURN {values}")
    assert not was_cut(table)
    found = [tuple(row.values()) for row in table.to_pylist()]
    assert len(found) == len(set(found))
    return set(found)


def test_small_graph_has_exactly_these_nodes(store: LadybugStore) -> None:
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


def test_small_graph_has_exactly_these_relationships(store: LadybugStore) -> None:
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


def test_nodes_are_loaded_by_one_thread_and_relationships_by_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the engine itself says right before each load: of the claims and of the findings."""
    threads: dict[str, set[str]] = {}
    run = LadybugStore._run

    def ask_and_run(store: LadybugStore, statement: str) -> None:
        if loaded := re.match(r"COPY (\w+) FROM", statement):
            result = store._live().execute("CALL current_setting('threads') RETURN *")
            assert isinstance(result, ladybug.QueryResult)
            threads.setdefault(loaded[1], set()).add(result.get_all()[0][0])
            result.close()
        run(store, statement)

    monkeypatch.setattr(LadybugStore, "_run", ask_and_run)
    claim_set = replace(write(tmp_path / "tables", SMALL), set_aside=(SetAside("claims", "card_id", "K0", 900),))
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB, threads=3) as store:
        store.build(claim_set)
        store.write_findings(FINDINGS, "run-7")
    nodes = {label.name for label in LABELS}
    assert {name for name, said in threads.items() if said == {"1"}} == nodes
    assert {name for name, said in threads.items() if said == {"3"}} == {kind.type for kind in RELATIONSHIPS}


def test_findings_stand_beside_the_claims(store: LadybugStore) -> None:
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


def test_writing_findings_again_replaces_them(tmp_path: Path) -> None:
    file = tmp_path / "graph.lbug"
    with LadybugStore(file, memory_gb=MEMORY_GB) as store:
        store.build(write(tmp_path / "tables", SMALL))
        store.write_findings(FINDINGS, "run-1")
        store.write_findings(Findings((FINDINGS.rings[1],), (Tie("P2", "P9", "x", 1, 0.5, 2.0),), ()), "run-1")
        store.finish()
        assert pairs(store, "(r:Ring)", "r.ring_id") == {("ring-2",)}
        assert pairs(store, "(r:Ring)-[m:HAS_MEMBER]->()", "r.ring_id, m.entity_id") == {("ring-2", "P1")}
        assert pairs(store, "(a)-[t:TIED]->(b)", "a.patient_id, b.patient_id") == {("P2", "P9")}


def test_graph_of_claims_alone_gives_the_claims_back(tmp_path: Path) -> None:
    claim_set = write(tmp_path / "in", {"claims": SMALL["claims"]})
    file = tmp_path / "graph.lbug"
    build_graph(claim_set, file, MEMORY_GB, 1)
    with LadybugStore(file, memory_gb=MEMORY_GB) as store:
        back = store.read_tables(tmp_path / "back")
    assert rows_of(back) == {"claims": full("claims", SMALL["claims"])}
    assert sorted(entry.name for entry in (tmp_path / "back").iterdir()) == ["claims.parquet"]


def test_values_set_aside_are_marked_and_come_back(tmp_path: Path) -> None:
    aside = (SetAside("patients", "contact_phone", "013800", 900), SetAside("claims", "recruiter_id", "R1", 700))
    file = tmp_path / "graph.lbug"
    with LadybugStore(file, memory_gb=MEMORY_GB) as store:
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


def test_same_claims_on_one_or_two_threads_read_back_the_same(tmp_path: Path) -> None:
    many = [claim(f"C{i:05}", f"P{i % 700}", f"F{i % 9}", "2024-01-01", card_id=f"K{i % 700}") for i in range(5000)]
    claim_set = write(tmp_path / "in", {"claims": many})
    backs = []
    for threads in (1, 2):
        file = tmp_path / f"graph{threads}.lbug"
        build_graph(claim_set, file, MEMORY_GB, threads)
        with LadybugStore(file, memory_gb=MEMORY_GB, threads=threads) as store:
            backs.append(store.read_tables(tmp_path / f"back{threads}").path("claims").read_bytes())
    assert backs[0] == backs[1]


def test_build_takes_picklable_arguments(tmp_path: Path) -> None:
    claim_set = write(tmp_path, {"claims": SMALL["claims"]})
    assert pickle.loads(pickle.dumps((build_graph, claim_set, tmp_path / "g")))[1] == claim_set


def test_progress_rises_to_one_and_names_texts_of_the_catalogue(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB) as store:
        store.build(write(tmp_path / "in", SMALL), lambda key, share: seen.append((key, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(set(shares))
    assert shares[-1] == 1.0
    assert {key for key, _ in seen} == {"store.nodes", "store.edges"}


def test_finished_graph_is_one_private_file_without_log(small_graph: Path) -> None:
    assert sorted(entry.name for entry in small_graph.parent.iterdir()) == ["graph.lbug", "tables"]
    assert stat.S_IMODE(small_graph.stat().st_mode) == 0o600


def test_graph_is_never_built_over_another(small_graph: Path, tmp_path: Path) -> None:
    with LadybugStore(small_graph) as store, pytest.raises(StoreError, match="is there already"):
        store.build(write(tmp_path, SMALL))


def test_missing_and_broken_graph_files_are_store_errors(tmp_path: Path, small_graph: Path) -> None:
    with LadybugStore(tmp_path / "none.lbug") as store, pytest.raises(StoreError, match="there is no graph file"):
        store.query("RETURN 1 AS x")
    broken = tmp_path / "broken.lbug"
    broken.write_bytes(b"nonsense" * 1000)
    with LadybugStore(broken) as store, pytest.raises(StoreError, match="cannot be used"):
        store.query("RETURN 1 AS x")


def test_missing_table_file_is_an_error_without_values(tmp_path: Path) -> None:
    claim_set = write(tmp_path / "in", SMALL)
    claim_set.path("patients").unlink()
    with LadybugStore(tmp_path / "graph.lbug") as store, pytest.raises(StoreError) as caught:
        store.build(claim_set)
    assert "P1" not in str(caught.value)


def test_readers_keep_the_old_graph_while_a_new_one_takes_its_place(small_graph: Path, tmp_path: Path) -> None:
    live = tmp_path / "live.lbug"
    shutil.copy(small_graph, live)
    with LadybugStore(live, memory_gb=MEMORY_GB) as reader:
        assert pairs(reader, "(n:Claim)", "count(*)") == {(4,)}
        fresh = tmp_path / "fresh.lbug"
        build_graph(write(tmp_path / "in", {"claims": SMALL["claims"][:1]}), fresh, MEMORY_GB)
        fresh.replace(live)
        assert pairs(reader, "(n:Claim)", "count(*)") == {(4,)}
    with LadybugStore(live, memory_gb=MEMORY_GB) as reader:
        assert pairs(reader, "(n:Claim)", "count(*)") == {(1,)}


def test_query_is_cut_at_its_limit_and_says_so(store: LadybugStore) -> None:
    statement = "MATCH (c:Claim) RETURN c.claim_id AS id ORDER BY id"
    table = store.query(statement, limit=3)
    assert (table.column("id").to_pylist(), was_cut(table)) == (["0001", "0002", "0003"], True)
    table = store.query(statement, limit=4)
    assert (table.num_rows, was_cut(table)) == (4, False)
    table = store.query("MATCH (c:Claim) RETURN c.claim_id UNION ALL MATCH (c:Claim) RETURN c.claim_id", limit=5)
    assert (table.num_rows, was_cut(table)) == (5, True)
    assert store.query(statement + " LIMIT 2", limit=1).num_rows == 1


def test_query_takes_parameters_of_each_kind(store: LadybugStore) -> None:
    given = {"t": "0001'; DROP", "n": -3, "f": 2.5, "b": True, "z": None, "d": Decimal("-1.25"), "l": ["a", "b"]}
    row = store.query("RETURN $t AS t, $n AS n, $f AS f, $b AS b, $z AS z, $d AS d, $l AS l", given).to_pylist()[0]
    assert row == given


@pytest.mark.parametrize("digits", [3, 4, 5, 9, 10, 18, 19, 38])
def test_decimals_that_a_query_casts_keep_their_sign(store: LadybugStore, digits: int) -> None:
    table = store.query(f"UNWIND ['-1.25', '0.01', '9.99'] AS t RETURN CAST(t AS DECIMAL({digits}, 2)) AS a")
    assert table.column("a").to_pylist() == [Decimal("-1.25"), Decimal("0.01"), Decimal("9.99")]


def test_query_that_takes_too_long_is_stopped(store: LadybugStore) -> None:
    endless = (
        "MATCH (a:Claim), (b:Claim), (c:Claim), (d:Claim) UNWIND range(1, 100000) AS i"
        " RETURN sum(i + size(a.claim_id)) AS s"
    )
    with pytest.raises(UsageError, match=r"longer than 0\.05 s"):
        store.query(endless, seconds=0.05)
    assert store.query("RETURN 1 AS x").to_pylist() == [{"x": 1}]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("MATCH (n:Nobody) RETURN n", "Nobody does not exist"),
        ("MATCH (n:Claim RETURN n", "Parser exception"),
        ("MATCH (n:Claim) RETURN m", "m is not in scope"),
    ],
)
def test_wrong_query_is_a_usage_error_in_the_engines_words(store: LadybugStore, statement: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        store.query(statement)


def test_query_changes_nothing_even_past_the_checks(small_graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = small_graph.read_bytes()
    monkeypatch.setattr("ringfinder.store.statements.FORBIDDEN", frozenset())
    with LadybugStore(small_graph, memory_gb=MEMORY_GB) as store, pytest.raises(UsageError, match="read-only"):
        store.query("MATCH (c:Claim) SET c.service_type = 'x' RETURN 1 AS x")
    assert small_graph.read_bytes() == before


def test_every_label_and_type_of_the_model_is_in_the_graph(store: LadybugStore) -> None:
    names = {row["name"] for row in store.query("CALL show_tables() RETURN *").to_pylist()}
    assert names == {label.name for label in LABELS} | {kind.type for kind in RELATIONSHIPS}


FULL_DISK = """
import resource, sys
from pathlib import Path
from ringfinder.errors import StoreError
from ringfinder.model import ClaimSet
from ringfinder.store.ladybug import build_graph
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    build_graph(ClaimSet(Path(sys.argv[1]), {"claims": 20000}, {}, True), Path(sys.argv[2]), 0.5)
except StoreError as error:
    print(error)
    sys.exit(7)
"""


@pytest.mark.parametrize("room", [100_000, 1_000_000])
def test_full_disk_is_one_sentence(tmp_path: Path, room: int) -> None:
    """A limit on the size of files stands for the full disk: mounting a small one needs root."""
    many = [claim(f"C{i:05}", f"P{i % 700}", f"F{i % 9}", "2024-01-01", card_id=f"K{i}") for i in range(20_000)]
    write(tmp_path / "in", {"claims": many})
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "in"), str(tmp_path / "graph.lbug"), str(room)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert re.fullmatch(r"[^\n]*graph\.lbug[^\n]*; free some space( on its disk)? and run again\n", done.stdout)


def test_claim_that_is_there_twice_is_an_error_and_not_dropped(tmp_path: Path) -> None:
    claim_set = write(tmp_path / "in", {"claims": [SMALL["claims"][0], SMALL["claims"][0]]})
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB) as store, pytest.raises(StoreError) as caught:
        store.build(claim_set)
    assert str(caught.value) == (
        "the graph graph.lbug cannot be used (Copy exception); make it again with `ringfinder run`"
    )


def test_member_who_is_not_in_the_graph_is_an_error_and_not_dropped(tmp_path: Path) -> None:
    stranger = replace(FINDINGS.rings[1], members=(Member("patient", "nobody", "insured", 1.0, 1),))
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB) as store:
        store.build(write(tmp_path / "in", SMALL))
        with pytest.raises(StoreError) as caught:
            store.write_findings(Findings((stranger,), (), ()), "run-1")
    assert "nobody" not in str(caught.value)


def test_large_claim_set_loads_with_the_memory_of_a_small_one(tmp_path: Path) -> None:
    rows = 60_000
    ids = pa.array([f"4403012024-{i:020}-claim" for i in range(rows)])
    table = {name: pa.nulls(rows, ARROW[CLAIMS.column(name).type]) for name in CLAIMS.column_names}
    same = dict.fromkeys(("claim_id", "patient_id", "card_id", "facility_id", "payee_account"), ids)
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(pa.table(table | same), folder / "claims.parquet")
    build_graph(ClaimSet(folder, {"claims": rows}, {}, True), tmp_path / "graph.lbug", 0.02, 2)
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB) as store:
        assert pairs(store, "(c:Claim)-[:PAID_TO]->(a)", "count(*)") == {(rows,)}


def test_load_that_lacks_memory_is_tried_again_with_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfinder.store.memory.POOL_BASE", 8 * 2**20)
    claim_set = write(tmp_path / "in", SMALL)
    with monkeypatch.context() as once, LadybugStore(tmp_path / "once.lbug", memory_gb=0.001) as store:
        once.setattr("ringfinder.store.ladybug.ATTEMPTS", 1)
        with pytest.raises(StoreError, match=r"not enough memory for once\.lbug"):
            store.build(claim_set)
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=0.001) as store:
        store.build(claim_set)
        assert store.file.exists()
