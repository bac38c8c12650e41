"""How an operator settles files, where it differs from how the other operators do: what a clerk does for friends, he does apart.

| mark | a file bears it when |
| --- | --- |
| late | fewer than 2 % of the other operators' files of that kind are settled in that hour of the day, and the patient has gone |
| even | its amount lies in the operator's densest band, of a tenth of the amount, with bills of three places or illnesses and no price |
| twice | it is one of two or more files of one household, for care at one place on one day, that cost about the same |
| dear | fewer than 2 % of the other operators' files of that facility and kind cost as much, and it is no price of a day of treatments |
| overpaid | the fund bears a larger part of it than of any usual file of that kind, for people of that category |

Every operator has a densest band, so the others tell how dense one is by chance. None of these is wrong in itself: overtime, a
course of treatment, two slips of one visit, a desk for hardship cases; `irregular` counts one alone no further than what cannot alert.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import coded, distinct_per, finely, order_by, runs
from ringfinder.evidence.view import BLANK, DAY, HOUR, PHARMACY, Bools, Floats, Longs, View

MARKS = ("late", "even", "twice", "overpaid", "dear")
OFTEN = 2.0  # times what the others let expect: colleagues differ a little for many reasons
LATE = 0.02  # of the others' files
STILL_THERE = 2 * HOUR  # after the end of the care: whoever is seen in the evening pays in the evening
DEAREST = 0.02  # of the others' files of the facility and kind
TREATED = (
    3  # households that pay the same to the cent on one day: a vaccination after bites has a price, and is dear for all
)
BAND = 0.1  # ln of the amount
LEAST_FILES = 20  # of one kind at a desk, before their densest band says anything
DIFFERENT = 3  # places or illnesses in a band that is no price
PRICE = 0.2  # of a band's files cost the same to the cent: a price
ABOUT = 0.15  # ln of the amount, between two files of one day
# Of the parts that the fund bears of files of one kind and category: this quantile lies above the median by some width; usual files
# end one more such width above it, and no less than a few points
HIGH, LEAST_WIDTH = 0.9, 0.05
FEW_ALIKE = 50  # files of one kind and category, before they tell what is usual; else those of the kind do


def of_desks(view: View, at: Longs, operator: Longs, sort: Longs) -> dict[str, Bools]:
    """The marks of files. `at`: claims; `sort`: kind of care, settled at the till or later; by file.

    A shop's till is no desk: who runs a shop keeps his own hours, and his cards are the business of other channels.
    """
    rows = np.flatnonzero(view.claims.service[at] != PHARMACY)
    whole, at, operator, sort = len(at), at[rows], operator[rows], sort[rows]
    borne = {
        "late": late(view.claims.settled[at], operator, sort) & ~on_the_spot(view, at),
        "even": even(view, at, operator, sort),
        "twice": twice(view, at, operator),
        "overpaid": overpaid(view, at, sort),
        "dear": dear(view, at, operator, sort),
    }
    flags = {name: np.zeros(whole, np.bool_) for name in borne}
    for name, flag in borne.items():
        flags[name][rows] = flag
    return flags


def on_the_spot(view: View, at: Longs) -> Bools:
    """Settled as the care ended, or so soon that the patient was still there: the hour is that of his visit, and no clerk's choice."""
    claims = view.claims
    ended, settled = claims.end[at], claims.settled[at]
    there: Bools = (settled >= ended) & (settled <= ended + STILL_THERE)
    return there


def late(settled: Longs, operator: Longs, sort: Longs) -> Bools:
    """Settled at an hour when hardly any other operator settles that kind of file."""
    hour = settled % DAY // HOUR
    sorts = np.int64(sort.max(initial=0)) + 1
    town = np.bincount(sort * 24 + hour, minlength=int(sorts) * 24)
    total = np.bincount(sort, minlength=int(sorts))
    own_hour = coded((operator * sorts + sort) * 24 + hour)[1]
    own = coded(operator * sorts + sort)[1]
    if not len(own):
        return np.zeros(0, np.bool_)
    others = total[sort] - np.bincount(own)[own]
    then = town[sort * 24 + hour] - np.bincount(own_hour)[own_hour]
    return (others >= LEAST_FILES) & (then < LATE * others)


