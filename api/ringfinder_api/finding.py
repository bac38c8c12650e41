"""Who is meant by what somebody typed: an id, a name, a phone, an identity number or an account; the work of a process of its own.

    id                              whole, or its beginning where ids of that kind say nothing personal
    name of a place                 any part of it
    anything personal               whole: who does not know a phone or a name may not find it out sign by sign

Answers hold ids as they are; whoever shows them masks them. The most exact come first, then by type and id.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ringfinder.graph import ENTITY_LABELS, label
from ringfinder.model import ENTITY_TYPES
from ringfinder.report.masks import mask_id
from ringfinder.report.register import ACCOUNTS, NAMED, NUMBERS, Register
from ringfinder.tables import BY_NAME
from ringfinder.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

Matched = Literal["id", "name", "phone", "id_number", "account", "beginning", "part"]
Found = tuple[str, str, str | None, Matched]  # entity type, id, masked name, what matched
MOST = 50
LEAST_PART = 2  # signs of a place's name
LEAST_BEGINNING = 3  # signs of an id
PHONES = frozenset({"phone", "contact_phone"})


def find(folder: Path, run_id: str, text: str) -> tuple[list[Found], bool]:
    """Those found in one run, and whether there were more; RingFinderError where it cannot be read."""
    import duckdb  # noqa: PLC0415

    tables = Workspace(folder).run(run_id).tables
    found: dict[tuple[str, str], Matched] = {}
    with duckdb.connect(config={"threads": 1}) as db:
        for entity_type, entity_id, matched in _all(db, tables, text.strip()):
            found.setdefault((entity_type, entity_id), matched)
    shown = list(found.items())[:MOST]
    register = Register(tables)
    names: dict[tuple[str, str], str] = {}
    for kind in NAMED:
        called = register.names(kind, [entity for (type_, entity), _ in shown if type_ == kind])
        names |= {(kind, entity): name for entity, name in called.items()}
    return [(*entity, names.get(entity), matched) for entity, matched in shown], len(found) > MOST


def _all(db: duckdb.DuckDBPyConnection, tables: Path, text: str) -> Iterator[tuple[str, str, Matched]]:
    yield from _whole(db, tables, text)
    if len(text) >= LEAST_PART:
        for one in _in(db, tables, "facilities", "contains(name, $text)", text):
            yield "facility", one, "part"
    if len(text) >= LEAST_BEGINNING:
        for kind, table in NAMED.items():
            for one in _in(db, tables, table, f"starts_with({BY_NAME[table].key}, $text)", text):
                if mask_id(kind, one) == one:
                    yield kind, one, "beginning"


def _whole(db: duckdb.DuckDBPyConnection, tables: Path, text: str) -> Iterator[tuple[str, str, Matched]]:
    for entity_type in ENTITY_TYPES:
        for source in label(ENTITY_LABELS[entity_type]).sources:
            if _ids(db, tables / f"{source.table}.parquet", source.column, f"{source.column} = $text", text):
                yield entity_type, text, "id"
    for kind, table in NAMED.items():
        for column in BY_NAME[table].column_names:
            if column in {"name", *NUMBERS, *ACCOUNTS}:
                for one in _in(db, tables, table, f"{column} = $text", text):
                    yield kind, one, _matched(column)


def _matched(column: str) -> Matched:
    if column == "name":
        return "name"
    return "phone" if column in PHONES else "id_number" if column == "id_number" else "account"


def _in(db: duckdb.DuckDBPyConnection, tables: Path, table: str, where: str, text: str) -> list[str]:
    return _ids(db, tables / f"{table}.parquet", BY_NAME[table].key, where, text)


def _ids(db: duckdb.DuckDBPyConnection, path: Path, column: str, where: str, text: str) -> list[str]:
    """Ids of the rows that fit; none where there is no such table."""
    if not path.exists():
        return []
    sql = f"SELECT DISTINCT {column} FROM read_parquet($path) WHERE {where} ORDER BY 1 LIMIT {MOST + 1}"
    return [one for (one,) in db.execute(sql, {"path": str(path), "text": text}).fetchall()]
