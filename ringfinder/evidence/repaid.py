"""Care that had been paid already: a file settled on a later day for what another settlement covers."""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import order_by
from ringfinder.evidence.view import DAY, NEVER, Bools, View

ABOUT = 0.15  # ln of the amount: a slip more or a part less, and still the same bill


def repaid(view: View) -> Bools:
    """By claim: the same person's care at one place, of one kind, from and to the same days and of about one amount, had been settled
    on an earlier day. What was refunded is none of the claims; parts of a long stay end on different days."""
    claims = view.claims
    begin, end = claims.start // DAY, claims.end // DAY
    settled = np.where(claims.settled == NEVER, NEVER, claims.settled // DAY)
    order = order_by(claims.patient, claims.facility, claims.service, begin, end, settled, claims.amount)
    value = np.log(np.maximum(claims.amount, 1))
    out = np.zeros(len(claims.row), np.bool_)
    a, b = order[:-1], order[1:]
    same = (settled[a] != NEVER) & (settled[b] != NEVER) & (settled[a] < settled[b])
    for of in (claims.patient, claims.facility, claims.service, begin, end):
        same &= of[a] == of[b]
    out[b[same & (np.abs(value[a] - value[b]) <= ABOUT)]] = True
    return out
