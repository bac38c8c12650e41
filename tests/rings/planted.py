"""Tiny towns with a group whose meetings are known, for tests of groups, meetings, scores and membership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from worlds import quick_view

from ringfinder.evidence.hubs import WIDTH, Hubs
from ringfinder.evidence.view import DAY, HOUR, MINUTE, View
from ringfinder.rings.groups import Groups, collect

MORNING = 9 * HOUR
# three mornings: other weekdays, no rhythm
DAYS = (10, 41, 95)
FOUR = (0, 1, 2, 3)
NOBODY = Hubs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def hubs_of(*named: tuple[int, ...]) -> Hubs:
    """Go-betweens 0, 1, ... who name these people."""
    keys = [h * int(WIDTH) + p for h, people in enumerate(named) for p in people]
    return Hubs(np.zeros(len(named), np.int64), np.arange(len(named)), np.sort(np.array(keys, np.int64)))


def group_of(*people: int, hub: int = -1, hubs: Hubs = NOBODY) -> Groups:
    """One group as a seed."""
    return collect([("ties", hub, np.array(people, np.int32))], hubs)


def quiet_town(
    visits: int = 88, apart: int = MINUTE, group: Sequence[int] = FOUR, days: Sequence[int] = DAYS, **more: Any
) -> View:
    """Four people at one place on three mornings, a minute (`apart`) from one another; others once each in the afternoons of a year.

    Person 4 is there on the first of the mornings; `visits` others follow, from the first to the last second of 360 days.
    """
    patient = [p for _ in days for p in group] + [4]
    start = [d * DAY + MORNING + p * apart for d in days for p in group] + [days[0] * DAY + MORNING + 90]
    others = np.linspace(0, 359, visits - 1).astype(np.int64) * DAY + 15 * HOUR
    patient += range(5, 5 + visits)
    start += [0, *others.tolist()]
    start[-1] = 360 * DAY
    return quick_view(patient, 0, start, **more)


def town(
    ring: int = 12,
    meetings: int = 8,
    share: float = 0.7,
    people: int = 1500,
    seed: int = 3,
    places: int = 15,
    extra: Sequence[tuple[int, int]] = (),
    ours: Sequence[tuple[int, int]] = (),
    idle: int = 0,
) -> View:
    """A year of a town in which everybody goes to a place of his own or, one time in three, to any other, by day.

    People 0 .. ring-1 meet at place 0 now and then: each of them comes to a share of the meetings, within 20 minutes.
    `extra`: more visits there, (patient, start). `ours`: more visits there that cost about 100 and are all by doctor 1, who
    has no other patients. `idle`: the first so many people have no everyday visits.
    """
    rng = np.random.default_rng(seed)
    visits = rng.poisson(6, people)
    visits[:idle] = 0
    who = np.repeat(np.arange(people), visits)
    own = rng.integers(0, places, people)[who]
    where = np.where(rng.random(len(who)) < 2 / 3, own, rng.integers(0, places, len(who)))
    when = rng.integers(0, 365, len(who)) * DAY + rng.integers(8 * HOUR, 18 * HOUR, len(who))
    days = np.sort(rng.choice(np.arange(5, 360), meetings, replace=False))
    moments = days * DAY + rng.integers(9, 17, meetings) * HOUR
    met = [(p, m + int(rng.integers(0, 20 * MINUTE))) for m in moments for p in range(ring) if rng.random() < share]
    member, moment = np.array([*met, *extra, *ours], np.int64).reshape(-1, 2).T
    cents = rng.integers(5_000, 30_000, len(who) + len(member))
    alike = np.arange(len(cents)) >= len(cents) - len(ours)
    cents[alike] = 10_000 + np.arange(len(ours))
    patient, facility, start = np.r_[who, member], np.r_[where, 0 * member], np.r_[when, moment]
    return quick_view(patient, facility, start, cents=cents, doctor=alike.astype(int))


def with_codes(view: View, codes: list[str]) -> View:
    """The view with these diagnoses by code."""
    return replace(view, codes=replace(view.codes, diagnosis=np.array(codes, object)))
