"""Beds that stand empty: the members' cards go on being used elsewhere during the stays that the group has in common.

Counted twice, and the larger counts: households, each once, since one family fetches medicines every time; and stays, where families
are allowed to differ as widely as an exponential does (`FAMILIES`). Chance: see `evidence.elsewhere`, and the ward's stays of others:
of nobody in the group, whenever it was.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import coded, found_at, tally
from ringfinder.evidence.elsewhere import SHARE, SMOOTHING, Stays, households
from ringfinder.evidence.likelihood import surprise
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import Floats, Longs
from ringfinder.rings.bases import attendances
from ringfinder.rings.groups import Groups
from ringfinder.rings.prices import Rows

FAMILIES = 1.0  # spread of ln(rate) between groups of honest families
LEAST_HOMES = 3  # two households may have one carer
MOST = 40.0


def of_groups(
    presence: Presence, known: Stays, groups: Groups, rows: Rows, price: float
) -> tuple[Floats, Floats, Floats]:
    """Nats, and the households whose card was used elsewhere, seen and expected; each by group."""
    n = groups.count
    lying = np.flatnonzero(known.lying[rows.visit])
    if not len(lying):
        return np.zeros(n), np.zeros(n), np.zeros(n)
    place, at = coded(rows.place[rows.at[lying]])
    own, own_out = of_members(presence, known, groups, place)
    spot = place % presence.spots
    lies = known.lying[presence.visit]
    all_at, all_out = (
        np.bincount(presence.spot[some], minlength=presence.spots)[spot]
        for some in (lies, lies & known.out[presence.visit])
    )
    out, own_chance = known.out[rows.visit[lying]], known.chance[rows.visit[lying]]
    ward = ((all_out - own_out)[at] + SMOOTHING * own_chance) / ((all_at - own)[at] + SMOOTHING)
    chance = np.maximum(own_chance, ward)
    homes, home = coded(rows.home[lying])
    seen, likely = households(home, out, chance, len(homes))
    owner = rows.owner[homes]
    k_homes, mu_homes, of_homes = tally(owner, seen, n), tally(owner, likely, n), np.bincount(owner, minlength=n)
    k, mu = (tally(rows.group[lying], of, n) for of in (out, chance))
    gain = np.maximum(surprise(k_homes, mu_homes), surprise(k, mu, FAMILIES)) - price - np.log(2.0)
    enough = (k_homes >= LEAST_HOMES) & (k_homes >= SHARE * of_homes)
    return np.where(enough, np.clip(gain, 0.0, MOST), 0.0), k_homes, mu_homes


def of_members(presence: Presence, known: Stays, groups: Groups, place: Longs) -> tuple[Longs, Longs]:
    """By pair of a group and a spot (sorted codes `place`): all stays of the members there, and those with a card used elsewhere."""
    stay = presence.rows[known.lying[presence.visit[presence.rows]]].astype(np.int64)
    first = np.searchsorted(presence.patient[stay], np.arange(len(presence.first_row)))
    own, own_out = np.zeros(len(place), np.int64), np.zeros(len(place), np.int64)
    for group, row in attendances(groups, stay, first):
        key = group * presence.spots + presence.spot[row]
        where = np.minimum(found_at(place, key), len(place) - 1)
        same = place[where] == key
        own += np.bincount(where[same], minlength=len(place))
        own_out += np.bincount(where[same & known.out[presence.visit[row]]], minlength=len(place))
    return own, own_out
