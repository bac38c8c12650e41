"""Marks of harm: properties of one visit that no honest group shares, each with the rate at which everybody bears it.

| mark | a visit bears it when |
| --- | --- |
| travel | the person was at another place before or after, faster than 90 km/h and more than 3 km away |
| in_bed | the person lay in another facility's bed at that time (both visits bear it) |
| dead | it starts more than a day after the person's death |
| misfit | its diagnosis hardly ever occurs in that sex (3 %) or decade of age (1 %), or ICD-10 limits it to the other sex |
| invoice | its invoice number came back at the same place for another household on another day |
| costly | it costs over 2.5 times what the place usually takes, what the person pays on other days, and what its medicine or
  diagnosis costs elsewhere |
| stockpile | the same person bought the same medicine within the ten days before or after at another till |
| tour | a purchase within six hours of the same person's purchase at another pharmacy |
| round | a purchase on a trip of six hours to three pharmacies or more that costs five usual purchases together |
| doubled | the same medicine from another pharmacy, or from another house's doctor, within six hours |
| far | farther from home than four fifths of such visits, at least 5 km; without coordinates: in a foreign district |
| readmitted | one of four or more stays in turn at different places, each within 15 days of the discharge before |
| moved | within 15 days of a discharge from another place, in a shorter chain |
| again | a further stay at the same place for an illness that needs a bed, but for cycles of treatment: three stays or more in a
  rhythm for one such illness |
| needless | the same for an illness of that half of stays whose illnesses are least often treated in bed |
| light | a stay for an illness of those three tenths of stays whose illnesses are least often treated in bed |
| foreign | paid to an account of nobody in the household |

A mark says nothing of one person (wrong registers, borrowed accounts); it counts where a group bears it far beyond the others.
Thresholds are the ones measured in the project's reference experiments; 15 days: local rule on split stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, finely, first_of_runs, order_by, tally
from ringfinder.evidence.beds import LIGHT_QUANTILE, MILD_QUANTILE, at_home, seldom_in_bed, treatment
from ringfinder.evidence.hubs import foreign_payee
from ringfinder.evidence.misfit import LEAST_CASES, misfits
from ringfinder.evidence.once import once
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, NEVER, PHARMACY, Bools, Floats, Ints, Longs, View
from ringfinder.evidence.visits import Rhythm, onward, rhythm

FASTEST_KMH, LEAST_KM = 90.0, 3.0
SERVED = 1 / 6  # hours: nobody is seen, treated and out of the door in less than ten minutes
FAR_QUANTILE, FAR_KM = 0.8, 5.0
VOTES = 3  # visits of one person to one place that say where he lives
COSTLY = 2.5
PLACEHOLDER = 10  # an invoice number on more people than this is no number
TRIP = 6 * HOUR
ROUND, DEAR_ROUND = 3, 5.0  # pharmacies on one trip: two have what one had not; usual purchases that it costs
MONTHLY, LASTING = 21 * DAY, 3  # a lasting illness buys its month's supply, again and again
CHAIN = 4  # stays in turn; hospital, rehabilitation and back are three
CYCLE = Rhythm(3, 7 * DAY, 0.2)  # chemotherapy and its like: stays every so many weeks
SUPPLY = 10 * DAY  # a chronic supply lasts a month: bought again within ten days elsewhere, it is not for use

# mark -> the share of a group's visits that must bear it: a large group gathers nats from a trifling excess
TYPICAL: dict[str, float] = {
    "travel": 0.05,
    "in_bed": 0.05,
    "dead": 0.05,
    "misfit": 0.05,
    "invoice": 0.05,
    "costly": 0.5,
    "stockpile": 0.4,
    "tour": 0.4,
    "round": 0.2,
    "doubled": 0.3,
    "far": 0.45,
    "readmitted": 0.3,
    "moved": 0.3,
    "again": 0.3,
    "needless": 0.3,
    "light": 0.6,
    "foreign": 0.3,
}


@dataclass(frozen=True)
class Marks:
    """`flags` by mark and visit; `usual` by visit: what the place and the person's other days let expect, in ln yuan."""

    flags: dict[str, Bools]
    place_usual: Floats  # by visit
    own_usual: Floats  # by visit: the person's other days; -inf without any
    reason_usual: Floats  # by visit: what the medicine or diagnosis costs everywhere; -inf where unknown
    reason: Longs  # by visit: code of what the care was for, the medicine of a purchase or else diagnosis and kind of care; BLANK
    home_x: Floats  # by patient, km; NaN where unknown
    home_y: Floats
    fast: Longs  # pairs of visits too fast one after the other, shape (2, pairs), both rows rising


