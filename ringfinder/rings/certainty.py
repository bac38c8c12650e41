"""Certainty: how many rings as strong as this one would chance alone have shown?

The same search runs on null worlds: each channel shuffles away what a ring makes and keeps what is chance (its `shuffled` says
how). Claims of rings already found are left out of them, else the rings themselves fatten the tail. E(s) is the expected number
of null candidates at strength s or above; beyond the strongest seen the tail falls by e in `TAIL` nats (a score in nats of
likelihood would fall by e in one: three is cautious).

    q(s) = E(s) / number of rings listed at s or above         (Storey 2003: the share of false rings to expect)
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.view import Floats

TAIL = 3.0
UNSEEN = 0.5  # null candidates that might just have been missed in all the null worlds together


def expected(strength: Floats, null: Floats, worlds: float) -> Floats:
    """E(s) for each strength; `null`: strengths of all candidates of all null worlds, which
    searched the claims `worlds` times over. Shape of `strength`."""
    above = np.exp(-np.maximum(0.0, strength[:, None] - null[None, :]) / TAIL).sum(axis=1)
    return (above + UNSEEN * np.exp(-np.maximum(0.0, strength) / TAIL)) / max(worlds, 1e-9)


def q_values(strength: Floats, null: Floats, worlds: float) -> Floats:
    """q of each ring, given strengths in falling order; never falls with rank. At most 1."""
    if not len(strength):
        return strength
    raw = expected(strength, null, worlds) / np.arange(1, len(strength) + 1)
    # the best q at this strength or any lower one: q must not depend on weaker rings' luck upwards
    return np.minimum(1.0, np.minimum.accumulate(raw[::-1])[::-1])


def score(strength: Floats) -> Floats:
    """0 to 100, rising with strength: 50 at 8 nats, the least that alerts."""
    return 100.0 / (1.0 + np.exp(-(strength - 8.0) / 8.0))
