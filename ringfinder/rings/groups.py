"""Groups of people on their way to become rings, held flat: one row for each (group, person).

Everything about groups is computed for all of them at once on sorted arrays; a Python loop over groups, let alone claims,
would not end in time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ringfinder.evidence.arrays import distinct
from ringfinder.evidence.hubs import WIDTH, Hubs
from ringfinder.evidence.view import Bools, Floats, Ints, Longs

BEDS = "beds"  # the seed of people admitted at once and seen elsewhere while in bed


@dataclass(frozen=True)
class Groups:
    """Rows sorted by (group, patient). `odds`: log-odds of membership.

    By group number: `hub`, what the group hangs on (an index into `hubs`, -1 for none), and `seed`, how it was found.
    """

    group: Longs
    patient: Ints
    odds: Floats
    hub: Longs
    seed: tuple[str, ...]
    hubs: Hubs

    @property
    def count(self) -> int:
        return len(self.hub)

    def sizes(self) -> Longs:
        """People by group."""
        return np.bincount(self.group, minlength=self.count)

    def has_hub(self) -> Bools:
        """By group: whether it hangs on a hub."""
        return self.hub >= 0

    def sown_as(self, seed: str) -> Bools:
        """By group: whether it was found so."""
        return np.array([one == seed for one in self.seed], np.bool_)

    def linked(self) -> Bools:
        """By row: the group's hub names this person."""
        return self.hubs.names(self.hub[self.group], self.patient)

    def rows(self, kept: Bools) -> Groups:
        """The same groups with only the rows marked."""
        return replace(self, group=self.group[kept], patient=self.patient[kept], odds=self.odds[kept])

    def pick(self, kept: Bools) -> Groups:
        """Only the groups marked, renumbered in order."""
        rows = kept[self.group]
        chosen = np.flatnonzero(kept)
        return Groups(
            (np.cumsum(kept) - 1)[self.group[rows]],
            self.patient[rows],
            self.odds[rows],
            self.hub[chosen],
            tuple(self.seed[i] for i in chosen),
            self.hubs,
        )

    def beside(self, other: Groups) -> Groups:
        """These groups and, after them, those of the other."""
        return Groups(
            np.r_[self.group, other.group + self.count],
            np.r_[self.patient, other.patient],
            np.r_[self.odds, other.odds],
            np.r_[self.hub, other.hub],
            self.seed + other.seed,
            self.hubs,
        )

    def people(self, group: int) -> Ints:
        """Patient codes of one group."""
        lo, hi = np.searchsorted(self.group, [group, group + 1])
        return self.patient[lo:hi]

    def rows_of(self, group: Longs, patient: Ints | Longs) -> Longs:
        """Row of each (group, patient); -1 where the person is not in the group."""
        wanted = group * WIDTH + patient
        if not len(self.group):
            return np.full(len(wanted), -1, np.int64)
        keys = self.group * WIDTH + self.patient
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, at, -1)


def collect(parts: list[tuple[str, int, Ints]], hubs: Hubs) -> Groups:
    """Groups from (seed, hub, patients); of equal groups the first stays."""
    unique: dict[tuple[int, bytes], tuple[str, Ints]] = {}
    for seed, hub, patients in parts:
        members = distinct(patients).astype(np.int32)
        unique.setdefault((hub, members.tobytes()), (seed, members))
    people = [members for _, members in unique.values()]
    sizes = [len(members) for members in people]
    return Groups(
        np.repeat(np.arange(len(people)), sizes).astype(np.int64),
        np.concatenate(people) if people else np.zeros(0, np.int32),
        np.zeros(sum(sizes)),
        np.array([hub for hub, _ in unique], np.int64),
        tuple(seed for seed, _ in unique.values()),
        hubs,
    )
