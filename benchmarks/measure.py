"""Runs of the command line in a process of their own: wall seconds, peak memory, results."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

COMMAND = (sys.executable, "-c", "from ringfinder.cli import main; main()")
TABLES = {
    "claims": (
        "claim_id", "patient_id", "facility_id", "card_id", "doctor_id", "recruiter_id", "operator_id", "terminal_id",
        "payee_account", "invoice_number", "refund_of",
    ),
    "patients": ("patient_id", "id_number", "phone", "contact_phone", "address", "bank_account"),
    "cards": ("card_id", "patient_id"),
    "doctors": ("doctor_id", "facility_id"),
    "facilities": ("facility_id",),
    "recruiters": ("recruiter_id", "phone", "bank_account"),
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One run: wall seconds from the command's start to its end, peak MiB of all its processes, its run.json."""

    seconds: float
    peak_mib: int
    info: dict[str, Any]


def ringfinder(*arguments: str | Path) -> str:
    """The command line's stdout; CalledProcessError where it fails."""
    done = subprocess.run([*COMMAND, *map(str, arguments)], check=True, capture_output=True, text=True)
    return done.stdout


def run(claims: Path, out: Path) -> Run:
    """Claims to results in a new workspace beside `out`, which is removed afterwards."""
    workspace = out.with_name(out.name + "-workspace")
    shutil.rmtree(workspace, ignore_errors=True)
    begun = time.perf_counter()
    ringfinder("run", claims, "--out", out, "--workspace", workspace, "--lang", "en")
    seconds = time.perf_counter() - begun
    shutil.rmtree(workspace)
    info = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return Run(seconds, max(stage["peak_mib"] for stage in info["stages"]), info)


def median_run(claims: Path, out: Path, times: int) -> Run:
    """Medians of seconds and of peaks over `times` runs; the run.json of the last."""
    runs = [run(claims, out) for _ in range(times)]
    return Run(
        statistics.median(r.seconds for r in runs), round(statistics.median(r.peak_mib for r in runs)), runs[-1].info
    )


def repeat(city: Path, out: Path, times: int) -> int:
    """The same city `times` over, every id and shared value with the copy's number before it; how many claims."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as db:
        db.execute("SET enable_progress_bar = false")
        for table, ids in TABLES.items():
            source = city / f"{table}.csv"
            if not source.exists():
                continue
            replaced = ", ".join(f"copy || '-' || {name} AS {name}" for name in ids)
            db.execute(
                f"COPY (SELECT t.* REPLACE ({replaced}) FROM read_csv('{source}', all_varchar = true, header = true) t,"
                f" (SELECT CAST(range AS VARCHAR) AS copy FROM range({times}))) TO '{out / table}.csv' (HEADER)"
            )
        row = db.execute(f"SELECT count(*) FROM read_csv('{out}/claims.csv', all_varchar = true)").fetchone()
    return int(row[0]) if row else 0
