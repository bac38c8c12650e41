"""Standing routines of treatment: the same people on the same ward at the same hour at the same price, for good reason.

Dialysis shifts, chemotherapy cycles, psychiatric stays billed by the month, physiotherapy, daily doses, hospice,
stroke patients who move on to rehabilitation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringfinder.claims.city.codebook import DIAGNOSIS_INDEX, DRUG_INDEX, STAY_PRICE
from ringfinder.claims.city.desk import hand_in, stay, visit
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE, choose
from ringfinder.claims.city.ledger import SCENE
from ringfinder.claims.city.places import CLINIC, HOSPITAL
from ringfinder.claims.city.scenes.cast import (
    a_doctor,
    crowd,
    facility_entities,
    home_of,
    large_hospital,
    place_near,
    rounds,
)
from ringfinder.claims.city.world import World


def dialysis(world: World, number: int) -> None:
    """One shift: three days a week at one hour, one price; some join late, some leave."""
    rng, people = world.rng(f"dialysis {number}"), world.people
    patients = crowd(world, rng, int(rng.integers(4, 8)), ages=(35, 88), reach=10.0, settled=True)
    ward = large_hospital(world, rng, 3)
    doctor = a_doctor(world, rng, ward)
    hour = (7.3, 12.6, 17.4)[number % 3]
    odd = number % 2
    day = np.arange(world.days)
    weekday = (world.first_day + day + 3) % 7
    sessions = day[np.isin(weekday, (0, 2, 4) if odd else (1, 3, 5))]
    join = np.where(rng.random(len(patients)) < 0.3, rng.integers(0, world.days, len(patients)), 0)
    leave = np.where(rng.random(len(patients)) < 0.2, rng.integers(0, world.days, len(patients)), world.days)
    comes = (
        (sessions[:, None] >= join) & (sessions[:, None] < leave) & (rng.random((len(sessions), len(patients))) < 0.95)
    )
    session, who = np.nonzero(comes)
    when = (world.first_day + sessions[session]) * DAY + ((hour + rng.uniform(0, 0.7, len(who))) * HOUR).astype(
        np.int64
    )
    price = np.full(
        len(who), round(float(STAY_PRICE[DIAGNOSIS_INDEX["N18.5"]] * 0.055 * world.places.price[ward])) * 100
    )
    block = visit(
        world,
        rng,
        patients[who],
        np.full(len(who), ward),
        when,
        origin=SCENE,
        diagnosis=DIAGNOSIS_INDEX["N18.5"],
        doctor=doctor,
        drug=np.where(rng.random(len(who)) < 0.3, DRUG_INDEX["XB03XA01"], -1),
        amount=price,
    )
    block["end"][:] = block["start"] + 4 * HOUR
    block["settled"][:] = block["end"] + rng.integers(60, 1800, len(who))
    people.chronic[patients] = DIAGNOSIS_INDEX["N18.5"]
    people.medicine[patients] = DRUG_INDEX["XB03XA01"]
    world.note_scene(f"dialysis-{number}", "dialysis", patients, [("doctor", doctor), *facility_entities(ward)])


def chemotherapy(world: World, number: int) -> None:
    """Cycles of three weeks on one ward with a fixed day of intake and one price a cycle."""
    rng = world.rng(f"chemotherapy {number}")
    patients = crowd(world, rng, int(rng.integers(5, 12)), ages=(38, 80), reach=25.0)
    ward = large_hospital(world, rng)
    doctor = a_doctor(world, rng, ward)
    weekday = int(rng.integers(0, 5))
    monday = world.first_day + (weekday - (world.first_day + 3)) % 7
    weeks = max(1, world.days // 7 - 20)
    for person in patients:
        cycles = int(rng.integers(4, 9))
        day = monday + 7 * (int(rng.integers(0, weeks)) + 3 * np.arange(cycles))
        late = rng.random(cycles) < 0.12
        day = day + np.cumsum(np.where(late, 7, 0))
        day = day[day < world.first_day + world.days - 5]
        stay(
            world,
            rng,
            np.full(len(day), person),
            np.full(len(day), ward),
            day,
            origin=SCENE,
            nights=np.full(len(day), 2),
            diagnosis=DIAGNOSIS_INDEX["Z51.1"],
            doctor=doctor,
            amount=np.full(len(day), round(float(6800 * world.places.price[ward]), 2) * 100),
        )
    world.note_scene(f"chemotherapy-{number}", "chemotherapy", patients, [("doctor", doctor), *facility_entities(ward)])


def psychiatric_stay(world: World, number: int) -> None:
    """A ward of people who live there; every month is settled as a stay of its own at a price a day."""
    rng, people = world.rng(f"psychiatric {number}"), world.people
    patients = crowd(world, rng, int(rng.integers(8, 22)), ages=(22, 74), reach=40.0)
    if not len(patients):
        return
    ward = place_near(world, rng, HOSPITAL, home_of(world, patients), 30.0)
    doctors = np.array([a_doctor(world, rng, ward) for _ in range(2)])
    world.in_institution[patients] = True
    people.rate[patients] *= 0.15
    people.chronic[patients] = -1
    months = world.days // 30
    begin = rng.integers(0, max(1, months - 3), len(patients))
    length = rng.integers(3, 13, len(patients))
    month, who = np.nonzero((np.arange(months)[:, None] >= begin) & (np.arange(months)[:, None] < begin + length))
    rate = round(float(290 * world.places.price[ward]), 1)
    stay(
        world,
        rng,
        patients[who],
        np.full(len(who), ward),
        world.first_day + month * 30,
        origin=SCENE,
        nights=np.full(len(who), 30),
        seconds=np.full(len(who), 8 * HOUR),
        leave=np.full(len(who), 7 * HOUR + 59 * MINUTE),
        diagnosis=DIAGNOSIS_INDEX["F20.9"],
        doctor=doctors[who % 2],
        amount=np.round(rate * 30 * (1 + 0.01 * rng.integers(0, 4, len(who))) * 100),
    )
    world.note_scene(f"psychiatric-{number}", "psychiatric_stay", patients, facility_entities(ward))


def physiotherapy(world: World, number: int) -> None:
    """Daily sessions for two to four weeks in a small room: whoever is in the series at the time meets every
    morning."""
    rng = world.rng(f"physiotherapy {number}")
    patients = crowd(world, rng, int(rng.integers(5, 12)), ages=(35, 85))
    if not len(patients):
        return
    clinic = place_near(world, rng, CLINIC if rng.random() < 0.6 else HOSPITAL, home_of(world, patients))
    doctor = a_doctor(world, rng, clinic)
    price = round(float(rng.uniform(60, 140))) * 100
    base = int(rng.integers(0, max(1, world.days - 60)))
    for person in patients:
        series = np.flatnonzero(rng.random(30) < 0.8)[: int(rng.integers(10, 21))]
        day = world.first_day + base + int(rng.integers(0, 25)) + series
        day = day[(day + 3) % 7 < 6]
        hour = rng.uniform(8.0, 10.5)
        when = day * DAY + ((hour + rng.normal(0, 0.15, len(day))) * HOUR).astype(np.int64)
        n = len(day)
        visit(
            world,
            rng,
            np.full(n, person),
            np.full(n, clinic),
            when,
            origin=SCENE,
            diagnosis=DIAGNOSIS_INDEX["M54.5"],
            doctor=doctor,
            amount=np.full(n, price),
        )
    world.note_scene(
        f"physiotherapy-{number}", "physiotherapy", patients, [("doctor", doctor), *facility_entities(clinic)]
    )


def daily_dose(world: World, number: int) -> None:
    """A daily dose under supervision (methadone, tuberculosis): every morning the same people, the same few yuan."""
    rng = world.rng(f"dose {number}")
    patients = crowd(world, rng, int(rng.integers(6, 13)), ages=(24, 62), reach=8.0)
    if not len(patients):
        return
    clinic = place_near(world, rng, CLINIC, home_of(world, patients), 5.0)
    doctor = a_doctor(world, rng, clinic)
    length = int(rng.integers(70, 160))
    first = int(rng.integers(0, max(1, world.days - length)))
    comes = rng.random((length, len(patients))) < 0.85
    day, who = np.nonzero(comes)
    hour = rng.uniform(7.0, 9.5, len(patients))[who] + rng.normal(0, 0.2, len(who))
    when = (world.first_day + first + day) * DAY + (hour * HOUR).astype(np.int64)
    visit(
        world,
        rng,
        patients[who],
        np.full(len(who), clinic),
        when,
        origin=SCENE,
        diagnosis=DIAGNOSIS_INDEX["F11.2"],
        doctor=doctor,
        amount=np.full(len(who), 1000),
    )
    world.note_scene(f"daily_dose-{number}", "daily_dose", patients, facility_entities(clinic))


def hospice(world: World, number: int) -> None:
    """People who die on one ward; their bills are settled after the date of death, some end a day or two late."""
    rng, people = world.rng(f"hospice {number}"), world.people
    patients = crowd(world, rng, int(rng.integers(5, 12)), ages=(64, 97), reach=30.0, settled=True)
    if not len(patients):
        return
    ward = place_near(world, rng, HOSPITAL, home_of(world, patients), 20.0)
    doctor = a_doctor(world, rng, ward)
    death = world.first_day + rng.integers(20, world.days - 30, len(patients))
    people.death[patients] = death
    nights = rng.integers(6, 19, len(patients))
    late = rng.integers(0, 3, len(patients))
    block = stay(
        world,
        rng,
        patients,
        np.full(len(patients), ward),
        death - nights,
        origin=SCENE,
        nights=nights + late,
        diagnosis=DIAGNOSIS_INDEX["Z51.5"],
        doctor=doctor,
    )
    block["settled"][:] = block["end"] + rng.integers(1, 25, len(patients)) * DAY
    paper = rng.random(len(patients)) < 0.5
    last = visit(
        world,
        rng,
        patients[paper],
        np.full(int(paper.sum()), ward),
        (death - nights)[paper] * DAY - rng.integers(1, 20, int(paper.sum())) * DAY + 10 * HOUR,
        origin=SCENE,
        diagnosis=DIAGNOSIS_INDEX["Z51.5"],
        doctor=doctor,
    )
    hand_in(world, rng, last, wait=(25, 80))
    world.note_scene(f"hospice-{number}", "hospice", patients, [("doctor", doctor), *facility_entities(ward)])


def ward_transfer(world: World, number: int) -> None:
    """After a stroke: acute ward, within three days the rehabilitation ward elsewhere; one flow of patients all
    year."""
    rng = world.rng(f"transfer {number}")
    patients = crowd(world, rng, int(rng.integers(9, 26)), ages=(52, 92), reach=30.0)
    if len(patients) < 4:
        return
    acute = large_hospital(world, rng, 3)
    local = world.places.of_kind[HOSPITAL]
    rehab = int(choose(rng, local[local != acute], 1)[0])
    first, second = a_doctor(world, rng, acute), a_doctor(world, rng, rehab)
    n = len(patients)
    day = world.first_day + rng.integers(2, max(3, world.days - 50), n)
    nights = rng.integers(7, 16, n)
    stay(
        world,
        rng,
        patients,
        np.full(n, acute),
        day,
        origin=SCENE,
        nights=nights,
        diagnosis=DIAGNOSIS_INDEX["I63.9"],
        doctor=first,
    )
    on = day + nights + rng.integers(0, 4, n)
    onward: dict[str, Any] = {"origin": SCENE, "diagnosis": DIAGNOSIS_INDEX["Z50.1"], "doctor": second}
    nights = rng.integers(13, 25, n)
    stay(world, rng, patients, np.full(n, rehab), on, nights=nights, **onward)
    again = rng.random(n) < 0.2
    stay(world, rng, patients[again], np.full(int(again.sum()), rehab), (on + nights)[again] + 12, **onward)
    hubs = [("doctor", first), ("doctor", second), *facility_entities(acute, rehab)]
    world.note_scene(f"ward_transfer-{number}", "ward_transfer", patients, hubs)


def antenatal_class(world: World, number: int) -> None:
    """Expectant mothers on the same weekday of every fourth week, at one price."""
    rng = world.rng(f"antenatal {number}")
    women = crowd(world, rng, int(rng.integers(7, 15)), ages=(21, 40), sex=0, reach=6.0)
    if not len(women):
        return
    ward = place_near(world, rng, HOSPITAL, home_of(world, women), 8.0)
    doctor = a_doctor(world, rng, ward)
    days = rounds(world, rng, int(rng.integers(5, 8)), 28, 0)
    occasion, who = np.nonzero(rng.random((len(days), len(women))) < 0.9)
    when = days[occasion] * DAY + (rng.uniform(8.8, 10.6, len(who)) * HOUR).astype(np.int64)
    visit(
        world,
        rng,
        women[who],
        np.full(len(who), ward),
        when,
        origin=SCENE,
        diagnosis=DIAGNOSIS_INDEX["Z34.9"],
        doctor=doctor,
        amount=np.full(len(who), round(float(260 * world.places.price[ward])) * 100),
    )
    born = days[-1] + rng.integers(5, 40, len(women))
    stay(world, rng, women, np.full(len(women), ward), born, origin=SCENE, diagnosis=DIAGNOSIS_INDEX["O80.0"])
    world.note_scene(
        f"antenatal_class-{number}", "antenatal_class", women, [("doctor", doctor), *facility_entities(ward)]
    )
