"""Whether a stay needs a bed: how seldom its illness is treated in one, whether the bed is one at home, and whether stays that
come back in a rhythm are a treatment.

Learnt from the claims, no code list: an illness's need is the share of its care that is given in bed.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import coded, most_of_one
from ringfinder.evidence.once import once
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, PHARMACY, Bools, Visits

HOME_DAY = 0.15  # of a usual stay's day
LIGHT_QUANTILE, MILD_QUANTILE = 0.3, 0.5  # of all stays are for illnesses that need a bed least
ONE_ILLNESS = 0.6  # of a person's stays at a place, as far as known, are for one illness where it is treated there


def seldom_in_bed(visits: Visits, part: float) -> Bools:
    """Stays for an illness that is seldom treated in bed: its share of stays is among the least `part` of all stays' illnesses."""
    rows = np.flatnonzero((visits.diagnosis != BLANK) & (visits.service != PHARMACY))
    out = np.zeros(len(visits.patient), np.bool_)
    stays = rows[visits.service[rows] == INPATIENT]
    if len(stays):
        total = np.bincount(visits.diagnosis[rows])
        in_bed = np.bincount(visits.diagnosis[stays], minlength=len(total)) / np.maximum(1, total)
        share = in_bed[visits.diagnosis[stays]]
        out[stays] = (share <= np.quantile(share, part)) & (share < 1.0)
    return out


@once(lambda visits: (visits,))
def at_home(visits: Visits) -> Bools:
    """Stays whose day costs less than `HOME_DAY` of a usual stay's day: a bed at home, whose patient goes about as he can.

    Who bills for a ward bills what a ward costs.
    """
    stays = np.flatnonzero(visits.service == INPATIENT)
    out = np.zeros(len(visits.patient), np.bool_)
    if len(stays):
        a_day = visits.amount[stays] / np.maximum(1.0, (visits.end[stays] - visits.start[stays]) / DAY)
        out[stays] = a_day < HOME_DAY * np.median(a_day)
    return out


def treatment(visits: Visits) -> Bools:
    """Stays that a treatment in cycles would explain: one illness makes `ONE_ILLNESS` of the person's stays there, and it is none
    that hardly needs a bed. A rhythm of stays for a sore back today and a cough the next time is somebody's timetable, and a rhythm
    of stays for nobody knows what is none that a treatment explains.
    """
    stays = np.flatnonzero(visits.service == INPATIENT)
    out = np.zeros(len(visits.patient), np.bool_)
    if not len(stays):
        return out
    place = coded(visits.patient[stays] * (np.int64(visits.facility.max()) + 1) + visits.facility[stays])[1]
    illness = visits.diagnosis[stays].astype(np.int64)
    known = illness != BLANK
    places = int(place.max()) + 1
    most, told = most_of_one(place[known], illness[known], places), np.bincount(place[known], minlength=places)
    out[stays] = ((told > 0) & (most >= ONE_ILLNESS * told))[place] & ~seldom_in_bed(visits, LIGHT_QUANTILE)[stays]
    return out
