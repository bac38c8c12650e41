"""Insider: one operator settles a group's files together again and again, or has irregular files beyond all explanation.

There are two ways to see it: runs in time, told here, and what is wrong with the files (`irregular`). Of two candidates with
mostly the same people the better stays.

Model. A desk is a place and an operator's runs of files are its sessions (`desks`, `sessions`). An agent's pile, or what is
paid to one shared account, is one hand-in and counts once in a run. People who share runs, and runs that share people,
are seeds (`session_seeds`); members are those whose files fit the group's runs better than chance. The chance of a
run is the larger of its share of the working time and of the *other* people's files there: busy mornings explain themselves.

Loyalty: people who came on several days and have (nearly) all their files with this operator, against how many of the
operator's other clients with as many days do; it is weak (27 to 43 % of honest people meet the same operator again) and
never founds a ring. On standing days (a market day, an evening on which slips are typed in) it says nothing: who comes then, meets
whoever sits there then.

    S = runs + min(loyalty + accounts, runs) - price of members (or of the accounts that name them) and desk
        - ln(operators) - 1
    H = loyalty + accounts + marks - 1

accounts: members paid to several strangers' accounts in turn, against other foreign-paid people. marks: files that are
costly, or for care that cannot be (elsewhere at the time, in bed elsewhere, misfit, dead, repeated invoice), against the
larger of all files and the operator's other files.

Blind spots: without times of settlement only the till is left; files spread out singly; six people with twenty files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ringfinder.evidence import announced, desks, irregular
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence import marks as signs
from ringfinder.evidence import sessions as at_one_time
from ringfinder.evidence.arrays import distinct, first_of_runs, order_by
from ringfinder.evidence.session_seeds import one_each, seeds
from ringfinder.evidence.sessions import Attendance, Held
from ringfinder.evidence.view import BLANK, DAY, NEVER, Bools, Candidate, Finding, Floats, Longs, View

KIND = CHANNEL = "insider"
needs = ("claims.operator_id", "claims.settled_at")

FAITHFUL = 0.8  # share of a person's files that makes him the operator's
DAYS = (2, 3, 4, 6)  # people are compared with others who came on as many days
MARKS = ("costly", "travel", "in_bed", "misfit", "dead", "invoice")
TYPICAL = 1.5  # a mark counts when the group bears it this much more often than others: size alone makes no mark
CAP = 20.0  # most nats of one mark: one irregularity, however often repeated
KNOWN_FILES = 20.0  # files of everybody that the rate among an operator's other files is smoothed with
LISTED = -30.0
OCCASIONS = 3  # days: a village hands in together once or twice
SEASON = 28  # days within which a hand-in might as well have come on another day


def off(view: View) -> str | None:
    """Operators and times of settlement must be known."""
    claims = view.claims
    some = (claims.operator != BLANK).any() and (claims.settled != NEVER).any()
    return None if some else "reasons_kinds.insider_off"


def search(view: View) -> list[Candidate]:
    """Groups whose files one operator settles in runs, or whose files are irregular at one desk; best first."""
    if off(view) is not None:
        return []
    return one_each([*in_runs(view), *irregular.search(view)])


def in_runs(view: View) -> list[Candidate]:
    """Groups whose files one operator settles in runs."""
    seen = desks.attend(view)
    if not len(seen.visit):
        return []
    operators = int((seen.total > 0).sum())
    price = float(np.log(operators)) + nats.MARGIN
    flags = signs.mark(view).flags
    strange = nats.foreign(view)
    ground = Ground(strange, payers(view, strange), {name: flags[name][view.claims.visit] for name in MARKS}, price)
    alone = np.zeros(len(view.codes.patient), np.bool_)  # one run in common makes nobody a member
    found: dict[bytes, Candidate] = {}
    for group, odds in at_one_time.groups(seen, seeds(seen, np.arange(len(seen.visit))), alone):
        if group.tobytes() in found or len(distinct(view.people.household[group])) < nats.FEWEST_HOUSEHOLDS:
            continue
        one = candidate(view, seen, ground, group, odds)
        if one is not None and one.coordination > LISTED:
            found[group.tobytes()] = one
    return list(found.values())


@dataclass(frozen=True)
class Ground:
    """What all groups are judged on: claims paid to strangers, payers by person, marks by claim, price of the search."""

    strange: Bools
    payers: Longs
    marks: dict[str, Bools]
    price: float


@dataclass(frozen=True)
class Sign:
    """Something that the group bears more often than others: how often, expected, nats."""

    name: str
    count: int
    expected: float
    gain: float


def loyalty(view: View, seen: Attendance, desk: Longs, group: Longs) -> Sign:
    """Members with nearly all their files at the group's desks, against the desks' other clients with as many days."""
    claims = view.claims
    rows = np.flatnonzero(np.isin(seen.place[seen.session], desk))
    clients = distinct(seen.patient[rows])
    mine = seen.rows_of(clients)
    here = np.isin(seen.place[seen.session[mine]], desk)
    day = claims.settled[seen.visit[mine]] // DAY
    heads = nats.distinct(seen.patient[mine], day)
    who = np.searchsorted(clients, seen.patient[mine])
    days = np.bincount(who[heads], minlength=len(clients))
    share = np.bincount(who, weights=here) / np.maximum(np.bincount(who), 1)
    faithful = share >= FAITHFUL
    step = np.searchsorted(np.asarray(DAYS), days, side="right")  # 0: one day only, says nothing
    member = np.isin(clients, group)
    n = np.bincount(step[~member], minlength=len(DAYS) + 1)
    k = np.bincount(step[~member & faithful], minlength=len(DAYS) + 1)
    overall = (k[1:].sum() + 1.0) / (n[1:].sum() + 2.0)
    rate = (k + 2.0 * overall) / (n + 2.0)
    counted = member & (step > 0)
    count, expected = int((counted & faithful).sum()), float(rate[step[counted]].sum())
    return Sign("loyalty", count, expected, min(float(nats.surprise(count, expected)), CAP))


def payers(view: View, strange: Bools) -> Longs:
    """How many strangers' accounts each person was paid to, by patient code."""
    claims = view.claims
    person, _, _ = nats.pairs(claims.patient[strange], claims.account[strange])
    return np.bincount(person, minlength=len(view.codes.patient)).astype(np.int64)


