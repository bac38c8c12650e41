"""Ids to codes and claims to arrays: the border between tables on disk and the arrays that channels search.

Codes are ranks in the sorted list of ids, so they do not depend on row order. Values that the claims room set aside
(unknown doctors, default phones) get no code. Id columns are read as Arrow dictionaries, as the Parquet files hold them,
and coded once a distinct value, three times as fast as joining ten million texts; numbers and times come from DuckDB.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ringfinder.evidence.arrays import order_by
from ringfinder.evidence.view import BLANK, NEVER, Bools, Claims, Codes, Ints, Longs
from ringfinder.model import ClaimSet
from ringfinder.settings import DetectionSettings
from ringfinder.tables import BY_NAME

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
UNTOLD = ("card", "invoice", "phone", "address")  # hardly any of these ids is ever told, so they stay in Arrow
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


class Coder:
    """The canonical tables of a claim set with all code lists; `ids(name)` are sorted Arrow strings, `claim` claim ids."""

    def __init__(self, claim_set: ClaimSet, settings: DetectionSettings) -> None:
        self.claim_set = claim_set
        self.settings = settings
        self._aside: dict[tuple[str, str], list[str]] = {}
        for value in claim_set.set_aside:
            self._aside.setdefault((value.table, value.column), []).append(value.value)
        self._read: dict[tuple[str, str], pa.DictionaryArray] = {}
        # (list, table, column) -> the code of each value of the column's dictionary
        self._code_of: dict[tuple[str, str, str], Ints] = {}
        self.ids: dict[str, pa.Array] = {name: self._list(name, columns) for name, columns in CODED.items()}

    def column(self, table: str, name: str) -> pa.DictionaryArray:
        """A text column of a table as one dictionary array; all null where the table or the column is not there."""
        key = table, name
        if key not in self._read:
            if table not in self.claim_set.rows:
                empty = pa.array([], pa.string()).dictionary_encode()
                self._read[key] = empty
            else:
                path = self.claim_set.path(table)
                wanted = [c for c in _text_columns(table) if (table, c) not in self._read]
                read = pq.read_table(path, columns=wanted, read_dictionary=wanted)
                for one in wanted:
                    self._read[table, one] = _one(read[one])
        return self._read[key]

    def codes(self, table: str, name: str, code_list: str) -> Ints:
        """The code of each row of a column of the list; BLANK where it is null or set aside."""
        column = self.column(table, name)
        of_value = np.r_[self._code_of[code_list, table, name], np.int32(BLANK)]
        index = pc.fill_null(column.indices, len(column.dictionary)).to_numpy(zero_copy_only=False)
        return of_value[index]

    def drop(self, table: str) -> None:
        """Forget the columns of a table that are coded by now."""
        for key in [k for k in self._read if k[0] == table]:
            del self._read[key]

    @cached_property
    def claim(self) -> pa.Array:
        """Claim ids in the order of the table."""
        return pq.read_table(self.claim_set.path("claims"), columns=["claim_id"])["claim_id"].combine_chunks()

    def _list(self, code_list: str, columns: tuple[tuple[str, str], ...]) -> pa.Array:
        """The sorted distinct values of some columns, without what was set aside in any of them; codes the columns' dictionaries."""
        parts = [self.column(table, name).dictionary for table, name in columns]
        coded = pa.concat_arrays(parts).dictionary_encode()
        values = coded.dictionary
        number = pc.fill_null(coded.indices, len(values)).to_numpy(zero_copy_only=False)
        aside = sorted({v for column in columns for v in self._aside.get(column, ())})
        kept = ~pc.is_in(values, value_set=pa.array(aside, pa.string())).to_numpy(zero_copy_only=False)
        order = pc.sort_indices(values).to_numpy()
        order = order[kept[order]]
        rank = np.full(len(values) + 1, BLANK, np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        ends = np.cumsum([len(part) for part in parts])
        for (table, name), part in zip(columns, np.split(number, ends[:-1]), strict=True):
            self._code_of[code_list, table, name] = rank[part]
        return values.take(pa.array(order))


def _text_columns(table: str) -> list[str]:
    """The columns of a table that code lists are made of."""
    have = set(BY_NAME[table].column_names)
    return sorted({c for columns in CODED.values() for t, c in columns if t == table and c in have})


def _one(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A chunked column as one dictionary array of plain strings."""
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    one = column.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):  # no chunk at all
        return pa.array([], pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(one.indices, one.dictionary.cast(pa.string()))


def codes(coder: Coder) -> Codes:
    """All code lists."""
    lists: dict[str, Any] = {
        name: ids if name in UNTOLD else ids.to_numpy(zero_copy_only=False) for name, ids in coder.ids.items()
    }
    claim = coder.claim
    return Codes(claim=claim.take(pc.sort_indices(claim)) if not in_order(claim) else claim, **lists)


def in_order(ids: pa.Array) -> bool:
    """Whether ids are sorted, as the claims room writes them."""
    return len(ids) < 2 or bool(pc.all(pc.less(ids[:-1], ids[1:])).as_py())


def columns(
    con: duckdb.DuckDBPyConnection, sql: str, types: Mapping[str, type[np.generic]]
) -> dict[str, NDArray[np.generic]]:
    """The columns of a query without NULLs as numpy arrays of the types given."""
    table = con.sql(sql).to_arrow_table()
    return {name: table[name].to_numpy().astype(dtype, copy=False) for name, dtype in types.items()}


def connect(claim_set: ClaimSet, settings: DetectionSettings) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in which every canonical table is a view, its rows in the order of the file."""
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.execute(f"SET memory_limit='{settings.memory_gb}GB'")
    con.execute(f"SET temp_directory='{(claim_set.folder / '.spill').as_posix()}'")
    if settings.threads:
        con.execute(f"SET threads={settings.threads}")
    for table in claim_set.rows:
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{claim_set.path(table).as_posix()}')")
    return con


def live_claims(coder: Coder, con: duckdb.DuckDBPyConnection) -> Claims:
    """Claims that count: neither refunds (negative, or with `refund_of`) nor what they refund; `visit` is BLANK yet."""
    longs = dict.fromkeys(("start", "stop", "settled", "amount", "fund"), np.int64)
    sql = f"""
        SELECT (CASE service_type WHEN 'inpatient' THEN 0 WHEN 'outpatient' THEN 1 ELSE 2 END)::TINYINT AS service,
            epoch(start_time)::BIGINT AS start,
            greatest(epoch(coalesce(end_time, start_time)), epoch(start_time))::BIGINT AS stop,
            coalesce(epoch(settled_at)::BIGINT, {NEVER}) AS settled,
            (total_amount * 100)::BIGINT AS amount,
            coalesce((fund_amount * 100)::BIGINT, 0) AS fund,
            (refund_of IS NULL AND total_amount >= 0) AS counts
        FROM claims
    """
    got: dict[str, NDArray[np.generic]] = columns(con, sql, {**longs, "service": np.int8, "counts": np.bool_})
    counts: Bools = got.pop("counts").astype(np.bool_) & ~refunded(coder, con)
    number = ranks(coder.claim)
    patient = coder.codes("claims", "patient_id", "patient")
    live = np.flatnonzero(counts)
    by = (patient[live], got["start"][live])
    order = live[order_by(*by) if in_order(coder.claim) else order_by(*by, number[live])]
    ids = {name: coder.codes("claims", column, name)[order] for name, column in CLAIM_COLUMNS.items()}
    coder.drop("claims")
    rest = {name: values[order] for name, values in got.items()}
    visit = np.full(len(order), BLANK, np.int32)
    return Claims(row=number[order], visit=visit, end=rest.pop("stop"), **rest, **ids)  # type: ignore[arg-type]


def ranks(ids: pa.Array) -> Ints:
    """Each id's place among all ids in sorted order."""
    if in_order(ids):
        return np.arange(len(ids), dtype=np.int32)
    out = np.empty(len(ids), np.int32)
    out[pc.sort_indices(ids).to_numpy()] = np.arange(len(ids), dtype=np.int32)
    return out


def refunded(coder: Coder, con: duckdb.DuckDBPyConnection) -> Bools:
    """By row of the claims: another claim refunds it."""
    named = con.sql("SELECT DISTINCT refund_of FROM claims WHERE refund_of IS NOT NULL").to_arrow_table()["refund_of"]
    if not len(named):
        return np.zeros(len(coder.claim), np.bool_)
    out: Bools = pc.is_in(coder.claim, value_set=named.combine_chunks()).to_numpy(zero_copy_only=False)
    return out


def by_code(coder: Coder, table: str, key: str, column: str, name: str) -> Ints:
    """For each code of `key` (the table's id) the code of `column` in code list `name`; BLANK where unknown."""
    out = np.full(len(coder.ids[key]), BLANK, np.int32)
    if table in coder.claim_set.rows and column in coder.claim_set.filled.get(table, frozenset()):
        at, value = coder.codes(table, f"{key}_id", key), coder.codes(table, column, name)
        known = (at != BLANK) & (value != BLANK)
        out[at[known]] = value[known]
    return out


def by_key(
    coder: Coder, con: duckdb.DuckDBPyConnection, table: str, key: str, sql: str, types: Mapping[str, type[np.generic]]
) -> tuple[Ints, dict[str, NDArray[np.generic]]]:
    """The code of each row's id, and expressions over the rows (SQL without NULLs); rows whose id has no code left out."""
    at = coder.codes(table, f"{key}_id", key)
    got = columns(con, f"SELECT {sql} FROM {table}", types)
    known = at != BLANK
    return at[known], {name: values[known] for name, values in got.items()}


def dates_by_code(coder: Coder, con: duckdb.DuckDBPyConnection, column: str) -> Longs:
    """For each patient code the days since 1970-01-01 of a date column of `patients`; NEVER where unknown."""
    out = np.full(len(coder.ids["patient"]), NEVER, np.int64)
    if "patients" in coder.claim_set.rows:
        days = f"coalesce(({column} - DATE '1970-01-01')::BIGINT, {NEVER}) AS v"
        at, got = by_key(coder, con, "patients", "patient", days, {"v": np.int64})
        out[at] = got["v"]
    return out
