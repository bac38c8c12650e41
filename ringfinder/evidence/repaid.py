"""Care that had been paid already: a file settled on a later day for what another settlement covers.

Blind spot: of several bills for one day at one place only neighbours in time and amount of settlement are compared, so one of two bills
that is paid again may be missed.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import order_by
from ringfinder.evidence.view import DAY, NEVER, Bools, View

ABOUT = 0.15  # ln of the amount: a slip more or a part less, and still the same bill


def repaid(view: View) -> Bools:
    """By claim: the same person's care at one place, of one kind, from and to the same days and of about one amount, had been settled
    on an earlier day. What was refunded is none of the claims; parts of a long stay end on different days."""
    claims = view.claims  # sorted by person and start
    out = np.zeros(len(claims.row), np.bool_)
    begin = claims.start // DAY
    beside = (claims.patient[1:] == claims.patient[:-1]) & (begin[1:] == begin[:-1])
    several = np.flatnonzero(np.r_[False, beside] | np.r_[beside, False])  # few: most people come once a day
    place, service, end = claims.facility[several], claims.service[several], claims.end[several] // DAY
    settled = np.where(claims.settled[several] == NEVER, NEVER, claims.settled[several] // DAY)
    keys = (claims.patient[several], begin[several], place, service, end)
    order = order_by(*keys, settled, claims.amount[several])
    value = np.log(np.maximum(claims.amount[several], 1))
    a, b = order[:-1], order[1:]
    same = (settled[a] != NEVER) & (settled[b] != NEVER) & (settled[a] < settled[b])
    for key in keys:
        same &= key[a] == key[b]
    out[several[b[same & (np.abs(value[a] - value[b]) <= ABOUT)]]] = True
    return out
