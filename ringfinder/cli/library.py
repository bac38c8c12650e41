"""cypher list, show, run, explain and export: the library of named queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ringfinder.cli.asking import MOST_SECONDS, print_rows
from ringfinder.cli.console import complain, plain, show, show_json, table
from ringfinder.cli.options import (
    LANG_DEFAULT,
    JsonOption,
    LangOption,
    UnmaskOption,
    WorkspaceOption,
    add_group,
    text,
)
from ringfinder.cli.recorded import record_unmasking
from ringfinder.cli.written import FORMATS, keep, written
from ringfinder.errors import UsageError
from ringfinder.model import KINDS
from ringfinder.words import Language, say
from ringfinder.words.sentences import Listed, Sentence
from ringfinder.workspace import Workspace

if TYPE_CHECKING:
    from ringfinder.pipeline.asking import Answer
    from ringfinder.store.headers import NamedQuery

NameArgument = Annotated[str, typer.Argument(help=text("opt_named"), metavar="NAME")]
ParamOption = Annotated[list[str] | None, typer.Option("--p", help=text("opt_p"), metavar="NAME=VALUE")]
SecondsOption = Annotated[float, typer.Option(min=0.1, max=MOST_SECONDS, help=text("opt_seconds"))]


def register(app: typer.Typer) -> None:
    """Add the group."""
    name = "hunt/admitted-together"
    commands = (
        ("list", list_queries, "--kind sham_stay"),
        ("show", show_query, name),
        ("run", run_query, f"{name} --p days=3 --p least=2"),
        ("explain", explain_query, name),
        ("export", export_query, f"{name} together.html --p days=3"),
    )
    add_group(app, "cypher", commands)


def given(parameters: Sequence[str] | None) -> dict[str, str]:
    """`name=value` as a mapping; UsageError for anything else, and for one given twice."""
    values: dict[str, str] = {}
    for one in parameters or ():
        name, equals, value = one.partition("=")
        if not equals or not name or name in values:
            if not name:
                raise UsageError(Sentence("faults.p_nothing"))
            raise UsageError(Sentence("faults.p_bad", name=name))
        values[name] = value
    return values


def list_queries(
    folder: Annotated[str | None, typer.Argument(help=text("opt_folder"), metavar="FOLDER")] = None,
    *,
    kind: Annotated[str | None, typer.Option(help=text("opt_for_kind"), metavar="KIND")] = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    from ringfinder.store.queries import library  # noqa: PLC0415

    folders = sorted({name.partition("/")[0] for name in library()})
    if folder is not None and folder not in folders:
        raise UsageError(Sentence("faults.no_folder", folder=folder, known=Listed(folders)))
    if kind is not None and kind not in KINDS:
        raise UsageError(Sentence("faults.no_kind", kind=kind, known=Listed(KINDS)))
    found = [
        query
        for query in library().values()
        if folder in (None, query.name.partition("/")[0]) and (kind is None or kind in query.kinds)
    ]
    if as_json:
        show_json([described(query, lang) for query in found])
    elif not found:
        show(say("library.nothing", lang))
    else:
        heads = [say(f"library.{key}", lang) for key in ("query", "title", "purpose")]
        show(table(heads, [[query.name, query.titles[lang], query.purposes[lang]] for query in found]))


def described(query: NamedQuery, lang: Language) -> dict[str, Any]:
    """A query's header for scripts."""
    return {
        "name": query.name,
        "title": query.titles[lang],
        "purpose": query.purposes[lang],
        "kinds": list(query.kinds),
        "stores": list(query.statements),
        "parameters": [
            {"name": one.name, "type": one.type, "default": one.default, "meaning": one.meaning[lang]}
            for one in query.parameters
        ],
        "columns": [{"name": one.name, "type": one.type, "meaning": one.meaning[lang]} for one in query.columns],
    }


