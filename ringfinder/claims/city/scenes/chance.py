"""Coincidence, habit and slips: friends, outbreaks, accidents, night shifts, default phones, wrong registers, bad
coders, widows.

What makes single marks of harm common enough that a mark alone proves nothing.
"""

from __future__ import annotations

import numpy as np

from ringfinder.claims.city.calendar import draw_times
from ringfinder.claims.city.codebook import DIAGNOSES, DIAGNOSIS_INDEX
from ringfinder.claims.city.desk import hand_in, stay, usual_chronic, visit
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE
from ringfinder.claims.city.ledger import SCENE
from ringfinder.claims.city.places import CLINIC, HOSPITAL, PHARMACY
from ringfinder.claims.city.population import ALIVE
from ringfinder.claims.city.scenes.cast import (
    attend,
    crowd,
    facility_entities,
    home_of,
    large_hospital,
    place_near,
    rounds,
)
from ringfinder.claims.city.world import World

HOTLINE_SHARE = 0.03  # people entered with the fund's own number


def friends(world: World, number: int) -> None:
    """Three to six friends of different houses who go to the doctor or the pharmacy together every few weeks."""
    rng = world.rng(f"friends {number}")
    people = crowd(world, rng, int(rng.integers(3, 7)), ages=(48, 84), reach=0.7)
    if not len(people):
        return
    kind = (CLINIC, PHARMACY, HOSPITAL)[int(rng.integers(0, 3))]
    place = place_near(world, rng, kind, home_of(world, people), 4.0)
    days = rounds(world, rng, int(rng.integers(6, 16)), int(rng.integers(18, 32)), 3)
    occasion, who = attend(rng, len(days), len(people), 0.75)
    hour = rng.uniform(8.3, 10.5)
    when = days[occasion] * DAY + ((hour + rng.uniform(0, 0.5, len(who))) * HOUR).astype(np.int64)
    visit(world, rng, people[who], np.full(len(who), place), when, origin=SCENE)
    world.note_scene(f"friends-{number}", "friends", people, facility_entities(place))


def outbreak(world: World, number: int) -> None:
    """Spoiled food at a wedding: families at one emergency ward in one night, some come back."""
    rng = world.rng(f"outbreak {number}")
    people = crowd(world, rng, int(rng.integers(12, 45)), ages=(4, 85), reach=4.0)
    if not len(people):
        return
    hospital = place_near(world, rng, HOSPITAL, home_of(world, people), 6.0)
    day = world.first_day + int(rng.integers(3, world.days - 6))
    when = day * DAY + (rng.uniform(20.0, 29.0, len(people)) * HOUR).astype(np.int64)
    diagnosis = DIAGNOSIS_INDEX["K52.9"]
    visit(world, rng, people, np.full(len(people), hospital), when, origin=SCENE, diagnosis=diagnosis, price=2.2)
    back = people[rng.random(len(people)) < 0.5]
    when = (day + 2) * DAY + (rng.uniform(8.5, 11, len(back)) * HOUR).astype(np.int64)
    visit(world, rng, back, np.full(len(back), hospital), when, origin=SCENE, diagnosis=diagnosis)
    world.note_scene(f"outbreak-{number}", "outbreak", people, facility_entities(hospital))


def accident(world: World, number: int) -> None:
    """A coach accident far from home: everybody at one hospital within the hour, dear, some admitted, the coach's
    insurer is repaid."""
    rng = world.rng(f"accident {number}")
    people = crowd(world, rng, int(rng.integers(8, 26)), ages=(12, 80), reach=2.0)
    hospital = large_hospital(world, rng, 8)
    n = len(people)
    day = world.first_day + int(rng.integers(3, world.days - 40))
    begin = day * DAY + int(rng.uniform(7, 20) * HOUR)
    codes = np.array([DIAGNOSIS_INDEX[c] for c in ("S61.0", "T14.0", "S52.5", "S82.8")])
    account = world.new_account()
    diagnosis = codes[rng.integers(0, 4, n)]
    block = visit(
        world,
        rng,
        people,
        np.full(n, hospital),
        begin + rng.integers(0, 50 * MINUTE, n),
        origin=SCENE,
        diagnosis=diagnosis,
        price=3.0,
    )
    hand_in(world, rng, block, wait=(14, 30), account=account)
    bed = people[rng.random(n) < 0.4]
    seconds = np.full(len(bed), (begin + 2 * HOUR) % DAY)
    kept = stay(
        world,
        rng,
        bed,
        np.full(len(bed), hospital),
        np.full(len(bed), day),
        origin=SCENE,
        seconds=seconds,
        diagnosis=codes[3],
    )
    hand_in(world, rng, kept, wait=(20, 40), account=account)
    again = people[rng.random(n) < 0.5]
    when = (day + 10) * DAY + (rng.uniform(8.5, 11.5, len(again)) * HOUR).astype(np.int64)
    visit(world, rng, again, np.full(len(again), hospital), when, origin=SCENE, diagnosis=codes[1])
    world.note_scene(f"accident-{number}", "accident", people, [("account", account), *facility_entities(hospital)])


def night_shift(world: World, number: int) -> None:
    """Taxi drivers and guards who see a doctor when their shift ends, at three in the morning."""
    rng = world.rng(f"night {number}")
    people = crowd(world, rng, int(rng.integers(8, 18)), ages=(22, 60), reach=6.0)
    hospital = large_hospital(world, rng, 4)
    who = np.repeat(people, rng.poisson(4.0, len(people)))
    day = world.first_day + rng.integers(0, world.days, len(who))
    when = day * DAY + (rng.uniform(0.5, 5.5, len(who)) * HOUR).astype(np.int64)
    visit(world, rng, who, np.full(len(who), hospital), when, origin=SCENE)
    world.note_scene(f"night_shift-{number}", "night_shift", people, facility_entities(hospital))


