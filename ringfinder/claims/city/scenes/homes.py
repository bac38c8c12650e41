"""People under one roof: nursing homes, dormitories, seasonal workers; couples and twins.

One address, one phone, one account, one agent: everything that naive recipes call a ring.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringfinder.claims.city.desk import hand_in, usual_chronic, visit
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE
from ringfinder.claims.city.ledger import SCENE
from ringfinder.claims.city.places import CLINIC, HOSPITAL, PHARMACY
from ringfinder.claims.city.scenes.cast import a_doctor, attend, crowd, facility_entities, home_of, place_near, rounds
from ringfinder.claims.city.world import World


def nursing_home(world: World, number: int) -> None:
    """Old people at one address: the doctor's monthly round, medicines fetched by the home's agent, bills on the
    home's account."""
    rng, people = world.rng(f"nursing home {number}"), world.people
    residents = crowd(world, rng, int(rng.integers(12, 42)), ages=(66, 99), reach=4.0)
    if len(residents) < 6:
        return
    phone, account = world.new_phone(), world.new_account()
    agent = world.new_recruiter(rng, phone=phone, account=account)
    people.address[residents] = world.new_address(f"江县{int(rng.integers(1, 9)):02d}区福寿路{number + 1}号养老院")
    people.phone[residents] = np.where(rng.random(len(residents)) < 0.8, phone, people.phone[residents])
    people.contact[residents] = phone
    joint = residents[rng.random(len(residents)) < 0.5]
    people.account[joint] = account
    world.in_institution[residents] = True
    x, y = home_of(world, residents)
    people.x[residents], people.y[residents] = x, y
    clinic, shop = place_near(world, rng, CLINIC, (x, y)), place_near(world, rng, PHARMACY, (x, y))
    people.regular[CLINIC][residents], people.regular[PHARMACY][residents] = clinic, shop
    people.rate[residents] *= 0.5
    doctor = a_doctor(world, rng, clinic)
    days = rounds(world, rng, 12 * world.parameters.years, 30, 2)
    occasion, who = attend(rng, len(days), len(residents), 0.88)
    begin = days * DAY + (rng.uniform(8.2, 10.0, len(days)) * HOUR).astype(np.int64)
    when = begin[occasion] + rng.integers(0, 150 * MINUTE, len(who))
    diagnosis = usual_chronic(world, residents[who])
    shared: dict[str, Any] = {"origin": SCENE, "diagnosis": diagnosis, "doctor": doctor}
    visit(world, rng, residents[who], np.full(len(who), clinic), when, recruiter=agent, **shared)
    fetched = begin[occasion] + DAY + rng.integers(0, 25 * MINUTE, len(who))
    visit(world, rng, residents[who], np.full(len(who), shop), fetched, recruiter=agent, **shared)
    ill = residents[rng.random(len(residents)) < 0.3]
    block = visit(
        world,
        rng,
        ill,
        np.full(len(ill), place_near(world, rng, HOSPITAL, (x, y), 8.0)),
        (world.first_day + rng.integers(5, world.days - 40, len(ill))) * DAY + 10 * HOUR,
        origin=SCENE,
        recruiter=agent,
    )
    hand_in(world, rng, block, account=account)
    hubs = [("recruiter", agent), ("account", account), ("doctor", doctor)]
    world.note_scene(f"nursing_home-{number}", "nursing_home", residents, hubs + facility_entities(clinic, shop))


def dormitory(world: World, number: int) -> None:
    """Workers of one employer at one address with the works' phone; they all use the works' clinic and go in small
    parties."""
    rng, people = world.rng(f"dormitory {number}"), world.people
    workers = crowd(world, rng, int(rng.integers(20, 100)), ages=(19, 55), reach=6.0)
    if len(workers) < 8:
        return
    phone = world.new_phone()
    people.address[workers] = world.new_address(f"江县{int(rng.integers(1, 9)):02d}区工业大道{number + 1}号职工宿舍")
    people.contact[workers] = phone
    x, y = home_of(world, workers)
    people.x[workers], people.y[workers] = x, y
    clinic = place_near(world, rng, CLINIC, (x, y))
    people.regular[CLINIC][workers] = clinic
    days = rounds(world, rng, int(rng.integers(10, 24)), 13, 4)
    occasion, who = attend(rng, len(days), len(workers), 0.2)
    when = days[occasion] * DAY + (rng.uniform(17.5, 19.5, len(who)) * HOUR).astype(np.int64)
    visit(world, rng, workers[who], np.full(len(who), clinic), when, origin=SCENE)
    world.note_scene(f"dormitory-{number}", "dormitory", workers, facility_entities(clinic))


