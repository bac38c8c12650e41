"""Who brought them: how many households of a group one go-between, phone or account names, beside the place's other patients.

k households of the group's n are named by one hub; mu = n x max(share of all people whom it names, share among the other people who
ever came to the group's places). The hub is chosen among all of its type and pays for that. Who refers a village's sick to the next
hospital all year names many of its other patients as well, and explains himself.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, expand, order_by, tally
from ringfinder.evidence.hubs import WIDTH, Hubs
from ringfinder.evidence.likelihood import surprise
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import BLANK, Bools, Floats, Longs
from ringfinder.rings.groups import Groups
from ringfinder.rings.lengths import of_many_illnesses
from ringfinder.rings.prices import Rows

LEAST_NAMED = 3  # households that a hub names: fewer are one family and its friends
NAMED_SHARE = 0.2  # of the group's households: most of a go-between's people go unnamed
# nats of coordination from which a hub's own people came in waves: family doctors, who refer all year, reach a dozen
WAVES = 25.0


def by_one(presence: Presence, groups: Groups, rows: Rows) -> tuple[Floats, Floats, Floats, Longs]:
    """By group, of the hub that names it most surely: households named (k), expected (mu), nats after its price, and the hub."""
    n = groups.count
    group, hub, named = households_named(presence, groups)
    homes = np.bincount(
        distinct(groups.group * WIDTH + presence.view.people.household[groups.patient]) // WIDTH, minlength=n
    )
    kept = (named >= LEAST_NAMED) & (named >= NAMED_SHARE * homes[group])
    group, hub, named = group[kept], hub[kept], named[kept]
    mu = homes[group] * rate(presence, groups, rows, group, hub)
    nats = np.maximum(0.0, surprise(named, mu) - groups.hubs.price(hub))
    out, surest = np.zeros((3, n)), np.full(n, BLANK, np.int64)
    for at in np.lexsort((hub, nats)):  # the surest hub last
        out[:, group[at]], surest[group[at]] = (named[at], mu[at], nats[at]), hub[at]
    return out[0], out[1], out[2], surest


def for_many_illnesses(presence: Presence, groups: Groups, rows: Rows, hub: Longs) -> Bools:
    """By group: those whom its `hub` names were admitted for illnesses that differ."""
    named = groups.hubs.names(hub[rows.group], presence.patient[rows.row])
    return of_many_illnesses(presence, rows, groups.count, named)


def households_named(presence: Presence, groups: Groups) -> tuple[Longs, Longs, Longs]:
    """Pairs of a group and a hub that names some of it, and how many of the group's households it names."""
    hub, patient = by_patient(groups.hubs)
    low, high = (np.searchsorted(patient, groups.patient.astype(np.int64), side=side) for side in ("left", "right"))
    at, row = expand(low, high)
    width = np.int64(max(1, len(groups.hubs.type)))
    pairs, which = coded(groups.group[row] * width + hub[at])
    home = presence.view.people.household[groups.patient[row]]
    once = distinct(which * WIDTH + home) // WIDTH
    return pairs // width, pairs % width, np.bincount(once, minlength=len(pairs)).astype(np.int64)


def by_patient(hubs: Hubs) -> tuple[Longs, Longs]:
    """(hub, patient) for everybody named, sorted by patient."""
    hub, patient = hubs.keys // WIDTH, hubs.keys % WIDTH
    order = order_by(patient)  # keys are sorted by hub
    return hub[order], patient[order]


def rate(presence: Presence, groups: Groups, rows: Rows, group: Longs, hub: Longs) -> Floats:
    """By pair: share of the people named by the hub, of all or among the others at the group's places, whichever is larger.

    Who came to two of the places counts as two of the others there, and so as two of the hub's.
    """
    hubs, spots = groups.hubs, np.int64(presence.spots)
    lo, hi = (np.searchsorted(hubs.keys, (hub + step) * WIDTH) for step in (0, 1))
    everywhere = (hi - lo) / max(1, len(presence.view.codes.patient))
    first = np.searchsorted(rows.place, np.arange(groups.count + 1) * spots)
    there = tally(rows.place // spots, presence.people_at[rows.place % spots], groups.count)[group]
    at, pair = expand(lo.astype(np.int64), hi.astype(np.int64))
    client = hubs.keys[at] % WIDTH
    stranger = groups.rows_of(group[pair], client) < 0
    client, pair = client[stranger], pair[stranger]
    place, which = expand(first[group[pair]], first[group[pair] + 1])
    came = presence.visits_of(client[which], rows.place[place] % spots) > 0
    others = np.maximum(1.0, there - groups.sizes()[group])
    return np.maximum(everywhere, np.bincount(pair[which[came]], minlength=len(group)) / others)
