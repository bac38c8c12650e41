"""One medicine that people hunt: who needs it goes from pharmacy to pharmacy, in a shortage day after day.

Who buys for resale takes what is dear, and mostly whatever sells. So tours, second packs and stocks say nothing of a group whose purchases
are of one medicine, where it costs no more than medicines do, or where the people take it anyway: half of the households bought it
on days of their own too, on which the group did not meet.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, expand, tally
from ringfinder.evidence.view import BLANK, DAY, PHARMACY, Bools, Longs, View
from ringfinder.rings.assortments import Buyers
from ringfinder.rings.prices import Rows

MARKS = ("tour", "round", "doubled", "stockpile")  # what a shortage explains
ONE = 0.9  # of the purchases that name their medicine are of one
NAMED = 0.5  # of the purchases name it
OWN_DAYS, OWN_SHARE = 2, 0.5  # days without the group on which a household bought it; of the households did


def hunted(view: View, known: Buyers, rows: Rows, n: int) -> Bools:
    """By group: what it buys is one medicine, and no dear one or one that its people take anyway."""
    visits = view.visits
    shop = np.flatnonzero(rows.kind == PHARMACY)
    medicine = visits.drug[rows.visit[shop]].astype(np.int64)
    bought = np.bincount(rows.group[shop], minlength=n)
    shop, medicine = shop[medicine != BLANK], medicine[medicine != BLANK]
    named = np.bincount(rows.group[shop], minlength=n)
    width = np.int64(max(1, len(known.dear)))
    pairs, which = coded(rows.group[shop] * width + medicine)
    of, drug = pairs // width, pairs % width
    one = (np.bincount(which, minlength=len(pairs)) >= ONE * named[of]) & (named[of] >= NAMED * bought[of])
    out = np.zeros(n, np.bool_)
    out[of[one & ~known.dear[drug]]] = True
    dear = one & known.dear[drug]
    chosen = shop[dear[which]]
    out[taken_anyway(view, known, rows, chosen, n)] = True
    return out


def taken_anyway(view: View, known: Buyers, rows: Rows, chosen: Longs, n: int) -> Longs:
    """Groups whose people bought the medicine of the rows `chosen`, one dear one for each group, on days of their own too."""
    if not len(chosen):
        return np.zeros(0, np.int64)
    visits = view.visits
    visit = rows.visit[chosen]
    width = np.int64(max(1, len(known.dear)))
    pair = np.searchsorted(
        known.patient * width + known.drug, visits.patient[visit].astype(np.int64) * width + visits.drug[visit]
    )
    keys, first = np.unique(rows.group[chosen] * np.int64(len(known.patient) + 1) + pair, return_index=True)
    group, pair, home = rows.group[chosen[first]], pair[first], rows.home[chosen[first]]
    purchase, who = expand(known.since[pair], known.since[pair + 1])
    span = np.int64(visits.start.max(initial=0) // DAY + 1)
    asked = np.zeros(n, np.bool_)
    asked[group] = True
    theirs = np.flatnonzero(asked[rows.group])
    met = distinct(rows.group[theirs] * span + visits.start[rows.visit[theirs]] // DAY)
    alone = ~np.isin(group[who] * span + known.day[purchase], met)
    days = tally(home, tally(who, alone, len(keys)), len(rows.owner))
    homes = distinct(home)
    using = tally(rows.owner[homes], days[homes] >= OWN_DAYS, n)
    everybody = np.bincount(rows.owner[homes], minlength=n)
    return np.flatnonzero((everybody > 0) & (using >= OWN_SHARE * everybody))
