"""What honest reasons explain of a whole group: a home decides for its residents, who came twice was invited, a medicine is short.

What such people have in common says nothing then; what cannot be (two places at once, care after death) counts as ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ringfinder.evidence import announced
from ringfinder.evidence.hubs import institution
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import DAY, INPATIENT, Bools
from ringfinder.rings import one_medicine
from ringfinder.rings.assortments import Buyers
from ringfinder.rings.groups import Groups
from ringfinder.rings.prices import Rows

# marks that people bear together for whom somebody else decides where and when they are treated
OF_STAYS = ("again", "light", "needless", "length", "package", "brought")
ARRANGED = (*OF_STAYS, "costly", "alike", "even", "drained", "own_price", "far")
IMPOSSIBLE = ("travel", "in_bed", "empty_bed", "dead", "misfit", "invoice")  # no invitation explains these
OCCASIONS = 3  # waves of stays, a week apart, before they are more than an invitation and a second one
MOSTLY = 0.5  # of the group's visits are stays


@dataclass(frozen=True)
class Considered:
    """By group: `hunted`: it seeks one medicine; `home`: its people share addresses as only residents do; `twice`: they were admitted
    together on fewer than `OCCASIONS` occasions; `stays`: of its visits most are stays."""

    hunted: Bools
    home: Bools
    twice: Bools
    stays: Bools

    @staticmethod
    def of(presence: Presence, buyers: Buyers, groups: Groups, rows: Rows) -> Considered:
        """Look at all groups; `rows`: their visits at counted meetings."""
        return Considered(
            one_medicine.hunted(presence.view, buyers, rows, groups.count),
            institution(presence.view, groups.group, groups.patient.astype(np.int64), groups.count),
            twice(presence, rows, groups.count),
            rows.stays > MOSTLY * rows.visits,
        )

    def unless(self, impossible: Bools) -> Considered:
        """The same, but nobody invites people to what cannot be. `impossible`: by group, it bears one of these marks."""
        return replace(self, twice=self.twice & ~impossible)

    def explains(self, mark: str) -> Bools | bool:
        """By group: a mark says nothing of it."""
        if mark in ARRANGED:
            return self.home | (self.twice & (self.stays | (mark in OF_STAYS)))
        return self.hunted if mark in one_medicine.MARKS else False


def twice(presence: Presence, rows: Rows, n: int) -> Bools:
    """By group: its stays, of which it has some, began on fewer than `OCCASIONS` occasions."""
    stays = rows.kind == INPATIENT
    days = announced.each_once(rows.group[stays], presence.view.visits.start[rows.visit[stays]] // DAY)
    out: Bools = (rows.stays > 0) & announced.few(*days, n, OCCASIONS)
    return out