def several_accounts(view: View, accounts: Longs, rows: Longs, group: Longs) -> Sign:
    """Members whose files went to two or more strangers' accounts, against other people paid to strangers."""
    other = np.ones(len(accounts), np.bool_)
    other[group] = False
    rate = (float((accounts[other] > 1).sum()) + 1.0) / (float((accounts[other] > 0).sum()) + 2.0)
    own = distinct(view.claims.patient[rows])
    count, expected = int((accounts[own] > 1).sum()), rate * int((accounts[own] > 0).sum())
    return Sign("accounts", count, expected, min(float(nats.surprise(count, expected)), CAP))


def named_by_accounts(view: View, seen: Attendance, meetings: Held, strange: Longs, group: Longs) -> float:
    """Price of the members when strangers' accounts that are paid for several of them name their people."""
    claims = view.claims
    account, person, _ = nats.pairs(claims.account[strange], claims.patient[strange])
    codes, n = np.unique(account, return_counts=True)
    shared = codes[n > 1]
    named = len(distinct(person[np.isin(account, shared)]))
    choice = 1.0 + float(np.log(max(len(view.codes.account), 1)))
    return at_one_time.price(seen, meetings.places, len(group), named) + len(shared) * choice


def borne(seen: Attendance, meetings: Held, marks: dict[str, Bools], group: Longs) -> list[Sign]:
    """Marks of the group's files in its runs, one a person and mark of a run's worth."""
    files = seen.visit[meetings.rows]
    desk = np.isin(seen.place[seen.session], distinct(seen.place[meetings.sessions]))
    own = seen.rows_of(group)
    desk[own] = False
    others, theirs = seen.visit[desk], seen.visit[own]
    everybody = len(seen.visit) - len(theirs)
    out = []
    for name, flag in marks.items():
        overall = (float(flag[seen.visit].sum() - flag[theirs].sum()) + 1.0) / (everybody + 2.0)
        there = (float(flag[others].sum()) + KNOWN_FILES * overall) / (len(others) + KNOWN_FILES)
        expected, count = len(files) * max(overall, there), int(flag[files].sum())
        gain = float(nats.surprise(count, expected)) if count >= TYPICAL * expected else 0.0
        out.append(Sign(name, count, expected, min(gain, CAP)))
    return out


