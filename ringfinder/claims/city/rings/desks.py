"""Insider collusion: one clerk settles a group's irregular files, in runs and far beyond her share.

At the agency's counter (bills of several hospitals, some paid to accounts of others), or at a hospital's own window
after hours. The care is partly real, at inflated prices; only the desk ties the people together.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringfinder.claims.city.calendar import draw_seconds
from ringfinder.claims.city.desk import hand_in, stay, visit
from ringfinder.claims.city.draws import DAY, MINUTE, Bools, Ints, Longs, choose
from ringfinder.claims.city.ledger import RING, Block
from ringfinder.claims.city.places import HOSPITAL
from ringfinder.claims.city.rings.plan import Plan

AT_WINDOW = 0.3  # insiders who sit at a hospital's window, not at the agency's counter
THROUGH_HER = {"plain": 0.97, "camouflaged": 0.8, "sparse": 0.93}  # share of the files
FILES = {"plain": (3, 6), "camouflaged": (3, 5), "sparse": (2, 3)}  # a person


def desk_runs(plan: Plan, ready: Longs, runs: int, pace: tuple[float, float]) -> Longs:
    """Moments at which files are settled: collected over `runs` working days, handed over in one pile, minutes apart.

    `ready` is the day from which a file can be handed in; returns seconds in the order of `ready`.
    """
    rng = plan.rng
    order = np.argsort(ready, kind="stable")
    settled = np.zeros(len(ready), dtype=np.int64)
    for pile in np.array_split(order, max(1, min(runs, len(order) // 3))):
        day = int(ready[pile].max()) + plan.count((3, 14))
        weekday = (day + 3) % 7
        day += 7 - weekday if weekday >= 5 else 0
        begin = day * DAY + int(draw_seconds(rng, "office", 1)[0])
        settled[pile] = begin + np.cumsum(rng.uniform(pace[0], pace[1], len(pile)) * MINUTE).astype(np.int64)
    return settled


def insider(plan: Plan) -> None:
    """Her people's stays and visits, and the runs in which she settles them."""
    world, rng, places = plan.world, plan.rng, plan.world.places
    window = plan.chance(AT_WINDOW)
    hospital = plan.hospital((2, 3))
    if window:
        patients = plan.recruit(near=(float(places.x[hospital]), float(places.y[hospital])))
        operator = int(places.first_operator[hospital] + rng.integers(0, places.n_operators[hospital]))
        sites: Ints = np.array([hospital])
    else:
        patients = plan.recruit()
        district = np.bincount(world.people.district[patients]).argmax()
        operator = int(places.agency_first[district] + rng.integers(0, places.agency_n[district]))
        sites = choose(rng, places.of_kind[HOSPITAL], 5)
    who = np.repeat(patients, rng.integers(FILES[plan.level][0], FILES[plan.level][1] + 1, len(patients)))
    accounts = [world.new_account() for _ in range(plan.count((1, 2)))] if plan.chance(0.6) and not window else []
    blocks = _care(plan, who, sites)
    ready = np.zeros(len(who), dtype=np.int64)
    for block, index in blocks:
        ready[index] = block["end"] // DAY
    pace = (1.0, 4.0) if plan.level == "plain" else (1.5, 7.0)
    settled = desk_runs(plan, ready, plan.count(plan.disguise.occasions), pace)
    hers = rng.random(len(who)) < THROUGH_HER[plan.level]
    for block, index in blocks:
        if window:
            block["settled"][:] = np.where(hers[index], settled[index], block["settled"])
            block["terminal"][hers[index]] = places.first_terminal[hospital]
        else:
            own = world.people.account[who[index]]
            foreign = (rng.random(len(index)) < 0.45) & bool(accounts)
            paid = np.where(foreign, np.array(accounts or [-1])[who[index] % max(1, len(accounts))], own)
            hand_in(world, rng, block, settled=settled[index], account=paid)
        block["operator"][:] = np.where(hers[index], operator, block["operator"])
    plan.add("patient", patients, "patient")
    plan.add("operator", operator, "operator")
    plan.add("account", np.array(accounts, dtype=np.int64), "payee")
    plan.note()


def _care(plan: Plan, who: Longs, sites: Ints) -> list[tuple[Block, Longs]]:
    """Stays and dear visits on days of everybody's own, half of them never given: blocks with their index in `who`."""
    world, rng, n = plan.world, plan.rng, len(who)
    lifetime = plan.count((120, 320)) if world.days > 350 else world.days - 50
    begin = world.first_day + int(rng.integers(0, max(1, world.days - lifetime - 40)))
    day = begin + rng.integers(0, lifetime, n)
    where = sites[rng.integers(0, len(sites), n)]
    profit = plan.between(plan.disguise.profit)
    there: Bools = rng.random(n) < 0.5
    shared: dict[str, Any] = {"origin": RING, "ring": plan.number}
    bed = rng.random(n) < 0.4
    beds, chairs = np.flatnonzero(bed), np.flatnonzero(~bed)
    when = day[chairs] * DAY + draw_seconds(rng, "clinic", len(chairs))
    dear = profit * rng.uniform(2, 5, len(chairs))
    return [
        (stay(world, rng, who[beds], where[beds], day[beds], price=profit, there=there[beds], **shared), beds),
        (visit(world, rng, who[chairs], where[chairs], when, price=dear, there=there[chairs], **shared), chairs),
    ]
