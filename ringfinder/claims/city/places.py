"""Land and places: settlements, and the hospitals, clinics and pharmacies that people reach from them.

The land is a square around one town. Settlements (quarters of the town, villages) have weights of population;
facilities stand in settlements, with long-tailed sizes. A visit from a settlement falls on a facility by gravity:
size times exp(-distance/scale), the scale being the usual spacing of such facilities. A dozen distant hospitals stand
for the provincial capitals where people are sent and reimbursed later. Doctors, tills, operators and terminals are
numbered through, each facility owning a run of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.claims.city.draws import Bools, Floats, Ints, Longs, Rng, cumulate, draw_weighted
from ringfinder.claims.city.parameters import CityParameters

HOSPITAL, CLINIC, PHARMACY = 0, 1, 2
KM_PER_DEGREE = 111.2
CENTRE = (31.20, 118.60)  # latitude and longitude of the invented town
PEOPLE_PER_SETTLEMENT = 220
DISTANT_HOSPITALS = 12
STRAY = 2e-4  # weight of a facility anywhere, so that people can turn up anywhere


@dataclass(frozen=True)
class Land:
    """Settlements: kilometres east and north of the town, share of the people, district, town or village."""

    x: Floats
    y: Floats
    weight: Floats
    district: Ints
    urban: Bools
    side: float  # km


@dataclass(frozen=True)
class Places:
    """Facilities as parallel arrays, and whom they own: `first_*` is the first number, `n_*` how many."""

    kind: Ints
    level: Ints
    x: Floats
    y: Floats
    district: Ints
    settlement: Ints
    size: Floats
    price: Floats
    distant: Bools
    first_doctor: Ints
    n_doctors: Ints
    first_operator: Ints
    n_operators: Ints
    first_terminal: Ints
    n_terminals: Ints
    doctor_place: Ints  # by doctor
    agency_first: Ints  # by district: first operator of the agency's counter
    agency_n: Ints
    operators: int
    terminals: int
    gravity: dict[int, Floats]  # kind -> settlements x places of that kind, cumulated
    of_kind: dict[int, Ints]  # kind -> local facilities

    def distance(self, facility: Ints, x: float | Floats, y: float | Floats) -> Floats:
        """Kilometres from a point to each facility."""
        result: Floats = np.hypot(self.x[facility] - x, self.y[facility] - y)
        return result


def make_land(rng: Rng, people: int, p: CityParameters) -> Land:
    """Settlements in a square whose size follows from the density."""
    n = max(8, people // PEOPLE_PER_SETTLEMENT)
    side = float(np.sqrt(max(people, 500) / 1000 * p.km2_per_1000))
    n_urban = round(n * p.urban)
    urban = np.arange(n) < n_urban
    radius = side * 0.06 * np.sqrt(max(p.urban, 0.05) * 4)
    x = np.where(urban, rng.normal(0, radius, n), rng.uniform(-side / 2, side / 2, n))
    y = np.where(urban, rng.normal(0, radius, n), rng.uniform(-side / 2, side / 2, n))
    weight = rng.lognormal(0, 0.5, n)
    seats = rng.uniform(-side / 2, side / 2, (p.districts, 2))
    seats[0] = 0.0
    district = np.argmin((x[:, None] - seats[:, 0]) ** 2 + (y[:, None] - seats[:, 1]) ** 2, axis=1)
    return Land(x, y, weight / weight.sum(), district.astype(np.int32), urban, side)


def make_places(rng: Rng, people: int, land: Land, p: CityParameters) -> Places:
    """All facilities with their staff."""
    kinds: list[Ints] = []
    for code, heads in (
        (HOSPITAL, p.people_per_hospital),
        (CLINIC, p.people_per_clinic),
        (PHARMACY, p.people_per_pharmacy),
    ):
        kinds.append(np.full(max(4, round(people / heads)), code, dtype=np.int32))
    kinds.append(np.full(DISTANT_HOSPITALS, HOSPITAL, dtype=np.int32))
    kind = np.concatenate(kinds)
    n = len(kind)
    distant = np.arange(n) >= n - DISTANT_HOSPITALS
    skew = np.where(kind == HOSPITAL, p.facility_skew, p.facility_skew * 0.55)
    size = np.exp(rng.normal(0, 1, n) * skew)
    settlement = draw_weighted(rng, land.weight * np.where(land.urban, 1.6, 1.0), n).astype(np.int32)
    x = land.x[settlement] + rng.normal(0, 0.25, n)
    y = land.y[settlement] + rng.normal(0, 0.25, n)
    angle, far = rng.uniform(0, 2 * np.pi, n), rng.uniform(120, 900, n)
    x, y = np.where(distant, np.cos(angle) * far, x), np.where(distant, np.sin(angle) * far, y)
    district = np.where(distant, p.districts + np.arange(n) % 5, land.district[settlement]).astype(np.int32)
    rank = np.zeros(n)
    local = np.flatnonzero((kind == HOSPITAL) & ~distant)
    rank[local] = np.argsort(np.argsort(-size[local])) / max(len(local), 1)
    level = np.where(kind != HOSPITAL, 0, np.where(distant | (rank < 0.12), 3, np.where(rank < 0.5, 2, 1)))
    load = size / np.where(kind == HOSPITAL, size[local].mean(), 1.0)
    doctors = np.where(kind == HOSPITAL, 5 + 14 * load * p.people_per_hospital / 3000, 1 + 1.3 * load)
    doctors = np.where(kind == PHARMACY, 0, np.clip(doctors, 1, 120)).astype(np.int32)
    tills = np.clip(np.where(kind == HOSPITAL, 2 + 3 * load, 1 + 0.8 * load), 1, 14).astype(np.int32)
    clerks = np.clip(np.where(kind == HOSPITAL, 3 + 4 * load, 1 + 1.2 * load), 1, 20).astype(np.int32)
    agency = np.full(p.districts, 2, dtype=np.int32) + rng.poisson(people / p.districts / 6000, p.districts).astype(
        np.int32
    )
    gravity, of_kind = {}, {}
    for k in (HOSPITAL, CLINIC, PHARMACY):
        mine = np.flatnonzero((kind == k) & ~distant).astype(np.int32)
        scale = max(0.6, (0.7 if k == HOSPITAL else 0.4) * land.side / np.sqrt(len(mine)))
        km = np.hypot(land.x[:, None] - x[mine], land.y[:, None] - y[mine])
        gravity[k] = cumulate(size[mine] * (np.exp(-km / scale) + STRAY))
        of_kind[k] = mine
    return Places(
        kind=kind,
        level=level.astype(np.int32),
        x=x,
        y=y,
        district=district,
        settlement=settlement,
        size=size,
        price=np.exp(rng.normal(0, 0.18, n)) * np.array([0.9, 0.95, 1.1, 1.4])[level],
        distant=distant,
        first_doctor=starts(doctors),
        n_doctors=doctors,
        first_operator=starts(clerks),
        n_operators=clerks,
        first_terminal=starts(tills),
        n_terminals=tills,
        doctor_place=np.repeat(np.arange(n, dtype=np.int32), doctors),
        agency_first=starts(agency) + np.int32(clerks.sum()),
        agency_n=agency,
        operators=int(clerks.sum() + agency.sum()),
        terminals=int(tills.sum()),
        gravity=gravity,
        of_kind=of_kind,
    )


def starts(counts: Ints) -> Ints:
    """First number of each owner when the owned are numbered through."""
    result: Ints = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
    return result


def degrees(places: Places) -> tuple[Floats, Floats]:
    """Latitude and longitude of the facilities, rounded to about ten metres."""
    latitude = CENTRE[0] + places.y / KM_PER_DEGREE
    longitude = CENTRE[1] + places.x / (KM_PER_DEGREE * np.cos(np.radians(CENTRE[0])))
    return np.round(latitude, 4), np.round(longitude, 4)


def idle_first(rng: Rng, places: Places, facilities: Ints, traffic: float) -> Longs:
    """Facilities ordered by how they suit a ring: with traffic 1 the smallest first, with 0 the largest, with chance
    between."""
    rank = np.argsort(np.argsort(places.size[facilities])) / max(len(facilities), 1)
    taste = traffic * rank + (1 - traffic) * (1 - rank) + rng.normal(0, 0.25, len(facilities))
    result: Longs = facilities[np.argsort(taste, kind="stable")].astype(np.int64)
    return result
