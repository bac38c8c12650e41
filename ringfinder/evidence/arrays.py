"""Plain operations on coded arrays that every channel needs.

`distinct` sorts: for integers numpy's own `unique` hashes first, which takes fifty times as long on a million codes.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

MANY = 10_000  # look-ups for which sorting them first pays

Scalar = TypeVar("Scalar", bound=np.generic)


def distinct(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """The distinct values, sorted; shape (k,)."""
    ordered = np.sort(values, axis=None)
    return ordered[_new(ordered)]


def distinct_per(group: NDArray[np.int64], value: NDArray[np.integer[Any]], size: int) -> NDArray[np.int64]:
    """How many distinct values each group 0 .. size-1 has; values are at least -1."""
    width = np.int64(np.max(value, initial=0)) + 2
    return np.bincount(distinct(group * width + value + 1) // width, minlength=size).astype(np.int64)


def most_of_one(group: NDArray[np.integer[Any]], value: NDArray[np.integer[Any]], size: int) -> NDArray[np.int64]:
    """How often the most frequent value of each group 0 .. size-1 stands there; values are at least 0. Shape (size,)."""
    width = np.int64(np.max(value, initial=0)) + 1
    pairs, which = coded(group * width + value)
    most = np.zeros(size, np.int64)
    np.maximum.at(most, pairs // width, np.bincount(which, minlength=len(pairs)))
    return most


def most_within(group: NDArray[np.int64], value: NDArray[np.int64], width: int, size: int) -> NDArray[np.int64]:
    """How many values of each group 0 .. size-1 lie within `width` of one of them and not below it, at most; in any order."""
    key, room, _ = keyed(group, value, width)
    most = np.zeros(size, np.int64)
    np.maximum.at(most, key // room, inside(key, width))
    return most


def fullest(group: NDArray[np.int64], value: NDArray[np.int64], width: int, size: int) -> NDArray[np.int64]:
    """The value of each group 0 .. size-1 from which on most of its values lie within `width`, the first of equals; 0 for empty ones."""
    key, room, least = keyed(group, value, width)
    of = key // room
    best = np.lexsort((key, -inside(key, width), of))
    out = np.zeros(size, np.int64)
    head = best[first_of_runs(of[best])]
    out[of[head]] = key[head] % room + least
    return out


def keyed(
    group: NDArray[np.int64], value: NDArray[np.int64], width: int
) -> tuple[NDArray[np.int64], np.int64, np.int64]:
    """Keys of (group, value), sorted; how many a group takes, so that none reaches into the next; and the least value."""
    least = np.min(value, initial=0)
    room = np.max(value, initial=0) - least + width + 1
    return np.sort(group * room + (value - least)), room, least


def inside(key: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """By key, how many lie within `width` of it and not below it. `key`: sorted."""
    return np.searchsorted(key, key + width, side="right") - np.arange(len(key))


def tally(group: NDArray[np.integer[Any]], weight: ArrayLike, size: int = 0) -> NDArray[np.float64]:
    """Sum of the weights of each group 0 .. size-1 (or the largest group), in the order of the rows; shape (size,)."""
    return np.bincount(group, weights=np.asarray(weight, np.float64), minlength=size).astype(np.float64)


def expand(lo: NDArray[np.int64], hi: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All indices of the ranges [lo, hi) in order, and which range each came from."""
    length = np.maximum(hi - lo, 0)
    which = np.repeat(np.arange(len(lo)), length)
    start = np.repeat(lo - np.r_[0, np.cumsum(length)[:-1]], length) if len(lo) else lo
    return start + np.arange(len(which)), which


def order_by(*keys: NDArray[Any]) -> NDArray[np.int64]:
    """Row numbers sorted by the keys, the first one foremost; equal rows stay in their order.

    As `np.lexsort(keys[::-1])`, four times as fast: key bits are packed with the row number into one integer each, which
    numpy sorts with vector instructions; keys of more bits than there is room take several rounds, the least first.
    """
    n = len(keys[0])
    if n < 2:
        return np.arange(n)
    number = (n - 1).bit_length()
    rows, room = np.arange(n, dtype=np.uint64), 63 - number
    order: NDArray[np.int64] | None = None
    packed, used = np.zeros(1, np.uint64), 0
    for key in keys[::-1]:
        part, bits = _from_zero(key)
        while bits > 0:
            if used == room:
                order = _round(order, packed, rows, number)
                packed, used = np.zeros(1, np.uint64), 0
            taken = min(bits, room - used)
            low = part
            if taken < bits:
                low = part & np.uint64((1 << taken) - 1)
                part >>= np.uint64(taken)
            low <<= np.uint64(used)
            packed = packed | low if used else low
            used, bits = used + taken, bits - taken
    return _round(order, packed, rows, number)


