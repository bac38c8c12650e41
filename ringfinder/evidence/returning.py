"""People who come back to one operator: how many do at each desk, and how many would where several sit at the counters.

Model. A household that came to a facility on n days, courses of treatment and programmes left out, meets the operator who settles
a share q of that facility's files on `SEVERAL` of them or more with the chance of the binomial tail P(X >= 3), X ~ Bin(n, q').
People have their weekday, and so have clerks: who was served by an operator meets him again more often than by his share. How much
more is learnt from all pairs of visits that follow one another, q' = q + (1 - q) rho.

Blind spots: a counter with one clerk (q is 1, and everybody is expected); a clerk whose only clients are the ring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc

from ringfinder.evidence.arrays import coded, distinct_per, first_of_runs, order_by, tally
from ringfinder.evidence.view import DAY, Bools, Floats, Longs, View

SEVERAL = 3  # days on which a household came to the desk
MOST_DAYS = 60  # of a household at a facility that are told apart


@dataclass(frozen=True)
class Returning:
    """`flag`: by file, one of a household that came to this desk, for one facility, on `SEVERAL` days or more; by operator how many such
    households are `expected`."""

    flag: Bools
    expected: Floats


def returning(view: View, at: Longs, operator: Longs, place: Longs, desk: Bools) -> Returning:
    """Of files (claims `at`): `operator`, `place` (facility and kind of care), and which are settled at a desk."""
    claims, visits = view.claims, view.visits
    operators = len(view.codes.operator)
    flag = np.zeros(len(at), np.bool_)
    rows = np.flatnonzero(desk & ~(visits.course | visits.programme)[claims.visit[at]])
    if not len(rows):
        return Returning(flag, np.zeros(operators))
    household = view.people.household[claims.patient[at[rows]]].astype(np.int64)
    day = visits.start[claims.visit[at[rows]]] // DAY  # a stay settled month by month is one
    day = day - day.min()
    client = coded(place[rows] * (household.max() + 1) + household)[1]
    pair = coded(client * np.int64(operators) + operator[rows])[1]
    flag[rows] = (distinct_per(pair, day, int(pair.max()) + 1) >= SEVERAL)[pair]
    return Returning(flag, expected(place[rows], operator[rows], client, day, operators))


def expected(place: Longs, operator: Longs, client: Longs, day: Longs, operators: int) -> Floats:
    """By operator, how many households come to him on `SEVERAL` days or more; of files: `client` numbers households by place."""
    order = order_by(client, day, operator)
    heads = order[first_of_runs(client[order], day[order], operator[order])]
    counters, counter = coded(place[heads] * np.int64(operators) + operator[heads])
    served = np.bincount(counter).astype(np.float64)
    spot = coded(counters // operators)[1]
    share = served / tally(spot, served)[spot]
    again = again_beyond(client[heads], counter, tally(spot, share**2)[spot])
    days = np.minimum(np.bincount(client[heads]), MOST_DAYS)
    where = np.zeros(len(days), np.int64)
    where[client[heads]] = spot[counter]
    often, homes = np.unique(np.stack([where, days])[:, days >= SEVERAL], axis=1, return_counts=True)
    out = np.zeros(operators)
    for n in range(SEVERAL, MOST_DAYS + 1):
        at_n = np.zeros(int(spot.max()) + 1)
        here = often[1] == n
        at_n[often[0][here]] = homes[here]
        if here.any():
            chance = bdtrc(SEVERAL - 1, n, np.clip(share + (1.0 - share) * again, 0.0, 1.0))
            out += tally(counters % operators, at_n[spot] * chance, operators)
    return out


def again_beyond(client: Longs, counter: Longs, same: Floats) -> float:
    """rho: how much likelier than by the operators' shares two visits of a household that follow one another are one operator's.

    Visits are sorted by client and day. `same`: by counter, the chance of two visits there to be one operator's.
    """
    follows = client[1:] == client[:-1]
    met = float((counter[1:] == counter[:-1])[follows].sum())
    chance = float(same[counter[1:]][follows].sum())
    total = float(follows.sum())
    return float(np.clip((met - chance) / max(total - chance, 1.0), 0.0, 1.0)) if total else 0.0
