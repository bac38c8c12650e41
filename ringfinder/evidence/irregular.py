"""Irregular files: one operator settles those of more households than the places, the illnesses and chance explain.

Model. A *file* is a claim with an operator and a time of settlement. It is irregular with a repeated invoice number or a diagnosis that
cannot be the person's, or for care that had been paid already; when settled on a later day also for care while the person was elsewhere
or in bed elsewhere (at the till the card itself lies there: whoever lent it is found by other channels, and so are the dead). One slip
counts once: a household once a desk and mark, an invoice number once a desk, and so does one illness of a week at one place (a coach
party that falls ill). How a clerk settles, late or alike or dear, is told in `habits`; to whom people come back with dear files, in
`returning`.

    L = the larger of L(k, mu) of households with any irregular file and the sum over marks of L(k, mu) - 1
    S = L + min(L of households with costly files + with strangers' accounts, L) - ln(operators) - 1

Chance is the *largest* of three sums over the operator's clients, each of rates among other operators' clients: everybody's
with that kind of care, settled at the till or later; those with the same facility's files (a careless or dear facility
explains itself); those with the same diagnosis or medicine. Operators that stand out are left out of the rates, a few rounds
long, and of those of a habit who have it, as long as they are few: several insiders in one town must not explain one another; what a
facility's other operators explain never stands out.
Who works for one facility only is held against the whole of it, his own files included, as far as others do not tell: the
only till of a shop is the shop.

Members are clients whose files at the desk fit the irregular ones better than the desk's other files:

    ln(|G| / others) + sum over files and marks of ln(theta / pi) or ln((1 - theta) / (1 - pi)) + payee

from those with irregular files on, theta and pi without the person himself, people weighed by their certainty; payee: own, a
stranger's, or a stranger's that also is paid for another member, once a person.

    H = sum over marks of min(L, 20) - 1; of dear files, strangers' accounts, habits and people who come back the strongest counts
        no further than 6 beyond all the others

with the members' households against what chance expects of the whole desk: that they were chosen among its clients is paid.

Care paid twice is no custom of a desk: it is held against all other desks, where two clerks share a town too; and what is paid twice is
looked at apart from the rest, since such a desk may take in another ring's bills as well.

Blind spots: an operator who is his facility; files spread over desks; a ring whose files differ in price only; other two rings at
one desk are seen as one; several rings that use the same few facilities explain one another in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfinder.evidence import habits
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence import marks as signs
from ringfinder.evidence.arrays import coded, distinct, tally
from ringfinder.evidence.repaid import repaid
from ringfinder.evidence.returning import returning
from ringfinder.evidence.view import BLANK, DAY, NEVER, PHARMACY, Bools, Candidate, Finding, Floats, Longs, View

KIND = CHANNEL = "insider"

REPAID, RETURNING = "repaid", "regular"
AT_ANY_DESK, ON_PAPER = ("invoice", "misfit", REPAID), ("in_bed", "travel")
WAYS = (*habits.MARKS, RETURNING)  # of settling that are somebody's own: see `habits` and `returning`
HARD, SOFT = AT_ANY_DESK + ON_PAPER, ("costly", "foreign", *WAYS)
PRICE = ("costly", "dear")  # one trait, of which the stronger counts
REST = tuple(name for name in HARD if name != REPAID)
ANY = "hard"
SORTS = 6  # kinds of care, each settled at the till or on a later day
KNOWN_CLIENTS = 20.0  # clients of everybody that a rate among few others is smoothed with
ONE_PLACE = 0.8  # share of an operator's clients from one facility that makes him the facility's
STANDS_OUT = 2.0  # nats from which an operator's clients are left out of the rates of others
TURNS = 6  # how often it is asked who stands out
CUSTOM = 0.05  # of the operators have a habit: then it is nobody's own, and explains itself
ROUNDS = 20  # of membership: weights hardly move after ten
CAP = 20.0  # most nats of one mark: one irregularity, however often repeated
BEYOND = 6.0  # nats that soft marks count beyond the hard ones in harm: below what alerts
LISTED = -5.0  # nats of coordination: weaker operators are not worth looking at
OCCASIONS = 3  # days of settlement
HALF = 0.5  # of a habit's nats say who belongs
LEAST_RATE = 1e-4  # no mark is taken for rarer than one client in 10,000
CERTAIN = 0.99  # nor for surer than this


@dataclass(frozen=True)
class Files:
    """Claims with an operator and a time of settlement: `claim` indices, `operator`, `home`.

    `place`, `reason`: facility, and medicine or diagnosis, each with the kind of care and whether it was settled later (`SORTS`).
    `flags` by mark; `counted`: the same, but an invoice number and an outbreak once a desk, and any hard mark (`ANY`).
    `returning`: by operator, the households that are expected to come back to him with dear files.
    """

    claim: Longs
    operator: Longs
    home: Longs
    place: Longs
    reason: Longs
    flags: dict[str, Bools]
    counted: dict[str, Bools]
    returning: Floats


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


def search(view: View) -> list[Candidate]:
    """Operators with more irregular households than anything explains, each with the people who fit; best first."""
    files = gather(view)
    if not len(files.claim):
        return []
    worth = excesses(files, len(view.codes.operator))
    price = float(np.log(len(distinct(files.operator)))) + nats.MARGIN
    wrong = np.maximum(worth[ANY].gain, sum_of(worth, HARD))
    ways = [np.where(worth[name].stands_out(), worth[name].gain - nats.MARGIN, 0.0) for name in WAYS]
    hard, _ = nats.backed(np.stack(ways), wrong, 0.0)
    beyond = np.maximum(worth["costly"].gain - ways[WAYS.index("dear")], 0.0)  # costly and dear are one trait
    soft = np.minimum(beyond + worth["foreign"].gain, hard)
    score = hard + soft - price
    several = np.max([worth[name].count for name in (ANY, *WAYS)], axis=0) >= nats.FEWEST_HOUSEHOLDS
    good = np.flatnonzero((score > LISTED) & several)
    found = [candidate(view, files, worth, o, float(score[o])) for o in good.tolist()]
    # whoever pays twice may take in another ring's bills as well
    parts = [(some, sum_of(worth, some) - price) for some in (REST, (REPAID,))]
    two = good[np.all([alone[good] > 0 for _, alone in parts], axis=0)]
    found += [candidate(view, files, worth, o, float(alone[o]), some) for some, alone in parts for o in two.tolist()]
    return sorted(
        (c for c in found if c is not None), key=lambda c: (-min(c.coordination, c.harm), c.patients.tolist())
    )


def sum_of(worth: dict[str, Excess], names: Sequence[str]) -> Floats:
    """By operator: nats of these marks, each paid for."""
    total: Floats = np.sum([np.maximum(worth[name].gain - nats.MARGIN, 0.0) for name in names], axis=0)
    return total


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
    counted[ANY] = np.logical_or.reduce([counted[name] for name in HARD])
    return Files(
        claim=at,
        operator=operator,
        home=view.people.household[claims.patient[at]].astype(np.int64),
        place=place,
        reason=(known.reason[visit] + 1) * SORTS + sort,
        flags=flags,
        counted=counted,
        returning=back.expected,
    )


def once_each(flag: Bools, *columns: NDArray[np.integer]) -> Bools:
    """Of the files marked, the first of each combination of the columns."""
    rows = np.flatnonzero(flag)
    out = np.zeros(len(flag), np.bool_)
    out[rows[nats.distinct(*(column[rows] for column in columns))]] = True
    return out


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
        if (
            name == REPAID
        ):  # that care is paid twice is no custom of a desk, though two clerks may share the town between them
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
        found = excess(REPAID, usual)
        own = (found.count >= nats.FEWEST_HOUSEHOLDS) & (found.gain >= STANDS_OUT)
        return excess(REPAID, usual & ~own)

    def way(name: str) -> Excess:
        return held_against(name, files.returning) if name == RETURNING else habit(name)

    known = {name: way(name) if name in WAYS else excess(name, usual) for name in files.counted}
    return known | {REPAID: repaying()}


def of_one_place(place: Table, operators: int) -> Bools:
    """By operator: nearly all clients come with files of one facility."""
    facilities = np.int64(place.key.max(initial=0)) // SORTS + 1
    pairs, number = coded(place.operator * facilities + place.key // SORTS)
    most = np.zeros(operators)
    np.maximum.at(most, pairs // facilities, tally(number, place.clients))
    return most >= ONE_PLACE * tally(place.operator, place.clients, operators)


def members(
    view: View, files: Files, rows: Longs, own: Sequence[str], hard: Sequence[str] = HARD
) -> tuple[Longs, Floats]:
    """The desk's clients (`rows`: its files) whose files fit the irregular ones, with their log-odds. `own`: habits of the desk;
    `hard`: the marks that it is about.

    Of all cuts by certainty the one with the largest expected overlap (Jaccard) of those named and those who belong.
    """
    claims = view.claims
    people, who = np.unique(claims.patient[files.claim[rows]], return_inverse=True)
    n = len(people)
    carried = np.bincount(who, minlength=n).astype(np.float64)
    names = (*hard, *own, "costly")
    borne = np.stack([tally(who, files.flags[name][rows], n) for name in names], axis=1)
    usual = np.array([max(float(files.flags[name].mean()), LEAST_RATE) for name in names])
    strange = files.flags["foreign"][rows]
    account, number, _ = nats.pairs(claims.account[files.claim[rows[strange]]], who[strange])
    weight = (borne[:, :-1].sum(axis=1) > 0).astype(np.float64)
    told = np.where(np.isin(names, own), HALF, 1.0)  # honest clients come late too, and pay as much by chance
    odds = np.zeros(n)
    for _ in range(ROUNDS):
        mine, not_mine = weight[:, None], (1.0 - weight)[:, None]
        theta = (weight @ borne)[None, :] - borne * mine + 0.5
        theta /= weight @ carried - carried[:, None] * mine + 1.0
        pi = ((1.0 - weight) @ borne)[None, :] - borne * not_mine + KNOWN_CLIENTS * usual
        pi /= (1.0 - weight) @ carried - carried[:, None] * not_mine + KNOWN_CLIENTS
        fit = borne * np.log(theta / pi) + (carried[:, None] - borne) * np.log((1.0 - theta) / (1.0 - pi))
        odds = np.log((weight.sum() + 0.5) / (n - weight.sum() + 0.5)) + fit @ told
        odds += payee(account, number, weight > 0.5)
        weight = 1.0 / (1.0 + np.exp(-np.clip(odds, -50.0, 50.0)))
    ranked = np.argsort(-weight, kind="stable")
    sure = np.cumsum(weight[ranked])
    best = (
        int(np.argmax(sure / (np.arange(1, n + 1) + sure[-1] - sure))) + 1 if sure[-1] >= 1 else 0
    )  # nobody fits: no cut
    group = np.sort(ranked[:best])
    return people[group].astype(np.int64), odds[group]


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


def candidate(
    view: View, files: Files, worth: dict[str, Excess], operator: int, score: float, hard: Sequence[str] = HARD
) -> Candidate | None:
    """The operator's irregular clients as a candidate, or None where they are too few. `hard`: the marks that it is about."""
    claims = view.claims
    rows = np.flatnonzero(files.operator == operator)
    own = [name for name in WAYS if worth[name].stands_out()[operator]]
    group, odds = members(view, files, rows, own, hard)
    rows = rows[np.isin(claims.patient[files.claim[rows]], group)]
    days = len(distinct(claims.settled[files.claim[rows]] // DAY))
    if len(distinct(view.people.household[group])) < nats.FEWEST_HOUSEHOLDS or days < OCCASIONS:
        return None
    at = np.sort(files.claim[rows]).astype(np.int32)
    gains: dict[str, float] = {}
    told: list[Finding] = []
    for name, flag in files.flags.items():
        count = len(distinct(files.home[rows[files.counted[name][rows]]]))
        mu = float(worth[name].expected[operator])
        counts = name not in WAYS or name in own
        gains[name] = min(float(nats.surprise(count, mu)), CAP) if counts else 0.0
        if gains[name] > 0:
            values: dict[str, object] = {"count": count, "expected": round(mu, 1), "people": len(group)}
            key = f"reasons_kinds.irregular_{name}"
            shown = np.sort(files.claim[rows[flag[rows]]]).astype(np.int32)
            told.append(Finding(CHANNEL, "harm", key, values, count, mu, shown, gains[name]))
    traits = [max(gains[name] for name in PRICE), *(gains[name] for name in SOFT if name not in PRICE)]
    borne, _ = nats.backed(np.array(traits), sum(gains[name] for name in HARD), BEYOND)
    harm = float(borne) - nats.MARGIN
    most = worth[max((ANY, *WAYS) if hard == HARD else hard, key=lambda name: float(worth[name].gain[operator]))]
    count, mu = int(most.count[operator]), float(most.expected[operator])
    main: dict[str, object] = {
        "operator": str(view.codes.operator[operator]),
        "count": count,
        "expected": round(mu, 1),
        "people": len(group),
        "files": len(at),
        "days": days,
    }
    against: dict[str, object] = {
        "facilities": len(distinct(claims.facility[at])),
        "clients": len(distinct(files.home[files.operator == operator])),
        "expected": round(mu, 1),
    }
    findings = (
        Finding(CHANNEL, "for", "reasons_kinds.irregular", main, count, mu, at, float(most.gain[operator])),
        *told,
        Finding(CHANNEL, "against", "reasons_kinds.irregular_explained", against, count, mu, at),
    )
    strength = 1.0 / (1.0 + np.exp(-np.clip(odds, 0.0, 8.0)))
    hub = ("operator", operator, "settler")
    return Candidate(KIND, CHANNEL, group.astype(np.int32), strength, (hub,), at, score, harm, findings)  # type: ignore[arg-type]
