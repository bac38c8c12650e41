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
from ringfinder.store.extract import write_parquet
from ringfinder.store.findings import ARROW_TYPES
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.parts import table_of_ids
from ringfinder.store.readback import KEY, PLACE

PAGE = 10_000
NODES, PAIRS = 100_000, 500_000  # in a slice: some 100 MB of a server's heap
IDS = pa.schema([("key", pa.string()), ("id", pa.int64())])
ENDS = pa.schema([("origin", pa.int64()), ("target", pa.int64())])
ENDS_OF_PAGE = "collect(id(startNode(r))) AS origin, collect(id(endNode(r))) AS target"


def ids(
    link: Link, one: Label, among: Sequence[str] | None = None, count: int | None = None
) -> Iterator[list[list[Any]]]:
    """Pages of keys and ids of a label's nodes, or of those with the keys `among`. `count`: how many there are, if known."""
    if among is None:
        yield from nodes(link, one.name, (f"n.`{one.key}`", "id(n)"), count=count)
        return
    for start in range(0, len(among), PAGE):
        yield from link.rows(
            f"UNWIND $keys AS key MATCH (n:{one.name} {{`{one.key}`: key}}) RETURN collect(key), collect(id(n))",
            keys=list(among[start : start + PAGE]),
        )


def nodes(
    link: Link, label: str, values: Sequence[str], where: str = "true", count: int | None = None
) -> Iterator[list[list[Any]]]:
    """Pages of `values`, a list for each of what is wanted of the nodes `n` of a label.

    The server collects nodes and then makes a list of each value, since `collect` leaves out what is NULL.
    """
    lists = [f"[n IN found | {value}]" for value in values]
    yield from _slices(link, f"(n:{label})", "n", NODES, where, "collect(n) AS found", lists, count)


def pairs(link: Link, pattern: str, where: str = "true", count: int | None = None) -> pa.Table:
    """The ids of both ends of every relationship `r` of a pattern."""
    found = [
        pa.table([pa.array(column, pa.int64()) for column in page], ENDS)
        for page in _slices(link, pattern, "r", PAIRS, where, ENDS_OF_PAGE, ENDS.names, count)
    ]
    return pa.concat_tables([ENDS.empty_table(), *found])


def _slices(
    link: Link, pattern: str, name: str, size: int, where: str, collected: str, lists: Sequence[str], count: int | None
) -> Iterator[list[list[Any]]]:
    """For each page the `lists`, made of what is `collected`; the server makes the next slice while its caller works on this one."""
    if count is None:
        count = link.rows(f"MATCH {pattern} RETURN count({name})")[0][0]
    slices = -(-count // size)
    statement = (
        f"MATCH {pattern} WHERE id({name}) % $slices = $slice AND {where}"
        f" WITH id({name}) / $page AS page, {collected}"
        f" RETURN {', '.join(lists)}"
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
        registered = "n.registered" if "registered" in label.property_names else "true"
        values = [*(_cypher(one) for one in label.properties), "id(n)"]
        place = pa.field(PLACE, pa.int64())
        wire = pa.schema([*((one.name, _wire(one)) for one in label.properties), place])
        wanted = pa.schema([*((one.name, ARROW_TYPES[one.type]) for one in label.properties), place])
        with pq.ParquetWriter(part, wanted, compression="none", use_dictionary=False) as writer:
            for page in nodes(self._link, label.name, values, registered, self._sizes[label.name]):
                arrays = [pa.array(column, field.type) for column, field in zip(page, wire, strict=True)]
                writer.write_table(pa.table(arrays, schema=wire).cast(wanted))

    def write_edges(self, kind: Relationship, end: End, part: Path) -> None:
        """See `readback.Parts`."""
        own, other, named = ("target", "origin", end.origin) if end.reverse else ("origin", "target", end.target)
        keys = self._keys(label_named(named))
        fixed = " AND ".join(f"r.`{name}` = '{value}'" for name, value in end.fixed) or "true"
        found = pairs(self._link, f"()-[r:{kind.type}]->()", fixed, self._sizes[kind.type])
        self._tables.register("pairs", found)
        # Joined by label: a pair whose other end is another's is another end of the same type.
        select = f"SELECT {own} AS {PLACE}, key AS {KEY} FROM pairs JOIN {keys} AS named ON named.id = {other}"
        write_parquet(self._tables, select, part)
        self._tables.unregister("pairs")

    def _keys(self, one: Label) -> str:
        """The table of the keys of a label's nodes and where these are, which DuckDB reads where it lies."""
        if one.name not in self._known:
            pages = [pa.table(page, IDS) for page in ids(self._link, one, count=self._sizes[one.name])]
            self._known[one.name] = pa.concat_tables([IDS.empty_table(), *pages])
            self._tables.register(table_of_ids(one.name), self._known[one.name])
        return table_of_ids(one.name)


def _cypher(one: Property) -> str:
    if one.type == "time":
        return f"duration.inSeconds(localdatetime('1970-01-01T00:00:00'), n.`{one.name}`).seconds"
    if one.type == "date":
        return f"duration.inDays(date('1970-01-01'), n.`{one.name}`).days"
    return f"n.`{one.name}`"


def _wire(one: Property) -> pa.DataType:
    return pa.timestamp("s") if one.type == "time" else ARROW_TYPES[one.type]
