"""Rings by co-presence: paid referral, retained cards, drug resale, sham stays, and whatever else comes together to do harm.

Seeds -> membership -> coordination and harm -> competition for visits, strongest first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import hubs as hubbing
from ringfinder.evidence.marks import Marks, mark
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.ties import Ties, tie
from ringfinder.evidence.view import Bools, Floats, Longs, View
from ringfinder.rings.coordination import Coordination, coordination
from ringfinder.rings.groups import Groups
from ringfinder.rings.harm import Harm, harm
from ringfinder.rings.meetings import Meetings
from ringfinder.rings.membership import assemble, only
from ringfinder.rings.seeds import sow

FLOOR = -30.0  # a group scoring below this is no candidate; rings of few meetings score a little below 0
CONTEST = 0.3  # two groups contest each other when this share of the smaller one's meeting visits is common
MOST_CONTESTS = 12


@dataclass(frozen=True)
class Assembly:
    """Groups with all that was computed of them."""

    groups: Groups
    meetings: Meetings
    together: Coordination
    harm: Harm

    @property
    def strength(self) -> Floats:
        """By group: the weaker of the two scores carries."""
        return np.minimum(self.together.score, self.harm.score) + 1e-3 * self.together.score

    def counted(self) -> Bools:
        """By meeting: it scores."""
        return self.together.gain > 0

    def pick(self, kept: Bools) -> Assembly:
        """Only the groups marked."""
        chosen = kept[self.meetings.group]
        together = Coordination(
            self.together.score[kept], self.together.gain[chosen], self.together.expected[chosen]
        )
        h = self.harm
        picked = Harm(
            h.score[kept],
            h.visits[kept],
            {k: v[kept] for k, v in h.nats.items()},
            {k: v[kept] for k, v in h.borne.items()},
            {k: v[kept] for k, v in h.expected.items()},
        )
        return Assembly(self.groups.pick(kept), only(self.meetings, kept), together, picked)


def judge(presence: Presence, marks: Marks, groups: Groups, meetings: Meetings, spent: Bools | None = None) -> Assembly:
    """Both scores of every group."""
    together = coordination(presence, groups, meetings, spent)
    return Assembly(groups, meetings, together, harm(presence, marks, groups, meetings, together.gain > 0))


def rings(presence: Presence, marks: Marks, ties: Ties, hubs: hubbing.Hubs) -> list[Assembly]:
    """Groups that survive the competition, in the order in which they won; each Assembly holds some groups."""
    rivals = hubs.sole(len(presence.view.codes.patient), "recruiter")
    groups, meetings = assemble(presence, sow(presence, ties, hubs), rivals)
    state = judge(presence, marks, groups, meetings)
    state = state.pick(state.together.score > FLOOR)
    state = state.pick(~twins(state))
    won: list[Assembly] = []
    spent = np.zeros(len(presence.visit), np.bool_)
    for _ in range(MOST_CONTESTS):
        if not state.groups.count:
            break
        first = winners(presence, state)
        best = state.pick(first)
        won.append(best)
        spent[evidence_rows(best)] = True
        rest = state.pick(~first)
        groups, meetings = assemble(presence, rest.groups, rivals, spent, rounds=1)
        state = judge(presence, marks, groups, meetings, spent)
        state = state.pick(state.together.score > FLOOR)
    return won


def evidence_rows(state: Assembly) -> Longs:
    """Presence rows of the members at scoring meetings."""
    chosen = state.meetings.member & state.counted()[state.meetings.meeting]
    return state.meetings.row[chosen]


def twins(state: Assembly) -> Bools:
    """Groups with the very same people as a stronger one."""
    out = np.zeros(state.groups.count, np.bool_)
    seen: set[bytes] = set()
    strength = state.strength
    for g in np.lexsort((np.arange(len(strength)), -strength)):
        people = state.groups.people(int(g)).tobytes()
        out[g] = people in seen
        seen.add(people)
    return out


def winners(presence: Presence, state: Assembly) -> Bools:
    """Groups that no stronger group contests: they share hardly any meeting visit with one."""
    chosen = state.meetings.member & state.counted()[state.meetings.meeting]
    row, group = state.meetings.row[chosen], state.meetings.group[state.meetings.meeting[chosen]]
    n = state.groups.count
    strength = state.strength
    rank = np.empty(n, np.int64)
    rank[np.lexsort((np.arange(n), -strength))] = np.arange(n)
    best = np.full(len(presence.visit), n, np.int64)
    np.minimum.at(best, row, rank[group])
    lost = np.bincount(group, weights=best[row] < rank[group], minlength=n)
    return lost == 0


def find(view: View) -> tuple[Presence, Marks, Ties, list[Assembly]]:
    """Co-presence rings of a view."""
    presence = observe(view)
    marks = mark(view)
    ties = tie(presence)
    return presence, marks, ties, rings(presence, marks, ties, hubbing.find(view))
