"""From canonical tables to the rows of nodes and relationships, as SQL for DuckDB; the same for every store.

Each label and each end of a relationship type is one SELECT whose columns are those of the graph model in its order,
so a store only decides where the rows go. Nodes are sorted by key and relationships keep the order of their table
(sorted by key), so that the same claims give the same rows. An engine that reads columns itself takes `named_ends`
instead: a table once, for all relationships of its rows, with the places of nodes for their keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ringfinder.graph import LABELS, End, Label, Property, Relationship, relationships_of
from ringfinder.model import ClaimSet
from ringfinder.tables import BY_NAME, SQL_TYPES, TABLES, Table

FROM, TO = "from_key", "to_key"
PLACE = "file_row_number"  # DuckDB's name for the place of a row in its file
# How many claims do not come after the one before them: none where they are sorted by id and each is there once.
CLAIMS_OUT_OF_ORDER = (
    "SELECT count(*) FROM (SELECT claim_id, lag(claim_id) OVER () AS before FROM claims) WHERE claim_id <= before"
)
# Files are read once and gone: packing them and building dictionaries of ids, given up later, took a third of the writing.
PASSING = "FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 4096"
# Labels whose nodes come from no canonical table but from what the claim set says of itself.
_OWN_TABLES = {"SetAside": "set_aside", "ClaimSet": "claim_set"}


@contextmanager
def open_tables(
    claim_set: ClaimSet, scratch: Path, memory_gb: float, threads: int
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection with a view for each canonical table (empty where there is none) and tables for `_OWN_TABLES`.

    What does not fit in `memory_gb` spills into `scratch`. `threads` 0 takes all cores.
    """
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{max(memory_gb, 0.2) * 1024:.0f}MiB",
        "temp_directory": str(scratch),
    }
    if threads:
        options["threads"] = threads
    with duckdb.connect(config=options) as connection:
        connection.execute("SET enable_progress_bar = false")
        for table in TABLES:
            columns = ", ".join(f'"{name}"' for name in (*table.column_names, PLACE))
            source = f"read_parquet({literal(str(claim_set.path(table.name)))}, {PLACE} = true)"
            if not claim_set.rows.get(table.name):
                empty = ", ".join(f'NULL::{SQL_TYPES[c.type]} AS "{c.name}"' for c in table.columns)
                source = f"(SELECT {empty}, NULL::BIGINT AS {PLACE} WHERE false)"
            connection.execute(f"CREATE VIEW {table.name} AS SELECT {columns} FROM {source}")
        connection.execute(
            "CREATE TABLE set_aside (set_aside_id VARCHAR, table_name VARCHAR, column_name VARCHAR, value VARCHAR,"
            " people BIGINT)"
        )
        rows = [(f"{s.table}.{s.column}.{s.value}", s.table, s.column, s.value, s.people) for s in claim_set.set_aside]
        if rows:
            connection.executemany("INSERT INTO set_aside VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute(
            "CREATE TABLE claim_set AS SELECT 'claims' AS claim_set_id, ? AS hours_known", [claim_set.hours_known]
        )
        yield connection


def nodes(label: Label) -> str:
    """SELECT of a label's nodes: its properties, sorted by key (claims in the order of their table)."""
    if label.name in _OWN_TABLES:
        return f"SELECT {', '.join(label.property_names)} FROM {_OWN_TABLES[label.name]} ORDER BY {label.key}"
    if label.name == "Claim":
        # Every claim has its row and the table is sorted: no need to gather ids nor to sort ten million rows.
        return f"SELECT {', '.join(map(_value, label.properties))} FROM claims AS t"
    ids = " UNION ".join(f"SELECT DISTINCT {s.column} AS id FROM {s.table}" for s in label.sources)
    join = f" LEFT JOIN {label.table} AS t ON t.{label.key} = ids.id" if label.table else ""
    columns = ", ".join(_node_value(label, one) for one in label.properties)
    return f"SELECT {columns} FROM ({ids}) AS ids{join} WHERE ids.id IS NOT NULL ORDER BY ids.id"


def edges(kind: Relationship, end: End) -> str:
    """SELECT of the relationships that one column gives: keys of both ends, then the properties of the type."""
    assert end.source is not None, f"{kind.type} does not come from the claims"
    table, column = end.source.table, end.source.column
    origin, target = (column, BY_NAME[table].key) if end.reverse else (BY_NAME[table].key, column)
    fixed = "".join(f', {literal(value)} AS "{name}"' for name, value in end.fixed)
    known = f" AND {column} IN (SELECT claim_id FROM claims)" if kind.derived else ""
    return f"SELECT {origin} AS {FROM}, {target} AS {TO}{fixed} FROM {table} WHERE {column} IS NOT NULL{known}"


