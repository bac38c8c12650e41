"""From the grown city to canonical tables, truth and scenes: the last slips, names for numbers, order by settlement.

Refunds are made here, as negative rows of the claims they cancel; so are the fields an export leaves empty. A member
of a ring stands in the truth only if he is left in the claims: nobody can be asked to find what the files do not
hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ringfinder.claims.city import labels
from ringfinder.claims.city.arrow import money, taken
from ringfinder.claims.city.codebook import DIAGNOSES, DRUGS
from ringfinder.claims.city.draws import DAY, Bools, Longs, Rng
from ringfinder.claims.city.ledger import RING, UNKNOWN, Block
from ringfinder.claims.city.places import degrees
from ringfinder.claims.city.population import ALIVE, BLANK, CATEGORIES
from ringfinder.claims.city.world import World
from ringfinder.tables import CLAIMS

SERVICE = pa.array(["inpatient", "outpatient", "pharmacy"])
KINDS = ("hospital", "clinic", "pharmacy")
SMALLEST_GROUP = 3  # a ring of fewer patients is none
# column of claims -> column of the ledger, register of ids
LABELLED = {
    "patient_id": ("patient", "patient"),
    "facility_id": ("facility", "facility"),
    "card_id": ("card", "card"),
    "doctor_id": ("doctor", "doctor"),
    "recruiter_id": ("recruiter", "recruiter"),
    "operator_id": ("operator", "operator"),
    "terminal_id": ("terminal", "terminal"),
    "payee_account": ("account", "account"),
}


@dataclass(frozen=True)
class City:
    """A finished city: canonical tables by name, planted rings, honest scenes."""

    tables: dict[str, pa.Table]
    truth: list[dict[str, Any]]
    scenes: list[dict[str, Any]]
    origin: NDArray[np.int32]  # of each claim, in the order of `tables["claims"]`: everyday, scene, ring
    ring: NDArray[np.int32]  # index into the planted rings, BLANK


def finish(world: World) -> City:
    """Close the ledger and name everything."""
    frame = world.ledger.close(
        world.rng("close"), world.places, world.people.death.astype(np.int64), world.first_second, world.last_second
    )
    _leave_empty(world, world.rng("empty"), frame)
    frame = _with_refunds(world, world.rng("refunds"), frame)
    order = np.lexsort((frame["refund_of"], frame["facility"], frame["start"], frame["patient"], frame["settled"]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    frame = {name: column[order] for name, column in frame.items()}
    cancelled = frame["refund_of"] != UNKNOWN
    frame["refund_of"] = np.where(cancelled, place[np.where(cancelled, frame["refund_of"], 0)], BLANK)
    names = _registers(world, len(order))
    tables = {"claims": _claims(world, frame, names), **_others(world, names)}
    return City(tables, _truth(world, frame, names), _scenes(world, frame, names), frame["origin"], frame["ring"])


def _with_refunds(world: World, rng: Rng, frame: Block) -> Block:
    """Negative rows; half of them are followed by a corrected bill of another amount."""
    n = len(frame["patient"])
    picked = np.flatnonzero((rng.random(n) < world.parameters.refunds) & (frame["origin"] != RING))
    refund = {name: column[picked].copy() for name, column in frame.items()}
    wait = rng.integers(600, 3 * DAY, len(picked))
    refund["settled"] = np.where(refund["settled"] == UNKNOWN, UNKNOWN, refund["settled"] + wait)
    refund["refund_of"] = picked.astype(np.int64)
    refund["amount"], refund["fund"] = -refund["amount"], -refund["fund"]
    again = rng.random(len(picked)) < 0.5
    bill = {name: column[again].copy() for name, column in refund.items()}
    bill["refund_of"][:] = UNKNOWN
    factor = rng.uniform(0.7, 1.1, int(again.sum()))
    for name in ("amount", "fund"):
        bill[name] = np.maximum(np.round(-bill[name] * factor).astype(np.int64), 100)
    bill["settled"] = np.where(
        bill["settled"] == UNKNOWN, UNKNOWN, bill["settled"] + rng.integers(30, 300, len(factor))
    )
    return {name: np.concatenate([column, refund[name], bill[name]]) for name, column in frame.items()}


def _leave_empty(world: World, rng: Rng, frame: Block) -> None:
    """What the export does not fill; a blank doctor is sometimes a placeholder that becomes everybody's doctor."""
    p, n = world.parameters, len(frame["patient"])
    u = rng.random(n)
    missing = (u > p.doctor_filled) & (frame["doctor"] >= 0)
    placeholder = len(world.places.doctor_place)
    frame["doctor"][missing] = np.where(u[missing] > (1 + p.doctor_filled) / 2, placeholder, BLANK)
    frame["diagnosis"][rng.random(n) > p.diagnosis_filled] = BLANK
    for known, names in (
        (p.operators_known, ("operator",)),
        (p.terminals_known, ("terminal",)),
        (p.invoices_known, ("invoice",)),
    ):
        for name in names if not known else ():
            frame[name][:] = UNKNOWN if name == "invoice" else BLANK
    if not p.settlement_known:
        frame["settled"][:] = UNKNOWN


