"""Piles: the bills of one account or several, coded as one, and what they count (see `fake_bills`).

Amounts that are equal only within one illness have a price: beyond `ONE_PRICE` they count as far as bills of *other* illnesses
predict them, where most bills say their illness.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import elsewhere, invoices, sameness
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct, order_by
from ringfinder.evidence.bills import Bills, honest_amounts, honest_places
from ringfinder.evidence.view import DAY, Floats, Longs, View

AN_ACCOUNT = 2.0  # nats to name one more account of the same ring
MOST_TURNS = 30.0  # nats: accounts in turn are one habit, however many follow it
TOGETHER = 2  # bills of one place and day that count: more are one outing
HABIT = 6.0  # nats that accounts in turn count where the bills themselves say nothing: a charity may have two
CHAINED = 1.0  # slips that a pool holds anyway: it was made of numbers that came back
# nats that amounts count which are equal within one illness only: the treatments of a charity have their prices
ONE_PRICE = 6.0


@dataclass(frozen=True)
class Turns:
    """People of a pile paid to two or more of its accounts in turn: how many, expected, nats."""

    count: int
    expected: float
    gain: float


@dataclass(frozen=True)
class Pile:
    """The bills of one or several accounts, judged: nats of place, amount and invoice; `fit` nats by bill.

    `most`: what the amounts count at most, since those that are equal within one illness only have a price.
    """

    at: Longs
    accounts: tuple[int, ...]
    households: int
    place: float
    amount: float
    most: float
    width: int
    invoice: invoices.Repeats
    fit: Floats
    turns: Turns
    apart: elsewhere.Apart = elsewhere.NOTHING
    common: float = 0.0
    handed_in: float = 0.0

    @property
    def alike(self) -> float:
        """Nats of like amounts, as far as they count."""
        return min(self.amount, self.most)

    @property
    def bills(self) -> float:
        """Nats of what the bills themselves say."""
        return max(self.alike, 0.0) + self.invoice.gain + self.apart.gain

    @property
    def marks(self) -> float:
        return self.bills + min(self.turns.gain + self.handed_in, self.bills + HABIT)

    @property
    def score(self) -> float:
        return self.marks + min(self.place + self.common, self.marks) - AN_ACCOUNT * len(self.accounts)


def judge(view: View, bills: Bills, numbers: invoices.Numbers, at: Longs) -> Pile:
    """Code the bills `at` (positions in `bills`) as one pile."""
    order = at[np.lexsort((bills.claim[at], bills.start[at]))]
    order = order[sameness.thinned(order)]
    household = bills.household[order]
    accounts = tuple(int(a) for a in distinct(bills.account[at]))
    place_base = honest_places(bills, order, accounts)
    amount_base = honest_amounts(bills, order, accounts)
    same_place = sameness.equal(bills.facility[order])
    # who was at one place on one day came there together: one decision, whatever each paid
    once = outings(bills, order)
    amounts = bills.log_amount[order[once]], household[once], [honest[once] for honest in amount_base]
    amount, width = sameness.best_width(*amounts)
    illness = bills.by_diagnosis[order[once]]
    most = np.inf
    if amount > ONE_PRICE and 2 * np.count_nonzero(illness >= 0) >= len(once):
        most = ONE_PRICE + max(sameness.best_width(*amounts, illness)[0], 0.0)
    place = float(sameness.prequential(same_place[np.ix_(once, once)], household[once], place_base[once]).sum())
    fit = sameness.beside_the_rest(same_place, household, place_base)
    if amount > 0:
        like = sameness.alike(bills.log_amount[order], sameness.WIDTHS[width])
        fit = fit + sameness.beside_the_rest(like, household, amount_base[width])
    return Pile(
        at=order,
        accounts=accounts,
        households=len(distinct(household)),
        place=place,
        amount=amount,
        most=most,
        width=width,
        invoice=invoices.repeats(view, numbers, bills.claim[order], CHAINED if accounts[-1] >= bills.known else 0.0),
        fit=fit,
        turns=in_turn(bills, at, accounts),
        apart=elsewhere.apart(view, bills.stays, view.claims.visit[bills.claim[at]].astype(np.int64)),
    )


def outings(bills: Bills, order: Longs) -> Longs:
    """Positions in `order` of the first `TOGETHER` bills of each place and day."""
    by = order_by(bills.facility[order], bills.start[order] // DAY, np.arange(len(order)))
    place, day = bills.facility[order[by]], bills.start[order[by]] // DAY
    later = np.zeros(len(by), np.bool_)
    if len(by) > TOGETHER:
        later[TOGETHER:] = (place[TOGETHER:] == place[:-TOGETHER]) & (day[TOGETHER:] == day[:-TOGETHER])
    return np.sort(by[~later])


def in_turn(bills: Bills, at: Longs, accounts: tuple[int, ...]) -> Turns:
    """People with several bills that went to several accounts of the pile, against other people with several bills.

    Honest people have one payer, whoever that is: an employer, a charity, an agent.
    """
    if len(accounts) < 2:
        return Turns(0, 0.0, 0.0)
    mine = distinct(bills.patient[at])
    several, turning = np.count_nonzero(bills.bills_of[mine] > 1), np.count_nonzero(bills.payers_of[mine] > 1)
    rate = (bills.turning - turning + 1.0) / (bills.several - several + 2.0)
    own, _, _ = nats.pairs(bills.patient[at], bills.account[at])
    count, expected = len(distinct(own[1:][own[1:] == own[:-1]])), float(rate * several)
    return Turns(count, expected, min(float(nats.surprise(count, expected)), MOST_TURNS))


def top_place(bills: Bills, pile: Pile) -> tuple[int, float]:
    """The commonest place of the pile and its share of the bills."""
    places, n = np.unique(bills.facility[pile.at], return_counts=True)
    best = int(np.argmax(n))
    return int(places[best]), float(n[best] / n.sum())
