"""Presence: who was where when, and how often chance alone would bring people together there.

A *spot* is one facility for one kind of care. Two people are together at a spot when they come within its *window*: an hour for
outpatients and pharmacies, three days for admissions, but never longer than the time in which a few others are expected anyway,
so that at a busy place the window shrinks and no filter is needed. Repeats of a course and programme days are left out: they are
one decision, not a coincidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ringfinder.evidence.arrays import coded, first_of_runs, found_at, order_by, tally
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, MINUTE, Floats, Ints, Longs, View

LONGEST_WINDOW, LONGEST_WINDOW_STAYS = HOUR, 3 * DAY
OTHERS, OTHERS_STAYS = 3.0, 15.0  # the window is the time in which this many others are expected
OTHERS_OF_A_DAY = 12.0  # where only days are known: so many others a day, and a day still tells who is together
SHORTEST_WINDOW = 2 * MINUTE  # below this even a till cannot part two people
CELL = 3 * HOUR  # habits are told apart by weekday and three-hour part of the day
WEEK = 7 * DAY
AMOUNT_ROOM = 64.0  # ln yuan stays far below


@dataclass(frozen=True)
class Counts:
    """How many presences have a key: `of(keys)` is 0 for an unknown one."""

    keys: Longs
    counts: Ints

    @classmethod
    def by(cls, keys: Longs) -> Counts:
        """Count the keys; any shape (n,)."""
        ordered = np.sort(keys)
        first = first_of_runs(ordered)
        return cls(ordered[first], np.diff(first, append=len(ordered)).astype(np.int32))

    def of(self, keys: Longs) -> Longs:
        """The count of each key."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64)
        at = np.minimum(found_at(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.counts[at], np.int64(0))


@dataclass(frozen=True)
class Presence:
    """Attendances sorted by (spot, time, patient); arrays of one length but for those by spot.

    `visit` indexes `Visits`. By spot: `window` (seconds; 0 where nobody can be said to be together), `total` attendances,
    `people_at` (distinct), `facility`, `service`. `span` is the observed time in seconds. `log_amount` is ln of yuan.
    """

    view: View
    visit: Ints
    patient: Ints
    household: Ints
    spot: Ints
    time: Longs
    cell: Ints
    log_amount: Floats
    doctor: Ints
    key: Longs  # spot * base + time - origin: sorted, for range look-ups
    base: np.int64
    origin: np.int64
    span: np.int64
    window: Longs
    total: Longs
    people_at: Longs
    facility: Ints
    service: NDArray[np.int8]
    at_spot: Counts  # patient * spots + spot
    at_cell: Counts  # (patient * spots + spot) * 64 + cell
    city: dict[int, Longs]  # sorted times by service
    amounts: Floats  # spot * AMOUNT_ROOM + log_amount, sorted: for counts of a price band
    rows: Ints  # presence rows ordered by patient
    first_row: Longs  # by patient code: where its rows begin in `rows` (one more at the end)

    @cached_property
    def doctors(self) -> Counts:
        """Attendances by `doctor_key`."""
        return Counts.by(self.doctor_key(self.spot, self.doctor))

    @cached_property
    def amount_at(self) -> tuple[Floats, Floats]:
        """By spot: mean and standard deviation of ln(amount), the latter at least 0.1."""
        total = np.maximum(1, self.total)
        mean = tally(self.spot, self.log_amount, self.spots) / total
        square = tally(self.spot, self.log_amount**2, self.spots) / total
        return mean, np.maximum(np.sqrt(np.maximum(0.0, square - mean**2)), 0.1)

    @property
    def spots(self) -> int:
        return len(self.window)

    @property
    def weeks(self) -> float:
        return max(1.0, float(self.span) / WEEK)

    def spot_key(self, patient: Ints | Longs, spot: Ints | Longs) -> Longs:
        return patient.astype(np.int64) * self.spots + spot

    def doctor_key(self, spot: Ints | Longs, doctor: Ints | Longs) -> Longs:
        return spot.astype(np.int64) * (len(self.view.codes.doctor) + 1) + doctor + 1

    def visits_of(self, patient: Ints | Longs, spot: Ints | Longs) -> Longs:
        """How often each patient was at each spot."""
        return self.at_spot.of(self.spot_key(patient, spot))

    def between(self, spot: Ints | Longs, first: Longs, last: Longs) -> tuple[Longs, Longs]:
        """Index ranges [lo, hi) of the attendances at each spot from `first` to `last`, both included."""
        low = spot.astype(np.int64) * self.base
        lo = np.searchsorted(self.key, low + np.clip(first - self.origin, 0, self.base - 1), side="left")
        hi = np.searchsorted(self.key, low + np.clip(last - self.origin, 0, self.base - 1), side="right")
        return lo.astype(np.int64), hi.astype(np.int64)

    def load(self, spot: Ints | Longs, first: Longs, last: Longs) -> Floats:
        """Chance that somebody's visit of that kind falls between `first` and `last`: the larger of time and city load."""
        out = (last - first).astype(np.float64) / float(self.span)
        kinds = self.service[spot]
        for service, times in self.city.items():
            chosen = kinds == service
            inside = found_at(times, last[chosen], "right") - found_at(times, first[chosen])
            out[chosen] = np.maximum(out[chosen], inside / max(1, len(times)))
        return np.clip(out, 1e-9, 1.0)


def observe(view: View) -> Presence:
    """The presence of a view."""
    visits = view.visits
    counted = np.flatnonzero(~visits.course & ~visits.programme)
    spot_id = visits.facility[counted].astype(np.int64) * 3 + visits.service[counted]
    spot_ids, number = coded(spot_id)
    time = visits.start[counted]
    order = order_by(number, time)  # visits are in the order of their patients
    visit, spot, time = counted[order].astype(np.int32), number[order].astype(np.int32), time[order]
    origin = np.int64(time.min() if len(time) else 0)
    span = np.int64(max(DAY, int(time.max(initial=0)) - int(origin)))
    base = span + 2
    service = (spot_ids % 3).astype(np.int8)
    total = np.bincount(spot, minlength=len(spot_ids)).astype(np.int64)
    patient = visits.patient[visit]
    weekday_hours = (time // DAY + 3) % 7 * (DAY // CELL) + time % DAY // CELL  # 1970-01-01 was a Thursday
    at_spot = Counts.by(patient.astype(np.int64) * len(spot_ids) + spot)
    city = {s: np.sort(time[service[spot] == s]) for s in range(3)}
    log_amount = np.log(np.maximum(visits.amount[visit], 100) / 100.0)
    return Presence(
        view=view,
        visit=visit,
        patient=patient,
        household=view.people.household[patient],
        spot=spot,
        time=time,
        cell=weekday_hours.astype(np.int32),
        log_amount=log_amount,
        amounts=np.sort(spot * AMOUNT_ROOM + log_amount),
        doctor=visits.doctor[visit],
        key=spot.astype(np.int64) * base + (time - origin),
        base=base,
        origin=origin,
        span=span,
        window=windows(total, service, span, view.hours_known),
        total=total,
        people_at=np.bincount(at_spot.keys % max(1, len(spot_ids)), minlength=len(spot_ids)),
        facility=(spot_ids // 3).astype(np.int32),
        service=service,
        at_spot=at_spot,
        at_cell=Counts.by((patient.astype(np.int64) * len(spot_ids) + spot) * 64 + weekday_hours),
        city=city,
        rows=order_by(patient).astype(np.int32),
        first_row=np.r_[0, np.cumsum(np.bincount(patient, minlength=len(view.codes.patient)))].astype(np.int64),
    )


def windows(total: Longs, service: NDArray[np.int8], span: np.int64, hours_known: bool) -> Longs:
    """Seconds within which two are together, by spot; 0 where the spot is too busy for the clock that is known.

    With bare days the shortest time told apart is a day: where no more than `OTHERS_OF_A_DAY` are expected in one, one is "together".
    """
    stays = service == INPATIENT
    expected = np.where(stays, OTHERS_STAYS, OTHERS) * float(span) / np.maximum(total, 1)
    out = np.minimum(np.where(stays, LONGEST_WINDOW_STAYS, LONGEST_WINDOW), expected)
    if not hours_known:
        out = np.where(stays, out, np.where(total * float(DAY) <= OTHERS_OF_A_DAY * float(span), 1.0, 0.0))
    return np.where(out >= (SHORTEST_WINDOW if hours_known else 1), out, 0).astype(np.int64)


def known(codes: Ints) -> NDArray[np.bool_]:
    """Where a code is not blank."""
    return codes != BLANK
