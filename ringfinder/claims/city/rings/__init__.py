"""Planted rings: ten kinds at three levels, dealt in a seeded order, made of ordinary people of the town."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ringfinder.claims.city.draws import Rng, choose
from ringfinder.claims.city.parameters import LEVELS, CityParameters
from ringfinder.claims.city.rings.cards import drug_resale, lent_cards, retained_cards
from ringfinder.claims.city.rings.desks import insider
from ringfinder.claims.city.rings.paper import after_death, fake_bills
from ringfinder.claims.city.rings.plan import DISGUISE, Plan
from ringfinder.claims.city.rings.prescriptions import doctor_pharmacy
from ringfinder.claims.city.rings.stays import paid_referral, rotation, sham_stay
from ringfinder.claims.city.world import World

MAKERS: dict[str, Callable[[Plan], None]] = {
    "paid_referral": paid_referral,
    "retained_cards": retained_cards,
    "lent_cards": lent_cards,
    "drug_resale": drug_resale,
    "sham_stay": sham_stay,
    "rotation": rotation,
    "fake_bills": fake_bills,
    "doctor_pharmacy": doctor_pharmacy,
    "insider": insider,
    "after_death": after_death,
}


def plant_rings(world: World, rings: int) -> None:
    """Plant `rings` rings, one after the other."""
    p = world.parameters
    order = world.rng("deal")
    for number, (kind, level) in enumerate(deal(order, rings, p)):
        rng = world.rng(f"ring {number} {kind} {level}")
        size = round(float(p.ring_size * np.exp(rng.normal(0, p.ring_size_spread))))
        if kind == "doctor_pharmacy":
            size = round(size * 1.4)  # its people are a practice, not a car-load
        size = min(max(size, p.smallest_ring), p.largest_ring)
        MAKERS[kind](Plan(world, rng, number, kind, level, size, DISGUISE[level]))


def deal(rng: Rng, rings: int, p: CityParameters) -> list[tuple[str, str]]:
    """Kind and level of each ring: evenly in shuffled rounds of the ten kinds (each kind passes through the levels),
    or by weights."""
    kinds, levels = np.array(list(MAKERS)), np.array(LEVELS)
    if p.kind_weights or p.level_weights:
        by_kind, by_level = dict(p.kind_weights), dict(p.level_weights)
        weight = np.array([by_kind.get(k, 0.0 if by_kind else 1.0) for k in kinds])
        share = np.array([by_level.get(level, 0.0 if by_level else 1.0) for level in levels])
        return [
            (str(rng.choice(kinds, p=weight / weight.sum())), str(rng.choice(levels, p=share / share.sum())))
            for _ in range(rings)
        ]
    first = dict(zip(kinds.tolist(), rng.permutation(len(kinds)) % len(levels), strict=True))
    dealt: list[tuple[str, str]] = []
    while len(dealt) < rings:
        turn = len(dealt) // len(kinds)
        dealt += [(str(k), str(levels[(first[str(k)] + turn) % len(levels)])) for k in choose(rng, kinds, len(kinds))]
    return dealt[:rings]
