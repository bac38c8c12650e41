"""Seeds: every way in for a group. False seeds are cheap, they die in membership; a missed one is lost for good.

Dense groups come by communities of ties; sparse ones by crowded windows that share people; stars by their hubs; and wards
that fill at once with people who are out and about (`empty_beds`), for whom one occasion is enough.
"""

from __future__ import annotations

import numpy as np

from ringfinder.communities import METHODS
from ringfinder.evidence import crowds as crowding
from ringfinder.evidence.arrays import coded, distinct, distinct_per
from ringfinder.evidence.crowds import Crowds
from ringfinder.evidence.hubs import WIDTH, Hubs
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.ties import LEAST_WEIGHT, Ties
from ringfinder.evidence.view import INPATIENT, Bools, Ints, Longs
from ringfinder.rings.groups import BEDS, Groups, collect

LEAST_SIZE = 4
MOST_WEIGHT = 15.0  # one pair that meets all year must not outweigh a group
# Households of a batch seen elsewhere while in bed: those for whom a relative fetched medicine are a few in a hundred.
OUT_HOMES, OUT_SHARE = 5, 0.3
SEVERAL = 2  # of a cluster of windows, those seen in at least two


def sow(presence: Presence, ties: Ties, hubs: Hubs, in_bed: Bools | None = None) -> Groups:
    """All seeds as groups. `in_bed`: by visit, whether the person was in bed here and seen elsewhere."""
    settings = presence.view.settings
    join = METHODS[settings.communities]
    parts: list[tuple[str, int, Ints]] = [("hub", h, hubs.people(h)) for h in range(len(hubs.type))]
    weight = np.minimum(ties.weight - LEAST_WEIGHT, MOST_WEIGHT)
    node, group = join(ties.a, ties.b, weight, settings.seed)
    parts += [("ties", -1, people) for people in sets(node, group)]
    crowds = crowding.crowded(presence)
    e, f, nats = crowding.alike(presence, crowds)
    window, cluster = join(e, f, np.minimum(nats - LEAST_WEIGHT, MOST_WEIGHT), settings.seed)
    number = np.full(len(crowds.spot), -1, np.int64)
    number[window] = cluster
    inside = number[crowds.window] >= 0
    keys, times = np.unique(
        number[crowds.window[inside]] * WIDTH + presence.patient[crowds.row[inside]], return_counts=True
    )
    keys = keys[times >= SEVERAL]
    parts += [("crowds", -1, people) for people in sets(keys % WIDTH, keys // WIDTH)]
    if in_bed is not None:  # first: one occasion is enough for them, whoever else found the same people
        parts = [(BEDS, -1, people) for people in sets(*empty_beds(presence, crowds, in_bed))] + parts
    return collect(parts, hubs)


def empty_beds(presence: Presence, crowds: Crowds, in_bed: Bools) -> tuple[Longs, Longs]:
    """(patient, batch) of those admitted in one crowded window, all or by one doctor, where many were seen elsewhere meanwhile."""
    row = crowds.row
    stay = presence.service[presence.spot[row]] == INPATIENT
    row, window = np.tile(row[stay], 2), np.tile(crowds.window[stay], 2)
    doctor = presence.doctor[row] + 2
    doctor[: len(row) // 2] = 0  # of the whole ward
    batches, batch = coded(window * (np.int64(presence.doctor.max(initial=0)) + 3) + doctor)
    out = in_bed[presence.visit[row]]
    homes = presence.household[row]
    present = distinct_per(batch, homes, len(batches))
    marked = distinct_per(batch[out], homes[out], len(batches))
    chosen = ((marked >= OUT_HOMES) & (marked >= OUT_SHARE * present))[batch] & out
    once = distinct(batch[chosen] * WIDTH + presence.patient[row[chosen]])
    return once % WIDTH, once // WIDTH


def sets(node: Longs, group: Longs) -> list[Ints]:
    """The groups of at least four as sorted arrays, in order of the group's number."""
    order = np.lexsort((node, group))
    node, group = node[order], group[order]
    cuts = np.flatnonzero(np.diff(group)) + 1
    return [part.astype(np.int32) for part in np.split(node, cuts) if len(part) >= LEAST_SIZE]
