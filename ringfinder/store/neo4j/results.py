"""Findings beside the claims, kept by run, those of one run shown.

`write` puts a run's results down as kept (see `schema`): nobody who asks for rings meets them yet. `show` then changes
over in one transaction: what was shown is kept, what this run found is shown. Killed in between, the run shown before
still is; what the killed one wrote is removed by the next that writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from ringfinder.errors import StoreError
from ringfinder.graph import label, relationship
from ringfinder.model import Findings
from ringfinder.store import findings
from ringfinder.store.neo4j import marks
from ringfinder.store.neo4j.link import Link, Transaction
from ringfinder.store.neo4j.parts import BATCH
from ringfinder.store.neo4j.schema import GRAPH_MARK, KEPT_RING, KEPT_TIED
from ringfinder.words.sentences import Sentence

AT_ONCE = 10_000
TIE_PROPERTIES = tuple(one.name for one in relationship("TIED").properties)


def write(link: Link, found: Findings, run_id: str) -> None:
    """The results of a run, kept; what this run or a killed one wrote before is replaced."""
    for earlier in sorted({run_id, *filter(None, [marks.read(link).writing])}):
        forget(link, earlier)
    link.change(f"MATCH (g:{GRAPH_MARK}) SET g.writing = $run_id", run_id=run_id)
    rings, table = findings.ring_nodes(found, run_id)
    properties = ", ".join(f"`{name}`: row.`{name}`" for name in rings.property_names)
    _rows(link, table, f"UNWIND $rows AS row CREATE (:{KEPT_RING} {{{properties}}})", {})
    edges = 0
    for kind, end, rows in findings.result_edges(found):
        edges += rows.num_rows
        origin, target = label(end.origin), label(end.target)
        kept = origin.name == "Ring"
        first = (
            f"MATCH (a:{KEPT_RING} {{run_id: $run_id, {origin.key}: row.from_key}})"
            if kept
            else f"MATCH (a:{origin.name} {{{origin.key}: row.from_key}})"
        )
        names = [f"`{one.name}`: row.`{one.name}`" for one in kind.properties]
        made, names = (kind.type, names) if kept else (KEPT_TIED, [*names, "run_id: $run_id"])
        statement = (
            f"UNWIND $rows AS row {first} MATCH (b:{target.name} {{{target.key}: row.to_key}})"
            f" CREATE (a)-[:{made} {{{', '.join(names)}}}]->(b)"
        )
        _rows(link, rows, statement, {"run_id": run_id})
    _verify(link, run_id, table.num_rows, edges)


def show(link: Link, run_id: str) -> None:
    """Show this run's results instead of those shown now, in one step."""

    def work(tx: Transaction) -> None:
        _hide(tx)
        copied = ", ".join(f"`{name}`: k.`{name}`" for name in TIE_PROPERTIES)
        for statement in (
            f"MATCH (r:{KEPT_RING} {{run_id: $run_id}}) SET r:Ring REMOVE r:{KEPT_RING}",
            f"MATCH (a)-[k:{KEPT_TIED} {{run_id: $run_id}}]->(b) CREATE (a)-[:TIED {{{copied}}}]->(b) DELETE k",
            f"MATCH (g:{GRAPH_MARK}) SET g.shown = $run_id REMOVE g.writing",
        ):
            tx.send(statement, {"run_id": run_id}).consume()

    link.write(work)


def hide(link: Link) -> None:
    """Keep what is shown, and show nothing."""
    link.write(_hide)


def forget(link: Link, run_id: str) -> None:
    """Remove the results of a run, shown or kept."""
    if marks.read(link).shown == run_id:
        hide(link)
    for match, name, work in (
        (f"MATCH ()-[k:{KEPT_TIED} {{run_id: $run_id}}]->()", "k", "DELETE k"),
        (f"MATCH (:{KEPT_RING} {{run_id: $run_id}})-[m]->()", "m", "DELETE m"),
        (f"MATCH (r:{KEPT_RING} {{run_id: $run_id}})", "r", "DETACH DELETE r"),
    ):
        link.steps(match, name, work, AT_ONCE, run_id=run_id)


def _hide(tx: Transaction) -> None:
    copied = ", ".join(f"`{name}`: t.`{name}`" for name in TIE_PROPERTIES)
    for statement in (
        f"MATCH (g:{GRAPH_MARK}) MATCH (a)-[t:TIED]->(b)"
        f" CREATE (a)-[:{KEPT_TIED} {{{copied}, run_id: g.shown}}]->(b) DELETE t",
        f"MATCH (r:Ring) SET r:{KEPT_RING} REMOVE r:Ring",
        f"MATCH (g:{GRAPH_MARK}) REMOVE g.shown",
    ):
        tx.send(statement, {}).consume()


def _verify(link: Link, run_id: str, rings: int, edges: int) -> None:
    """Everything is there once: a batch whose answer was lost is written twice."""
    there = link.rows(
        f"MATCH (r:{KEPT_RING} {{run_id: $run_id}}) RETURN count(r) AS found"
        f" UNION ALL MATCH (:{KEPT_RING} {{run_id: $run_id}})-[m]->() RETURN count(m) AS found"
        f" UNION ALL MATCH ()-[k:{KEPT_TIED} {{run_id: $run_id}}]->() RETURN count(k) AS found",
        run_id=run_id,
    )
    if (there[0][0], there[1][0] + there[2][0]) != (rings, edges):
        raise StoreError(Sentence("faults_store.neo4j_broke"))


def _rows(link: Link, table: pa.Table, statement: str, values: dict[str, Any]) -> None:
    """The rows in batches; StoreError where one of them joins something that is not in the graph."""
    for rows in _batches(table):

        def work(tx: Transaction, rows: list[dict[str, Any]] = rows) -> None:
            counts = tx.send(statement, {**values, "rows": rows}).consume().counters
            if counts.nodes_created + counts.relationships_created != len(rows):
                raise StoreError(Sentence("faults_store.neo4j_stranger"))

        link.write(work)


def _batches(table: pa.Table) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, table.num_rows, BATCH):
        yield table.slice(start, BATCH).to_pylist()
