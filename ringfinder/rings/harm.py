"""Harm: how far the visits of a group's meetings bear marks that no honest group bears.

Of n meeting visits k bear a mark; mu = sum over them of max(rate of that kind of care in the city, rate among the place's other
visitors, smoothed with 20 at the city's rate). L = k ln(k/mu) - (k - mu), at most 40 nats, counted only where k/n reaches the
mark's typical share (`marks.TYPICAL`), less ln(marks) for having chosen it among all. H = sum of L. Two marks are of the group:
stays of one length, and nearly (not exactly: that is a price list) equal amounts.

Some marks only confirm (`CONFIRMING`): a village that a charity takes to a hospital stays equally long and is paid through one
account. Together they count no more than the others do.
Slips in a register (death, sex, birth) mark all visits of a person and count once a household; so does a distant home.
"Far" counts only for people who also live far from one another: a common origin is an honest explanation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import distinct, tally
from ringfinder.evidence.hubs import WIDTH
from ringfinder.evidence.marks import COSTLY, TYPICAL, Marks, log_amount, median_by
from ringfinder.evidence.presence import Presence, expand
from ringfinder.evidence.view import DAY, INPATIENT, Bools, Floats, Longs
from ringfinder.rings.groups import Groups
from ringfinder.rings.meetings import Meetings

MOST = 40.0
SMOOTHING = 20.0
RAREST = 5e-5  # no mark is taken for rarer than one visit in 20,000
OWN_PLACE = (
    0.2  # from this share of a spot's visits on, the group makes the spot's prices: compare with the others alone
)
ALIKE, ALIKE_SHARE = 0.1, 0.6  # nearly equal amounts: this share of them within this of their median
GROUP_MARKS = ("alike", "length")
CONFIRMING = ("length", "foreign", "stockpile")
REGISTER = ("dead", "misfit")  # one slip in a register marks all visits of a person: counted once a household
APART_KM = 5.0
EPISODE = 45 * DAY  # an accident with its follow-up visits
PRICE_LIST, PRICE_SHARE = (
    3,
    0.15,
)  # an amount that so many, and this share, of a group's visits have to the cent is a price


@dataclass(frozen=True)
class Harm:
    """By group: `score` (H, nats), `visits` (n), `fit`: share of the households that bear the marks, weighed by nats.

    By mark and group: `nats`, `borne` (k), `expected` (mu).
    """

    score: Floats
    fit: Floats
    visits: Longs
    nats: dict[str, Floats]
    borne: dict[str, Floats]
    expected: dict[str, Floats]


@dataclass(frozen=True)
class Rates:
    """How common each mark is: `city` by mark and kind of care, `at_spot` marked attendances by mark and spot."""

    marks: Marks
    city: dict[str, Floats]
    at_spot: dict[str, Floats]


def rates(presence: Presence, marks: Marks) -> Rates:
    """The base rates of all marks, counted once for all groups."""
    kind = presence.service[presence.spot]
    total = np.maximum(1, np.bincount(kind, minlength=3))
    city: dict[str, Floats] = {}
    at_spot: dict[str, Floats] = {}
    for name, flag in marks.flags.items():
        here = flag[presence.visit]
        city[name] = np.maximum(tally(kind, here, 3) / total, RAREST)
        at_spot[name] = tally(presence.spot, here, presence.spots)
    return Rates(marks, city, at_spot)


def harm(presence: Presence, known: Rates, groups: Groups, meetings: Meetings, counted: Bools) -> Harm:
    """H of every group over the visits of the members at its counted meetings. `counted`: by meeting."""
    marks = known.marks
    chosen = meetings.member & counted[meetings.meeting]
    row, group = meetings.row[chosen], meetings.group[meetings.meeting[chosen]]
    n = groups.count
    keys = distinct(group * len(presence.visit) + row)
    group, row = keys // max(1, len(presence.visit)), keys % max(1, len(presence.visit))
    visit, spot = presence.visit[row].astype(np.int64), presence.spot[row].astype(np.int64)
    visits = np.bincount(group, minlength=n)
    place, at = np.unique(group * presence.spots + spot, return_inverse=True)
    own = np.bincount(at, minlength=len(place))
    flags = dict(marks.flags)
    here = {name: flag[visit] for name, flag in flags.items()}
    here["far"] = here["far"] & scattered(presence, marks, row, group, n)
    here["costly"] = costly_beside_others(presence, marks, here["costly"], row, at, place, own)
    here["costly"] &= ~episode(meetings, counted, n)[group]
    price = np.log(len(flags) + len(GROUP_MARKS))
    nats: dict[str, Floats] = {}
    borne: dict[str, Floats] = {}
    expected: dict[str, Floats] = {}
    kind = presence.service[spot]
    homes, home = np.unique(group * WIDTH + presence.household[row], return_inverse=True)
    owner = homes // WIDTH
    fitting = np.zeros(n)
    for name in flags:
        rate, at_spot = known.city[name], known.at_spot[name]
        mine = tally(at, here[name], len(place))
        others = np.maximum(0.0, at_spot[spot] - mine[at]) + SMOOTHING * rate[kind]
        local = others / (np.maximum(0, presence.total[spot] - own[at]) + SMOOTHING)
        mu = tally(group, np.maximum(rate[kind], local), n)
        k = tally(group, here[name], n)
        of = visits.astype(np.float64)
        if name in REGISTER:
            chance = np.minimum(1.0, tally(home, np.maximum(rate[kind], local)))
            seen = tally(home, here[name]) > 0
            k, mu, of = tally(owner, seen, n), tally(owner, chance, n), tally(owner, np.ones(len(owner)), n)
        elif name == "far":
            weight = 1.0 / np.bincount(home)[home]
            k = tally(group, here[name] * weight, n)
            mu = tally(group, np.maximum(rate[kind], local) * weight, n)
            of = tally(owner, np.ones(len(owner)), n)
        nats[name] = surprise(k, mu, k >= TYPICAL[name] * of, price)
        if name not in CONFIRMING:
            fitting += nats[name] * share_of_homes(here[name], home, owner, n)
        borne[name], expected[name] = k, mu
    *amount, near = alike_amounts(presence, row, group, at, place, own, n)
    length = alike_lengths(presence, row, group, at, place, n)
    for name, (k, mu, enough) in (("alike", amount), ("length", length)):
        nats[name] = (
            surprise(k, mu, enough, price) if name == "alike" else np.where(enough, np.maximum(0.0, k - price), 0.0)
        )
        borne[name], expected[name] = k, mu
    fitting += nats["alike"] * share_of_homes(near, home, owner, n)
    if groups.count:  # whom a hub names is paid through it: that is how the group was found, and no second fact
        nats["foreign"] = np.where(groups.has_hub(), 0.0, nats["foreign"])
    primary = np.sum([nats[name] for name in sorted(nats) if name not in CONFIRMING], axis=0)
    confirming = np.sum([nats[name] for name in CONFIRMING], axis=0)
    fit = fitting / np.maximum(primary, 1e-9)
    score = primary + np.minimum(primary, confirming)
    return Harm(score, fit, visits, nats, borne, expected)


def episode(meetings: Meetings, counted: Bools, n: int) -> Bools:
    """By group: all its meetings lie within one episode (an accident, an outbreak), whose care is dear for all alike."""
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, meetings.group[counted], meetings.first[counted])
    np.maximum.at(last, meetings.group[counted], meetings.last[counted])
    return (last >= first) & (last < first + EPISODE)


def scattered(presence: Presence, marks: Marks, row: Longs, group: Longs, n: int) -> Bools:
    """By visit: the person's home lies apart from the middle of the group's homes; true where homes are unknown."""
    patient = presence.patient[row]
    x, y = marks.home_x[patient], marks.home_y[patient]
    told = np.isfinite(x)
    out = np.ones(len(row), np.bool_)
    if told.any():
        middle_x = median_by(group[told].astype(np.int32), x[told], n)
        middle_y = median_by(group[told].astype(np.int32), y[told], n)
        km = np.hypot(x - middle_x[group], y - middle_y[group])
        out = ~np.isfinite(km) | (km > APART_KM)
    return out


def share_of_homes(flag: Bools, home: Longs, owner: Longs, n: int) -> Floats:
    """By group: share of its households with a visit marked."""
    marked = tally(home, flag, len(owner)) > 0
    return tally(owner, marked, n) / np.maximum(1, np.bincount(owner, minlength=n))


def surprise(k: Floats, mu: Floats, enough: Bools, price: float) -> Floats:
    """Poisson log-likelihood ratio in nats, capped, less the price of choosing the mark; 0 where too few bear it."""
    ratio = k * np.log(np.maximum(k, 1e-9) / np.maximum(mu, 1e-9)) - (k - mu)
    return np.where(enough & (k > mu) & (k >= 2), np.clip(ratio - price, 0.0, MOST), 0.0)


def others_median(presence: Presence, amount: Floats, row: Longs, at: Longs, place: Longs, own: Longs) -> Floats:
    """By (group, spot): median ln amount of the spot's other visits where the group makes much of its traffic, else NaN."""
    spot = place % presence.spots
    heavy = np.flatnonzero(own >= OWN_PLACE * presence.total[spot])
    out = np.full(len(place), np.nan)
    if not len(heavy):
        return out
    low = np.searchsorted(presence.spot, spot[heavy])
    index, which = expand(low, low + presence.total[spot[heavy]])
    width = np.int64(len(presence.visit))
    mine = np.sort(at * width + row)
    wanted = heavy[which] * width + index
    found = mine[np.minimum(np.searchsorted(mine, wanted), len(mine) - 1)] == wanted
    index, which = index[~found], which[~found]
    city = [median_of(amount[presence.visit[presence.service[presence.spot] == s]]) for s in range(3)]
    median = median_by(which.astype(np.int32), amount[presence.visit[index]], len(heavy))
    few = np.bincount(which, minlength=len(heavy)) < SMOOTHING
    median[few] = np.array(city)[presence.service[spot[heavy]][few]]
    out[heavy] = median
    return out