def made_of(view: View) -> tuple[object, ...]:
    """What the marks of a view are made of."""
    claims = view.claims
    return (
        view.visits,
        view.people,
        view.places,
        view.codes,
        claims.visit,
        claims.invoice,
        claims.account,
        claims.start,
    )


@once(made_of)
def mark(view: View) -> Marks:
    """All marks of all visits."""
    visits = view.visits
    x, y = kilometres(view)
    place_usual, own_usual = usual_amounts(view)
    reason_usual = usual_for_reason(view)
    amount = log_amount(view)
    home_x, home_y = homes(view, x, y)
    in_bed = lying_elsewhere(view)
    fast = impossible_travel(view, x, y)
    back, again, moved = returns(view)
    light, mild = (seldom_in_bed(visits, part) & ~at_home(visits) for part in (LIGHT_QUANTILE, MILD_QUANTILE))
    death = view.people.death[visits.patient]
    flags = {
        "travel": flagged(fast.ravel(), len(amount)),
        "in_bed": in_bed,
        "dead": (death != NEVER) & (visits.start > np.where(death == NEVER, 0, death) + DAY),
        "misfit": misfits(view),
        "invoice": repeated_invoices(view),
        "costly": amount > np.log(COSTLY) + np.maximum(np.maximum(place_usual, own_usual), reason_usual),
        "stockpile": stockpiling(view),
        "tour": touring(view),
        "round": going_round(view),
        "doubled": doubling(view),
        "far": far_from_home(view, (x, y), (home_x, home_y)),
        "readmitted": back,
        "moved": moved & ~back,
        "again": again & ~mild,
        "needless": again & mild,
        "light": light,
        "foreign": by_visit(view, foreign_payee(view)),
    }
    return Marks(flags, place_usual, own_usual, reason_usual, reasons(view), home_x, home_y, fast)


def reasons(view: View) -> Longs:
    """What each visit was for: the medicine of a purchase, else the diagnosis with its kind of care; BLANK where unknown."""
    visits = view.visits
    drugs = np.int64(len(view.codes.drug))
    for_illness = np.where(
        visits.diagnosis == BLANK, BLANK, drugs + visits.diagnosis.astype(np.int64) * 3 + visits.service
    )
    return np.where((visits.service == PHARMACY) & (visits.drug != BLANK), visits.drug, for_illness).astype(np.int64)


def flagged(rows: Longs, size: int) -> Bools:
    """Shape (size,), true at these rows."""
    out = np.zeros(size, np.bool_)
    out[rows] = True
    return out


def by_visit(view: View, claims: Bools) -> Bools:
    """Visits of which at least one claim is marked."""
    return flagged(view.claims.visit[claims].astype(np.int64), len(view.visits.patient))


def log_amount(view: View) -> Floats:
    """ln of yuan by visit, at least ln 1."""
    return np.log(np.maximum(view.visits.amount, 100) / 100.0)


def kilometres(view: View) -> tuple[Floats, Floats]:
    """Places on a plane, in km; NaN where unknown."""
    places = view.places
    if not np.isfinite(places.latitude).any():
        return places.longitude, places.latitude
    middle = np.cos(np.radians(np.nanmean(places.latitude)))
    return places.longitude * 111.32 * middle, places.latitude * 110.57


