"""A member of a ring beside people like it who are in no ring; the work of a process of its own.

Four signs are compared, each from 0 to 1 and all of the same weight; one that is not known of the member is left out:

    age          1 in the same ten years, 1/2 in the next ones, else 0
    district     1 in the same district of insurance, else 0
    claims       the fewer claims by the more
    illnesses    diagnoses (the first three signs of their codes) that both have, by those that either has

The most alike come first, ties by id. Who is in no ring need not be honest, and whoever is as ill as the member comes often as well:
what stands side by side is whether places, medicines and amounts are those of the illness, and judges nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfinder.report.register import Register
from ringfinder.workspace import Workspace
from ringfinder_api.claims_seen import claims_seen
from ringfinder_api.snapshot import Districts

if TYPE_CHECKING:
    import duckdb

SIGNS = ("age", "district", "claims", "illnesses")
BAND = 10  # years
SIGNS_OF_CODE = 3  # of a diagnosis: the illness, without its details
SHOWN = 8  # places, medicines and illnesses of one person
DECIMALS = 4
LIVES = f"""
CREATE TEMP TABLE lives AS
SELECT c.patient_id, count(*)::INTEGER AS claims, p.district,
       (date_diff('year', any_value(p.birth_date), (SELECT max(start_time)::DATE FROM bills)) // {BAND})::INTEGER AS age,
       list_sort(list(DISTINCT left(c.diagnosis_code, {SIGNS_OF_CODE})) FILTER (c.diagnosis_code IS NOT NULL)) AS illnesses
FROM {{claims}} c LEFT JOIN people p USING (patient_id)
WHERE {{who}} GROUP BY c.patient_id, p.district
"""
ALIKE = """
SELECT patient_id, age, district, claims, illnesses,
       CASE WHEN age IS NULL THEN 0 WHEN age = $age THEN 1 WHEN abs(age - $age) = 1 THEN 0.5 ELSE 0 END::DOUBLE AS by_age,
       coalesce(district = $district, false)::INTEGER::DOUBLE AS by_district,
       least(claims, $claims)::DOUBLE / greatest(claims, $claims) AS by_claims,
       len(list_intersect(coalesce(illnesses, []), $illnesses::VARCHAR[]))::DOUBLE
         / greatest(len(list_distinct(list_concat(coalesce(illnesses, []), $illnesses::VARCHAR[]))), 1) AS by_illnesses
FROM lives
ORDER BY round(({sum}) * 1000000)::BIGINT DESC, patient_id LIMIT $limit
"""
LIFE = """
SELECT count(*)::INTEGER, count(DISTINCT start_time::DATE)::INTEGER, sum(total_amount), sum(fund_amount), min(start_time), max(start_time)
FROM {claims} WHERE patient_id = $id
"""
TIMES = """
SELECT {column}, count(*)::INTEGER, sum(total_amount) FROM {claims} WHERE patient_id = $id AND {column} IS NOT NULL
GROUP BY {column} ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class Times:
    """What somebody's claims name, how often, and for how much."""

    value: str
    name: str | None
    claims: int
    total_amount: Decimal


@dataclass(frozen=True)
class Life:
    """What somebody's claims say. `places`, `medicines`: the most frequent of so many; `whole`: whether all claims were seen."""

    person: str
    name: str | None
    age: int | None
    """The ten years it is in: 6 from 60 to 69."""
    district: str | None
    claims: int
    days: int
    total_amount: Decimal
    fund_amount: Decimal | None
    first_time: str
    last_time: str
    kinds: Sequence[Times]
    places: Sequence[Times]
    places_in_all: int
    medicines: Sequence[Times]
    medicines_in_all: int
    illnesses: Sequence[Times]
    illness_codes: frozenset[str]
    whole: bool


@dataclass(frozen=True)
class Peer:
    """Somebody like the member: how far, and how far each sign agrees."""

    life: Life
    likeness: float
    signs: Mapping[str, float]


def beside(
    folder: Path, run_id: str, person: str, in_rings: Collection[str], districts: Districts, limit: int
) -> tuple[Life, Sequence[Peer], int] | None:
    """(the member, those most like it, how many were compared); None where the caller sees no claim of the member."""
    tables = Workspace(folder).run(run_id).tables
    register = Register(tables)
    with claims_seen(tables, districts) as db:
        home = db.execute("SELECT district FROM people WHERE patient_id = $id", {"id": person}).fetchone()
        whole = districts is None or (home is not None and home[0] in districts)
        db.execute(LIVES.format(claims="seen", who="c.patient_id = $id"), {"id": person})
        own = db.execute("SELECT age, district, claims, coalesce(illnesses, []) FROM lives").fetchone()
        if own is None:
            return None
        life = _life(db, register, person, own, "bills" if whole else "seen", whole)
        db.execute("DROP TABLE lives")
        mine = "true" if districts is None else "p.district IN (SELECT district FROM own)"
        db.execute(
            "CREATE TEMP TABLE in_rings AS SELECT unnest($ids::VARCHAR[]) AS patient_id", {"ids": sorted(in_rings)}
        )
        who = f"c.patient_id NOT IN (SELECT patient_id FROM in_rings) AND {mine}"
        db.execute(LIVES.format(claims="bills", who=who))
        (compared,) = db.execute("SELECT count(*) FROM lives").fetchone() or (0,)
        peers = [
            Peer(_life(db, register, one, (age, district, claims, illnesses or []), "bills", True), mean, signs)
            for one, age, district, claims, illnesses, mean, signs in _alike(db, own, limit)
        ]
    return life, peers, compared


def _alike(db: duckdb.DuckDBPyConnection, own: Sequence[Any], limit: int) -> list[tuple[Any, ...]]:
    """(person, age, district, claims, illnesses, likeness, signs), the most alike first."""
    age, district, claims, illnesses = own
    known = {"age": age is not None, "district": district is not None, "claims": True, "illnesses": bool(illnesses)}
    signs = [sign for sign in SIGNS if known[sign]]
    given = {"age": age, "district": district, "claims": claims, "illnesses": illnesses, "limit": limit}
    statement = ALIKE.format(sum=" + ".join(f"by_{sign}" for sign in signs))
    found = []
    for *who, by_age, by_district, by_claims, by_illnesses in db.execute(statement, given).fetchall():
        values = dict(zip(SIGNS, (by_age, by_district, by_claims, by_illnesses), strict=True))
        agree = {sign: round(values[sign], DECIMALS) for sign in signs}
        found.append((*who, round(sum(values[sign] for sign in signs) / len(signs), DECIMALS), agree))
    return found


def _life(
    db: duckdb.DuckDBPyConnection, register: Register, person: str, known: Sequence[Any], claims: str, whole: bool
) -> Life:
    age, district, _, illnesses = known
    row = db.execute(LIFE.format(claims=claims), {"id": person}).fetchone()
    assert row is not None
    number, days, total, fund, first, last = row
    times = {
        column: db.execute(TIMES.format(claims=claims, column=column), {"id": person}).fetchall()
        for column in ("service_type", "facility_id", "drug_code", "diagnosis_code")
    }
    names = register.names("facility", (place for place, *_ in times["facility_id"]))
    told = {column: [Times(value, names.get(value), *rest) for value, *rest in rows] for column, rows in times.items()}
    return Life(
        person,
        register.names("patient", [person]).get(person),
        age,
        district,
        number,
        days,
        total,
        fund,
        first.isoformat(timespec="seconds"),
        last.isoformat(timespec="seconds"),
        told["service_type"],
        told["facility_id"][:SHOWN],
        len(told["facility_id"]),
        told["drug_code"][:SHOWN],
        len(told["drug_code"]),
        told["diagnosis_code"][:SHOWN],
        frozenset(illnesses),
        whole,
    )
