"""runs list, pin, unpin, prune and diff."""

from __future__ import annotations

from typing import Annotated

import typer

from ringfinder.cli.console import as_dict, complain_of, show, show_json, table
from ringfinder.cli.options import LANG_DEFAULT, JsonOption, LangOption, WorkspaceOption, add_group, text
from ringfinder.cli.recorded import record
from ringfinder.errors import RingFinderError, UsageError
from ringfinder.report.comparison import compare
from ringfinder.report.figures import word
from ringfinder.report.files import read_results
from ringfinder.words import Language, say
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import StoredRun, Workspace


def register(app: typer.Typer) -> None:
    """Add the group."""
    run_id = "20240301-090000-000017"
    commands = (
        ("list", list_runs, ""),
        ("pin", pin, run_id),
        ("unpin", unpin, run_id),
        ("prune", prune, "--keep 5"),
        ("diff", diff, ""),
    )
    add_group(app, "runs", commands)


def list_runs(workspace: WorkspaceOption = None, lang: LangOption = LANG_DEFAULT, as_json: JsonOption = False) -> None:
    place = Workspace.locate(workspace)
    rows = [
        {
            "run_id": run.run_id,
            "started": run.info.get("started"),
            "claims": run.info.get("tables", {}).get("claims"),
            "rings": run.info.get("rings"),
            "alerts": run.info.get("alerts"),
            "seconds": round(sum(stage["seconds"] for stage in run.info.get("stages", ())), 1),
            "current": run.current,
            "pinned": run.pinned,
        }
        for run in place.list_runs()
    ]
    if as_json:
        show_json(rows)
    elif not rows:
        show(say("cli.runs_none", lang, workspace=place.folder))
    else:
        heads = [
            say(f"cli.col_{key}", lang)
            for key in ("run", "started", "claims", "rings", "alerts", "seconds", "current", "pinned")
        ]
        show(table(heads, [[_cell(value) for value in row.values()] for row in rows], (2, 3, 4, 5)))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "*" if value else ""
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


RunArgument = Annotated[str, typer.Argument(help=text("opt_run"), metavar="RUN_ID")]


def pin(
    run_id: RunArgument,
    *,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    place = Workspace.locate(workspace)
    record(place, "run.pinned", place.run(run_id).run_id)
    _tell_pin(place.pin(run_id), lang, as_json)


def unpin(
    run_id: RunArgument,
    *,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    place = Workspace.locate(workspace)
    record(place, "run.unpinned", place.run(run_id).run_id)
    _tell_pin(place.unpin(run_id), lang, as_json)


def _tell_pin(run: StoredRun, lang: Language, as_json: bool) -> None:
    if as_json:
        show_json({"run_id": run.run_id, "pinned": run.pinned})
    else:
        show(say("cli.pinned" if run.pinned else "cli.unpinned", lang, run_id=run.run_id))


def prune(
    *,
    keep: Annotated[int, typer.Option(min=0, help=text("opt_keep"))] = 10,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    place = Workspace.locate(workspace)
    place.check_there()
    on_server = {run.run_id for run in place.list_runs() if run.store == "neo4j"}
    record(place, "runs.pruned", keep=keep)
    removed = place.prune(keep)
    if left := [run_id for run_id in removed if run_id in on_server]:
        _forget(left, place, lang)
    if as_json:
        show_json(removed)
    else:
        show(say("cli.pruned", lang, count=len(removed)), *removed)


def _forget(run_ids: list[str], place: Workspace, lang: Language) -> None:
    """Take their results off the server; where it does not answer, that is told and no reason to keep the runs."""
    from ringfinder.pipeline.graphs import forget  # noqa: PLC0415

    try:
        forget(run_ids, place)
    except RingFinderError as error:
        complain_of(error, lang, "cli.not_forgotten")


def diff(
    before: Annotated[str | None, typer.Argument(help=text("opt_before"), metavar="[BEFORE]")] = None,
    after: Annotated[str | None, typer.Argument(help=text("opt_after"), metavar="[AFTER]")] = None,
    *,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    place = Workspace.locate(workspace)
    later = place.run(after) if after else place.needed()
    earlier = place.run(before) if before else place.before(later)
    if earlier is None:
        raise UsageError(Sentence("faults.no_run_before", run_id=later.run_id))
    differences = compare(read_results(earlier.results), read_results(later.results))
    if as_json:
        content = [as_dict(d) for d in differences]
        show_json({"before": earlier.run_id, "after": later.run_id, "differences": content})
        return
    show(f"{earlier.run_id} → {later.run_id}")
    if not differences:
        show(say("cli.diff_same", lang))
        return
    heads = [
        say("cli.col_change", lang),
        say("report.ring", lang),
        say("report.kind", lang),
        say("cli.col_patients", lang),
        say("report.score", lang),
    ]
    rows = [
        (
            say(f"cli.change_{d.change}", lang),
            d.ring_id,
            word(d.kind, lang),
            f"{_or_dash(d.patients_before)} → {_or_dash(d.patients_after)}",
            f"{_or_dash(d.score_before)} → {_or_dash(d.score_after)}",
        )
        for d in differences
    ]
    show(table(heads, rows, right=(3, 4)))


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
