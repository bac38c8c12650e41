"""The graph back into parts for `readback`.

A driver that makes a Python object of every record and every time hands out 40,000 rows a second. So rows come as lists
that the server collects, a page each, and times and dates as whole numbers: ten times as fast. What a server must hold at
once to collect is bounded: it collects slices, the nodes or relationships whose ids leave the same remainder, and makes
the next one while this one is worked on.

A statement that a server has not seen costs it up to half a second to plan, more than many of them take to run. So nothing
is asked that is known: how many there are of each (`sizes`) stands in our mark, and what is not there is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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

PAGE = 10_000
NODES, PAIRS = 100_000, 500_000  # in a slice: some 100 MB of a server's heap
IDS = pa.schema([("key", pa.string()), ("id", pa.int64())])
ENDS = pa.schema([("origin", pa.int64()), ("target", pa.int64())])


def ids(
    link: Link, one: Label, among: Sequence[str] | None = None, count: int | None = None
) -> Iterator[list[list[Any]]]:
    """Pages of [key, id] of a label's nodes, or of those with the keys `among`. `count`: how many there are, if known."""
    if among is None:
        yield from nodes(link, one.name, f"[n.`{one.key}`, id(n)]", count=count)
        return
    for start in range(0, len(among), PAGE):
        yield link.rows(
            f"UNWIND $keys AS key MATCH (n:{one.name} {{`{one.key}`: key}}) RETURN key, id(n)",
            keys=list(among[start : start + PAGE]),
        )


def nodes(
    link: Link, label: str, values: str, where: str = "true", count: int | None = None
) -> Iterator[list[list[Any]]]:
    """Pages of `values`, a list of what is wanted of each node `n` of a label."""
    for (page,) in _slices(link, f"(n:{label})", "n", NODES, where, (values,), count):
        yield page


def pairs(link: Link, pattern: str, where: str = "true", count: int | None = None) -> pa.Table:
    """The ids of both ends of every relationship `r` of a pattern."""
    found = [
        pa.table([pa.array(column, pa.int64()) for column in page], ENDS)
        for page in _slices(link, pattern, "r", PAIRS, where, ("id(startNode(r))", "id(endNode(r))"), count)
    ]
    return pa.concat_tables([ENDS.empty_table(), *found])


def _slices(
    link: Link, pattern: str, name: str, size: int, where: str, values: Sequence[str], count: int | None
) -> Iterator[list[list[Any]]]:
    """For each page the lists of `values`; the server makes the next slice while its caller works on this one."""
    if count is None:
        count = link.rows(f"MATCH {pattern} RETURN count({name})")[0][0]
    slices = -(-count // size)
    collected = ", ".join(f"collect({value}) AS c{i}" for i, value in enumerate(values))
    statement = (
        f"MATCH {pattern} WHERE id({name}) % $slices = $slice AND {where}"
        f" WITH id({name}) / $page AS page, {collected}"
        f" RETURN {', '.join(f'c{i}' for i in range(len(values)))}"
    )
    with ThreadPoolExecutor(1, thread_name_prefix="next slice") as ahead:

        def ask(number: int) -> Future[list[list[Any]]]:
            return ahead.submit(link.rows, statement, slices=slices, slice=number, page=PAGE * slices)

        coming = ask(0) if slices else None
        for number in range(1, slices + 1):
            assert coming is not None
            page = coming.result()
            coming = ask(number) if number < slices else None
            yield from page


class Reader:
    """`readback.Parts` over a link; `tables` joins what nodes are to where they are.

    `sizes`: how many nodes of each label and relationships of each type there are.
    """

    def __init__(self, link: Link, tables: duckdb.DuckDBPyConnection, sizes: Mapping[str, int]) -> None:
        self._link = link
        self._sizes = sizes
        self._tables = tables
        self._known: dict[str, pa.Table] = {}

    def write_nodes(self, label: Label, part: Path) -> None:
        """See `readback.Parts`."""
        names = label.property_names
        whole = "registered" not in names  # then every node comes, and where it is can be kept for its relationships
        values = ", ".join([*(_cypher(one) for one in label.properties), *(["id(n)"] if whole else [])])
        wire = pa.schema([(one.name, _wire(one)) for one in label.properties])
        wanted = pa.schema([(one.name, ARROW_TYPES[one.type]) for one in label.properties])
        places: list[tuple[Sequence[Any], ...]] = []
        with pq.ParquetWriter(part, wanted, compression="none", use_dictionary=False) as writer:
            for page in nodes(
                self._link, label.name, f"[{values}]", "true" if whole else "n.registered", self._sizes[label.name]
            ):
                columns = list(zip(*page, strict=True)) or [()] * len(names)
                arrays = [pa.array(column, field.type) for column, field in zip(columns, wire, strict=False)]
                writer.write_table(pa.table(arrays, schema=wire).cast(wanted))
                places.append((columns[names.index(label.key)], columns[-1]))
        if whole:
            self._keep(label.name, places)

    def write_edges(self, kind: Relationship, end: End, part: Path) -> None:
        """See `readback.Parts`."""
        for name in (end.origin, end.target):
            self._know(label_named(name))
        fixed = " AND ".join(f"r.`{name}` = '{value}'" for name, value in end.fixed) or "true"
        self._tables.register("pairs", pairs(self._link, f"()-[r:{kind.type}]->()", fixed, self._sizes[kind.type]))
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
            self._keep(
                one.name, [tuple(zip(*page, strict=True)) for page in ids(self._link, one, count=self._sizes[one.name])]
            )

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
