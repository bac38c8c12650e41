"""Prices: what a group's visits cost beside the place's others and the members' own other days.

Where a group makes much of a place's traffic it makes the place's prices too, so it is compared with the others there alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ringfinder.evidence.arrays import coded, distinct, expand, finely, most_of_one, most_within, order_by, tally
from ringfinder.evidence.hubs import WIDTH
from ringfinder.evidence.marks import Marks
from ringfinder.evidence.presence import AMOUNT_ROOM, Presence
from ringfinder.evidence.usual import log_amount, median_by
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, MINUTE, PHARMACY, Bools, Floats, Ints, Longs

OWN_PLACE = 0.2  # from this share of a spot's visits on, the group makes the spot's prices
FEW_OTHERS = 20  # fewer other visits than this tell no price: the city's median does
ALIKE, ALIKE_SHARE = 0.1, 0.5  # nearly equal amounts: this share of them within this of their median, in ln yuan
PRICE_LIST, PRICE_SHARE = 3, 0.15  # an amount that so many, and this share, of the visits have to the cent is a price
SEVERAL = 3  # prices within the band, each for many reasons, before they are no price list
ABOVE = 1.3  # equal amounts are a mark where they are so many times the usual of their like
ONE_REASON = 0.5  # or where no medicine or diagnosis makes a larger part of them: what is the same has the same price
CITY_BAND, CITY_WEIGHT = 0.1, 20.0  # share of visits within the band near the middle of a broad price distribution
COMMON = 5  # places that treat an illness, before their prices say what it costs
# where the medicines or illnesses of so many visits in a band are known, and of this share, they speak for those that are not
LEAST_TOLD, TOLD_SHARE = 5, 0.2
OF_REASON = 0.3  # of what others pay for a medicine lies within the band: then its price is there
ROOM = np.int64(1) << 40  # seconds, and millionths of ln yuan, stay far below
OUTBREAK, MOST_OF_IT = 14 * DAY, 0.8
OWN = 0.8  # of what people buy again is what they bought before: a supply of their own
RUN = 10 * MINUTE  # between two cards of one drawer


@dataclass(frozen=True)
class Rows:
    """The visits of groups, one row each, sorted by (group, row); arrays of one length but for those by place and household.

    `row` indexes presence, `visit` visits; `kind` is the kind of care. `at`: index of the row's (group, spot) pair, whose code is
    `place` (group * spots + spot) and which holds `own` of the group's visits; `total`: all visits at the row's spot. `home`: index of
    the row's (group, household) pair, which belongs to group `owner`. `visits`: rows by group.
    """

    group: Longs
    row: Longs
    visit: Longs
    spot: Longs
    kind: NDArray[np.int8]
    place: Longs
    at: Longs
    own: Longs
    total: Longs
    home: Longs
    owner: Longs
    visits: Longs

    @cached_property
    def stays(self) -> Longs:
        """By group: how many of its visits are stays."""
        return np.bincount(self.group[self.kind == INPATIENT], minlength=len(self.visits))

    @staticmethod
    def of(presence: Presence, group: Longs, row: Longs, groups: int) -> Rows:
        """Of pairs of a group and a presence row, sorted and each once; so many groups there are."""
        spot = presence.spot[row].astype(np.int64)
        place, at = coded(group * presence.spots + spot)
        homes, home = coded(group * WIDTH + presence.household[row])
        return Rows(
            group=group,
            row=row,
            visit=presence.visit[row].astype(np.int64),
            spot=spot,
            kind=presence.service[spot],
            place=place,
            at=at,
            own=np.bincount(at, minlength=len(place)),
            total=presence.total[spot],
            home=home,
            owner=homes // WIDTH,
            visits=np.bincount(group, minlength=groups),
        )


@dataclass(frozen=True)
class Strata:
    """Amounts by stratum (BLANK: none), sorted once, told apart to a millionth.

    By presence: `amount`; `order`: presences by (stratum, amount).

    By stratum + 1: `counts`, `first` (where it begins in `order`, one more at the end).
    """

    amount: Floats
    order: Ints
    counts: Longs
    first: Longs

    @staticmethod
    def of(stratum: Longs | Ints, amount: Floats) -> Strata:
        """Sort the presences' amounts."""
        counts = np.bincount(stratum + 1)
        order = order_by(stratum, finely(amount)).astype(np.int32)
        return Strata(amount, order, counts, np.r_[0, np.cumsum(counts)])

    @cached_property
    def key(self) -> Longs:
        """Stratum and amount as one rising number, for counts of a band: made once, however many contests ask."""
        return np.repeat(np.arange(len(self.counts)), self.counts) * ROOM + finely(self.amount[self.order])


