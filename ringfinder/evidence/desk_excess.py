"""Excess: households that bear a mark at one operator's desk, beyond the most that honest reasons let expect.

Chance is the *largest* of three sums over the operator's clients, each of rates among other operators' clients: everybody's
with that kind of care, settled at the till or later; those with the same facility's files (a careless or dear facility
explains itself); those with the same diagnosis or medicine. Operators that stand out are left out of the rates, a few rounds
long, and of those of a habit who have it, as long as they are few: several insiders in one town must not explain one another; what a
facility's other operators explain never stands out.
Who works for one facility only is held against the whole of it, his own files included, as far as others do not tell: the
only till of a shop is the shop.

Care paid twice is no custom of a desk: it is held against all other desks, where two clerks share a town too. Its rates start from those of
all usual desks and not from the desk's own kind of care, and leave out whoever stands out by it, be they few or many.

Blind spot: the only two desks that settle a kind of care later explain one another, where both pay twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import habits
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct, tally
from ringfinder.evidence.desk_files import ANY, REPAID, RETURNING, SORTS, THREEFOLD, WAYS, Files
from ringfinder.evidence.view import Bools, Floats, Longs

KNOWN_CLIENTS = 20.0  # clients of everybody that a rate among few others is smoothed with
ONE_PLACE = 0.8  # share of an operator's clients from one facility that makes him the facility's
STANDS_OUT = 2.0  # nats from which an operator's clients are left out of the rates of others
TURNS = 6  # how often it is asked who stands out
CUSTOM = 0.05  # of the operators have a habit: then it is nobody's own, and explains itself
LEAST_RATE = 1e-4  # no mark is taken for rarer than one client in 10,000
CERTAIN = 0.99  # nor for surer than this


@dataclass(frozen=True)
class Excess:
    """By operator: households that bear something, expected, nats."""

    count: Longs
    expected: Floats
    gain: Floats

    def stands_out(self) -> Bools:
        """By operator: whether a habit is his own, no surprise and no count that the others explain."""
        least = np.maximum(nats.FEWEST_HOUSEHOLDS, habits.OFTEN * self.expected)
        return (self.gain > nats.MARGIN) & (self.count >= least)


@dataclass(frozen=True)
class Table:
    """Clients by what they came with: `key` is a facility or a reason times `SORTS` plus the sort, or the sort alone.

    By pair of operator and key: `operator`, `key`, `clients`. By client and key, once: `client`, `pair`. By file: `unit`.
    """

    operator: Longs
    key: Longs
    clients: Longs
    client: Longs
    pair: Longs
    unit: Longs

    @classmethod
    def of(cls, operator: Longs, client: Longs, key: Longs) -> Table:
        """Of files: `client` numbers the clients of all desks."""
        width = np.int64(key.max(initial=0)) + 1
        units, unit = coded(client * width + key)
        whose = np.empty(len(units), np.int64)
        whose[unit] = operator
        pairs, pair = coded(whose * width + units % width)
        return cls(pairs // width, pairs % width, np.bincount(pair).astype(np.int64), units // width, pair, unit)

    def bear(self, flag: Bools) -> Floats:
        """By pair: clients with a file that bears it."""
        return np.bincount(self.pair[distinct(self.unit[flag])], minlength=len(self.key)).astype(np.float64)

    def elsewhere(self, borne: Floats, usual: Bools, prior: Floats) -> Floats:
        """By pair: the share that bears a mark among usual other operators' clients with the key, smoothed."""
        counts = usual[self.operator]
        some, total = borne * counts, self.clients * counts
        others = tally(self.key, some)[self.key] - some + KNOWN_CLIENTS * prior
        share: Floats = others / (tally(self.key, total)[self.key] - total + KNOWN_CLIENTS)
        return np.clip(share, LEAST_RATE, CERTAIN)

    def expected(self, rate: Floats, desk: Longs, operators: int) -> Floats:
        """By operator: clients who bear a mark that has this rate by pair; `desk`: the operator of each client."""
        never = tally(self.client, np.log1p(-rate)[self.pair], len(desk))
        return tally(desk, -np.expm1(never), operators)


