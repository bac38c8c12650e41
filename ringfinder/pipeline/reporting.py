"""Reports of the casebook as files: a workbook, one HTML page, or JSON, by the ending of the file's name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from ringfinder.errors import StoreError, UsageError
from ringfinder.report import html, workbook
from ringfinder.report.files import write_at_once
from ringfinder.report.html import Markup, element
from ringfinder.words import Language, say
from ringfinder.words.sentences import Sentence, system_words

if TYPE_CHECKING:
    from ringfinder.casebook.report_shapes import Report, Table

Form = Literal["json", "html", "xlsx"]
FORMS: tuple[Form, ...] = get_args(Form)


def form_of(path: Path) -> Form:
    """The form that a file's ending asks for; UsageError for any other."""
    for form in FORMS:
        if path.suffix.lower() == f".{form}":
            return form
    if not path.suffix:
        raise UsageError(Sentence("faults.report_without_ending"))
    raise UsageError(Sentence("faults.report_ending", ending=path.suffix))


def write(report: Report, path: Path, lang: Language) -> None:
    """The report as a file, mode 600."""
    body = rendered(report, form_of(path), lang)
    try:
        write_at_once(body, path)
    except OSError as error:
        raise StoreError(Sentence("faults.report_not_writable", why=system_words(error))) from error


def rendered(report: Report, form: Form, lang: Language) -> bytes:
    """The report's bytes."""
    if form == "json":
        return (json.dumps(report.figures, ensure_ascii=False, indent=1) + "\n").encode()
    if form == "html":
        return _page(report, lang).encode()
    sheets: dict[str, Sequence[Sequence[Any]]] = {
        table.title[:31]: [table.heads, *(table.rows or [[table.empty]])] for table in report.tables
    }
    about = [[report.title], *([note] for note in report.notes)]
    return workbook.of_sheets(sheets | {say("api.sheet_about", lang): about})


def _page(report: Report, lang: Language) -> str:
    parts = [*(element("p", note) for note in report.notes), *(_table(table) for table in report.tables)]
    return html.page(report.title, element("h1", report.title), *parts, lang=lang)


def _table(table: Table) -> Markup:
    if not table.rows:
        return element("section", element("h2", table.title), element("p", table.empty))
    last = len(table.rows) - 1 if table.total else -1
    rows = [
        element("tr", [element("th" if place == last else "td", _shown(value)) for value in row])
        for place, row in enumerate(table.rows)
    ]
    return element(
        "section",
        element("h2", table.title),
        element(
            "table",
            element("thead", element("tr", [element("th", head) for head in table.heads])),
            element("tbody", rows),
        ),
    )


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)
