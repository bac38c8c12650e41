"""Invoice numbers that come back for another household on another day.

A number on more than 20 people is a placeholder. A slip of the pen repeats a number within one pile (settled on one
day); a copied bill comes back later, at the same place or with another hospital's name. Each of the three has its own
base rate, measured on the bills outside the group: slips by bill, copies by pair of bills (of one place, of two
places). Where places number their invoices alike, honest numbers of two places agree often, and that rate says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct, order_by
from ringfinder.evidence.view import BLANK, DAY, NEVER, Floats, Ints, Longs, View

PLACEHOLDER_PEOPLE = 20
TYPICAL = 0.1  # share of a group's bills that must carry such a number: one slip among thirty bills is no habit


@dataclass(frozen=True)
class Numbers:
    """By claim: `number` (invoice code; BLANK without one or for placeholders). Totals over all claims.

    `bills` with a number; `slips`: repeats settled on one day; `abroad`: copies under another place's name;
    by place: `bills_at`, `copies_at`.
    """

    number: Ints
    bills: int
    slips: int
    abroad: int
    bills_at: Longs
    copies_at: Longs


@dataclass(frozen=True)
class Repeats:
    """Numbers that come back within one group: `claims` that carry them, nats and what chance would give."""

    claims: Ints
    numbers: int
    expected: float
    gain: float


NONE = Repeats(np.zeros(0, np.int32), 0, 0.0, 0.0)


def read(view: View) -> Numbers:
    """Numbers of all claims with their base rates."""
    claims = view.claims
    size = np.bincount(claims.invoice[claims.invoice != BLANK], minlength=max(len(view.codes.invoice), 1))
    again = np.flatnonzero((claims.invoice != BLANK) & (size[claims.invoice] > 1))
    heads = again[nats.distinct(claims.invoice[again], claims.patient[again])]
    people = np.bincount(claims.invoice[heads], minlength=len(size))
    number = np.where((claims.invoice == BLANK) | (people[claims.invoice] > PLACEHOLDER_PEOPLE), BLANK, claims.invoice)
    number = number.astype(np.int32)
    slips, copies, abroad = comebacks(view, number, again[number[again] != BLANK])
    places = len(view.codes.facility)
    return Numbers(
        number,
        int((number != BLANK).sum()),
        len(slips),
        len(abroad),
        np.bincount(claims.facility[number != BLANK], minlength=places).astype(np.int64),
        np.bincount(claims.facility[copies], minlength=places).astype(np.int64),
    )


def comebacks(view: View, number: Ints, at: Longs) -> tuple[Longs, Longs, Longs]:
    """Claims that repeat an earlier claim's number for another household on another day.

    Three kinds: settled on that claim's day; settled apart at the same place; settled apart under another place's
    name.
    """
    claims = view.claims
    order = at[order_by(number[at], claims.start[at], at)]
    before, after = order[:-1], order[1:]
    household = view.people.household
    again = (number[before] == number[after]) & (claims.start[before] // DAY != claims.start[after] // DAY)
    again &= household[claims.patient[before]] != household[claims.patient[after]]
    together = again & (settling_day(view, before) == settling_day(view, after))
    there = claims.facility[before] == claims.facility[after]
    apart = again & ~together
    return after[together], after[apart & there], after[apart & ~there]


def settling_day(view: View, at: Longs) -> Longs:
    """The day of settlement; of the end of care where that is unknown."""
    settled = view.claims.settled[at]
    days: Longs = np.where(settled == NEVER, view.claims.end[at], settled) // DAY
    return days


def repeats(view: View, numbers: Numbers, claims: Ints, least: float = 0.0) -> Repeats:
    """Numbers that come back among these claims, against the rates of all others; `least` are expected of claims chosen for that."""
    mine = claims[numbers.number[claims] != BLANK].astype(np.int64)
    if len(mine) < 2:
        return NONE
    slips, copies, abroad = comebacks(view, numbers.number, mine)
    found = np.concatenate([slips, copies, abroad])
    if not len(found):
        return NONE
    facility = view.claims.facility
    places = len(numbers.bills_at)
    n = np.bincount(facility[mine], minlength=places)
    by_slip = len(mine) * (numbers.slips - len(slips) + 1.0) / (numbers.bills - len(mine) + 2.0)
    own_pairs = pairs_of(n)
    rest = pairs_of(numbers.bills_at - n)
    came_back = numbers.copies_at - np.bincount(facility[copies], minlength=places)
    overall = (came_back.sum() + 1.0) / (rest.sum() + 1.0)
    by_place = float((own_pairs * np.maximum(overall, (came_back + overall) / (rest + 1.0))).sum())
    all_pairs = pairs_of(np.asarray(numbers.bills - len(mine))) - rest.sum()
    by_name = float(
        (pairs_of(np.asarray(len(mine))) - own_pairs.sum()) * (numbers.abroad - len(abroad) + 1.0) / (all_pairs + 1)
    )
    parts = ((slips, by_slip), (copies, by_place), (abroad, by_name))
    gain = float(sum(float(nats.surprise(len(rows), chance)) for rows, chance in parts))
    expected = by_slip + by_place + by_name
    if least > expected:
        expected, gain = least, float(nats.surprise(len(found), least))
    carrying = np.sort(mine[np.isin(numbers.number[mine], numbers.number[found])]).astype(np.int32)
    if len(carrying) < TYPICAL * len(mine):
        return NONE
    return Repeats(carrying, len(distinct(numbers.number[found])), expected, gain)


def pairs_of(n: Longs) -> Floats:
    """n (n - 1) / 2."""
    pairs: Floats = n * (n - 1.0) / 2.0
    return pairs
