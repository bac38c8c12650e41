"""Rings that live on paper: fake bills, claims after death.

Nobody sees the patient: bills of distant hospitals go to a few accounts, the dead go on buying. What betrays them
is sameness: numbers used twice, equal amounts, one account, one till.
"""

from __future__ import annotations

import numpy as np

from ringfinder.claims.city.codebook import LIGHT_STAYS, STAY_PRICE
from ringfinder.claims.city.desk import hand_in, stay, usual_chronic, visit
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE, Longs, choose
from ringfinder.claims.city.ledger import RING
from ringfinder.claims.city.places import CLINIC, PHARMACY
from ringfinder.claims.city.rings.desks import desk_runs
from ringfinder.claims.city.rings.plan import Plan, ring_patients


def _bills(plan: Plan, members: int) -> Longs:
    """Member of each bill: everybody hands in a few."""
    low, high = {"plain": (2, 4), "camouflaged": (2, 3), "sparse": (1, 2)}[plan.level]
    return np.repeat(np.arange(members), plan.rng.integers(low, high + 1, members)).astype(np.int64)


def fake_bills(plan: Plan) -> None:
    """Reimbursements for care far away that never was: one or two hospitals, a few accounts, alike amounts, invoice
    numbers again."""
    world, rng = plan.world, plan.rng
    distant = np.flatnonzero(world.places.distant)
    sites = choose(rng, distant, 1 if plan.level == "plain" else plan.count((1, 2)))
    patients = plan.recruit()
    recruiter, named = plan.go_between(patients)
    who = _bills(plan, len(patients))
    n = len(who)
    lifetime = plan.count((90, 300)) if world.days > 330 else world.days - 60
    begin = world.first_day + int(rng.integers(0, max(1, world.days - lifetime - 45)))
    day = begin + rng.integers(0, lifetime, n)
    day = np.sort(day)[np.argsort(rng.permutation(n))]
    bases = np.round(rng.uniform(7000, 26000, 1 if plan.level == "plain" else 2))
    spread = {"plain": 0.008, "camouflaged": 0.07, "sparse": 0.02}[plan.level]
    base = bases[rng.integers(0, len(bases), n)]
    kinds = choose(rng, LIGHT_STAYS, plan.count((1, 3)))
    nights = plan.count((6, 12)) + rng.integers(0, 2 if plan.level == "plain" else 5, n)
    block = stay(
        world,
        rng,
        patients[who],
        sites[rng.integers(0, len(sites), n)],
        day,
        origin=RING,
        ring=plan.number,
        there=False,
        nights=nights,
        diagnosis=kinds[rng.integers(0, len(kinds), n)],
        amount=plan.amounts(base, n, spread),
        recruiter=plan.naming(recruiter, named, n),
    )
    invoice = world.new_invoices(n)
    again = rng.random(n) < {"plain": 0.45, "camouflaged": 0.15, "sparse": 0.3}[plan.level]
    invoice = np.where(again, invoice[rng.integers(0, n, n)], invoice)
    accounts = [world.recruiters[recruiter].account]
    for _ in range({"plain": 0, "camouflaged": plan.count((1, 2)), "sparse": plan.count((0, 1))}[plan.level]):
        own = int(world.people.account[patients[int(rng.integers(0, len(patients)))]])
        accounts.append(own if own >= 0 and plan.chance(0.5) else world.new_account())
    foreign = rng.random(n) < {"plain": 1.0, "camouflaged": 0.82, "sparse": 0.95}[plan.level]
    payee = np.where(foreign, np.array(accounts)[who % len(accounts)], world.people.account[patients[who]])
    pace = (2.0, 9.0) if plan.level == "camouflaged" else (1.0, 4.0)
    settled = desk_runs(plan, (block["end"] // DAY).astype(np.int64), plan.count((3, 7)), pace)
    hand_in(world, rng, block, settled=settled, account=payee, invoice=invoice)
    plan.add("patient", patients, "patient")
    plan.add("account", np.array(accounts), "payee")
    plan.add("facility", sites, "hospital")
    plan.note()


def _the_dead(plan: Plan) -> Longs:
    """People dead early enough to be used; where the town has too few, more of the old have died."""
    world, rng, people = plan.world, plan.rng, plan.world.people
    last = world.first_day + world.days - 75
    free = np.setdiff1d(np.flatnonzero(people.death < last), ring_patients(world))
    dead = choose(rng, free.astype(np.int64), plan.size)
    if len(dead) < plan.size:
        old = np.setdiff1d(world.alive(), ring_patients(world))
        more = choose(rng, old, plan.size - len(dead), np.exp(people.age[old] / 9.0))
        people.death[more] = world.first_day + rng.integers(-200, world.days - 80, len(more))
        dead = np.concatenate([dead, more])
    return np.unique(dead)


def after_death(plan: Plan) -> None:
    """The dead go on: through one till that keeps their cards, or on paper through one account and agent."""
    world, rng, places, people = plan.world, plan.rng, plan.world.places, plan.world.people
    patients = _the_dead(plan)
    paper = plan.chance(0.55)
    low, high = plan.disguise.occasions
    n_days = plan.count((low, high)) if paper else plan.count((low, high)) + 3
    first = max(world.first_day, int(np.quantile(people.death[patients], 0.4)))
    room = world.first_day + world.days - 20 - first
    days = np.unique(first + np.sort(rng.integers(6, max(12, room), n_days)))
    comes = rng.random((len(days), len(patients))) < min(0.95, plan.between(plan.disguise.turnout) * 1.1)
    comes &= days[:, None] > people.death[patients][None, :] + 5
    for column, dead in zip(comes.T, people.death[patients], strict=True):
        later = np.flatnonzero(days > dead + 5)
        column[rng.permutation(later)[: max(0, 2 - int(column.sum()))]] = True
    batch, who = np.nonzero(comes)
    n = len(who)
    if paper:
        site = np.full(n, plan.hospital((1, 2, 3)))
        recruiter, named = plan.go_between(patients)
        kinds = choose(rng, LIGHT_STAYS, 3)
        amount = plan.amounts(STAY_PRICE[kinds].mean() * plan.between(plan.disguise.profit), n)
        care = days[batch] + rng.integers(-3, 4, n)
        care = np.maximum(care, people.death[patients][who] + 4)
        block = stay(
            world,
            rng,
            patients[who],
            site,
            care,
            origin=RING,
            ring=plan.number,
            there=False,
            nights=rng.integers(4, 9, n),
            diagnosis=kinds[rng.integers(0, 3, n)],
            amount=amount,
            recruiter=plan.naming(recruiter, named, n),
        )
        account = world.recruiters[recruiter].account
        settled = desk_runs(plan, (block["end"] // DAY).astype(np.int64), len(days), (1.0, 6.0))
        hand_in(world, rng, block, settled=settled, account=account)
        plan.add("account", account, "payee")
    else:
        kind = PHARMACY if plan.chance(0.75) else CLINIC
        shop = int(plan.sites(places.of_kind[kind])[0])
        operator = places.first_operator[shop] + int(rng.integers(0, places.n_operators[shop]))
        terminal = places.first_terminal[shop] + int(rng.integers(0, places.n_terminals[shop]))
        begin = days * DAY + (rng.uniform(8, 21, len(days)) * HOUR).astype(np.int64)
        when = begin[batch] + rng.integers(0, {"plain": 25, "camouflaged": 150, "sparse": 60}[plan.level] * MINUTE, n)
        block = visit(
            world,
            rng,
            patients[who],
            np.full(n, shop),
            when,
            origin=RING,
            ring=plan.number,
            there=False,
            diagnosis=usual_chronic(world, patients[who]),
            price=plan.between(plan.disguise.profit) * 1.5,
        )
        block["card"][:] = world.card(patients[who], when)
        block["operator"][:] = np.where(rng.random(n) < 0.9, operator, block["operator"])
        block["terminal"][:] = np.where(rng.random(n) < 0.95, terminal, block["terminal"])
        plan.add("facility", shop, "pharmacy" if kind == PHARMACY else "clinic")
        plan.add("operator", operator, "operator")
        plan.add("terminal", terminal, "till")
        plan.add("card", block["card"], "card")
    plan.add("patient", patients, "holder")
    plan.note()
