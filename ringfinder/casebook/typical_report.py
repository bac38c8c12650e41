"""The report of typical cases (see `typical_cases`), as a table, in words and for programs."""

from __future__ import annotations

from typing import Any

from ringfinder.casebook.articles import article_name
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.law import BEHAVIOURS
from ringfinder.casebook.report_shapes import Report, Table
from ringfinder.casebook.statistics import Span
from ringfinder.casebook.typical_cases import LEAST, Band, Typical, TypicalCases, typical_cases
from ringfinder.casebook.who import Who
from ringfinder.words import Language, say

HEADS = ("ring_kind", "found_by", "behaviour", "article", "cases", "patients", "fund_amount", "loss", "decisions_made")


def typical_report(casebook: Casebook, who: Who, span: Span, lang: Language) -> Report:
    """The report of a span, for who may see these cases."""
    found = typical_cases(casebook, who, span)
    table = Table(
        "typical",
        say("cases.table_typical", lang),
        tuple(say(f"cases.head_{name}", lang) for name in HEADS),
        tuple(_row(one, lang) for one in found.groups),
        empty=say("cases.typical_none", lang, least=LEAST),
    )
    title = say("cases.report_typical", lang, first=f"{span.first:%Y-%m}", last=f"{span.last:%Y-%m}")
    notes = [say("cases.typical_meaning", lang, least=LEAST)]
    if found.others:
        notes.append(say("cases.typical_others", lang, least=LEAST))
    return Report("typical", title, (table,), _figures(found, span), tuple(notes))


def _row(one: Typical, lang: Language) -> tuple[Any, ...]:
    comma = say("report.comma", lang)
    return (
        say("cases.no_ring", lang) if one.kind is None else say(f"kinds.{one.kind}", lang),
        say("cases.mixed", lang) if one.found_by is None else say(f"cases.origin_{one.found_by}", lang),
        say(f"cases.behaviour_{one.behaviour}", lang),
        article_name(BEHAVIOURS[one.behaviour].article, lang),
        _count(one.cases, lang),
        "" if one.patients is None else _count(one.patients, lang),
        "" if one.fund_amount is None else _money(one.fund_amount, lang),
        _money(one.loss, lang),
        comma.join(say(f"cases.kind_{name}", lang) for name in one.decided) or say("cases.mixed", lang),
    )


def _count(band: Band, lang: Language) -> str:
    """Whole numbers, both ends within."""
    first, below = band
    if below is None:
        return say("cases.band_open", lang, first=f"{first:,}")
    return say("cases.band_count", lang, first=f"{first:,}", last=f"{below - 1:,}")


def _money(band: Band, lang: Language) -> str:
    first, below = band
    if below is None:
        return say("cases.band_open", lang, first=f"{first:,}")
    return say("cases.band_money", lang, first=f"{first:,}", below=f"{below:,}")


def _figures(found: TypicalCases, span: Span) -> dict[str, Any]:
    """Bands as [from, to below]; to below null: open."""
    return {
        "report": "typical",
        "first": f"{span.first:%Y-%m}",
        "last": f"{span.last:%Y-%m}",
        "least": LEAST,
        "groups": [vars(one) for one in found.groups],
        "others": found.others,
    }
