"""Drawing many things at once: rows of weight tables, distinct numbers, days and hours from a profile."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

MINUTE, HOUR, DAY = 60, 3600, 86400


def cumulate(weights: NDArray[Any]) -> Floats:
    """Rows of weights (rows x things) to rows that rise from above 0 to exactly 1."""
    sums = np.cumsum(np.asarray(weights, dtype=np.float64), axis=1)
    table: Floats = sums / sums[:, -1:]
    table[:, -1] = 1.0
    return table


def draw_rows(rng: Rng, table: Floats, rows: Ints) -> Longs:
    """One thing for each entry of `rows`, by the cumulated weights of that row."""
    width = table.shape[1]
    flat = (table + np.arange(len(table))[:, None]).ravel()
    found = np.searchsorted(flat, rng.random(len(rows)) + rows, side="right") - np.asarray(rows) * width
    result: Longs = np.clip(found, 0, width - 1).astype(np.int64)
    return result


def draw_weighted(rng: Rng, weights: NDArray[Any], n: int) -> Longs:
    """`n` indices, each by the weights."""
    return draw_rows(rng, cumulate(np.asarray(weights, dtype=np.float64)[None, :]), np.zeros(n, dtype=np.int64))


def choose(rng: Rng, things: NDArray[Any], n: int, weights: NDArray[Any] | None = None) -> NDArray[Any]:
    """Up to `n` distinct things, in random order; weighted without replacement when weights are given."""
    n = min(n, len(things))
    if n == 0:
        return things[:0]
    if weights is None:
        return things[rng.permutation(len(things))[:n]]
    keys = -np.log(rng.random(len(things))) / np.maximum(np.asarray(weights, dtype=np.float64), 1e-12)
    first = np.argpartition(keys, n - 1)[:n]
    return things[first[np.argsort(keys[first], kind="stable")]]


def distinct_numbers(rng: Rng, n: int, low: int, high: int) -> Longs:
    """`n` distinct numbers spread over [low, high), in no order."""
    step = max(1, (high - low) // max(n, 1))
    numbers: Longs = low + rng.permutation(n).astype(np.int64) * step + rng.integers(0, step, n)
    return numbers


def between(rng: Rng, bounds: tuple[float, float]) -> float:
    """One number from [low, high]."""
    return float(rng.uniform(*bounds))


def count_between(rng: Rng, bounds: tuple[int, int]) -> int:
    """One whole number from low to high, both included."""
    return int(rng.integers(bounds[0], bounds[1] + 1))
