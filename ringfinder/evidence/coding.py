"""Ids to codes and claims to arrays: the border between tables on disk and the arrays that channels search.

Codes are ranks in the sorted list of ids, so they do not depend on row order. Values that the claims room set aside
(unknown doctors, default phones) get no code. Joins run in DuckDB; what comes out is in a fixed order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
import numpy as np
from numpy.typing import NDArray

from ringfinder.evidence.view import BLANK, NEVER, Claims, Codes, Ids, Ints, Longs
from ringfinder.model import ClaimSet
from ringfinder.settings import DetectionSettings

# code list -> the columns whose values it holds
CODED: dict[str, tuple[tuple[str, str], ...]] = {
    "patient": (("claims", "patient_id"), ("patients", "patient_id"), ("cards", "patient_id")),
    "facility": (("claims", "facility_id"), ("facilities", "facility_id"), ("doctors", "facility_id")),
    "doctor": (("claims", "doctor_id"), ("doctors", "doctor_id")),
    "recruiter": (("claims", "recruiter_id"), ("recruiters", "recruiter_id")),
    "account": (("claims", "payee_account"), ("patients", "bank_account"), ("recruiters", "bank_account")),
    "operator": (("claims", "operator_id"),),
    "terminal": (("claims", "terminal_id"),),
    "card": (("claims", "card_id"), ("cards", "card_id")),
    "diagnosis": (("claims", "diagnosis_code"),),
    "drug": (("claims", "drug_code"),),
    "invoice": (("claims", "invoice_number"),),
    "phone": (("patients", "phone"), ("patients", "contact_phone"), ("recruiters", "phone")),
    "address": (("patients", "address"),),
    "district": (("patients", "district"), ("facilities", "district")),
    "category": (("patients", "category"),),
}
CLAIM_COLUMNS: dict[str, str] = {
    "patient": "patient_id",
    "facility": "facility_id",
    "card": "card_id",
    "doctor": "doctor_id",
    "recruiter": "recruiter_id",
    "account": "payee_account",
    "operator": "operator_id",
    "terminal": "terminal_id",
    "diagnosis": "diagnosis_code",
    "drug": "drug_code",
    "invoice": "invoice_number",
}


def connect(claim_set: ClaimSet, settings: DetectionSettings) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in which every canonical table is a view and every code list `code_X(id, code)` a table."""
    con = duckdb.connect()
    con.execute(f"SET memory_limit='{settings.memory_gb}GB'")
    con.execute(f"SET temp_directory='{(claim_set.folder / '.spill').as_posix()}'")
    if settings.threads:
        con.execute(f"SET threads={settings.threads}")
    for table in claim_set.rows:
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{claim_set.path(table).as_posix()}')")
    con.execute("CREATE TABLE aside(tab VARCHAR, col VARCHAR, val VARCHAR)")
    if claim_set.set_aside:
        con.executemany(
            "INSERT INTO aside VALUES (?, ?, ?)", [[s.table, s.column, s.value] for s in claim_set.set_aside]
        )
    for name, columns in CODED.items():
        # a value set aside in one column identifies nobody in another of the same code list either
        aside = " OR ".join(f"(tab='{t}' AND col='{c}')" for t, c in columns)
        parts = " UNION ".join(f"SELECT DISTINCT {c} AS id FROM {t}" for t, c in columns if t in claim_set.rows)
        if not parts:
            con.execute(f"CREATE TABLE code_{name}(id VARCHAR, code INTEGER)")
            continue
        con.execute(
            f"CREATE TABLE code_{name} AS SELECT id, (row_number() OVER (ORDER BY id) - 1)::INTEGER AS code FROM ({parts}) "
            f"WHERE id IS NOT NULL AND id NOT IN (SELECT val FROM aside WHERE {aside})"
        )
    return con


def ids(con: duckdb.DuckDBPyConnection, name: str) -> Ids:
    """The sorted ids of a code list; object array of str."""
    return np.asarray(con.sql(f"SELECT id FROM code_{name} ORDER BY code").to_arrow_table()["id"].to_pylist(), object)


