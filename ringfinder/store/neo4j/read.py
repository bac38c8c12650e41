"""The graph back into parts for `readback`.

A driver that makes a Python object of every record and every time hands out 40,000 rows a second. So rows come as lists
that the server collects, a page each, and times and dates as whole numbers: ten times as fast. Pages of nodes follow the
key (its index gives them in order); pages of relationships are those whose ids are near each other.

A server must hold one type's relationships at once to collect them: by estimate 1 GB a transaction for ten million claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ringfinder.graph import End, Label, Property, Relationship
from ringfinder.graph import label as label_named
from ringfinder.store.extract import FROM, TO, write_parquet
from ringfinder.store.findings import ARROW_TYPES
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.parts import table_of_ids

PAGE = 5_000
IDS = pa.schema([("key", pa.string()), ("id", pa.int64())])


def ids(link: Link, one: Label, among: Sequence[str] | None = None) -> Iterator[list[list[Any]]]:
    """Pages of [key, id] of a label's nodes, or of those with the keys `among`."""
    if among is None:
        yield from _pages(link, one, f"[n.`{one.key}`, id(n)]")
        return
    for start in range(0, len(among), PAGE):
        yield link.rows(
            f"UNWIND $keys AS key MATCH (n:{one.name} {{`{one.key}`: key}}) RETURN key, id(n)",
            keys=list(among[start : start + PAGE]),
        )


def _pages(link: Link, one: Label, values: str, where: str = "true") -> Iterator[list[list[Any]]]:
    """Pages of nodes; the server makes the next one while its caller works on this one."""
    pages = _one_by_one(link, one, values, where)
    with ThreadPoolExecutor(1, thread_name_prefix="next page") as ahead:
        coming = ahead.submit(next, pages, None)
        while (page := coming.result()) is not None:
            coming = ahead.submit(next, pages, None)
            yield page


def _one_by_one(link: Link, one: Label, values: str, where: str) -> Iterator[list[list[Any]]]:
    """Pages of nodes in the order of their key; the first of `values` must be the key."""
    after: str | None = None
    while True:
        beyond = f"n.`{one.key}` > $after" if after is not None else f"n.`{one.key}` >= ''"
        page, after, passed = link.rows(
            f"MATCH (n:{one.name}) WHERE {beyond} WITH n ORDER BY n.`{one.key}` LIMIT {PAGE}"
            f" RETURN collect(CASE WHEN {where} THEN {values} END), max(n.`{one.key}`), count(n)",
            **({} if after is None else {"after": after}),
        )[0]
        if passed:
            yield page
        if passed < PAGE:
            return


class Reader:
    """`readback.Parts` over a link; `tables` joins what nodes are to where they are."""

    def __init__(self, link: Link, tables: duckdb.DuckDBPyConnection) -> None:
        self._link = link
        self._tables = tables
        self._known: dict[str, pa.Table] = {}

    def write_nodes(self, label: Label, part: Path) -> None:
        """See `readback.Parts`."""
        names = label.property_names
        assert names[0] == label.key, "pages are told apart by the key"
        whole = "registered" not in names  # then every node comes, and where it is can be kept for its relationships
        values = ", ".join([*(_cypher(one) for one in label.properties), *(["id(n)"] if whole else [])])
        wire = pa.schema([(one.name, _wire(one)) for one in label.properties])
        wanted = pa.schema([(one.name, ARROW_TYPES[one.type]) for one in label.properties])
        places: list[tuple[Sequence[Any], ...]] = []
        with pq.ParquetWriter(part, wanted) as writer:
            for page in _pages(self._link, label, f"[{values}]", "true" if whole else "n.registered"):
                columns = list(zip(*page, strict=True)) or [()] * len(names)
                arrays = [pa.array(column, field.type) for column, field in zip(columns, wire, strict=False)]
                writer.write_table(pa.table(arrays, schema=wire).cast(wanted))
                places.append((columns[0], columns[-1]))
        if whole:
            self._keep(label.name, places)

    def write_edges(self, kind: Relationship, end: End, part: Path) -> None:
        """See `readback.Parts`."""
        for name in (end.origin, end.target):
            self._know(label_named(name))
        fixed = " AND ".join(f"r.`{name}` = '{value}'" for name, value in end.fixed) or "true"
        pairs = self._link.rows(
            f"MATCH ()-[r:{kind.type}]->() WHERE {fixed} WITH id(r) / {PAGE} AS page,"
            " collect(id(startNode(r))) AS origins, collect(id(endNode(r))) AS targets RETURN origins, targets"
        )
        found = pa.table(
            {
                "origin": pa.array([one for origins, _ in pairs for one in origins], pa.int64()),
                "target": pa.array([one for _, targets in pairs for one in targets], pa.int64()),
            }
        )
        self._tables.register("pairs", found)
        # Joined by label: a pair whose ends are others' is another end of the same type.
        select = (
            f"SELECT a.key AS {FROM}, b.key AS {TO} FROM pairs"
            f" JOIN {table_of_ids(end.origin)} AS a ON a.id = origin JOIN {table_of_ids(end.target)} AS b ON b.id = target"
        )
        write_parquet(self._tables, select, part)
        self._tables.unregister("pairs")

    def _know(self, one: Label) -> None:
        """Have the table of where a label's nodes are."""
        if one.name not in self._known:
            self._keep(one.name, [tuple(zip(*page, strict=True)) for page in ids(self._link, one)])

    def _keep(self, name: str, pages: list[tuple[Sequence[Any], ...]]) -> None:
        """`pages` of (keys, ids) as a table, which DuckDB reads where it lies."""
        tables = [pa.table([pa.array(keys, pa.string()), pa.array(at, pa.int64())], IDS.names) for keys, at in pages]
        self._known[name] = pa.concat_tables(tables) if tables else IDS.empty_table()
        self._tables.register(table_of_ids(name), self._known[name])


def _cypher(one: Property) -> str:
    if one.type == "time":
        return f"duration.inSeconds(localdatetime('1970-01-01T00:00:00'), n.`{one.name}`).seconds"
    if one.type == "date":
        return f"duration.inDays(date('1970-01-01'), n.`{one.name}`).days"
    return f"n.`{one.name}`"


def _wire(one: Property) -> pa.DataType:
    return pa.timestamp("s") if one.type == "time" else ARROW_TYPES[one.type]
