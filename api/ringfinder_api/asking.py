"""A named query on the graph of a run, masked; the work of a process of its own, which is killed at the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ringfinder.pipeline.asking import ask
from ringfinder.workspace import Workspace


def ask_named(
    folder: Path, run_id: str, name: str, parameters: Mapping[str, Any], limit: int, seconds: float
) -> tuple[list[str], list[list[Any]], bool]:
    """(columns, rows as JSON takes them, whether there were more); RingFinderError where it cannot be answered."""
    place = Workspace(folder)
    found = ask(place.run(run_id), place, name, parameters, limit=limit, seconds=seconds)
    columns = [column.to_pylist() for column in found.table.columns]
    rows = [[_plain(value) for value in row] for row in zip(*columns, strict=True)]
    return list(found.table.column_names), rows, found.cut


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