def candidate(view: View, seen: Attendance, ground: Ground, group: Longs, odds: Floats) -> Candidate | None:
    """The group as a candidate, or None where its runs are too few."""
    meetings = at_one_time.held(seen, group)
    rows = seen.visit[meetings.rows]
    day = distinct(view.claims.settled[rows] // DAY)
    if not len(meetings.places) or len(day) < OCCASIONS:
        return None
    faith = loyalty(view, seen, meetings.places, group)
    standing = bool(announced.weekdays(np.zeros(len(day), np.int64), day, 1)[0])
    if standing:
        faith = replace(faith, gain=0.0)
    turns = several_accounts(view, ground.payers, rows, group)
    signs_ = borne(seen, meetings, ground.marks, group)
    cost = min(
        at_one_time.price(seen, meetings.places, len(group)),
        named_by_accounts(view, seen, meetings, rows[ground.strange[rows]], group),
    )
    cost += ground.price
    coordination = meetings.gain + min(faith.gain + turns.gain, meetings.gain) - cost
    harm = faith.gain + turns.gain + sum(s.gain for s in signs_) - nats.MARGIN
    claims = np.sort(rows).astype(np.int32)
    minutes = run_minutes(view, seen, meetings)
    values: dict[str, object] = {
        "people": len(group),
        "files": len(claims),
        "runs": len(meetings.sessions),
        "minutes": minutes,
        "operator": str(view.codes.operator[meetings.places[0]]),
    }
    findings = [Finding(CHANNEL, "for", "reasons_kinds.insider", values, len(claims), 0.0, claims, meetings.gain)]
    for s in (faith, turns, *signs_):
        if s.gain > 0:
            told: dict[str, object] = {"count": s.count, "expected": round(s.expected, 1), "files": len(claims)}
            findings.append(
                Finding(CHANNEL, "harm", f"reasons_kinds.insider_{s.name}", told, s.count, s.expected, claims, s.gain)
            )
    hand_ins = len(distinct(seen.household[meetings.rows]))
    findings.append(
        Finding(CHANNEL, "against", "reasons_kinds.insider_piles", {"hand_ins": hand_ins}, hand_ins, 1.0, claims)
    )
    if standing:
        findings.append(
            Finding(CHANNEL, "against", "reasons_kinds.insider_standing", {"days": len(day)}, len(day), 0.0, claims)
        )
    hubs = tuple(("operator", int(o), "settler") for o in meetings.places)
    strength = 1.0 / (1.0 + np.exp(-np.clip(odds, 0.0, 8.0)))
    return Candidate(
        KIND,
        CHANNEL,
        group.astype(np.int32),
        strength,
        hubs,  # type: ignore[arg-type]
        claims,
        float(coordination),
        float(harm),
        tuple(findings),
    )


def run_minutes(view: View, seen: Attendance, meetings: Held) -> int:
    """Median length of the group's runs in minutes."""
    settled = view.claims.settled[seen.visit[meetings.rows]]
    which = np.searchsorted(meetings.sessions, seen.session[meetings.rows])
    last = np.zeros(len(meetings.sessions), np.int64)
    first = np.full(len(meetings.sessions), NEVER)
    np.maximum.at(last, which, settled)
    np.minimum.at(first, which, settled)
    return max(1, int(np.median(last - first) // 60))


def shuffled(view: View, seed: int) -> View:
    """Places at the counter (operator and time) permuted among the hand-ins of the same four weeks.

    Piles stay piles, operators keep their hours and loads; who comes together to whom goes. A hand-in is what one
    person carries on one day to one operator. At the till times stay with the care, and operators are permuted among
    the visits to the same facility in the same four weeks.
    """
    claims = view.claims
    settled, settler = claims.settled.copy(), claims.operator.copy()
    rows = desks.files(view)
    known = (claims.settled != NEVER) & (claims.operator != BLANK)
    known[rows] = False
    till = np.flatnonzero(known)
    if len(rows):
        heads, number = hand_ins(view, rows)
        operator, begin = claims.operator[rows[heads]], claims.settled[rows[heads]]
        slot = nats.permuted_within(np.arange(len(heads), dtype=np.int32), (begin // (SEASON * DAY),), seed)
        settled[rows] += (begin[slot] - begin)[number]
        settler[rows] = operator[slot][number]
    if len(till):
        heads, number = hand_ins(view, till)
        first = till[heads]
        season = claims.settled[first] // (SEASON * DAY)
        settler[till] = nats.permuted_within(claims.operator[first], (claims.facility[first], season), seed)[number]
    return replace(view, claims=replace(claims, operator=settler, settled=settled))


def hand_ins(view: View, rows: Longs) -> tuple[Longs, Longs]:
    """First row of each hand-in among these claims, and each row's hand-in; at the till those to one facility."""
    claims = view.claims
    day, operator = claims.settled[rows] // DAY, claims.operator[rows].astype(np.int64)
    return pile_numbers(desks.hand_in(view, rows), day, operator)


def pile_numbers(*columns: Longs) -> tuple[Longs, Longs]:
    """First row of each distinct combination, and each row's combination number."""
    order = order_by(*columns)
    heads = first_of_runs(*(column[order] for column in columns))
    number = np.empty(len(order), np.int64)
    number[order] = np.repeat(np.arange(len(heads)), np.diff(heads, append=len(order)))
    return order[heads], number
