"""Equal amounts that the same days' other customers do not pay: no day of special offers, which everybody may come to.

Where the group's amounts lie in one band though they are for different medicines, the honest reason left is an occasion: a member day,
a week of offers. It shows in what others pay there on those very days, and it comes in a rhythm or within one outbreak.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import distinct, expand, tally
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.usual import median_by
from ringfinder.evidence.view import DAY, INPATIENT, Bools, Floats
from ringfinder.rings.prices import ALIKE, Rows

OTHERS = 12  # visits of others on those days, before they say what was paid
SAME = 0.15  # of them lie in the band at most
DAYS = 4  # on which the group did so
COUNTS = 3.0  # nats: it backs the trait, and both together still say less than two that are known


def of_groups(presence: Presence, rows: Rows, even: Bools, nats: Floats) -> tuple[Floats, Floats, Floats]:
    """Nats, visits in the band on days with other customers, and what these let expect; by group. `even`: rows in the band of their
    group and spot, for many reasons, not on announced days (`campaigns`); `nats`: what they count."""
    n = len(nats)
    nothing = np.zeros(n)
    chosen = np.flatnonzero(even & (rows.kind != INPATIENT) & (nats > COUNTS)[rows.group])
    if not len(chosen):
        return nothing, nothing, nothing
    amount = presence.log_amount[rows.row]
    middle = median_by(rows.at.astype(np.int32), amount, len(rows.place))
    day = presence.view.visits.start[rows.visit] // DAY
    width = day.max() + 1
    pairs = distinct(rows.at[chosen] * width + day[chosen])
    place, on = pairs // width, pairs % width
    spot = (rows.place[place] % presence.spots) * presence.base
    begin = spot + on * DAY - presence.origin
    # the first day begins, and the last one ends, where keys are the neighbouring spot's
    lo, hi = (np.searchsorted(presence.key, np.clip(at, spot, spot + presence.base)) for at in (begin, begin + DAY))
    index, which = expand(lo.astype(np.int64), hi.astype(np.int64))
    inside = np.abs(presence.log_amount[index] - middle[place[which]]) <= ALIKE
    # the group's own visits of those days, in the band or not
    key = rows.at * width + day
    at = np.minimum(np.searchsorted(pairs, key), len(pairs) - 1)
    own = pairs[at] == key
    mine = tally(at[own], np.ones(int(own.sum())), len(pairs))
    mine_inside = tally(at[own], (np.abs(amount - middle[rows.at]) <= ALIKE)[own], len(pairs))
    others = np.maximum(0.0, tally(which, np.ones(len(which)), len(pairs)) - mine)
    others_inside = np.maximum(0.0, tally(which, inside, len(pairs)) - mine_inside)
    group = rows.place[place] // presence.spots
    many, same = tally(group, others, n), tally(group, others_inside, n)
    days = np.bincount(distinct(group * width + on) // width, minlength=n)
    share = same / np.maximum(many, 1.0)
    apart = (many >= OTHERS) & (share <= SAME) & (days >= DAYS)
    borne = tally(rows.group[chosen], np.ones(len(chosen)), n)
    return np.where(apart, np.minimum(nats, COUNTS), 0.0), borne, borne * share
