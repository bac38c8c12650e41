"""How claims get into the embedded store's file: nodes first, then a table's relationships from one file of its columns.

A relationship is loaded by the keys of its ends, which the engine looks up one by one. Claims are the end of nearly all of
them, seven each, and looking up ten million texts was half of the work. So a claim's key in the engine is its place in the
sorted table of claims (`POSITION`, a SERIAL without an index: the place *is* where the engine keeps the node), which DuckDB
hands over with each row; measured at three million claims, a relationship takes half the processor time, nodes two thirds,
and no index of claims fills the pool. Claims are then found by `claim_id` through a scan of that column (a tenth of a second
a million). SERIAL keys follow the order of the rows as long as one thread loads them; one row of each of the engine's
vectors is looked at afterwards.

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

TYPES: dict[PropertyType, str] = {
    "text": "STRING",
    "number": "DOUBLE",
    "count": "INT64",
    "time": "TIMESTAMP",
    "date": "DATE",
    "flag": "BOOLEAN",
    "texts": "STRING[]",
}
# The label whose nodes are kept in the order of their table, and the property that says where.
POSITIONED, POSITION = "Claim", "position"
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
            placed = label.name == POSITIONED
            if placed:
                columns, key = [f"{POSITION} SERIAL", *columns], POSITION
            self._run(f"CALL enable_default_hash_index = {str(not placed).lower()}")
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
        part = scratch / "part.parquet"
        if tables.execute(extract.CLAIMS_OUT_OF_ORDER).fetchone() != (0,):
            raise StoreError(f"claims for the graph {self._name} are there twice or unsorted; read the claims again")
        for label in labels:
            wanted[f"(n:{label.name})"] = rows = _write(tables, extract.nodes(label), part)
            if label.name == POSITIONED:
                self._claims_in_order(part, rows)
            else:
                self.nodes(label, part, rows)
            progress("store.nodes", (done := done + 1) / steps)
        part.unlink(missing_ok=True)
        parts = _Parts(tables, scratch)
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
        if rows:
            self._run("CALL threads = 1")
            self._run(f"COPY {label.name} FROM '{quoted(part)}'")
            self._run(f"CALL threads = {self._threads or os.cpu_count() or 1}")

    def edges(self, kind: Relationship, end: End, part: Path, rows: int) -> None:
        """Load relationships from a file with the ids of both ends and a column for each property."""
        if not rows:
            return
        if end.target == POSITIONED:
            self._claims_by_place(kind, part)
        self._run(f"COPY {kind.type} FROM '{quoted(part)}' (from='{end.origin}', to='{end.target}')")
        if end.target == POSITIONED:  # an id that no claim has found no place
            self._verify({f"(:{end.origin})-[r:{kind.type}]->(:{end.target})": rows})

    def _claims_by_place(self, kind: Relationship, part: Path) -> None:
        """Name the claims of a file of relationships by their places.

        DuckDB does it: joined by the engine, which gathers all claims before it looks at a file, ten million of them did not fit in
        its pool. Places and ids are those of the table that was loaded, or else the engine writes them all down, which takes it a
        second of the processor a million.
        """
        places, named = part.with_name("places.parquet"), part.with_name("named.parquet")
        key = label_named(POSITIONED).key
        if self._sorted is None:
            # Cast, since what it writes of a SERIAL nobody reads.
            self._run(
                f"COPY (MATCH (c:{POSITIONED}) RETURN CAST(c.{POSITION} AS INT64) AS {extract.PLACE}, c.{key} AS {key})"
                f" TO '{quoted(places)}'"
            )
        columns = "".join(f', t."{one.name}"' for one in kind.properties)
        files = [extract.literal(str(one)) for one in (part, self._sorted or places)]
        all_places = f"read_parquet({files[1]}{f', {extract.PLACE} = true' if self._sorted else ''})"
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false")
            extract.write_parquet(
                connection,
                f"SELECT t.{extract.FROM}, p.{extract.PLACE} AS {extract.TO}{columns}"
                f" FROM read_parquet({files[0]}, {extract.PLACE} = true) AS t"
                f" JOIN {all_places} AS p ON t.{extract.TO} = p.{key} ORDER BY t.{extract.PLACE}",
                named,
            )
        named.replace(part)
        places.unlink(missing_ok=True)

    def _claims_in_order(self, part: Path, rows: int) -> None:
        label = label_named(POSITIONED)
        self.nodes(label, part, rows)
        if not rows:
            return
        found = self._rows_of(
            f"MATCH (c:{label.name}) WHERE c.{POSITION} % {VECTOR} = 0 OR c.{POSITION} = {rows - 1}"
            f" RETURN c.{POSITION} AS place, c.{label.key} AS key ORDER BY place"
        )
        with duckdb.connect() as connection:
            connection.register("found", found)
            wrong = connection.execute(
                f"SELECT count(*) FROM (SELECT {label.key}, file_row_number FROM read_parquet("
                f"{extract.literal(str(part))}, file_row_number = true) WHERE file_row_number % {VECTOR} = 0"
                f" OR file_row_number = {rows - 1}) AS t FULL JOIN found ON t.file_row_number = found.place"
                f" WHERE found.key IS DISTINCT FROM t.{label.key}"
            ).fetchone()
        if wrong != (0,):
            raise StoreError(f"the graph {self._name} does not keep claims in their order; make it again")

    def _verify(self, wanted: Mapping[str, int]) -> None:
        """Every node and relationship that went in is there; counting takes the engine milliseconds."""
        for pattern, rows in wanted.items():
            found = self._rows_of(f"MATCH {pattern} RETURN count(*) AS found").column("found")[0].as_py()
            if found != rows:
                raise StoreError(f"the graph {self._name} holds {found} of {rows} {pattern}; make it again")


class _Parts:
    """Canonical tables as Parquet files, each written once for all relationships that its rows name.

    Loading from columns of such a file takes the engine two thirds of the time that a file of its own for each
    relationship takes (measured at ten million claims), and nothing is written twice.
    """

    def __init__(self, tables: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._tables, self._folder = tables, folder
        self._counts: dict[str, dict[str, int]] = {}

    def rows(self, kind: Relationship, end: End) -> int:
        """How many relationships this end has; the file of its table is there from now on."""
        assert end.source is not None, f"{kind.type} does not come from the claims"
        table = end.source.table
        if table not in self._counts:
            columns = [extract.naming(*one) for one in extract.ends_of(BY_NAME[table])]
            _write(self._tables, extract.named_ends(BY_NAME[table], POSITION), self._file(table))
            found = self._tables.execute(extract.counts(self._file(table), columns)).fetchone()
            self._counts[table] = dict(zip(columns, found or (), strict=True))
        return self._counts[table][extract.naming(kind, end)]

    def load(self, kind: Relationship, end: End) -> str:
        """The statement that loads this end."""
        assert end.source is not None, f"{kind.type} does not come from the claims"
        table, column = BY_NAME[end.source.table], extract.naming(kind, end)
        key = POSITION if table.name == label_named(POSITIONED).table else table.key
        origin, target = (column, key) if end.reverse else (key, column)
        fixed = "".join(f", '{value}' AS `{name}`" for name, value in end.fixed)
        return (
            f"COPY {kind.type} FROM (LOAD FROM '{quoted(self._file(table.name))}' WHERE `{column}` IS NOT NULL"
            f" RETURN `{origin}` AS {extract.FROM}, `{target}` AS {extract.TO}{fixed})"
            f" (from='{end.origin}', to='{end.target}')"
        )

    def _file(self, table: str) -> Path:
        return self._folder / f"{table}.parquet"


def _write(tables: duckdb.DuckDBPyConnection, select: str, part: Path) -> int:
    try:
        return extract.write_parquet(tables, select, part)
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        raise InputError("a canonical table cannot be read; read the claims again") from error


def quoted(file: Path) -> str:
    """A path within single quotes."""
    return str(file).replace("\\", "\\\\").replace("'", "\\'")
