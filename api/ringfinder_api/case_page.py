"""A case as one HTML page, for the evidence package: every value escaped, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from ringfinder.report import html
from ringfinder.report.html import Markup, element
from ringfinder.words import Language, say

HEAD = ("case_id", "version", "state_name", "origin", "priority", "districts", "due_on", "campaign", "created_at")
VIOLATIONS = ("number", "subject_id", "behaviour_name", "article", "intent", "amount", "established_on", "text")
HEARINGS = ("number", "subject_id", "form", "told_on", "held_on", "statement", "considered")
CHECKS = ("number", "asked_district", "question", "agrees", "answer")
DECISIONS = (
    *("number", "on_violation", "decision_kind_name", "decision_state_name", "basis_name", "amount", "received"),
    *("months", "decided_on", "begins_on", "free_on", "text"),
)
RINGS = ("ring_id", "kind_name", "patients_then", "fund_then", "linked_run", "became_name")
NOTES = ("number", "at", "by", "note")
# What a column is called in the answer, where its words are called otherwise.
NAMED: Mapping[str, Mapping[str, str]] = {
    "violations": {"article": "article_name"},
    "decisions": {
        "on_violation": "violation",
        "decision_kind_name": "kind_name",
        "decision_state_name": "state_name",
        "text": "reason",
    },
    "checks": {"asked_district": "district"},
    "rings": {"patients_then": "patients", "fund_then": "fund_amount", "linked_run": "run_id"},
    "notes": {"note": "text"},
}
OF_API = frozenset({"ring_id", "kind_name"})  # words of rings


def page(content: Mapping[str, Any], notes: Sequence[Mapping[str, Any]], lang: Language) -> str:
    """The whole page."""
    title = f"{content['case_id']} {content['title']}"
    tables = {
        "violations": (VIOLATIONS, content["violations"]),
        "hearings": (HEARINGS, content["hearings"]),
        "checks": (CHECKS, content["checks"]),
        "decisions": (DECISIONS, content["decisions"]),
        "rings": (RINGS, content["rings"]),
        "notes": (NOTES, notes),
    }
    facts = [(say(f"cases.field_{name}", lang), content[name]) for name in HEAD]
    if content["resolution"] is not None:
        facts.append((say("cases.field_resolution", lang), say(f"cases.resolution_{content['resolution']}", lang)))
        facts.append((say("cases.field_reason", lang), content["reason"]))
    return html.page(
        title,
        element("h1", title),
        element("p", content["summary"], class_="lead"),
        element(
            "table", [element("tr", element("th", name), element("td", _shown(value, lang))) for name, value in facts]
        ),
        *(_table(part, columns, rows, lang) for part, (columns, rows) in tables.items() if rows),
        element("p", say("cases.heard_first", lang), class_="quiet"),
        lang=lang,
    )


def _table(part: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], lang: Language) -> Markup:
    heads = [say(f"{'api' if name in OF_API else 'cases'}.field_{name}", lang) for name in columns]
    names = [NAMED.get(part, {}).get(name, name) for name in columns]
    body = [element("tr", [element("td", _shown(row[name], lang)) for name in names]) for row in rows]
    return element(
        "section",
        element("h2", say(f"cases.field_{part}", lang)),
        element(
            "table", element("thead", element("tr", [element("th", head) for head in heads])), element("tbody", body)
        ),
    )


def _shown(value: Any, lang: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("cli.yes" if value else "cli.no", lang)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return say("report.comma", lang).join(value) if isinstance(value, (list, tuple)) else str(value)
