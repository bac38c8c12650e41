"""How claims get into the embedded store's file: nodes first, then a table's relationships from one file of its columns.

A relationship is loaded by the keys of its ends, which the engine looks up one by one; looking up ten million texts was
half of the work. So a node's key in the engine is its place among the nodes of its label, sorted by their ids (`POSITION`,
a SERIAL without an index: the place *is* where the engine keeps the node), and DuckDB puts places for ids, all ends of a
row in one join. Measured at ten million claims: their relationships take two thirds of the processor time, nodes half to two
thirds, the joins a second and a half, and no index fills the pool. A node is then found by its id through a scan of that
column (a tenth of a second a million). SERIAL keys follow the order of the rows as long as one thread loads them; one row of
each of the engine's vectors is looked at afterwards. Rings come and go, so they keep their id for a key.

What else is known: a load of ten million claims with two threads once hung, both waiting while they loaded nodes, it seemed
for parts of the key index; loads with one thread ended. The cause is not proven, so one thread loads nodes, and whoever waits
for a load watches it (`pipeline/watch.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from ringfinder.errors import InputError, StoreError
from ringfinder.graph import LABELS, RELATIONSHIPS, End, Label, PropertyType, Relationship, labels_of, relationships_of
from ringfinder.graph import label as label_named
from ringfinder.store import extract
from ringfinder.store.contract import Progress
from ringfinder.tables import BY_NAME
from ringfinder.words.sentences import Sentence

TYPES: dict[PropertyType, str] = {
    "text": "STRING",
    "number": "DOUBLE",
    "count": "INT64",
    "time": "TIMESTAMP",
    "date": "DATE",
    "flag": "BOOLEAN",
    "texts": "STRING[]",
}
POSITION = "position"  # the property of all nodes but rings that says where they are
CLAIM = "Claim"
VECTOR = 2048  # rows that the engine handles at once: if it mixed any up, then whole ones of these


class Loading:
    """One file while it is filled. `run` and `rows_of` execute a statement; `threads` 0 takes all cores.

    `claims` is the sorted table of claims that the file holds, where it is at hand.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[str], None],
        rows_of: Callable[[str], pa.Table],
        threads: int,
        claims: Path | None = None,
    ) -> None:
        self._name, self._run, self._rows_of, self._threads, self._sorted = name, run, rows_of, threads, claims

    def create_tables(self) -> None:
        """All tables of the graph model."""
        for label in LABELS:
            columns, key = [f"`{p.name}` {TYPES[p.type]}" for p in label.properties], label.key
            if placed(label):
                columns, key = [f"{POSITION} SERIAL", *columns], POSITION
            self._run(f"CALL enable_default_hash_index = {str(not placed(label)).lower()}")
            self._run(f"CREATE NODE TABLE {label.name}({', '.join(columns)}, PRIMARY KEY(`{key}`))")
        for kind in RELATIONSHIPS:
            pairs = dict.fromkeys(f"FROM {end.origin} TO {end.target}" for end in kind.ends)
            columns = [*pairs, *(f"`{p.name}` {TYPES[p.type]}" for p in kind.properties)]
            self._run(f"CREATE REL TABLE {kind.type}({', '.join(columns)})")

    def claims(self, tables: duckdb.DuckDBPyConnection, scratch: Path, progress: Progress) -> None:
        """Load what the claims give; StoreError where not all of it is there afterwards."""
        labels, kinds = labels_of("claims"), relationships_of("claims")
        steps, done = len(labels) + len(kinds), 0
        wanted: dict[str, int] = {}
        if tables.execute(extract.CLAIMS_OUT_OF_ORDER).fetchone() != (0,):
            raise StoreError(Sentence("faults_store.unsorted", name=self._name))
        places: dict[str, str] = {}
        for label in labels:
            part = scratch / f"{label.name}.parquet"
            wanted[f"(n:{label.name})"] = rows = _write(tables, extract.nodes(label), part)
            self.nodes(label, part, rows)
            places[label.name] = extract.keys_in(part, label)
            if label.name == CLAIM:  # the largest by far, and few of its keys are looked up
                places[label.name] = extract.named_claims(tables)
                part.unlink()
            progress("store.nodes", (done := done + 1) / steps)
        parts = _Parts(tables, scratch, places)
        for kind in kinds:
            pattern = f"()-[r:{kind.type}]->()"
            for end in kind.ends:
                rows = parts.rows(kind, end)
                wanted[pattern] = wanted.get(pattern, 0) + rows
                if rows:
                    self._run(parts.load(kind, end))
            progress("store.edges", (done := done + 1) / steps)
        self._run("CHECKPOINT")
        self._verify(wanted)

    def nodes(self, label: Label, part: Path, rows: int) -> None:
        """Load nodes from a file with a column for each property, in the order of the model."""
        if not rows:
            return
        self._run("CALL threads = 1")
        self._run(f"COPY {label.name} FROM '{quoted(part)}'")
        self._run(f"CALL threads = {self._threads or os.cpu_count() or 1}")
        if placed(label):
            self._in_order(label, part, rows)

    def edges(self, kind: Relationship, end: End, part: Path, rows: int) -> None:
        """Load relationships from a file with the ids of both ends and a column for each property."""
        if not rows:
            return
        self._by_place(kind, end, part)
        self._run(f"COPY {kind.type} FROM '{quoted(part)}' (from='{end.origin}', to='{end.target}')")
        # An id that no node has found no place.
        self._verify({f"(:{end.origin})-[r:{kind.type}]->(:{end.target})": rows})

    def _by_place(self, kind: Relationship, end: End, part: Path) -> None:
        """Put places for the ids in a file of relationships.

        DuckDB does it: joined by the engine, which gathers all nodes before it looks at a file, ten million claims did not fit in
        its pool.
        """
        named, columns, joined = part.with_name("named.parquet"), [], ""
        for column, of in ((extract.FROM, label_named(end.origin)), (extract.TO, label_named(end.target))):
            if placed(of):
                columns.append(f"{column}_of.{extract.PLACE} AS {column}")
                joined += f" JOIN {self._places(of, part.parent)} AS {column}_of ON {column}_of.key = t.{column}"
            else:
                columns.append(f"t.{column}")
        columns += [f't."{one.name}"' for one in kind.properties]
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false")
            extract.write_parquet(
                connection,
                f"SELECT {', '.join(columns)} FROM read_parquet({extract.literal(str(part))}, {extract.PLACE} = true) AS t"
                f"{joined} ORDER BY t.{extract.PLACE}",
                named,
            )
        named.replace(part)

    def _places(self, label: Label, scratch: Path) -> str:
        """A relation of the keys of a label's nodes and of their places.

        Those of claims are in the table that was loaded; all else the engine writes down once, a second of the processor for a
        million.
        """
        if label.name == CLAIM and self._sorted is not None:
            return extract.keys_in(self._sorted, label)
        file = scratch / f"places-{label.name}.parquet"
        if not file.exists():
            # Cast, since what it writes of a SERIAL nobody reads.
            self._run(
                f"COPY (MATCH (n:{label.name}) RETURN CAST(n.{POSITION} AS INT64) AS {extract.PLACE}, n.{label.key} AS key)"
                f" TO '{quoted(file)}'"
            )
        return f"read_parquet({extract.literal(str(file))})"

    def _in_order(self, label: Label, part: Path, rows: int) -> None:
        """StoreError where nodes are not at the places that their rows had."""
        found = self._rows_of(
            f"MATCH (c:{label.name}) WHERE c.{POSITION} % {VECTOR} = 0 OR c.{POSITION} = {rows - 1}"
            f" RETURN c.{POSITION} AS place, c.{label.key} AS key ORDER BY place"
        )
        with duckdb.connect() as connection:
            connection.register("found", found)
            wrong = connection.execute(
                f"SELECT count(*) FROM (SELECT * FROM {extract.keys_in(part, label)} WHERE {extract.PLACE} % {VECTOR} = 0"
                f" OR {extract.PLACE} = {rows - 1}) AS t FULL JOIN found ON t.{extract.PLACE} = found.place"
                " WHERE found.key IS DISTINCT FROM t.key"
            ).fetchone()
        if wrong != (0,):
            raise StoreError(Sentence("faults_store.disordered", name=self._name))

    def _verify(self, wanted: Mapping[str, int]) -> None:
        """Every node and relationship that went in is there; counting takes the engine milliseconds."""
        for pattern, rows in wanted.items():
            found = self._rows_of(f"MATCH {pattern} RETURN count(*) AS found").column("found")[0].as_py()
            if found != rows:
                raise StoreError(
                    Sentence("faults_store.incomplete", name=self._name, found=found, rows=rows, pattern=pattern)
                )


