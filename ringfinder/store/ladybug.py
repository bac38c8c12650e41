"""The embedded store: one LadybugDB file, in-process, no server.

Loading goes through Parquet files that DuckDB writes (COPY from Parquet is three to four times as fast as from Arrow).
What this engine (0.22) is known for, and what is done about it here:

- a stale `.wal` beside a file makes the next open fail, and a killed load may leave a file that refuses a read-only
  open: `finish` checkpoints, closes, and opens read-write once more before anybody else may see the file;
- only read-write against read-write is locked, so a finished file is only ever opened read-only;
- it can neither sum decimals nor read them from Parquet, and hands negative ones out without their sign: no property is
  a decimal, and `answers` mends those that a query casts itself;
- looking up the keys of relationships' ends costs as much as all else of a load: see `loading`;
- a missing `$parameter` is silently NULL and read-only mode still reads and writes files: `statements` checks both;
- a time-out does not stop every operator (a bare `UNWIND range(...)` runs on for a while);
- a connection keeps every statement with parameters, and its memory, until it closes: each query has one of its own;
- wrong answers were seen at half a million claims, where DuckDB and Neo4j agree, with one thread as with two: two claims
  of a card, the card filtered by a property (`NOT k.set_aside`) and each claim joined to its facility, lost three pairs of
  four; and a sum over `x / size(list)` in the WITH after the UNWIND of that list was off. The cause is not known; the
  library goes around both, and `python -m benchmarks.cypher` compares the stores.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq

from ringfinder.errors import StoreError
from ringfinder.graph import End, Label, Relationship, relationships_of
from ringfinder.graph import label as label_named
from ringfinder.model import ClaimSet, Findings
from ringfinder.store import extract, findings, foreign, memory, readback
from ringfinder.store.answers import with_signs
from ringfinder.store.border import needs_memory, storage_errors, wrong_query
from ringfinder.store.contract import ROW_LIMIT, SECONDS, Progress, cut
from ringfinder.store.dialect import Dialect
from ringfinder.store.loading import Loading, quoted
from ringfinder.store.mapping import Mapping as NamesOfOthers
from ringfinder.store.others import OthersInFile
from ringfinder.store.scratch import scratch_in
from ringfinder.store.statements import Statement, check
from ringfinder.words.sentences import Sentence

SAFE_CALLS = frozenset({"show_tables", "table_info", "show_connection", "show_functions", "db_version"})
# Rows for which room is made at once. The engine's own choice is for millions: nodes of all labels, of which each has some 60
# columns, then take 4 GiB of address space for one row, and a process that may have less ends.
AT_ONCE = 10_000
# How often a load is tried, each time with twice the pool: how much it takes also depends on how long ids are.
ATTEMPTS = 3


def build_graph(claim_set: ClaimSet, file: Path, memory_gb: float = 2.0, threads: int = 0) -> None:
    """Make a finished graph file of a claim set; a plain function of picklable arguments, for a process of its own."""
    with LadybugStore(file, memory_gb=memory_gb, threads=threads) as store:
        store.build(claim_set)
        store.finish()


class LadybugStore:
    """`GraphStore` in one file. `threads` 0 takes all cores.

    `claims` is the table that the graph was built of, where it is at hand: where each claim stands is then read from it.
    `memory_gb` is for engine and DuckDB together; `build` and `read_tables` take more where a claim set needs it.
    """

    dialect: Dialect = "embedded"

    def __init__(self, file: Path, *, memory_gb: float = 2.0, threads: int = 0, claims: Path | None = None) -> None:
        self.file = file
        self._claims = claims
        self._memory_gb = memory_gb
        self._threads = threads
        self._database: ladybug.Database | None = None
        self._connection: ladybug.Connection | None = None
        self._writing = False
        self._pool = memory.pool(memory_gb)

    def build(self, claim_set: ClaimSet, progress: Progress | None = None) -> None:
        if self.file.exists():
            raise StoreError(Sentence("faults_store.graph_there", name=self.file.name))
        pool = memory.pool_to_load(claim_set.rows)
        for attempt in range(ATTEMPTS):
            try:
                with storage_errors(self.file), scratch_in(self.file.parent) as scratch:
                    self._open(writing=True, pool=pool * 2**attempt)
                    self._load(claim_set, scratch, progress or (lambda key, share: None))
                return
            except StoreError as error:
                if attempt + 1 == ATTEMPTS or not needs_memory(error.__cause__):
                    raise
                self._discard()

    def _load(self, claim_set: ClaimSet, scratch: Path, progress: Progress) -> None:
        """Create all tables and load those of the claims."""
        loading = self._loading()
        loading.create_tables()
        gigabytes = memory.duckdb_to_load(self._memory_gb, claim_set.rows)
        with extract.open_tables(claim_set, scratch / "spill", gigabytes, self._threads) as tables:
            loading.claims(tables, scratch, progress)

    def _loading(self) -> Loading:
        return Loading(self.file.name, self._run, self._rows_of, self._threads, self._claims)

    def _discard(self) -> None:
        """Remove a file that could not be loaded, and what the engine keeps beside it."""
        self.close()
        for left in self.file.parent.glob(f"{glob.escape(self.file.name)}*"):
            left.unlink()

    def write_findings(self, findings_: Findings, run_id: str) -> None:
        with storage_errors(self.file), scratch_in(self.file.parent) as scratch:
            self._open(writing=True)
            loading, part = self._loading(), scratch / "part.parquet"
            for kind in relationships_of("results"):
                self._run(f"MATCH ()-[r:{kind.type}]->() DELETE r")
            self._run("MATCH (r:Ring) DELETE r")
            rings, table = findings.ring_nodes(findings_, run_id)
            pq.write_table(table, part)
            loading.nodes(rings, part, table.num_rows)
            for kind, end, rows in findings.result_edges(findings_):
                pq.write_table(rows, part)
                loading.edges(kind, end, part, rows.num_rows)

    def finish(self) -> None:
        with storage_errors(self.file):
            for _ in range(2):  # the second opening replays and removes whatever the first close left in the log
                self._open(writing=True)
                self._run("CHECKPOINT")
                self.close()
            self.file.chmod(0o600)
            with self.file.open("rb") as handle:
                os.fsync(handle.fileno())

    def read_tables(self, folder: Path) -> ClaimSet:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with storage_errors(self.file), scratch_in(folder) as scratch:
            self._open(writing=False)
            return readback.rebuild(self, folder, scratch, memory.duckdb_to_read(self._memory_gb))

    def has_graph(self) -> bool:
        """Whether the file holds a graph that RingFinder made."""
        with storage_errors(self.file):
            return label_named("ClaimSet").name in self._others().labels()

    def read_foreign(self, names: NamesOfOthers, folder: Path) -> None:
        """Write the claims of a graph that others made as tables of texts, for `claims.read` (see `foreign`)."""
        with storage_errors(self.file):
            foreign.write_tables(self._others(), names, folder)

    def _others(self) -> OthersInFile:
        self._open(writing=False)
        return OthersInFile(self.file.name, self._rows_of)

    def write_nodes(self, label: Label, part: Path) -> None:
        """See `readback.Parts`."""
        columns = ", ".join(f"n.`{name}` AS `{name}`" for name in label.property_names)
        registered = " WHERE n.registered" if "registered" in label.property_names else ""
        place = f"offset(id(n)) AS {readback.PLACE}"
        self._run(f"COPY (MATCH (n:{label.name}){registered} RETURN {columns}, {place}) TO '{quoted(part)}'")

    def write_edges(self, kind: Relationship, end: End, part: Path) -> None:
        """See `readback.Parts`."""
        own, other, named = ("b", "a", end.origin) if end.reverse else ("a", "b", end.target)
        fixed = ", ".join(f"`{name}`: '{value}'" for name, value in end.fixed)
        self._run(
            f"COPY (MATCH (a:{end.origin})-[r:{kind.type} {{{fixed}}}]->(b:{end.target})"
            f" RETURN offset(id({own})) AS {readback.PLACE}, {other}.`{label_named(named).key}` AS {readback.KEY})"
            f" TO '{quoted(part)}'"
        )

    def query(
        self,
        statement: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int = ROW_LIMIT,
        seconds: float = SECONDS,
    ) -> pa.Table:
        checked = check(statement, parameters or {}, SAFE_CALLS)
        with storage_errors(self.file):
            self._open(writing=False)
        assert self._database is not None, "opened above"
        # A connection keeps every statement it ran, and its memory, until it closes: each query has one of its own.
        with wrong_query(seconds), ladybug.Connection(self._database) as connection:
            connection.set_query_timeout(max(1, int(seconds * 1000)))
            result = connection.execute(_limited(checked, limit + 1), dict(parameters or {}))
            assert isinstance(result, ladybug.QueryResult)  # a list only for several statements, which `check` refuses
            table = result.get_as_arrow(AT_ONCE)
            result.close()
        return cut(with_signs(table), limit)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._database is not None:
            self._database.close()
        self._connection = self._database = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, writing: bool, pool: int = 0) -> None:
        if self._database is not None and self._writing == writing:
            return
        self.close()
        if not writing and not self.file.exists():
            raise StoreError(Sentence("faults_store.no_graph", name=self.file.name))
        self._database = ladybug.Database(
            self.file,
            buffer_pool_size=max(pool, self._pool),
            max_num_threads=self._threads,
            max_db_size=memory.MAX_FILE,
            read_only=not writing,
            auto_checkpoint=False,  # by hand, see POOL_BASE; and after each COPY it costs more than a small graph
        )
        self._writing = writing
        self._connection = ladybug.Connection(self._database)
        if writing:
            self.file.chmod(0o600)

    def _live(self) -> ladybug.Connection:
        assert self._connection is not None, "opened by every public method"
        return self._connection

    def _run(self, statement: str) -> None:
        result = self._live().execute(statement)
        for one in result if isinstance(result, list) else [result]:
            one.close()

    def _rows_of(self, statement: str) -> pa.Table:
        result = self._live().execute(statement)
        assert isinstance(result, ladybug.QueryResult)  # a list only for several statements
        table = result.get_as_arrow()
        result.close()
        return table


def _limited(statement: Statement, rows: int) -> str:
    """The statement, stopped by the engine after `rows` where a LIMIT can be added to it."""
    return f"{statement.text}\nLIMIT {rows}" if statement.takes_limit else statement.text
