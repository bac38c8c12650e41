"""Casting and timing of honest scenes: who takes part, on which days, who comes each time."""

from __future__ import annotations

import numpy as np

from ringfinder.claims.city.calendar import working_day
from ringfinder.claims.city.draws import Bools, Floats, Ints, Longs, Rng, choose
from ringfinder.claims.city.places import HOSPITAL
from ringfinder.claims.city.world import World


def crowd(
    world: World,
    rng: Rng,
    n: int,
    *,
    ages: tuple[int, int] = (18, 95),
    sex: int | None = None,
    near: tuple[float, float] | None = None,
    reach: float = 1.5,
    settled: bool = False,
    among: Bools | None = None,
) -> Longs:
    """Up to `n` living people of the ages, mostly within `reach` km of a point (default: of somebody drawn at random).

    Residents of institutions are left out unless `settled`.
    """
    people = world.people
    fit = (people.age >= ages[0]) & (people.age <= ages[1]) & (people.death > world.first_day + world.days)
    if sex is not None:
        fit &= people.sex == sex
    if not settled:
        fit &= ~world.in_institution
    if among is not None:
        fit &= among
    pool = np.flatnonzero(fit).astype(np.int64)
    if not len(pool):
        return pool
    if near is None:
        seat = pool[int(rng.integers(0, len(pool)))]
        near = (float(people.x[seat]), float(people.y[seat]))
    km = np.hypot(people.x[pool] - near[0], people.y[pool] - near[1])
    reach = max(reach, float(np.quantile(km, min(1.0, 1.5 * n / len(pool)))))
    return np.sort(choose(rng, pool, n, np.exp(-km / reach))).astype(np.int64)


def home_of(world: World, patients: Longs) -> tuple[float, float]:
    """Middle of a group's homes."""
    return float(np.median(world.people.x[patients])), float(np.median(world.people.y[patients]))


def place_near(world: World, rng: Rng, kind: int, point: tuple[float, float], reach: float = 3.0) -> int:
    """A local facility of a kind, mostly within `reach` km of a point."""
    mine = world.places.of_kind[kind]
    km = world.places.distance(mine, point[0], point[1])
    reach = max(reach, float(km.min()))
    return int(choose(rng, mine, 1, np.exp(-km / reach))[0])


def large_hospital(world: World, rng: Rng, most: int = 4) -> int:
    """One of the largest local hospitals."""
    local = world.places.of_kind[HOSPITAL]
    order = local[np.argsort(-world.places.size[local], kind="stable")]
    return int(order[int(rng.integers(0, min(most, len(order))))])


def a_doctor(world: World, rng: Rng, facility: int) -> int:
    """One doctor of a facility, -1 if it has none."""
    n = int(world.places.n_doctors[facility])
    return int(world.places.first_doctor[facility] + rng.integers(0, n)) if n else -1


def rounds(world: World, rng: Rng, n: int, period: int, jitter: int = 2) -> Longs:
    """Up to `n` working days about `period` days apart, anywhere in the city's time."""
    n = min(n, max(1, (world.days - 10) // period))
    first = int(rng.integers(0, max(1, world.days - n * period)))
    days = [
        working_day(world, rng, max(0, first + i * period - jitter), first + i * period + jitter + 1) for i in range(n)
    ]
    return np.unique(np.array(days, dtype=np.int64))


def attend(rng: Rng, occasions: int, n: int, turnout: float) -> tuple[Longs, Longs]:
    """Who comes when: (occasion, person) of all attendances; people differ in how reliable they are."""
    reliable: Floats = np.clip(rng.normal(turnout, 0.15, n), 0.15, 1.0)
    occasion, person = np.nonzero(rng.random((occasions, n)) < reliable)
    return occasion.astype(np.int64), person.astype(np.int64)


def facility_entities(*facilities: int | Ints) -> list[tuple[str, int]]:
    """Facilities as entities of a scene."""
    return [("facility", int(f)) for group in facilities for f in np.atleast_1d(group)]
