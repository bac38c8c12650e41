"""The canonical tables on disk: every column typed, rows sorted by key, the same bytes whatever came in which order.

Rows are sorted by their unique key and written in row groups of fixed size, so neither the order of the source nor the
number of threads leaves a trace. `contract.py` checks what was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from ringfinder.claims.staging import PARQUET
from ringfinder.claims.values import quote
from ringfinder.tables import SQL_TYPES, Table


def canonical_select(table: Table, select: str, given: Iterable[str], zone: str) -> str:
    """`select` as the canonical table: its columns typed, NULL for those not in `given`, `_file` and `_row` kept if
    given."""
    names = set(given)
    columns = [
        f"CAST({_value(table, c.name, zone)} AS {SQL_TYPES[c.type]}) AS {c.name}"
        if c.name in names
        else f"CAST(NULL AS {SQL_TYPES[c.type]}) AS {c.name}"
        for c in table.columns
    ]
    places = [n for n in ("_file", "_row") if n in names]
    return f"SELECT {', '.join((*columns, *places))} FROM ({select}) t"


def _value(table: Table, column: str, zone: str) -> str:
    if (table.name, column) != ("claims", "end_time"):
        return column
    # Two ends that only seem to lie before the start: the bare day of the start, which says no more than "the same
    # day", and a time in the hour that the clock shows twice when summer time ends.
    return f"""CASE WHEN end_time IS NULL OR end_time >= start_time THEN end_time
        WHEN end_time = date_trunc('day', start_time) THEN start_time
        WHEN end_time > start_time - INTERVAL 1 HOUR AND rf_twice(end_time, {quote(zone)}) THEN start_time
        ELSE end_time END"""


def write(connection: duckdb.DuckDBPyConnection, table: Table, view: str, folder: Path) -> int:
    """Writes `view` as `folder`/TABLE.parquet, sorted by key; returns its rows."""
    target = folder / f"{table.name}.parquet"
    columns = ", ".join(table.column_names)
    written = connection.execute(
        f"COPY (SELECT {columns} FROM {view} ORDER BY {table.key}) TO {quote(str(target))} ({PARQUET})"
    ).fetchall()
    target.chmod(0o600)
    return int(written[0][0])


def filled(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> frozenset[str]:
    """The columns that hold at least one value."""
    counts = ", ".join(f"count({c})" for c in table.column_names)
    path = quote(str(folder / f"{table.name}.parquet"))
    row = connection.execute(f"SELECT {counts} FROM read_parquet({path})").fetchall()[0]
    return frozenset(name for name, count in zip(table.column_names, row, strict=True) if count)
