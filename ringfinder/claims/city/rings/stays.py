"""Rings that live on beds: paid referral, sham stays, rotation.

The fund pays thousands a stay. Paid referral fills an idle hospital with lightly ill people whom a go-between brings
by the car-load. A sham stay keeps only the paper in bed. Rotation readmits the same people in turn at two or three
houses, so that each bill stays below what would be looked at.
"""

from __future__ import annotations

import numpy as np

from ringfinder.claims.city.codebook import LIGHT_STAYS, STAY_PRICE
from ringfinder.claims.city.desk import stay, visit
from ringfinder.claims.city.draws import DAY, HOUR, choose
from ringfinder.claims.city.ledger import RING
from ringfinder.claims.city.places import CLINIC, HOSPITAL, PHARMACY
from ringfinder.claims.city.rings.plan import Plan


def paid_referral(plan: Plan) -> None:
    """Waves of admissions: one small hospital, few doctors, alike stays and bills, people from afar."""
    world, rng = plan.world, plan.rng
    hospital = plan.hospital()
    patients = plan.recruit(far_from=hospital)
    recruiter, named = plan.go_between(patients)
    low, high = plan.disguise.occasions
    waves = plan.occasions(max(3, round(plan.count((low, high)) * 0.6)), (18, 55))
    comes = plan.attendance(len(waves), len(patients), plan.between(plan.disguise.turnout) * 0.85)
    wave, who = np.nonzero(comes)
    n = len(who)
    scatter = plan.count(plan.disguise.scatter)
    day = waves[wave] + rng.integers(0, scatter + 2, n)
    nights = np.maximum(3, plan.count((6, 10)) + np.round(rng.normal(0, 0.4 + scatter * 0.7, n)))
    kinds = choose(rng, LIGHT_STAYS, plan.count((1, 3)))
    diagnosis = kinds[rng.integers(0, len(kinds), n)]
    doctors = plan.doctors(hospital, 3)
    profit = plan.between(plan.disguise.profit)
    base = STAY_PRICE[kinds].max() * profit * (1 if plan.level != "camouflaged" else nights / nights.mean())
    arrival = (plan.between((8.5, 14.5)) + rng.normal(0, 0.5 + scatter, n)) * HOUR
    block = stay(
        world,
        rng,
        patients[who],
        np.full(n, hospital),
        day,
        origin=RING,
        ring=plan.number,
        nights=nights,
        seconds=np.clip(arrival, 6 * HOUR, 21 * HOUR).astype(np.int64),
        diagnosis=diagnosis,
        doctor=doctors[rng.integers(0, len(doctors), n)],
        amount=plan.amounts(base, n),
        recruiter=plan.naming(recruiter, named, n),
    )
    if plan.chance(0.35):  # he takes his cut through his own account
        paid = rng.random(n) < (0.7 if plan.level == "plain" else 0.3)
        account = world.recruiters[recruiter].account
        block["account"][:] = np.where(paid, account, world.people.account[patients[who]])
        plan.add("account", account, "payee")
    plan.add("patient", patients, "patient")
    plan.add("facility", hospital, "hospital")
    plan.add("doctor", doctors, "doctor")
    plan.note()


