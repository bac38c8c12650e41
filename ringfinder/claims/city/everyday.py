"""Everyday care: what the ten thousands do who are in no scene and no ring.

Colds and other acute visits, mostly at the regular place; the prescription filled on the way home; companions of one
household; monthly medicines of chronic people; things over the counter; stays; care far away, reimbursed on paper;
refunds; slips.
"""

from __future__ import annotations

import numpy as np

from ringfinder.claims.city.calendar import draw_days, draw_seconds, draw_times
from ringfinder.claims.city.codebook import COUNTER_WEIGHTS, DIAGNOSES, age_row, diagnosis_table
from ringfinder.claims.city.desk import hand_in, regular_doctor, stay, usual_chronic, visit
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE, Ints, Longs, Rng, draw_rows, draw_weighted
from ringfinder.claims.city.places import CLINIC, HOSPITAL, PHARMACY
from ringfinder.claims.city.population import ALIVE, BLANK
from ringfinder.claims.city.world import World

RESPIRATORY_SHARE = 0.33
FILL_SHARE = 0.36  # visits whose prescription is filled at a pharmacy the same day
COUNTER_SALES = 2.0  # a head and year
CHRONIC_CHECK_DAYS = 80.0
FETCHED_BY_OTHERS = 0.12  # monthly medicines that somebody of the house fetches with the card
READMITTED = 0.07  # stays followed by another within two weeks, half of them at a larger house


def everyday_care(world: World) -> None:
    """Book all of it."""
    _acute(world, world.rng("acute"))
    _chronic(world, world.rng("chronic"))
    _over_the_counter(world, world.rng("counter"))
    _stays(world, world.rng("stays"))
    _far_away(world, world.rng("far"))


def choose_place(world: World, rng: Rng, kind: int, patient: Ints) -> Ints:
    """The regular place of that kind, or one by gravity."""
    drawn = world.places.of_kind[kind][draw_rows(rng, world.places.gravity[kind], world.people.settlement[patient])]
    regular = world.people.regular[kind][patient]
    return np.where(rng.random(len(patient)) < world.parameters.loyalty, regular, drawn).astype(np.int32)


