"""Rings by co-presence: paid referral, retained cards, drug resale, sham stays, and whatever else comes together to do harm.

Seeds -> membership -> coordination and harm -> competition for visits, strongest first.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from ringfinder.evidence import hubs as hubbing
from ringfinder.evidence.arrays import distinct, drawn, order_by, tally
from ringfinder.evidence.marks import Marks, mark
from ringfinder.evidence.presence import CELL, Presence, observe
from ringfinder.evidence.ties import Ties, ties_of
from ringfinder.evidence.view import DAY, Bools, Candidate, Floats, HubType, Longs, View, Visits
from ringfinder.evidence.visits import ClaimsOf, claims_of
from ringfinder.rings import kinds, waves
from ringfinder.rings import sentences as words
from ringfinder.rings.bases import Rates, rates
from ringfinder.rings.brought import WAVES
from ringfinder.rings.coordination import Coordination, coordination
from ringfinder.rings.groups import Groups
from ringfinder.rings.harm import Harm, harm, through_the_dead
from ringfinder.rings.meetings import Meetings, meet
from ringfinder.rings.membership import assemble, only
from ringfinder.rings.seeds import sow

FLOOR = -30.0  # a group scoring below this is no candidate; rings of few meetings score a little below 0
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
        """By group, what contests are decided by: the candidates' strength, as far as all the group bears the marks.

        A hub's whole clientele must not swallow the ring among its clients. A union of waves explains what several groups do, and each
        mark counts no more than `harm.MOST` however many bear it: it may be weaker than the strongest of them, where nearly all bear them.
        """
        joint = np.minimum(self.harm.score, (self.together.score + self.harm.score) / 2)
        united = self.groups.sown_as(waves.SEED) & (self.harm.fit >= waves.BORNE)
        return joint * self.harm.fit * np.where(united, waves.WORTH, 1.0) + 1e-3 * self.together.score

    def counted(self) -> Bools:
        """By meeting: it scores."""
        return self.together.gain > 0

    def pick(self, kept: Bools) -> Assembly:
        """Only the groups marked."""
        chosen = kept[self.meetings.group]
        together = Coordination(self.together.score[kept], self.together.gain[chosen], self.together.expected[chosen])
        h = self.harm
        picked = Harm(
            h.score[kept],
            h.fit[kept],
            h.visits[kept],
            *({k: v[kept] for k, v in told.items()} for told in (h.nats, h.borne, h.expected, h.before)),
        )
        return Assembly(self.groups.pick(kept), only(self.meetings, kept), together, picked)

    def beside(self, other: Assembly) -> Assembly:
        """These groups and, after them, those of another assembly."""
        one, two = self.together, other.together
        return Assembly(
            self.groups.beside(other.groups),
            self.meetings.beside(other.meetings, self.groups.count),
            Coordination(*(np.r_[getattr(one, f.name), getattr(two, f.name)] for f in fields(Coordination))),
            self.harm.beside(other.harm),
        )


def judge(presence: Presence, marks: Rates, groups: Groups, meetings: Meetings, spent: Bools | None = None) -> Assembly:
    """Both scores of every group."""
    together = coordination(presence, groups, meetings, spent)
    brought = together.score >= WAVES
    return Assembly(groups, meetings, together, harm(presence, marks, groups, meetings, together.gain > 0, brought))


def rings(presence: Presence, marks: Marks, ties: Ties, hubs: hubbing.Hubs) -> list[Assembly]:
    """Groups that survive the competition, in the order in which they won; each Assembly holds some groups."""
    rivals = hubs.sole(len(presence.view.codes.patient), "recruiter")
    groups, meetings = assemble(presence, sow(presence, ties, hubs, marks.flags["in_bed"]), rivals)
    known = rates(presence, marks)  # not before: they need the room that seeds need
    state = judge(presence, known, groups, meetings)
    state = state.pick(state.together.score > FLOOR)
    state = state.pick(~twins(state))
    united = waves.unions(presence, state.groups, state.meetings, state.together.gain, state.together.score, state.harm)
    if united.count:
        whole = judge(presence, known, united, meet(presence, united))
        state = state.beside(whole.pick(whole.together.score > 0))
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
        state = judge(presence, known, groups, meetings, spent)
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
    lost = tally(group, best[row] < rank[group], n)
    return lost == 0


def shuffled(view: View, seed: int) -> View:
    """A world of the same visits at other times: start times permuted within place, kind of care, weekday and three-hour cell.

    Every place keeps its load to the second, everybody keeps visits, places, weekdays, hours, doctors, amounts and go-between;
    what people arranged is gone.
    """
    visits = view.visits
    cell = (visits.start // DAY + 3) % 7 * 8 + visits.start % DAY // CELL
    stratum = (visits.facility.astype(np.int64) * 3 + visits.service) * 64 + cell
    order = order_by(stratum)
    start = visits.start.copy()
    start[order] = visits.start[order_by(stratum, drawn(len(stratum), seed))]
    moved = start - visits.start
    by_person = order_by(visits.patient, start, visits.service, visits.facility)
    place_of = np.empty(len(by_person), np.int32)
    place_of[by_person] = np.arange(len(by_person), dtype=np.int32)
    arrays = {f.name: getattr(visits, f.name)[by_person] for f in fields(visits)}
    arrays["start"], arrays["end"] = start[by_person], (visits.end + moved)[by_person]
    claims = view.claims
    return replace(
        view,
        visits=Visits(**arrays),
        claims=replace(
            claims,
            visit=place_of[claims.visit],
            start=claims.start + moved[claims.visit],
            end=claims.end + moved[claims.visit],
        ),
    )


def search(view: View) -> list[Candidate]:
    """Co-presence rings of a view as candidates."""
    presence = observe(view)
    marks = mark(view)
    hubs = hubbing.find(view)
    out: list[Candidate] = []
    of_visits = claims_of(view)
    for state in rings(presence, marks, ties_of(view, presence), hubs):
        starts = np.searchsorted(state.meetings.group, np.arange(state.groups.count + 1))
        rows = np.searchsorted(state.meetings.meeting, starts)
        counted = state.counted()
        for group in range(state.groups.count):
            held = slice(starts[group], starts[group + 1]), slice(rows[group], rows[group + 1])
            out.append(candidate(presence, state, group, held, counted, of_visits))
    return out


def candidate(
    presence: Presence, state: Assembly, group: int, held: tuple[slice, slice], counted: Bools, of_visits: ClaimsOf
) -> Candidate:
    """One group as a candidate; `held`: its meetings and their attendance rows. `counted`: by meeting."""
    meetings, groups = state.meetings, state.groups
    chosen = np.arange(held[0].start, held[0].stop)
    row, member = meetings.row[held[1]], meetings.member[held[1]]
    scoring = member & counted[meetings.meeting[held[1]]]
    visits = distinct(presence.visit[row[scoring if scoring.any() else member]]).astype(np.int64)
    claims = of_visits(visits)
    lo, hi = np.searchsorted(groups.group, [group, group + 1])
    hub = int(groups.hub[group])
    named: tuple[tuple[HubType, int, str], ...] = ()
    if hub >= 0:
        kind = hubbing.TYPES[int(groups.hubs.type[hub])]
        code = int(groups.hubs.code[hub])
        if kind == "recruiter":
            named = (("recruiter", code, "go_between"),)
        elif kind == "account":
            named = (("account", code, "payee"),)
    borne = {k: float(v[group]) for k, v in state.harm.nats.items()}
    harmed, living = float(state.harm.score[group]), None
    if borne["dead"] > 0:
        rest = harmed - through_the_dead(state.harm.nats, group)
        living = (kinds.name(presence.view, visits, borne | {"dead": 0.0}), rest)
    return Candidate(
        kind=kinds.name(presence.view, visits, borne),
        channel="together",
        patients=groups.patient[lo:hi],
        strength=1.0 / (1.0 + np.exp(-np.clip(groups.odds[lo:hi], -20, 20))),
        hubs=named,
        claims=claims,
        coordination=float(state.together.score[group]),
        harm=harmed,
        findings=tuple(words.findings(presence, state, group, chosen, claims)),
        living=living,
    )


def off(view: View) -> str | None:
    """Always on: visits are all it needs."""
    return None if len(view.visits.patient) else "channels.no_claims"
