"""What one row alone cannot show: claims against themselves and against the other tables.

Refunds: a negative amount must name the claim it cancels (`refund_of`), and what names one must not be positive.
Refunds stay in the tables; that they and what they cancel are no visits is settled where visits are made.
A claim that names a patient, doctor, facility, card or recruiter whom no table describes is sound; the run says how
many.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from ringfinder.claims import rejects
from ringfinder.claims.tallies import tally
from ringfinder.claims.values import quote
from ringfinder.tables import BY_NAME, CLAIMS

Note = tuple[str, Mapping[str, object]]

# Below this share of outpatient and pharmacy claims with an hour, midnights are taken for unknown hours everywhere.
LEAST_WITH_HOUR = 0.1
# So many claims that all bear one time of day (08:00 from a converted midnight, say) know no hour either.
ONE_HOUR_FROM = 100

REFERENCES = {
    "patient_id": "patients",
    "facility_id": "facilities",
    "doctor_id": "doctors",
    "card_id": "cards",
    "recruiter_id": "recruiters",
}


def refuse_contradictions(connection: duckdb.DuckDBPyConnection, view: str) -> None:
    """Rejects claims of `view` (canonical columns, `_file`, `_row`) that contradict themselves."""
    faults = (
        *((c.name, f"{c.name} IS NULL", "missing") for c in CLAIMS.columns if c.required),
        ("end_time", "end_time < start_time", "ends_before_start"),
        ("total_amount", "total_amount < 0 AND refund_of IS NULL", "negative_without_refund"),
        ("total_amount", "total_amount > 0 AND refund_of IS NOT NULL", "refund_positive"),
        ("refund_of", "refund_of = claim_id", "refund_of_itself"),
    )
    any_fault = " OR ".join(f"({condition})" for _, condition, _ in faults)
    connection.execute(f"CREATE TABLE rf_contradictions AS SELECT * FROM {view} WHERE {any_fault}")
    if connection.execute("SELECT count(*) FROM rf_contradictions").fetchall()[0][0]:
        for column, condition, reason in faults:
            rejects.refuse(connection, f"SELECT * FROM rf_contradictions WHERE {condition}", column, column, reason)


def hours_known(connection: duckdb.DuckDBPyConnection, claims: Path) -> bool:
    """Whether times are more than bare days: a tenth of outpatient and pharmacy claims (of all, if none) has an
    hour."""
    short, with_hour, every, every_hour, clocks = connection.execute(
        f"""SELECT count(*) FILTER (short), count(*) FILTER (short AND clock <> TIME '00:00:00'),
                   count(*), count(*) FILTER (clock <> TIME '00:00:00'), count(DISTINCT clock)
            FROM (SELECT service_type <> 'inpatient' AS short, CAST(start_time AS TIME) AS clock
                  FROM read_parquet({quote(str(claims))}))"""
    ).fetchall()[0]
    if clocks == 1 and every >= ONE_HOUR_FROM:
        return False
    total, known = (short, with_hour) if short else (every, every_hour)
    return bool(known > 0 and known >= LEAST_WITH_HOUR * total)


def reference_notes(connection: duckdb.DuckDBPyConnection, folder: Path, tables: Collection[str]) -> list[Note]:
    """Refunds, and claims whose patient, doctor and so on no table describes; counts on `tallies` of `REFERENCES`."""
    claims = f"read_parquet({quote(str(folder / 'claims.parquet'))})"
    notes: list[Note] = []
    refunds, orphans = connection.execute(
        f"""SELECT count(*), count(*) FILTER (c.claim_id IS NULL)
            FROM (SELECT refund_of FROM {claims} WHERE refund_of IS NOT NULL) r
            LEFT JOIN {claims} c ON r.refund_of = c.claim_id"""
    ).fetchall()[0]
    if refunds:
        notes.append(("claims.note_refunds", {"claims": refunds}))
    if orphans:
        notes.append(("claims.note_refund_target_missing", {"claims": orphans}))
    for column, table in REFERENCES.items():
        if table not in tables:
            continue
        other = f"read_parquet({quote(str(folder / f'{table}.parquet'))})"
        missing = connection.execute(
            f"SELECT coalesce(sum(n), 0) FROM {tally(column)} "
            f"WHERE value NOT IN (SELECT {BY_NAME[table].key} FROM {other})"
        ).fetchall()[0][0]
        if missing:
            notes.append(("claims.note_reference_missing", {"claims": int(missing), "column": column, "table": table}))
    return notes
