"""A tiny world by hand: six claims, two rings (one alerts), everything personal that a mask must catch."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ringfinder.model import ClaimSet, Findings, Member, Reason, Ring, SetAside
from ringfinder.pipeline.record import record
from ringfinder.report.files import write_json, write_results
from ringfinder.report.results import results_of
from ringfinder.settings import Settings
from ringfinder.store.ladybug import LadybugStore
from ringfinder.tables import BY_NAME, ColumnType
from ringfinder.workspace import Workspace

ARROW: dict[ColumnType, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "money": pa.decimal128(14, 2),
    "time": pa.timestamp("us"),
    "date": pa.date32(),
    "number": pa.float64(),
}
NASTY = "<script>alert('x')</script>\x1b[31m"
PAYEE = "6222020200011112222"
SECRETS = ("王小明", "李四", "13812345678", "13987654321", "110101195001011234", PAYEE, "长安路1号")


def claim(claim_id: str, patient: str, facility: str, start: datetime, **more: Any) -> dict[str, Any]:
    """A claim of 100.00, 60.00 of it paid by the fund."""
    return {
        "claim_id": claim_id,
        "patient_id": patient,
        "facility_id": facility,
        "service_type": "pharmacy",
        "start_time": start,
        "total_amount": Decimal("100.00"),
        "fund_amount": Decimal("60.00"),
        **more,
    }


TABLES: dict[str, list[dict[str, Any]]] = {
    "claims": [
        claim("C1", "P1", "F1", datetime(2024, 3, 1, 9), payee_account=PAYEE, recruiter_id="R1", doctor_id="D1"),
        claim("C2", "P2", "F1", datetime(2024, 3, 1, 9, 5), payee_account=PAYEE, recruiter_id="R1"),
        claim("C3", "P3", "F1", datetime(2024, 3, 1, 9, 7), doctor_id="D1"),
        claim(
            "C4",
            "P1",
            "F2",
            datetime(2024, 4, 1, 8),
            service_type="inpatient",
            end_time=datetime(2024, 4, 9, 8),
            card_id="K1",
        ),
        claim("C5", "P2", "F2", datetime(2024, 4, 2, 8)),
        claim("C6", "P4", "F2", datetime(2024, 5, 2, 8), operator_id="O1", terminal_id="T1"),
    ],
    "patients": [
        {
            "patient_id": "P1",
            "name": "王小明",
            "birth_date": date(1950, 1, 1),
            "id_number": "110101195001011234",
            "phone": "13812345678",
            "address": "长安路1号",
        },
        {"patient_id": "P2", "name": "李四", "contact_phone": "13987654321", "bank_account": PAYEE},
        {"patient_id": "P3", "name": NASTY},
    ],
    "facilities": [{"facility_id": "F1", "name": "第一药店", "kind": "pharmacy"}],
    "recruiters": [{"recruiter_id": "R1", "name": "赵介绍", "phone": "13711112222"}],
}


def write_tables(folder: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]] = TABLES) -> ClaimSet:
    """Canonical Parquet tables of these rows, and their claim set."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = BY_NAME[name].columns
        arrays = [pa.array([row.get(c.name) for row in rows], ARROW[c.type]) for c in columns]
        pq.write_table(pa.table(arrays, names=[c.name for c in columns]), folder / f"{name}.parquet")
    return ClaimSet(
        folder, {n: len(rows) for n, rows in tables.items()}, {}, True, sources=(("claims.csv", 6, "ab" * 32),)
    )


REASON = Reason(
    "marks",
    "harm",
    "dead",
    {"visits": 3, "borne": 2},
    2.0,
    0.0123456789,
    ("C3", "C1"),
)
ALERT = Ring(
    "R;1",
    "after_death",
    97.126,
    0.00312345678,
    45.678,
    33.1,
    True,
    3,
    ("C1", "C2", "C3"),
    Decimal("300"),
    Decimal("180.5"),
    datetime(2024, 3, 1, 9, 0, 0, 999999),
    datetime(2024, 3, 1, 9, 7),
    ("西城", "东;城"),
    (
        Member("facility", "F1", "host", 1.0, 3),
        Member("patient", "P2", "deceased", 0.5, 1),
        Member("patient", "P3", "deceased", 0.9, 1),
        Member("patient", "P1", "deceased", 0.9, 1),
        Member("account", PAYEE, "payee", 0.25, 2),
        Member("recruiter", "R1", "collector", 0.75, 2),
    ),
    (REASON, Reason("crowd", "against", "dead", {"visits": 1, "borne": 0}, None, None)),
)
HARMLESS = Ring(
    "R0",
    "rotation",
    12.0,
    0.4,
    5.0,
    0.0,
    False,
    1,
    ("C4",),
    Decimal("100.00"),
    Decimal("60.00"),
    datetime(2024, 4, 1, 8),
    datetime(2024, 4, 9, 8),
    (),
    (Member("patient", "P1", "patient", 1.0, 1),),
    (Reason("marks", "for", "reasons.dead", {"visits": 1, "borne": 0}, 1.0, 1.0, ("C4",)),),
)
FINDINGS = Findings((HARMLESS, ALERT), (), (("together", "on"), ("transfers", "channels.no_stays")))


def write_csv(folder: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]] = TABLES) -> Path:
    """The tables as CSV files, as a bureau would give them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        heads = [c.name for c in BY_NAME[name].columns if any(row.get(c.name) is not None for row in rows)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heads)
            writer.writerows([row.get(head, "") for head in heads] for row in rows)
    return folder


def publish_run(
    folder: Path,
    findings: Findings = FINDINGS,
    graph: bool = False,
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = TABLES,
    set_aside: tuple[SetAside, ...] = (),
) -> str:
    """A run of the tiny world in the workspace `folder`, without any detection; its id."""
    with Workspace(folder).new_run() as draft:
        claim_set = replace(write_tables(draft.tables, tables), set_aside=set_aside)
        results = draft.folder / "results"
        results.mkdir()
        write_results(results_of(findings), (), results, "csv")
        heading = {
            "run_id": draft.run_id,
            "started": "2024-06-01T00:00:00+00:00",
            "source": "tiny",
            "profile": "canonical",
        }
        run_file = record(heading, claim_set, findings, Settings())
        run_file["stages"] = [{"stage": "read", "seconds": 1.25, "peak_mib": 100}]
        write_json(run_file, draft.folder / "run.json")
        if graph:
            with LadybugStore(draft.graph, memory_gb=0.5) as store:
                store.build(claim_set)
                store.write_findings(findings, draft.run_id)
                store.finish()
        return draft.publish().run_id
