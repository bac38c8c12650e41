"""Members: clients of a desk whose files there fit the irregular ones better than the desk's other files.

    ln(|G| / others) + sum over files and marks of ln(theta / pi) or ln((1 - theta) / (1 - pi)) + payee

from those with irregular files on, theta and pi without the person himself, people weighed by their certainty; payee: own, a
stranger's, or a stranger's that also is paid for another member, once a person. Who has neither an irregular file nor a stranger's account
is no member, however dear his bills; but where it is about three traits (`threefold`), one of which dear bills are. Then whom people
come back to counts as well: their further files at this desk, against those at other desks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, tally
from ringfinder.evidence.desk_excess import KNOWN_CLIENTS, LEAST_RATE
from ringfinder.evidence.desk_files import HARD, SORTS, THREEFOLD, WRONG, Files
from ringfinder.evidence.view import Bools, Floats, Ints, Longs, View

ROUNDS = 20  # of membership: weights hardly move after ten
HALF = 0.5  # of a habit's nats say who belongs
PRIVATE = ("late", "overpaid")  # what a clerk does for some


def members(
    view: View, files: Files, rows: Longs, own: Sequence[str], hard: Sequence[str] = HARD
) -> tuple[Longs, Floats]:
    """The desk's clients (`rows`: its files) whose files fit the irregular ones, with their log-odds. `own`: habits of the desk;
    `hard`: the marks that it is about.

    Of all cuts by certainty the one with the largest expected overlap (Jaccard) of those named and those who belong.

    Where it is about households with three traits, these are the first members, every trait counts in full and so does whom people
    come back to; and for half of the rounds the other side is the town, since most late files of such a desk may be the ring's.
    """
    claims = view.claims
    people, who = np.unique(claims.patient[files.claim[rows]], return_inverse=True)
    n = len(people)
    three = tuple(hard) == (THREEFOLD,)
    carried = np.bincount(who, minlength=n).astype(np.float64)
    names = (*WRONG, *dict.fromkeys((*own, *PRIVATE)), "costly") if three else (*hard, *own, "costly")
    borne = np.stack([tally(who, files.flags[name][rows], n) for name in names], axis=1)
    usual = np.array([max(float(files.flags[name].mean()), LEAST_RATE) for name in names])
    strange = files.flags["foreign"][rows]
    account, number, _ = nats.pairs(claims.account[files.claim[rows[strange]]], who[strange])
    able = (borne if three else borne[:, :-1]).sum(axis=1) > 0  # dear bills alone are nobody's fault
    weight = (tally(who, files.flags[THREEFOLD][rows], n) > 0 if three else able).astype(np.float64)
    able[number] = True
    # honest clients come late too, and pay as much by chance
    told = np.where(np.isin(names, own) & (not three), HALF, 1.0)
    back, away = desks_of(view, files, rows, people, who) if three else (np.zeros(n), np.zeros(n))
    odds = np.zeros(n)
    for turn in range(ROUNDS):
        mine, not_mine = weight[:, None], (1.0 - weight)[:, None]
        theta = (weight @ borne)[None, :] - borne * mine + 0.5
        theta /= weight @ carried - carried[:, None] * mine + 1.0
        pi = ((1.0 - weight) @ borne)[None, :] - borne * not_mine + KNOWN_CLIENTS * usual
        pi /= (1.0 - weight) @ carried - carried[:, None] * not_mine + KNOWN_CLIENTS
        if three and turn < ROUNDS // 2:
            pi = np.broadcast_to(usual, pi.shape)
        fit = borne * np.log(theta / pi) + (carried[:, None] - borne) * np.log((1.0 - theta) / (1.0 - pi))
        odds = np.log((weight.sum() + 0.5) / (n - weight.sum() + 0.5)) + fit @ told
        odds += payee(account, number, weight > 0.5)
        if three:
            odds += coming_back(back, away, weight)
        weight = able / (1.0 + np.exp(-np.clip(odds, -50.0, 50.0)))
    ranked = np.argsort(-weight, kind="stable")
    sure = np.cumsum(weight[ranked])
    overlap = sure / (np.arange(1, n + 1) + sure[-1] - sure)
    best = int(np.argmax(overlap)) + 1 if sure[-1] >= 1 else 0  # nobody fits: no cut
    group = np.sort(ranked[:best])
    return people[group].astype(np.int64), odds[group]


def desks_of(view: View, files: Files, rows: Longs, people: Ints, who: Longs) -> tuple[Floats, Floats]:
    """By client, files settled on a later day: those at this desk after the first, and those at other desks."""
    later = files.place % SORTS % 2 == 1
    anywhere = np.bincount(view.claims.patient[files.claim[later]], minlength=len(view.codes.patient))[people]
    here = tally(who, later[rows], len(people))
    return np.maximum(here - 1.0, 0.0), anywhere.astype(np.float64) - here


def coming_back(back: Floats, away: Floats, weight: Floats) -> Floats:
    """By client: log-odds of bringing further files to this operator (`back`) and not to others (`away`), each without the client."""
    overall = (back.sum() + 1.0) / (back.sum() + away.sum() + 2.0)

    def share(part: Floats) -> Floats:
        total = ((back + away) * part).sum() - (back + away) * part
        of: Floats = ((back * part).sum() - back * part + 2.0 * overall) / (total + 2.0)
        return of

    theta, pi = share(weight), share(1.0 - weight)
    odds: Floats = back * np.log(theta / pi) + away * np.log((1.0 - theta) / (1.0 - pi))
    return odds


def payee(account: Longs, number: Longs, group: Bools) -> Floats:
    """By client: log-odds of being paid to the own account, a stranger's, or a stranger's paid for another member too.

    `account`, `number`: who (index into the clients) is paid to which stranger's account.
    """
    codes, which = coded(account)
    fellows = tally(which, group[number], len(codes))[which] - group[number]
    step = np.zeros(len(group), np.int64)
    np.maximum.at(step, number, np.where(fellows > 0, 2, 1))
    inside = np.bincount(step[group], minlength=3)[step] - group + 0.5
    outside = np.bincount(step[~group], minlength=3)[step] - ~group + 0.5
    size = int(group.sum())
    share = inside / (size - group + 1.5)
    other = outside / (len(group) - size - ~group + 1.5)
    return np.asarray(np.log(share / other), np.float64)
