"""Booking care: what an honest claim looks like in every field the caller leaves open."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringfinder.claims.city.calendar import draw_seconds
from ringfinder.claims.city.codebook import (
    COUNTER_WEIGHTS,
    DIAGNOSES,
    DRUG_PRICE,
    PRICE,
    STAY_DAYS,
    STAY_PRICE,
    age_row,
    diagnosis_table,
    drug_table,
)
from ringfinder.claims.city.draws import DAY, HOUR, MINUTE, Bools, Floats, Ints, Longs, Rng, draw_rows, draw_weighted
from ringfinder.claims.city.ledger import EVERYDAY, INPATIENT, OUTPATIENT, PHARMACY_SALE, Block
from ringfinder.claims.city.places import PHARMACY
from ringfinder.claims.city.population import BLANK, POOR, RETIRED
from ringfinder.claims.city.world import World

Values = NDArray[Any] | int | None
MISTYPED = 0.004  # invoice numbers of honest files
STRANGE_PAYEE = 0.008  # honest files paid to somebody else's account
FAMILY_PAYEE = 0.05  # ... up to here: to the account of the household's head
FUND_SHARE = {INPATIENT: 0.72, OUTPATIENT: 0.52, PHARMACY_SALE: 0.60}


def regular_doctor(world: World, rng: Rng, patient: Ints, facility: Ints) -> Ints:
    """The doctor of a visit: mostly the one this person always sees there; the first numbers are the busy ones."""
    places = world.places
    mixed = patient.astype(np.uint64) * np.uint64(2654435761) + facility.astype(np.uint64) * np.uint64(40503)
    habit = ((mixed ^ (mixed >> np.uint64(15))) * np.uint64(2246822519) % np.uint64(100003)).astype(np.float64) / 100003
    u = np.where(rng.random(len(patient)) < 0.35 + 0.6 * world.parameters.loyalty, habit, rng.random(len(patient)))
    n = places.n_doctors[facility]
    doctor = places.first_doctor[facility] + np.floor(n * u**1.4).astype(np.int32)
    return np.where(n > 0, doctor, BLANK).astype(np.int32)


def on_duty(world: World, rng: Rng, facility: Ints, second: Longs) -> tuple[Ints, Ints]:
    """Operator and terminal of a claim settled at a facility's own till: who has the shift, at the till he likes."""
    places = world.places
    shift = (second // DAY) * 2 + (second % DAY >= 13 * HOUR)
    n = places.n_operators[facility]
    turn = np.where(rng.random(len(facility)) < 0.6, shift * 5 + facility * 13, rng.integers(0, 1 << 20, len(facility)))
    seat = (turn % n).astype(np.int32)
    till = np.where(rng.random(len(facility)) < 0.8, seat, rng.integers(0, 1 << 20, len(facility)))
    terminal = places.first_terminal[facility] + till % places.n_terminals[facility]
    return (places.first_operator[facility] + seat).astype(np.int32), terminal.astype(np.int32)


def list_price(world: World, facility: Ints, drug: Ints) -> Longs:
    """Price of one pack at a pharmacy, in cents: its own list, to the ten cents."""
    result: Longs = np.round(DRUG_PRICE[drug] * world.places.price[facility] * 10).astype(np.int64) * 10
    return result


def visit(
    world: World,
    rng: Rng,
    patient: Ints,
    facility: Ints,
    start: Longs,
    *,
    origin: int = EVERYDAY,
    ring: int = BLANK,
    there: bool | Bools = True,
    diagnosis: Values = None,
    doctor: Values = None,
    drug: Values = None,
    packs: Values = None,
    amount: NDArray[Any] | None = None,
    price: float | Floats = 1.0,
    recruiter: Values = BLANK,
) -> Block:
    """Outpatient visits, or sales where the facility is a pharmacy. Arrays of one length; `amount` in cents; `price`
    is a factor."""
    n = len(patient)
    patient, facility = np.asarray(patient), np.broadcast_to(np.asarray(facility), n)
    start = np.broadcast_to(np.asarray(start, dtype=np.int64), n)
    sale = world.places.kind[facility] == PHARMACY
    diagnosis = _codes(_usual_diagnosis(world, rng, patient) if diagnosis is None else diagnosis, n)
    if doctor is None:
        doctor = regular_doctor(world, rng, patient, facility)
    if drug is None:
        drug = np.where(
            diagnosis >= 0,
            draw_rows(rng, drug_table(), np.maximum(diagnosis, 0)),
            draw_weighted(rng, COUNTER_WEIGHTS, n),
        )
        drug = np.where(sale | (rng.random(n) < 0.3), drug, BLANK)
    drug = _codes(drug, n)
    if packs is None:
        packs = np.array([1, 1, 1, 2, 2, 3])[rng.integers(0, 6, n)]
    if amount is None:
        noise = np.exp(rng.normal(0, world.parameters.price_spread, n))
        care = np.round(PRICE[np.maximum(diagnosis, 0)] * world.places.price[facility] * noise * 10) * 10
        more = np.where(rng.random(n) < 0.3, np.round(np.exp(rng.normal(2.7, 0.8, n)) * 10) * 10, 0)
        goods = list_price(world, facility, np.maximum(drug, 0)) * packs + more
        amount = np.maximum(np.where(sale, goods, care) * price, 200)
    length = np.where(sale, rng.integers(2, 8, n), rng.integers(12, 75, n)) * MINUTE
    settled = start + np.where(sale, rng.integers(5, 60, n), length + rng.integers(30, 600, n))
    operator, terminal = on_duty(world, rng, facility, settled)
    return world.ledger.add(
        n,
        patient=patient,
        facility=facility,
        service=np.where(sale, PHARMACY_SALE, OUTPATIENT),
        start=start,
        end=start + length,
        settled=settled,
        amount=np.round(amount),
        fund=_fund(world, patient, np.where(sale, FUND_SHARE[PHARMACY_SALE], FUND_SHARE[OUTPATIENT]), amount),
        card=_card(world, rng, patient, start),
        doctor=doctor,
        recruiter=recruiter,
        operator=operator,
        terminal=terminal,
        diagnosis=diagnosis,
        drug=drug,
        origin=origin,
        ring=ring,
        there=there,
    )


def stay(
    world: World,
    rng: Rng,
    patient: Ints,
    facility: Ints,
    day: Ints,
    *,
    origin: int = EVERYDAY,
    ring: int = BLANK,
    there: bool | Bools = True,
    nights: NDArray[Any] | None = None,
    seconds: NDArray[Any] | None = None,
    leave: NDArray[Any] | None = None,
    diagnosis: Values = None,
    doctor: Values = None,
    amount: NDArray[Any] | None = None,
    price: float | Floats = 1.0,
    recruiter: Values = BLANK,
) -> Block:
    """Stays in hospital from `day` (since 1970), admitted at `seconds` of that day, discharged after `nights` at
    `leave` seconds."""
    n = len(patient)
    patient, facility = np.asarray(patient), np.broadcast_to(np.asarray(facility), n)
    if diagnosis is None:
        diagnosis = draw_rows(rng, diagnosis_table("stays"), _row(world, patient))
    diagnosis = _codes(diagnosis, n)
    if nights is None:
        nights = np.maximum(1, np.round(STAY_DAYS[diagnosis] * np.exp(rng.normal(0, 0.35, n))))
    nights = np.broadcast_to(np.asarray(nights), n).astype(np.int64)
    start = day * DAY + (draw_seconds(rng, "stay", n) if seconds is None else seconds)
    end = (day + nights) * DAY + (9 * HOUR + rng.integers(0, 6 * HOUR, n) if leave is None else leave)
    if amount is None:
        point = np.round(STAY_PRICE[diagnosis] * world.places.price[facility] * 100)
        by_day = (
            point
            * (0.45 + 0.55 * nights / STAY_DAYS[diagnosis])
            * np.exp(rng.normal(0, world.parameters.price_spread * 0.8, n))
        )
        amount = np.where(rng.random(n) < world.parameters.drg, point, np.round(by_day)) * price
    settled = end + rng.integers(10 * MINUTE, 3 * HOUR, n)
    operator, terminal = on_duty(world, rng, facility, settled)
    doctor = regular_doctor(world, rng, patient, facility) if doctor is None else doctor
    return world.ledger.add(
        n,
        patient=patient,
        facility=facility,
        service=INPATIENT,
        start=start,
        end=np.maximum(end, start + HOUR),
        settled=np.maximum(settled, start + 2 * HOUR),
        amount=np.round(amount),
        fund=_fund(world, patient, FUND_SHARE[INPATIENT], amount),
        card=_card(world, rng, patient, start),
        doctor=doctor,
        recruiter=recruiter,
        operator=operator,
        terminal=terminal,
        diagnosis=diagnosis,
        origin=origin,
        ring=ring,
        there=there,
    )


def hand_in(
    world: World,
    rng: Rng,
    block: Block,
    *,
    wait: tuple[int, int] = (6, 60),
    settled: NDArray[Any] | None = None,
    operator: Values = None,
    account: NDArray[Any] | int | None = None,
    invoice: NDArray[Any] | None = None,
) -> None:
    """Turn claims into paper files reimbursed at the agency's counter: `wait` days later in working hours, by its
    clerk,
    with an invoice number, to the person's account. Changes the block in place."""
    n = len(block["patient"])
    if settled is None:
        day = block["end"] // DAY + rng.integers(wait[0], wait[1] + 1, n)
        weekday = (day + 3) % 7
        day = day + np.where(weekday >= 5, 7 - weekday, 0)
        settled = day * DAY + draw_seconds(rng, "office", n)
    block["settled"][:] = settled
    block["operator"][:] = (
        agency_clerk(world, rng, block["patient"], block["settled"]) if operator is None else operator
    )
    block["terminal"][:] = BLANK
    if invoice is None:
        invoice = world.new_invoices(n)
        slip = rng.random(n) < MISTYPED  # a number that some other file has
        invoice = np.where(slip, rng.integers(0, world.invoices, n), invoice)
    block["invoice"][:] = invoice
    block["account"][:] = _own_account(world, rng, block["patient"]) if account is None else account


def _own_account(world: World, rng: Rng, patient: Ints) -> Ints:
    """The person's account, sometimes that of the head of the household, rarely a friend's or a mistyped one."""
    people = world.people
    own, u = people.account[patient], rng.random(len(patient))
    anybody = people.account[rng.integers(0, len(people), len(patient))]
    return np.select([u < STRANGE_PAYEE, u < FAMILY_PAYEE], [anybody, len(people) + people.household[patient]], own)


def agency_clerk(world: World, rng: Rng, patient: Ints, settled: Longs) -> Ints:
    """Clerk of the district's counter; counters are manned by turns of a week, and half the files keep to them."""
    places = world.places
    district = world.people.district[patient]
    n = places.agency_n[district]
    turn = np.where(
        rng.random(len(patient)) < 0.5, settled // (7 * DAY) + district, rng.integers(0, 1 << 20, len(patient))
    )
    return (places.agency_first[district] + turn % n).astype(np.int32)


def usual_chronic(world: World, patient: Ints) -> Ints:
    """The person's chronic diagnosis, else hypertension."""
    known = world.people.chronic[patient]
    fallback = next(i for i, d in enumerate(DIAGNOSES) if d.code == "I10")
    return np.where(known >= 0, known, fallback).astype(np.int32)


def _usual_diagnosis(world: World, rng: Rng, patient: Ints) -> Ints:
    row = _row(world, patient)
    cold = rng.random(len(patient)) < 0.33
    return np.where(
        cold,
        draw_rows(rng, diagnosis_table("respiratory"), row),
        draw_rows(rng, diagnosis_table("visits"), row),
    ).astype(np.int32)


def _row(world: World, patient: Ints) -> Ints:
    return age_row(world.people.sex[patient], world.people.age[patient])


def _codes(value: Values, n: int) -> Ints:
    return np.array(np.broadcast_to(np.asarray(value), n)).astype(np.int32)


def _card(world: World, rng: Rng, patient: Ints, start: Longs) -> Ints:
    blank = rng.random(len(patient)) < world.parameters.e_credentials
    return np.where(blank, BLANK, world.card(patient, start)).astype(np.int32)


def _fund(world: World, patient: Ints, share: float | Floats, amount: NDArray[Any]) -> Longs:
    category = world.people.category[patient]
    extra = np.where(category == POOR, 0.15, np.where(category == RETIRED, 0.08, 0.0))
    result: Longs = np.round(np.round(amount) * (share + extra)).astype(np.int64)
    return result