class _Parts:
    """Canonical tables as Parquet files, each written once for all relationships that its rows name.

    Loading from columns of such a file takes the engine two thirds of the time that a file of its own for each
    relationship takes (measured at ten million claims), and nothing is written twice.
    """

    def __init__(self, tables: duckdb.DuckDBPyConnection, folder: Path, places: Mapping[str, str]) -> None:
        self._tables, self._folder, self._places = tables, folder, places
        self._counts: dict[str, dict[str, int]] = {}

    def rows(self, kind: Relationship, end: End) -> int:
        """How many relationships this end has; the file of its table is there from now on."""
        assert end.source is not None, f"{kind.type} does not come from the claims"
        table = BY_NAME[end.source.table]
        if table.name not in self._counts:
            found = self._tables.execute(extract.counts(table, self._places)).fetchone()
            _write(self._tables, extract.named_ends(table, self._places, POSITION), self._file(table.name))
            columns = [extract.naming(*one) for one in extract.ends_of(table)]
            self._counts[table.name] = dict(zip(columns, found or (), strict=True))
        return self._counts[table.name][extract.naming(kind, end)]

    def load(self, kind: Relationship, end: End) -> str:
        """The statement that loads this end."""
        assert end.source is not None, f"{kind.type} does not come from the claims"
        column = extract.naming(kind, end)
        origin, target = (column, POSITION) if end.reverse else (POSITION, column)
        fixed = "".join(f", '{value}' AS `{name}`" for name, value in end.fixed)
        return (
            f"COPY {kind.type} FROM (LOAD FROM '{quoted(self._file(end.source.table))}' WHERE `{column}` IS NOT NULL"
            f" RETURN `{origin}` AS {extract.FROM}, `{target}` AS {extract.TO}{fixed})"
            f" (from='{end.origin}', to='{end.target}')"
        )

    def _file(self, table: str) -> Path:
        return self._folder / f"{table}-ends.parquet"


def _write(tables: duckdb.DuckDBPyConnection, select: str, part: Path) -> int:
    try:
        return extract.write_parquet(tables, select, part)
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        raise InputError(Sentence("faults_store.table_unreadable")) from error


def placed(label: Label) -> bool:
    """Whether a label's nodes have their place for a key."""
    return label.group == "claims"


def quoted(file: Path) -> str:
    """A path within single quotes."""
    return str(file).replace("\\", "\\\\").replace("'", "\\'")
