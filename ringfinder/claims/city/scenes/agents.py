"""Honest hands between people and the fund: village agents, family doctors, charities, employers, carers, workers far
away.

Third-party accounts, named agents, piles of files on one day, bills from afar: without harm to anybody.
"""

from __future__ import annotations

import numpy as np

from ringfinder.claims.city.calendar import draw_days, draw_seconds, draw_times
from ringfinder.claims.city.codebook import COSTLY_DRUGS
from ringfinder.claims.city.desk import hand_in, stay, visit
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE, Longs, Rng, choose
from ringfinder.claims.city.everyday import choose_place
from ringfinder.claims.city.ledger import SCENE, Block
from ringfinder.claims.city.places import CLINIC, HOSPITAL, PHARMACY
from ringfinder.claims.city.scenes.cast import (
    a_doctor,
    attend,
    crowd,
    facility_entities,
    home_of,
    large_hospital,
    place_near,
    rounds,
)
from ringfinder.claims.city.world import World


def piles(world: World, rng: Rng, block: Block, period: int) -> Longs:
    """Moments at which an honest agent hands in files: every `period` days or so what has come together, a few
    minutes a file."""
    ready = block["end"] // DAY + 4
    day = (ready // period + 1) * period
    weekday = (day + 3) % 7
    day = day + np.where(weekday >= 5, 7 - weekday, 0)
    begin = {int(d): int(draw_seconds(rng, "office", 1)[0]) for d in np.unique(day)}
    settled = np.zeros(len(day), dtype=np.int64)
    for d, second in begin.items():
        mine = np.flatnonzero(day == d)
        settled[mine] = d * DAY + second + np.cumsum(rng.integers(60, 8 * MINUTE, len(mine)))
    return settled


def village_agent(world: World, number: int) -> None:
    """The village's agent is named on the care of many all year, hands in their papers, and lends old people his
    phone and account."""
    rng, people = world.rng(f"village agent {number}"), world.people
    villagers = crowd(world, rng, int(rng.integers(15, 50)), ages=(30, 95), reach=0.8)
    agent = world.new_recruiter(rng)
    who = np.repeat(villagers, rng.poisson(2.2, len(villagers)))
    visit(
        world,
        rng,
        who,
        choose_place(world, rng, CLINIC, who),
        draw_times(world, rng, "clinic", who),
        origin=SCENE,
        recruiter=agent,
    )
    who = villagers[rng.random(len(villagers)) < 0.5]
    block = stay(
        world,
        rng,
        who,
        choose_place(world, rng, HOSPITAL, who),
        draw_days(world, rng, "stay", len(who)),
        origin=SCENE,
        recruiter=agent,
    )
    own = people.account[who]
    old = people.age[who] > 68
    account = np.where(old & (rng.random(len(who)) < 0.4), world.recruiters[agent].account, own)
    hand_in(world, rng, block, settled=piles(world, rng, block, 21), account=account)
    carriers = villagers[(people.age[villagers] > 65) & (rng.random(len(villagers)) < 0.5)]
    people.contact[carriers] = world.recruiters[agent].phone
    world.note_scene(
        f"village_agent-{number}",
        "village_agent",
        villagers,
        [("recruiter", agent), ("account", world.recruiters[agent].account)],
    )


def family_doctor(world: World, number: int) -> None:
    """A family doctor, in the book of referrers, sends patients to one hospital all year."""
    rng = world.rng(f"family doctor {number}")
    people = crowd(world, rng, int(rng.integers(18, 50)), ages=(40, 92), reach=1.5)
    hospital = place_near(world, rng, HOSPITAL, home_of(world, people), 6.0)
    ward = [a_doctor(world, rng, hospital) for _ in range(3)]
    agent = world.new_recruiter(rng)
    who = people[rng.random(len(people)) < 0.7]
    doctor = np.array(ward)[rng.integers(0, 3, len(who))]
    stay(
        world,
        rng,
        who,
        np.full(len(who), hospital),
        draw_days(world, rng, "stay", len(who)),
        origin=SCENE,
        doctor=doctor,
        recruiter=agent,
    )
    out = np.repeat(people, rng.poisson(1.2, len(people)))
    visit(
        world,
        rng,
        out,
        np.full(len(out), hospital),
        draw_times(world, rng, "clinic", out),
        origin=SCENE,
        recruiter=agent,
    )
    world.note_scene(
        f"family_doctor-{number}", "family_doctor", people, [("recruiter", agent), *facility_entities(hospital)]
    )


def _bills_from_everywhere(world: World, rng: Rng, people: Longs, each: float, far: float) -> list[Block]:
    """Stays and visits at people's own hospitals, some far away."""
    who = np.repeat(people, rng.poisson(each, len(people)))
    distant = np.flatnonzero(world.places.distant)
    own = choose_place(world, rng, HOSPITAL, who)
    where = np.where(rng.random(len(who)) < far, distant[rng.integers(0, len(distant), len(who))], own)
    bed = rng.random(len(who)) < 0.4
    blocks = [stay(world, rng, who[bed], where[bed], draw_days(world, rng, "stay", int(bed.sum())), origin=SCENE)]
    blocks.append(
        visit(world, rng, who[~bed], where[~bed], draw_times(world, rng, "clinic", who[~bed]), origin=SCENE, price=1.5)
    )
    return blocks


def charity(world: World, number: int) -> None:
    """A charity advances the bills of a poor village; the fund pays the charity's account, a pile each quarter."""
    rng, people = world.rng(f"charity {number}"), world.people
    villagers = crowd(world, rng, int(rng.integers(12, 36)), ages=(1, 95), reach=0.8)
    account = world.new_account()
    agent = world.new_recruiter(rng, account=account)
    people.category[villagers] = 4
    for block in _bills_from_everywhere(world, rng, villagers, 2.0, 0.15):
        block["recruiter"][:] = agent
        hand_in(world, rng, block, settled=piles(world, rng, block, 60), account=account)
    world.note_scene(f"charity-{number}", "charity", villagers, [("recruiter", agent), ("account", account)])


def employer_account(world: World, number: int) -> None:
    """An employer advances bills; the personnel office hands them in monthly and is paid on the firm's account."""
    rng = world.rng(f"employer {number}")
    staff = crowd(world, rng, int(rng.integers(15, 70)), ages=(20, 60), reach=10.0)
    account = world.new_account()
    agent = world.new_recruiter(rng, account=account) if rng.random() < 0.6 else -1
    for block in _bills_from_everywhere(world, rng, staff, 1.4, 0.2):
        block["recruiter"][:] = agent
        hand_in(world, rng, block, settled=piles(world, rng, block, 30), account=account)
    world.note_scene(
        f"employer_account-{number}", "employer_account", staff, [("recruiter", agent), ("account", account)]
    )


def cross_county_carers(world: World, number: int) -> None:
    """Carers who live elsewhere and come with those they care for: far from home, together, again and again, at
    ordinary prices."""
    rng = world.rng(f"carers {number}")
    clients = crowd(world, rng, int(rng.integers(5, 10)), ages=(70, 95), reach=2.0)
    if not len(clients):
        return
    x, y = home_of(world, clients)
    carers = crowd(world, rng, len(clients), ages=(35, 62), near=(-x, -y), reach=3.0)
    hospital = place_near(world, rng, HOSPITAL, (x, y), 5.0)
    days = rounds(world, rng, int(rng.integers(6, 13)), 28, 3)
    occasion, pair = attend(rng, len(days), min(len(clients), len(carers)), 0.6)
    when = days[occasion] * DAY + (rng.uniform(8.5, 11.0, len(pair)) * HOUR).astype(np.int64)
    visit(world, rng, clients[pair], np.full(len(pair), hospital), when, origin=SCENE)
    too = rng.random(len(pair)) < 0.6
    visit(
        world,
        rng,
        carers[pair][too],
        np.full(int(too.sum()), hospital),
        when[too] + rng.integers(60, 1500, int(too.sum())),
        origin=SCENE,
    )
    world.note_scene(
        f"cross_county_carers-{number}",
        "cross_county_carers",
        np.concatenate([clients, carers]),
        facility_entities(hospital),
    )


def far_workers(world: World, number: int) -> None:
    """People of one village who work in one distant city: real bills of one or two hospitals there, brought home at
    the festival."""
    rng = world.rng(f"far workers {number}")
    workers = crowd(world, rng, int(rng.integers(10, 36)), ages=(20, 58), reach=1.0)
    distant = np.flatnonzero(world.places.distant)
    sites = choose(rng, distant, int(rng.integers(1, 3)))
    agent = world.new_recruiter(rng)
    who = np.repeat(workers, rng.poisson(1.6, len(workers)))
    bed = rng.random(len(who)) < 0.35
    where = sites[rng.integers(0, len(sites), len(who))]
    for block in (
        stay(
            world,
            rng,
            who[bed],
            where[bed],
            draw_days(world, rng, "stay", int(bed.sum())),
            origin=SCENE,
            recruiter=agent,
        ),
        visit(
            world,
            rng,
            who[~bed],
            where[~bed],
            draw_times(world, rng, "clinic", who[~bed]),
            origin=SCENE,
            price=1.6,
            recruiter=agent,
        ),
    ):
        hand_in(world, rng, block, settled=piles(world, rng, block, 90))
    world.people.rate[workers] *= 0.5
    world.note_scene(f"far_workers-{number}", "far_workers", workers, [("recruiter", agent), *facility_entities(sites)])


def one_counter(world: World, number: int) -> None:
    """A hospital whose paper files all go over the desk of one clerk of the agency, a pile a week."""
    rng = world.rng(f"counter {number}")
    people = crowd(world, rng, int(rng.integers(20, 60)), ages=(18, 92), reach=8.0)
    hospital = large_hospital(world, rng, 8)
    who = np.repeat(people, rng.poisson(1.3, len(people)))
    block = visit(
        world, rng, who, np.full(len(who), hospital), draw_times(world, rng, "clinic", who), origin=SCENE, price=1.8
    )
    district = int(np.bincount(world.people.district[people]).argmax())
    clerk = int(world.places.agency_first[district] + rng.integers(0, world.places.agency_n[district]))
    hand_in(world, rng, block, settled=piles(world, rng, block, 7), operator=clerk)
    world.note_scene(
        f"one_counter-{number}", "one_counter", people, [("operator", clerk), *facility_entities(hospital)]
    )


def special_pharmacy(world: World, number: int) -> None:
    """A specialist whose medicine only one pharmacy keeps: all her patients fill there, and so do those of her
    colleagues."""
    rng = world.rng(f"special pharmacy {number}")
    people = crowd(world, rng, int(rng.integers(14, 45)), ages=(30, 88), reach=30.0)
    hospital = large_hospital(world, rng)
    doctors = np.array([a_doctor(world, rng, hospital) for _ in range(3)])
    shop = int(choose(rng, world.places.of_kind[PHARMACY], 1)[0])
    drug = COSTLY_DRUGS[number % len(COSTLY_DRUGS)]
    mine = doctors[np.where(rng.random(len(people)) < 0.6, 0, rng.integers(0, 3, len(people)))]
    index = np.repeat(np.arange(len(people)), rng.integers(3, 9, len(people)))
    who = people[index]
    seen = draw_times(world, rng, "clinic", who)
    visit(world, rng, who, np.full(len(who), hospital), seen, origin=SCENE, doctor=mine[index])
    then = seen + rng.integers(20 * MINUTE, 30 * HOUR, len(who))
    visit(
        world,
        rng,
        who,
        np.full(len(who), shop),
        then,
        origin=SCENE,
        doctor=mine[index],
        drug=drug,
        packs=rng.integers(1, 4, len(who)),
    )
    hubs = [("doctor", int(d)) for d in np.unique(doctors)]
    world.note_scene(f"special_pharmacy-{number}", "special_pharmacy", people, hubs + facility_entities(hospital, shop))