def median_of(values: Floats) -> float:
    return float(np.median(values)) if len(values) else 0.0


def costly_beside_others(
    presence: Presence, marks: Marks, flag: Bools, row: Longs, at: Longs, place: Longs, own: Longs
) -> Bools:
    """The mark "costly", with the place's usual taken from the others where the group makes the place's prices."""
    amount = log_amount(presence.view)
    median = others_median(presence, amount, row, at, place, own)[at]
    visit = presence.visit[row]
    usual = np.where(np.isnan(median), marks.place_usual[visit], median)
    return flag | (
        amount[visit]
        > np.log(COSTLY) + np.maximum(np.maximum(usual, marks.own_usual[visit]), marks.reason_usual[visit])
    )


def alike_amounts(
    presence: Presence, row: Longs, group: Longs, at: Longs, place: Longs, own: Longs, n: int
) -> tuple[Floats, Floats, Bools, Bools]:
    """Nearly equal amounts: visits within 10 % of the group's median at a spot, but not of one price.

    Expected: how many of the spot's other visits lie in that band. Returns (k, mu, enough) by group and which visits lie in it.
    """
    amount = log_amount(presence.view)
    visit = presence.visit[row]
    middle = median_by(at.astype(np.int32), amount[visit], len(place))
    near = np.abs(amount[visit] - middle[at]) <= ALIKE
    cents = presence.view.visits.amount[visit]
    price, times = np.unique(np.stack([group, cents]), axis=1, return_inverse=True, return_counts=True)[1:]
    visits = np.bincount(group, minlength=n)[group]
    near &= times[price.ravel()] < np.maximum(PRICE_LIST, PRICE_SHARE * visits)
    spot = place % presence.spots
    ordered = np.lexsort((presence.log_amount, presence.spot))
    low = np.searchsorted(presence.spot, spot)
    inside = np.zeros(len(place))
    for i in range(len(place)):  # one look-up a (group, spot); values are sorted within the spot
        part = presence.log_amount[ordered[low[i] : low[i] + presence.total[spot[i]]]]
        inside[i] = np.searchsorted(part, middle[i] + ALIKE, "right") - np.searchsorted(part, middle[i] - ALIKE, "left")
    mine = tally(at, near, len(place))
    city = 0.1  # share of visits in a band of 20 % width near the centre of a broad price distribution
    rate = (np.maximum(0.0, inside - mine) + SMOOTHING * city) / (np.maximum(0, presence.total[spot] - own) + SMOOTHING)
    k = tally(group, near, n)
    mu = tally(group, rate[at], n)
    return k, mu, k >= ALIKE_SHARE * np.bincount(group, minlength=n), near


