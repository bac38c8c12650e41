"""Rings that live on cards: retained cards, lent cards, drug resale.

Retained cards lie in a drawer and are swiped in runs, just under what asks for approval. Lent cards treat other
people than their holders, so the illness is not the holder's and the holder is elsewhere. Resale sends people round
the pharmacies for costly medicines.
"""

from __future__ import annotations

import numpy as np

from ringfinder.claims.city.codebook import (
    AGE_BANDS,
    COSTLY_DRUGS,
    DIAGNOSES,
    DIAGNOSIS_INDEX,
    DRUG_PRICE,
    LIGHT_STAYS,
    MEN_ONLY,
    WOMEN_ONLY,
)
from ringfinder.claims.city.desk import list_price, regular_doctor, visit
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE, Ints, Longs, choose, draw_weighted
from ringfinder.claims.city.ledger import RING
from ringfinder.claims.city.places import CLINIC, HOSPITAL, PHARMACY
from ringfinder.claims.city.population import BLANK
from ringfinder.claims.city.rings.plan import Plan, moments_elsewhere

LIMITS = (150.0, 200.0, 300.0, 400.0, 500.0)  # yuan above which a sale needs approval
CHILD_DIAGNOSES = np.array([DIAGNOSIS_INDEX[c] for c in ("A08.0", "B08.4", "P59.9", "J00")], dtype=np.int32)


def retained_cards(plan: Plan) -> None:
    """One pharmacy or clinic swipes its set of cards in runs, minutes apart, under a limit, on scattered days."""
    world, rng, places = plan.world, plan.rng, plan.world.places
    kind = PHARMACY if plan.chance(0.7) else CLINIC
    shop = int(plan.sites(places.of_kind[kind])[0])
    patients = plan.recruit(far_from=shop if plan.chance(0.5) else None)
    low, high = plan.disguise.occasions
    factor = 1.6 if plan.level == "plain" else 1.3 if plan.level == "camouflaged" else 1.0
    days = plan.occasions(round(plan.count((low, high)) * factor), (6, 28))
    begin = moments_elsewhere(plan, patients, shop, days, plan.between(plan.disguise.marks))
    comes = plan.attendance(len(days), len(patients), plan.between(plan.disguise.turnout))
    pace = {"plain": (0.8, 3.0), "camouflaged": (1.5, 9.0), "sparse": (1.0, 5.0)}[plan.level]
    floor = {"plain": 0.94, "camouflaged": 0.74, "sparse": 0.88}[plan.level]
    limit = LIMITS[plan.count((0, len(LIMITS) - 1))]
    operator = places.first_operator[shop] + int(rng.integers(0, places.n_operators[shop]))
    terminal = places.first_terminal[shop] + int(rng.integers(0, places.n_terminals[shop]))
    drugs = choose(rng, COSTLY_DRUGS, plan.count((2, 3)))
    doctors = plan.doctors(shop, 1) if kind == CLINIC else np.array([BLANK])
    habit = rng.permutation(len(patients))
    for row, moment in zip(comes, begin, strict=True):
        order = habit[row[habit]]
        n = len(order)
        if plan.level != "plain":
            order = rng.permutation(order)
        when = moment + np.cumsum(rng.uniform(pace[0], pace[1], n) * MINUTE).astype(np.int64)
        block = visit(
            world,
            rng,
            patients[order],
            np.full(n, shop),
            when,
            origin=RING,
            ring=plan.number,
            there=False,
            diagnosis=LIGHT_STAYS[rng.integers(0, 4, n)] if kind == CLINIC else BLANK,
            doctor=doctors[0],
            drug=drugs[rng.integers(0, len(drugs), n)],
            amount=np.round(limit * rng.uniform(floor, 0.999, n) * 10) * 10,
        )
        block["card"][:] = world.card(patients[order], when)
        plan.add("card", block["card"], "card")
        block["operator"][:] = np.where(rng.random(n) < 0.95, operator, block["operator"])
        block["terminal"][:] = np.where(rng.random(n) < 0.97, terminal, block["terminal"])
    plan.bystanders(shop, begin)
    plan.add("patient", patients, "holder")
    plan.add("facility", shop, "pharmacy" if kind == PHARMACY else "clinic")
    plan.add("operator", operator, "operator")
    plan.add("terminal", terminal, "till")
    plan.add("doctor", doctors, "doctor")
    plan.note()


def foreign_diagnosis(plan: Plan, patients: Longs, share: float) -> Ints:
    """Diagnoses of the people who really come: for a share of claims impossible for the holder's sex or age."""
    rng, people = plan.rng, plan.world.people
    n = len(patients)
    sex = np.where(people.sex[patients] == 1, 0, 1)
    other = np.where(
        sex == 0, WOMEN_ONLY[rng.integers(0, len(WOMEN_ONLY), n)], MEN_ONLY[rng.integers(0, len(MEN_ONLY), n)]
    )
    young = CHILD_DIAGNOSES[rng.integers(0, len(CHILD_DIAGNOSES), n)]
    grown = people.age[patients] >= AGE_BANDS[3]
    wrong = np.where(grown & (rng.random(n) < 0.35), young, other)
    adult = np.array([d.visits * (d.sex == "") * (d.ages[0] < 40) * (d.ages[1] >= 60) for d in DIAGNOSES])
    return np.where(rng.random(n) < share, wrong, draw_weighted(rng, adult, n)).astype(np.int32)


