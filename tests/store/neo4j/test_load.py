from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.model import ClaimSet
from ringfinder.store.neo4j import load, marks
from ringfinder.store.neo4j.address import Address
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.store import Neo4jStore

from ..claim_sets import SMALL, claim, rows_of, write
from ..conftest import FINDINGS
from .conftest import counts, wipe

pytestmark = pytest.mark.xdist_group("neo4j")

MANY = [
    claim(
        f"C{i:04}",
        f"P{i % 97}",
        f"F{i % 7}",
        "2024-01-01 10:00:00",
        card_id=f"K{i % 97}" if i % 3 else None,
        doctor_id=f"D{i % 11}",
        refund_of=f"C{i - 5:04}" if i % 50 == 5 else None,
    )
    for i in range(600)
]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 20)


def test_same_claims_are_loaded_once(small: Neo4jStore, link: Link, tmp_path: Path) -> None:
    before = link.rows("MATCH (c:Claim) RETURN id(c) ORDER BY id(c)")
    told: list[float] = []
    small.build(write(tmp_path / "again", SMALL), lambda _, share: told.append(share))
    assert link.rows("MATCH (c:Claim) RETURN id(c) ORDER BY id(c)") == before
    assert told == [1.0]


def test_other_claims_replace_those_before(small: Neo4jStore, link: Link, tmp_path: Path) -> None:
    small.build(write(tmp_path / "other", {"claims": SMALL["claims"][1:2]}))
    assert counts(link) == {
        "Claim": 1,
        "Patient": 1,
        "Facility": 1,
        "ClaimSet": 1,
        "KeptRing": 2,
        "RingFinderGraph": 1,
        "FOR_PATIENT": 1,
        "AT_FACILITY": 1,
    }


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("stop", [0.05, 0.4, 0.9])
def test_load_that_broke_off_goes_on_where_it_was(empty: Link, tmp_path: Path, stop: float) -> None:
    claim_set = write(tmp_path / "in", {"claims": MANY})

    def break_off(_: str, share: float) -> None:
        if share >= stop:
            raise InterruptedError

    with Neo4jStore(empty.address) as store:
        with pytest.raises(StoreError):
            store.build(claim_set, break_off)
        with pytest.raises(StoreError, match="holds an unfinished graph of claims"):
            store.query("RETURN 1 AS x")
        there = empty.rows("MATCH (c:Claim) RETURN id(c)")
        store.build(claim_set)
        assert {row[0] for row in there} <= {row[0] for row in empty.rows("MATCH (c:Claim) RETURN id(c)")}
        assert rows_of(store.read_tables(tmp_path / "back")) == rows_of(claim_set)


def test_removal_that_broke_off_is_finished_by_whatever_is_loaded_next(
    empty: Link, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = write(tmp_path / "one", SMALL), write(tmp_path / "two", {"claims": MANY})
    real, steps = Link.steps, []

    def break_off(link: Link, *step: str | int) -> None:
        steps.append(step)
        if len(steps) == 4:
            raise InterruptedError
        real(link, *step)

    with Neo4jStore(empty.address) as store:
        store.build(first)
        with monkeypatch.context() as once:
            once.setattr(Link, "steps", break_off)
            with pytest.raises(StoreError):
                store.build(second)
        store.build(first)
        assert rows_of(store.read_tables(tmp_path / "back")) == rows_of(first)


KILLED = """
import sys
from pathlib import Path
from ringfinder.model import ClaimSet
from ringfinder.store.neo4j import load
from ringfinder.store.neo4j.address import read_file
from ringfinder.store.neo4j.store import Neo4jStore
load.BATCH = 20
with Neo4jStore(read_file(Path(sys.argv[2]))) as store:
    store.build(ClaimSet(Path(sys.argv[1]), {"claims": 600}, {}, True), lambda _, share: print(share, flush=True))
"""


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("lines", [1, 12, 30])
def test_load_killed_at_any_moment_is_as_if_nothing_had_happened(empty: Link, tmp_path: Path, lines: int) -> None:
    claim_set = write(tmp_path / "in", {"claims": MANY})
    named = as_file(empty.address, tmp_path / "server.json")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "in"), str(named)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(lines):
            assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)
    with Neo4jStore(empty.address) as store:
        store.build(claim_set)
        assert rows_of(store.read_tables(tmp_path / "back")) == rows_of(claim_set)


def as_file(address: Address, file: Path) -> Path:
    import json  # noqa: PLC0415

    file.write_text(json.dumps({"uri": address.uri, "user": address.user, "password": address.password}))
    file.chmod(0o600)
    return file


