"""Values that identify nobody: a hotline as everybody's phone, a default account, a doctor called `0000`.

A value is set aside when
- it is a placeholder (`0`, `unknown`, `不详`, one digit seven times or more, ...), whoever carries it, or
- more people carry it than one can know: more than `shared_by_people` and more than `shared_by_share` of all, or
- it is a doctor who sees patients at more facilities than one person can serve. Busy doctors stay: a doctor at one
  hospital may know thousands. Prescriptions filled at pharmacies do not count, since patients choose the pharmacy.

It stays in the tables and is listed; whoever looks for ties leaves it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from ringfinder.claims.tallies import tally
from ringfinder.claims.values import quote
from ringfinder.model import SetAside
from ringfinder.settings import ClaimsSettings

# Physicians with several places of practice have two to five; a township doctor on rounds may visit ten village rooms.
MOST_PLACES_OF_A_DOCTOR = 10


@dataclass(frozen=True)
class _Watched:
    """A column whose values should identify. `person`: whose number counts; `limit`: too many of them set it aside."""

    table: str
    column: str
    person: str
    limited: bool = True


WATCHED = (
    _Watched("claims", "card_id", "patient_id"),
    _Watched("claims", "recruiter_id", "patient_id"),
    _Watched("claims", "payee_account", "patient_id"),
    _Watched("claims", "invoice_number", "patient_id"),
    _Watched("claims", "doctor_id", "patient_id", limited=False),
    _Watched("claims", "operator_id", "patient_id", limited=False),
    _Watched("claims", "terminal_id", "patient_id", limited=False),
    _Watched("patients", "phone", "patient_id"),
    _Watched("patients", "contact_phone", "patient_id"),
    _Watched("patients", "address", "patient_id"),
    _Watched("patients", "bank_account", "patient_id"),
    _Watched("recruiters", "phone", "recruiter_id"),
    _Watched("recruiters", "bank_account", "recruiter_id"),
)


def find(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    filled: dict[str, frozenset[str]],
    settings: ClaimsSettings,
) -> tuple[SetAside, ...]:
    """The values set aside, in the order of `WATCHED`, then by value.

    Counts on `tallies` of `patient_id` and of the watched columns of the claims.
    """
    found: list[SetAside] = []
    claims = _table(folder, "claims")
    people = connection.execute(f"SELECT count(*) FROM {tally('patient_id')}").fetchall()[0][0]
    limit = max(settings.shared_by_people, int(settings.shared_by_share * people))
    for watched in WATCHED:
        column, person = watched.column, watched.person
        if column not in filled.get(watched.table, frozenset()):
            continue
        table = _table(folder, watched.table)
        counted = f"SELECT {column} AS value, count(*) AS n FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
        if watched.table == "claims":
            counted = f"FROM {tally(column)}"
        keep = "rf_placeholder(value)"
        # Counting rows first leaves few values to count people for: nobody is on more people than rows.
        suspects = keep
        if watched.limited:
            keep += f" OR people > {limit}"
            suspects += f" OR n > {limit}"
        elif column == "doctor_id":
            everywhere = f"value IN ({_EVERYWHERE.format(claims=claims)})"
            keep, suspects = f"{keep} OR {everywhere}", f"{suspects} OR {everywhere}"
        rows = connection.execute(
            f"""SELECT value, people FROM (
                    SELECT {column} AS value, count(DISTINCT {person}) AS people FROM {table}
                    WHERE {column} IN (SELECT value FROM ({counted}) WHERE {suspects})
                    GROUP BY 1)
                WHERE {keep} ORDER BY 1"""
        ).fetchall()
        found += [SetAside(watched.table, column, value, int(carriers)) for value, carriers in rows]
    return tuple(found)


_EVERYWHERE = f"""SELECT doctor_id FROM (
    SELECT DISTINCT doctor_id, facility_id FROM {{claims}} WHERE service_type <> 'pharmacy' AND doctor_id IS NOT NULL)
    GROUP BY doctor_id HAVING count(*) > {MOST_PLACES_OF_A_DOCTOR}"""


def _table(folder: Path, table: str) -> str:
    return f"read_parquet({quote(str(folder / f'{table}.parquet'))})"