def excesses(files: Files, operators: int) -> dict[str, Excess]:
    """Households that bear each mark by operator, against the largest explanation."""
    homes = np.int64(files.home.max(initial=0)) + 1
    clients, client = coded(files.operator * homes + files.home)
    desk = clients // homes
    town = Table.of(files.operator, client, files.place % SORTS)
    place = Table.of(files.operator, client, files.place)
    reason = Table.of(files.operator, client, files.reason)
    bound = of_one_place(place, operators)[place.operator]
    spot = np.zeros(operators * SORTS, np.int64)
    spot[town.operator * SORTS + town.key] = np.arange(len(town.key))

    def excess(name: str, usual: Bools) -> Excess:
        flag = files.counted[name]
        in_town, there, alike = (table.bear(flag) for table in (town, place, reason))
        of_sort = tally(town.key, in_town) / np.maximum(tally(town.key, town.clients), 1.0)
        prior = of_sort[town.key]
        if name == REPAID:  # no custom of a desk, though two clerks may share the town between them
            some = usual[town.operator]
            prior = np.full(len(prior), float(in_town[some].sum()) / max(1.0, float(town.clients[some].sum())))
        usually = town.elsewhere(in_town, usual, prior)
        mu = town.expected(usually, desk, operators)
        prior = usually[spot[place.operator * SORTS + place.key % SORTS]]
        whole = tally(place.key, there) / np.maximum(tally(place.key, place.clients), 1.0)
        whose = bound & (name != REPAID)
        rate = place.elsewhere(there, usual, np.where(whose, np.maximum(whole[place.key], prior), prior))
        mu = np.maximum(mu, place.expected(rate, desk, operators))
        prior = usually[spot[reason.operator * SORTS + reason.key % SORTS]]
        mu = np.maximum(mu, reason.expected(reason.elsewhere(alike, usual, prior), desk, operators))
        return held_against(name, mu)

    def held_against(name: str, mu: Floats) -> Excess:
        count = np.bincount(desk[distinct(client[files.counted[name]])], minlength=operators).astype(np.int64)
        return Excess(count, mu, nats.surprise(count, mu))

    usual = np.ones(operators, np.bool_)
    for _ in range(TURNS):
        still = usual & (excess(ANY, usual).gain < STANDS_OUT)
        if np.array_equal(still, usual):
            break
        usual = still
    at_work = max(1, len(distinct(files.operator)))

    def habit(name: str) -> Excess:
        found = excess(name, usual)
        own = found.stands_out() & (found.gain >= STANDS_OUT)
        rare = 0 < np.count_nonzero(own) <= CUSTOM * at_work
        return excess(name, usual & ~own) if rare else found

    def repaying() -> Excess:
        found = excess(REPAID, usual & at_most_the_middle(files, REPAID, operators))
        own = (found.count >= nats.FEWEST_HOUSEHOLDS) & (found.gain >= STANDS_OUT)
        return excess(REPAID, ~own)

    def of_mark(name: str) -> Excess:
        if name == REPAID:
            return repaying()
        if name in (RETURNING, THREEFOLD):
            return held_against(name, files.returning if name == RETURNING else files.threefold)
        return habit(name) if name in WAYS else excess(name, usual)

    return {name: of_mark(name) for name in files.counted}


def at_most_the_middle(files: Files, name: str, operators: int) -> Bools:
    """By operator: a mark is borne by no larger share of the files that he settles on a later day than by those of the middle desk.

    Half of these files are settled by desks with a smaller share than that, half by others.
    """
    later = files.place % SORTS % 2 == 1
    total, borne = (
        np.bincount(files.operator[some], minlength=operators) for some in (later, later & files.flags[name])
    )
    share = borne / np.maximum(total, 1)
    order = np.lexsort((np.arange(operators), share))
    middle = order[np.searchsorted(np.cumsum(total[order]), total.sum() / 2)] if total.any() else 0
    out: Bools = share <= share[middle]
    return out


def of_one_place(place: Table, operators: int) -> Bools:
    """By operator: nearly all clients come with files of one facility."""
    facilities = np.int64(place.key.max(initial=0)) // SORTS + 1
    pairs, number = coded(place.operator * facilities + place.key // SORTS)
    most = np.zeros(operators)
    np.maximum.at(most, pairs // facilities, tally(number, place.clients))
    return most >= ONE_PLACE * tally(place.operator, place.clients, operators)