def sham_stay(plan: Plan) -> None:
    """Batches that lie on paper on one ward, begin and end together, while their cards are used at home."""
    world, rng, people = plan.world, plan.rng, plan.world.people
    hospital = plan.hospital()
    patients = plan.recruit(near=(float(world.places.x[hospital]), float(world.places.y[hospital])))
    low, high = plan.disguise.occasions
    batches = plan.occasions(max(3, round(plan.count((low, high)) * 0.55)), (16, 60), tail=25)
    comes = plan.attendance(len(batches), len(patients), plan.between(plan.disguise.turnout) * 0.85)
    batch, who = np.nonzero(comes)
    n = len(who)
    scatter = plan.count(plan.disguise.scatter)
    first = batches[batch] + rng.integers(0, scatter + 1, n)
    length = rng.integers(8, 15, len(batches))
    last = batches[batch] + length[batch] + rng.integers(0, scatter + 1, n)
    kinds = choose(rng, LIGHT_STAYS, plan.count((1, 2)))
    doctors = plan.doctors(hospital, 2)
    base = STAY_PRICE[kinds].max() * plan.between(plan.disguise.profit)
    come, go = rng.uniform(8, 15, len(batches)) * HOUR, rng.uniform(9, 15, len(batches)) * HOUR
    stay(
        world,
        rng,
        patients[who],
        np.full(n, hospital),
        first,
        origin=RING,
        ring=plan.number,
        there=False,
        nights=last - first,
        seconds=(come[batch] + rng.integers(0, (1 + scatter) * HOUR, n)).astype(np.int64),
        leave=(go[batch] + rng.integers(0, (1 + scatter) * HOUR, n)).astype(np.int64),
        diagnosis=kinds[rng.integers(0, len(kinds), n)],
        doctor=doctors[rng.integers(0, len(doctors), n)],
        amount=plan.amounts(base, n),
    )
    # outside, life goes on: shopping, seeing the own doctor
    seen = rng.random(n) < plan.between(plan.disguise.marks)
    times = np.where(seen, rng.integers(1, 3, n), 0)
    index = np.repeat(np.arange(n), times)
    day = (
        first[index] + 1 + np.floor(rng.random(len(index)) * np.maximum(1, (last - first)[index] - 1)).astype(np.int64)
    )
    shop = rng.random(len(index)) < 0.7
    facility = np.where(
        shop, people.regular[PHARMACY][patients[who][index]], people.regular[CLINIC][patients[who][index]]
    )
    when = day * DAY + (rng.uniform(8.5, 19.5, len(index)) * HOUR).astype(np.int64)
    visit(world, rng, patients[who][index], facility, when, origin=RING, ring=plan.number)
    plan.add("patient", patients, "patient")
    plan.add("facility", hospital, "hospital")
    plan.add("doctor", doctors, "doctor")
    plan.note()


def rotation(plan: Plan) -> None:
    """The same people, discharged and readmitted within days, in turn at two or three hospitals with a doctor in
    each."""
    world, rng, places = plan.world, plan.rng, plan.world.places
    first = plan.hospital()
    local = places.of_kind[HOSPITAL]
    others = local[(local != first) & (places.level[local] < 3)]
    others = plan.sites(others if len(others) >= 2 else local[local != first])[:6]
    km = places.distance(others, places.x[first], places.y[first])
    ring = np.concatenate([[first], choose(rng, others, plan.count((1, 2)), np.exp(-km / 8))]).astype(np.int64)
    doctors = [plan.doctors(int(f), 2 if plan.level == "camouflaged" else 1) for f in ring]
    patients = plan.recruit(near=(float(places.x[first]), float(places.y[first])))
    turns = {"plain": (4, 6), "camouflaged": (4, 6), "sparse": (3, 4)}[plan.level]
    hops = plan.count(turns)
    crowds = max(1, min(3, plan.size // 5)) if plan.level != "sparse" else max(1, min(2, plan.size // 6))
    crowd = rng.permutation(len(patients)) % crowds
    turnout = {"plain": 0.92, "camouflaged": 0.68, "sparse": 0.75}[plan.level]
    comes = plan.attendance(hops, len(patients), turnout, each=3)
    total = hops * 17
    begin = world.first_day + int(rng.integers(3, max(4, world.days - total - 30)))
    kinds = choose(rng, LIGHT_STAYS, plan.count((1, 3)))
    base = STAY_PRICE[kinds].max() * plan.between(plan.disguise.profit) * 0.8
    day = begin + crowd * plan.count((4, 8))
    wait = (1, 4) if plan.level == "plain" else (1, 9)
    for hop in range(hops):
        nights = plan.count((6, 10)) + rng.integers(0, 2 if plan.level == "plain" else 4, len(patients))
        where = (hop + crowd) % len(ring)
        who = np.flatnonzero(comes[hop])
        scatter = rng.integers(0, plan.count(plan.disguise.scatter) + 1, len(patients))
        arrival = day + scatter
        n = len(who)
        doctor = np.array([doctors[w][int(rng.integers(0, len(doctors[w])))] for w in where[who]])
        stay(
            world,
            rng,
            patients[who],
            ring[where[who]],
            arrival[who],
            origin=RING,
            ring=plan.number,
            nights=nights[who],
            diagnosis=kinds[rng.integers(0, len(kinds), n)],
            doctor=doctor,
            amount=plan.amounts(base, n),
        )
        pause = np.array([plan.count(wait) for _ in range(crowds)])
        day = day + 10 + pause[crowd] if hop % 2 == 0 else day + 9 + pause[crowd]
        day = np.maximum(day, arrival + nights + 1)
    plan.add("patient", patients, "patient")
    plan.add("facility", ring, "hospital")
    plan.add("doctor", np.concatenate(doctors), "doctor")
    plan.note()
