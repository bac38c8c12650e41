"""What care usually costs: at a place, on the same person's other days, and for what it is given."""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import coded, finely, packed, tally
from ringfinder.evidence.misfit import LEAST_CASES
from ringfinder.evidence.view import BLANK, DAY, PHARMACY, Floats, Ints, Longs, View


def reasons(view: View) -> Longs:
    """What each visit was for: the medicine of a purchase, else the diagnosis with its kind of care; BLANK where unknown."""
    visits = view.visits
    drugs = np.int64(len(view.codes.drug))
    for_illness = np.where(
        visits.diagnosis == BLANK, BLANK, drugs + visits.diagnosis.astype(np.int64) * 3 + visits.service
    )
    return np.where((visits.service == PHARMACY) & (visits.drug != BLANK), visits.drug, for_illness).astype(np.int64)


def log_amount(view: View) -> Floats:
    """ln of yuan by visit, at least ln 1."""
    return np.log(np.maximum(view.visits.amount, 100) / 100.0)


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
    """Lower median of the values of each group, told apart to a millionth, the least of that millionth; NaN for an empty one."""
    counts = np.bincount(group, minlength=size)
    some = counts > 0
    if not some.any():
        return np.full(size, np.nan)
    fine = finely(value)
    key = packed(group, fine)
    if key is None:  # too far apart for one integer with their groups: their ranks are not
        key = packed(group, coded(fine)[1])
        assert key is not None, "a group and a rank have 32 bits each at most"
    at = np.cumsum(counts) - counts + (counts - 1) // 2
    middle = np.zeros(size, np.uint64)
    middle[some] = np.sort(key)[at[some]]
    rows = np.flatnonzero(key == middle[group])
    out = np.full(size, np.inf)
    np.minimum.at(out, group[rows], value[rows])
    out[~some] = np.nan
    return out


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
