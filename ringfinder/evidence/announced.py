"""Announced days: member days, market days, days of a treatment, rounds of a vaccination.

Who organises honest care for many does it on days that people know beforehand. So the days come in a rhythm: at one distance, at
multiples of it where a round was left out, or on one or two weekdays. Or they are few, or lie within one course of treatment: a
vaccination has two rounds, a bite is treated on five days within four weeks. Whoever has cards in a drawer takes them out when it
suits him, month after month.

All answer by group. They take codes of groups and days since the epoch, sorted and each once but where another order is allowed.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import distinct, most_within, tally
from ringfinder.evidence.usual import median_by
from ringfinder.evidence.view import Bools, Floats, Longs

DAYS = 4  # of a rhythm at least
OCCASIONS, APART = 4, 7  # fewer, so many days apart, are a campaign: a check-up goes on for some days, every half year
SHARE, SPREAD = 0.75, 0.2  # of the gaps lie within this of the median
MONTH, ABOUT = 30.44, 4.0  # days; so near to a month, or to some months, a gap is one
ROUND, ROUND_SHARE = 6, 0.8  # days between two rounds at least; of the gaps are whole numbers of them, to a day
SHORT_ROUND = 14  # days: whole numbers of less are that to the day
WEEKDAYS, WEEKDAY_SHARE = 6, 0.9  # on so many days: this share of them on two weekdays (or on one, of `DAYS`)
COURSE, COURSE_SHARE = 45, 0.8  # days of one treatment, which hold this share of the visits


def treatments(group: Longs, day: Longs, n: int) -> Bools:
    """Visits (group and day, in any order) on days that are few, come in a rhythm, or are one course of treatment."""
    out: Bools = offers(group, day, n) | one_course(group, day, n)
    return out


def offers(group: Longs, day: Longs, n: int) -> Bools:
    """Purchases (group and day, in any order) on days that are few or come in a rhythm."""
    days = each_once(group, day)
    out: Bools = few(*days, n) | in_rhythm(*days, n)
    return out


def each_once(group: Longs, day: Longs) -> tuple[Longs, Longs]:
    """Group and day of visits, sorted, each once."""
    width = np.int64(day.max(initial=0)) + 1
    days = distinct(group * width + day)
    return days // width, days % width


def few(group: Longs, day: Longs, n: int, occasions: int = OCCASIONS) -> Bools:
    """Fewer than so many occasions."""
    of, gap = gaps(group, day)
    out: Bools = 1 + tally(of, gap >= APART, n) < occasions
    return out


def in_rhythm(group: Longs, day: Longs, n: int) -> Bools:
    """The days come at one distance, in rounds, on one weekday or two, or every month or so."""
    return even_gaps(group, day, n) | rounds(group, day, n) | weekdays(group, day, n) | monthly(group, day, n)


def even_gaps(group: Longs, day: Longs, n: int) -> Bools:
    """Most gaps are about as long."""
    of, gap = gaps(group, day)
    usual = median_by(of.astype(np.int32), gap, n)
    return often(of, np.abs(gap - usual[of]) <= np.maximum(SPREAD * usual[of], 0.5), n, SHARE)


def rounds(group: Longs, day: Longs, n: int) -> Bools:
    """Nearly all gaps are whole numbers of the shortest, a week or so: rounds that some leave out."""
    of, gap = gaps(group, day)
    least = np.full(n, np.inf)
    np.minimum.at(least, of, gap)
    base = least[of]
    near = np.abs(gap - np.rint(gap / base) * base) <= np.where(base < SHORT_ROUND, 0.0, 1.0)
    return often(of, near & (base >= ROUND), n, ROUND_SHARE)


def weekdays(group: Longs, day: Longs, n: int) -> Bools:
    """Nearly all days are one weekday, or one of two."""
    held = np.zeros((n, 7))
    np.add.at(held, (group, day % 7), 1.0)
    held.sort(axis=1)
    count = held.sum(axis=1)
    one = (count >= DAYS) & (held[:, 6] >= WEEKDAY_SHARE * count)
    two = (count >= WEEKDAYS) & (held[:, 5] + held[:, 6] >= WEEKDAY_SHARE * count)
    out: Bools = one | two
    return out


def monthly(group: Longs, day: Longs, n: int) -> Bools:
    """Nearly all gaps are about a month, or some months: a club that meets, a supply that runs out."""
    of, gap = gaps(group, day)
    months = np.maximum(1.0, np.rint(gap / MONTH))
    return often(of, np.abs(gap - months * MONTH) <= ABOUT, n, ROUND_SHARE)


def one_course(group: Longs, day: Longs, n: int) -> Bools:
    """`COURSE` days hold nearly all of the visits; here a day counts as often as there are visits on it, in any order."""
    out: Bools = most_within(group, day, COURSE, n) > COURSE_SHARE * np.bincount(group, minlength=n)
    return out


def gaps(group: Longs, day: Longs) -> tuple[Longs, Floats]:
    """Days between one day of a group and its next: group and gap."""
    inner = group[1:] == group[:-1]
    return group[1:][inner], np.diff(day)[inner].astype(np.float64)


def often(group: Longs, near: Bools, n: int, share: float) -> Bools:
    """This share of the gaps, of `DAYS` days or more."""
    count = np.bincount(group, minlength=n)
    out: Bools = (count + 1 >= DAYS) & (tally(group, near, n) >= share * count)
    return out
