"""query: free Cypher on the current run's graph."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from ringfinder.cli.console import complain, show, show_json, table
from ringfinder.cli.options import (
    LANG_DEFAULT,
    JsonOption,
    LangOption,
    UnmaskOption,
    WorkspaceOption,
    help_with_example,
    text,
)
from ringfinder.cli.recorded import record_unmasking
from ringfinder.errors import UsageError
from ringfinder.report.register import Register
from ringfinder.report.workbook import FORMULA_SIGNS
from ringfinder.words import say
from ringfinder.words.sentences import Listed, Sentence, system_words
from ringfinder.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE = re.compile(r"-?(0|[1-9]\d{0,9})")  # with leading zeros, or with the 11 digits of a phone and more, it is an id
DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+([eE][-+]?\d+)?")
MOST_SECONDS = 86_400.0
TRUTH = {"true": True, "false": False}
FORCED: dict[str, Callable[[str], str | int | float | bool]] = {
    "text": str,
    "int": int,
    "float": float,
    "bool": TRUTH.__getitem__,
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = 'ringfinder query "MATCH (r:Ring) WHERE r.score > $least RETURN r.ring_id, r.kind" --param least=90'
    app.command("query", help=help_with_example("query_help", example))(query)


def parameter(given: str) -> tuple[str, str | int | float | bool]:
    """`k=v` or `k:type=v` as a name and a typed value; UsageError for anything else."""
    name, equals, value = given.partition("=")
    name, _, forced = name.partition(":")
    if not equals or not name or (forced and forced not in FORCED):
        if not name:
            raise UsageError(Sentence("faults.param_nothing", types=Listed(FORCED)))
        raise UsageError(Sentence("faults.param_bad", types=Listed(FORCED), name=name))
    try:
        return name, FORCED[forced](value) if forced else _recognised(value)
    except (ValueError, KeyError) as error:
        raise UsageError(Sentence("faults.param_type", name=name, type=forced)) from error


def _recognised(value: str) -> str | int | float | bool:
    if value in TRUTH:
        return TRUTH[value]
    if WHOLE.fullmatch(value):
        return int(value)
    return float(value) if DECIMAL.fullmatch(value) else value


def query(
    statement: Annotated[str | None, typer.Argument(help=text("opt_query"), metavar="CYPHER")] = None,
    *,
    file: Annotated[Path | None, typer.Option(help=text("opt_file"), metavar="FILE")] = None,
    param: Annotated[list[str] | None, typer.Option(help=text("opt_param"), metavar="K=V")] = None,
    form: Annotated[Literal["table", "csv", "json"], typer.Option("--format", help=text("opt_as"))] = "table",
    limit: Annotated[int, typer.Option(min=1, help=text("opt_limit"))] = 1000,
    seconds: Annotated[float, typer.Option(min=0.1, max=MOST_SECONDS, help=text("opt_seconds"))] = 60.0,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    unmask: UnmaskOption = False,
    as_json: JsonOption = False,
) -> None:
    if (statement is None) == (file is None):
        raise UsageError(Sentence("faults.statement_or_file"))
    if file is not None:
        try:
            statement = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = system_words(error) if isinstance(error, OSError) else Sentence("faults.not_utf8")
            raise UsageError(Sentence("faults.query_file", name=file.name, why=why)) from error
    parameters = dict(parameter(given) for given in param or ())
    place = Workspace.locate(workspace)
    stored = place.needed()

    from ringfinder.pipeline.graphs import open_graph  # noqa: PLC0415
    from ringfinder.store.contract import was_cut  # noqa: PLC0415

    record_unmasking(place, unmask, "query")
    with open_graph(stored, place) as store:
        rows = store.query(statement or "", parameters, limit=limit, seconds=seconds)
    print_rows(rows, Register(stored.tables, unmask), "json" if as_json else form, say("cli.query_empty", lang))
    if was_cut(rows):
        complain(say("cli.query_cut", lang, limit=limit))


def print_rows(rows: pa.Table, people: Register | None, form: str, nothing: str) -> None:
    """The rows of a query as a table, CSV or JSON; `nothing` is said where there are none.

    Personal values are masked as `people` says; None for rows in which they are masked already.
    """
    heads = list(rows.column_names)
    values = [list(row) for row in zip(*(column.to_pylist() for column in rows.columns), strict=True)]
    if people is not None:
        values = people.masked(values)
    if form == "json":
        twice = next((head for head in heads if heads.count(head) > 1), None)
        if twice is not None:
            raise UsageError(Sentence("faults.two_columns", name=twice))
        show_json([dict(zip(heads, row, strict=True)) for row in values])
    elif form == "csv":
        write_csv(sys.stdout, heads, values)
    elif not values:
        show(nothing)
    else:
        show(table(heads, [[as_cell(value) for value in row] for row in values]))


def write_csv(sink: TextIO, heads: Sequence[str], values: Iterable[Iterable[Any]]) -> None:
    """Rows as CSV, each value as in a table; a text that a spreadsheet would compute gets the apostrophe that marks text."""
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([_harmless(head) for head in heads])
    writer.writerows([_harmless(value) for value in row] for row in values)


def _harmless(value: Any) -> str:
    shown = as_cell(value)
    return f"'{shown}" if isinstance(value, (str, list)) and shown.startswith(FORMULA_SIGNS) else shown


def as_cell(value: Any) -> str:
    """A value in a table or CSV: lists joined with `;`, nodes as JSON, nothing for NULL."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(as_cell(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
