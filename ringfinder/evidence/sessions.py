"""Sessions: the same people at one place in the same hours, again and again.

A session is one place in one half-day (06 to 18, 18 to 06, so that a night is not cut), and at busier places a half, a
quarter ... of it, down to where a few other visits are expected. The chance that a visit at the place falls into it
is the larger of the uniform share and the share of the *other* people's visits there: a crowd explains itself.
Courses and programme days are one decision and no coincidence; they are left out. One household counts once.

A group pays for its places (which of all) and for its members (which of the people who come there at all).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct, expand, order_by
from ringfinder.evidence.pharmacy_choice import Counts
from ringfinder.evidence.view import HOUR, Bools, Floats, Longs, View

HALF_DAY = 12 * HOUR
MORNING = 6 * HOUR
ROUNDS = 4
A_MEMBER = A_PLACE = 1.0  # nats to say that there is one more, beside the choice which
OTHERS = 3.0  # a session is no longer than the time in which so many other visits are expected
SHORTEST = 1.5 * HOUR
SAME_PEOPLE = 0.33  # of the smaller place's people come to the other as well, where both belong to one group


@dataclass(frozen=True)
class Attendance:
    """Visits that count, sorted as `Visits`; `session` codes (place, hours).

    By session: `place`, `crowd` (visits), `uniform` (its share of the open time), `order` and `first` to list its
    rows. By patient: `mine` (first row). `at_place` counts a person's visits at a place. By place: `total` visits,
    `alike` (chance that two visits fall into one session), `visitors` (people).
    """

    visit: Longs
    patient: Longs
    household: Longs
    session: Longs
    place: Longs
    crowd: Longs
    order: Longs
    first: Longs
    mine: Longs
    at_place: Counts
    total: Longs
    uniform: Floats
    alike: Floats
    visitors: Longs

    def rows_of(self, patients: Longs) -> Longs:
        """Rows of all visits of these people."""
        return expand(self.mine[patients], self.mine[patients + 1])[0]

    def rows_in(self, sessions: Longs) -> Longs:
        """Rows of all visits in these sessions."""
        return self.order[expand(self.first[sessions], self.first[sessions + 1])[0]]


def attend(view: View, longest: int = HALF_DAY) -> Attendance:
    """The attendance of a view in sessions of at most `longest` seconds (a half-day or an even part of it)."""
    visits = view.visits
    visit = np.flatnonzero(~(visits.course | visits.programme))
    patient = visits.patient[visit].astype(np.int64)
    facility = visits.facility[visit].astype(np.int64)
    places = len(view.codes.facility)
    total = np.bincount(facility, minlength=places).astype(np.int64)
    length = np.minimum(lengths(facility, visits.start[visit], total), longest)
    bin_ = (visits.start[visit] - MORNING) // length[facility]
    bin_ -= bin_.min(initial=0)
    width = np.int64(bin_.max(initial=0)) + 1
    keys, session = coded(facility * width + bin_)
    order = order_by(session)
    place, crowd = keys // width, np.bincount(session, minlength=len(keys)).astype(np.int64)
    open_ = np.bincount(place, minlength=places)
    return Attendance(
        visit=visit,
        patient=patient,
        household=view.people.household[patient].astype(np.int64),
        session=session,
        place=place,
        crowd=crowd,
        order=order,
        first=np.searchsorted(session[order], np.arange(len(keys) + 1)),
        mine=np.searchsorted(patient, np.arange(len(view.codes.patient) + 1)),
        at_place=Counts.of(patient, facility),
        total=total,
        uniform=1.0 / open_[place],
        # by the clock alone: where a ring is most of the place, its own load must not explain it (lenient seeds are cheap)
        alike=1.0 / np.maximum(open_, 1),
        visitors=np.bincount(nats.pairs(facility, patient)[0], minlength=places).astype(np.int64),
    )


def lengths(facility: Longs, start: Longs, total: Longs) -> Longs:
    """By place the length of a session in seconds: half-days, halved while more than a few others are expected."""
    halves = np.bincount(nats.pairs(facility, (start - MORNING) // HALF_DAY)[0], minlength=len(total))
    load = total / np.maximum(halves, 1)
    steps = np.ceil(np.log2(np.maximum(load / OTHERS, 1.0)))
    return np.maximum(HALF_DAY / 2.0**steps, SHORTEST).astype(np.int64)


def price(seen: Attendance, places: Longs, members: int, named: int = 0) -> float:
    """Nats to name the places among all and the members (those not `named` otherwise) among the people who come there."""
    open_ = max(int((seen.total > 0).sum()), 1)
    choice = np.log(max(float(seen.visitors[places].sum()) / max(members, 1), 1.0))
    return len(places) * (A_PLACE + float(np.log(open_))) + (members - named) * (A_MEMBER + float(choice))


def share(seen: Attendance, sessions: Longs, own: Longs, own_at: Longs) -> Floats:
    """Chance that a visit at the place falls into the session; `own`, `own_at`: the group's visits in it, and there."""
    place = seen.place[sessions]
    others = (seen.crowd[sessions] - own) / np.maximum(seen.total[place] - own_at, 1)
    chance: Floats = np.maximum(others, seen.uniform[sessions])
    return np.minimum(chance, 1.0)