def _round(
    order: NDArray[np.int64] | None, packed: NDArray[np.uint64], rows: NDArray[np.uint64], number: int
) -> NDArray[np.int64]:
    """`order` sorted further by the packed keys (one for all where no key has a bit), which take precedence."""
    values = (packed if order is None or len(packed) == 1 else packed.take(order)) << np.uint64(number)
    values = values | rows if len(values) == 1 else np.bitwise_or(values, rows, out=values)
    values.sort()
    values &= np.uint64((1 << number) - 1)
    place = values.view(np.int64)
    return place if order is None else order.take(place)


def _from_zero(key: NDArray[Any]) -> tuple[NDArray[np.uint64], int]:
    """The key as unsigned integers in the same order, the least 0, and how many bits the largest has."""
    if key.dtype.kind == "f":
        bits = (key + 0.0).view(np.int64)  # -0.0 becomes 0.0
        key = np.where(bits < 0, ~bits ^ np.int64(np.iinfo(np.int64).min), bits)
    least, most = int(key.min()), int(key.max())
    # From a blank to NEVER is too far for int64, and wraps to the right unsigned integer.
    part = np.subtract(key, np.int64(least), dtype=np.int64)
    return part.view(np.uint64), (most - least).bit_length()


def walk(wanted: NDArray[Any]) -> NDArray[np.int64] | slice:
    """In which order to look values up: where there are many, about the sorted one, so that memory is walked through only once.

    About: sorted by as many leading bits as one round takes.
    """
    if len(wanted) < MANY:
        return slice(None)
    number = (len(wanted) - 1).bit_length()
    part, bits = _from_zero(wanted)
    part >>= np.uint64(max(0, bits - (63 - number)))
    return _round(None, part, np.arange(len(wanted), dtype=np.uint64), number)


def packed(group: NDArray[Any], value: NDArray[Any]) -> NDArray[np.uint64] | None:
    """Both, from their least on, as one integer, the group foremost: to be sorted in one round; None where 64 bits do not hold them."""
    high, above = _from_zero(group)
    low, bits = _from_zero(value)
    if above + bits > 64 or bits > 63:
        return None
    high <<= np.uint64(bits)
    high |= low
    return high


def found_at(
    keys: NDArray[Scalar], wanted: NDArray[Scalar], side: Literal["left", "right"] = "left"
) -> NDArray[np.int64]:
    """`searchsorted`, in an order that is quick where there are many (see `walk`)."""
    order = walk(wanted)
    at = np.empty(len(wanted), np.int64)
    at[order] = np.searchsorted(keys, wanted[order], side=side)
    return at


def drawn(rows: int, seed: int) -> NDArray[np.int64]:
    """Random numbers to order rows by: as whole numbers of 53 bits, which is what `random` draws, they sort faster."""
    return (np.random.default_rng(seed).random(rows) * 2.0**53).astype(np.int64)


def first_of_runs(*columns: NDArray[Any]) -> NDArray[np.int64]:
    """Where a new combination of the columns begins, in rows that are sorted so that equal ones stand together."""
    n = len(columns[0])
    new = np.zeros(n, np.bool_)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def runs(*columns: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of rows that are sorted so that equal ones stand together: where each run begins and ends, and by row which run it is of."""
    start = first_of_runs(*columns)
    end = np.r_[start[1:], len(columns[0])].astype(np.int64)
    return start, end, np.repeat(np.arange(len(start)), end - start)


def finely(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Numbers as whole millionths (2^-20), rising with them: sorted by these in one round instead of several."""
    return np.floor(values * (1 << 20)).astype(np.int64)


def coded(values: NDArray[Scalar]) -> tuple[NDArray[Scalar], NDArray[np.int64]]:
    """The distinct values, sorted, and each value's index among them; as `np.unique` with its inverse."""
    n = len(values)
    number = max(1, (n - 1).bit_length())
    part, bits = _from_zero(values) if n and values.dtype.kind in "iu" else (np.zeros(0, np.uint64), 64)
    if number + bits < 64:  # sorted with its row number, a value need not be fetched
        part <<= np.uint64(number)
        part |= np.arange(n, dtype=np.uint64)
        part.sort()
        order = (part & np.uint64((1 << number) - 1)).view(np.int64)
        part >>= np.uint64(number)
        new = _new(part)
        known = (part[new].view(np.int64) + np.int64(values.min())).astype(values.dtype)
    else:
        order = order_by(values)
        ordered = values.take(order)
        new = _new(ordered)
        known = ordered[new]
    index = np.empty(n, np.int64)
    index[order] = np.cumsum(new) - 1
    return known, index


def _new(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Where sorted values differ from the one before."""
    new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return new