def even(view: View, at: Longs, operator: Longs, sort: Longs) -> Bools:
    """In the densest band of amounts of its operator and kind, where that holds bills of several places or illnesses."""
    claims = view.claims
    out = np.zeros(len(at), np.bool_)
    if not len(at):
        return out
    value = np.log(np.maximum(claims.amount[at], 100) / 100.0)
    desk = coded(operator * (np.int64(sort.max()) + 1) + sort)[1]
    room = 100.0
    order = order_by(desk * room + value)
    key = (desk * room + value)[order]
    dense = np.searchsorted(key, key + BAND, side="right") - np.arange(len(key))
    most = np.zeros(int(desk.max()) + 1, np.int64)
    np.maximum.at(most, desk[order], dense)
    first = np.full(len(most), len(key), np.int64)
    np.minimum.at(first, desk[order], np.where(dense == most[desk[order]], np.arange(len(key)), len(key)))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    out = (place >= first[desk]) & (place < first[desk] + most[desk]) & (np.bincount(desk)[desk] >= LEAST_FILES)
    chosen = np.flatnonzero(out)
    told = chosen[claims.diagnosis[at[chosen]] != BLANK]
    desks = len(most)
    places = distinct_per(desk[chosen], claims.facility[at[chosen]], desks)
    illnesses = distinct_per(desk[told], claims.diagnosis[at[told]], desks)
    cents = coded(desk[chosen] * (np.int64(claims.amount.max()) + 1) + claims.amount[at[chosen]])[1]
    same = np.zeros(desks, np.int64)
    np.maximum.at(same, desk[chosen], np.bincount(cents)[cents])
    chosen_ones = (places >= DIFFERENT) | (illnesses >= DIFFERENT)
    chosen_ones &= same <= np.maximum(2, PRICE * np.bincount(desk[chosen], minlength=desks))
    return out & chosen_ones[desk]


def twice(view: View, at: Longs, operator: Longs) -> Bools:
    """One of several files of one household, for care at one place on one day, that cost about the same."""
    claims = view.claims
    household = view.people.household[claims.patient[at]].astype(np.int64)
    day = claims.start[at] // DAY
    order = order_by(operator, household, claims.facility[at], day, claims.amount[at])
    a, b = order[:-1], order[1:]
    value = np.log(np.maximum(claims.amount[at], 100) / 100.0)
    near = (operator[a] == operator[b]) & (household[a] == household[b]) & (day[a] == day[b])
    near &= (claims.facility[at[a]] == claims.facility[at[b]]) & (np.abs(value[a] - value[b]) <= ABOUT)
    out = np.zeros(len(at), np.bool_)
    out[a[near]] = True
    out[b[near]] = True
    return out


def overpaid(view: View, at: Longs, sort: Longs) -> Bools:
    """The fund bears more of it than of usual files of that kind and category, and of that kind alone where these are few."""
    claims = view.claims
    amount = claims.amount[at]
    part = np.clip(claims.fund[at], 0, None) / np.maximum(amount, 1)
    category = view.people.category[claims.patient[at]].astype(np.int64) + 1
    alike = sort * (category.max(initial=0) + 1) + category
    most = np.where(np.bincount(alike)[alike] >= FEW_ALIKE, usual_end(alike, part), usual_end(sort, part))
    enough = np.bincount(sort)[sort] >= FEW_ALIKE
    out: Bools = enough & (amount > 0) & (part > most)
    return out


def dear(view: View, at: Longs, operator: Longs, sort: Longs) -> Bools:
    """It costs what hardly any file costs that other operators settle for that facility and kind, nor what `TREATED` pay on a day."""
    place = view.claims.facility[at] * (np.int64(sort.max(initial=0)) + 1) + sort
    amount = view.claims.amount[at]
    total, above = at_least(place, amount)
    own, own_above = at_least(coded(place * (operator.max(initial=0) + 1) + operator)[1], amount)
    others = total - own
    out = (others >= FEW_ALIKE) & (above - own_above < DEAREST * others)
    rows = np.flatnonzero(out)
    out[rows] = ~of_a_treatment(view, at[rows], place[rows])
    return out


def of_a_treatment(view: View, at: Longs, place: Longs) -> Bools:
    """By claim: `TREATED` households paid the same to the cent at its place (`place`) for care on that day."""
    claims = view.claims
    if not len(at):
        return np.zeros(0, np.bool_)
    spot = coded(place)[1] * (claims.start[at].max() // DAY + 1) + claims.start[at] // DAY
    price = coded(coded(spot)[1] * (claims.amount[at].max() + 1) + claims.amount[at])[1]
    homes = distinct_per(price, view.people.household[claims.patient[at]], int(price.max()) + 1)
    treated: Bools = (homes >= TREATED)[price]
    return treated


def at_least(group: Longs, amount: Longs) -> tuple[Longs, Longs]:
    """By file: how many files its group has, and how many of them cost as much or more."""
    if not len(group):
        return group, group
    order = order_by(group, amount)
    group, amount = group[order], amount[order]
    start, end, run = runs(group)
    same, _, alike = runs(group, amount)
    size, above = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    size[order], above[order] = (end - start)[run], end[run] - same[alike]
    return size, above


def usual_end(group: Longs, part: Floats) -> Floats:
    """By file, where the usual parts of its group end."""
    order = order_by(group, finely(part))
    size = np.bincount(group)
    first = np.cumsum(size) - size
    sorted_part = part[order]
    middle, high = (
        sorted_part[np.minimum(first + (q * np.maximum(size - 1, 0)).astype(np.int64), len(part) - 1)]
        for q in (0.5, HIGH)
    )
    end: Floats = high + np.maximum(high - middle, LEAST_WIDTH)
    return end[group]