def _registers(world: World, claims: int) -> dict[str, pa.Array]:
    people, places, style = world.people, world.places, world.parameters.id_style
    rng = world.rng("labels")
    count = {
        "patient": len(people),
        "facility": len(places.kind),
        "card": people.cards,
        "doctor": len(places.doctor_place) + 1,
        "recruiter": len(world.recruiters),
        "operator": places.operators,
        "terminal": places.terminals,
    }
    names = {what: labels.ids(rng, what, n, style) for what, n in count.items()}
    names["claim"] = labels.ids(rng, "claim", claims, style, ordered=True)
    names["phone"] = labels.phones(rng, people.phones, world.hotlines)
    names["account"] = labels.accounts(rng, people.accounts)
    names["invoice"] = labels.invoices(rng, world.invoices, world.invoice_text)
    households = int(people.household.max()) + 1
    home = np.zeros(households, dtype=np.int32)
    home[people.household] = people.settlement
    names["address"] = labels.addresses(rng, home, people.addresses, world.land.district, world.street)
    names["person"] = labels.people_names(rng, len(people))
    return names


def seconds(world: World, values: Longs) -> pa.Array:
    """Times; bare days (midnight) where the export knows no hours."""
    known = values != UNKNOWN
    values = np.where(known, values, 0)
    if not world.parameters.hours_known:
        values = values // DAY * DAY
    return pa.array(values, pa.timestamp("s"), mask=~known)


def _claims(world: World, frame: Block, names: dict[str, pa.Array]) -> pa.Table:
    columns: dict[str, pa.Array] = {"claim_id": names["claim"]}
    for column, (code, register) in LABELLED.items():
        columns[column] = taken(names[register], frame[code])
    columns["service_type"] = SERVICE.take(pa.array(frame["service"]))
    for column, code in (("start_time", "start"), ("end_time", "end"), ("settled_at", "settled")):
        columns[column] = seconds(world, frame[code])
    columns["total_amount"], columns["fund_amount"] = money(frame["amount"]), money(frame["fund"])
    columns["diagnosis_code"] = taken(pa.array([d.code for d in DIAGNOSES]), frame["diagnosis"])
    columns["drug_code"] = taken(pa.array([d.code for d in DRUGS]), frame["drug"])
    columns["invoice_number"] = taken(names["invoice"], frame["invoice"])
    columns["refund_of"] = taken(names["claim"], frame["refund_of"])
    return pa.table({name: columns[name] for name in CLAIMS.column_names})


