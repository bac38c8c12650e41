"""Days that somebody organises: check-ups, vaccinations, schools, mobile clinics, long prescriptions, factory
shuttles, cataract camps.

Many honest people at one place at one time, with one doctor and often one price, from afar and without history there.
"""

from __future__ import annotations

import numpy as np

from ringfinder.claims.city.codebook import DIAGNOSIS_INDEX
from ringfinder.claims.city.desk import stay, usual_chronic, visit
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE, Longs, Rng
from ringfinder.claims.city.ledger import SCENE
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


def _programme(
    world: World, rng: Rng, who: Longs, facility: int, when: Longs, *, code: str, price: int, doctor: int
) -> None:
    """One price for all; one in twelve has something more done."""
    extra = np.where(rng.random(len(who)) < 0.08, rng.integers(20, 300, len(who)) * 100, 0)
    visit(
        world,
        rng,
        who,
        np.full(len(who), facility),
        when,
        origin=SCENE,
        diagnosis=DIAGNOSIS_INDEX[code],
        doctor=doctor,
        amount=price * 100 + extra,
    )


def check_up_day(world: World, number: int) -> None:
    """An employer or a quarter sends everybody for the yearly check-up on one or two mornings."""
    rng = world.rng(f"check-up {number}")
    people = crowd(world, rng, int(rng.integers(30, 120)), ages=(20, 80), reach=3.0)
    hospital = large_hospital(world, rng, 8)
    price = int(rng.integers(120, 420))
    for day in rounds(world, rng, int(rng.integers(1, 3)), 150, 20):
        who = people[rng.random(len(people)) < 0.8]
        when = day * DAY + (rng.uniform(7.4, 11.2, len(who)) * HOUR).astype(np.int64)
        _programme(world, rng, who, hospital, when, code="Z00.0", price=price, doctor=a_doctor(world, rng, hospital))
    world.note_scene(f"check_up-{number}", "check_up_day", people, facility_entities(hospital))


def vaccination(world: World, number: int) -> None:
    """A drive at a clinic: two days, the second dose four weeks later."""
    rng = world.rng(f"vaccination {number}")
    people = crowd(world, rng, int(rng.integers(40, 140)), ages=((0, 7), (58, 99), (6, 60))[number % 3], settled=True)
    if not len(people):
        return
    clinic = place_near(world, rng, CLINIC, home_of(world, people))
    price, doctor = int(rng.integers(60, 160)), a_doctor(world, rng, clinic)
    slot = rng.integers(0, 2, len(people))
    for day in rounds(world, rng, 2, 28, 0):
        here = rng.random(len(people)) < 0.85
        who = people[here]
        when = (day + slot[here]) * DAY + (rng.uniform(8.2, 16.5, len(who)) * HOUR).astype(np.int64)
        _programme(world, rng, who, clinic, when, code="Z23.9", price=price, doctor=doctor)
    world.note_scene(f"vaccination-{number}", "vaccination", people, facility_entities(clinic))


def school_check_up(world: World, number: int) -> None:
    """One class, twice a year at the hospital; some need the dentist or the eye doctor some days after, together with
    a friend."""
    rng, persons = world.rng(f"school {number}"), world.people
    age = int(rng.integers(6, 16))
    pupils = crowd(world, rng, int(rng.integers(22, 46)), ages=(age, age + 1), reach=4.0)
    if len(pupils) < 5:
        return
    hospital = place_near(world, rng, HOSPITAL, home_of(world, pupils), 12.0)
    doctor = a_doctor(world, rng, hospital)
    price = int(rng.integers(60, 140))
    for day in rounds(world, rng, 2 * world.parameters.years, 160, 15):
        who = pupils[rng.random(len(pupils)) < 0.93]
        begin = day * DAY + int(rng.uniform(8.2, 14.0) * HOUR)
        _programme(
            world,
            rng,
            who,
            hospital,
            begin + rng.integers(0, 100 * MINUTE, len(who)),
            code="Z00.0",
            price=price,
            doctor=doctor,
        )
        sent = who[rng.random(len(who)) < 0.35]
        when = (day + 7) * DAY + (rng.uniform(15.8, 17.4, len(sent)) * HOUR).astype(np.int64)
        visit(world, rng, sent, np.full(len(sent), hospital), when, origin=SCENE, diagnosis=DIAGNOSIS_INDEX["K02.9"])
    persons.category[pupils] = 2
    world.note_scene(f"school-{number}", "school_check_up", pupils, [("doctor", doctor), *facility_entities(hospital)])


