"""Files: claims with an operator and a time of settlement, and the marks that they bear at his desk.

A file is irregular with a repeated invoice number, with a diagnosis that cannot be the person's or for care that had been paid already
(`repaid`); when settled on a later day also for care while the person was elsewhere or in bed elsewhere (at the till the card itself lies
there: whoever lent it is found by other channels, and so are the dead). One slip counts once: a household once a desk and mark, an invoice
number once a desk, and so does one illness of a week at one place (a coach party that falls ill). How a clerk settles, late or alike or
dear, is told in `habits`; to whom people come back with dear files, in `returning`; who bears three
such traits at once, in `threefold`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfinder.evidence import habits
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence import marks as signs
from ringfinder.evidence.repaid import repaid
from ringfinder.evidence.returning import returning
from ringfinder.evidence.threefold import threefold
from ringfinder.evidence.view import BLANK, DAY, NEVER, PHARMACY, Bools, Floats, Longs, View

REPAID, RETURNING, THREEFOLD = "repaid", "regular", "threefold"
AT_ANY_DESK, ON_PAPER = ("invoice", "misfit", REPAID), ("in_bed", "travel")
WAYS = (*habits.MARKS, RETURNING)  # of settling that are somebody's own: see `habits` and `returning`
WRONG = AT_ANY_DESK + ON_PAPER  # with the file itself
HARD, SOFT = (*WRONG, THREEFOLD), ("costly", "foreign", *WAYS)
PRICE = ("costly", "dear")  # one trait, of which the stronger counts
REST = tuple(name for name in WRONG if name != REPAID)
ANY = "hard"
SORTS = 6  # kinds of care, each settled at the till or on a later day


@dataclass(frozen=True)
class Files:
    """Claims with an operator and a time of settlement: `claim` indices, `operator`, `home`.

    `place`, `reason`: facility, and medicine or diagnosis, each with the kind of care and whether it was settled later (`SORTS`).
    `flags` by mark; `counted`: the same, but an invoice number and an outbreak once a desk, and any hard mark (`ANY`).
    By operator, the households that are expected to come back to him with dear files (`returning`), or to bear three traits (`threefold`).
    """

    claim: Longs
    operator: Longs
    home: Longs
    place: Longs
    reason: Longs
    flags: dict[str, Bools]
    counted: dict[str, Bools]
    returning: Floats
    threefold: Floats


def gather(view: View) -> Files:
    """All files with their marks."""
    claims = view.claims
    at = np.flatnonzero((claims.operator != BLANK) & (claims.settled != NEVER))
    later = claims.settled_later[at]
    known = signs.mark(view)
    visit = claims.visit[at]
    operator = claims.operator[at].astype(np.int64)
    flags = {REPAID: repaid(view)[at]} | {name: known.flags[name][visit] for name in AT_ANY_DESK if name != REPAID}
    flags |= {name: known.flags[name][visit] & later for name in ON_PAPER}
    flags |= {"costly": known.flags["costly"][visit], "foreign": nats.foreign(view)[at]}
    sort = claims.service[at].astype(np.int64) * 2 + later
    place = claims.facility[at] * np.int64(SORTS) + sort
    flags |= habits.of_desks(view, at, operator, sort)
    back = returning(view, at, operator, place, claims.service[at] != PHARMACY, flags["dear"])
    flags |= {RETURNING: back.flag}
    week = claims.start[at] // (7 * DAY)
    counted = flags | {
        "invoice": once_each(flags["invoice"], operator, claims.invoice[at]),
        "misfit": once_each(flags["misfit"], operator, claims.facility[at], claims.diagnosis[at], week),
    }
    counted[ANY] = np.logical_or.reduce([counted[name] for name in WRONG])
    home = view.people.household[claims.patient[at]].astype(np.int64)
    desk = np.flatnonzero(later)
    price = flags["costly"] | flags["dear"]
    wrong = np.logical_or.reduce([flags[name] for name in WRONG])
    kinds = [flag[desk] for flag in (flags["late"], price, flags["foreign"], flags["overpaid"], wrong)]
    three = threefold(operator[desk], home[desk], sort[desk], kinds, len(view.codes.operator))
    flags[THREEFOLD] = np.zeros(len(at), np.bool_)
    flags[THREEFOLD][desk] = three.flag
    counted[THREEFOLD] = flags[THREEFOLD]
    return Files(
        claim=at,
        operator=operator,
        home=home,
        place=place,
        reason=(known.reason[visit] + 1) * SORTS + sort,
        flags=flags,
        counted=counted,
        returning=back.expected,
        threefold=three.expected,
    )


def once_each(flag: Bools, *columns: NDArray[np.integer]) -> Bools:
    """Of the files marked, the first of each combination of the columns."""
    rows = np.flatnonzero(flag)
    out = np.zeros(len(flag), np.bool_)
    out[rows[nats.distinct(*(column[rows] for column in columns))]] = True
    return out
