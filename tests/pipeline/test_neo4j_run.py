"""A whole run whose graph goes to a Neo4j server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny

from ringfinder.errors import StoreError, UsageError
from ringfinder.pipeline.graphs import forget, open_graph
from ringfinder.pipeline.steps import Order, run
from ringfinder.settings import DetectionSettings, Settings
from ringfinder.store.neo4j.address import PREFIX, Address
from ringfinder.store.neo4j.store import Neo4jStore
from ringfinder.workspace import Workspace
from ringfinder_api.asking import ask_on_server

SHARED = ("rings.csv", "members.csv", "evidence.csv", "rejects.csv")


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    """A run of the tiny world that would go to a server where none is."""
    for name, value in {"URI": "bolt://127.0.0.1:1", "USER": "neo4j", "PASSWORD": "x"}.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    claims = tiny.write_csv(tmp_path / "claims")
    settings = Settings(detection=DetectionSettings(threads=1))
    return Order(claims, Workspace(tmp_path / "work"), settings, out=tmp_path / "out", store="neo4j")


@pytest.fixture
def to_server(order: Order, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch) -> Order:
    """The same, to the test server."""
    monkeypatch.setenv(f"{PREFIX}URI", neo4j_address.uri)
    monkeypatch.setenv(f"{PREFIX}USER", neo4j_address.user)
    monkeypatch.setenv(f"{PREFIX}PASSWORD", neo4j_address.password)
    return order


@pytest.mark.xdist_group("neo4j")
def test_results_are_the_same_bytes_whoever_holds_the_graph(to_server: Order, tmp_path: Path) -> None:
    on_server = run(to_server)
    in_file = run(replace(to_server, workspace=Workspace(tmp_path / "other"), store="embedded", out=tmp_path / "out2"))
    for name in SHARED:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "out2" / name).read_bytes()
    assert (on_server.stored.store, in_file.stored.store) == ("neo4j", "embedded")
    assert not on_server.stored.graph.exists()
    asked = "MATCH (r:Ring)-[m:HAS_MEMBER]->() RETURN r.ring_id AS ring, m.entity_id AS id ORDER BY ring, id"
    count = "MATCH (c:Claim)-[:FOR_PATIENT]->(p) RETURN count(c) AS claims, count(DISTINCT p.patient_id) AS people"
    with (
        open_graph(on_server.stored, to_server.workspace) as server,
        open_graph(in_file.stored, Workspace(tmp_path / "other")) as file,
    ):
        for statement in (asked, count):
            assert server.query(statement).to_pylist() == file.query(statement).to_pylist()


@pytest.mark.xdist_group("neo4j")
def test_reader_of_an_older_run_is_told_which_one_is_shown(to_server: Order) -> None:
    first, second = run(to_server), run(to_server)
    with open_graph(second.stored, to_server.workspace) as store:
        assert store.query("MATCH (r:Ring) RETURN DISTINCT r.run_id AS id").to_pylist() in (
            [],
            [{"id": second.stored.run_id}],
        )
    with (
        open_graph(first.stored, to_server.workspace) as store,
        pytest.raises(StoreError, match=f"shows run {second.stored.run_id}, not {first.stored.run_id}"),
    ):
        store.query("RETURN 1 AS x")
    forget([first.stored.run_id], to_server.workspace)


@pytest.mark.xdist_group("neo4j")
def test_run_that_fails_leaves_the_one_that_is_shown(to_server: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    good = run(to_server)

    def fail(*_: object) -> None:
        raise StoreError("broken off")

    monkeypatch.setattr(Neo4jStore, "finish", fail)
    with pytest.raises(StoreError, match="broken off"):
        run(to_server)
    with open_graph(good.stored, to_server.workspace) as store:
        assert store.query("MATCH (c:Claim) RETURN count(*) AS n").to_pylist()[0]["n"] > 0


def test_server_that_is_not_there_is_told_before_anything_is_read(order: Order, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not answer; start it"):
        run(replace(order, claims=tmp_path / "nowhere"))
    assert order.workspace.current() is None


def test_run_without_a_server_says_how_to_start_one(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(f"{PREFIX}URI")
    with pytest.raises(UsageError, match="start one with `ringfinder neo4j up`"):
        run(order)


@pytest.mark.xdist_group("neo4j")
def test_own_cypher_of_the_service_is_masked_cut_and_stopped_on_the_server(to_server: Order) -> None:
    stored, folder = run(to_server).stored, to_server.workspace.folder

    def told(statement: str, limit: int = 2, seconds: float = 30.0) -> dict[str, Any]:
        return ask_on_server(folder, stored.run_id, statement, {}, limit, seconds)

    names = told("MATCH (p:Patient) WHERE p.name IS NOT NULL RETURN p.name AS name ORDER BY p.patient_id")
    assert names["cut"]
    assert all(name.endswith("*") for (name,) in names["rows"])
    assert told("UNWIND range(1, 1000000000) AS x WITH x WHERE x % 2 = 0 RETURN count(x)", seconds=0.5) == {
        "slow": True
    }
    assert "only reads" in told("MATCH (p:Patient) SET p.name = 'x' RETURN p")["said"]["en"]
