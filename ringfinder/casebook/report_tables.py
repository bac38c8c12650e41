"""Reports as tables of plain values, for whatever writes them: XLSX, HTML, JSON (`report_files`).

    weekly       the last whole week: cases opened and closed, what is open and overdue, both tables
    statistics   both tables of any span
    campaign     as weekly, over the cases of one campaign, and each of its cases in a line
    typical      confirmed cases in groups of several, so that none is known by it (`typical_cases`)

A report names no person and no facility; in that of a campaign cases stand by their ids.
"""

from __future__ import annotations

from typing import Any

from ringfinder.casebook.articles import article_name
from ringfinder.casebook.case_lists import CasesWanted, cases
from ringfinder.casebook.case_states import Resolution
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.law import BEHAVIOURS
from ringfinder.casebook.report_shapes import Report, ReportName, Table
from ringfinder.casebook.statistics import TOTAL, Line, Span, Statistics, statistics
from ringfinder.casebook.typical_report import typical_report
from ringfinder.casebook.who import Who
from ringfinder.words import Language, say

MOST_CASES = 10_000  # of a campaign
OF_OUTCOMES = ("kind", "decisions", "facility", "person", "staff", "amount", "received")
OF_BEHAVIOURS = ("behaviour", "article", "violations", "facility", "person", "staff", "loss")
OF_CASES = ("case_id", "state", "resolution", "opened_on", "closed_on")


def report(casebook: Casebook, who: Who, name: ReportName, span: Span, lang: Language) -> Report:
    """A report of a span, for who may see these cases."""
    if name == "typical":
        return typical_report(casebook, who, span, lang)
    found = statistics(casebook, who, span)
    tables = [_outcomes(found, lang), _behaviours(found, lang)]
    figures: dict[str, Any] = {
        "report": name,
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "outcomes": [_line(line) for line in found.outcomes],
        "behaviours": [_line(line) for line in found.behaviours],
    }
    if name != "statistics":
        tables.insert(0, _work(found, lang))
        figures |= {
            "opened": found.opened,
            "closed": found.closed,
            "open_now": found.open_now,
            "overdue": found.overdue,
            "revoked": found.revoked,
        }
    if span.district is not None:
        figures["district"] = span.district
    if name == "campaign":
        figures["campaign"] = span.campaign
        tables.append(_cases(casebook, who, span, lang))
    title = say(f"cases.report_{name}", lang, first=span.first, last=span.last, campaign=span.campaign or "")
    notes = () if span.district is None else (say("cases.of_district", lang, district=span.district),)
    return Report(name, title, tuple(tables), figures, notes)


def _line(line: Line) -> dict[str, Any]:
    return {name: str(value) if name in ("amount", "received") else value for name, value in vars(line).items()}


def _outcomes(found: Statistics, lang: Language) -> Table:
    rows = tuple(
        (
            _called("kind", line.name, lang),
            line.count,
            line.facility,
            line.person,
            line.staff,
            line.amount,
            line.received,
        )
        for line in found.outcomes
    )
    return Table("outcomes", say("cases.table_outcomes", lang), _heads(OF_OUTCOMES, lang), rows, total=True)


def _behaviours(found: Statistics, lang: Language) -> Table:
    rows = tuple(
        (
            _called("behaviour", line.name, lang),
            "" if line.name == TOTAL else article_name(BEHAVIOURS[line.name].article, lang),
            *(line.count, line.facility, line.person, line.staff, line.amount),
        )
        for line in found.behaviours
    )
    return Table("behaviours", say("cases.table_behaviours", lang), _heads(OF_BEHAVIOURS, lang), rows, total=True)


def _work(found: Statistics, lang: Language) -> Table:
    groups = (
        ("opened", "origin", found.opened),
        ("closed", "resolution", found.closed),
        ("open_now", "state", found.open_now),
    )
    rows: list[tuple[Any, ...]] = []
    for group, words, counts in groups:
        rows += [
            (say(f"cases.work_{group}", lang), say(f"cases.{words}_{name}", lang), n) for name, n in counts.items()
        ]
        rows.append((say(f"cases.work_{group}", lang), say("cases.total", lang), sum(counts.values())))
    rows.append((say("cases.work_overdue", lang), "", found.overdue))
    rows.append((say("cases.work_revoked", lang), "", found.revoked))
    return Table("work", say("cases.table_work", lang), _heads(("what", "of_which", "how_many"), lang), tuple(rows))


def _cases(casebook: Casebook, who: Who, span: Span, lang: Language) -> Table:
    wanted = CasesWanted(campaign=span.campaign, district=span.district, districts=who.districts)
    page = cases(casebook, who, wanted, "created", None, MOST_CASES)
    rows = tuple(
        (
            one.case_id,
            say(f"cases.state_{one.state}", lang),
            _resolution(one.resolution, lang),
            casebook.rules.day_of(one.created_at),
            None if one.closed_at is None else casebook.rules.day_of(one.closed_at),
        )
        for one in page.cases
    )
    return Table("cases", say("cases.table_cases", lang), _heads(OF_CASES, lang), rows)


def _resolution(resolution: Resolution | str | None, lang: Language) -> str:
    return "" if resolution is None else say(f"cases.resolution_{resolution}", lang)


def _called(words: str, name: str, lang: Language) -> str:
    return say("cases.total" if name == TOTAL else f"cases.{words}_{name}", lang)


def _heads(names: tuple[str, ...], lang: Language) -> tuple[str, ...]:
    return tuple(say(f"cases.head_{name}", lang) for name in names)
