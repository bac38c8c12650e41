"""One file of a source table, read once: typed, in the file's order, faults beside the rows, as Parquet in the work
folder.

Staged columns are those of the source table that the file has, under the table's names, and `_doubt`: NULL for a
sound row, the cells (column, value) without typed value for a row that may be rejected (`rejects.py` settles it), an
empty list for a row without any value (spreadsheets leave such).
Lines that are no rows at all (too few or too many columns, broken quotes) are told apart by DuckDB and kept as
`Malformed`. Lines without any value are no rows and no fault: see `blanks`. Everything is one SQL statement a file;
nothing loops over rows.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ringfinder.claims import blanks, plainly, text
from ringfinder.claims.blanks import BLANK
from ringfinder.claims.profiles.profile import Profile, SourceColumn, SourceTable, plain
from ringfinder.claims.sources import SourceFile
from ringfinder.claims.values import doubtful_sql, quote, value_sql
from ringfinder.errors import InputError
from ringfinder.words.sentences import Listed, Sentence

# Row groups of DuckDB's own size: they are the unit of parallel work. The order of rows is asked for explicitly: the
# engine's general setting does not keep it through a subquery. A dictionary is given up once it is this large: to write
# Parquet costs more than to parse CSV, and much of that went into dictionaries of ids and times, which were given up later.
_ROWS = "FORMAT parquet, ROW_GROUP_SIZE 122880, PRESERVE_ORDER true, DICTIONARY_SIZE_LIMIT 4096"
PARQUET = f"{_ROWS}, COMPRESSION lz4_raw"
PASSING = f"{_ROWS}, COMPRESSION uncompressed"  # of the work folder: written once, gone after the reading

_MALFORMED = {
    "MISSING COLUMNS": "columns_few",
    "TOO MANY COLUMNS": "columns_many",
    "UNQUOTED VALUE": "quote",
    "LINE SIZE OVER MAXIMUM": "line_long",
    "INVALID ENCODING": "undecodable",
}


@dataclass(frozen=True)
class Desk:
    """Where a claim set is read: a DuckDB with the macros of `values`, a folder for work, the zone of bare times."""

    connection: duckdb.DuckDBPyConnection
    work: Path
    profile: Profile
    zone: str


@dataclass(frozen=True)
class Malformed:
    """A line that is no row: `record` counts the file's rows, blank ones too, the header being 1; `reason` is a slug,
    `BLANK` where the line is no fault."""

    record: int
    reason: str


@dataclass(frozen=True)
class Staged:
    """A staged file. `rows` counts data rows without blank ones, malformed lines included; `columns` are those it
    has; `blank` counts the blank rows, `above` those of them before the header."""

    name: str
    table: SourceTable
    path: Path
    columns: frozenset[str]
    unknown: tuple[str, ...]
    rows: int
    malformed: tuple[Malformed, ...]
    encoding: str
    sha256: str
    blank: int
    above: int

    @property
    def refused(self) -> int:
        """How many lines were no rows and not blank either."""
        return sum(line.reason != BLANK for line in self.malformed)


@dataclass(frozen=True)
class _Opened:
    relation: str
    header: list[str]
    cells: list[str]  # SQL of each column as text
    encoding: str
    sha256: str
    delimiter: str = ""
    skip: int = 0
    above: int = 0  # blank lines among those skipped


def no_room(error: Exception) -> bool:
    """Whether an error of DuckDB or the system says that disk or memory is full, rather than that a file is broken."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    full = any(os.strerror(code) in str(error) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
    return isinstance(error, duckdb.OutOfMemoryException) or full