def show_query(
    name: NameArgument,
    *,
    store: Annotated[Literal["embedded", "neo4j"] | None, typer.Option(help=text("opt_dialect"))] = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    from ringfinder.store.dialect import DIALECTS  # noqa: PLC0415
    from ringfinder.store.neo4j import address, names  # noqa: PLC0415
    from ringfinder.store.queries import named  # noqa: PLC0415

    query = named(name)
    dialect = next(one for one in DIALECTS if one in query.statements) if store is None else store
    statement = query.statement(dialect)
    if store == "neo4j":  # to be pasted into a tool of that server, which knows no other names
        statement = names.prefixed(statement, address.prefix())
    if as_json:
        show_json({**described(query, lang), "statement": statement})
        return
    lines = [f"{query.name}  {query.titles[lang]}", query.purposes[lang]]
    if query.kinds:
        kinds = say("report.comma", lang).join(
            say("library.kind", lang, kind=say(f"kinds.{kind}", lang), slug=kind) for kind in query.kinds
        )
        lines.append(say("library.named", lang, name=say("library.kinds", lang), value=kinds))
    if query.slow:
        lines.append(say("library.named", lang, name=say("library.slow", lang), value=query.slow))
    show(*lines)
    if query.parameters:
        heads = [say(f"library.{key}", lang) for key in ("parameter", "type", "default", "meaning")]
        needed = say("library.needed", lang)
        rows = [[p.name, p.type, needed if p.default is None else p.default, p.meaning[lang]] for p in query.parameters]
        show(table(heads, rows, title=""))
    heads = [say(f"library.{key}", lang) for key in ("column", "type", "meaning")]
    show(table(heads, [[column.name, column.type, column.meaning[lang]] for column in query.columns]))
    print(plain(statement))


def run_query(
    name: NameArgument,
    *,
    p: ParamOption = None,
    form: Annotated[Literal["table", "csv", "json"], typer.Option("--format", help=text("opt_as"))] = "table",
    limit: Annotated[int, typer.Option(min=1, help=text("opt_limit"))] = 1000,
    seconds: SecondsOption = 60.0,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    unmask: UnmaskOption = False,
    as_json: JsonOption = False,
) -> None:
    answer = _ask(name, p, workspace, unmask, limit, seconds)
    print_rows(answer.table, None, "json" if as_json else form, say("cli.query_empty", lang))
    if answer.cut:
        complain(say("cli.query_cut", lang, limit=limit))
    _tell_unknown(name, p, answer, workspace, lang)


def explain_query(
    name: NameArgument, *, p: ParamOption = None, workspace: WorkspaceOption = None, lang: LangOption = LANG_DEFAULT
) -> None:
    parameters = given(p)
    place = Workspace.locate(workspace)
    stored = _known(name, parameters, place)

    from ringfinder.pipeline.asking import explain  # noqa: PLC0415

    print(plain(explain(stored, place, name, parameters)))


def export_query(
    name: NameArgument,
    file: Annotated[Path, typer.Argument(help=text("opt_export"), metavar="FILE")],
    *,
    p: ParamOption = None,
    limit: Annotated[int, typer.Option(min=1, help=text("opt_limit"))] = 100_000,
    seconds: SecondsOption = 60.0,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    unmask: UnmaskOption = False,
) -> None:
    form = file.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise UsageError(Sentence("faults.bad_ending", name=file.name, known=Listed(f".{one}" for one in FORMATS)))
    answer = _ask(name, p, workspace, unmask, limit, seconds, drawn=form == "html")
    keep(written(answer, form, given(p), lang), file)
    show(say("library.written", lang, file=file, rows=answer.table.num_rows))
    if answer.cut:
        complain(say("library.cut", lang, limit=limit))
    _tell_unknown(name, p, answer, workspace, lang)


def _known(name: str, parameters: Mapping[str, Any], place: Workspace) -> Any:
    """The current run, once name and parameters are known to be right: a slip is told before anything is opened."""
    from ringfinder.store.queries import named  # noqa: PLC0415

    named(name).values(parameters)
    return place.needed()


def _ask(
    name: str,
    p: list[str] | None,
    workspace: Path | None,
    unmask: bool,
    limit: int,
    seconds: float,
    drawn: bool = False,
) -> Answer:
    parameters = given(p)
    place = Workspace.locate(workspace)
    stored = _known(name, parameters, place)

    from ringfinder.pipeline.asking import ask  # noqa: PLC0415
    from ringfinder.report.linked import names_entities  # noqa: PLC0415
    from ringfinder.store.queries import named  # noqa: PLC0415

    if drawn and not names_entities({column.name: column.type for column in named(name).columns}):
        raise UsageError(Sentence("faults.nothing_to_draw", name=name))
    record_unmasking(place, unmask, "cypher", name)
    return ask(stored, place, name, parameters, unmask=unmask, limit=limit, seconds=seconds)


def _tell_unknown(name: str, p: list[str] | None, answer: Answer, workspace: Path | None, lang: Language) -> None:
    """Beside an answer, the ids in the question that the run does not know: no rows for them says nothing of anybody."""
    from ringfinder.cli.unknown import unknown_ids  # noqa: PLC0415
    from ringfinder.store.queries import named  # noqa: PLC0415

    values = named(name).values(given(p))
    if unknown := unknown_ids(values, Workspace.locate(workspace).needed().results, answer.people):
        complain(say("library.unknown", lang, ids=say("report.comma", lang).join(unknown)))
