"""`GraphStore` on a Neo4j server.

One database holds the graph of one claim set, and results of several runs beside it. `build` brings the claims there (and
does nothing where they already are), `write_findings` keeps a run's results, `finish` shows them. A reader says which run
it means: where another run's results or other claims are there by now, it is told so instead of being given those.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from ringfinder.errors import StoreError
from ringfinder.model import ClaimSet, Findings
from ringfinder.store import extract, readback
from ringfinder.store.contract import ROW_LIMIT, SECONDS, Progress
from ringfinder.store.dialect import Dialect
from ringfinder.store.mapping import Mapping as NamesOfOthers
from ringfinder.store.neo4j import guard, load, marks, results
from ringfinder.store.neo4j.address import Address
from ringfinder.store.neo4j.border import server_errors
from ringfinder.store.neo4j.link import Link
from ringfinder.store.scratch import scratch_in
from ringfinder.words.sentences import Sentence


def build_graph(
    claim_set: ClaimSet,
    address: Address,
    scratch: Path,
    memory_gb: float = 2.0,
    threads: int = 0,
    local: Path | None = None,
) -> None:
    """Load a claim set; a plain function of picklable arguments, for a process of its own.

    `local`: the workspace whose own server it is; many claims are then imported where its database is empty.
    """
    if local is not None:
        from ringfinder.store.neo4j import importing  # noqa: PLC0415 - needs the extra that brought the local server
        from ringfinder.store.neo4j.local import LocalServer  # noqa: PLC0415

    if local is not None and claim_set.rows["claims"] >= importing.WORTH_IT and importing.is_empty(address):
        importing.into_local(LocalServer(local), claim_set, memory_gb, threads, prefix=address.prefix)
        return
    with Neo4jStore(address, scratch=scratch, memory_gb=memory_gb, threads=threads) as store:
        store.build(claim_set)


class Neo4jStore:
    """`GraphStore` in the database at `address`. `run_id`: the run whose results a reader means, None for any.

    `memory_gb` is what DuckDB may use beside the server before it spills into `scratch` (a folder of the caller's, for a
    load); `threads` 0 takes all cores.
    """

    dialect: Dialect = "neo4j"

    def __init__(
        self,
        address: Address,
        *,
        run_id: str | None = None,
        scratch: Path | None = None,
        memory_gb: float = 2.0,
        threads: int = 0,
    ) -> None:
        self._link = Link(address)
        self._run_id = run_id
        self._scratch = scratch
        self._memory_gb = memory_gb
        self._threads = threads
        self._written: str | None = None

    @property
    def address(self) -> Address:
        """The database."""
        return self._link.address

    def check(self) -> None:
        """Nothing where the server answers and takes us; else RingFinderError that says what to do."""
        marks.read(self._link)

    def build(self, claim_set: ClaimSet, progress: Progress | None = None) -> None:
        folder = self._scratch or claim_set.folder
        with (
            server_errors(self._link.address),
            scratch_in(folder) as spill,
            extract.open_tables(claim_set, spill, self._memory_gb, self._threads) as tables,
        ):
            load.load(self._link, tables, progress or (lambda key, share: None))

    def write_findings(self, findings: Findings, run_id: str) -> None:
        with server_errors(self._link.address):
            self._check_whole(marks.read(self._link))
            results.write(self._link, findings, run_id)
        self._written = run_id

    def finish(self) -> None:
        if self._written is not None:
            results.show(self._link, self._written)
        self.close()

    def forget(self, run_id: str) -> None:
        """Remove the results of a run."""
        results.forget(self._link, run_id)

    def read_tables(self, folder: Path) -> ClaimSet:
        graph = marks.read(self._link)
        self._check_whole(graph)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        from ringfinder.store.neo4j.read import Reader  # noqa: PLC0415 - pyarrow.parquet, which a query does not need

        with server_errors(self._link.address), scratch_in(folder) as scratch, duckdb.connect() as tables:
            tables.execute("SET enable_progress_bar = false")
            return readback.rebuild(Reader(self._link, tables, graph.expected or {}), folder, scratch, self._memory_gb)

    def has_graph(self) -> bool:
        """Whether a graph that RingFinder loaded is in the database."""
        return marks.read(self._link).exists

    def read_foreign(self, names: NamesOfOthers, folder: Path) -> None:
        """Write the claims of a graph that others made as tables of texts, for `claims.read` (see `foreign`)."""
        from ringfinder.store import foreign  # noqa: PLC0415 - pyarrow.parquet, as above
        from ringfinder.store.neo4j.others import OthersOnServer  # noqa: PLC0415 - the same

        with server_errors(self._link.address):
            foreign.write_tables(OthersOnServer(self._link), names, folder)

    def query(
        self,
        statement: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int = ROW_LIMIT,
        seconds: float = SECONDS,
    ) -> pa.Table:
        graph = marks.read(self._link)
        self._check_whole(graph)
        if self._run_id is not None and graph.shown != self._run_id:
            raise StoreError(Sentence("faults_store.neo4j_other_run", shown=graph.shown or "none", run_id=self._run_id))
        return guard.ask(self._link, statement, parameters or {}, limit, seconds)

    def close(self) -> None:
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_whole(self, graph: marks.Graph) -> None:
        if not graph.exists:
            raise StoreError(Sentence("faults_store.neo4j_no_graph", named=self._named()))
        if not graph.complete:
            raise StoreError(Sentence("faults_store.neo4j_unfinished", named=self._named()))

    def _named(self) -> Sentence | str:
        prefix = self._link.prefix
        return Sentence("faults_store.neo4j_names_begin", prefix=prefix) if prefix else ""