def stage(desk: Desk, file: SourceFile, index: int) -> Staged:
    """Reads one file into the work folder; InputError where the file as a whole cannot be used."""
    opened = _open_parquet(file) if file.parquet else _open_text(desk, file, index)
    _check_header(file, opened.header)
    places = file.table.matched(opened.header)
    target = desk.work / f"staged-{index}.parquet"
    select = _select(file.table, {c: opened.cells[p] for c, p in places.items()}, opened, desk.zone)
    try:
        desk.connection.execute(f"COPY ({select}) TO {quote(str(target))} ({PASSING})")
        malformed = () if file.parquet else _malformed(desk.connection, file, opened)
        counted = desk.connection.execute(
            f"SELECT count(*), count(*) FILTER (len(_doubt) = 0) FROM read_parquet({quote(str(target))})"
        ).fetchall()
    except duckdb.Error as error:
        if no_room(error):
            raise
        kind = "Parquet" if file.parquet else "CSV"
        raise InputError(Sentence("faults_claims.corrupt", name=file.name, kind=kind)) from error
    rows, blank = counted[0]
    short = sum(line.reason == BLANK for line in malformed)
    used = set(places.values())
    unknown = tuple(sorted({c.strip() for p, c in enumerate(opened.header) if p not in used and c.strip()}))
    return Staged(
        file.name,
        file.table,
        target,
        frozenset(places),
        unknown,
        rows - blank + len(malformed) - short,
        malformed,
        opened.encoding,
        opened.sha256,
        blank + short + opened.above,
        opened.above,
    )


def _open_text(desk: Desk, file: SourceFile, index: int) -> _Opened:
    readable = text.prepare(file.path, file.name, desk.work, f"text-{index}")
    known = frozenset(plain(n) for t in desk.profile.tables for c in t.columns for n in (c.name, *c.aliases))
    header = text.header(text.peek(readable.path), known)
    path = readable.path
    if readable.empty_lines and len(header.columns) > 1:
        path = desk.work / f"text-{index}.filled"
        blanks.fill(readable.path, path, header.skip, header.delimiter, len(header.columns))
    names = [f"c{place}" for place in range(len(header.columns))]
    columns = ", ".join(f"'{n}': 'VARCHAR'" for n in names)
    relation = (
        f"read_csv({quote(str(path))}, auto_detect=false, header=true, skip={header.skip}, "
        f"delim={quote(header.delimiter)}, quote='\"', escape='\"', columns={{{columns}}}, "
        "store_rejects=true, rejects_table='rf_errors', rejects_scan='rf_scans', rejects_limit=0)"
    )
    return _Opened(
        relation,
        header.columns,
        names,
        readable.encoding,
        readable.sha256,
        header.delimiter,
        header.skip,
        header.blank,
    )


def _open_parquet(file: SourceFile) -> _Opened:
    digest = hashlib.sha256()
    with file.path.open("rb") as stream:
        while block := stream.read(text.CHUNK):
            digest.update(block)
    if file.path.stat().st_size == 0:
        raise InputError(Sentence("faults_claims.empty", name=file.name))
    try:
        header = list(pq.read_schema(file.path).names)
    except (pa.ArrowException, OSError) as error:
        raise InputError(Sentence("faults_claims.corrupt", name=file.name, kind="Parquet")) from error
    relation = f"read_parquet({quote(str(file.path))}, binary_as_string=true)"
    # Empty text is no value, as it is in CSV.
    cells = [f"nullif(CAST(\"{name.replace(chr(34), chr(34) * 2)}\" AS VARCHAR), '')" for name in header]
    return _Opened(relation, header, cells, "parquet", digest.hexdigest())


def _check_header(file: SourceFile, header: list[str]) -> None:
    """Duplicate and missing columns. Other cells are not told: a file without header has people's data there."""
    times = Counter(plain(cell) for cell in header if plain(cell))
    known = {n for c in file.table.columns for n in (c.name, *c.aliases)}
    twice = sorted(name for name, count in times.items() if count > 1)
    if twice:
        shown = next((name for name in twice if name in known), None)
        if shown is None:
            raise InputError(Sentence("faults_claims.a_column_twice", name=file.name))
        raise InputError(Sentence("faults_claims.column_twice", name=file.name, column=shown))
    missing = file.table.missing(header)
    if not missing:
        return
    if len(header) == 1 and len(file.table.columns) > 1 and not file.parquet:
        raise InputError(Sentence("faults_claims.one_column", name=file.name, column=missing[0]))
    one_or_more = "columns_missing" if len(missing) > 1 else "column_missing"
    raise InputError(Sentence(f"faults_claims.{one_or_more}", name=file.name, columns=Listed(missing)))


