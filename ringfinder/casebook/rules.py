"""What the casebook computes with, from data: terms with their legal basis, in days of a calendar that can be changed.

    rules.toml in this folder                 what holds everywhere, with its sources
    WORKSPACE/casebook.toml, or the file that RINGFINDER_CASEBOOK_RULES names
                                              what holds here: a table there replaces the values that it names

A deadline is told with its basis, and as provisional where the days off of one of its years are not announced yet.
"""

from __future__ import annotations

import calendar as months
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from ringfinder.casebook.calendar import Calendar
from ringfinder.casebook.calendar import read as read_calendar
from ringfinder.errors import UsageError
from ringfinder.settings import read_toml
from ringfinder.words import Language

ENVIRONMENT = "RINGFINDER_CASEBOOK_RULES"
FILE = "casebook.toml"
Unit = Literal["working_days", "days", "months"]
MOST_COUNT = 1200
MONTHS = 12


@dataclass(frozen=True)
class Term:
    """How long something may take, and by which law."""

    name: str
    count: int
    unit: Unit
    basis_zh: str
    basis_en: str

    def basis(self, lang: Language) -> str:
        """The law in a reader's language."""
        return self.basis_zh if lang == "zh" else self.basis_en


@dataclass(frozen=True)
class Due:
    """A deadline. `provisional`: days off of one of its years are not announced yet."""

    term: Term
    day: date
    provisional: bool


@dataclass(frozen=True)
class Rules:
    """All of them; read once, passed as one."""

    calendar: Calendar
    terms: Mapping[str, Term]

    def due(self, term: str, event: date) -> Due:
        """When something is due whose term began with what happened on that day. KeyError for an unknown term."""
        found = self.terms[term]
        match found.unit:
            case "working_days":
                day = self.calendar.after(event, found.count)
            case "days":
                day = self.calendar.on_or_after(event + timedelta(days=found.count))
            case "months":
                day = self.calendar.on_or_after(_months_after(event, found.count))
        return Due(found, day, not self.calendar.knows(event, day))


def read_rules(workspace: Path) -> Rules:
    """The rules of this place; UsageError where its file has something that is none."""
    tables = tomllib.loads(files("ringfinder.casebook").joinpath("rules.toml").read_text(encoding="utf-8"))
    named = os.environ.get(ENVIRONMENT)
    path = Path(named) if named else workspace / FILE
    if named or path.exists():
        tables = _over(tables, read_toml(path, "file of rules"))
    return of_tables(tables, f"rules file {path.name}")


def of_tables(tables: Mapping[str, Any], where: str) -> Rules:
    """Rules from tables by name."""
    if unknown := set(tables) - {"calendar", "terms"}:
        raise UsageError(f"{where}: unknown table [{min(unknown)}]; there are calendar and terms")
    years = tables.get("calendar", {})
    return Rules(read_calendar(years, where), {name: _term(name, one, where) for name, one in tables["terms"].items()})


def _term(name: str, table: Mapping[str, Any], where: str) -> Term:
    try:
        term = Term(name, **table)
    except TypeError as error:
        raise UsageError(f"{where}: [terms.{name}] needs count, unit, basis_zh and basis_en, nothing else") from error
    if type(term.count) is not int or not 0 < term.count <= MOST_COUNT or term.unit not in get_args(Unit):
        raise UsageError(
            f"{where}: [terms.{name}] needs a count of 1 to {MOST_COUNT} and a unit: {', '.join(get_args(Unit))}"
        )
    if not all(isinstance(basis, str) and basis.strip() for basis in (term.basis_zh, term.basis_en)):
        raise UsageError(f"{where}: [terms.{name}] needs its legal basis in basis_zh and basis_en")
    return term


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`below` with the values that `above` names, table by table."""
    merged = dict(below)
    for name, value in above.items():
        under = merged.get(name)
        merged[name] = _over(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return merged


def _months_after(day: date, count: int) -> date:
    """The same day so many months later; where that month is shorter, its last day."""
    whole = day.year * MONTHS + day.month - 1 + count
    year, month = divmod(whole, MONTHS)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
