"""Meetings: the moments at which a group came together, which found membership, evidence and kind alike.

A meeting is a run of the group's own visits at one spot with gaps within the spot's window, by at least three households (for a
hub's group at least a third of them named by the hub). The chance that a visit falls into it is the largest of three honest
explanations: the share of time, the city's load in those hours, and the share of the *other* people's visits at this spot that
fell into it. A crowd larger than the group explains the group away.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, expand, order_by, tally
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import DAY, Bools, Floats, Longs
from ringfinder.rings.groups import Groups

LEAST_HOUSEHOLDS = 3
LINKED_SHARE = 0.34  # of a hub's people at its meeting: others may be there, but the hub's own carry it
MARGIN = 6  # a meeting reaches this part of a window beyond its first and last visit
SMOOTHING = 20.0  # visits' worth of the city's load in the share of the others: at a small place few others tell little
APART = 2 * DAY  # meetings nearer than this are one occasion
# two joint occasions of a few neighbours are cheap; a hub is a second witness, and a ward that fills at once twice is not cheap
LEAST_OCCASIONS, LEAST_OCCASIONS_HUB = 3, 2
MANY = 6  # people, who need come together only as often as those of a hub


@dataclass(frozen=True)
class Meetings:
    """By meeting: `group`, `spot`, `first`, `last` second, `share` (chance of one visit to fall into it), `present` people.

    Attendance rows, sorted by (meeting, patient): `meeting`, `row` (in presence), `member` (of the group).
    """

    group: Longs
    spot: Longs
    first: Longs
    last: Longs
    share: Floats
    present: Longs
    households: Longs
    meeting: Longs
    row: Longs
    member: Bools

    def beside(self, other: Meetings, groups: int) -> Meetings:
        """These meetings and, after them, the other's; so many `groups` come before the other's."""
        shifted = replace(other, group=other.group + groups, meeting=other.meeting + len(self.group))
        return Meetings(*(np.r_[getattr(self, f.name), getattr(shifted, f.name)] for f in fields(Meetings)))

    def occasions(self, groups: int) -> Longs:
        """By group: how many of its meetings lie more than two days after the one before."""
        order = np.lexsort((self.first, self.group))
        group, first = self.group[order], self.first[order]
        latest = np.maximum.accumulate(self.last[order]) if len(order) else first
        new = np.ones(len(order), np.bool_)
        if len(order):
            same = group[1:] == group[:-1]
            # `latest` may carry over from another group; within a group of ordered starts the previous end suffices
            new[1:] = ~same | (first[1:] - np.where(same, self.last[order][:-1], latest[:-1]) > APART)
        return np.bincount(group[new], minlength=groups)


def meet(presence: Presence, groups: Groups, spent: Bools | None = None) -> Meetings:
    """All meetings of all groups, sorted by (group, spot, first). `spent` presence rows are another ring's evidence."""
    lo, hi = presence.first_row[groups.patient], presence.first_row[groups.patient.astype(np.int64) + 1]
    at, member = expand(lo, hi)
    row = presence.rows[at].astype(np.int64)
    group = groups.group[member]
    usable = presence.window[presence.spot[row]] > 0
    if spent is not None:
        usable &= ~spent[row]
    row, group, member = row[usable], group[usable], member[usable]
    order = order_by(group, row)  # presence rows are sorted by (spot, time)
    row, group, member = row[order], group[order], member[order]
    spot, time = presence.spot[row].astype(np.int64), presence.time[row]
    new = np.ones(len(row), np.bool_)
    if len(row):
        new[1:] = (
            (group[1:] != group[:-1]) | (spot[1:] != spot[:-1]) | (time[1:] - time[:-1] > presence.window[spot[1:]])
        )
    run = np.cumsum(new) - 1
    runs = int(run[-1]) + 1 if len(run) else 0
    homes = np.int64(presence.household.max(initial=0)) + 1
    households = np.bincount(distinct(run * homes + presence.household[row]) // homes, minlength=runs)
    people = np.int64(len(presence.view.codes.patient))
    once, first_at = np.unique(run * people + presence.patient[row], return_index=True)
    linked = tally(once // people, groups.linked()[member[first_at]], runs)
    there = np.bincount(once // people, minlength=runs)
    heads = np.flatnonzero(new)
    enough = households >= LEAST_HOUSEHOLDS
    if runs:
        enough &= ~groups.has_hub()[group[heads]] | (linked >= LINKED_SHARE * there)
    heads = heads[enough]
    tails = (np.r_[np.flatnonzero(new)[1:], len(row)] - 1)[enough] if runs else heads
    return attend(presence, groups, (group[heads], spot[heads], time[heads], time[tails]), spent)


def attend(
    presence: Presence, groups: Groups, where: tuple[Longs, Longs, Longs, Longs], spent: Bools | None
) -> Meetings:
    """Who was there: everybody within a sixth of a window of the group's own visits. `where`: group, spot, first, last."""
    group, spot, first, last = where
    margin = presence.window[spot] // MARGIN
    first, last = first - margin, last + margin
    lo, hi = presence.between(spot, first, last)
    row, meeting = expand(lo, hi)
    people = np.int64(len(presence.view.codes.patient))
    once, at = np.unique(meeting * people + presence.patient[row], return_index=True)
    row, meeting = row[at], once // people
    n = len(group)
    member = groups.rows_of(group[meeting], presence.patient[row]) >= 0
    if spent is not None:
        member &= ~spent[row]
    present = np.bincount(meeting, minlength=n)
    inside = tally(meeting, member, n)
    homes = np.int64(presence.household.max(initial=0)) + 1
    households = np.bincount(distinct(meeting[member] * homes + presence.household[row[member]]) // homes, minlength=n)
    own = members_visits(presence, groups, group, spot)
    load = presence.load(spot, first, last)
    others = (present - inside + SMOOTHING * load) / (np.maximum(0.0, presence.total[spot] - own) + SMOOTHING)
    share = np.maximum(load, others)
    return Meetings(group, spot, first, last, share, present, households, meeting, row, member)


def clientele(presence: Presence, meetings: Meetings, groups: int) -> Floats:
    """By group: how many people were ever at one of its meeting spots; among these its members have to be named."""
    pairs = distinct(meetings.group * presence.spots + meetings.spot)
    people = presence.people_at[pairs % presence.spots] if len(pairs) else np.zeros(0)
    return np.maximum(2.0, tally(pairs // presence.spots, people, groups))


def members_visits(presence: Presence, groups: Groups, group: Longs, spot: Longs) -> Floats:
    """For each (group, spot) given: how many visits the group's members made there."""
    if not len(group):
        return np.zeros(0)
    start = np.r_[0, np.cumsum(groups.sizes())]
    pairs, back = coded(group * presence.spots + spot)
    g, s = pairs // presence.spots, pairs % presence.spots
    member, pair = expand(start[g], start[g + 1])
    visits = presence.visits_of(groups.patient[member], s[pair])
    return tally(pair, visits, len(pairs))[back]