def codes(con: duckdb.DuckDBPyConnection) -> Codes:
    """All code lists."""
    claim = con.sql("SELECT claim_id FROM claims ORDER BY claim_id").to_arrow_table()["claim_id"].combine_chunks()
    return Codes(claim=claim, **{name: ids(con, name) for name in CODED})


def columns(
    con: duckdb.DuckDBPyConnection, sql: str, types: Mapping[str, type[np.generic]]
) -> dict[str, NDArray[np.generic]]:
    """The columns of a query without NULLs as numpy arrays of the types given."""
    table = con.sql(sql).to_arrow_table()
    return {name: table[name].to_numpy().astype(dtype, copy=False) for name, dtype in types.items()}


def live_claims(con: duckdb.DuckDBPyConnection) -> Claims:
    """Claims that count: neither refunds (negative, or with `refund_of`) nor what they refund; `visit` is BLANK yet."""
    coded: Iterable[str] = CLAIM_COLUMNS
    joins = " ".join(f"LEFT JOIN code_{n} AS c_{n} ON c_{n}.id = k.{CLAIM_COLUMNS[n]}" for n in coded)
    picks = ", ".join(f"coalesce(c_{n}.code, {BLANK})::INTEGER AS {n}" for n in coded)
    sql = f"""
        WITH k AS (
            SELECT *, (row_number() OVER (ORDER BY claim_id) - 1)::INTEGER AS claim_row FROM claims
        ), refunded AS (SELECT DISTINCT refund_of AS claim_id FROM claims WHERE refund_of IS NOT NULL)
        SELECT claim_row, {picks},
            (CASE service_type WHEN 'inpatient' THEN 0 WHEN 'outpatient' THEN 1 ELSE 2 END)::TINYINT AS service,
            epoch(k.start_time)::BIGINT AS start,
            greatest(epoch(coalesce(k.end_time, k.start_time)), epoch(k.start_time))::BIGINT AS stop,
            coalesce(epoch(k.settled_at)::BIGINT, {NEVER}) AS settled,
            (k.total_amount * 100)::BIGINT AS amount,
            coalesce((k.fund_amount * 100)::BIGINT, 0) AS fund
        FROM k ANTI JOIN refunded USING (claim_id) {joins}
        WHERE k.refund_of IS NULL AND k.total_amount >= 0
        ORDER BY patient, start, claim_row
    """
    longs = dict.fromkeys(("start", "stop", "settled", "amount", "fund"), np.int64)
    ints = dict.fromkeys((*coded, "claim_row"), np.int32)
    got: dict[str, NDArray[np.generic]] = columns(con, sql, {**longs, **ints, "service": np.int8})
    row = got.pop("claim_row")
    return Claims(row=row, visit=np.full(len(row), BLANK, np.int32), end=got.pop("stop"), **got)  # type: ignore[arg-type]


def by_code(
    con: duckdb.DuckDBPyConnection, claim_set: ClaimSet, table: str, key: str, column: str, name: str, size: int
) -> Ints:
    """For each code of `key` (the table's id) the code of `column` in code list `name`; BLANK where unknown. Shape (size,)."""
    out = np.full(size, BLANK, np.int32)
    if table in claim_set.rows and column in claim_set.filled.get(table, frozenset()):
        got = columns(
            con,
            f"SELECT k.code AS k, v.code AS v FROM {table} t JOIN code_{key} k ON k.id = t.{key}_id "
            f"JOIN code_{name} v ON v.id = t.{column}",
            {"k": np.int32, "v": np.int32},
        )
        out[got["k"].astype(np.int64)] = got["v"]
    return out


def dates_by_code(con: duckdb.DuckDBPyConnection, claim_set: ClaimSet, column: str, size: int) -> Longs:
    """For each patient code the days since 1970-01-01 of a date column of `patients`; NEVER where unknown."""
    out = np.full(size, NEVER, np.int64)
    if "patients" in claim_set.rows:
        got = columns(
            con,
            f"SELECT k.code AS k, (t.{column} - DATE '1970-01-01')::BIGINT AS v FROM patients t "
            f"JOIN code_patient k ON k.id = t.patient_id WHERE t.{column} IS NOT NULL",
            {"k": np.int32, "v": np.int64},
        )
        out[got["k"].astype(np.int64)] = got["v"]
    return out
