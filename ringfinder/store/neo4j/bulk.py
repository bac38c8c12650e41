"""A claim set as files for `neo4j-admin database import full`, and the command that reads them.

The import makes a database from nothing, without transactions: several times as fast as any number of statements. So it is
for an empty database of a server that does not run. What comes out is the graph that `load` would have made:

    nodes-LABEL.csv      the properties of `extract.nodes`; `:ID` numbers all nodes of all labels in one row
    edges-TYPE-N.csv     `:START_ID`, `:END_ID`, one file for each pair of labels or column that names the other end
    nodes-RingFinderGraph.csv   our mark (see `marks`): which claims these are, and that constraints are still to be made
    import.sh            the command, for a server of one's own

Numbers instead of keys let the import skip its own search for the ends of relationships (`--id-type=actual`). Files are
named without their folder, whose name the import would take for a pattern. They are CSV as it reads it: NULL is nothing
at all, an empty text is quoted, quotes are doubled, times are ISO 8601.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from ringfinder.graph import Property, PropertyType, labels_of
from ringfinder.store import extract
from ringfinder.store.neo4j.parts import CLAIM, LEAVING, OTHERS, table_of_ids
from ringfinder.store.neo4j.schema import GRAPH_MARK

TYPES: dict[PropertyType, str] = {
    "text": "string",
    "number": "double",
    "count": "long",
    "time": "localdatetime",
    "date": "date",
    "flag": "boolean",
    "texts": "string[]",
}
CSV = "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S'"
SCRIPT = "import.sh"
# What may stand in a text: line ends inside quotes, blanks at both ends, nothing at all; and no row is left out.
READING = (
    "--id-type=actual",
    "--multiline-fields=true",
    "--trim-strings=false",
    "--ignore-empty-strings=false",
    "--skip-bad-relationships=false",
    "--skip-duplicate-nodes=false",
)


def write(
    tables: duckdb.DuckDBPyConnection,
    folder: Path,
    claims: str,
    expected: Mapping[str, int],
    database: str,
    prefix: str = "",
) -> list[str]:
    """The files of a claim set (see `extract.open_tables`) in `folder`; what `neo4j-admin` is to be given there.

    `claims` and `expected` are what the mark says (see `marks`): digest of the claims, numbers of nodes and relationships.
    `prefix` begins the labels and types (see `names`).
    """
    files = [*_nodes(tables, folder, prefix), *_edges(tables, folder, prefix)]
    mark = folder / f"nodes-{GRAPH_MARK}.csv"
    _copy(
        tables,
        f'SELECT {sum(expected[one.name] for one in labels_of("claims"))} AS ":ID", \'graph\' AS "name:string",'
        f' {extract.literal(claims)} AS "claims:string", false AS "complete:boolean",'
        f' {extract.literal(json.dumps(dict(expected)))} AS "expected:string", true AS "imported:boolean"',
        mark,
    )
    files.append(f"--nodes={prefix}{GRAPH_MARK}={mark.name}")
    return ["database", "import", "full", database, *READING, "--overwrite-destination", *files]


def script(arguments: list[str], folder: Path) -> Path:
    """The command as a file for a shell, to be run where the server's `neo4j-admin` is."""
    file = folder / SCRIPT
    lines = [
        "#!/bin/sh",
        "# Makes the database anew: its server must be stopped, and what was in it is gone.",
        "# Then start the server and run `ringfinder run CLAIMS --store neo4j` with the same claims.",
        'cd "$(dirname "$0")" &&',
        " \\\n  ".join(["exec neo4j-admin", *map(shlex.quote, arguments)]),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    file.chmod(0o700)
    return file


def _nodes(tables: duckdb.DuckDBPyConnection, folder: Path, prefix: str) -> Iterator[str]:
    """Write the nodes and keep their numbers as the tables that relationships are joined to."""
    first = 0
    for one in labels_of("claims"):
        table, file = table_of_ids(one.name), folder / f"nodes-{one.name}.csv"
        tables.execute(
            f"CREATE TABLE {table} AS SELECT {one.key} AS key, {first} + row_number() OVER () - 1 AS id"
            f" FROM ({extract.nodes(one)})"
        )
        columns = ", ".join(f'n."{p.name}" AS "{_head(p)}"' for p in one.properties)
        rows = _copy(
            tables,
            f'SELECT i.id AS ":ID", {columns} FROM ({extract.nodes(one)}) AS n JOIN {table} AS i ON i.key = n.{one.key}',
            file,
        )
        first += rows
        if rows:
            yield f"--nodes={prefix}{one.name}={file.name}"


def _edges(tables: duckdb.DuckDBPyConnection, folder: Path, prefix: str) -> Iterator[str]:
    """Write the relationships: those that leave a claim from one table of all their ends, the others column by column."""
    ends = ", ".join(f"j{i}.id AS end{i}" for i in range(len(LEAVING)))
    joins = " ".join(
        f"LEFT JOIN {table_of_ids(end.target)} AS j{i} ON j{i}.key = t.{end.source.column}"
        for i, (_, end) in enumerate(LEAVING)
        if end.source
    )
    tables.execute(
        f"CREATE TABLE ends_of_claims AS SELECT c.id, {ends} FROM claims AS t"
        f" JOIN {table_of_ids(CLAIM.name)} AS c ON c.key = t.{CLAIM.key} {joins}"
    )
    selects = [
        (kind, end, f'SELECT id AS ":START_ID", end{i} AS ":END_ID" FROM ends_of_claims WHERE end{i} IS NOT NULL')
        for i, (kind, end) in enumerate(LEAVING)
    ]
    for kind, end in OTHERS:
        fixed = "".join(f', {extract.literal(value)} AS "{name}:string"' for name, value in end.fixed)
        selects.append(
            (
                kind,
                end,
                f'SELECT a.id AS ":START_ID", b.id AS ":END_ID"{fixed} FROM ({extract.edges(kind, end)}) AS e'
                f" JOIN {table_of_ids(end.origin)} AS a ON a.key = e.{extract.FROM}"
                f" JOIN {table_of_ids(end.target)} AS b ON b.key = e.{extract.TO}",
            )
        )
    for number, (kind, _, select) in enumerate(selects):
        file = folder / f"edges-{kind.type}-{number}.csv"
        if _copy(tables, select, file):
            yield f"--relationships={prefix}{kind.type}={file.name}"


def _copy(tables: duckdb.DuckDBPyConnection, select: str, file: Path) -> int:
    row = tables.execute(f"COPY ({select}) TO {extract.literal(str(file))} ({CSV})").fetchone()
    file.chmod(0o600)
    assert row is not None
    return int(row[0])


def _head(one: Property) -> str:
    return f"{one.name}:{TYPES[one.type]}"
