"""Bills without a stranger's account whose numbers come back for other households: pooled, as if one account were paid for them.

Who sells a bill again and again leaves its number, whoever is paid: there may be no account in the claims, or everybody's own. Numbers
that one person's bills carry are one pool. Where numbers come back often, places number alike, and a number says nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct_per
from ringfinder.evidence.invoices import Numbers
from ringfinder.evidence.session_seeds import A_TIE, components
from ringfinder.evidence.view import BLANK, DAY, View

COMMON = 0.01  # of the bills with a number: if more share theirs with another household, numbers are no one's
NOBODY = ""  # stands for the account of a pool


def pooled(view: View, numbers: Numbers) -> View:
    """The view with an account for each pool, beyond all others, that `NOBODY` has."""
    claims = view.claims
    known = np.flatnonzero(numbers.number != BLANK)
    again = known[np.bincount(numbers.number[known])[numbers.number[known]] > 1]
    number = numbers.number[again].astype(np.int64)
    size = int(number.max(initial=-1)) + 1
    household = view.people.household[claims.patient[again]].astype(np.int64)
    shared = (distinct_per(number, household, size) > 1) & (distinct_per(number, claims.start[again] // DAY, size) > 1)
    rows = again[shared[number]]
    if not len(rows) or len(rows) > COMMON * numbers.bills:
        return view
    people, who = coded(claims.patient[rows].astype(np.int64))
    linked = components(numbers.number[rows].astype(np.int64), size + who, np.full(len(rows), A_TIE))
    pool = np.full(size + len(people), BLANK, np.int64)
    for one, nodes in enumerate(linked):
        pool[nodes] = one
    free = rows[~nats.foreign(view)[rows]]
    account = claims.account.copy()
    account[free] = len(view.codes.account) + pool[numbers.number[free]]
    names = np.r_[view.codes.account, np.full(len(linked), NOBODY, object)]
    return replace(view, claims=replace(claims, account=account), codes=replace(view.codes, account=names))