def _select(table: SourceTable, cells: dict[str, str], opened: _Opened, zone: str) -> str:
    """The statement: raw cells, whether they are written plainly, then typed values, then what is doubtful about
    them."""
    present = [c for c in table.columns if c.name in cells]
    raw = ", ".join(f"{cells[c.name]} AS r{i}" for i, c in enumerate(present))
    groups = plainly.groups(present, [f"r{i}" for i in range(len(present))])
    plain = {place: f"p{g}" for g, group in enumerate(groups) for place in group.places}
    tests = "".join(f", {group.test} AS p{g}" for g, group in enumerate(groups))
    values = [_value(c, f"r{i}", opened.delimiter == ";", zone) for i, c in enumerate(present)]
    typed = ", ".join(
        f"CASE WHEN {plain[i]} THEN {plainly.plain_value(c, f'r{i}')} ELSE {value} END AS v{i}"
        if i in plain
        else f"{value} AS v{i}"
        for i, (c, value) in enumerate(zip(present, values, strict=True))
    )
    # No value, though one is due or something is written: the few rows of which more must be asked.
    empty = [f"v{i} IS NULL" + ("" if c.required else f" AND r{i} IS NOT NULL") for i, c in enumerate(present)]
    sure = " AND ".join((*sorted(set(plain.values())), *(f"NOT ({e})" for i, e in enumerate(empty) if i not in plain)))
    doubts = [_is_doubtful(c, f"r{i}", f"v{i}") for i, c in enumerate(present)]
    anything = ", ".join(f"nullif(trim(r{i}), '')" for i in range(len(present)))
    cell_list = ", ".join(
        f"CASE WHEN {doubt} THEN {{'column': {quote(c.name)}, 'value': r{i}}} END"
        for i, (c, doubt) in enumerate(zip(present, doubts, strict=True))
    )
    names = ", ".join(f'v{i} AS "{c.name}"' for i, c in enumerate(present))
    return f"""
        SELECT {names}, CASE WHEN {sure} THEN NULL WHEN {" OR ".join(empty)} THEN CASE WHEN {" OR ".join(doubts)} THEN
            CASE WHEN coalesce({anything}) IS NULL THEN [] ELSE list_filter([{cell_list}], lambda b: b IS NOT NULL) END
        END END AS _doubt
        FROM (SELECT *, {typed} FROM (SELECT *{tests} FROM (SELECT {raw} FROM {opened.relation})))"""


def _value(column: SourceColumn, raw: str, semicolons: bool, zone: str) -> str:
    if column.choices:
        cases = " ".join(
            f"WHEN {quote(written)} THEN {quote(value) if value else 'NULL'}"
            for written, value in column.choices.items()
        )
        as_is = ", ".join(quote(value) for value in sorted(set(column.choices.values()) - {""}))
        return f"CASE WHEN {raw} IN ({as_is}) THEN {raw} ELSE CASE lower(rf_clean({raw})) {cases} END END"
    if column.identity:
        return f"rf_named({raw})"
    value = value_sql(column.type, raw, zone, column.bounds)
    if column.type == "money" and semicolons:
        # Where `;` parts the columns, `1,234` may be a decimal comma: only a point beside it tells.
        return f"CASE WHEN NOT (contains({raw}, ',') AND NOT contains({raw}, '.')) THEN {value} END"
    return value


def _is_doubtful(column: SourceColumn, raw: str, value: str) -> str:
    return f"{value} IS NULL" if column.required else doubtful_sql(raw, value)


def _malformed(connection: duckdb.DuckDBPyConnection, file: SourceFile, opened: _Opened) -> tuple[Malformed, ...]:
    found = connection.execute(
        "SELECT line, min(error_type), "
        "bool_or(error_type = 'UNQUOTED VALUE' AND contains(trim(csv_line, E'\\r\\n'), E'\\n')), "
        f"bool_and({blanks.is_blank_sql('csv_line', opened.delimiter)}) "
        "FROM rf_errors GROUP BY line ORDER BY line"
    ).fetchall()
    connection.execute("DROP TABLE rf_errors; DROP TABLE rf_scans")
    for line, _, swallowed, _ in found:
        if swallowed:
            row = line - opened.skip + opened.above
            raise InputError(Sentence("faults_claims.open_quote", name=file.name, row=row))
    return tuple(
        Malformed(line - opened.skip, BLANK if blank else _MALFORMED.get(str(kind), "columns_few"))
        for line, kind, _, blank in found
    )
