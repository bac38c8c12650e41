"""What every graph store can do, whatever engine is behind it.

A store holds one graph as `ringfinder.graph` describes it. Its life in a run: `build` loads the claims,
`write_findings` adds what detection found, `finish` makes all of it durable; from then on it is only read. An engine
that keeps the graph in a file of its own gets a new file for each run and never writes into one that readers have open.

Methods raise `StoreError` when the engine fails and `UsageError` for a query that is wrong or not allowed.
Implementations map their driver's errors at their own border, so that no caller knows an engine's exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

import pyarrow as pa

from ringfinder.model import ClaimSet, Findings
from ringfinder.store.dialect import Dialect

Progress = Callable[[str, float], None]
"""Called with a key of the catalogue ("store.nodes") and the share done, 0 to 1."""

ROW_LIMIT = 10_000
"""Rows handed to a person at most, unless more are asked for."""

SECONDS = 60.0
"""A query that takes longer is stopped, unless more is allowed."""

_CUT = b"ringfinder.cut"


class GraphStore(Protocol):
    """One graph. Also a context manager; leaving it closes the connection."""

    @property
    def dialect(self) -> Dialect:
        """Which Cypher it speaks."""

    def build(self, claim_set: ClaimSet, progress: Progress | None = None) -> None:
        """Load all nodes and relationships of a claim set into a store that holds none of them yet."""

    def write_findings(self, findings: Findings, run_id: str) -> None:
        """Write TIED, Ring, HAS_MEMBER and RESTS_ON; what this run wrote before is replaced."""

    def finish(self) -> None:
        """Make everything durable and close. Readers may open the store from now on."""

    def read_tables(self, folder: Path) -> ClaimSet:
        """Write the canonical tables into `folder` as Parquet, sorted by key, equal to those `build` was given.

        Tables without rows are not written. What says nothing about claims (sources, rejects, notes) stays empty.
        """

    def query(
        self,
        statement: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int = ROW_LIMIT,
        seconds: float = SECONDS,
    ) -> pa.Table:
        """Rows of one reading Cypher statement, at most `limit` (`was_cut` says whether there were more)."""

    def close(self) -> None:
        """Let go of the engine; closing twice is harmless."""

    def __enter__(self) -> Self:
        """The store itself."""

    def __exit__(self, *_: object) -> None:
        """Close."""


def cut(table: pa.Table, limit: int) -> pa.Table:
    """The first `limit` rows, marked when there were more."""
    if table.num_rows <= limit:
        return table
    return table.slice(0, limit).replace_schema_metadata({**(table.schema.metadata or {}), _CUT: b"true"})


def was_cut(table: pa.Table) -> bool:
    """Whether a query had more rows than its limit let through."""
    return _CUT in (table.schema.metadata or {})
