"""How often honest people bear a mark: in the city, among the others of a place, and among others with the same illness or medicine.

What a group bears is compared with the largest of the three, always without the group: at the place without its counted visits, for the
reason without its members, on whatever day and at whatever place they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import coded, expand, found_at, tally
from ringfinder.evidence.elsewhere import Stays, stays
from ringfinder.evidence.likelihood import slices
from ringfinder.evidence.marks import Marks
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import Bools, Floats, Ints, Longs
from ringfinder.rings import assortments, prices
from ringfinder.rings.groups import Groups
from ringfinder.rings.prices import Rows

SMOOTHING = 20.0
RAREST = 5e-5  # no mark is taken for rarer than one visit in 20,000
ROWS_AT_ONCE = 2_000_000  # attendances of members looked at together, for memory
OF_REASON = ("light", "misfit")  # what the illness itself says; others with that illness say it too
# one slip in a register, or who fetches medicine for the sick, marks many visits of a person: counted once a household
REGISTER = ("dead", "misfit", "in_bed")


@dataclass(frozen=True)
class Rates:
    """How common each mark is: `city` by mark and kind of care.

    `at_spot`, `for_reason`: marked attendances by mark and spot, by mark and reason + 1; `reasons`: all attendances by reason + 1.
    `likes`: what amounts are compared with, as they are and by the day. `buyers`: of costly medicines. `stays`: where cards were meanwhile.
    """

    marks: Marks
    city: dict[str, Floats]
    at_spot: dict[str, Floats]
    for_reason: dict[str, Floats]
    reasons: Longs
    likes: tuple[prices.Likes, prices.Likes]
    buyers: assortments.Buyers
    stays: Stays


@dataclass(frozen=True)
class Reasons:
    """How often others with the medicine or diagnosis of a row bear a mark: treatments that return, specialists who are far.

    Others are not the group's members, on whatever day and at whatever place: a tour is no less one where it goes on at the next counter.
    `reason`: reason + 1 by row; `at`: by row its pair of group and reason; by pair, `own` attendances of all members, and by mark `mine`.
    """

    reason: Longs
    at: Longs
    own: Longs
    mine: dict[str, Longs]

    @staticmethod
    def of(presence: Presence, known: Rates, groups: Groups, rows: Rows) -> Reasons:
        """Count what the members did for the reasons of the rows."""
        width = np.int64(len(known.reasons))
        reason = known.marks.reason[rows.visit] + 1
        pairs, at = coded(rows.group * width + reason)
        own = np.zeros(len(pairs), np.int64)
        mine = {name: np.zeros(len(pairs), np.int64) for name in known.marks.flags if name not in OF_REASON}
        for group, row in attendances(groups, presence.rows, presence.first_row):
            visit = presence.visit[row]
            key = group * width + known.marks.reason[visit] + 1
            place = np.minimum(found_at(pairs, key), max(0, len(pairs) - 1))
            same = pairs[place] == key if len(pairs) else np.zeros(len(key), np.bool_)
            place, visit = place[same], visit[same]
            own += np.bincount(place, minlength=len(pairs))
            for name in mine:
                mine[name] += np.bincount(place[known.marks.flags[name][visit]], minlength=len(pairs))
        return Reasons(reason, at, own, mine)

    def of_others(self, known: Rates, name: str, rate: Floats) -> Floats:
        """By row: the share of others that bear the mark, smoothed with `SMOOTHING` at `rate`; that where no reason is known."""
        bear = np.maximum(0.0, known.for_reason[name][self.reason] - self.mine[name][self.at]) + SMOOTHING * rate
        share = bear / (np.maximum(0, known.reasons[self.reason] - self.own[self.at]) + SMOOTHING)
        return np.where(self.reason > 0, share, rate)


def attendances(groups: Groups, rows: Ints | Longs, first: Longs) -> Iterator[tuple[Longs, Ints | Longs]]:
    """Each group's code with the presence rows of each of its members, part by part for memory. `rows`: presence rows by patient,
    `first`: where each patient's begin (one more at the end)."""
    part = np.cumsum(first[groups.patient + 1] - first[groups.patient]) // ROWS_AT_ONCE
    for _, a, b in slices(part):
        index, which = expand(first[groups.patient[a:b]], first[groups.patient[a:b] + 1])
        yield groups.group[a:b][which], rows[index]


def rates(presence: Presence, marks: Marks) -> Rates:
    """The base rates of all marks, counted once for all groups."""
    kind = presence.service[presence.spot]
    total = np.maximum(1, np.bincount(kind, minlength=3))
    city: dict[str, Floats] = {}
    at_spot: dict[str, Floats] = {}
    for_reason: dict[str, Floats] = {}
    reason = marks.reason[presence.visit] + 1
    reasons = np.bincount(reason)
    for name, flag in marks.flags.items():
        here = np.flatnonzero(flag[presence.visit])  # few: a mark is rare
        city[name] = np.maximum(np.bincount(kind[here], minlength=3) / total, RAREST)
        at_spot[name] = np.bincount(presence.spot[here], minlength=presence.spots).astype(np.float64)
        for_reason[name] = np.bincount(reason[here], minlength=len(reasons)).astype(np.float64)
    likes, buyers = prices.likes(presence, marks), assortments.buyers(presence.view)
    return Rates(marks, city, at_spot, for_reason, reasons, likes, buyers, stays(presence.view))


def bearers(known: Rates, name: str, flag: Bools, rows: Rows, n: int, theirs: Reasons) -> tuple[Floats, Floats, Floats]:
    """By group: how many bear a mark (k), how many would by chance (mu), out of how many; visits, or households where it says so."""
    rate = known.city[name][rows.kind]
    mine = tally(rows.at, flag, len(rows.place))
    others = np.maximum(0.0, known.at_spot[name][rows.spot] - mine[rows.at]) + SMOOTHING * rate
    chance = np.maximum(rate, others / (np.maximum(0, rows.total - rows.own[rows.at]) + SMOOTHING))
    if name not in OF_REASON:
        chance = np.maximum(chance, theirs.of_others(known, name, rate))
    households = tally(rows.owner, np.ones(len(rows.owner)), n)
    if name in REGISTER:
        once = np.minimum(1.0, tally(rows.home, chance))
        return tally(rows.owner, tally(rows.home, flag) > 0, n), tally(rows.owner, once, n), households
    if name == "far":
        weight = 1.0 / np.bincount(rows.home)[rows.home]
        return tally(rows.group, flag * weight, n), tally(rows.group, chance * weight, n), households
    return of_several_homes(flag, rows, n), tally(rows.group, chance, n), rows.visits.astype(np.float64)


def of_several_homes(flag: Bools, rows: Rows, n: int) -> Floats:
    """By group: visits marked, those of one household no more than all the others' together: else the mark is that household's."""
    k, most = tally(rows.group, flag, n), np.zeros(n)
    np.maximum.at(most, rows.owner, tally(rows.home, flag, len(rows.owner)))
    return np.minimum(k, 2 * (k - most))
