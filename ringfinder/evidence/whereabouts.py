"""Where people are and where they live: two places faster than anybody travels, care elsewhere during a stay, care far from home."""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import first_of_runs, order_by
from ringfinder.evidence.beds import at_home
from ringfinder.evidence.usual import median_by
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, Bools, Floats, Ints, Longs, View, Visits

FASTEST_KMH, LEAST_KM = 90.0, 3.0
SERVED = 1 / 6  # hours: nobody is seen, treated and out of the door in less than ten minutes
OUTING_DAYS = 30  # of a stay for each use of the card elsewhere that marks it
# A ward sends its patients home over a holiday: so many stays of more than `LONG` nights are seen elsewhere within `LEAVE` days, which hold
# this share of all outings of such stays `AROUND` them, and no place sees more of them than a half
LEAVE, LONG, AROUND = 2, 9, 10
LEAVES, LEAVE_SHARE, ONE_COUNTER = 4, 0.55, 0.5
FAR_QUANTILE, FAR_KM = 0.8, 5.0
VOTES = 3  # visits of one person to one place that say where he lives


def kilometres(view: View) -> tuple[Floats, Floats]:
    """Places on a plane, in km; NaN where unknown."""
    places = view.places
    if not np.isfinite(places.latitude).any():
        return places.longitude, places.latitude
    middle = np.cos(np.radians(np.nanmean(places.latitude)))
    return places.longitude * 111.32 * middle, places.latitude * 110.57


def impossible_travel(view: View, x: Floats, y: Floats, among: Bools | bool = True) -> Longs:
    """Pairs of one person's visits (not stays) at two places faster than anybody travels, shape (2, pairs), rising.

    `among`: only of these visits. Bare days are never compared.
    """
    visits = view.visits
    if not view.hours_known:
        return np.zeros((2, 0), np.int64)
    rows = np.flatnonzero((visits.service != INPATIENT) & (visits.start % DAY != 0) & among)
    a, b = rows[:-1], rows[1:]
    fa, fb = visits.facility[a], visits.facility[b]
    km = np.hypot(x[fa] - x[fb], y[fa] - y[fb])
    hours = (visits.start[b] - visits.start[a]) / HOUR
    fast = (visits.patient[a] == visits.patient[b]) & (km > LEAST_KM) & (km > FASTEST_KMH * (hours - SERVED))
    return np.stack([a[fast], b[fast]])


def lying_elsewhere(view: View) -> Bools:
    """Visits on a day strictly inside the person's stay at another facility, and those stays; at least one in `OUTING_DAYS` days of it.

    Who lives on a ward for months is taken to a dentist now and then; a ward that empties over a holiday gave leave (`on_leave`).
    """
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
    found = []
    for back in (1, 2):
        stay = stays[np.maximum(at - back, 0)]
        inside = (
            (at - back >= 0)
            & (visits.patient[stay] == visits.patient)
            & (visits.facility[stay] != visits.facility)
            & (visits.start // DAY > visits.start[stay] // DAY)
            & (visits.start // DAY < visits.end[stay] // DAY)
        )
        outings = np.bincount(stay[inside], minlength=len(out))
        inside &= outings[stay] * OUTING_DAYS * DAY >= visits.end[stay] - visits.start[stay]
        found.append((stay[inside], np.flatnonzero(inside)))
    stay, visit = (np.concatenate(parts) for parts in zip(*found, strict=True))
    kept = ~on_leave(visits, stay, visit)
    out[visit[kept]] = True
    out[stay[kept]] = True
    return out


def on_leave(visits: Visits, stay: Longs, visit: Longs) -> Bools:
    """By outing (a visit within a stay): the ward had given leave. A ward is a facility."""
    out = np.zeros(len(stay), np.bool_)
    long = np.flatnonzero((visits.end[stay] - visits.start[stay]) // DAY >= LONG)
    day = visits.start[visit[long]] // DAY
    order = order_by(visits.facility[stay[long]], day, stay[long], visits.facility[visit[long]])
    long, day = long[order], day[order]
    ward = visits.facility[stay[long]].astype(np.int64)
    first = first_of_runs(ward, day, stay[long])  # of one stay's day
    room = np.int64(visits.start.max(initial=0) // DAY + 2 * AROUND + LEAVE)
    key = ward[first] * room + AROUND + day[first]
    begin, end = np.arange(len(key)), np.searchsorted(key, key + LEAVE)
    near = np.searchsorted(key, key + LEAVE + AROUND) - np.searchsorted(key, key - AROUND)
    given = (end - begin >= LEAVES) & (end - begin >= LEAVE_SHARE * near)
    at = visits.facility[visit[long[first]]]
    given[given] = [
        np.bincount(at[a:b]).max() <= ONE_COUNTER * (b - a) for a, b in zip(begin[given], end[given], strict=True)
    ]
    covered = (
        np.cumsum(np.bincount(begin[given], minlength=len(key)) - np.bincount(end[given], minlength=len(key) + 1)[:-1])
        > 0
    )
    out[long] = np.repeat(covered, np.diff(first, append=len(long)))
    return out


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
