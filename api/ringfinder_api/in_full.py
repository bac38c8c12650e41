"""Names and numbers of a ring's members as the registers of the claims have them; the work of a process of its own.

Who may have them, and that it is recorded, is settled before (`casebook.unmasking`): nothing here is masked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ringfinder.report.register import ACCOUNTS, NAMED, NUMBERS
from ringfinder.tables import BY_NAME
from ringfinder.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

Values = Mapping[str, str | None]
ADDRESS = "address"
FIELDS = ("name", *NUMBERS, ADDRESS, *ACCOUNTS)


def in_full(folder: Path, run_id: str, nodes: Sequence[tuple[str, str]]) -> list[Values]:
    """What is known of each of these (entity type, id), in their order; what is not known is None."""
    import duckdb  # noqa: PLC0415

    tables = Workspace(folder).run(run_id).tables
    with duckdb.connect(config={"threads": 1}) as db:
        known = {
            (kind, row[0]): row[1]
            for kind in NAMED
            for row in _rows(db, tables, kind, [entity_id for type_, entity_id in nodes if type_ == kind])
        }
    nothing: Values = dict.fromkeys(FIELDS)
    return [known.get(node, nothing) for node in nodes]


def _rows(db: duckdb.DuckDBPyConnection, tables: Path, kind: str, ids: Sequence[str]) -> Iterator[tuple[str, Values]]:
    """(id, its values) of those who stand in the register."""
    table = BY_NAME[NAMED[kind]]
    path = tables / f"{table.name}.parquet"
    if not ids or not path.exists():
        return
    columns = [name for name in FIELDS if name in table.column_names]
    sql = (
        f"SELECT {table.key}, {', '.join(columns)} FROM read_parquet($path) WHERE {table.key} IN (SELECT unnest($ids))"
    )
    for entity_id, *values in db.execute(sql, {"path": str(path), "ids": list(ids)}).fetchall():
        yield entity_id, dict.fromkeys(FIELDS) | dict(zip(columns, values, strict=True))
