"""Waves: groups of different people who lie in the same hospitals and bear the same marks, seen as one ring.

Who recruits in several villages brings one village after the other; who passes patients on in turn has one half here and the other there.
Each wave is a group of its own, found by its own meetings, and none holds half of the ring. Their union is one more group to be judged:
it pays for its members like any other, and its meetings are weaker, since most of its people miss each of them. It wins the contest where
its marks, borne by so many more people, outweigh that. It must be beyond chance itself.

Linked are groups beyond chance whose scoring visits lie for nearly a half in the same hospitals with the same doctors (the sum over both of
the smaller share; an unknown doctor is one), with a mark in common, and hardly any people; united are those linked directly or through
others. Two rings in one hospital have their own doctors there, or their own go-between, or their own way: a hospital that lives on fraud
lends its two doctors to all who bring it patients. Groups that hang on different hubs, or one on a hub and the other on none, are not
linked; nor are those of which one bears a mark strongly and the other not at all, unless they are passed on: each hospital of a rotation
has its own prices. Who shops goes again and is seen with all the others soon enough: two groups
at one till stay two.
"""

from __future__ import annotations

import numpy as np

from ringfinder.communities.components import components
from ringfinder.evidence.arrays import coded, tally
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import INPATIENT, Bools, Floats, Longs
from ringfinder.rings.groups import Groups, collect
from ringfinder.rings.harm import Harm
from ringfinder.rings.meetings import Meetings
from ringfinder.rings.visit_marks import CONFIRMING

COMMON = 0.45  # of two groups' scoring visits, spread alike over hospitals and their doctors, are at common ones
SAME_PEOPLE = 0.2  # Jaccard of two groups' people from which they are rivals, not waves
SEED = "waves"
WORTH = 1.25  # times its strength a union is worth in a contest with its waves
BORNE = 0.7  # of its households bear its marks, for that
STRONG = 10.0  # nats of a mark that the waves of one ring all bear, if one does
PASSED_ON = ("moved", "readmitted")
MOST = 12  # groups united; more at one place are its custom


def unions(presence: Presence, groups: Groups, meetings: Meetings, gain: Floats, score: Floats, harm: Harm) -> Groups:
    """The unions of linked groups as new groups. `gain`: nats by meeting; `score`: S by group."""
    marked = np.array([nats > 0 for name, nats in harm.before.items() if name not in CONFIRMING])
    able = (score > 0) & marked.any(axis=0)
    at, group, share = wards(presence, groups.count, meetings, gain)
    mine = able[group]
    one, other, common = overlaps(at[mine], group[mine], share[mine])
    linked = (
        (common >= COMMON) & (marked[:, one] & marked[:, other]).any(axis=0) & (groups.hub[one] == groups.hub[other])
    )
    linked &= ~unlike(harm, one, other)
    one, other = one[linked], other[linked]
    strangers = np.array([apart(groups, int(g), int(h)) for g, h in zip(one, other, strict=True)], np.bool_)
    node, part = components(one[strangers], other[strangers])
    parts = [node[part == i] for i in range(int(part.max(initial=-1)) + 1)]
    return collect(
        [(SEED, -1, np.concatenate([groups.people(int(g)) for g in some])) for some in parts if len(some) <= MOST],
        groups.hubs,
    )


def unlike(harm: Harm, one: Longs, other: Longs) -> Bools:
    """By pair of groups: one bears a mark strongly that the other does not bear, and neither is passed on between hospitals."""
    nats = np.array([nats for name, nats in harm.before.items() if name not in CONFIRMING])
    passed_on = np.any([harm.before[name] > 0 for name in PASSED_ON if name in harm.before], axis=0)
    strong, borne = nats >= STRONG, nats > 0
    differ = (strong[:, one] & ~borne[:, other]) | (strong[:, other] & ~borne[:, one])
    out: Bools = differ.any(axis=0) & ~(passed_on[one] | passed_on[other])
    return out


def wards(presence: Presence, n: int, meetings: Meetings, gain: Floats) -> tuple[Longs, Longs, Floats]:
    """Wards (a spot and a doctor there, or an unknown one), groups that met there, and the share of the group's visits at scoring meetings.

    Sorted by (ward, group).
    """
    chosen = meetings.member & (gain > 0)[meetings.meeting]
    meeting = meetings.meeting[chosen]
    width = np.int64(max(1, n))
    ward = presence.doctor_key(meetings.spot[meeting], presence.doctor[meetings.row[chosen]])
    keys, visits = np.unique(ward * width + meetings.group[meeting], return_counts=True)
    at, group = keys // width, keys % width
    share = visits / tally(group, visits, n)[group]
    here = presence.service[at // (len(presence.view.codes.doctor) + 1)] == INPATIENT
    return at[here], group[here], share[here]


def overlaps(at: Longs, group: Longs, share: Floats) -> tuple[Longs, Longs, Floats]:
    """Pairs of groups that met on one of the wards `at`, with the sum over wards of the smaller share."""
    ones, others, common = [group[:0]], [group[:0]], [share[:0]]
    for step in range(1, len(at)):
        same = at[step:] == at[:-step]
        if not same.any():
            break
        ones.append(group[:-step][same])
        others.append(group[step:][same])
        common.append(np.minimum(share[:-step], share[step:])[same])
    width = np.int64(group.max(initial=0)) + 1
    pairs, which = coded(np.concatenate(ones) * width + np.concatenate(others))
    return pairs // width, pairs % width, tally(which, np.concatenate(common), len(pairs))


def apart(groups: Groups, one: int, other: int) -> bool:
    """Whether the two have hardly any people in common."""
    a, b = groups.people(one), groups.people(other)
    both = int(np.count_nonzero(np.isin(a, b)))
    return both < SAME_PEOPLE * (len(a) + len(b) - both)