def default_phone(world: World, number: int) -> None:
    """Numbers that are nobody's: the fund's hotline on a share of all people, a ward's front desk on some dozens."""
    rng, people = world.rng(f"default phone {number}"), world.people
    phone = world.new_phone()
    if number == 0:
        world.hotlines[phone] = "12393000000"
        chosen = np.flatnonzero(rng.random(len(people)) < HOTLINE_SHARE)
        people.phone[chosen] = phone
    else:
        chosen = crowd(world, rng, int(rng.integers(10, 60)), ages=(1, 95), reach=20.0)
        people.contact[chosen] = phone
    world.note_scene(f"default_phone-{number}", "default_phone", chosen)


def wrong_register(world: World, number: int) -> None:
    """Slips of a registrar: a few people of the wrong sex, and one date of death for a batch of people who go on
    living."""
    rng, people = world.rng(f"register {number}"), world.people
    turned = crowd(world, rng, int(rng.integers(3, 9)), ages=(16, 70), reach=10.0)
    world.wrong_sex[turned] = True
    batch = crowd(world, rng, int(rng.integers(2, 9)), ages=(55, 95), reach=3.0)
    batch = batch[people.death[batch] == ALIVE]
    day = world.first_day + int(rng.integers(-100, world.days - 60))
    world.wrong_death.update(dict.fromkeys(batch.tolist(), day))
    world.note_scene(f"wrong_register-{number}", "wrong_register", np.concatenate([turned, batch]))


def careless_clinic(world: World, number: int) -> None:
    """A clinic that codes badly: diagnoses at random, men with women's illnesses among them."""
    rng = world.rng(f"careless {number}")
    people = crowd(world, rng, int(rng.integers(30, 80)), ages=(3, 90))
    if not len(people):
        return
    clinic = place_near(world, rng, CLINIC, home_of(world, people))
    who = np.repeat(people, rng.poisson(2.0, len(people)))
    wrong = rng.random(len(who)) < 0.25
    diagnosis = np.where(wrong, rng.integers(0, len(DIAGNOSES), len(who)), DIAGNOSIS_INDEX["J06.9"])
    visit(
        world,
        rng,
        who,
        np.full(len(who), clinic),
        draw_times(world, rng, "clinic", who),
        origin=SCENE,
        diagnosis=diagnosis,
    )
    world.note_scene(f"careless_clinic-{number}", "careless_clinic", people, facility_entities(clinic))


def widow(world: World, number: int) -> None:
    """After a death somebody of the house uses up the card at the usual pharmacy for some weeks."""
    rng, people = world.rng(f"widow {number}"), world.people
    dead = np.flatnonzero((people.death < world.first_day + world.days - 30) & (people.death > world.first_day - 20))
    if not len(dead):
        return
    person = int(dead[int(rng.integers(0, len(dead)))])
    n = int(rng.integers(1, 5))
    day = max(int(people.death[person]), world.first_day) + np.sort(rng.integers(2, 50, n))
    when = day * DAY + (rng.uniform(8.5, 18.5, n) * HOUR).astype(np.int64)
    who = np.full(n, person)
    shop = int(people.regular[PHARMACY][person])
    visit(world, rng, who, np.full(n, shop), when, origin=SCENE, there=False, diagnosis=usual_chronic(world, who))
    world.note_scene(f"widow-{number}", "widow", who[:1], facility_entities(shop))


def placeholder_invoice(world: World, number: int) -> None:
    """A counter that types the same number on every file it cannot read."""
    rng = world.rng(f"placeholder {number}")
    people = crowd(world, rng, int(rng.integers(25, 70)), ages=(18, 92), reach=10.0)
    if not len(people):
        return
    hospital = place_near(world, rng, HOSPITAL, home_of(world, people), 10.0)
    block = visit(
        world, rng, people, np.full(len(people), hospital), draw_times(world, rng, "clinic", people), origin=SCENE
    )
    invoice = world.new_invoices(1)
    world.invoice_text[int(invoice[0])] = f"{'0' * (8 - len(str(number)))}{number}"
    hand_in(world, rng, block, invoice=np.full(len(people), invoice[0]))
    world.note_scene(f"placeholder_invoice-{number}", "placeholder_invoice", people, facility_entities(hospital))


def dance_group(world: World, number: int) -> None:
    """A dance group of the square: a dozen who share mornings and, once a month, the same traditional doctor."""
    rng = world.rng(f"dance {number}")
    people = crowd(world, rng, int(rng.integers(8, 16)), ages=(52, 74), sex=0, reach=0.8)
    if not len(people):
        return
    clinic = place_near(world, rng, CLINIC, home_of(world, people), 2.0)
    days = rounds(world, rng, int(rng.integers(5, 11)), 29, 3)
    occasion, who = attend(rng, len(days), len(people), 0.5)
    when = days[occasion] * DAY + (rng.uniform(9.2, 10.8, len(who)) * HOUR).astype(np.int64)
    visit(world, rng, people[who], np.full(len(who), clinic), when, origin=SCENE, diagnosis=DIAGNOSIS_INDEX["M25.5"])
    world.note_scene(f"dance_group-{number}", "dance_group", people, facility_entities(clinic))
