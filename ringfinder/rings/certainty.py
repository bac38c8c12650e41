"""Certainty: how many rings as strong as this one would chance alone have shown?

The same search runs on null worlds: each channel shuffles away what a ring makes and keeps what is chance (its `shuffled` says
how). Claims of rings already found are left out of them, else the rings themselves fatten the tail. E(s) is the expected number
of null candidates at strength s or above. Where k null candidates were seen above a strength, no more than `upper(k)` are to be
expected there, and from there on the number falls by e in `TAIL` nats at least (a score in nats of likelihood would fall by e in
one: three is cautious). Every null candidate gives such a bound; the least of them holds.

    chance(s) = E(s) / number of rings listed at s or above    (Storey 2003: the share of chance groups to expect)
    q(s) = the larger of chance(s) and honest(s)               (the share of honest groups that worlds with known rings show at s)
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.view import Floats, Longs

TAIL = 3.0
# Half of what is listed at this strength is honest, and the odds fall by e in so many nats: what twenty-six worlds showed, ten of them of
# other makers. At 5 to 7 nats 15 of 32 groups were honest, at 8 to 9 one of 8, above that none of 325
MIDDLE, SCALE = 5.0, 1.35
BAR = 9.0  # nats at which the curve says 0.05
# but at least this many nats in the group's strength: in other makers' worlds one in fifty at 15 nats was honest, one in a hundred at 30
SUREST = 0.3
ROWS = 1000  # strengths bounded at a time, for memory


def expected(strength: Floats, null: Floats, worlds: float) -> Floats:
    """E(s) for each strength, the least of all the bounds that the null candidates give; shape of `strength`.

    `null`: strengths of all candidates of all null worlds, which searched the claims `worlds` times over.
    """
    ranked = np.sort(null)[::-1]
    highest = max(float(ranked[0]), 0.0) if len(ranked) else 0.0  # above it nothing was seen
    seen_at = np.r_[highest, ranked]
    most = upper(np.arange(len(seen_at)))
    out = upper(len(null) - np.searchsorted(ranked[::-1], strength))
    for begin in range(0, len(strength), ROWS):
        beyond = strength[begin : begin + ROWS, None] - seen_at[None, :]
        bounds = np.where(beyond >= 0, most * np.exp(-np.maximum(beyond, 0.0) / TAIL), np.inf)
        out[begin : begin + ROWS] = np.minimum(out[begin : begin + ROWS], bounds.min(axis=1))
    return out / max(worlds, 1e-9)


def upper(count: Longs) -> Floats:
    """How many may be expected where so many were seen, at one standard deviation (Gehrels 1986)."""
    return count + 1.0 + np.sqrt(count + 0.75)


def q_values(strength: Floats, null: Floats, worlds: float) -> Floats:
    """q of each ring, given strengths in falling order; never falls with rank. At most 1."""
    if not len(strength):
        return strength
    raw = expected(strength, null, worlds) / np.arange(1, len(strength) + 1)
    # the best q at this strength or any lower one: q must not depend on weaker rings' luck upwards
    return np.minimum(1.0, np.minimum.accumulate(raw[::-1])[::-1])


def honest(strength: Floats) -> Floats:
    """Share of honest groups among what is listed at each strength or above, as worlds with known rings show it.

    Null worlds know chance; people who arrange to come together for honest reasons are no chance. A logistic curve (`MIDDLE`, `SCALE`),
    beyond which there are always some whose reason nobody thought of: the larger of it and `SUREST` / strength.
    """
    share = 1.0 / (1.0 + np.exp((strength - MIDDLE) / SCALE))
    return np.maximum(share, SUREST / np.maximum(strength, 1.0))


def score(strength: Floats) -> Floats:
    """0 to 100, rising with strength: 50 at `BAR` nats, the least that alerts where `alert_q` is 0.05."""
    return 100.0 / (1.0 + np.exp(-(strength - BAR) / 8.0))
