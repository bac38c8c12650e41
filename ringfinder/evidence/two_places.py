"""Cards that are at two places at once, again and again, and gather at one place: several people use each.

A clock that is wrong once, a slip typed in later, a relative who registers for somebody: each puts a patient at two places once or twice.
Model. A *bearer* is at two places at once (faster than anybody travels; purchases aside, which relatives make) on `DAYS` days or more:
in ten worlds of two makers 224 of 180,000 people, 220 of them lent their cards. k households of bearers are so on `HERE` days or more at
place f. For a place whose clock is wrong all its patients are: mu sums over f's patients the chance to be so on `HERE` days at the rate by
visit of those who are no bearers, there or anywhere if that is more, smoothed with `KNOWN_VISITS`. And of the places of bearers who are
not at f, f would hold its part. Of the k people, k' are so at a place g as well, as in `wandering`.

    S = H = L(k, mu) + L(k', mu') - ln(places) - 1

L allows for the scatter of the logarithm of the places' rates. H is at most `ALONE` where most of it lies between f and one other place:
their coordinates may be wrong, and they are next door. Members are those who are so at f or g on two days.

Blind spots: claims without hours or coordinates; borrowers who never use the card while its holder does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, distinct_per, tally
from ringfinder.evidence.view import DAY, PHARMACY, Bools, Candidate, Floats, Longs, View
from ringfinder.evidence.visits import ClaimsOf
from ringfinder.evidence.wandering import Gathering, gathered
from ringfinder.evidence.whereabouts import impossible_travel, kilometres

DAYS, HERE = 3, 2
KNOWN_VISITS = 20.0
ALONE = 6.0  # nats of harm where two places may only stand wrongly on the map
NEXT_DOOR = 0.8  # of a place's such visits have their other end at one place
WORDS = "reasons_kinds.two_places"


def search(view: View, claims: ClaimsOf, channel: str) -> list[Candidate]:
    """Places at which more bearers are at two places at once than anything explains."""
    visits = view.visits
    x, y = kilometres(view)
    ends = impossible_travel(view, x, y, visits.service != PHARMACY)
    if not ends.size:
        return []
    marked = np.zeros(len(visits.patient), np.bool_)
    marked[ends.ravel()] = True
    people = len(view.codes.patient)
    rows = np.flatnonzero(marked)
    day = visits.start[rows] // DAY
    bearer = distinct_per(visits.patient[rows].astype(np.int64), day, people) >= DAYS
    size = np.int64(len(view.codes.facility))
    pair, of_row = coded(visits.patient[rows] * size + visits.facility[rows])
    often = pair[distinct_per(of_row, day, len(pair)) >= HERE]
    often = often[bearer[often // size]]
    if not len(often):
        return []
    usual = expected(view, marked, bearer, often, int(size))
    looked = visits.service != PHARMACY
    everywhere = distinct(visits.patient[looked] * size + visits.facility[looked])
    found = gathered(view, Gathering(often, everywhere, usual, rows, WORDS), claims, channel)
    near = next_door(visits.facility[ends].astype(np.int64), int(size))
    return [replace(one, harm=min(one.harm, ALONE)) if near[main_place(one)] else one for one in found]


def expected(view: View, marked: Bools, bearer: Bools, often: Longs, places: int) -> Floats:
    """By place: how many of its patients would be at two places at once on `HERE` days for honest reasons."""
    visits = view.visits
    looked = np.flatnonzero(visits.service != PHARMACY)
    place = visits.facility[looked].astype(np.int64)
    others = ~bearer[visits.patient[looked]]
    wrong = tally(place, marked[looked] & others, places)
    seen = tally(place, others, places)
    town = (wrong.sum() + 0.5) / (seen.sum() + 1.0)
    rate = np.maximum(town, (wrong + KNOWN_VISITS * town) / (seen + KNOWN_VISITS))
    pairs, times = np.unique(visits.patient[looked] * np.int64(places) + place, return_counts=True)
    of = pairs % places
    hits = times * rate[of]
    chance = -np.expm1(-hits) - hits * np.exp(-hits)  # Poisson: two or more
    who, where = coded(often // places)[1], often % places
    of_others = len(often) - tally(where, np.bincount(who)[who], places)
    scattered = np.bincount(of, minlength=places) * of_others / len(pairs)
    return np.maximum(tally(of, chance, places), scattered)


def next_door(facility: Longs, places: int) -> Bools:
    """By place: most of its impossible travel is to one and the same other place. `facility`: of both ends, shape (2, pairs)."""
    one, other = np.r_[facility[0], facility[1]], np.r_[facility[1], facility[0]]
    keys, n = np.unique(one * places + other, return_counts=True)
    most = np.zeros(places, np.int64)
    np.maximum.at(most, keys // places, n)
    out: Bools = most >= NEXT_DOOR * np.maximum(1, np.bincount(one, minlength=places))
    return out


def main_place(one: Candidate) -> int:
    """The place at which the candidate's people gather."""
    return one.hubs[0][1]