def seasonal_workers(world: World, number: int) -> None:
    """Pickers and builders from another county, here for a season: one address, the foreman's phone, injuries after
    work."""
    rng, people = world.rng(f"seasonal {number}"), world.people
    workers = crowd(world, rng, int(rng.integers(12, 45)), ages=(20, 58), reach=12.0)
    if len(workers) < 6:
        return
    people.address[workers] = world.new_address(f"江县{int(rng.integers(1, 9)):02d}区农场路{number + 1}号工棚")
    people.contact[workers] = world.new_phone()
    people.rate[workers] *= 0.35
    people.district[workers] = int(rng.integers(0, world.parameters.districts))
    x, y = home_of(world, workers)
    clinic, shop = place_near(world, rng, CLINIC, (x, y)), place_near(world, rng, PHARMACY, (x, y))
    season = int(rng.integers(60, 120))
    first = world.first_day + int(rng.integers(0, max(1, world.days - season)))
    count = rng.poisson(3.0, len(workers))
    who = np.repeat(workers, count)
    party = first + rng.integers(0, season, max(6, len(who) // 4))
    day = party[rng.integers(0, len(party), len(who))]
    when = day * DAY + (rng.uniform(17.6, 20.2, len(who)) * HOUR).astype(np.int64)
    facility = np.where(rng.random(len(who)) < 0.55, clinic, shop)
    visit(world, rng, who, facility, when, origin=SCENE)
    world.note_scene(f"seasonal_workers-{number}", "seasonal_workers", workers, facility_entities(clinic, shop))


def couple(world: World, number: int) -> None:
    """A couple: they go together, and one fetches for both while the other is at the hospital: one card, two places."""
    rng, people = world.rng(f"couple {number}"), world.people
    paired = np.bincount(people.household[(people.position == 1) & (people.age > 55)], minlength=people.addresses) > 0
    first = crowd(world, rng, 1, ages=(58, 90), among=(people.position == 0) & paired[people.household])
    spouse = (
        np.flatnonzero((people.household == people.household[first[0]]) & (people.position == 1))
        if len(first)
        else first
    )
    if not len(spouse):
        return
    pair = np.array([first[0], spouse[0]])
    shop = int(people.regular[PHARMACY][pair[0]])
    n = int(rng.integers(7, 15)) * world.parameters.years
    day = np.sort(rng.choice(world.days, n, replace=False)) + world.first_day
    when = day * DAY + (people.hour[pair[0]] * HOUR + rng.integers(-HOUR, HOUR, n)).astype(np.int64)
    for person in pair:
        lag = rng.integers(20, 300, n)
        shared: dict[str, Any] = {"origin": SCENE, "diagnosis": usual_chronic(world, np.full(n, person))}
        visit(world, rng, np.full(n, person), np.full(n, shop), when + lag, there=person == pair[0], **shared)
    apart = rng.random(n) < 0.35
    away = int(people.regular[HOSPITAL][pair[1]])
    visit(
        world,
        rng,
        np.full(int(apart.sum()), pair[1]),
        np.full(int(apart.sum()), away),
        when[apart] + rng.integers(-20 * MINUTE, 20 * MINUTE, int(apart.sum())),
        origin=SCENE,
    )
    world.note_scene(f"couple-{number}", "couple", pair, facility_entities(shop))


def twins(world: World, number: int) -> None:
    """Twins, and children of one age in one house, always ill together."""
    rng, people = world.rng(f"twins {number}"), world.people
    brood = np.bincount(people.household[people.age < 16], minlength=people.addresses) > 1
    child = crowd(world, rng, 1, ages=(0, 13), among=brood[people.household])
    if not len(child):
        return
    home = people.household == people.household[child[0]]
    siblings = np.flatnonzero(home & (people.age < 16))
    if len(siblings) < 2:
        return
    people.birth[siblings[:2]], people.age[siblings[:2]] = people.birth[siblings[0]], people.age[siblings[0]]
    n = int(rng.integers(6, 13))
    clinic = int(people.regular[CLINIC][siblings[0]])
    day = np.sort(rng.choice(world.days, n, replace=False)) + world.first_day
    when = day * DAY + (rng.uniform(8, 18, n) * HOUR).astype(np.int64)
    for person in siblings[:2]:
        visit(world, rng, np.full(n, person), np.full(n, clinic), when + rng.integers(0, 900, n), origin=SCENE)
    world.note_scene(f"twins-{number}", "twins", siblings[:2], facility_entities(clinic))
