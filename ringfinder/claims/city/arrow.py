"""Small verbs on Arrow columns that the tables of a city are built with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfinder.claims.city.draws import Bools, Longs


def taken(names: pa.Array, codes: NDArray[Any]) -> pa.Array:
    """The texts of coded values; codes below 0 become null."""
    return names.take(pa.array(np.maximum(codes, 0).astype(np.int64), mask=np.asarray(codes) < 0))


def money(cents: Longs) -> pa.Array:
    """Whole cents as DECIMAL(14,2)."""
    wide = np.empty((len(cents), 2), dtype=np.int64)  # 128 bits, low word first, two's complement
    wide[:, 0], wide[:, 1] = cents, np.where(cents < 0, -1, 0)
    return pa.Array.from_buffers(pa.decimal128(14, 2), len(cents), [None, pa.py_buffer(wide.tobytes())])


def padded(numbers: NDArray[Any], width: int) -> pa.Array:
    """Whole numbers as text with leading zeros."""
    return pc.utf8_lpad(text(pa.array(np.asarray(numbers, dtype=np.int64))), width, "0")


def text(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as text, in one piece."""
    cast = pc.cast(column, pa.string())
    return cast.combine_chunks() if isinstance(cast, pa.ChunkedArray) else cast


def constant(value: str | None, n: int) -> pa.Array:
    """`n` times the same text."""
    return pa.nulls(n, pa.string()) if value is None else pa.repeat(pa.scalar(value), n)


def known(column: pa.Array | pa.ChunkedArray) -> Bools:
    """Where a column has a value."""
    return np.asarray(column.is_valid(), dtype=np.bool_)


def picked(mask: Bools, yes: pa.Array, no: pa.Array) -> pa.Array:
    """`yes` where the mask holds, else `no`."""
    return pc.if_else(pa.array(mask), yes, no)


def replaced(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    """The table with one column exchanged."""
    return table.set_column(table.column_names.index(name), name, column)


def lookup(keys: pa.ChunkedArray, table: pa.Table, key: str, value: str) -> pa.Array:
    """`value` of the row of `table` whose `key` is the key, as text."""
    index = pc.index_in(keys.combine_chunks(), table[key].combine_chunks())
    return text(table[value]).take(index)
