"""Bills without a stranger's account whose numbers come back for other households: pooled, as if one account were paid for them.

Who sells a bill again and again leaves its number, whoever is paid: there may be no account in the claims, or everybody's own. Numbers
that one person's bills carry are one pool. Where numbers come back often, places number alike, and a number says something only where it
comes back at its own place.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct_per
from ringfinder.evidence.invoices import Numbers
from ringfinder.evidence.session_seeds import A_TIE, components
from ringfinder.evidence.view import BLANK, DAY, Bools, Longs, View

COMMON = 0.01  # of the bills with a number: if more share theirs with another household, numbers are no one's
NOBODY = ""  # stands for the account of a pool


def pooled(view: View, numbers: Numbers) -> View:
    """The view with an account for each pool, beyond all others, that `NOBODY` has."""
    claims = view.claims
    known = np.flatnonzero(numbers.number != BLANK)
    number = numbers.number[known].astype(np.int64)
    for of in (number, coded(number * np.int64(len(view.codes.facility)) + claims.facility[known])[1]):
        shared = comes_back(view, known, of)
        if np.count_nonzero(shared) <= COMMON * numbers.bills:
            break
    rows = known[shared]
    if not len(rows) or len(rows) > COMMON * numbers.bills:
        return view
    repeated, which = coded(of[shared])
    people, who = coded(claims.patient[rows].astype(np.int64))
    linked = components(which, len(repeated) + who, np.full(len(rows), A_TIE))
    pool = np.full(len(repeated) + len(people), BLANK, np.int64)
    for one, nodes in enumerate(linked):
        pool[nodes] = one
    free = ~nats.foreign(view)[rows]
    account = claims.account.copy()
    account[rows[free]] = len(view.codes.account) + pool[which[free]]
    names = np.r_[view.codes.account, np.full(len(linked), NOBODY, object)]
    return replace(view, claims=replace(claims, account=account), codes=replace(view.codes, account=names))


def comes_back(view: View, rows: Longs, number: Longs) -> Bools:
    """By claim of `rows`: its `number` is on bills of another household and of another day too."""
    again = np.flatnonzero(np.bincount(number)[number] > 1)
    of, size = number[again], int(number.max(initial=-1)) + 1
    household = view.people.household[view.claims.patient[rows[again]]].astype(np.int64)
    shared = (distinct_per(of, household, size) > 1) & (
        distinct_per(of, view.claims.start[rows[again]] // DAY, size) > 1
    )
    out = np.zeros(len(rows), np.bool_)
    out[again] = shared[of]
    return out