@dataclass(frozen=True)
class Held:
    """A group's sessions: `rows` of its visits in them, `count` households, `chance` of a visit in each.

    `gain`: nats of the sessions beyond chance; `places`: where these are.
    """

    sessions: Longs
    rows: Longs
    count: Longs
    chance: Floats
    gain: float
    places: Longs


def held(seen: Attendance, patients: Longs, least: int = nats.FEWEST_HOUSEHOLDS) -> Held:
    """The sessions with at least `least` households of the group, and what they are worth beyond chance."""
    rows = seen.rows_of(patients)
    heads = rows[nats.distinct(seen.session[rows], seen.household[rows])]
    sessions, count = np.unique(seen.session[heads], return_counts=True)
    big = count >= least
    sessions, count = sessions[big], count[big].astype(np.int64)
    rows = rows[np.isin(seen.session[rows], sessions)]
    places = distinct(seen.place[sessions])
    visits_at = np.array([seen.at_place(patients, np.full(len(patients), f)).sum() for f in places], np.int64)
    own = np.bincount(np.searchsorted(sessions, seen.session[rows]), minlength=len(sessions))
    at = visits_at[np.searchsorted(places, seen.place[sessions])] if len(places) else np.zeros(0, np.int64)
    chance = share(seen, sessions, own, at)
    gain = nats.surprise(count, at * chance) - np.log(1.0 / np.maximum(chance, nats.TINY))
    good = gain > 0
    return Held(sessions, rows, count, chance, float(gain[good].sum()), distinct(seen.place[sessions[good]]))


def members(seen: Attendance, seed: Longs, keep: Bools) -> tuple[Longs, Floats]:
    """Who belongs: people whose attendance at the group's sessions fits it better than chance, with their log-odds.

    `keep` flags people by patient code who may belong with one session only; others need two.
    """
    group, odds = seed, np.zeros(len(seed))
    for turn in range(ROUNDS):
        meetings = held(seen, group, 2 if turn == 0 else nats.FEWEST_HOUSEHOLDS)
        if len(meetings.sessions) < 2:
            return group[:0], odds[:0]
        e = meetings.sessions
        theta = np.minimum((meetings.count + 0.5) / (len(group) + 1.0), 0.95)
        rows = seen.rows_in(e)
        rows = rows[nats.distinct(seen.patient[rows], seen.session[rows])]
        who, number = np.unique(seen.patient[rows], return_inverse=True)
        came = np.zeros((len(who), len(e)), np.bool_)
        came[number, np.searchsorted(e, seen.session[rows])] = True
        places, where = np.unique(seen.place[e], return_inverse=True)
        often = np.stack([seen.at_place(who, np.full(len(who), f)) for f in places], axis=1)[:, where]
        pi = np.clip(often * meetings.chance[None, :], 1e-6, 0.95)
        fit = np.where(came, np.log(theta / pi), np.log1p(-theta)[None, :] - np.log1p(-np.minimum(pi, 0.9)))
        odds = np.log(len(group) / max(float(seen.visitors[places].sum()), 1.0)) + fit.sum(axis=1)
        belongs = (odds > 0) & ((came.sum(axis=1) >= 2) | keep[who])
        if np.array_equal(who[belongs], group):
            return group, odds[belongs]
        group, odds = who[belongs], odds[belongs]
        if len(group) < nats.FEWEST_HOUSEHOLDS:
            return group, odds
    return group, odds


def groups(seen: Attendance, seeds: Iterable[Longs], keep: Bools) -> Iterator[tuple[Longs, Floats]]:
    """The groups that seeds grow to, with their members' log-odds: two of a seed where one person alone joins two places' people."""
    for seed in seeds:
        group, odds = members(seen, seed, keep)
        parts = apart(seen, group)
        if len(parts) < 2:
            yield group, odds
        else:
            yield from (members(seen, part, keep) for part in parts)


def apart(seen: Attendance, patients: Longs) -> list[Longs]:
    """The people of a group by its places; places that share `SAME_PEOPLE` of the smaller one's people belong together."""
    meetings = held(seen, patients)
    rows = meetings.rows
    place, person, _ = nats.pairs(seen.place[seen.session[rows]], seen.patient[rows])
    places, number = np.unique(place, return_inverse=True)
    if len(places) < 2:
        return [patients]
    who, column = np.unique(person, return_inverse=True)
    came = csr_array((np.ones(len(person), np.int64), (number, column)), shape=(len(places), len(who)))
    common = (came @ came.T).toarray()
    size = np.diag(common)
    label = connected_components(common >= SAME_PEOPLE * np.minimum.outer(size, size), directed=False)[1]
    return [distinct(person[label[number] == part]) for part in range(int(label.max()) + 1)]
