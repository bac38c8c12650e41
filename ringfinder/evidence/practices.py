"""Doctors who prescribe for the same households, and pharmacies that fill for the same: one practice, one counter.

Two doctors who send the same patients to one pharmacy explain each other: what one's patients buy there "anyway" is what
the other prescribed. Two pharmacies that take turns with one doctor's patients have each only half of their fills. So
both are looked at once more as one: doctors most of whose households at one pharmacy are the same, and pharmacies most of
whose households from one doctor are.

Blind spots: more than `MOST` at once; doctors who part the patients among them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ringfinder.evidence.arrays import coded, expand, first_of_runs, order_by, runs
from ringfinder.evidence.prescriptions import Purchases, ordered
from ringfinder.evidence.view import BLANK, Bools, Longs

SAME = 0.5  # Jaccard index of the households from which two are one
FEWEST = 5  # households in common: fewer are chance
MOST = 4  # joined at once; more are a house and its neighbourhood
WIDE = (
    8  # doctors or pharmacies of one household that are compared: who has more is a dispenser's customer like any other
)


@dataclass(frozen=True)
class United:
    """Purchases with joined doctors as one desk and joined pharmacies as one, each under its smallest code."""

    purchases: Purchases
    doctor_of: Longs
    pharmacy_of: Longs

    def is_joined(self, desk: Longs, pharmacy: Longs) -> Bools:
        """Of pairs of desk and pharmacy, where one of the two is several."""
        doctors, pharmacies = np.bincount(self.doctor_of), np.bincount(self.pharmacy_of)
        several: Bools = (doctors[desk] > 1) | (pharmacies[pharmacy] > 1)
        return several

    def doctors(self, desk: int) -> Longs:
        """All doctors of a desk."""
        return np.flatnonzero(self.doctor_of == desk)

    def pharmacies(self, pharmacy: int) -> Longs:
        """All pharmacies under one code."""
        return np.flatnonzero(self.pharmacy_of == pharmacy)


def united(p: Purchases, doctors: int, pharmacies: int) -> United | None:
    """Prescribers' purchases with doctors and pharmacies joined; None where there are none to join."""
    rx = np.flatnonzero(p.desk != BLANK)
    heads = rx[first_of_runs(p.desk[rx], p.pharmacy[rx], p.household[rx])]
    desk, pharmacy, household = p.desk[heads], p.pharmacy[heads], p.household[heads]
    doctor_of = joined(pharmacy, desk, household, doctors)
    pharmacy_of = joined(desk, pharmacy, household, pharmacies)
    if (doctor_of == np.arange(doctors)).all() and (pharmacy_of == np.arange(pharmacies)).all():
        return None
    as_one = ordered(
        replace(p, desk=np.where(p.desk == BLANK, BLANK, doctor_of[p.desk]), pharmacy=pharmacy_of[p.pharmacy])
    )
    return United(as_one, doctor_of, pharmacy_of)


def joined(where: Longs, who: Longs, household: Longs, size: int) -> Longs:
    """By code of `who` (0 .. size-1) the smallest code it is joined with; rows are distinct (where, who, household)."""
    order = order_by(where, household, who)
    where, who, household = where[order], who[order], household[order]
    start, end, run = runs(where, household)
    last = np.where((end - start)[run] <= WIDE, end[run], 0)
    other, one = expand(np.arange(len(where)) + 1, last)
    width = np.int64(size)
    pairs, number = coded((where[one] * width + who[one]) * width + who[other])
    common = np.bincount(number, minlength=len(pairs))
    sizes, of = coded(where * width + who)
    households = np.bincount(of, minlength=len(sizes))

    def of_code(code: Longs) -> Longs:
        return households[np.searchsorted(sizes, pairs // (width * width) * width + code)]

    a, b = pairs // width % width, pairs % width
    alike = (common >= FEWEST) & (common >= SAME * (of_code(a) + of_code(b) - common))
    graph = coo_array((np.ones(alike.sum()), (a[alike], b[alike])), shape=(size, size))
    count, part = connected_components(graph, directed=False)
    members = np.bincount(part, minlength=count)
    least = np.full(count, size, np.int64)
    np.minimum.at(least, part, np.arange(size))
    return np.where(members[part] <= MOST, least[part], np.arange(size))
