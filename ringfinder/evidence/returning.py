"""People who come back to one operator with dear files: how many do at each desk, and how many would for honest reasons.

Model. A household that came to a facility's desks on n days (one at two desks counts for each), courses of treatment and programmes
left out, meets the operator who settles
a share q of that facility's files on `SEVERAL` of them or more with the chance of the binomial tail P(X >= 3), X ~ Bin(n, q').
People have their weekday, and so have clerks: who was served by an operator meets him again more often than by his share. How much
more is learnt from all pairs of visits that follow one another, q' = q + (1 - q) rho.

Counted are those who come back and have a dear file there (`habits.dear`). Expected is the larger of

    those who would come back, and have a dear file as others do          people who come back for no other reason
    those who do come back, and have one as those who come once do        a counter that is dear for everybody

so neither a clerk whom people like nor the counter of a dear department is one of these.

Blind spots: a counter with one clerk (q is 1, and everybody is expected); a clerk whose only clients are the ring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc

from ringfinder.evidence.arrays import coded, distinct_per, first_of_runs, order_by, tally
from ringfinder.evidence.habits import DEAREST
from ringfinder.evidence.view import DAY, Bools, Floats, Longs, View

SEVERAL = 3  # days on which a household came to the desk
MOST_DAYS = 60  # of a household at a facility that are told apart
FEW, SURE = 20.0, 0.99  # files that a desk's rate among those who come once is smoothed with; no rate is surer


@dataclass(frozen=True)
class Returning:
    """`flag`: by file, one of a household that came to this desk, for one facility, on `SEVERAL` days or more and had a dear file.

    `expected`: by operator, how many such households.
    """

    flag: Bools
    expected: Floats


def returning(view: View, at: Longs, operator: Longs, place: Longs, desk: Bools, dear: Bools) -> Returning:
    """Of files (claims `at`): `operator`, `place` (facility and kind of care), which are settled at a desk, and which are dear."""
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
    clients, pair = coded(client * np.int64(operators) + operator[rows])
    files, costly = np.bincount(pair), np.bincount(pair, weights=dear[rows])
    back = distinct_per(pair, day, len(clients)) >= SEVERAL
    flag[rows] = (back & (costly > 0))[pair]
    whose = clients % operators
    would = expected(place[rows], operator[rows], client, day, operators) * -np.expm1(SEVERAL * np.log1p(-DEAREST))
    once = ~back
    rate = (tally(whose, costly * once, operators) + FEW * DEAREST) / (tally(whose, files * once, operators) + FEW)
    do = tally(whose, back * -np.expm1(files * np.log1p(-np.minimum(rate, SURE)[whose])), operators)
    return Returning(flag, np.maximum(would, do))


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
