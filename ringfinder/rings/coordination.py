"""Coordination: how far a group came together beyond chance, in nats of description length.

    g_e = h ln(h/mu_e) - (h - mu_e) - ln(1/share_e)      h households at meeting e, mu_e = sum over members of visits there x share_e
    S   = sum of positive g_e + min(likeness, that sum) - sum over unnamed members (1 + ln(N/|G|)) - ln(spots) a place

Every choice is paid for: the moment (ln 1/share), each place (among all spots), each member whom no hub names (among the N people
ever seen at these places, since the expectation is conditional on who goes there); a scan over a year always finds clumps.
Likeness (one doctor, equal amounts) confirms meetings and never makes a ring. Source: minimum description length (Rissanen 1978).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, tally
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import BLANK, Bools, Floats, Longs
from ringfinder.rings.groups import Groups
from ringfinder.rings.meetings import Meetings, clientele, meet, members_visits
from ringfinder.rings.membership import doctor_share

CORE_SHARE = 0.4  # the core: who came to at least this share of the most faithful member's meetings


@dataclass(frozen=True)
class Coordination:
    """By group: `score` (S, nats); by meeting: `gain` (g_e, nats) and `expected` households (mu_e)."""

    score: Floats
    gain: Floats
    expected: Floats


def coordination(presence: Presence, groups: Groups, meetings: Meetings, spent: Bools | None = None) -> Coordination:
    """S of every group: the better of the whole group and its core alone."""
    whole = of(presence, groups, meetings)
    inner = core(groups, meetings, presence)
    alone = of(presence, inner, meet(presence, inner, spent))
    return Coordination(np.maximum(whole.score, alone.score), whole.gain, whole.expected)


def of(presence: Presence, groups: Groups, meetings: Meetings) -> Coordination:
    """S of every group as it stands."""
    n = groups.count
    h = meetings.households.astype(np.float64)
    visits = members_visits(presence, groups, meetings.group, meetings.spot)
    expected = np.maximum(visits * meetings.share, 1e-6)
    gain = np.where(h > expected, h * np.log(np.maximum(h, 1e-9) / expected) - (h - expected), 0.0)
    gain -= np.log(1.0 / meetings.share)
    positive = gain > 0
    togetherness = tally(meetings.group[positive], gain[positive], n)
    places = distinct(meetings.group[positive] * presence.spots + meetings.spot[positive]) // presence.spots
    sizes = groups.sizes()
    per_head = 1.0 + np.maximum(0.0, np.log(clientele(presence, meetings, n) / np.maximum(1, sizes)))
    unnamed = tally(groups.group, ~groups.linked(), n)
    price = unnamed * per_head + np.log(max(2, presence.spots)) * np.bincount(places, minlength=n)
    price += groups.hubs.price(groups.hub)
    alike = np.minimum(likeness(presence, groups, meetings, positive), togetherness)
    return Coordination(togetherness + alike - price, gain, expected)


def core(groups: Groups, meetings: Meetings, presence: Presence) -> Groups:
    """The same groups cut down to their most faithful members."""
    rows = groups.rows_of(meetings.group[meetings.meeting], presence.patient[meetings.row])
    came = np.bincount(rows[rows >= 0], minlength=len(groups.group))
    most = np.zeros(groups.count, np.int64)
    np.maximum.at(most, groups.group, came)
    kept = came >= np.maximum(np.minimum(2, most), CORE_SHARE * most)[groups.group]
    return groups.rows(kept)


def likeness(presence: Presence, groups: Groups, meetings: Meetings, scoring: Bools) -> Floats:
    """By group: nats by which the members' visits share doctors and amounts beyond the spots' own custom."""
    chosen = meetings.member & scoring[meetings.meeting]
    row, group = meetings.row[chosen], meetings.group[meetings.meeting[chosen]]
    if not len(row):
        return np.zeros(groups.count)
    spot = presence.spot[row].astype(np.int64)
    place, at = coded(group * presence.spots + spot)
    owner = place // presence.spots
    return doctors_alike(presence, row, spot, at, owner, groups.count) + amounts_alike(
        presence, row, spot, at, owner, groups.count
    )


def doctors_alike(presence: Presence, row: Longs, spot: Longs, at: Longs, owner: Longs, n: int) -> Floats:
    """By group: sum over doctors of k ln((k/n)/share at the spot), less 2 nats for each doctor named."""
    has = presence.doctor[row] != BLANK
    doctors = np.int64(presence.doctor.max(initial=0)) + 1
    keys, first, k = np.unique(at[has] * doctors + presence.doctor[row[has]], return_index=True, return_counts=True)
    visits = np.bincount(at[has], minlength=len(owner))[keys // doctors]
    usual = doctor_share(presence, spot[has][first], keys % doctors)
    gain = np.where(k / visits > usual, k * np.log(k / visits / usual), 0.0) - 2.0
    return tally(owner[keys // doctors], np.maximum(0.0, gain), n)


def amounts_alike(presence: Presence, row: Longs, spot: Longs, at: Longs, owner: Longs, n: int) -> Floats:
    """By group: n ln(sd at the spot / sd of the group) - 3 a spot, where positive; sd of ln(amount), shrunk to the spot's."""
    amount = presence.log_amount[row]
    spread = presence.amount_at[1]
    visits = np.bincount(at)
    mean = tally(at, amount) / visits
    square = tally(at, (amount - mean[at]) ** 2)
    usual = np.zeros(len(owner))
    usual[at] = spread[spot]
    sd = np.sqrt((square + usual**2) / visits)
    gain = np.where(visits >= 4, visits * np.log(usual / np.maximum(sd, 0.02)) - 3.0, 0.0)
    return tally(owner, np.maximum(0.0, gain), n)
