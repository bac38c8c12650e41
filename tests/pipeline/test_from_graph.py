"""Rings found from a graph are those found from the files that it was made of, byte for byte, on both stores."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import ladybug
import pytest

from ringfinder.claims.city import make_city
from ringfinder.errors import StoreError, UsageError
from ringfinder.pipeline.from_graph import GraphSource
from ringfinder.pipeline.graphs import claim_set_of, forget, open_graph
from ringfinder.pipeline.steps import Finished, Order, run
from ringfinder.settings import DetectionSettings, Settings
from ringfinder.store.neo4j.address import PREFIX, Address
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.store import Neo4jStore
from ringfinder.store.queries import run as run_named
from ringfinder.workspace import Workspace

RESULTS = ("rings.csv", "members.csv", "evidence.csv")
# What a bureau might have made of it: names and directions of its own, times with a zone, money as text, and no marks.
THEIRS = (
    "MATCH (n:Patient|Card|Doctor|Facility|Recruiter) WHERE NOT n.registered DETACH DELETE n",
    "MATCH (n:SetAside|ClaimSet|RingFinderGraph|RingFinderPart|Ring) DETACH DELETE n",
    "MATCH (d:Doctor)<-[r:BY_DOCTOR]-(c) CREATE (d)-[:TREATED]->(c) DELETE r",
    "MATCH (p)-[r:HAS_PHONE {use: 'contact'}]->(n) CREATE (p)-[:CONTACT]->(n) DELETE r",
    "MATCH (c:Claim) SET c.number = c.claim_id, c.begun = datetime({datetime: c.start_time, timezone: 'Asia/Shanghai'}),"
    " c.fund_amount = toString(c.fund_amount), c:Settlement REMOVE c:Claim, c.claim_id, c.start_time",
    "MATCH (n:Patient) SET n:Person REMOVE n:Patient, n.registered, n.set_aside",
)
NAMES = """
labels = {Claim = "Settlement", Patient = "Person"}
properties.Claim = {claim_id = "number", start_time = "begun"}
relationships = {BY_DOCTOR = {type = "TREATED", reversed = true}, "patients.contact_phone" = "CONTACT"}
"""


@dataclass
class Files:
    """A run on files, and where its results went."""

    order: Order
    finished: Finished
    bytes: dict[str, bytes]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    place = tmp_path_factory.mktemp("files")
    make_city(place / "city", 700, 3, 2)
    order = Order(
        place / "city", Workspace(place / "work"), Settings(detection=DetectionSettings(threads=1)), out=place / "out"
    )
    finished = run(order)
    assert len(finished.results.rings) > 1
    return Files(order, finished, results(place / "out"))


def results(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in RESULTS}


def again(files: Files, tmp_path: Path, source: GraphSource) -> dict[str, bytes]:
    """The results of a run in a new workspace whose claims come from the graph."""
    order = replace(
        files.order, claims=Path("nowhere"), workspace=Workspace(tmp_path / "work"), out=tmp_path / "out", graph=source
    )
    finished = run(order)
    info = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (info["source"], info["profile"]) == (source.name, "graph")
    assert info["tables"] == files.finished.stored.info["tables"]
    assert info["set_aside"] == files.finished.stored.info["set_aside"]
    assert not list(finished.stored.folder.glob(".parts-*"))
    return results(tmp_path / "out")


@pytest.fixture
def on_server(files: Files, neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Address:
    """The claims in the test server's database, which the environment names."""
    for name, value in (("URI", neo4j_address.uri), ("USER", neo4j_address.user), ("PASSWORD", neo4j_address.password)):
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    with Neo4jStore(neo4j_address, scratch=tmp_path) as store:
        store.build(claim_set_of(files.finished.stored))
    return neo4j_address


@pytest.mark.xdist_group("neo4j")
def test_rings_from_a_graph_file_are_those_from_the_files(files: Files, tmp_path: Path) -> None:
    assert again(files, tmp_path, GraphSource("embedded", files.finished.stored.graph)) == files.bytes


@pytest.mark.xdist_group("neo4j")
@pytest.mark.usefixtures("on_server")
def test_rings_from_neo4j_are_those_from_the_files(files: Files, tmp_path: Path) -> None:
    assert again(files, tmp_path, GraphSource("neo4j")) == files.bytes


@pytest.mark.xdist_group("neo4j")
def test_rings_from_a_graph_with_names_of_its_own_are_those_from_the_files(
    files: Files, on_server: Address, tmp_path: Path
) -> None:
    link = Link(on_server)
    for statement in THEIRS:
        link.change(statement)
    try:
        (tmp_path / "names.toml").write_text(NAMES, encoding="utf-8")
        assert again(files, tmp_path, GraphSource("neo4j", mapping=tmp_path / "names.toml")) == files.bytes
    finally:
        link.steps("MATCH (n)", "n", "DETACH DELETE n", 10_000)
        link.close()