def lent_cards(plan: Plan) -> None:
    """Sessions at one or two places: several cards within half a day, day or night, for illnesses that are not the
    holders'."""
    world, rng, places = plan.world, plan.rng, plan.world.places
    kind = HOSPITAL if plan.chance(0.65) else CLINIC
    sites = plan.sites(places.of_kind[kind])[: plan.count((1, 2))]
    patients = plan.recruit(far_from=int(sites[0]) if plan.chance(0.6) else None)
    days = plan.occasions(plan.count(plan.disguise.occasions) + 1, (5, 30))
    marks = plan.between(plan.disguise.marks)
    begin = moments_elsewhere(plan, patients, int(sites[0]), days, marks)
    night = rng.random(len(days)) < 0.3
    begin = np.where(night, days * DAY + (rng.uniform(20.5, 28.0, len(days)) * HOUR).astype(np.int64), begin)
    comes = plan.attendance(len(days), len(patients), plan.between(plan.disguise.turnout))
    session, who = np.nonzero(comes)
    n = len(who)
    site = sites[rng.integers(0, len(sites), len(days))][session]
    when = begin[session] + (rng.uniform(0, 1.0 if plan.level == "plain" else 2.5, n) * HOUR).astype(np.int64)
    complicit = plan.chance(0.6)
    doctors = plan.doctors(int(sites[0]), 1)
    usual = regular_doctor(world, rng, patients[who], site)
    steered = complicit & (site == sites[0]) & (rng.random(n) < 0.85)
    doctor = np.where(steered, doctors[0], usual)
    diagnosis = foreign_diagnosis(plan, patients[who], marks)
    price = plan.between(plan.disguise.profit) * 0.85
    block = visit(
        world,
        rng,
        patients[who],
        site,
        when,
        origin=RING,
        ring=plan.number,
        there=False,
        diagnosis=diagnosis,
        doctor=doctor,
        price=price,
    )
    block["card"][:] = world.card(patients[who], when)
    plan.add("card", block["card"], "card")
    fill = np.flatnonzero(rng.random(n) < 0.35)
    shops = places.of_kind[PHARMACY]
    nearest = shops[np.argmin(np.hypot(places.x[shops] - places.x[sites[0]], places.y[shops] - places.y[sites[0]]))]
    visit(
        world,
        rng,
        patients[who][fill],
        np.full(len(fill), nearest),
        when[fill] + rng.integers(15 * MINUTE, 60 * MINUTE, len(fill)),
        origin=RING,
        ring=plan.number,
        there=False,
        diagnosis=diagnosis[fill],
        doctor=doctor[fill],
    )
    plan.bystanders(int(sites[0]), begin, 120)
    plan.add("patient", patients, "holder")
    if complicit:
        plan.add("doctor", doctors, "doctor")
        plan.add("facility", sites[:1], "hospital" if kind == HOSPITAL else "clinic")
    plan.note()


def drug_resale(plan: Plan) -> None:
    """Trips round two to four pharmacies for the same costly medicines, with a changing subset of the group."""
    world, rng, places = plan.world, plan.rng, plan.world.places
    shops = places.of_kind[PHARMACY]
    start = int(plan.sites(shops)[0])
    km = places.distance(shops, places.x[start], places.y[start])
    route = choose(rng, shops, plan.count((3, 5)), np.exp(-km / 6) * (km > 0) + (shops == start) * 9).astype(np.int64)
    patients = plan.recruit()
    days = plan.occasions(plan.count(plan.disguise.occasions) + (2 if plan.level != "sparse" else 0), (9, 30))
    comes = plan.attendance(len(days), len(patients), plan.between(plan.disguise.turnout))
    drugs = choose(rng, COSTLY_DRUGS, plan.count((2, 3)), 1 / DRUG_PRICE[COSTLY_DRUGS] ** 0.5)
    mixed = {"plain": 0.05, "camouflaged": 0.25, "sparse": 0.1}[plan.level]
    prescriber = plan.doctors(plan.hospital((1, 2, 3)), 1)[0] if plan.chance(0.4) else BLANK
    slack = {"plain": 12, "camouflaged": 30, "sparse": 18}[plan.level]
    begins = days * DAY + (rng.uniform(8.5, 15.5, len(days)) * HOUR).astype(np.int64)
    for row, moment in zip(comes, begins, strict=True):
        group = np.flatnonzero(row)
        clock = int(moment)
        last = -1
        for shop in choose(rng, route, plan.count((2, min(4, len(route))))):
            if last >= 0:
                clock += 15 * MINUTE + int(places.distance(shop, places.x[last], places.y[last]) / 35 * HOUR)
            buys = group[rng.random(len(group)) < 0.92]
            n = len(buys)
            drug = np.where(rng.random(n) < mixed, BLANK, drugs[rng.integers(0, len(drugs), n)])
            plain = rng.choice(COSTLY_DRUGS, n)
            drug = np.where(drug < 0, plain, drug)
            packs = rng.integers(2, 5, n)
            visit(
                world,
                rng,
                patients[buys],
                np.full(n, shop),
                clock + rng.integers(0, slack * MINUTE, n),
                origin=RING,
                ring=plan.number,
                diagnosis=world.people.chronic[patients[buys]],
                doctor=np.where(rng.random(n) < 0.8, prescriber, BLANK) if prescriber >= 0 else BLANK,
                drug=drug,
                amount=list_price(world, np.full(n, shop), drug) * packs,
            )
            clock += (slack + 5) * MINUTE
            last = int(shop)
    plan.bystanders(int(route[0]), begins, slack)
    if plan.chance(0.35):
        plan.go_between(patients, always_hidden=True)
    plan.add("patient", patients, "runner")
    plan.add("facility", route, "pharmacy")
    plan.add("doctor", prescriber, "doctor")
    plan.note()
