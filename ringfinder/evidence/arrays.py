"""Plain operations on coded arrays that every channel needs.

`distinct` sorts: for integers numpy's own `unique` hashes first, which takes fifty times as long on a million codes.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


def distinct(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """The distinct values, sorted; shape (k,)."""
    ordered = np.sort(values, axis=None)
    if len(ordered) < 2:
        return ordered
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]]


def distinct_per(group: NDArray[np.int64], value: NDArray[np.integer[Any]], size: int) -> NDArray[np.int64]:
    """How many distinct values each group 0 .. size-1 has; values are at least -1."""
    width = np.int64(np.max(value, initial=0)) + 2
    return np.bincount(distinct(group * width + value + 1) // width, minlength=size).astype(np.int64)


def tally(group: NDArray[np.integer[Any]], weight: ArrayLike, size: int = 0) -> NDArray[np.float64]:
    """Sum of the weights of each group 0 .. size-1 (or the largest group), in the order of the rows; shape (size,)."""
    return np.bincount(group, weights=np.asarray(weight, np.float64), minlength=size).astype(np.float64)