# The same of a graph file: labels and types are tables there, and times have no zone.
THEIRS_IN_A_FILE = (
    *(f"MATCH (n:{name}) WHERE NOT n.registered DETACH DELETE n" for name in ("Patient", "Card", "Doctor", "Facility", "Recruiter")),
    *(f"DROP TABLE {name}" for name in ("HAS_MEMBER", "RESTS_ON", "TIED", "Ring", "SetAside", "ClaimSet")),
    "CREATE REL TABLE TREATED(FROM Doctor TO Claim)",
    "MATCH (d:Doctor)<-[:BY_DOCTOR]-(c:Claim) CREATE (d)-[:TREATED]->(c)",
    "DROP TABLE BY_DOCTOR",
    "CREATE REL TABLE CONTACT(FROM Patient TO Phone)",
    "MATCH (p:Patient)-[:HAS_PHONE {use: 'contact'}]->(n:Phone) CREATE (p)-[:CONTACT]->(n)",
    "MATCH (:Patient)-[r:HAS_PHONE {use: 'contact'}]->(:Phone) DELETE r",
    "ALTER TABLE Claim ADD `begun at` STRING",
    "MATCH (c:Claim) SET c.`begun at` = CAST(c.start_time AS STRING)",
    "ALTER TABLE Claim DROP start_time",
    "ALTER TABLE Claim RENAME claim_id TO number",
    "ALTER TABLE Claim RENAME TO `Settle ment`",
    "ALTER TABLE Patient DROP registered",
    "ALTER TABLE Patient RENAME TO Person",
)  # fmt: skip
NAMES_IN_A_FILE = NAMES.replace("Settlement", "Settle ment").replace('"begun"', '"begun at"')


def test_rings_from_a_graph_file_with_names_of_its_own_are_those_from_the_files(files: Files, tmp_path: Path) -> None:
    theirs, names = tmp_path / "theirs.lbug", tmp_path / "names.toml"
    shutil.copy(files.finished.stored.graph, theirs)
    with (
        ladybug.Database(theirs, buffer_pool_size=2**28, max_db_size=2**32) as database,
        ladybug.Connection(database) as connection,
    ):
        for statement in THEIRS_IN_A_FILE:
            connection.execute(statement)
    names.write_text(NAMES_IN_A_FILE, encoding="utf-8")
    assert again(files, tmp_path, GraphSource("embedded", theirs, names)) == files.bytes
    with pytest.raises(UsageError, match=r"^the graph file theirs\.lbug: there is no node Claim to be a claim"):
        run(replace(files.order, workspace=Workspace(tmp_path / "w"), graph=GraphSource("embedded", theirs)))


@pytest.mark.xdist_group("neo4j")
def test_rings_of_a_bureau_s_graph_are_written_beside_it_where_ours_have_a_prefix(
    files: Files, on_server: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its names are ours, so that no name need be mapped; without a prefix it would be refused."""
    link = Link(on_server)

    def everything(of: str = "") -> list[str]:
        nodes = link.rows(f"MATCH (n) {of} RETURN id(n), labels(n), properties(n)")
        return sorted(map(repr, nodes + link.rows(f"MATCH (n)-[r]->(m) {of} RETURN id(r), type(r), id(n), id(m)")))

    try:
        link.change("MATCH (n:SetAside|ClaimSet|RingFinderGraph|RingFinderPart|Ring|KeptRing) DETACH DELETE n")
        link.change("MATCH (n:Patient|Card|Doctor|Facility|Recruiter) WHERE NOT n.registered DETACH DELETE n")
        before = everything()
        names = tmp_path / "names.toml"
        names.touch()
        monkeypatch.setenv(f"{PREFIX}PREFIX", "RF_")
        with pytest.raises(StoreError, match="no graph of claims whose names begin with RF_"):
            again(files, tmp_path / "none", GraphSource("neo4j"))
        beside = replace(files, order=replace(files.order, store="neo4j"))
        assert again(beside, tmp_path / "theirs", GraphSource("neo4j", mapping=names)) == files.bytes
        place = Workspace(tmp_path / "theirs" / "work")
        with open_graph(place.needed(), place) as store:
            rings = run_named(store, "result/rings", {}).column("ring_id").to_pylist()
        assert sorted(rings) == sorted(ring.ring_id for ring in files.finished.results.rings)
        assert again(files, tmp_path / "ours", GraphSource("neo4j")) == files.bytes
        forget([place.needed().run_id], place)
        assert link.rows("MATCH (n:RF_Ring|RF_KeptRing) RETURN count(n)") == [[0]]
        assert everything("WHERE none(l IN labels(n) WHERE l STARTS WITH 'RF_')") == before
    finally:
        link.steps("MATCH (n)", "n", "DETACH DELETE n", 10_000)
        link.close()


def test_graph_that_is_not_there_is_told(files: Files, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no graph file none\.lbug; name the graph\.lbug of a run"):
        again(files, tmp_path, GraphSource("embedded", tmp_path / "none.lbug"))
    with pytest.raises(UsageError, match="has no run yet"):
        again(files, tmp_path, GraphSource("embedded"))


def test_source_that_contradicts_itself_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the claims are in the database; leave CLAIMS out"):
        GraphSource("neo4j", tmp_path)
    with pytest.raises(UsageError, match="a mapping is for a graph of your own; name its file"):
        GraphSource("embedded", None, tmp_path)
