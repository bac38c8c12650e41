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

from ringfinder.evidence.arrays import coded, distinct, order_by
from ringfinder.evidence.beds import LIGHT_QUANTILE, MILD_QUANTILE, at_home, seldom_in_bed, treatment
from ringfinder.evidence.hubs import foreign_payee
from ringfinder.evidence.misfit import misfits
from ringfinder.evidence.once import once
from ringfinder.evidence.trips import doubling, going_round, stockpiling, touring
from ringfinder.evidence.usual import log_amount, reasons, usual_amounts, usual_for_reason
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, NEVER, Bools, Floats, Ints, Longs, View
from ringfinder.evidence.visits import Rhythm, onward, rhythm
from ringfinder.evidence.whereabouts import far_from_home, homes, impossible_travel, kilometres, lying_elsewhere

COSTLY = 2.5
PLACEHOLDER = 10  # an invoice number on more people than this is no number
CHAIN = 4  # stays in turn; hospital, rehabilitation and back are three
CYCLE = Rhythm(3, 7 * DAY, 0.2)  # chemotherapy and its like: stays every so many weeks

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


def flagged(rows: Longs, size: int) -> Bools:
    """Shape (size,), true at these rows."""
    out = np.zeros(size, np.bool_)
    out[rows] = True
    return out


def by_visit(view: View, claims: Bools) -> Bools:
    """Visits of which at least one claim is marked."""
    return flagged(view.claims.visit[claims].astype(np.int64), len(view.visits.patient))


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