def _repeat(rng: Rng, rate: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Longs:
    count = rng.poisson(rate)
    result: Longs = np.repeat(np.arange(len(rate)), count).astype(np.int64)
    return result


def _acute(world: World, rng: Rng) -> None:
    people = world.people
    for share, profile in ((RESPIRATORY_SHARE, "respiratory"), (1 - RESPIRATORY_SHARE, "visits")):
        patient = _repeat(rng, people.rate * share * world.parameters.years)
        calendar = "respiratory" if profile == "respiratory" else "clinic"
        start = draw_times(world, rng, calendar, patient)  # type: ignore[arg-type]
        diagnosis = draw_rows(rng, diagnosis_table(profile), age_row(people.sex[patient], people.age[patient]))
        hospital = rng.random(len(patient)) < 0.34
        late = (start % DAY < 7 * HOUR) | (start % DAY > 20 * HOUR)
        facility = np.where(
            hospital | late,
            choose_place(world, rng, HOSPITAL, patient),
            choose_place(world, rng, CLINIC, patient),
        )
        patient, facility, start, diagnosis = _with_companions(
            world, rng, patient, facility=facility, start=start, diagnosis=diagnosis
        )
        noise = rng.random(len(patient)) < world.parameters.coding_noise
        diagnosis = np.where(noise, rng.integers(0, len(DIAGNOSES), len(patient)), diagnosis)
        doctor = regular_doctor(world, rng, patient, facility)
        visit(world, rng, patient, facility, start, diagnosis=diagnosis, doctor=doctor)
        fill = np.flatnonzero((rng.random(len(patient)) < FILL_SHARE) & ~(start % DAY > 19 * HOUR))
        when = start[fill] + rng.integers(20 * MINUTE, 140 * MINUTE, len(fill))
        next_door = rng.random(len(fill)) < 0.45
        shop = np.where(next_door, _next_door(world)[facility[fill]], choose_place(world, rng, PHARMACY, patient[fill]))
        prescribed = np.where(rng.random(len(fill)) < 0.8, doctor[fill], BLANK)
        visit(world, rng, patient[fill], shop, when, diagnosis=diagnosis[fill], doctor=prescribed)


def _next_door(world: World) -> Ints:
    """The pharmacy nearest to each facility: where prescriptions of a place mostly go."""
    places = world.places
    shops = places.of_kind[PHARMACY]
    km = np.hypot(places.x[:, None] - places.x[shops], places.y[:, None] - places.y[shops])
    nearest: Ints = shops[np.argmin(km, axis=1)].astype(np.int32)
    return nearest


def _with_companions(
    world: World, rng: Rng, patient: Longs, *, facility: Ints, start: Longs, diagnosis: Ints
) -> tuple[Longs, Ints, Longs, Ints]:
    """On some visits another of the household comes along and is seen a few minutes later."""
    people = world.people
    first = np.searchsorted(people.household, people.household[patient], side="left")
    size = np.searchsorted(people.household, people.household[patient], side="right") - first
    other = first + rng.integers(0, 1 << 20, len(patient)) % size
    along = (other != patient) & (rng.random(len(patient)) < world.parameters.companions)
    who = other[along]
    table = diagnosis_table("respiratory")
    what = np.where(
        rng.random(len(who)) < 0.5,
        draw_rows(rng, table, age_row(people.sex[who], people.age[who])),
        draw_rows(rng, diagnosis_table("visits"), age_row(people.sex[who], people.age[who])),
    )
    return (
        np.concatenate([patient, who]),
        np.concatenate([facility, facility[along]]),
        np.concatenate([start, start[along] + rng.integers(MINUTE, 25 * MINUTE, len(who))]),
        np.concatenate([diagnosis, what]),
    )


def _chronic(world: World, rng: Rng) -> None:
    """Medicines about every month, a check-up every quarter, at a liked hour."""
    people = world.people
    ill = np.flatnonzero(people.chronic >= 0).astype(np.int64)
    period = rng.choice([28, 30, 30, 31, 35, 60], len(ill))
    rounds = int(world.days // 28) + 1
    due = rng.integers(0, 30, len(ill))[:, None] + np.arange(rounds) * period[:, None]
    due = due + rng.integers(-2, 4, due.shape)
    inside = (due >= 0) & (due < world.days) & (rng.random(due.shape) < 0.93)
    patient = np.broadcast_to(ill[:, None], due.shape)[inside]
    second = draw_seconds(rng, "pharmacy", len(patient), people.hour[patient])
    start = (world.first_day + due[inside]) * DAY + second
    shop = np.where(
        rng.random(len(patient)) < 0.88, people.regular[PHARMACY][patient], choose_place(world, rng, PHARMACY, patient)
    )
    clinic = people.regular[CLINIC][patient]
    himself = rng.random(len(patient)) >= FETCHED_BY_OTHERS
    doctor = np.where(rng.random(len(patient)) < 0.6, regular_doctor(world, rng, patient, clinic), BLANK)
    visit(
        world,
        rng,
        patient,
        shop,
        start,
        there=himself,
        diagnosis=people.chronic[patient],
        doctor=doctor,
        drug=people.medicine[patient],
        packs=people.packs[patient],
    )
    count = rng.poisson(world.days / CHRONIC_CHECK_DAYS, len(ill))
    patient = np.repeat(ill, count)
    facility = np.where(
        rng.random(len(patient)) < 0.4, people.regular[HOSPITAL][patient], choose_place(world, rng, CLINIC, patient)
    )
    visit(
        world,
        rng,
        patient,
        facility,
        draw_times(world, rng, "clinic", patient),
        diagnosis=usual_chronic(world, patient),
    )


def _over_the_counter(world: World, rng: Rng) -> None:
    people = world.people
    need = COUNTER_SALES * world.parameters.activity * world.parameters.years
    patient = _repeat(rng, need * people.rate / people.rate.mean())
    drug = draw_weighted(rng, COUNTER_WEIGHTS, len(patient))
    known = np.where(rng.random(len(patient)) < 0.3, people.chronic[patient], BLANK)
    visit(
        world,
        rng,
        patient,
        choose_place(world, rng, PHARMACY, patient),
        draw_times(world, rng, "pharmacy", patient),
        diagnosis=known,
        doctor=BLANK,
        drug=drug,
    )


def _stays(world: World, rng: Rng) -> None:
    people = world.people
    need = 0.055 + 0.12 * np.exp(-people.age / 1.5) + 0.40 * np.clip((people.age - 40) / 45.0, 0, 1.3) ** 1.5
    sick = np.where(people.chronic >= 0, 1.9, 0.9) * rng.gamma(1.2, 1 / 1.2, len(people))
    patient = _repeat(rng, need * sick * world.parameters.activity * world.parameters.years)
    day = draw_days(world, rng, "stay", len(patient))
    dying = np.flatnonzero((people.death != ALIVE) & (rng.random(len(people)) < 0.55)).astype(np.int64)
    nights = rng.integers(1, 15, len(dying))
    facility = choose_place(world, rng, HOSPITAL, patient)
    first = stay(world, rng, patient, facility, day)
    again = rng.random(len(patient)) < READMITTED
    onward = np.where(rng.random(len(patient)) < 0.5, facility, choose_place(world, rng, HOSPITAL, patient))[again]
    later = first["end"][again] // DAY + rng.integers(1, 14, int(again.sum()))
    stay(world, rng, patient[again], onward, later, diagnosis=first["diagnosis"][again])
    stay(
        world,
        rng,
        dying,
        choose_place(world, rng, HOSPITAL, dying),
        people.death[dying] - nights,
        nights=nights,
        leave=rng.integers(2 * HOUR, 20 * HOUR, len(dying)),
    )


def _far_away(world: World, rng: Rng) -> None:
    """Care at distant hospitals, and local bills paid in cash: paper files reimbursed weeks later to the person's
    account."""
    people = world.people
    distant = np.flatnonzero(world.places.distant)
    travellers = _repeat(rng, np.full(len(people), world.parameters.distant_care * world.parameters.years))
    where = distant[draw_weighted(rng, world.places.size[distant], len(travellers))]
    bed = rng.random(len(travellers)) < 0.45
    first = draw_days(world, rng, "clinic", len(travellers))
    hand_in(world, rng, stay(world, rng, travellers[bed], where[bed], first[bed]))
    out = ~bed
    start = first[out] * DAY + draw_seconds(rng, "clinic", int(out.sum()))
    hand_in(world, rng, visit(world, rng, travellers[out], where[out], start, price=1.6))
    back = rng.random(int(out.sum())) < 0.5
    again = start[back] + DAY * rng.integers(1, 9, int(back.sum()))
    hand_in(world, rng, visit(world, rng, travellers[out][back], where[out][back], again, price=1.3))
    cash = _repeat(rng, np.full(len(people), 0.09 * world.parameters.years))
    hand_in(
        world,
        rng,
        visit(world, rng, cash, choose_place(world, rng, HOSPITAL, cash), draw_times(world, rng, "clinic", cash)),
    )
    cash = _repeat(rng, np.full(len(people), 0.006 * world.parameters.years))
    hand_in(
        world,
        rng,
        stay(world, rng, cash, choose_place(world, rng, HOSPITAL, cash), draw_days(world, rng, "stay", len(cash))),
    )