def alike_lengths(
    presence: Presence, row: Longs, group: Longs, at: Longs, place: Longs, n: int
) -> tuple[Floats, Floats, Bools]:
    """Stays of one length: n ln(sd of ln days at the spot / of the group) by spot, in nats; (nats, sd, enough) by group."""
    visits = presence.view.visits
    days = np.log(np.maximum(1.0, (visits.end - visits.start) / DAY))
    spot = place % presence.spots
    stays = presence.service[spot] == INPATIENT
    everywhere = days[presence.visit]
    total = np.maximum(1, presence.total)
    mean = tally(presence.spot, everywhere, presence.spots) / total
    square = tally(presence.spot, everywhere**2, presence.spots) / total
    usual = np.sqrt(np.maximum(0.0, square - mean**2))[spot]
    mine = days[presence.visit[row]]
    count = np.maximum(1, np.bincount(at, minlength=len(place)))
    centre = tally(at, mine, len(place)) / count
    own = np.sqrt((tally(at, (mine - centre[at]) ** 2, len(place)) + usual**2) / count)
    useful = stays & (count >= 5) & (usual > 0.1)
    gain = np.where(useful, count * np.log(np.maximum(usual, 1e-9) / np.maximum(own, 0.05)) - 3.0, 0.0)
    k = tally(place // presence.spots, np.clip(gain, 0.0, MOST / 2), n)
    return k, np.zeros(n), k > 0
