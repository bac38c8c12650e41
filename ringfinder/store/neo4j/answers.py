"""The driver's values as columns that every store hands out.

    node, relationship     its properties, and what it is as `_label`
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


def table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Rows as a pyarrow table."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pa.table([_column([plain(value) for value in column]) for column in columns], names=list(names))


def plain(value: Any) -> Any:  # noqa: PLR0911 - one kind after the other
    """A value of the driver as one of Python's own."""
    if isinstance(value, graph.Node):
        return {"_label": ":".join(sorted(value.labels)), **_properties(value)}
    if isinstance(value, graph.Relationship):
        return {"_label": value.type, **_properties(value)}
    if isinstance(value, graph.Path):
        return [plain(node) for node in value.nodes]
    if isinstance(value, time.Duration):
        return value.iso_format()
    if isinstance(value, time.DateTime):
        return value.to_native().replace(tzinfo=None)
    if isinstance(value, (time.Date, time.Time)):
        return value.to_native()
    if isinstance(value, spatial.Point):
        return list(value)
    if isinstance(value, list):
        return [plain(one) for one in value]
    return _properties(value) if isinstance(value, Mapping) else value


def _properties(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value[name]) for name in sorted(value.keys())}


def _column(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        texts = [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values]
        return pa.array(texts, pa.string())
