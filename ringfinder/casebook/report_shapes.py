"""What a report is: tables of plain values with what they mean, and the same for programs (`figures`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

ReportName = Literal["weekly", "statistics", "campaign", "typical"]
REPORTS: tuple[ReportName, ...] = get_args(ReportName)


@dataclass(frozen=True)
class Table:
    """`name`: for programs; `heads` and `rows` in the report's language; `total`: the last row is the sum of those above;
    `empty`: what is told where there are no rows."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: bool = False
    empty: str = ""


@dataclass(frozen=True)
class Report:
    """A report, ready to be written. `figures`: the same for programs; `notes`: how it is to be read, a sentence each."""

    name: str
    title: str
    tables: tuple[Table, ...]
    figures: Mapping[str, Any]
    notes: tuple[str, ...] = ()
