"""From the graph back to canonical tables: the mirror of `extract`, the same for every store.

A store hands out, as Parquet, the nodes of a label and the pairs that one end of a relationship type joins (`Parts`);
here they are joined to tables again, each column from the place that the graph model gives it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import duckdb

from ringfinder.graph import LABELS, RELATIONSHIPS, End, Label, Relationship, label
from ringfinder.model import ClaimSet, SetAside
from ringfinder.tables import SQL_TYPES, TABLES, Table

PLACE, KEY = "place", "key"


class Parts(Protocol):
    """How a store hands out its graph. A node's place is any number that it has alone among those of its label."""

    def write_nodes(self, label: Label, part: Path) -> None:
        """The nodes of a label (registered ones only, where that is a property): their properties, and their `place`."""

    def write_edges(self, kind: Relationship, end: End, part: Path) -> None:
        """Of both ends the `place` of the one whose row names the other, and the `key` of that; others' places do no harm."""


def rebuild(parts: Parts, folder: Path, scratch: Path, memory_gb: float) -> ClaimSet:
    """Canonical tables in `folder` from the parts that a store writes into `scratch`; both folders exist."""
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_gb * 1024:.0f}MiB",
        "temp_directory": str(scratch / "spill"),
    }
    rows: dict[str, int] = {}
    filled: dict[str, frozenset[str]] = {}
    with duckdb.connect(config=options) as connection:
        connection.execute("SET enable_progress_bar = false")
        for table in TABLES:
            target = folder / f"{table.name}.parquet"
            count, columns = _table(connection, parts, table, target, scratch)
            if not count:
                target.unlink()
                continue
            rows[table.name], filled[table.name] = count, columns
        hours_known = _knows_hours(connection, parts, scratch)
        set_aside = _set_aside(connection, parts, scratch)
    return ClaimSet(folder, rows, filled, hours_known, set_aside)


def _table(
    connection: duckdb.DuckDBPyConnection, parts: Parts, table: Table, target: Path, scratch: Path
) -> tuple[int, frozenset[str]]:
    """Write one table; its number of rows and the columns that hold a value."""
    nodes_of = next(found for found in LABELS if found.table == table.name)
    parts.write_nodes(nodes_of, scratch / "nodes.parquet")
    places = {one.source.column: f'n."{one.name}"' for one in nodes_of.properties if one.source}
    joins = ""
    for kind in RELATIONSHIPS:
        for end in kind.ends:
            if end.source is None or end.source.table != table.name or kind.derived:
                continue
            part = scratch / f"{end.source.column}.parquet"
            parts.write_edges(kind, end, part)
            alias = f"by_{end.source.column}"
            joins += f" LEFT JOIN read_parquet('{_quoted(part)}') AS {alias} ON {alias}.{PLACE} = n.{PLACE}"
            places[end.source.column] = f"{alias}.{KEY}"
    columns = ", ".join(f'{places[c.name]}::{SQL_TYPES[c.type]} AS "{c.name}"' for c in table.columns)
    nodes = f"read_parquet('{_quoted(scratch / 'nodes.parquet')}')"
    connection.execute(
        f"COPY (SELECT {columns} FROM {nodes} AS n{joins} ORDER BY n.{nodes_of.key})"
        f" TO '{_quoted(target)}' (FORMAT parquet)"
    )
    counts = ", ".join(f'count("{name}")' for name in table.column_names)
    found = connection.execute(f"SELECT count(*), {counts} FROM read_parquet('{_quoted(target)}')").fetchone()
    assert found is not None
    return found[0], frozenset(name for name, count in zip(table.column_names, found[1:], strict=True) if count)


def _knows_hours(connection: duckdb.DuckDBPyConnection, parts: Parts, scratch: Path) -> bool:
    part = scratch / "claim_set.parquet"
    parts.write_nodes(label("ClaimSet"), part)
    row = connection.execute("SELECT hours_known FROM read_parquet(?)", [str(part)]).fetchone()
    return bool(row and row[0])


def _set_aside(connection: duckdb.DuckDBPyConnection, parts: Parts, scratch: Path) -> tuple[SetAside, ...]:
    part = scratch / "set_aside.parquet"
    parts.write_nodes(label("SetAside"), part)
    found = connection.execute(
        "SELECT table_name, column_name, value, people FROM read_parquet(?) ORDER BY ALL", [str(part)]
    ).fetchall()
    return tuple(SetAside(*row) for row in found)


def _quoted(file: Path) -> str:
    return str(file).replace("'", "''")
