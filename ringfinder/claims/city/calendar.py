"""When people seek care: seasons, epidemics, weekdays, holidays, hours of the day."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ringfinder.claims.city.draws import DAY, HOUR, Floats, Ints, Longs, Rng, draw_weighted
from ringfinder.claims.city.world import World

Profile = Literal["clinic", "pharmacy", "stay", "respiratory", "flat", "office"]

# Monday to Sunday at strength 1
WEEK: dict[str, tuple[float, ...]] = {
    "clinic": (1.28, 1.12, 1.02, 1.0, 1.0, 0.68, 0.55),
    "pharmacy": (1.05, 1.0, 0.97, 0.97, 1.02, 1.05, 0.94),
    "stay": (1.3, 1.15, 1.05, 1.0, 0.95, 0.6, 0.5),
    "respiratory": (1.2, 1.05, 1.0, 1.0, 1.0, 0.8, 0.75),
    "flat": (1, 1, 1, 1, 1, 1, 1),
    "office": (1.2, 1.05, 1.0, 1.0, 0.9, 0.0, 0.0),
}
HOURS: dict[str, tuple[float, ...]] = {
    "clinic": (1, 1, 1, 1, 1, 1, 2, 12, 60, 70, 64, 36, 8, 14, 40, 42, 32, 16, 7, 5, 4, 3, 2, 1),
    "pharmacy": (0, 0, 0, 0, 0, 0, 2, 12, 34, 42, 44, 34, 20, 22, 30, 34, 36, 38, 36, 34, 24, 8, 1, 0),
    "stay": (1, 1, 1, 1, 1, 1, 2, 6, 30, 50, 50, 26, 8, 12, 34, 34, 20, 8, 5, 4, 4, 3, 2, 1),
    "office": (0, 0, 0, 0, 0, 0, 0, 0, 18, 42, 44, 26, 0, 4, 30, 36, 28, 4, 0, 0, 0, 0, 0, 0),
}
SPRING_FESTIVAL = 41  # day of the year, about; a week of hardly any care
NATIONAL_DAY = 273
HOLIDAY_DAYS = 7
EPIDEMIC_DAYS = 12.0  # sigma of a wave


def day_weights(world: World, profile: Profile) -> Floats:
    """Relative load of each day of the city's time."""
    p = world.parameters
    day = np.arange(world.days)
    weekday = (world.first_day + day + 3) % 7  # 1 January 1970 was a Thursday
    strength = 1.0 if profile == "office" else p.weekday_strength
    week = np.array(WEEK[profile])[weekday] ** strength
    of_year = day % 365
    season = 1 + 0.12 * np.cos(2 * np.pi * (of_year - 15) / 365)
    holiday = np.zeros(world.days, dtype=bool)
    for first in (SPRING_FESTIVAL, NATIONAL_DAY):
        holiday |= (of_year >= first) & (of_year < first + HOLIDAY_DAYS)
    quiet = {"pharmacy": 0.7, "flat": 1.0, "office": 0.0}.get(profile, 0.35)
    weights: Floats = week * season * np.where(holiday, quiet, 1.0)
    if profile == "respiratory":
        rng = world.rng("epidemics")
        for _ in range(p.epidemics * p.years):
            peak = rng.uniform(0, world.days)
            weights = weights * (1 + 4.5 * p.epidemic_strength * np.exp(-(((day - peak) / EPIDEMIC_DAYS) ** 2) / 2))
    return weights


def draw_days(world: World, rng: Rng, profile: Profile, n: int) -> Longs:
    """`n` days (since 1970) by the load of the profile."""
    return world.first_day + draw_weighted(rng, day_weights(world, profile), n)


def draw_seconds(rng: Rng, profile: str, n: int, liked: NDArray[Any] | None = None) -> Longs:
    """Seconds of the day; where `liked` hours are given, half of the visits keep to them."""
    hour = draw_weighted(rng, np.array(HOURS[profile]), n) + rng.random(n)
    if liked is not None:
        hour = np.where(rng.random(n) < 0.5, np.clip(liked + rng.normal(0, 0.9, n), 7.0, 21.3), hour)
    result: Longs = (hour * HOUR).astype(np.int64)
    return result


def draw_times(world: World, rng: Rng, profile: Profile, patient: Ints) -> Longs:
    """Times of one visit for each entry of `patient`."""
    hours = "clinic" if profile in {"respiratory", "flat"} else profile
    days = draw_days(world, rng, profile, len(patient))
    return days * DAY + draw_seconds(rng, hours, len(patient), world.people.hour[patient])


def working_day(world: World, rng: Rng, low: int, high: int) -> int:
    """One day that is no week-end, `low` to `high` days after the city's first."""
    high = max(low + 1, min(high, world.days - 1))
    weights = day_weights(world, "office")[low:high]
    if not weights.sum():
        return world.first_day + low
    return world.first_day + low + int(draw_weighted(rng, weights, 1)[0])