def impossible_travel(view: View, x: Floats, y: Floats) -> Longs:
    """Pairs of one person's visits (not stays) at two places faster than anybody travels, shape (2, pairs), rising.

    Bare days are never compared.
    """
    visits = view.visits
    if not view.hours_known:
        return np.zeros((2, 0), np.int64)
    rows = np.flatnonzero((visits.service != INPATIENT) & (visits.start % DAY != 0))
    a, b = rows[:-1], rows[1:]
    fa, fb = visits.facility[a], visits.facility[b]
    km = np.hypot(x[fa] - x[fb], y[fa] - y[fb])
    hours = (visits.start[b] - visits.start[a]) / HOUR
    fast = (visits.patient[a] == visits.patient[b]) & (km > LEAST_KM) & (km > FASTEST_KMH * (hours - SERVED))
    return np.stack([a[fast], b[fast]])


def lying_elsewhere(view: View) -> Bools:
    """Visits on a day strictly inside the person's stay at another facility, and those stays."""
    visits = view.visits
    out = np.zeros(len(visits.patient), np.bool_)
    in_ward = (visits.service == INPATIENT) & ~at_home(visits)
    stays = np.flatnonzero(in_ward & (visits.end // DAY - visits.start // DAY >= 2))
    if not len(stays):
        return out
    width = np.int64(visits.start.max() - min(0, int(visits.start.min()))) + 2 * DAY
    key = visits.patient.astype(np.int64) * width + visits.start
    # the last stay that began before each visit, and the one before it: overlaps deeper than two are not real
    at = np.searchsorted(key[stays], key, side="left")
    for back in (1, 2):
        stay = stays[np.maximum(at - back, 0)]
        inside = (
            (at - back >= 0)
            & (visits.patient[stay] == visits.patient)
            & (visits.facility[stay] != visits.facility)
            & (visits.start // DAY > visits.start[stay] // DAY)
            & (visits.start // DAY < visits.end[stay] // DAY)
        )
        out[inside] = True
        out[stay[inside]] = True
    return out


def repeated_invoices(view: View) -> Bools:
    """Visits whose invoice number was used at the same place for another household on another day."""
    claims = view.claims
    rows = np.flatnonzero(claims.invoice != BLANK)
    out = np.zeros(len(claims.row), np.bool_)
    if len(rows):
        spot = coded(claims.invoice[rows].astype(np.int64) * len(view.codes.facility) + claims.facility[rows])[1]
        homes = span(spot, view.people.household[claims.patient[rows]])
        days = span(spot, (claims.start[rows] // DAY).astype(np.int64))
        numbers = claims.invoice[rows].astype(np.int64)
        width = np.int64(claims.patient.max()) + 1
        holders = np.bincount(distinct(numbers * width + claims.patient[rows]) // width)
        out[rows] = homes[spot] & days[spot] & (holders[numbers] <= PLACEHOLDER)
    return by_visit(view, out)


def span(group: Longs, value: Ints | Longs) -> Bools:
    """By group: whether it holds more than one distinct value."""
    size = int(group.max()) + 1
    low, high = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(low, group, value)
    np.maximum.at(high, group, value)
    return low < high


def homes(view: View, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """By patient, in km: the median of the places of the household's outpatient and pharmacy visits.

    A place counts no more than `VOTES` times a person: where a card is swiped every week, nobody lives for that.
    """
    visits = view.visits
    daily = np.flatnonzero(np.isfinite(x[visits.facility]) & (visits.service != INPATIENT))
    daily = daily[order_by(visits.patient[daily], visits.facility[daily])]
    new = first_of_runs(visits.patient[daily], visits.facility[daily])
    since = np.arange(len(daily)) - np.repeat(new, np.diff(np.r_[new, len(daily)]))
    daily = daily[since < VOTES]
    home = view.people.household
    n = int(home.max(initial=-1)) + 1
    who, facility = home[visits.patient[daily]], visits.facility[daily]
    return median_place(who, facility, x, n)[home], median_place(who, facility, y, n)[home]


def median_place(home: Ints, facility: Ints, coordinate: Floats, n: int) -> Floats:
    """By household, below `n`: the lower median of its places' coordinate; NaN without any."""
    by = np.argsort(coordinate, kind="stable")
    rank = np.empty(len(by), np.int64)
    rank[by] = np.arange(len(by))
    middle = median_by(home, rank[facility].astype(np.float64), n)
    known = ~np.isnan(middle)
    out = np.full(n, np.nan)
    out[known] = coordinate[by[middle[known].astype(np.int64)]]
    return out


def far_from_home(view: View, place: tuple[Floats, Floats], home: tuple[Floats, Floats]) -> Bools:
    """Visits farther from home than four fifths of such visits."""
    visits, places = view.visits, view.places
    if not np.isfinite(place[0]).any():
        theirs, here = view.people.district[visits.patient], places.district[visits.facility]
        return (theirs != BLANK) & (here != BLANK) & (theirs != here)
    km = np.hypot(
        place[0][visits.facility] - home[0][visits.patient], place[1][visits.facility] - home[1][visits.patient]
    )
    out = np.zeros(len(km), np.bool_)
    for service in range(3):
        rows = np.flatnonzero((visits.service == service) & np.isfinite(km))
        if len(rows):
            out[rows] = km[rows] > max(FAR_KM, float(np.quantile(km[rows], FAR_QUANTILE)))
    return out


def stockpiling(view: View) -> Bools:
    """Purchases of a medicine that the same person also bought elsewhere within ten days."""
    visits = view.visits
    rows = np.flatnonzero(visits.drug != BLANK)
    order = order_by(visits.patient[rows], visits.drug[rows])  # visits are in the order of time
    return also_elsewhere(view, rows[order], visits.drug, SUPPLY)


def doubling(view: View) -> Bools:
    """Medicines that the same person also got at another pharmacy, or from another house's doctor, within six hours (on one day)."""
    visits = view.visits
    what = np.where(visits.drug == BLANK, BLANK, visits.drug * np.int32(3) + visits.service)
    rows = np.flatnonzero((visits.service != INPATIENT) & (what != BLANK))
    return also_elsewhere(view, rows[order_by(visits.patient[rows], what[rows])], what, TRIP)


def touring(view: View) -> Bools:
    """Purchases at two pharmacies within six hours (bare days count as one trip), but for standing monthly supplies."""
    rows = np.flatnonzero((view.visits.service == PHARMACY) & ~standing(view))
    return also_elsewhere(view, rows, view.visits.patient, TRIP)


def going_round(view: View) -> Bools:
    """Purchases at three pharmacies or more within six hours that cost `DEAR_ROUND` usual purchases together.

    Bare days count as one trip; standing monthly supplies are left out. Pensioners stroll from shop to shop for small things.
    """
    visits = view.visits
    out = np.zeros(len(visits.patient), np.bool_)
    bought = visits.service == PHARMACY
    rows = np.flatnonzero(bought & ~standing(view))
    dear = DEAR_ROUND * float(np.median(visits.amount[bought])) if bought.any() else 0.0
    spent = np.r_[0, np.cumsum(visits.amount[rows])]
    start, steps = np.arange(len(rows)), 0
    while len(start):
        steps += 1
        start = start[start + steps < len(rows)]
        a, b = rows[start], rows[start + steps]
        start = start[(visits.patient[a] == visits.patient[b]) & (visits.start[b] - visits.start[a] <= TRIP)]
        cost = spent[start + steps + 1] - spent[start]
        trip = start[:, None] + np.arange(steps + 1)
        places = np.sort(visits.facility[rows[trip]], axis=1)
        several = 1 + np.count_nonzero(np.diff(places, axis=1), axis=1) >= ROUND
        out[rows[trip[several & (cost >= dear)].ravel()]] = True
    return out


def also_elsewhere(view: View, rows: Longs, what: Ints, within: int) -> Bools:
    """Of visits sorted by person, `what` and time: those with another of the same at another place within so many seconds."""
    visits = view.visits
    out = np.zeros(len(visits.patient), np.bool_)
    for step in (1, 2):
        a, b = rows[:-step], rows[step:]
        soon = (
            (visits.patient[a] == visits.patient[b])
            & (what[a] == what[b])
            & (visits.facility[a] != visits.facility[b])
            & (visits.start[b] - visits.start[a] <= within)
        )
        out[a[soon]] = True
        out[b[soon]] = True
    return out


@once(lambda view: (view.visits,))
def standing(view: View) -> Bools:
    """Purchases of one person at one place at one price that were never less than three weeks apart, three or more."""
    visits = view.visits
    order = order_by(visits.patient, visits.facility, visits.amount)
    a, b = order[:-1], order[1:]
    same = (
        (visits.patient[a] == visits.patient[b])
        & (visits.facility[a] == visits.facility[b])
        & (visits.amount[a] == visits.amount[b])
    )
    group = np.cumsum(np.r_[True, ~same]) - 1 if len(order) else np.zeros(0, np.int64)
    size = np.bincount(group)
    hurried = tally(group[1:], same & (visits.start[b] - visits.start[a] < MONTHLY), len(size))
    out = np.zeros(len(order), np.bool_)
    out[order] = ((size >= LASTING) & (hurried == 0))[group]
    return out


def usual_for_reason(view: View) -> Floats:
    """By visit, ln yuan: the median of its medicine, or of its diagnosis and kind of care; -inf where too few had it."""
    visits = view.visits
    amount = log_amount(view)
    diagnosis = np.where(visits.diagnosis == BLANK, BLANK, visits.diagnosis * 3 + visits.service)
    out = np.full(len(amount), -np.inf)
    for reason in (diagnosis, np.where(visits.service == PHARMACY, visits.drug, BLANK)):
        rows = np.flatnonzero(reason != BLANK)
        if len(rows):
            size = int(reason.max()) + 1
            median = median_by(reason[rows].astype(np.int32), amount[rows], size)
            enough = np.bincount(reason[rows], minlength=size) >= LEAST_CASES
            out[rows] = np.maximum(out[rows], np.where(enough, median, -np.inf)[reason[rows]])
    return out


def median_by(group: Ints, value: Floats, size: int) -> Floats:
    """Lower median of the values of each group, told apart to a millionth; NaN for an empty one."""
    order = order_by(group, finely(value))
    counts = np.bincount(group, minlength=size)
    first = np.r_[0, np.cumsum(counts)[:-1]]
    out = np.full(size, np.nan)
    some = counts > 0
    out[some] = value[order][first[some] + (counts[some] - 1) // 2]
    return out


def returns(view: View) -> tuple[Bools, Bools, Bools]:
    """Stays in a chain of four or more at changing places, each within 15 days; further stays at one place; all but a chain's first."""
    visits = view.visits
    n = len(visits.patient)
    back, again, moved = np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    rows = np.flatnonzero((visits.service == INPATIENT) & ~visits.course & ~at_home(visits))
    if not len(rows):
        return back, again, moved
    linked = onward(visits, rows)
    chain = np.cumsum(np.r_[True, ~linked])
    back[rows[np.bincount(chain)[chain] >= CHAIN]] = True
    moved[rows[1:][linked]] = True
    order = order_by(visits.patient[rows], visits.facility[rows])
    rows = rows[order]
    a, b = rows[:-1], rows[1:]
    again[b[(visits.patient[a] == visits.patient[b]) & (visits.facility[a] == visits.facility[b])]] = True
    cycle = rhythm(visits, rows, visits.facility[rows].astype(np.int64), CYCLE)
    cycle &= treatment(visits) | (
        visits.diagnosis == BLANK
    )  # where no illness is known, a rhythm is the sign of a treatment
    return back, again & ~cycle, moved


def usual_amounts(view: View) -> tuple[Floats, Floats]:
    """By visit, in ln yuan: the median of its place and kind of care, and the mean of the person's other days of such care."""
    visits = view.visits
    amount = log_amount(view)
    spot = visits.facility * 3 + visits.service
    place = median_by(spot, amount, int(spot.max(initial=-1)) + 1)[spot]
    own = visits.patient * np.int64(3) + visits.service
    date = visits.start // DAY
    date = date - date.min(initial=0)
    day = coded(own * (date.max(initial=0) + 1) + date)[1]
    total, count = tally(own, amount), np.bincount(own)
    same_day, that_day = tally(day, amount), np.bincount(day)
    others = count[own] - that_day[day]
    mean = np.where(others > 0, (total[own] - same_day[day]) / np.maximum(1, others), -np.inf)
    return place, mean