@dataclass(frozen=True)
class Likes:
    """What amounts are compared with, worked out once for all groups. `amount`: ln yuan by visit, of whatever is compared.

    `own` by visit: code of the person and kind of care, with their `total` and `count`. `city`: median by kind of care.
    `treated_at`: by reason, how many places have stays for it.
    """

    amount: Floats
    by_spot: Strata
    by_reason: Strata
    own: Ints
    total: Floats
    count: Longs
    city: Floats
    treated_at: Longs

    @staticmethod
    def of(presence: Presence, marks: Marks, amount: Floats, own: Ints, count: Longs, treated_at: Longs) -> Likes:
        """Prepare one kind of amount."""
        here = amount[presence.visit]
        return Likes(
            amount,
            Strata.of(presence.spot, here),
            Strata.of(marks.reason[presence.visit], here),
            own,
            tally(own, amount, len(count)),
            count,
            median_by(presence.service[presence.spot].astype(np.int32), here, 3),
            treated_at,
        )


def likes(presence: Presence, marks: Marks) -> tuple[Likes, Likes]:
    """Of the amounts as they are, and by the day of a stay."""
    visits, amount = presence.view.visits, log_amount(presence.view)
    days = np.maximum(1.0, (visits.end - visits.start) / DAY)
    a_day = amount - np.log(np.where(visits.service == INPATIENT, days, 1.0))
    own = visits.patient * np.int32(3) + visits.service
    count = np.bincount(own, minlength=3 * len(presence.view.codes.patient))
    treated_at = places_treating(presence, marks)
    as_it_is = Likes.of(presence, marks, amount, own, count, treated_at)
    return as_it_is, Likes.of(presence, marks, a_day, own, count, treated_at)


def usual_of_others(marks: Marks, known: Likes, rows: Rows) -> Floats:
    """By row, the largest of: the median of the place's others, of the reason's others, the mean of the person's own other visits.

    The city's median for that kind of care where nobody tells.
    """
    told = [
        others_median(known.by_spot, rows, rows.spot),
        others_median(known.by_reason, rows, marks.reason[rows.visit]),
        own_others(known, rows),
    ]
    usual: Floats = np.maximum.reduce([np.where(np.isnan(one), -np.inf, one) for one in told])
    silent = np.isneginf(usual)
    usual[silent] = known.city[rows.kind[silent]]
    return usual


