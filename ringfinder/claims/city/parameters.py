"""What a sample city is made of, as one frozen dataclass; `draw` rolls a different world for each seed.

Shares lie in 0..1, densities are per 1,000 people, amounts are factors on the default. The defaults are a plausible
middle city: a small town with its villages, some 8 claims a head and year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from ringfinder.errors import UsageError
from ringfinder.model import KINDS
from ringfinder.words.sentences import Listed, Sentence

IdStyle = Literal["prefixed", "digits", "hex"]
LEVELS = ("plain", "camouflaged", "sparse")


@dataclass(frozen=True)
class CityParameters:
    """All that can be turned in a city. Raises UsageError for a value that makes no city."""

    # time
    first_day: date = date(2024, 1, 1)
    years: int = 1
    hours_known: bool = True  # False: the export knows only days
    weekday_strength: float = 1.0  # 0: every day alike; 2: idle week-ends, crowded Mondays
    epidemics: int = 2  # waves of respiratory illness a year
    epidemic_strength: float = 1.0

    # land
    km2_per_1000: float = 45.0
    urban: float = 0.6
    districts: int = 6
    people_per_hospital: float = 3000.0
    people_per_clinic: float = 900.0
    people_per_pharmacy: float = 900.0
    facility_skew: float = 1.0  # sigma of ln(size): 0.3 all alike, 1.5 one giant
    loyalty: float = 0.7  # visits that go to the regular place and doctor

    # people and their care
    activity: float = 1.0
    chronic: float = 0.14
    mortality: float = 1.0
    shared_phone: float = 0.3  # households that have one phone for all
    shared_account: float = 0.3
    reissued_cards: float = 0.04
    e_credentials: float = 0.12  # claims without a card number
    distant_care: float = 0.03  # people treated far away and reimbursed, a year
    drg: float = 0.6  # stays billed at a price point
    price_spread: float = 0.4
    coding_noise: float = 0.003
    companions: float = 0.12  # visits on which somebody of the household comes along
    refunds: float = 0.006

    # what the export fills
    doctor_filled: float = 0.95
    diagnosis_filled: float = 0.98
    phone_filled: float = 0.9
    address_filled: float = 0.97
    account_filled: float = 0.8
    operators_known: bool = True
    terminals_known: bool = True
    settlement_known: bool = True
    invoices_known: bool = True
    id_style: IdStyle = "prefixed"

    # honest scenes: numbers as in the registry, times `scenes`, times the factor of the scene's slug
    scenes: float = 1.0
    scene_factors: tuple[tuple[str, float], ...] = ()

    # rings
    kind_weights: tuple[tuple[str, float], ...] = ()  # empty: dealt evenly over the ten kinds
    level_weights: tuple[tuple[str, float], ...] = ()  # empty: dealt evenly over the three levels
    ring_size: float = 18.0  # median number of patients
    ring_size_spread: float = 0.5  # sigma of ln(size)
    smallest_ring: int = 6
    largest_ring: int = 60
    camouflage: float = 1.0  # above 1: fewer take part each time, weaker marks
    ring_traffic: float = 0.5  # 1: the ring uses the idlest facilities, 0: the busiest
    double_members: float = 0.02  # members who are in another ring too

    def __post_init__(self) -> None:
        for name, low, high in _BOUNDS:
            value = getattr(self, name)
            if not low <= value <= high:
                raise UsageError(Sentence("faults_claims.city_parameter", name=name, value=value, least=low, most=high))
        for name, known in (("kind_weights", KINDS), ("level_weights", LEVELS)):
            pairs = getattr(self, name)
            unknown = [key for key, _ in pairs if key not in known]
            if unknown or (pairs and not sum(weight for _, weight in pairs) > 0):
                raise UsageError(Sentence("faults_claims.city_weights", name=name, known=Listed(known)))
        if self.smallest_ring > self.largest_ring:
            raise UsageError(Sentence("faults_claims.city_ring_sizes"))

    @property
    def first_day_number(self) -> int:
        """Days since 1970 of the first day."""
        return (self.first_day - date(1970, 1, 1)).days

    @property
    def days(self) -> int:
        """Length of the city's time."""
        return 365 * self.years

    def factor(self, scene: str) -> float:
        """How often the honest scene happens, against its number in the registry."""
        return self.scenes * dict(self.scene_factors).get(scene, 1.0)

    @staticmethod
    def draw(seed: int) -> CityParameters:
        """World parameters from wide ranges; the same seed gives the same world. Every range is meant to be plausible
        somewhere."""
        from ringfinder.claims.city.scenes import SCENES  # noqa: PLC0415 - the registry needs this module first

        rng = np.random.default_rng([seed, 0xC17])

        def between(low: float, high: float) -> float:
            return round(float(rng.uniform(low, high)), 4)

        def spread(low: float, high: float) -> float:
            return round(float(np.exp(rng.uniform(np.log(low), np.log(high)))), 4)

        def chance(p: float) -> bool:
            return bool(rng.random() < p)

        hours_known = not chance(0.08)
        return CityParameters(
            first_day=date(int(rng.integers(2019, 2025)), 1, 1),
            years=2 if chance(0.25) else 1,
            hours_known=hours_known,
            weekday_strength=between(0.2, 1.8),
            epidemics=int(rng.integers(0, 5)),
            epidemic_strength=spread(0.3, 3.0),
            km2_per_1000=spread(4.0, 160.0),
            urban=between(0.1, 0.95),
            districts=int(rng.integers(3, 13)),
            people_per_hospital=spread(1200.0, 8000.0),
            people_per_clinic=spread(400.0, 2500.0),
            people_per_pharmacy=spread(400.0, 2500.0),
            facility_skew=between(0.4, 1.5),
            loyalty=between(0.45, 0.85),
            activity=spread(0.5, 1.7),
            chronic=between(0.05, 0.24),
            mortality=spread(0.6, 1.8),
            shared_phone=between(0.1, 0.7),
            shared_account=between(0.1, 0.7),
            reissued_cards=between(0.0, 0.12),
            e_credentials=between(0.0, 0.45),
            distant_care=between(0.01, 0.08),
            drg=between(0.1, 0.95),
            price_spread=between(0.2, 0.7),
            coding_noise=spread(0.0005, 0.015),
            companions=between(0.03, 0.25),
            refunds=between(0.001, 0.02),
            doctor_filled=between(0.7, 1.0),
            diagnosis_filled=between(0.85, 1.0),
            phone_filled=between(0.5, 1.0),
            address_filled=between(0.6, 1.0),
            account_filled=between(0.4, 1.0),
            operators_known=not chance(0.1),
            terminals_known=not chance(0.15),
            settlement_known=not chance(0.06),
            invoices_known=not chance(0.1),
            id_style=("prefixed", "digits", "hex")[int(rng.integers(3))],
            scenes=spread(0.5, 1.6),
            scene_factors=tuple((scene.slug, spread(0.25, 2.5)) for scene in SCENES),
            kind_weights=tuple((kind, spread(0.4, 2.5)) for kind in KINDS),
            level_weights=tuple((level, spread(0.5, 2.0)) for level in LEVELS),
            ring_size=spread(9.0, 30.0),
            ring_size_spread=between(0.25, 0.8),
            smallest_ring=4,
            largest_ring=80,
            camouflage=spread(0.75, 1.35),
            ring_traffic=between(0.05, 0.95),
            double_members=between(0.0, 0.08),
        )


_BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("years", 1, 3),
    ("weekday_strength", 0, 2),
    ("epidemics", 0, 8),
    ("epidemic_strength", 0, 5),
    ("km2_per_1000", 0.5, 1000),
    ("urban", 0, 1),
    ("districts", 1, 40),
    ("people_per_hospital", 300, 100_000),
    ("people_per_clinic", 100, 100_000),
    ("people_per_pharmacy", 100, 100_000),
    ("facility_skew", 0, 2.5),
    ("loyalty", 0, 1),
    ("activity", 0.05, 5),
    ("chronic", 0, 0.6),
    ("mortality", 0, 5),
    ("shared_phone", 0, 1),
    ("shared_account", 0, 1),
    ("reissued_cards", 0, 0.5),
    ("e_credentials", 0, 1),
    ("distant_care", 0, 0.5),
    ("drg", 0, 1),
    ("price_spread", 0, 1.5),
    ("coding_noise", 0, 0.2),
    ("companions", 0, 1),
    ("refunds", 0, 0.2),
    ("doctor_filled", 0, 1),
    ("diagnosis_filled", 0, 1),
    ("phone_filled", 0, 1),
    ("address_filled", 0, 1),
    ("account_filled", 0, 1),
    ("scenes", 0, 10),
    ("ring_size", 4, 80),
    ("ring_size_spread", 0, 1.5),
    ("smallest_ring", 4, 80),
    ("largest_ring", 4, 80),
    ("camouflage", 0.5, 2),
    ("ring_traffic", 0, 1),
    ("double_members", 0, 0.5),
)
