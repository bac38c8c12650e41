"""Files that a user names, and how they are kept: a named query's answer as CSV, JSON, a workbook, or a page with its graph.

A CSV is opened in a spreadsheet, as the app's is: it begins with the mark that it is UTF-8, without which Excel shows Chinese as
garbage, and no text in it is computed. The result files of a run are for programs, and have neither: their form is a contract.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ringfinder.cli.asking import as_cell, write_csv
from ringfinder.cli.console import json_text
from ringfinder.errors import UsageError
from ringfinder.report.files import write_at_once
from ringfinder.words import Language, say
from ringfinder.words.sentences import Sentence, system_words

if TYPE_CHECKING:
    from ringfinder.pipeline.asking import Answer
    from ringfinder.store.headers import NamedQuery

FORMATS = ("csv", "json", "xlsx", "html")


def keep(content: bytes, file: Path) -> None:
    """Write a file that the user named, at once and mode 600; UsageError where that cannot be."""
    try:
        write_at_once(content, file)
    except OSError as error:
        raise UsageError(
            Sentence("faults.file_not_writable", name=file.name or file, why=system_words(error))
        ) from error


def written(answer: Answer, form: str, parameters: Mapping[str, str], lang: Language) -> bytes:
    """The answer in one of the forms."""
    query = answer.query
    assert query is not None, "the command line asks named queries only"
    if form == "json":
        return (json_text(answer.table.to_pylist()) + "\n").encode()
    if form == "csv":
        return codecs.BOM_UTF8 + _csv(answer).encode()
    return _workbook(answer, query, parameters, lang) if form == "xlsx" else _page(answer, query, lang).encode()


def _csv(answer: Answer) -> str:
    sink = io.StringIO(newline="")
    write_csv(sink, answer.table.column_names, (row.values() for row in answer.table.to_pylist()))
    return sink.getvalue()


def _workbook(answer: Answer, query: NamedQuery, parameters: Mapping[str, str], lang: Language) -> bytes:
    from ringfinder.report import workbook  # noqa: PLC0415

    shown: Mapping[str, str] = answer.people.masked(dict(parameters))  # an account may have been asked for
    about = [
        [say("library.query", lang), query.name],
        [say("library.title", lang), query.titles[lang]],
        [say("library.purpose", lang), query.purposes[lang]],
        *([say("library.parameter", lang), f"{one.name} = {shown.get(one.name, one.default)}"] for one in query.parameters),
        *([say("library.column", lang), say("library.named", lang, name=one.name, value=one.meaning[lang])] for one in query.columns),
    ]  # fmt: skip
    rows = [
        [as_cell(one) if isinstance(one, list) else one for one in row.values()] for row in answer.table.to_pylist()
    ]
    return workbook.of_answer(answer.table.column_names, rows, about)


def _page(answer: Answer, query: NamedQuery, lang: Language) -> str:
    from ringfinder.report.picture import page  # noqa: PLC0415

    texts = [[as_cell(value) for value in row.values()] for row in answer.table.to_pylist()]
    meanings = [column.meaning[lang] for column in query.columns]
    return page(query.titles[lang], query.purposes[lang], answer.graph(), meanings, texts, lang)
