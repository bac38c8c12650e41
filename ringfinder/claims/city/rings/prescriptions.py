"""Doctor and pharmacy in collusion: the doctor's prescriptions of one medicine go to one pharmacy, far beyond its
share.

Every patient comes on days of his own, so nobody meets; the pair of doctor and pharmacy is the ring. The money lies
in packs that need not be given out. The doctor's other patients, and the pharmacy's, are honest.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringfinder.claims.city.calendar import draw_seconds
from ringfinder.claims.city.codebook import DRUG_PRICE
from ringfinder.claims.city.desk import list_price, usual_chronic, visit
from ringfinder.claims.city.draws import DAY, MINUTE, choose
from ringfinder.claims.city.ledger import RING
from ringfinder.claims.city.places import CLINIC, PHARMACY
from ringfinder.claims.city.rings.plan import Plan

WORTH_IT = (60.0, 420.0)  # yuan a pack of the medicines such a pair deals in


def doctor_pharmacy(plan: Plan) -> None:
    """Visits to the doctor, each filled at the pharmacy the same or the next day."""
    world, rng, places = plan.world, plan.rng, plan.world.places
    site = int(plan.sites(places.of_kind[CLINIC])[0])
    if plan.chance(0.4):
        site = plan.hospital((1, 2, 3))
    doctor = plan.doctors(site, 1)[0]
    shops = places.of_kind[PHARMACY]
    km = places.distance(shops, places.x[site], places.y[site])
    near = shops[np.argsort(km, kind="stable")]
    shop = int(near[min(len(near) - 1, plan.count((1, max(1, min(8, len(near) // 3)))))])
    patients = plan.recruit(near=(float(places.x[site]), float(places.y[site])))
    prices = DRUG_PRICE
    worth = np.flatnonzero((prices >= WORTH_IT[0]) & (prices <= WORTH_IT[1]))
    drugs = choose(rng, worth, 1 if plan.level == "plain" else plan.count((1, 2)))
    low, high = {"plain": (4, 9), "camouflaged": (3, 7), "sparse": (2, 4)}[plan.level]
    who = np.repeat(np.arange(len(patients)), rng.integers(low, high + 1, len(patients)))
    n = len(who)
    lifetime = plan.count((100, min(340, world.days - 10)))
    begin = world.first_day + int(rng.integers(0, max(1, world.days - lifetime - 5)))
    seen = (begin + rng.integers(0, lifetime, n)) * DAY + draw_seconds(rng, "clinic", n)
    diagnosis = usual_chronic(world, patients[who])
    shared: dict[str, Any] = {"origin": RING, "ring": plan.number, "doctor": doctor, "diagnosis": diagnosis}
    visit(world, rng, patients[who], np.full(n, site), seen, **shared)
    same_day = rng.random(n) < (0.9 if plan.level == "plain" else 0.65)
    wait = np.where(same_day, rng.integers(15 * MINUTE, 110 * MINUTE, n), DAY + rng.integers(-2, 3, n) * 1800)
    steered = rng.random(n) < {"plain": 0.95, "camouflaged": 0.72, "sparse": 0.9}[plan.level]
    elsewhere = world.people.regular[PHARMACY][patients[who]]
    where = np.where(steered, shop, elsewhere)
    drug = drugs[rng.integers(0, len(drugs), n)]
    usual = plan.count((2, 4))
    packs = usual + np.where(rng.random(n) < (0.05 if plan.level == "plain" else 0.35), rng.integers(-1, 2, n), 0)
    amount = list_price(world, where, drug) * np.maximum(1, packs)
    visit(
        world,
        rng,
        patients[who],
        where,
        seen + wait,
        drug=drug,
        amount=amount,
        **shared,
    )
    plan.add("patient", patients, "patient")
    plan.add("doctor", doctor, "doctor")
    plan.add("facility", shop, "pharmacy")
    plan.note()
