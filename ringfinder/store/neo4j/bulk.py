"""A claim set as files for `neo4j-admin database import full`, and the command that reads them.

The import makes a database from nothing, without transactions: several times as fast as any number of statements. So it is
for an empty database of a server that does not run. What comes out is the graph that `load` would have made:

    nodes-LABEL.csv      the properties of `extract.nodes` that any node has; `:ID` numbers all nodes of all labels in one row
    edges-TYPE-TABLE-COLUMN.csv     `:START_ID`, `:END_ID`, one file for each column that names the other end
    nodes-RingFinderGraph.csv   our mark (see `marks`): which claims these are, and that constraints are still to be made
    import.sh            the command, for a server of one's own

Numbers instead of keys let the import skip its own search for the ends of relationships (`--id-type=actual`). A node's is
its place among those of its label, as the embedded store has it, after all nodes of the labels before. Files are named
without their folder, whose name the import would take for a pattern. They are CSV as it reads it: NULL is nothing at all,
an empty text is quoted, quotes are doubled, times are ISO 8601.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

import duckdb

from ringfinder.graph import Label, PropertyType, labels_of, relationships_of
from ringfinder.store import extract
from ringfinder.store.neo4j.parts import CLAIM
from ringfinder.store.neo4j.schema import GRAPH_MARK
from ringfinder.tables import TABLES, Table

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
POSITION = "position"  # of a row's own node, in the table of places
# What may stand in a text: blanks at both ends, nothing at all; and no row is left out.
READING = (
    "--id-type=actual",
    "--trim-strings=false",
    "--ignore-empty-strings=false",
    "--skip-bad-relationships=false",
    "--skip-duplicate-nodes=false",
)


def write(
    tables: duckdb.DuckDBPyConnection, folder: Path, spill: Path, claims: str, database: str, prefix: str = ""
) -> tuple[list[str], dict[str, int]]:
    """The files of a claim set (see `extract.open_tables`) in `folder`: what `neo4j-admin` is to be given there, and how many
    nodes of each label and relationships of each type they make.

    `claims` is the digest that the mark says (see `marks`). `prefix` begins the labels and types (see `names`). `spill`: a
    folder for what is only needed meanwhile.
    """
    files = _Files(tables, folder, prefix)
    files.all(spill)
    mark = folder / f"nodes-{GRAPH_MARK}.csv"
    _copy(
        tables,
        f'SELECT {files.nodes} AS ":ID", \'graph\' AS "name:string",'
        f' {extract.literal(claims)} AS "claims:string", false AS "complete:boolean",'
        f' {extract.literal(json.dumps(files.counts))} AS "expected:string", true AS "imported:boolean"',
        mark,
    )
    # Line ends inside quotes: only where there are any, since then one thread reads a file from its begin to its end.
    lines = f"--multiline-fields={str(files.several_lines).lower()}"
    named = [*files.arguments, f"--nodes={prefix}{GRAPH_MARK}={mark.name}"]
    return ["database", "import", "full", database, *READING, lines, "--overwrite-destination", *named], files.counts


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


class _Files:
    """The files of one claim set as they are written; `arguments` names those with rows, `counts` what is in them by label and
    type, `several_lines` whether a text goes over more than one."""

    def __init__(self, tables: duckdb.DuckDBPyConnection, folder: Path, prefix: str) -> None:
        self._tables, self._folder, self._prefix = tables, folder, prefix
        self._first: dict[str, int] = {}  # number of the first node of each label
        self.arguments: list[str] = []
        self.counts: dict[str, int] = {}
        self.several_lines = False

    def all(self, spill: Path) -> None:
        """Write nodes and relationships; `spill` keeps the nodes' keys meanwhile."""
        places = {one.name: self._nodes(one, spill) for one in labels_of("claims")}
        self.counts |= {kind.type: 0 for kind in relationships_of("claims")}
        for table in TABLES:
            self._edges(table, places)

    @property
    def nodes(self) -> int:
        """How many nodes have a number so far."""
        return sum(self.counts.get(one.name, 0) for one in labels_of("claims"))

    def _nodes(self, one: Label, spill: Path) -> str:
        """Write the nodes of a label; a relation of their keys and places (see `extract.named_ends`)."""
        if one.name == CLAIM.name:  # the largest by far, and few of its keys are looked up
            rows, places = extract.rows_of_claims(one), extract.named_claims(self._tables)
        else:
            part = spill / f"{one.name}.parquet"
            extract.write_parquet(self._tables, extract.nodes(one), part)
            rows, places = extract.rows_in(part), extract.keys_in(part, one)
        first = self._first[one.name] = self.nodes
        filled = ", ".join(f'count("{name}")' for name in one.property_names)
        found = self._tables.execute(f"SELECT count(*), {filled} FROM {rows}").fetchone()
        assert found is not None
        self.counts[one.name] = found[0]
        if found[0]:
            # What is NULL everywhere makes no property, and need not be read half a million times.
            columns = [p for p, values in zip(one.properties, found[1:], strict=True) if values]
            values = ", ".join(f'"{p.name}" AS "{p.name}:{TYPES[p.type]}"' for p in columns)
            file = self._folder / f"nodes-{one.name}.csv"
            _copy(self._tables, f'SELECT {first} + {extract.PLACE} AS ":ID", {values} FROM {rows}', file)
            self.several_lines |= _lines(file) != found[0] + 1
            self.arguments.append(f"--nodes={self._prefix}{one.name}={file.name}")
        return places

    def _edges(self, table: Table, places: Mapping[str, str]) -> None:
        """Write the relationships that rows of a table name, from one table of the places of all their ends."""
        self._tables.execute(f"CREATE OR REPLACE TEMP TABLE ends AS {extract.named_ends(table, places, POSITION)}")
        for kind, end in extract.ends_of(table):
            column = extract.naming(kind, end)
            origin, target = (column, POSITION) if end.reverse else (POSITION, column)
            fixed = "".join(f', {extract.literal(value)} AS "{name}:string"' for name, value in end.fixed)
            file = self._folder / f"edges-{kind.type}-{table.name}-{column}.csv"
            count = _copy(
                self._tables,
                f'SELECT {self._first[end.origin]} + "{origin}" AS ":START_ID",'
                f' {self._first[end.target]} + "{target}" AS ":END_ID"{fixed} FROM ends WHERE "{column}" IS NOT NULL',
                file,
            )
            self.counts[kind.type] += count
            if count:
                self.arguments.append(f"--relationships={self._prefix}{kind.type}={file.name}")
        self._tables.execute("DROP TABLE ends")


def _copy(tables: duckdb.DuckDBPyConnection, select: str, file: Path) -> int:
    row = tables.execute(f"COPY ({select}) TO {extract.literal(str(file))} ({CSV})").fetchone()
    file.chmod(0o600)
    assert row is not None
    return int(row[0])


def _lines(file: Path) -> int:
    """Lines as the import counts them: it ends one at a carriage return as well."""
    with file.open("rb") as opened:
        pieces = iter(lambda: opened.read(1 << 20), b"")
        return sum(piece.count(b"\n") + piece.count(b"\r") for piece in pieces)
