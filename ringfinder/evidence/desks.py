"""Desks: files that one operator settles in one go, days after the care.

A desk is a place, an operator's sittings are its windows. A *file* is a claim settled on a later day than its care ended
(what is settled at the till is co-presence and belongs to other channels). A *run* is a row of files of one operator with
gaps of at most 30 minutes, or the time in which 0.3 other files are expected while the operator works, if that is shorter.
Runs are sessions (`sessions`): the same machinery finds who comes again and again. In them an agent's or a shared
account's pile of files counts as one hand-in: somebody honest carried it to the counter.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import order_by
from ringfinder.evidence.pharmacy_choice import Counts
from ringfinder.evidence.sessions import Attendance
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, MINUTE, NEVER, Longs, View

LONGEST_GAP = 30 * MINUTE
OTHER_FILES = 0.3  # a gap in which more files of other people are expected does not hold a run together
WORKING_DAY = 8 * HOUR
SHORTEST_GAP = 3 * MINUTE  # a clerk needs so long for a file


def files(view: View) -> Longs:
    """Claims settled on a later day than the care ended, with an operator; indices into claims.

    A stay is one file, its last part: what is settled month by month, while the patient goes on lying there, nobody hands in.
    """
    claims = view.claims
    over = (claims.service != INPATIENT) | (claims.end == view.visits.end[claims.visit])
    rows: Longs = np.flatnonzero(claims.settled_later & (claims.operator != BLANK) & over)
    return rows


def attend(view: View) -> Attendance:
    """Files as attendance: `visit` holds claim indices, places are operators, sessions their runs; sorted by patient."""
    claims = view.claims
    rows = files(view)
    operator, settled = claims.operator[rows].astype(np.int64), claims.settled[rows]
    operators = len(view.codes.operator)
    total = np.bincount(operator, minlength=operators).astype(np.int64)
    at_work = (claims.settled != NEVER) & (claims.operator != BLANK)
    days = np.bincount(nats.pairs(claims.operator[at_work], claims.settled[at_work] // DAY)[0], minlength=operators)
    pace = total / np.maximum(days * WORKING_DAY, 1)  # files a second at work; a pile must not look like a pace
    gap = np.clip(OTHER_FILES / np.maximum(pace, nats.TINY), SHORTEST_GAP, LONGEST_GAP)
    order = order_by(operator, settled, rows)
    same = np.r_[False, operator[order][1:] == operator[order][:-1]] if len(order) else np.zeros(0, np.bool_)
    near = np.diff(settled[order], prepend=0) <= gap[operator[order]]
    run = np.empty(len(rows), np.int64)
    run[order] = np.cumsum(~(same & near)) - 1
    place = np.zeros(int(run.max(initial=-1)) + 1, np.int64)
    place[run] = operator
    first = np.full(len(place), np.iinfo(np.int64).max)
    last = np.zeros(len(place), np.int64)
    np.minimum.at(first, run, settled)
    np.maximum.at(last, run, settled)
    uniform = np.minimum((last - first + gap[place]) / np.maximum(days[place] * WORKING_DAY, 1), 1.0)
    by = order_by(claims.patient[rows], run)
    rows, run, operator = rows[by], run[by], operator[by]
    patient = claims.patient[rows].astype(np.int64)
    listed = np.argsort(run, kind="stable")
    return Attendance(
        visit=rows,
        patient=patient,
        household=hand_in(view, rows),
        session=run,
        place=place,
        crowd=np.bincount(run, minlength=len(place)).astype(np.int64),
        order=listed,
        first=np.searchsorted(run[listed], np.arange(len(place) + 1)),
        mine=np.searchsorted(patient, np.arange(len(view.codes.patient) + 1)),
        at_place=Counts.of(patient, operator),
        total=total,
        uniform=uniform,
        # by the clock alone: where the ring is the desk, its own load must not explain it (a lenient seed is cheap)
        alike=np.bincount(place, weights=uniform**2, minlength=operators).astype(np.float64),
        visitors=np.bincount(nats.pairs(operator, patient)[0], minlength=operators).astype(np.int64),
    )


def hand_in(view: View, rows: Longs) -> Longs:
    """Who carried each file to the counter: the agent named, else the stranger whose account is paid, else the household."""
    claims = view.claims
    carried = view.people.household[claims.patient[rows]].astype(np.int64)
    offset = np.int64(view.people.household.max(initial=0)) + 1
    strange = nats.foreign(view)[rows]
    carried = np.where(strange, offset + claims.account[rows], carried)
    offset += len(view.codes.account)
    return np.where(claims.recruiter[rows] != BLANK, offset + claims.recruiter[rows], carried)