@pytest.mark.usefixtures("small_batches")
def test_answer_lost_after_a_commit_does_not_load_a_batch_twice(
    empty: Link, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver does not know that the server committed, and runs the batch again."""
    real = Link.write
    lost: list[int] = []

    def twice(link: Link, work: Callable[[neo4j.ManagedTransaction], Any]) -> Any:
        lost.append(1)
        real(link, work)
        return real(link, work)

    monkeypatch.setattr(Link, "write", twice)
    claim_set = write(tmp_path / "in", {"claims": MANY})
    with Neo4jStore(empty.address) as store:
        store.build(claim_set)
        assert len(lost) > 30
        assert rows_of(store.read_tables(tmp_path / "back")) == rows_of(claim_set)


@pytest.mark.usefixtures("small_batches")
def test_load_that_another_took_over_stops(empty: Link, tmp_path: Path) -> None:
    def take_over(_: str, share: float) -> None:
        if share > 0.3:
            empty.change("MATCH (g:RingFinderGraph) SET g.owner = 'another'")

    with Neo4jStore(empty.address) as store, pytest.raises(StoreError, match="another run loads into the same Neo4j"):
        store.build(write(tmp_path / "in", {"claims": MANY}), take_over)


@pytest.mark.parametrize("theirs", ["CREATE (:Patient {name: 'x'})", "CREATE (:A)-[:OWNS]->(:B)", "CREATE (:Ring)"])
def test_nodes_and_relationships_of_others_under_our_names_are_not_mixed_with_ours(
    empty: Link, tmp_path: Path, theirs: str
) -> None:
    empty.change(theirs)
    before = empty.rows("MATCH (n) RETURN count(n)")
    with (
        Neo4jStore(empty.address) as store,
        pytest.raises(UsageError, match=r"holds 1 \w+ that RingFinder did not make"),
    ):
        store.build(write(tmp_path / "in", SMALL))
    assert empty.rows("MATCH (n) RETURN count(n)") == before
    wipe(empty)


def test_data_of_others_stays_when_claims_are_replaced(empty: Link, tmp_path: Path) -> None:
    empty.change("CREATE (:Book {title: 'a'})-[:CITES]->(:Book {title: 'b'})")
    with Neo4jStore(empty.address) as store:
        store.build(write(tmp_path / "one", SMALL))
        store.build(write(tmp_path / "two", {"claims": SMALL["claims"][:1]}))
    assert empty.rows("MATCH (a:Book)-[:CITES]->(b:Book) RETURN a.title, b.title") == [["a", "b"]]
    wipe(empty)


def test_relationships_that_others_joined_to_ours_are_a_reason_to_refuse(empty: Link, tmp_path: Path) -> None:
    with Neo4jStore(empty.address) as store:
        store.build(write(tmp_path / "one", SMALL))
        empty.change("MATCH (p:Patient {patient_id: 'P1'}) CREATE (:Note {text: 'x'})-[:ABOUT]->(p)")
        with pytest.raises(UsageError, match="others joined 1 relationships to what RingFinder loaded"):
            store.build(write(tmp_path / "two", {"claims": SMALL["claims"][:1]}))
        assert empty.rows("MATCH (:Note)-[:ABOUT]->(p) RETURN p.patient_id") == [["P1"]]
    wipe(empty)


def test_node_added_under_our_label_is_noticed(small: Neo4jStore, link: Link, tmp_path: Path) -> None:
    link.change("CREATE (:Doctor {doctor_id: 'theirs'})")
    try:
        with pytest.raises(StoreError, match="holds 4 Doctor where the claims make 3"):
            small.build(write(tmp_path / "same", SMALL))
        with pytest.raises(UsageError, match="holds 1 Doctor that RingFinder did not make"):
            small.build(write(tmp_path / "other", {"claims": SMALL["claims"][:1]}))
    finally:
        link.change("MATCH (d:Doctor {doctor_id: 'theirs'}) DELETE d")


def test_database_without_a_graph_says_how_to_make_one(empty: Link) -> None:
    with Neo4jStore(empty.address) as store, pytest.raises(StoreError, match="holds no graph of claims; make one with"):
        store.query("RETURN 1 AS x")


def test_run_that_is_not_shown_is_told_and_not_mistaken(small: Neo4jStore, link: Link) -> None:
    with (
        Neo4jStore(link.address, run_id="run-8") as store,
        pytest.raises(StoreError, match="shows run run-7, not run-8"),
    ):
        store.query("MATCH (r:Ring) RETURN r")
    with Neo4jStore(link.address, run_id="run-7") as store:
        assert store.query("MATCH (r:Ring) RETURN r.ring_id").num_rows == 2


def shown(link: Link) -> tuple[list[Any], list[Any], str | None]:
    rings = link.rows("MATCH (r:Ring) RETURN r.run_id, r.ring_id ORDER BY r.ring_id")
    return rings, link.rows("MATCH ()-[t:TIED]->() RETURN t.channel ORDER BY t.channel"), marks.read(link).shown


def test_results_of_earlier_runs_are_kept_and_not_shown(small: Neo4jStore, link: Link) -> None:
    before = shown(link)
    small.write_findings(type(FINDINGS)(FINDINGS.rings[:1], FINDINGS.ties[:1], FINDINGS.channels), "run-8")
    assert shown(link) == before  # written, not yet shown: killed here, run-7 is whole
    small.finish()
    assert shown(link) == ([["run-8", "ring-1"]], [["came_together"]], "run-8")
    kept = link.rows("MATCH (r:KeptRing)-[m:HAS_MEMBER]->() RETURN r.run_id, count(m)")
    assert kept == [["run-7", sum(len(ring.members) for ring in FINDINGS.rings)]]
    assert link.rows("MATCH ()-[k:KEPT_TIED]->() RETURN k.run_id, count(k)") == [["run-7", 2]]
    small.forget("run-7")
    assert link.rows("MATCH (r:KeptRing) RETURN r") == []
    assert shown(link) == ([["run-8", "ring-1"]], [["came_together"]], "run-8")
    small.forget("run-8")
    assert shown(link) == ([], [], None)


def test_results_that_a_killed_run_left_are_removed_by_the_next(small: Neo4jStore, link: Link) -> None:
    small.write_findings(FINDINGS, "killed")
    small.write_findings(FINDINGS, "run-9")
    small.finish()
    assert link.rows("MATCH (r:KeptRing) RETURN DISTINCT r.run_id") == [["run-7"]]
    assert marks.read(link).writing is None
    small.forget("run-7")


def test_claim_set_without_a_folder_of_its_own_is_read_only(small: Neo4jStore, tmp_path: Path) -> None:
    claim_set = write(tmp_path / "in", SMALL)
    small.build(ClaimSet(claim_set.folder, claim_set.rows, claim_set.filled, claim_set.hours_known))
    assert sorted(file.suffix for file in claim_set.folder.iterdir()) == [".parquet"] * len(SMALL)
