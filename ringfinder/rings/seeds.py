"""Seeds: every way in for a group. False seeds are cheap, they die in membership; a missed one is lost for good.

Dense groups come by communities of ties; sparse ones by crowded windows that share people; stars by their hubs.
"""

from __future__ import annotations

import numpy as np

from ringfinder.communities import METHODS
from ringfinder.evidence import crowds as crowding
from ringfinder.evidence.hubs import WIDTH, Hubs
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.ties import LEAST_WEIGHT, Ties
from ringfinder.evidence.view import Ints, Longs
from ringfinder.rings.groups import Groups, collect

LEAST_SIZE = 4
MOST_WEIGHT = 15.0  # one pair that meets all year must not outweigh a group
SEVERAL = 2  # of a cluster of windows, those seen in at least two


def sow(presence: Presence, ties: Ties, hubs: Hubs) -> Groups:
    """All seeds as groups."""
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
    return collect(parts, hubs)


def sets(node: Longs, group: Longs) -> list[Ints]:
    """The groups of at least four as sorted arrays, in order of the group's number."""
    order = np.lexsort((node, group))
    node, group = node[order], group[order]
    cuts = np.flatnonzero(np.diff(group)) + 1
    return [part.astype(np.int32) for part in np.split(node, cuts) if len(part) >= LEAST_SIZE]