def others_median(strata: Strata, rows: Rows, mine: Longs | Ints) -> Floats:
    """By row: median amount of the presences of its stratum (`mine`), the group's taken out where it makes much of them.

    NaN where the stratum is BLANK or holds fewer than `FEW_OTHERS` others.
    """
    amount, order, counts, first = strata.amount, strata.order, strata.counts, strata.first
    width = np.int64(len(counts))
    pairs, at = coded(rows.group * width + mine + 1)
    of = pairs % width
    own = np.bincount(at, minlength=len(pairs))
    others = counts[of] - own
    out = amount[order[np.minimum(first[of] + (counts[of] - 1) // 2, len(order) - 1)]] if len(order) else np.zeros(0)
    heavy = np.flatnonzero((own >= OWN_PLACE * counts[of]) & (others >= FEW_OTHERS) & (of > 0))
    if len(heavy):
        index, which = expand(first[of[heavy]], first[of[heavy] + 1])
        key = np.sort(at * np.int64(len(amount)) + rows.row)
        wanted = heavy[which] * np.int64(len(amount)) + order[index]
        strangers = key[np.minimum(np.searchsorted(key, wanted), len(key) - 1)] != wanted
        out[heavy] = median_by(which[strangers].astype(np.int32), amount[order[index[strangers]]], len(heavy))
    out[(others < FEW_OTHERS) | (of == 0)] = np.nan
    return out[at]


def own_others(known: Likes, rows: Rows) -> Floats:
    """By row: mean amount of the person's other visits of that kind of care, all of the group's meetings left out; else NaN."""
    mine = known.own[rows.visit]
    at = coded(rows.group * len(known.total) + mine)[1]
    here = tally(at, known.amount[rows.visit])[at]
    n = np.bincount(at)[at] if len(at) else np.zeros(0, np.int64)
    others = known.count[mine] - n
    return np.where(others > 0, (known.total[mine] - here) / np.maximum(1, others), np.nan)


def dear(known: tuple[Likes, Likes], usual: tuple[Floats, Floats], rows: Rows, times: float) -> Bools:
    """By row: over `times` the `usual` of all its likes; a stay also for each of its days, since a long stay costs more."""
    out: Bools = np.ones(len(rows.row), np.bool_)
    for of, others in zip(known, usual, strict=True):
        out &= of.amount[rows.visit] > np.log(times) + others
    return out


def equal_amounts(presence: Presence, marks: Marks, rows: Rows) -> tuple[Bools, Floats]:
    """By row: within 10 % of the group's median at its spot but not of one price; and how likely that is by chance.

    Chance is the share of the spot's other visits that lie in that band.
    """
    amount = presence.log_amount[rows.row]
    middle = median_by(rows.at.astype(np.int32), amount, len(rows.place))
    near: Bools = np.abs(amount - middle[rows.at]) <= ALIKE
    near &= ~listed(presence, marks, rows, near)
    spot = rows.place % presence.spots
    band = spot * AMOUNT_ROOM + middle
    inside = np.searchsorted(presence.amounts, band + ALIKE, "right") - np.searchsorted(presence.amounts, band - ALIKE)
    mine = tally(rows.at, near, len(rows.place))
    others = np.maximum(0, presence.total[spot] - rows.own)
    rate = (np.maximum(0.0, inside - mine) + CITY_WEIGHT * CITY_BAND) / (others + CITY_WEIGHT)
    return near, rate[rows.at]


def listed(presence: Presence, marks: Marks, rows: Rows, inside: Bools) -> Bools:
    """By row: of an amount so common in the group that it is a price.

    A price list has a price for each thing. `SEVERAL` prices side by side (`inside` the band), of outpatients and purchases, none of
    which is any medicine's or diagnosis's, are amounts that somebody chose.
    """
    cents, amounts = coded(presence.view.visits.amount[rows.visit])[::-1]
    prices, price = coded(rows.at * np.int64(len(amounts)) + cents)
    of_group = coded(rows.group * np.int64(len(amounts)) + cents)[1]
    common = np.bincount(of_group)[of_group] >= np.maximum(PRICE_LIST, PRICE_SHARE * rows.visits[rows.group])
    reason = marks.reason[rows.visit].astype(np.int64)
    told = np.flatnonzero(inside & (rows.kind != INPATIENT) & (reason != BLANK))
    size = len(prices)
    held = np.bincount(price[inside], minlength=size)
    chosen = most_of_one(price[told], reason[told], size) <= ONE_REASON * held
    chosen &= (held >= PRICE_LIST) & (np.bincount(price[told], minlength=size) == held)
    several = np.bincount(prices[chosen] // max(1, len(amounts)), minlength=len(rows.place)) >= SEVERAL
    out: Bools = common & ~(chosen[price] & several[rows.at])
    return out


def for_many_reasons(presence: Presence, marks: Marks, known: Likes, rows: Rows, near: Bools) -> Bools:
    """By row: in the band (`near`) of a spot, and no price explains it.

    Where no medicine or diagnosis makes more than `ONE_REASON` of the band, equal amounts for different ones are somebody's choice.
    Where one does, its price may explain the band: unless fewer than `OF_REASON` of what others pay for it lie there. Of
    stays that tells only where `COMMON` places treat the illness: a rare treatment costs what the one or two that offer it take.
    Of outpatients only a medicine tells it: an illness is examined and treated in many ways, and each has its price.
    Registers leave many reasons out: those that are known speak for the others where they are many (`enough_told`).
    """
    reason = marks.reason[rows.visit]
    told = np.flatnonzero(near & ((reason != BLANK) | by_medicine(presence, rows)))
    out = np.zeros(len(near), np.bool_)
    if len(told):
        many = one_for_many(presence, rows, told, reason[told])
        out = near & (many & enough_told(rows, near, told))[rows.at]
        out[told] = many[rows.at[told]]
    told = told[reason[told] != BLANK]
    if len(told):
        width = np.int64(reason.max()) + 1
        pairs, which = coded(rows.at[told] * width + reason[told])
        at = pairs // width
        middle = median_by(which.astype(np.int32), known.amount[rows.visit[told]], len(pairs))
        low, high = middle - ALIKE, middle + ALIKE
        inside, everybody = around(known.by_reason, pairs % width, low, high)
        mine = np.flatnonzero(reason != BLANK)  # the group's own, wherever they are
        of_group = rows.place[at] // presence.spots
        own = coded(np.r_[rows.group[mine] * width + reason[mine], of_group * width + pairs % width])[1]
        group, wanted = own[: len(mine)], own[len(mine) :]
        table = Strata.of(group, known.amount[rows.visit[mine]])
        own_inside, own_all = around(table, wanted, low, high)
        strangers = everybody - own_all
        rare = (strangers >= FEW_OTHERS) & (inside - own_inside < OF_REASON * strangers)
        common = known.treated_at[reason[told]] >= COMMON
        bought = (rows.kind[told] == PHARMACY) | (presence.view.visits.drug[rows.visit[told]] != BLANK)
        out[told] |= rare[which] & np.where(rows.kind[told] == INPATIENT, common, bought)
    return out


def places_treating(presence: Presence, marks: Marks) -> Longs:
    """By reason: how many places have stays for it."""
    stays = presence.service[presence.spot] == INPATIENT
    reason, place = marks.reason[presence.visit[stays]], presence.facility[presence.spot[stays]]
    told = reason != BLANK
    width = np.int64(len(presence.view.codes.facility))
    pairs = distinct(reason[told].astype(np.int64) * width + place[told])
    return np.bincount(pairs // width, minlength=int(marks.reason.max(initial=0)) + 1)


def by_medicine(presence: Presence, rows: Rows) -> Bools:
    """By row: the medicine is known, of a visit that is no stay."""
    out: Bools = (presence.view.visits.drug[rows.visit] != BLANK) & (rows.kind != INPATIENT)
    return out


def one_for_many(presence: Presence, rows: Rows, told: Longs, reason: Longs) -> Bools:
    """By place of a group: no medicine makes more than `ONE_REASON` of the rows `told` there; no diagnosis, where no medicine is known.

    Two medicines for one illness have two prices.
    """
    drug = presence.view.visits.drug[rows.visit[told]].astype(np.int64)
    what = np.where(by_medicine(presence, rows)[told], drug, len(presence.view.codes.drug) + reason)
    most = most_of_one(rows.at[told], what, len(rows.place))
    out: Bools = most <= ONE_REASON * np.bincount(rows.at[told], minlength=len(rows.place))
    return out


def enough_told(rows: Rows, near: Bools, told: Longs) -> Bools:
    """By place of a group: the reasons of `LEAST_TOLD` rows in the band are known, and of `TOLD_SHARE` of them."""
    size = len(rows.place)
    known = np.bincount(rows.at[told], minlength=size)
    out: Bools = (known >= LEAST_TOLD) & (known >= TOLD_SHARE * np.bincount(rows.at[near], minlength=size))
    return out


def around(strata: Strata, stratum: Longs, low: Floats, high: Floats) -> tuple[Longs, Longs]:
    """Of each stratum: how many of its amounts lie in [low, high], and how many it has."""
    first, last = strata.first[stratum + 1], strata.first[stratum + 2]
    lo = np.searchsorted(strata.key, (stratum + 1) * ROOM + finely(low))
    hi = np.searchsorted(strata.key, (stratum + 1) * ROOM + finely(high), side="right")
    return hi - lo, last - first


def in_a_run(presence: Presence, rows: Rows, near: Bools) -> Bools:
    """By row: within `RUN` of another household's visit of the group at the same spot, both in the band (`near`).

    Cards that lie in one drawer are swiped one after the other; who comes for a day of special offers comes when it suits him.
    """
    out = np.zeros(len(near), np.bool_)
    chosen = np.flatnonzero(near)
    time = presence.time[rows.row]
    chosen = chosen[order_by(rows.at[chosen], time[chosen], chosen)]
    if len(chosen) and presence.view.hours_known:
        a, b = chosen[:-1], chosen[1:]
        soon = (rows.at[a] == rows.at[b]) & (rows.home[a] != rows.home[b]) & (time[b] - time[a] <= RUN)
        out[a[soon]] = True
        out[b[soon]] = True
    return out


def own_supply(presence: Presence, rows: Rows, chosen: Bools) -> Bools:
    """By group: most of what its people buy again (`chosen` rows) is the medicine that each bought before, as the chronically ill do.

    A carer who fetches the monthly packs of many elders pays one after the other, and much the same for each; whoever empties cards takes
    what sells.
    """
    n = len(rows.visits)
    at = np.flatnonzero(chosen)
    drug = presence.view.visits.drug[rows.visit[at]]
    at, drug = at[drug != BLANK], drug[drug != BLANK]
    person = presence.patient[rows.row[at]]
    order = order_by(rows.group[at], person, presence.time[rows.row[at]], at)
    group, person, drug = rows.group[at][order], person[order], drug[order]
    again = (group[1:] == group[:-1]) & (person[1:] == person[:-1])
    repeats = np.bincount(group[1:][again], minlength=n)
    same = tally(group[1:][again], (drug[1:] == drug[:-1])[again], n)
    out: Bools = (repeats >= LEAST_TOLD) & (same >= OWN * repeats)
    return out


def lasting(presence: Presence, rows: Rows, flag: Bools) -> Bools:
    """The rows marked, of groups that do not bear the mark within one outbreak alone: `OUTBREAK` holds at most `MOST_OF_IT` of them.

    A class that has the flu is treated alike, in a row, for some days.
    """
    marked = np.flatnonzero(flag)
    start = presence.view.visits.start[rows.visit[marked]]
    group, size = rows.group[marked], int(rows.group.max(initial=-1)) + 1
    within, total = most_within(group, start, OUTBREAK, size), np.bincount(group, minlength=size)
    out: Bools = flag & (within <= MOST_OF_IT * total)[rows.group]
    return out
