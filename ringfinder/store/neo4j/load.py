"""A claim set into the database: each batch exactly once, others' data never touched.

    first time         refused where nodes or relationships under our names are there already: whose are they?
    the same claims    nothing to do; killed in the middle: goes on after the last batch that is there
    imported           made whole by `neo4j-admin` (see `bulk`): constraints and indexes are added
    other claims       what was loaded before is removed first; refused where others joined something to it

The digest of a claim set is made of its rows, not of its files, so that the same claims are known again whatever file
format or folder they came in. Nobody can read the graph meanwhile: it is either whole or said to be unfinished.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from threading import Event, Lock
from typing import Any

import duckdb
import pyarrow as pa

from ringfinder.errors import StoreError
from ringfinder.graph import LABELS, RELATIONSHIPS
from ringfinder.store.contract import Progress
from ringfinder.store.neo4j import clearing, marks, parts, read, schema
from ringfinder.store.neo4j.link import Link, Transaction
from ringfinder.store.neo4j.parts import BATCH, CLAIM, ENTITIES, LANES, OTHERS, Part
from ringfinder.tables import TABLES
from ringfinder.words.sentences import Sentence

FORM = 2  # of the graph as this store holds it: another number loads anew


@dataclass(frozen=True)
class Known:
    """What tells these claims from others, and how many nodes of each label and relationships of each type they make."""

    digest: str
    expected: dict[str, int]


def load(link: Link, tables: duckdb.DuckDBPyConnection, progress: Progress, known: Known | None = None) -> None:
    """The canonical tables of `tables` (see `extract.open_tables`) as the one graph of the database.

    `known`: what is known of them already.
    """
    known = known or Known(digest_of(tables), parts.expected(tables))
    digest, expected = known.digest, known.expected
    before = marks.read(link)
    if before.claims == digest and before.complete:
        verify(link, expected)
        progress("store.edges", 1.0)
        return
    if before.claims != digest:
        clearing.clear(link, before)
    for statement in schema.marks_schema(link.prefix):
        link.change(statement)
    owner = secrets.token_hex(8)
    there = marks.begin(link, digest, expected, owner)
    if before.claims == digest and before.imported:
        for statement in schema.statements(link.prefix):
            link.change(statement)
        progress("store.edges", 1.0)
    else:
        _Load(link, tables, owner, there, expected, progress).all()
    verify(link, expected)
    marks.complete(link, owner)


class _Load:
    """One load; lanes share `cancelled`, so that none goes on after another failed."""

    def __init__(
        self,
        link: Link,
        tables: duckdb.DuckDBPyConnection,
        owner: str,
        there: dict[str, int],
        expected: dict[str, int],
        progress: Progress,
    ) -> None:
        self._link, self._tables, self._owner, self._there = link, tables, owner, there
        self._expected, self._total, self._done = expected, sum(expected.values()), 0
        self._progress = progress
        self._lock, self._cancelled = Lock(), Event()

    def all(self) -> None:
        for statement in schema.statements(self._link.prefix):
            self._link.change(statement)
        self._side_by_side([partial(self._parts, [parts.of_entity(one)]) for one in ENTITIES], "store.nodes")
        for one in ENTITIES:
            self._keep_ids(one.name, read.ids(self._link, one, count=self._expected[one.name]))
        lanes: dict[int, list[Part]] = {}
        for lane, part in parts.of_claims(self._tables):
            lanes.setdefault(lane, []).append(part)
        self._side_by_side([partial(self._parts, lanes[lane]) for lane in sorted(lanes)], "store.edges")
        self._keep_ids(CLAIM.name, read.ids(self._link, CLAIM, among=self._refunds()))
        self._parts([parts.of_relationship(kind, end) for kind, end in OTHERS], "store.edges")

    def _side_by_side(self, works: list[Callable[[str], None]], stage: str) -> None:
        with ThreadPoolExecutor(LANES) as lanes:
            try:
                for done in [lanes.submit(work, stage) for work in works]:
                    done.result()
            except BaseException:  # also an interrupt: the lanes end after the batch they are at
                self._cancelled.set()
                raise

    def _parts(self, wanted: list[Part], stage: str) -> None:
        try:
            for part in wanted:
                self._part(part, stage)
        except BaseException:
            self._cancelled.set()
            raise

    def _part(self, part: Part, stage: str) -> None:
        skipped = self._there.get(part.name, 0)
        with self._tables.cursor() as cursor:
            cursor.execute(f"{part.select} OFFSET {skipped * BATCH}")
            for number in count(skipped):
                rows = cursor.fetchmany(BATCH)
                if not rows or self._cancelled.is_set():
                    return
                self._link.write(partial(_batch, owner=self._owner, part=part, number=number, rows=rows))
                self._tell(stage, sum(part.made(rows)))

    def _tell(self, stage: str, done: int) -> None:
        with self._lock:
            self._done += done
            self._progress(stage, min(1.0, self._done / self._total))

    def _keep_ids(self, name: str, pages: Iterator[list[list[Any]]]) -> None:
        """Where the nodes of a label are, as the table that the parts join."""
        table = parts.table_of_ids(name)
        self._tables.execute(f"CREATE TABLE {table} (key VARCHAR, id BIGINT)")
        for page in pages:
            self._tables.register("page_of_ids", pa.table(page, read.IDS))
            self._tables.execute(f"INSERT INTO {table} SELECT key, id FROM page_of_ids")
            self._tables.unregister("page_of_ids")

    def _refunds(self) -> list[str]:
        """The claims that a refund joins: of the others nobody needs to know where they are."""
        refunds = "SELECT claim_id, refund_of FROM claims WHERE refund_of IN (SELECT claim_id FROM claims)"
        found = self._tables.execute(
            f"SELECT DISTINCT unnest([claim_id, refund_of]) AS id FROM ({refunds}) ORDER BY id"
        )
        return [row[0] for row in found.fetchall()]


def _batch(tx: Transaction, owner: str, part: Part, number: int, rows: list[tuple[object, ...]]) -> None:
    """One batch and its mark; StoreError where an end is missing, and then neither is there."""
    if not marks.once(tx, owner, part.name, number):
        return
    counts = tx.send(part.statement, {"rows": rows}).consume().counters
    if (counts.nodes_created, counts.relationships_created) != part.made(rows):
        raise StoreError(Sentence("faults_store.neo4j_vanished"))


def digest_of(tables: duckdb.DuckDBPyConnection) -> str:
    """What tells one claim set from another: row counts and sums of row hashes of all tables."""
    names = [*(table.name for table in TABLES), "set_aside", "claim_set"]
    sums = [tables.execute(f"SELECT count(*), sum(hash(t)) FROM {name} AS t").fetchone() for name in names]
    return hashlib.sha256(repr((FORM, BATCH, LANES, LABELS, RELATIONSHIPS, sums)).encode()).hexdigest()


def verify(link: Link, expected: dict[str, int]) -> None:
    """Everything that went in is there, and nothing else; counting takes the server milliseconds."""
    for name, found in link.rows(schema.counts(expected)):
        if found != expected[name]:
            raise StoreError(
                Sentence(
                    "faults_store.neo4j_count", found=found, prefix=link.prefix, name=name, expected=expected[name]
                )
            )