def _others(world: World, names: dict[str, pa.Array]) -> dict[str, pa.Table]:
    people, places = world.people, world.places
    rng = world.rng("registers")
    district = pa.array([f"{340801 + i}" for i in range(int(places.district.max()) + 1)])
    hidden = rng.random(len(people)) > world.parameters.address_filled
    sex = np.where(world.wrong_sex, 1 - people.sex, people.sex)
    death = people.death.copy()
    for person, day in world.wrong_death.items():
        death[person] = day
    patients = pa.table(
        {
            "patient_id": names["patient"],
            "name": names["person"],
            "birth_date": pa.array(people.birth, pa.date32()),
            "sex": pa.array(["F", "M"]).take(pa.array(sex)),
            "id_number": labels.identity_numbers(people.birth, sex, people.district),
            "phone": taken(names["phone"], people.phone),
            "contact_phone": taken(names["phone"], people.contact),
            "address": taken(names["address"], np.where(hidden, BLANK, people.address)),
            "district": taken(district, people.district),
            "bank_account": taken(names["account"], people.account),
            "category": pa.array(CATEGORIES).take(pa.array(people.category)),
            "death_date": pa.array(np.minimum(death, 10**6), pa.date32(), mask=death == ALIVE),
        }
    )
    holder = np.concatenate([people.first_card, people.second_card])
    cards, first = np.unique(holder, return_index=True)
    doctors = len(places.doctor_place)
    latitude, longitude = degrees(places)
    agents = world.recruiters
    tables = {
        "patients": patients,
        "cards": pa.table(
            {"card_id": taken(names["card"], cards), "patient_id": taken(names["patient"], first % len(people))}
        ),
        "doctors": pa.table(
            {
                "doctor_id": names["doctor"],
                "facility_id": taken(names["facility"], np.concatenate([places.doctor_place, [BLANK]])),
                "name": labels.people_names(rng, doctors + 1),
            }
        ),
        "facilities": pa.table(
            {
                "facility_id": names["facility"],
                "name": labels.facility_names(places.kind, places.level),
                "kind": pa.array(KINDS).take(pa.array(places.kind)),
                "level": taken(pa.array(["", "1", "2", "3"]), np.where(places.level == 0, BLANK, places.level)),
                "district": taken(district, places.district),
                "latitude": latitude,
                "longitude": longitude,
            }
        ),
        "recruiters": pa.table(
            {
                "recruiter_id": names["recruiter"],
                "name": taken(names["person"], np.array([a.name for a in agents], dtype=np.int64)),
                "phone": taken(names["phone"], np.array([a.phone for a in agents], dtype=np.int64)),
                "bank_account": taken(names["account"], np.array([a.account for a in agents], dtype=np.int64)),
            }
        ),
    }
    return {name: table.sort_by(table.column_names[0]) for name, table in tables.items()}


def _truth(world: World, frame: Block, names: dict[str, pa.Array]) -> list[dict[str, Any]]:
    rings = []
    for number, note in enumerate(world.rings):
        mine: Bools = frame["ring"] == number
        members = set()
        for kind, code, role in note.members:
            column = frame[kind]
            if np.any(column[mine] == code) or (kind not in {"patient", "card"} and np.any(column == code)):
                members.add((kind, names[kind][code].as_py(), role))
        if sum(kind == "patient" for kind, _, _ in members) >= SMALLEST_GROUP:
            listed = [{"entity_type": t, "entity_id": i, "role": r} for t, i, r in sorted(members)]
            rings.append({"ring_id": f"T{number + 1:03d}", "kind": note.kind, "level": note.level, "members": listed})
    return rings


def _scenes(world: World, frame: Block, names: dict[str, pa.Array]) -> list[dict[str, Any]]:
    seen = np.zeros(len(world.people), dtype=bool)
    seen[frame["patient"]] = True
    scenes = []
    for note in world.scenes:
        patients = names["patient"].take(pa.array(note.patients[seen[note.patients]])).to_pylist()
        entities = [{"entity_type": t, "entity_id": names[t][i].as_py()} for t, i in note.entities]
        scenes.append(
            {"scene": note.scene, "kind_of_scene": note.kind, "patients": sorted(patients), "entities": entities}
        )
    return scenes
