"""What we keep about ourselves in the database, in nodes of our own.

    (:RingFinderGraph {name: 'graph'})
        claims     digest of the claim set that is loaded, or being loaded; empty while one is removed
        complete   whether it is all there
        expected   how many nodes of each label and relationships of each type it makes, as JSON
        owner      who loads: a load that was taken over by another notices before its next batch
        shown      the run whose results are shown
        imported   it came from `neo4j-admin` (see `bulk`) and has no constraints yet
        writing    the run whose results are being written; set when that was cut short
    (:RingFinderPart {name})
        done       batches of this part of the load that are in the graph

A batch and its mark are one transaction, so that a batch is there exactly once whatever was killed when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ringfinder.errors import StoreError
from ringfinder.store.neo4j.link import Link, Transaction
from ringfinder.store.neo4j.schema import GRAPH_MARK, PART_MARK
from ringfinder.words.sentences import Sentence

TAKEN_OVER = Sentence("faults_store.neo4j_taken_over")


@dataclass(frozen=True)
class Graph:
    """The mark of the graph; all empty where nothing of ours is in the database."""

    claims: str | None = None
    complete: bool = False
    expected: Mapping[str, int] | None = None
    shown: str | None = None
    writing: str | None = None
    imported: bool = False

    @property
    def exists(self) -> bool:
        return self.claims is not None


def read(link: Link) -> Graph:
    """The mark as it stands."""
    rows = link.rows(f"MATCH (g:{GRAPH_MARK}) RETURN g.claims, g.complete, g.expected, g.shown, g.writing, g.imported")
    if not rows:
        return Graph()
    claims, complete, expected, shown, writing, imported = rows[0]
    return Graph(claims, bool(complete), json.loads(expected or "{}"), shown, writing, bool(imported))


def begin(link: Link, claims: str, expected: Mapping[str, int], owner: str) -> dict[str, int]:
    """Note that `owner` loads these claims; the parts of an earlier try at them: name -> batches that are there."""

    def work(tx: Transaction) -> dict[str, int]:
        values = {"claims": claims, "expected": json.dumps(dict(expected)), "owner": owner}
        tx.send(
            f"MERGE (g:{GRAPH_MARK} {{name: 'graph'}})"
            " SET g.claims = $claims, g.complete = false, g.expected = $expected, g.owner = $owner",
            values,
        ).consume()
        return dict(tx.send(f"MATCH (p:{PART_MARK}) RETURN p.name, p.done", {}).values())

    return link.write(work)


def complete(link: Link, owner: str) -> None:
    """Note that all claims are there; the marks of the parts are not needed any more."""

    def work(tx: Transaction) -> None:
        if tx.send(f"MATCH (g:{GRAPH_MARK}) WHERE g.complete RETURN g.name", {}).single() is not None:
            return  # committed before: only the answer was lost
        _hold(tx, owner)
        tx.send(f"MATCH (p:{PART_MARK}) DELETE p", {}).consume()
        tx.send(f"MATCH (g:{GRAPH_MARK}) SET g.complete = true REMOVE g.owner, g.imported", {}).consume()

    link.write(work)


def once(tx: Transaction, owner: str, part: str, number: int) -> bool:
    """Whether batch `number` (from 0) of a part is still to be done; marks it done with this transaction."""
    _hold(tx, owner)
    row = tx.send(
        f"MERGE (p:{PART_MARK} {{name: $part}}) ON CREATE SET p.done = 0 RETURN p.done",
        {"part": part},
    ).single(strict=True)
    done: int = row[0]
    if done > number:
        return False  # committed before: only the answer was lost
    if done < number:
        raise StoreError(TAKEN_OVER)
    tx.send(f"MATCH (p:{PART_MARK} {{name: $part}}) SET p.done = $done", {"part": part, "done": number + 1}).consume()
    return True


def _hold(tx: Transaction, owner: str) -> None:
    """StoreError unless the load is still this one's."""
    row = tx.send(f"MATCH (g:{GRAPH_MARK}) RETURN g.owner", {}).single()
    if row is None or row[0] != owner:
        raise StoreError(TAKEN_OVER)
