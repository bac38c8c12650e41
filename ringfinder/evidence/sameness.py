"""Sameness: how much shorter a group's bills can be written down once the earlier ones are known.

Prequential coding: the bills are read in order of time, and each is predicted from those of *other* households before
it (one household repeats itself for honest reasons). With n such bills before, the i-th costs

    gain_i = ln((1 + sum_j K(i, j) / base_i) / (n + 1))

nats less than under the base, where K says how alike two bills are (1 for the same place; a box of width w around the
logarithm of the amount) and `base_i` is the probability (or density) of what is seen under the *largest* honest
explanation, measured without the group. Learning is paid for: a first bill gains nothing, a strange one costs ln(n +
1).

Source: Dawid, Prequential analysis (1984); Rissanen's minimum description length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfinder.evidence.arrays import found_at, walk
from ringfinder.evidence.view import Floats, Ints, Longs

# "the same amount" may mean to the cent, to a few per cent or to a tenth; which one is chosen is paid for with ln 3
WIDTHS = (0.005, 0.03, 0.1)
STRATUM = 100.0  # logarithms of amounts lie well within +-50
# Bills of one group that are compared with each other; more of them say nothing new and cost the square
MOST_BILLS = 160


@dataclass(frozen=True)
class Amounts:
    """Sorted logarithms of amounts by stratum (codes below `size`), to ask how dense they are around a value."""

    key: Floats
    size: int

    @staticmethod
    def of(stratum: Ints | Longs, log_amount: Floats, size: int) -> Amounts:
        """Strata are codes below `size`; `log_amount` is ln of the amount."""
        return Amounts(np.sort(stratum * STRATUM + log_amount), size)

    def near(self, stratum: Ints | Longs, value: Floats) -> list[Longs]:
        """How many amounts of the stratum lie within half a width of the value, for each of `WIDTHS`."""
        at = stratum * STRATUM + value
        order, counts = walk(at), np.empty((len(WIDTHS), len(at)), np.int64)
        ordered = at[order]
        for row, width in zip(counts, WIDTHS, strict=True):
            ends = np.searchsorted(self.key, ordered + width / 2, "right")
            row[order] = ends - np.searchsorted(self.key, ordered - width / 2)
        return list(counts)

    def total(self, stratum: Ints | Longs) -> Longs:
        """How many amounts the stratum holds; 0 for a blank one."""
        if len(stratum) < self.size:  # a few bills are asked for again and again: not for the edges of all strata
            return found_at(self.key, (stratum + 0.5) * STRATUM) - found_at(self.key, (stratum - 0.5) * STRATUM)
        edges = (np.arange(-1, self.size + 1) - 0.5) * STRATUM
        return np.diff(np.searchsorted(self.key, edges))[stratum + 1].astype(np.int64)

    def median_less(self, part: Amounts, stratum: int, fewest: int) -> float | None:
        """The median of the stratum's amounts that are not in `part`, a part of them; None where they are under `fewest`."""
        low, high = (stratum - 0.5) * STRATUM, (stratum + 0.5) * STRATUM
        mine, theirs = (t.key[slice(*np.searchsorted(t.key, [low, high]))] for t in (self, part))
        rest = len(mine) - len(theirs)
        if rest < max(fewest, 1):
            return None
        # where each amount of the part stands among all: equal ones one after the other
        gone = np.searchsorted(mine, theirs) + np.arange(len(theirs)) - np.searchsorted(theirs, theirs)
        before = gone - np.arange(len(theirs))  # how many of the rest come before it
        middle = np.array([(rest - 1) // 2, rest // 2])
        return float(np.mean(mine[middle + np.searchsorted(before, middle, side="right")] - stratum * STRATUM))


def density(near: Longs, total: Longs, width: float, prior: Floats, strength: float = 5.0) -> Floats:
    """Density of ln(amount) from counts, smoothed with `strength` amounts of the `prior` density (not below 0)."""
    smooth: Floats = (np.maximum(near, 0) / width + strength * prior) / (np.maximum(total, 0) + strength)
    return smooth


def thinned(rows: Ints | Longs) -> Longs:
    """Positions of at most `MOST_BILLS` evenly spread rows."""
    n = len(rows)
    if n <= MOST_BILLS:
        return np.arange(n, dtype=np.int64)
    return (np.arange(MOST_BILLS, dtype=np.int64) * n) // MOST_BILLS


def prequential(alike: NDArray[np.float64], household: Ints | Longs, base: Floats) -> Floats:
    """Nats gained by each bill in order; `alike[i, j]` is K, `base[i]` the honest probability or density of bill i."""
    return gains(alike, np.tril(household[:, None] != household[None, :], -1), base)


def beside_the_rest(alike: NDArray[np.float64], household: Ints | Longs, base: Floats) -> Floats:
    """Nats by which each bill fits those of all other households of the group: who belongs."""
    return gains(alike, household[:, None] != household[None, :], base)


def gains(alike: NDArray[np.float64], known: NDArray[np.bool_], base: Floats) -> Floats:
    """ln((1 + sum K / base) / (n + 1)) by bill, over the `known` ones."""
    support = (alike * known).sum(axis=1)
    gain: Floats = np.log1p(support / np.maximum(base, 1e-12)) - np.log1p(known.sum(axis=1))
    return gain


def equal(codes: Ints | Longs) -> NDArray[np.float64]:
    """K for codes: 1 where two bills have the same one."""
    return (codes[:, None] == codes[None, :]).astype(np.float64)


def alike(log_amount: Floats, width: float) -> NDArray[np.float64]:
    """K for amounts: a box of the width around each logarithm."""
    return (np.abs(log_amount[:, None] - log_amount[None, :]) <= width / 2) / width


def best_width(
    log_amount: Floats, household: Ints | Longs, base: list[Floats], group: Ints | Longs | None = None
) -> tuple[float, int]:
    """Nats of like amounts at the width that serves best (the choice is paid for), and that width's index.

    `group`: bills are predicted only from those of other households *and* other groups; negative: of no known group, left out.
    """
    known = np.tril(household[:, None] != household[None, :], -1)
    if group is not None:
        known &= (group[:, None] != group[None, :]) & (group[:, None] >= 0) & (group[None, :] >= 0)
    totals = [float(gains(alike(log_amount, w), known, honest).sum()) for w, honest in zip(WIDTHS, base, strict=True)]
    best = int(np.argmax(totals))
    return totals[best] - float(np.log(len(WIDTHS))), best


def collisions(amounts: Amounts, width: float) -> Floats:
    """By stratum: the chance that two of its amounts lie within half a width; price lists make it large."""
    key = amounts.key
    size = amounts.size
    above = np.searchsorted(key, key + width / 2, side="right") - np.arange(1, len(key) + 1)
    total = amounts.total(np.arange(size))
    stratum = np.repeat(np.arange(size), total)
    met = np.bincount(stratum, weights=above, minlength=size)
    chance: Floats = 2.0 * met / np.maximum(total * (total - 1), 1)
    return chance
