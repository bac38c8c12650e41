"""Staged files as tables: the views that profiles select from, and rows with one key.

`all_TABLE` shows every row of a source table's files that the source did not cancel (`keep`), sound or not; `src_TABLE`
the sound ones without twins. Columns that no file has are NULL. Both carry `_file` and `_row`.

Rows with one key: identical ones collapse to one and are counted; where they differ, or one of them is faulty,
nobody can say which is right, so all are rejected, and the order of rows cannot matter.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from ringfinder.claims import rejects
from ringfinder.claims.profiles.profile import Available, Profile, SourceTable
from ringfinder.claims.staging import Staged
from ringfinder.claims.values import quote
from ringfinder.tables import SQL_TYPES


def available(files: Sequence[Staged]) -> Available:
    """Source tables that have files, with the columns that any of these has."""
    found: dict[str, frozenset[str]] = {}
    for f in files:
        found[f.table.name] = found.get(f.table.name, frozenset()) | f.columns
    return found


def make(connection: duckdb.DuckDBPyConnection, profile: Profile, files: Sequence[Staged]) -> None:
    """Makes `all_` and `src_` views of every table of the profile; tables without file are empty."""
    for table in profile.tables:
        own = [(i, f) for i, f in enumerate(files) if f.table.name == table.name]
        parts = [_part(table, i, f) for i, f in own] or [_nothing(table)]
        connection.execute(
            f"CREATE VIEW all_{table.name} AS SELECT * FROM ({' UNION ALL '.join(parts)})"
            + (f" WHERE {table.keep}" if table.keep else "")
        )
        _make_sound(connection, table, [i for i, _ in own])


def cancelled(connection: duckdb.DuckDBPyConnection, table: SourceTable, files: Sequence[Staged]) -> int:
    """Rows that the source itself marks as not valid."""
    if not table.keep:
        return 0
    parts = [_part(table, i, f) for i, f in enumerate(files) if f.table.name == table.name]
    if not parts:
        return 0
    rows = connection.execute(f"SELECT count(*) FROM ({' UNION ALL '.join(parts)}) WHERE NOT ({table.keep})").fetchall()
    return int(rows[0][0])


def drop_cancelled_faults(connection: duckdb.DuckDBPyConnection, profile: Profile, files: Sequence[Staged]) -> None:
    """A fault in a row that the source cancelled is no fault."""
    for table in profile.tables:
        parts = [_part(table, i, f) for i, f in enumerate(files) if f.table.name == table.name]
        if table.keep and parts:
            connection.execute(
                f"DELETE FROM rf_faults WHERE (file, ordinal) IN "
                f"(SELECT (_file, _row) FROM ({' UNION ALL '.join(parts)}) WHERE NOT ({table.keep}))"
            )


def collapse_twins(connection: duckdb.DuckDBPyConnection, table: SourceTable, files: Sequence[Staged]) -> int:
    """Settles rows with one key; returns how many identical ones were collapsed."""
    own = [i for i, f in enumerate(files) if f.table.name == table.name]
    if not table.key or not any(table.key in files[i].columns for i in own):
        return 0
    key = f'"{table.key}"'
    # Hashes first: they are an eighth of the ids' size, and most claim sets have no twin at all.
    twice = connection.execute(
        f"CREATE OR REPLACE TABLE rf_hashes AS SELECT hash({key}) AS h FROM all_{table.name} WHERE {key} IS NOT NULL"
        " GROUP BY h HAVING count(*) > 1"
    ).fetchall()
    if not twice[0][0]:
        return 0
    connection.execute(
        f"CREATE OR REPLACE TABLE rf_twins AS SELECT {key} AS k FROM all_{table.name}"
        f" WHERE hash({key}) IN (SELECT h FROM rf_hashes) GROUP BY {key} HAVING count(*) > 1"
    )
    if not connection.execute("SELECT count(*) FROM rf_twins").fetchall()[0][0]:
        return 0
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    connection.execute(
        f"""CREATE OR REPLACE TABLE rf_twin_rows AS
            SELECT t._file, t._row, k, d.file IS NOT NULL AS faulty,
                   count(DISTINCT row({columns})) OVER (PARTITION BY k) > 1
                   OR bool_or(d.file IS NOT NULL) OVER (PARTITION BY k) AS differ,
                   row_number() OVER (PARTITION BY k ORDER BY t._file, t._row) AS nth
            FROM all_{table.name} t JOIN rf_twins ON t.{key} = k
            LEFT JOIN rf_dropped d ON d.file = t._file AND d.ordinal = t._row"""
    )
    rejects.refuse(
        connection,
        "SELECT * FROM rf_twin_rows WHERE differ AND NOT faulty",
        table.key,
        "k",
        "duplicate_differs",
    )
    extra = "FROM rf_twin_rows WHERE NOT differ AND nth > 1"
    connection.execute(f"INSERT INTO rf_dropped SELECT _file, _row {extra}")
    _make_sound(connection, table, own)
    return int(connection.execute(f"SELECT count(*) {extra}").fetchall()[0][0])


def _part(table: SourceTable, index: int, staged: Staged) -> str:
    columns = ", ".join(
        f'"{c.name}"' if c.name in staged.columns else f'CAST(NULL AS {SQL_TYPES[c.type]}) AS "{c.name}"'
        for c in table.columns
    )
    return (
        f"SELECT {columns}, _doubt, {index} AS _file, file_row_number AS _row "
        f"FROM read_parquet({quote(str(staged.path))})"
    )


def _nothing(table: SourceTable) -> str:
    columns = ", ".join(f'CAST(NULL AS {SQL_TYPES[c.type]}) AS "{c.name}"' for c in table.columns)
    return f"SELECT {columns}, NULL AS _doubt, 0 AS _file, 0 AS _row WHERE false"


def _make_sound(connection: duckdb.DuckDBPyConnection, table: SourceTable, own: Sequence[int]) -> None:
    """`src_TABLE`; the anti-join only where a row of these files was dropped."""
    files = ", ".join(str(i) for i in own) or "-1"
    dropped = connection.execute(f"SELECT count(*) FROM rf_dropped WHERE file IN ({files})").fetchall()[0][0]
    without = " t ANTI JOIN rf_dropped d ON d.file = t._file AND d.ordinal = t._row" if dropped else ""
    connection.execute(
        f"CREATE OR REPLACE VIEW src_{table.name} AS SELECT * EXCLUDE (_doubt) FROM all_{table.name}{without}"
    )
