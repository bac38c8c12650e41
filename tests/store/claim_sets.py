"""Claim sets for tests of the store: rows given as dicts, absent columns NULL, written as the claims room writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ringfinder.model import ClaimSet, SetAside
from ringfinder.tables import BY_NAME, TABLES, ColumnType

Row = Mapping[str, Any]

ARROW: dict[ColumnType, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "money": pa.decimal128(14, 2),
    "time": pa.timestamp("us"),
    "date": pa.date32(),
    "number": pa.float64(),
}


def write(folder: Path, tables: Mapping[str, Sequence[Row]], set_aside: Sequence[SetAside] = ()) -> ClaimSet:
    """Canonical Parquet files of these rows, sorted by key, and the claim set that describes them."""
    folder.mkdir(parents=True, exist_ok=True)
    hours = False
    filled = {}
    for name, rows in tables.items():
        table = BY_NAME[name]
        ordered = sorted(rows, key=lambda row: row[table.key].encode())
        columns = [pa.array([row.get(c.name) for row in ordered], ARROW[c.type]) for c in table.columns]
        pq.write_table(pa.table(columns, names=list(table.column_names)), folder / f"{name}.parquet")
        filled[name] = frozenset(c for c in table.column_names if any(row.get(c) is not None for row in ordered))
        times = [row[c.name] for c in table.columns if c.type == "time" for row in ordered if row.get(c.name)]
        hours = hours or any(t != datetime(t.year, t.month, t.day) for t in times)
    return ClaimSet(folder, {n: len(rows) for n, rows in tables.items()}, filled, hours, tuple(set_aside))


def rows_of(claim_set: ClaimSet) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, in the order of the files."""
    return {t.name: pq.read_table(claim_set.path(t.name)).to_pylist() for t in TABLES if t.name in claim_set.rows}


def full(table: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows with all canonical columns, NULL where absent."""
    return [{name: row.get(name) for name in BY_NAME[table].column_names} for row in rows]


def claim(claim_id: str, patient_id: str, facility_id: str, start: str, **more: Any) -> dict[str, Any]:
    """A claim with what every claim has."""
    return {
        "claim_id": claim_id,
        "patient_id": patient_id,
        "facility_id": facility_id,
        "service_type": "outpatient",
        "start_time": datetime.fromisoformat(start),
        "total_amount": Decimal("100.00"),
    } | more


# Two registered patients and others known from a claim or a card alone; one account named by three columns; one phone
# that is a patient's own, another's contact and a go-between's; a card without holder; a refund, and one of a claim
# that is not in the set.
SMALL: dict[str, list[dict[str, Any]]] = {
    "claims": [
        claim(
            "0001",
            "P1",
            "F1",
            "2024-03-01 08:30:15",
            service_type="inpatient",
            total_amount=Decimal("1234567.89"),
            fund_amount=Decimal("0.10"),
            end_time=datetime(2024, 3, 4, 11),
            settled_at=datetime(2024, 3, 4, 11, 5, 1),
            card_id="K1",
            doctor_id="D1",
            recruiter_id="R1",
            operator_id="O1",
            terminal_id="T1",
            diagnosis_code="J18.9",
            payee_account="6222 01",
            invoice_number="000777",
            drug_code="甲",
        ),
        claim("0002", "P1", "F1", "2024-03-05 00:00:00", total_amount=Decimal("-100.01"), refund_of="0001"),
        claim("0003", "P9", "F9", "2024-03-06 09:00:00", card_id="K9", refund_of="gone", doctor_id="D9"),
        claim("1", "P2", "F1", "2024-03-07 10:00:00", card_id="K1", recruiter_id="R9", payee_account="A2"),
    ],
    "patients": [
        {
            "patient_id": "P1",
            "name": "王'小\"明\\",
            "birth_date": date(1950, 1, 31),
            "sex": "F",
            "id_number": "000000195001310000",
            "phone": "013800",
            "contact_phone": "013800",
            "address": "长安街1号,\n二单元",
            "district": "东城",
            "bank_account": "6222 01",
            "category": "resident",
            "death_date": date(2024, 3, 3),
        },
        {"patient_id": "P2", "contact_phone": "013800", "address": "长安街1号,\n二单元", "bank_account": "6222 01"},
    ],
    "cards": [{"card_id": "K1", "patient_id": "P1"}, {"card_id": "K2"}, {"card_id": "K3", "patient_id": "P7"}],
    "doctors": [{"doctor_id": "D1", "facility_id": "F7", "name": "李"}, {"doctor_id": "D2"}],
    "facilities": [{"facility_id": "F1", "kind": "hospital", "latitude": 39.123456789, "longitude": -0.5}],
    "recruiters": [{"recruiter_id": "R1", "phone": "013800", "bank_account": "6222 01"}, {"recruiter_id": "R2"}],
}
