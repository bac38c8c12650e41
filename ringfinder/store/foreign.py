"""The claims in a graph that others made, as canonical tables whose every value is still text.

Each canonical column is found where `ringfinder.graph` says, by the names of a `Mapping`: a property of the node, or the
key of the node that a relationship joins. What the values are worth is not decided here but by `claims.read`, as for any
export. A number as a database prints it (`1.2E7`) is written out, since in an export an exponent means a spreadsheet's
rounding; of a time with its zone's name the offset is kept.

What the mapping names must be there, and what no claim can do without; else it is an error that says what there is.

How a store is asked for such a graph is `Others`: there is one for each (`store.others`, `store.neo4j.others`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from ringfinder.errors import UsageError
from ringfinder.graph import LABELS, End, Label, Property, Relationship
from ringfinder.graph import label as label_named
from ringfinder.store.extract import write_parquet
from ringfinder.store.mapping import ENDS, NEEDED_TYPES, Mapping, Theirs
from ringfinder.tables import TABLES, Table
from ringfinder.words.sentences import Listed, Sentence

SHOWN = 30  # names of a strange database that a message lists at most
ID = "id"  # the column of where a node is, beside its properties
PAIRS = pa.schema([("origin", pa.int64()), ("target", pa.int64())])


class Others(Protocol):
    """A graph that others made. Names of labels, types and properties are theirs; numbers say where a node is in it."""

    @property
    def told(self) -> str:
        """What messages call it."""

    def labels(self) -> list[str]:
        """All labels, sorted."""

    def types(self) -> list[str]:
        """All relationship types, sorted."""

    def properties(self, label: str) -> list[str]:
        """The properties that nodes of a label have, or the first of them, sorted."""

    def nodes(self, label: str, wanted: Sequence[tuple[Property, str]]) -> pa.Table:
        """`ID`, and for each (ours, theirs) a column of texts called as ours, NULL where they have none ("")."""

    def pairs(self, origin: str, kind: Theirs, target: str) -> pa.Table:
        """`PAIRS` of the relationships of a type between two labels, whatever `kind.reversed` says."""


def columns_of(wanted: Sequence[tuple[Property, str]]) -> pa.Schema:
    """What `Others.nodes` hands out."""
    return pa.schema([*((ours.name, pa.string()) for ours, _ in wanted), (ID, pa.int64())])


def write_tables(others: Others, mapping: Mapping, folder: Path) -> None:
    """Canonical tables as Parquet in `folder`; those of which nothing is there are not written."""
    with duckdb.connect() as tables:
        tables.execute("SET enable_progress_bar = false")
        _Tables(others, mapping, tables).write(folder)


class _Tables:
    def __init__(self, others: Others, mapping: Mapping, tables: duckdb.DuckDBPyConnection) -> None:
        self._others, self._mapping, self._tables = others, mapping, tables
        self._told = Sentence("faults_store.mapping_file", name=mapping.file) if mapping.file else others.told
        self._known: set[str] = set()

    def write(self, folder: Path) -> None:
        self._check_names()
        for table in TABLES:
            one = next(found for found in LABELS if found.table == table.name)
            if not self._mapping.label(one):
                continue
            self._know(one)
            count = self._tables.execute(f"SELECT count(*) FROM nodes_{one.name}").fetchall()[0][0]
            if count:
                write_parquet(self._tables, self._select(table, one), folder / f"{table.name}.parquet")
            elif table.required:
                raise UsageError(
                    Sentence("faults_store.no_claim_node", told=self._told, label=self._mapping.label(one))
                )

    def _select(self, table: Table, one: Label) -> str:
        columns = {p.source.column: f'n."{p.name}"' for p in one.properties if p.source}
        joins = ""
        for kind, end in ENDS:
            if end.source is None or end.source.table != table.name or not self._joins(kind, end):
                continue
            alias, other = f"by_{end.source.column}", end.origin if end.reverse else end.target
            here, there = ("target", "origin") if end.reverse else ("origin", "target")
            joins += (
                f" LEFT JOIN (SELECT p.{here} AS id, k.key FROM pairs_{end.source.column} AS p"
                f" JOIN nodes_{other} AS k ON k.id = p.{there}) AS {alias} ON {alias}.id = n.id"
            )
            columns[end.source.column] = f"{alias}.key"
        shown = ", ".join(f'{columns.get(name, "NULL::VARCHAR")} AS "{name}"' for name in table.column_names)
        return f"SELECT {shown} FROM nodes_{one.name} AS n{joins}"

    def _know(self, one: Label) -> None:
        """Have a label's nodes as a table: `id`, `key` and its properties, all text."""
        if one.name in self._known:
            return
        self._known.add(one.name)
        theirs = self._mapping.label(one)
        names = [p for p in one.properties if p.source or p.name == one.key]
        self._tables.register("found", self._others.nodes(theirs, [(p, self._mapping.property(one, p)) for p in names]))
        shown = ", ".join(f'{_written_out(p)} AS "{p.name}"' for p in names)
        self._tables.execute(f'CREATE TABLE nodes_{one.name} AS SELECT {ID}, "{one.key}" AS key, {shown} FROM found')
        self._tables.unregister("found")
        self._check_properties(one, names)

    def _joins(self, kind: Relationship, end: End) -> bool:
        """Have the pairs of a relationship as a table, `origin` and `target` as ours point; whether there are any."""
        assert end.source is not None
        origin, target = label_named(end.origin), label_named(end.target)
        theirs = self._mapping.relationship(kind, end)
        a, b = self._mapping.label(origin), self._mapping.label(target)
        if not (theirs.type and a and b):
            return False
        self._know(target if not end.reverse else origin)
        if theirs.reversed:
            a, b = b, a
        found = self._others.pairs(a, theirs, b)
        if theirs.reversed:
            found = found.rename_columns(["target", "origin"])
        self._tables.register("found", found)
        self._tables.execute(f"CREATE OR REPLACE TABLE pairs_{end.source.column} AS SELECT origin, target FROM found")
        self._tables.unregister("found")
        if not found.num_rows and (self._mapping.names_relationship(kind, end) or kind.type in NEEDED_TYPES):
            told = {"told": self._told, "type": theirs.type, "origin": a, "target": b}
            if self._others.pairs(b, replace(theirs, fixed=()), a).num_rows:
                flag = "false" if theirs.reversed else "true"
                raise UsageError(Sentence("faults_store.points_the_other_way", flag=flag, **told))
            raise UsageError(Sentence("faults_store.no_such_relationship", kind=kind.type, **told))
        return found.num_rows > 0

    def _check_names(self) -> None:
        """Labels and types that the mapping names are in the database."""
        labels = self._others.labels()
        for ours, theirs in self._mapping.labels.items():
            if theirs and theirs not in labels:
                raise UsageError(
                    Sentence(
                        "faults_store.label_missing", told=self._told, ours=ours, theirs=theirs, known=_listed(labels)
                    )
                )
        types = self._others.types()
        for ours, one in self._mapping.types.items():
            if one.type and one.type not in types:
                raise UsageError(
                    Sentence(
                        "faults_store.type_missing", told=self._told, ours=ours, theirs=one.type, known=_listed(types)
                    )
                )

    def _check_properties(self, one: Label, names: Sequence[Property]) -> None:
        """Properties that the mapping names, and the key, have a value on some node, if there is any node."""
        counts = ", ".join(f'count("{p.name}")' for p in names)
        total, *filled = self._tables.execute(f"SELECT count(*), {counts} FROM nodes_{one.name}").fetchall()[0]
        label = self._mapping.label(one)
        for p, values in zip(names, filled, strict=True):
            theirs = self._mapping.property(one, p)
            needed = p.name == one.key or (one.name, p.name) in self._mapping.properties
            if total and not values and theirs and needed:
                raise UsageError(
                    Sentence(
                        "faults_store.property_missing",
                        told=self._told,
                        label=label,
                        theirs=theirs,
                        ours=one.name,
                        property=p.name,
                        known=_listed(self._others.properties(label)),
                    )
                )


def _written_out(one: Property) -> str:
    column = f'"{one.name}"'
    if one.type != "number" or one.source is None:
        return column
    digits = 2 if one.source.definition.type == "money" else 12
    return (
        f"CASE WHEN regexp_full_match({column}, '-?[0-9.]+[Ee][+-]?[0-9]+') THEN printf('%.{digits}f', {column}::DOUBLE)"
        f" ELSE {column} END"
    )


def quoted(name: str) -> str:
    """A name as both dialects of Cypher take it."""
    return "`" + name.replace("`", "``") + "`"


def _listed(names: Sequence[str]) -> Sentence | Listed:
    if not names:
        return Sentence("faults_store.none")
    shown = Listed(names[:SHOWN])
    return Sentence("faults_store.and_more", names=shown, more=len(names) - SHOWN) if len(names) > SHOWN else shown