def mobile_clinic(world: World, number: int) -> None:
    """A hospital's van comes to a remote village every six to eight weeks; most of the old come each time."""
    rng = world.rng(f"mobile {number}")
    people = crowd(world, rng, int(rng.integers(14, 45)), ages=(52, 95), reach=1.0)
    hospital = large_hospital(world, rng, 6)
    doctor = a_doctor(world, rng, hospital)
    days = rounds(world, rng, int(rng.integers(4, 9)), int(rng.integers(38, 56)), 4)
    occasion, who = attend(rng, len(days), len(people), 0.65)
    begin = days * DAY + (rng.uniform(8.5, 10, len(days)) * HOUR).astype(np.int64)
    when = begin[occasion] + rng.integers(0, 170 * MINUTE, len(who))
    diagnosis = usual_chronic(world, people[who])
    visit(
        world,
        rng,
        people[who],
        np.full(len(who), hospital),
        when,
        origin=SCENE,
        diagnosis=diagnosis,
        doctor=doctor,
        price=0.8,
    )
    world.note_scene(
        f"mobile_clinic-{number}", "mobile_clinic", people, [("doctor", doctor), *facility_entities(hospital)]
    )


def long_prescription_day(world: World, number: int) -> None:
    """A pharmacy's monthly day for chronic patients: one doctor signs, everybody fetches packs for weeks."""
    rng, persons = world.rng(f"long prescription {number}"), world.people
    people = crowd(world, rng, int(rng.integers(15, 50)), ages=(48, 92), among=persons.chronic >= 0)
    if not len(people):
        return
    shop = place_near(world, rng, PHARMACY, home_of(world, people))
    doctor = a_doctor(world, rng, place_near(world, rng, CLINIC, home_of(world, people)))
    days = rounds(world, rng, int(rng.integers(6, 13)), 30, 1)
    occasion, who = attend(rng, len(days), len(people), 0.7)
    begin = days * DAY + (rng.uniform(8.0, 9.0, len(days)) * HOUR).astype(np.int64)
    when = begin[occasion] + rng.integers(0, 200 * MINUTE, len(who))
    patients = people[who]
    visit(
        world,
        rng,
        patients,
        np.full(len(who), shop),
        when,
        origin=SCENE,
        diagnosis=persons.chronic[patients],
        doctor=doctor,
        drug=persons.medicine[patients],
        packs=persons.packs[patients] + 1,
    )
    hubs = [("doctor", doctor), *facility_entities(shop)]
    world.note_scene(f"long_prescription-{number}", "long_prescription_day", people, hubs)


def factory_shuttle(world: World, number: int) -> None:
    """After work the works' bus goes to a hospital across the county; whoever needs a doctor gets on."""
    rng = world.rng(f"shuttle {number}")
    people = crowd(world, rng, int(rng.integers(14, 40)), ages=(20, 59), reach=4.0)
    x, y = home_of(world, people)
    hospital = place_near(world, rng, HOSPITAL, (-x, -y), 10.0)
    days = rounds(world, rng, int(rng.integers(6, 14)), int(rng.integers(14, 30)), 2)
    occasion, who = attend(rng, len(days), len(people), 0.4)
    begin = days * DAY + (rng.uniform(15.5, 17.5, len(days)) * HOUR).astype(np.int64)
    when = begin[occasion] + rng.integers(0, 60 * MINUTE, len(who))
    visit(world, rng, people[who], np.full(len(who), hospital), when, origin=SCENE)
    world.note_scene(f"factory_shuttle-{number}", "factory_shuttle", people, facility_entities(hospital))


def cataract_camp(world: World, number: int) -> None:
    """A bus takes the old of a village to an eye hospital: two nights, one price, named agent; the second eye a month
    later."""
    rng, persons = world.rng(f"cataract {number}"), world.people
    people = crowd(world, rng, int(rng.integers(8, 20)), ages=(58, 90), reach=1.2)
    if len(people) < 4:
        return
    hospital = large_hospital(world, rng, 10)
    doctor = a_doctor(world, rng, hospital)
    agent = world.new_recruiter(rng)
    price = round(float(6400 * world.places.price[hospital]), 2) * 100
    for turn, day in enumerate(rounds(world, rng, 2, int(rng.integers(26, 45)), 1)):
        who = people if turn == 0 else people[rng.random(len(people)) < 0.6]
        n = len(who)
        stay(
            world,
            rng,
            who,
            np.full(n, hospital),
            np.full(n, day),
            origin=SCENE,
            nights=np.full(n, 2),
            seconds=(10 * HOUR + rng.integers(0, 50 * MINUTE, n)),
            diagnosis=DIAGNOSIS_INDEX["H25.9"],
            doctor=doctor,
            amount=np.full(n, price),
            recruiter=agent,
        )
    persons.contact[people[rng.random(len(people)) < 0.3]] = world.recruiters[agent].phone
    hubs = [("recruiter", agent), ("doctor", doctor), *facility_entities(hospital)]
    world.note_scene(f"cataract_camp-{number}", "cataract_camp", people, hubs)
