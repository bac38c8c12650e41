"""Small claim sets made by hand, for tests of the readers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ringfinder.claims import read
from ringfinder.model import ClaimSet
from ringfinder.settings import ClaimsSettings

HEADER = ("claim_id", "patient_id", "facility_id", "service_type", "start_time", "total_amount")
EVERYTHING_LOADS = ClaimsSettings(max_reject_share=1.0)


def sound_row(number: int) -> dict[str, str]:
    """A claim without fault, unlike any other number's."""
    return {
        "claim_id": f"C{number:04}",
        "patient_id": f"P{number % 50:03}",
        "facility_id": f"F{number % 5}",
        "service_type": ("outpatient", "inpatient", "pharmacy")[number % 3],
        "start_time": f"2024-03-{1 + number % 28:02} {8 + number % 10:02}:{number % 60:02}:00",
        "total_amount": f"{number}.50",
    }


def table(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = (), delimiter: str = ",") -> str:
    """Rows as CSV text with a header; `columns` default to those of the first row."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or list(rows[0]), delimiter=delimiter, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def sound(count: int = 5) -> str:
    """Claims without fault as CSV text."""
    return table([sound_row(n) for n in range(count)])


def folder(at: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files; text is written as UTF-8."""
    at.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (at / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return at


def load(
    at: Path, files: Mapping[str, str | bytes], settings: ClaimsSettings = EVERYTHING_LOADS, profile: str = "auto"
) -> ClaimSet:
    """Reads a claim set of these files."""
    return read(folder(at / "source", files), at / "read", settings, profile)


def rows(claim_set: ClaimSet, select: str) -> list[tuple[Any, ...]]:
    """A query over the canonical tables, which stand under their names."""
    with duckdb.connect() as connection:
        for name in claim_set.rows:
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{claim_set.path(name)}')")
        return [tuple(row) for row in connection.execute(select).fetchall()]


def rejects(claim_set: ClaimSet) -> list[tuple[str, int, str, str, str]]:
    """(file, row, column, value, slug of the reason) of every rejected cell or line."""
    assert claim_set.rejects_file
    with claim_set.rejects_file.open(encoding="utf-8", newline="") as file:
        return [
            (r["file"], int(r["row"]), r["column"], r["value"], r["reason"].split(":")[0]) for r in csv.DictReader(file)
        ]
