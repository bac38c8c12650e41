from __future__ import annotations

import pickle
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.graph import LABELS, RELATIONSHIPS
from ringfinder.model import ClaimSet, SetAside
from ringfinder.store import memory
from ringfinder.store.ladybug import LadybugStore, build_graph
from ringfinder.tables import CLAIMS

from .claim_sets import ARROW, SMALL, claim, write
from .conftest import FINDINGS, MEMORY_GB
from .test_contract import pairs


@pytest.fixture
def store(small_graph: Path) -> Iterator[LadybugStore]:
    """The small graph in this store alone."""
    with LadybugStore(small_graph, memory_gb=MEMORY_GB) as opened:
        yield opened


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


@pytest.mark.parametrize("digits", [3, 4, 5, 9, 10, 18, 19, 38])
def test_decimals_that_a_query_casts_keep_their_sign(store: LadybugStore, digits: int) -> None:
    table = store.query(f"UNWIND ['-1.25', '0.01', '9.99'] AS t RETURN CAST(t AS DECIMAL({digits}, 2)) AS a")
    assert table.column("a").to_pylist() == [Decimal("-1.25"), Decimal("0.01"), Decimal("9.99")]


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


def test_many_different_queries_take_no_more_memory_than_one(small_graph: Path) -> None:
    """A connection that kept its statements would fill so small a pool before the end."""
    with LadybugStore(small_graph, memory_gb=0.1) as store:
        for n in range(80):
            statement = f"MATCH (p:Patient)<-[:FOR_PATIENT]-(c:Claim) WHERE p.patient_id <> $id RETURN p.patient_id, count(*), {n}"
            assert store.query(statement, {"id": "P1"}).num_rows == 2


def test_claims_out_of_their_order_are_an_error(tmp_path: Path) -> None:
    claim_set = write(tmp_path / "in", SMALL)
    rows = pq.read_table(claim_set.path("claims"))
    pq.write_table(rows.take(list(range(rows.num_rows))[::-1]), claim_set.path("claims"))
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB) as store, pytest.raises(StoreError) as caught:
        store.build(claim_set)
    assert str(caught.value) == "claims for the graph graph.lbug are there twice or unsorted; read the claims again"


def test_nodes_stand_at_their_places_in_sorted_order_over_several_of_the_engine_s_vectors(tmp_path: Path) -> None:
    """And its relationships are its own: each of 5,000 claims is for the patient of its number."""
    many = 5000
    claims = [claim(f"{n:05}", f"P{n % 1777}", f"F{n % 7}", "2024-03-01 08:30:15") for n in range(many)]
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB, threads=2) as store:
        store.build(write(tmp_path / "in", {"claims": claims}))
        found = store.query(
            "MATCH (p:Patient)<-[:FOR_PATIENT]-(c:Claim)-[:AT_FACILITY]->(f:Facility)"
            " RETURN c.position AS n, c.claim_id AS c, p.patient_id AS p, f.facility_id AS f ORDER BY n",
            limit=many,
        )
        people = store.query("MATCH (p:Patient) RETURN p.position AS n, p.patient_id AS p ORDER BY n", limit=many)
    rows = [tuple(row.values()) for row in found.to_pylist()]
    assert rows == [(n, f"{n:05}", f"P{n % 1777}", f"F{n % 7}") for n in range(many)]
    assert people.column("n").to_pylist() == list(range(1777))
    assert people.column("p").to_pylist() == sorted(f"P{n}" for n in range(1777))


def test_a_ring_rests_on_its_claims_whether_their_table_is_at_hand_or_not(tmp_path: Path) -> None:
    many, rests = 5000, ("00003", "02048", "04999")
    claims = [claim(f"{n:05}", f"P{n % 17}", "F1", "2024-03-01 08:30:15") for n in range(many)]
    read = write(tmp_path / "in", {"claims": claims})
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB) as store:
        store.build(read)
    found = []
    for at_hand in (None, read.path("claims")):
        ring = replace(FINDINGS.rings[0], members=(), claim_ids=rests)
        with LadybugStore(tmp_path / "graph.lbug", memory_gb=MEMORY_GB, claims=at_hand) as store:
            store.write_findings(replace(FINDINGS, rings=(ring,), ties=()), "run-1")
            edges = store.query(
                "MATCH (:Ring)-[:RESTS_ON]->(c:Claim) RETURN c.claim_id AS c, c.position AS n ORDER BY n"
            )
        found.append([tuple(row.values()) for row in edges.to_pylist()])
    assert found == [[("00003", 3), ("02048", 2048), ("04999", 4999)]] * 2


def test_evidence_of_many_claims_is_written_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """600,000 claims, of which a ring rests on each thousandth: gathered with their ids in the engine, they did not fit in such a pool."""
    many = 600_000
    claims = {
        "claim_id": pa.array([f"claim-with-a-long-id-{n:010}" for n in range(many)]),
        "patient_id": pa.array([f"P{n % 1000}" for n in range(many)]),
    }
    empty = {c.name: pa.nulls(many, ARROW[c.type]) for c in CLAIMS.columns}
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(pa.table(empty | claims), folder / "claims.parquet")
    rests = tuple(f"claim-with-a-long-id-{n:010}" for n in range(0, many, 1000))
    ring = replace(FINDINGS.rings[0], members=(), claim_ids=rests)
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=0.1) as store:
        store.build(ClaimSet(folder, {"claims": many}, {"claims": frozenset(claims)}, False))
        store.finish()
    monkeypatch.setattr(memory, "POOL_BASE", 64 * 2**20)
    with LadybugStore(tmp_path / "graph.lbug", memory_gb=0.01) as store:
        store.write_findings(replace(FINDINGS, rings=(ring,), ties=()), "run-1")
        found = store.query(
            "MATCH (:Ring)-[:RESTS_ON]->(c:Claim)-[:FOR_PATIENT]->(p:Patient)"
            " RETURN count(*) AS claims, min(p.patient_id) AS first, max(p.patient_id) AS last"
        ).to_pylist()
    assert found == [{"claims": 600, "first": "P0", "last": "P0"}]
