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
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ringfinder.casebook.calendar import Calendar
from ringfinder.casebook.calendar import read as read_calendar
from ringfinder.errors import UsageError
from ringfinder.settings import read_toml
from ringfinder.words import Language
from ringfinder.words.sentences import Listed, Sentence

ENVIRONMENT = "RINGFINDER_CASEBOOK_RULES"
FILE = "casebook.toml"
Unit = Literal["working_days", "days", "months"]
TABLES = frozenset({"place", "calendar", "terms", "reward", "keeping", "watching", "screening"})
CENT = Decimal("0.01")
MOST_COUNT = 1200
MONTHS = 12


class Lawful:
    """What rests on a law, named in both languages."""

    basis_zh: str
    basis_en: str

    def basis(self, lang: Language) -> str:
        """The law in a reader's language."""
        return self.basis_zh if lang == "zh" else self.basis_en


@dataclass(frozen=True)
class Term(Lawful):
    """How long something may take, and by which law."""

    name: str
    count: int
    unit: Unit
    basis_zh: str
    basis_en: str


@dataclass(frozen=True)
class Due:
    """A deadline. `provisional`: days off of one of its years are not announced yet."""

    term: Term
    day: date
    provisional: bool


@dataclass(frozen=True)
class RewardLevel:
    """What a tip is worth that helped so much: a share of the amount that was found, and the least of it."""

    share: Decimal
    least: Decimal


@dataclass(frozen=True)
class RewardRules(Lawful):
    """How rewards are computed; `insider_share`: what a staff member gets on top, as a share of the reward."""

    most: Decimal
    least: Decimal
    insider_share: Decimal
    basis_zh: str
    basis_en: str
    levels: Mapping[int, RewardLevel]

    def amount(self, level: int, found: Decimal, insider: bool) -> Decimal:
        """The reward for a tip that led to this amount. KeyError for an unknown level."""
        rule = self.levels[level]
        reward = max(found * rule.share, rule.least, self.least)
        if insider:
            reward *= 1 + self.insider_share
        return min(reward, self.most).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Keep(Lawful):
    """How many months after the end of a matter its personal data are kept, and by which law no longer."""

    months: int
    basis_zh: str
    basis_en: str


@dataclass(frozen=True)
class Keeping:
    """What is forgotten by rule: who gave a tip, what it said, entries of the watch list, cases without and with a decision that
    stands, looks, self-checks.
    """

    identities: Keep
    tips: Keep
    watch: Keep
    cases: Keep
    decided: Keep
    looks: Keep
    checks: Keep


@dataclass(frozen=True)
class Watching:
    """`most_months`: the longest that an entry of the watch list may last."""

    most_months: int


@dataclass(frozen=True)
class Screening:
    """`every_months`: how often a facility is looked at; `answer_days`: that it has for a self-check."""

    every_months: int
    answer_days: int


@dataclass(frozen=True)
class Rules:
    """All of them; read once, passed as one."""

    zone: ZoneInfo
    calendar: Calendar
    terms: Mapping[str, Term]
    reward: RewardRules
    keeping: Keeping
    watching: Watching
    screening: Screening

    def today(self) -> date:
        """The day that it is here."""
        return self.day_of(datetime.now(UTC))

    def day_of(self, moment: datetime) -> date:
        """The day that it is here at that moment: what people date a letter with."""
        return moment.astimezone(self.zone).date()

    def begin_of(self, day: date) -> datetime:
        """The moment at which a day begins here."""
        return datetime.combine(day, time.min, self.zone)

    def due(self, term: str, event: date) -> Due:
        """When something is due whose term began with what happened on that day. KeyError for an unknown term."""
        found = self.terms[term]
        match found.unit:
            case "working_days":
                day = self.calendar.after(event, found.count)
            case "days":
                day = self.calendar.on_or_after(event + timedelta(days=found.count))
            case "months":
                day = self.calendar.on_or_after(months_after(event, found.count))
        return Due(found, day, not self.calendar.knows(event, day))


def read_rules(workspace: Path) -> Rules:
    """The rules of this place; UsageError where its file has something that is none."""
    tables = tomllib.loads(files("ringfinder.casebook").joinpath("rules.toml").read_text(encoding="utf-8"))
    named = os.environ.get(ENVIRONMENT)
    path = Path(named) if named else workspace / FILE
    where = Sentence("faults_casebook.rules_file", name=path.name)
    if named or path.exists():
        tables = _over(tables, read_toml(path, where))
    return of_tables(tables, where)


