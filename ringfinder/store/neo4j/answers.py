"""The driver's values as columns that every store hands out.

    node, relationship     its properties, and what it is as `_label`, as the graph model calls it
    path                   its nodes
    times and dates        Python's own; an offset is dropped with its zone (no property has one)
    durations              ISO 8601 text; points: their coordinates

A column whose values are of several kinds becomes text: JSON of each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from neo4j import graph, spatial, time

from ringfinder.store.neo4j import names


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]], prefix: str = "") -> pa.Table:
    """Rows as a pyarrow table; `prefix` begins our labels and types in that database."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(heads)
    return pa.table([_column([plain(value, prefix) for value in column]) for column in columns], names=list(heads))


def plain(value: Any, prefix: str = "") -> Any:  # noqa: PLR0911 - one kind after the other
    """A value of the driver as one of Python's own."""
    if isinstance(value, graph.Node):
        labels = ":".join(sorted(names.plain(label, prefix) for label in value.labels))
        return {"_label": labels, **_properties(value)}
    if isinstance(value, graph.Relationship):
        return {"_label": names.plain(value.type, prefix), **_properties(value)}
    if isinstance(value, graph.Path):
        return [plain(node, prefix) for node in value.nodes]
    if isinstance(value, time.Duration):
        return value.iso_format()
    if isinstance(value, time.DateTime):
        return value.to_native().replace(tzinfo=None)
    if isinstance(value, (time.Date, time.Time)):
        return value.to_native()
    if isinstance(value, spatial.Point):
        return list(value)
    if isinstance(value, list):
        return [plain(one, prefix) for one in value]
    return _properties(value, prefix) if isinstance(value, Mapping) else value


def _properties(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    return {name: plain(value[name], prefix) for name in sorted(value.keys())}


def _column(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        texts = [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values]
        return pa.array(texts, pa.string())
