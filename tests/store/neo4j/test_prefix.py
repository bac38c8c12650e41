"""Our graph in a database that holds others' data under the very same names: with a prefix, neither sees the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.graph import LABELS, RELATIONSHIPS
from ringfinder.store.neo4j.address import Address
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.schema import OUR_LABELS, OUR_TYPES
from ringfinder.store.neo4j.store import Neo4jStore

from ..claim_sets import SMALL, rows_of, write
from ..conftest import FINDINGS, fill
from .conftest import counts, wipe
from .test_load import MANY

pytestmark = pytest.mark.xdist_group("neo4j")

EDGES = " ".join(
    f"CREATE (n_{one.ends[0].origin})-[:{one.type} {{theirs: true, channel: 'theirs'}}]->(n_{one.ends[0].target})"
    for one in RELATIONSHIPS
)
# One of each of our labels and types, made by somebody else, with our keys and a rule of their own.
THEIRS = " ".join([*(f"CREATE (n_{one.name}:{one.name} {{{one.key}: 'P1', theirs: true}})" for one in LABELS), EDGES])
THEIR_RULE = "CREATE CONSTRAINT theirs IF NOT EXISTS FOR (n:Patient) REQUIRE n.theirs IS UNIQUE"
ALL_NODES = "MATCH (n) WHERE NOT any(l IN labels(n) WHERE l STARTS WITH 'RF_') RETURN id(n), labels(n), properties(n)"
ALL_EDGES = "MATCH (a)-[r]->(b) WHERE NOT type(r) STARTS WITH 'RF_' RETURN id(a), id(r), type(r), properties(r), id(b)"
RULES = "SHOW CONSTRAINTS YIELD name RETURN name"


@pytest.fixture
def theirs(empty: Link) -> Iterator[Link]:
    """A database in which others have each of our names."""
    before = names_of_rules(empty)
    for name in before:
        empty.change(f"DROP CONSTRAINT `{name}`")
    empty.change(THEIR_RULE)
    empty.change(THEIRS)
    yield empty
    wipe(empty)
    for name in names_of_rules(empty):
        empty.change(f"DROP CONSTRAINT `{name}`")


def names_of_rules(link: Link) -> list[str]:
    with link.session(reading=True) as session:
        return sorted(row[0] for row in session.run(RULES).values())


def beside(link: Link) -> dict[str, Any]:
    """Everything in the database that does not begin with our prefix."""
    rules = [name for name in names_of_rules(link) if not name.startswith("ringfinder_RF_")]
    return {"nodes": sorted(link.rows(ALL_NODES)), "edges": sorted(link.rows(ALL_EDGES)), "rules": rules}


def ours(link: Link) -> Address:
    return replace(link.address, prefix="RF_")


def test_graph_with_a_prefix_is_made_replaced_and_forgotten_beside_theirs(theirs: Link, tmp_path: Path) -> None:
    before = beside(theirs)
    with Neo4jStore(theirs.address) as plain, pytest.raises(UsageError, match="holds 1 Claim that RingFinder did not"):
        plain.build(write(tmp_path / "refused", SMALL))
    with Neo4jStore(ours(theirs)) as store:
        assert not store.has_graph()
        fill(store, tmp_path / "one")
        store.build(write(tmp_path / "again", SMALL))  # loads nothing
        assert rows_of(store.read_tables(tmp_path / "back")) == rows_of(write(tmp_path / "in", SMALL))
        store.write_findings(FINDINGS, "run-8")
        store.finish()
        with closing(Link(ours(theirs))) as link:
            assert {name[0] for name in link.rows("MATCH (r:Ring) RETURN r.run_id")} == {"run-8"}
            assert {name[0] for name in link.rows("MATCH (r:KeptRing) RETURN r.run_id")} == {"run-7"}
        store.build(write(tmp_path / "two", {"claims": MANY}))  # removes what was there before
        store.write_findings(replace(FINDINGS, rings=(), ties=()), "run-9")
        store.finish()
        for run_id in ("run-7", "run-8", "run-9"):
            store.forget(run_id)
    assert beside(theirs) == before
    own = {name for name in names_in(theirs) if name.startswith("RF_")}
    assert own == {"RF_" + name for name in (*OUR_LABELS, *OUR_TYPES)} & own
    assert theirs.rows("MATCH (n:RF_Claim) RETURN count(n)") == [[600]]
    assert theirs.rows("MATCH (n:RF_KeptRing) RETURN count(n)") == [[0]]


def names_in(link: Link) -> set[str]:
    nodes = link.rows("MATCH (n) UNWIND labels(n) AS name RETURN DISTINCT name")
    edges = link.rows("MATCH ()-[r]->() RETURN DISTINCT type(r)")
    return {name for (name,) in [*nodes, *edges]}


def test_queries_mean_ours_and_backticks_theirs(theirs: Link, tmp_path: Path) -> None:
    with Neo4jStore(ours(theirs)) as store:
        fill(store, tmp_path / "in")

        def answer(statement: str) -> list[Any]:
            return [tuple(row.values()) for row in store.query(statement).to_pylist()]

        assert sorted(answer("MATCH (p:Patient) RETURN p.patient_id")) == [("P1",), ("P2",), ("P7",), ("P9",)]
        assert answer("MATCH (p:`Patient`) RETURN p.patient_id, p.theirs") == [("P1", True)]
        assert answer("MATCH (:Patient)-[t:TIED]->() RETURN DISTINCT t.channel ORDER BY t.channel") == [
            ("came_together",),
            ("transfers",),
        ]
        assert answer("MATCH (:Patient)-[t:`TIED`]->() RETURN t.channel") == []
        ((ring, member),) = answer("MATCH (r:Ring {ring_id: 'ring-2'})-[m:HAS_MEMBER]->(p:Patient) RETURN r, m")
        assert (ring["_label"], member["_label"], member["entity_id"]) == ("Ring", "HAS_MEMBER", "P1")
        assert answer("MATCH (p:Patient {patient_id: 'P7'}) RETURN labels(p)") == [(["RF_Patient"],)]
        with pytest.raises(UsageError, match="SET is not allowed"):
            store.query("MATCH (r:Ring) SET r:Other RETURN r.ring_id AS x")


def test_graphs_with_two_prefixes_lie_in_one_database(theirs: Link, tmp_path: Path) -> None:
    before = beside(theirs)
    one, two = (replace(theirs.address, prefix=prefix) for prefix in ("RF_", "RF_2_"))
    with Neo4jStore(one) as first, Neo4jStore(two) as second:
        fill(first, tmp_path / "one")
        second.build(write(tmp_path / "two", {"claims": MANY}))
        assert first.query("MATCH (c:Claim) RETURN count(c) AS n").to_pylist() == [{"n": 4}]
        assert second.query("MATCH (c:Claim) RETURN count(c) AS n").to_pylist() == [{"n": 600}]
        second.build(write(tmp_path / "three", {"claims": MANY[:5]}))
        assert rows_of(first.read_tables(tmp_path / "back")) == rows_of(write(tmp_path / "in", SMALL))
    assert beside(theirs) == before


def test_unprefixed_graph_and_prefixed_one_do_not_meet(link: Link, empty: Link, tmp_path: Path) -> None:
    with Neo4jStore(empty.address) as plain, Neo4jStore(ours(empty)) as other:
        fill(plain, tmp_path / "one")
        before = counts(link)
        other.build(write(tmp_path / "two", {"claims": MANY}))
        other.build(write(tmp_path / "three", {"claims": MANY[:5]}))
        assert {name: n for name, n in counts(link).items() if not name.startswith("RF_")} == before
        assert rows_of(plain.read_tables(tmp_path / "back")) == rows_of(write(tmp_path / "in", SMALL))
    wipe(link)


def test_nodes_that_others_gave_our_prefix_are_refused_by_that_name(empty: Link, tmp_path: Path) -> None:
    empty.change("CREATE (:RF_Card {card_id: 'K1'})")
    with (
        Neo4jStore(ours(empty)) as store,
        pytest.raises(UsageError, match=r"holds 1 RF_Card that RingFinder did not make; .*RINGFINDER_NEO4J_PREFIX"),
    ):
        store.build(write(tmp_path / "in", SMALL))
    with (
        Neo4jStore(ours(empty)) as store,
        pytest.raises(StoreError, match="no graph of claims whose names begin with RF_"),
    ):
        store.query("RETURN 1 AS x")
    wipe(empty)


def test_relationship_that_others_joined_to_ours_is_seen_through_the_prefix(empty: Link, tmp_path: Path) -> None:
    with Neo4jStore(ours(empty)) as store:
        fill(store, tmp_path / "one")
        empty.change("MATCH (p:RF_Patient {patient_id: 'P1'}) CREATE (:Theirs)-[:FOR_PATIENT]->(p)")
        with pytest.raises(UsageError, match="others joined 1 relationships to what RingFinder loaded"):
            store.build(write(tmp_path / "two", {"claims": MANY}))
    wipe(empty)