def of_tables(tables: Mapping[str, Any], where: Sentence) -> Rules:
    """Rules from tables by name."""
    if unknown := set(tables) - TABLES:
        raise UsageError(
            Sentence("faults_casebook.rules_table", where=where, table=min(unknown), known=Listed(sorted(TABLES)))
        )
    return Rules(
        _zone(tables["place"], where),
        read_calendar(tables["calendar"], where),
        {name: _term(name, one, where) for name, one in tables["terms"].items()},
        _reward(tables["reward"], where),
        _keeping(tables["keeping"], where),
        Watching(**_counts("watching", Watching, tables, where)),
        Screening(**_counts("screening", Screening, tables, where)),
    )


def _zone(table: Mapping[str, Any], where: Sentence) -> ZoneInfo:
    try:
        return ZoneInfo(table["time_zone"])
    except (KeyError, TypeError, ValueError, ZoneInfoNotFoundError) as error:
        raise UsageError(Sentence("faults_casebook.rules_zone", where=where)) from error


def _counts(name: str, kind: type[Any], tables: Mapping[str, Any], where: Sentence) -> dict[str, int]:
    table, wanted = tables[name], [field.name for field in fields(kind)]
    if set(table) != set(wanted) or not all(type(one) is int and 0 < one <= MOST_COUNT for one in table.values()):
        raise UsageError(
            Sentence("faults_casebook.rules_counts", where=where, table=name, most=MOST_COUNT, names=Listed(wanted))
        )
    return dict(table)


def _keeping(table: Mapping[str, Any], where: Sentence) -> Keeping:
    names = [field.name for field in fields(Keeping)]
    if not isinstance(table, Mapping) or set(table) != set(names):
        raise UsageError(Sentence("faults_casebook.rules_keeping", where=where, names=Listed(names)))
    return Keeping(**{name: _keep(name, table[name], where) for name in names})


def _keep(name: str, table: Mapping[str, Any], where: Sentence) -> Keep:
    try:
        keep = Keep(**table)
    except TypeError as error:
        raise UsageError(Sentence("faults_casebook.rules_keep", where=where, name=name)) from error
    if type(keep.months) is not int or not 0 < keep.months <= MOST_COUNT:
        raise UsageError(Sentence("faults_casebook.rules_keep_months", where=where, name=name, most=MOST_COUNT))
    if not all(isinstance(basis, str) and basis.strip() for basis in (keep.basis_zh, keep.basis_en)):
        raise UsageError(Sentence("faults_casebook.rules_keep_basis", where=where, name=name))
    return keep


def _reward(table: Mapping[str, Any], where: Sentence) -> RewardRules:
    try:
        rest = dict(table)
        levels = {
            int(number): RewardLevel(Decimal(one["share"]), Decimal(one["least"]))
            for number, one in rest.pop("levels").items()
        }
        most, least, insider = (Decimal(rest.pop(name)) for name in ("most", "least", "insider_share"))
        rules = RewardRules(most, least, insider, **rest, levels=levels)
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise UsageError(Sentence("faults_casebook.rules_reward", where=where)) from error
    numbers = [most, least, insider, *(value for level in levels.values() for value in (level.share, level.least))]
    if not levels or not all(number.is_finite() and number >= 0 for number in numbers) or rules.least > rules.most:
        raise UsageError(Sentence("faults_casebook.rules_reward_amounts", where=where))
    return rules


def _term(name: str, table: Mapping[str, Any], where: Sentence) -> Term:
    try:
        term = Term(name, **table)
    except TypeError as error:
        raise UsageError(Sentence("faults_casebook.rules_term", where=where, name=name)) from error
    if type(term.count) is not int or not 0 < term.count <= MOST_COUNT or term.unit not in get_args(Unit):
        raise UsageError(
            Sentence(
                "faults_casebook.rules_term_count",
                where=where,
                name=name,
                most=MOST_COUNT,
                units=Listed(get_args(Unit)),
            )
        )
    if not all(isinstance(basis, str) and basis.strip() for basis in (term.basis_zh, term.basis_en)):
        raise UsageError(Sentence("faults_casebook.rules_term_basis", where=where, name=name))
    return term


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`below` with the values that `above` names, table by table."""
    merged = dict(below)
    for name, value in above.items():
        under = merged.get(name)
        merged[name] = _over(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return merged


def months_after(day: date, count: int) -> date:
    """The same day so many months later; where that month is shorter, its last day."""
    whole = day.year * MONTHS + day.month - 1 + count
    year, month = divmod(whole, MONTHS)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
