"""Waves: groups of different people who lie in the same hospitals and bear the same marks, seen as one ring.

Who recruits in several villages brings one village after the other; who passes patients on in turn has one half here and the other there.
Each wave is a group of its own, found by its own meetings, and none holds half of the ring. Their union is one more group to be judged:
it pays for its members like any other, and its meetings are weaker, since most of its people miss each of them. It wins the contest where
its marks, borne by so many more people, outweigh that.

Linked are groups beyond chance that share a hospital with at least a third of the scoring visits of either, bear a mark in common, and
hardly any people; united are those linked directly or through others. Who shops goes again and is seen with all the others soon enough:
two groups at one till stay two.
"""

from __future__ import annotations

import numpy as np

from ringfinder.communities.components import components
from ringfinder.evidence.arrays import tally
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import INPATIENT, Floats, Longs
from ringfinder.rings.groups import Groups, collect
from ringfinder.rings.harm import CONFIRMING, Harm
from ringfinder.rings.meetings import Meetings

MAIN = 1 / 3  # of a group's scoring visits are at a place of its own
SAME_PEOPLE = 0.2  # Jaccard of two groups' people from which they are rivals, not waves
MOST = 12  # groups united; more at one place are its custom


def unions(presence: Presence, groups: Groups, meetings: Meetings, gain: Floats, score: Floats, harm: Harm) -> Groups:
    """The unions of linked groups as new groups. `gain`: nats by meeting; `score`: S by group."""
    marked = np.array([nats > 0 for name, nats in harm.nats.items() if name not in CONFIRMING])
    able = (score > 0) & marked.any(axis=0)
    at, group = main_spots(presence, groups.count, meetings, gain)
    mine = able[group]
    at, group = at[mine], group[mine]
    a, b = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    order = np.lexsort((group, at))
    at, group = at[order], group[order]
    for step in range(1, len(group)):
        same = at[step:] == at[:-step]
        if not same.any():
            break
        one, other = group[:-step][same], group[step:][same]
        linked = (marked[:, one] & marked[:, other]).any(axis=0)
        linked[linked] = [apart(groups, int(g), int(h)) for g, h in zip(one[linked], other[linked], strict=True)]
        a.append(one[linked])
        b.append(other[linked])
    node, part = components(np.concatenate(a), np.concatenate(b))
    parts = [node[part == i] for i in range(int(part.max(initial=-1)) + 1)]
    return collect(
        [("waves", -1, np.concatenate([groups.people(int(g)) for g in some])) for some in parts if len(some) <= MOST],
        groups.hubs,
    )


def main_spots(presence: Presence, n: int, meetings: Meetings, gain: Floats) -> tuple[Longs, Longs]:
    """Pairs (spot, group) of the wards that hold `MAIN` of a group's visits at scoring meetings."""
    chosen = meetings.member & (gain > 0)[meetings.meeting]
    meeting = meetings.meeting[chosen]
    keys, visits = np.unique(meetings.group[meeting] * presence.spots + meetings.spot[meeting], return_counts=True)
    group = keys // presence.spots
    main = visits >= MAIN * tally(group, visits, n)[group]
    main &= presence.service[keys % presence.spots] == INPATIENT
    return keys[main] % presence.spots, group[main]


def apart(groups: Groups, one: int, other: int) -> bool:
    """Whether the two have hardly any people in common."""
    a, b = groups.people(one), groups.people(other)
    both = int(np.count_nonzero(np.isin(a, b)))
    return both < SAME_PEOPLE * (len(a) + len(b) - both)