def named_ends(table: Table, places: Mapping[str, str], position: str) -> str:
    """SELECT of the places of a canonical table's rows and of every node that they name (`naming`), each counted from 0.

    `position` names the column of a row's own place; `places`: by label, a relation of its keys and their places
    (`keys_in`, `named_claims`). A claim's place is that of its row.
    """
    columns, joined = [f't.{PLACE} AS "{position}"'], ""
    if table.name != "claims":
        own = places[next(one.name for one in LABELS if one.table == table.name)]
        columns, joined = [f'own.{PLACE} AS "{position}"'], _joined(own, "own", table.key)
    for number, (kind, end) in enumerate(ends_of(table)):
        assert end.source is not None, f"{kind.type} does not come from the claims"
        other = places[end.origin if end.reverse else end.target]
        columns.append(f'n{number}.{PLACE} AS "{naming(kind, end)}"')
        joined += _joined(other, f"n{number}", end.source.column)
    return f"SELECT {', '.join(columns)} FROM {table.name} AS t{joined}"


def keys_in(part: Path, label: Label) -> str:
    """A relation of the keys in a file of nodes, `key`, and of their places."""
    return f'(SELECT "{label.key}" AS key, {PLACE} FROM {rows_in(part)})'


def rows_in(part: Path) -> str:
    """A relation of the nodes in a file and of their places."""
    return f"read_parquet({literal(str(part))}, {PLACE} = true)"


def rows_of_claims(label: Label) -> str:
    """The same of the nodes of claims, which are the rows of their table."""
    return f"(SELECT {PLACE}, {', '.join(map(_value, label.properties))} FROM claims AS t)"


def named_claims(tables: duckdb.DuckDBPyConnection) -> str:
    """A relation of the keys of those claims that claims name, and of their places.

    They are looked for once: as a part of `named_ends` it took DuckDB six times as long, with little memory.
    """
    named = " UNION ".join(
        f"SELECT {e.source.column} FROM claims" for k, e in ends_of(BY_NAME["claims"]) if k.derived and e.source
    )
    tables.execute(
        f"CREATE OR REPLACE TEMP TABLE named_claims AS SELECT claim_id AS key, {PLACE} FROM claims WHERE claim_id IN ({named})"
    )
    return "named_claims"


def _joined(relation: str, name: str, column: str) -> str:
    return f' LEFT JOIN {relation} AS {name} ON {name}.key = t."{column}"'


def ends_of(table: Table) -> list[tuple[Relationship, End]]:
    """The relationships that rows of a canonical table name."""
    return [
        (kind, end)
        for kind in relationships_of("claims")
        for end in kind.ends
        if end.source is not None and end.source.table == table.name
    ]


def naming(kind: Relationship, end: End) -> str:
    """The column of `named_ends` with the other end of a relationship of its rows; NULL where there is none."""
    assert end.source is not None, f"{kind.type} does not come from the claims"
    return f"{end.source.column}_{kind.type}" if kind.derived else end.source.column


def counts(table: Table, places: Mapping[str, str]) -> str:
    """SELECT of how many relationships the rows of a canonical table name, for each of `ends_of`; `places` as in `named_ends`."""
    found = []
    for kind, end in ends_of(table):
        assert end.source is not None, f"{kind.type} does not come from the claims"
        known = f' FILTER ("{end.source.column}" IN (SELECT key FROM {places[end.target]}))' if kind.derived else ""
        found.append(f'count("{end.source.column}"){known}')
    return f"SELECT {', '.join(found)} FROM {table.name}"


def write_parquet(connection: duckdb.DuckDBPyConnection, select: str, file: Path) -> int:
    """Rows of a SELECT into a Parquet file, in order; their number."""
    row = connection.execute(f"COPY ({select}) TO {literal(str(file))} ({PASSING})").fetchone()
    assert row is not None
    return int(row[0])


def _value(one: Property) -> str:
    assert one.source is not None
    money = one.source.definition.type == "money"
    return f't."{one.source.column}"{"::DOUBLE" if money else ""} AS "{one.name}"'


def _node_value(label: Label, one: Property) -> str:
    if one.name == label.key:
        return f'ids.id AS "{one.name}"'
    if one.name == "registered":
        return f"t.{label.key} IS NOT NULL AS registered"
    if one.name == "set_aside":
        columns = ", ".join(f"({literal(s.table)}, {literal(s.column)})" for s in label.sources)
        return f"ids.id IN (SELECT value FROM set_aside WHERE (table_name, column_name) IN ({columns})) AS set_aside"
    return _value(one)


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
