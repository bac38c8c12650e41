"""Counts against what chance would give, in nats, and the small table work that all kind channels share.

A channel counts decisions (households, days, batches) and compares the count k with mu, the *largest* of several
honest explanations, each measured without the group. `surprise` is the log-likelihood gain of "its own rate" over
"chance"; the caller subtracts the price of the search (the logarithm of how many hubs it looked at).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringfinder.evidence import arrays
from ringfinder.evidence.once import once
from ringfinder.evidence.view import BLANK, Bools, Floats, Ints, Longs, View

TINY = 1e-9
# after the price of the search, one nat more: a score of zero means "as likely chance as not", not "found"
MARGIN = 1.0
# people in fewer households than this are a couple of neighbours, never a ring
FEWEST_HOUSEHOLDS = 3


def surprise(count: ArrayLike, mean: ArrayLike, scatter: float = 0.0) -> Floats:
    """Nats by which `count` exceeds `mean`: k ln(k/mu) - (k - mu) where k > mu, else 0.

    `scatter` is the standard deviation of ln(rate) among honest units: they differ more than Poisson says, and the
    gamma-Poisson form k ln(k/mu) - (k + r) ln((k + r)/(mu + r)), r = 1/scatter^2, allows for it.
    """
    k = np.asarray(count, np.float64)
    mu = np.maximum(np.asarray(mean, np.float64), TINY)
    gain = k * np.log(np.maximum(k, TINY) / mu)
    if scatter > 0:
        r = 1.0 / scatter**2
        gain = gain - (k + r) * np.log((k + r) / (mu + r))
    else:
        gain = gain - (k - mu)
    return np.where(k > mu, np.maximum(gain, 0.0), 0.0)


def backed(soft: Floats, firm: Floats | float, alone: float) -> tuple[Floats, Floats]:
    """What all weighs together, and what of it backs the strongest soft part; nats, shapes of `firm`.

    `soft`: parts along the first axis that an honest reason may explain. The strongest of them counts no further than `alone`
    beyond all the others.
    """
    strongest = soft.max(axis=0)
    rest = firm + soft.sum(axis=0) - strongest
    return rest + np.minimum(strongest, rest + alone), rest


def pairs(left: Ints | Longs, right: Ints | Longs) -> tuple[Longs, Longs, Longs]:
    """Distinct pairs of codes (both known) with how often they occur; sorted by (left, right)."""
    known = (left != BLANK) & (right != BLANK)
    width = np.int64(right.max(initial=0)) + 1
    key, count = np.unique(left[known].astype(np.int64) * width + right[known], return_counts=True)
    return key // width, key % width, count.astype(np.int64)


def pair_index(left: Ints | Longs, right: Ints | Longs) -> tuple[Longs, Longs, Longs]:
    """As `pairs`, but with each row's pair number instead of counts: (left, right, number); rows must be known."""
    width = np.int64(right.max(initial=0)) + 1
    key, number = arrays.coded(left.astype(np.int64) * width + right)
    return key // width, key % width, number.astype(np.int64)


def distinct(*columns: NDArray[np.integer]) -> Longs:
    """Indices of the first row of each distinct combination, in the order of the columns' values."""
    order = arrays.order_by(*columns)
    return order[arrays.first_of_runs(*(column[order] for column in columns))]


def count(codes: Ints | Longs, size: int, where: Bools | None = None) -> Longs:
    """How often each code occurs (blanks left out), shape (size,)."""
    known = codes >= 0 if where is None else where & (codes >= 0)
    return np.bincount(codes[known], minlength=size).astype(np.int64)


def slices(sorted_codes: Ints | Longs) -> list[tuple[int, int, int]]:
    """(code, first, end) of every run of equal codes in a sorted array."""
    if not len(sorted_codes):
        return []
    cut = np.flatnonzero(np.diff(sorted_codes)) + 1
    first = np.r_[0, cut]
    end = np.r_[cut, len(sorted_codes)]
    return [(int(sorted_codes[a]), int(a), int(b)) for a, b in zip(first, end, strict=True)]


def permuted_within(values: NDArray[np.int32], strata: Sequence[NDArray[np.integer]], seed: int) -> NDArray[np.int32]:
    """`values` permuted at random within each combination of the strata; the same for the same seed."""
    out = values.copy()
    if not len(values):
        return out
    still = arrays.order_by(*strata)
    mixed = arrays.order_by(*strata, arrays.drawn(len(values), seed))
    out[still] = values[mixed]
    return out


def owned_accounts(view: View) -> Longs:
    """Sorted keys account x household of everybody's own account (see `foreign`)."""
    people = view.people
    known = people.account != BLANK
    width = np.int64(people.household.max(initial=0)) + 1
    return arrays.distinct(people.account[known].astype(np.int64) * width + people.household[known])


@once(lambda view: (view.claims.account, view.claims.patient, view.people))
def foreign(view: View) -> Bools:
    """For each claim: paid to an account of nobody in the patient's household."""
    claims = view.claims
    width = np.int64(view.people.household.max(initial=0)) + 1
    own = owned_accounts(view)
    known = np.flatnonzero(claims.account != BLANK)
    household = view.people.household[claims.patient[known]].astype(np.int64)
    key = claims.account[known].astype(np.int64) * width + household
    at = np.minimum(np.searchsorted(own, key), max(len(own) - 1, 0))
    out = np.zeros(len(claims.row), np.bool_)
    out[known] = own[at] != key if len(own) else True
    return out
