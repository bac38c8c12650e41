"""sample-city and run: the commands that make something."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ringfinder.cli.console import command, progress, show, show_json
from ringfinder.cli.options import (
    LANG_DEFAULT,
    JsonOption,
    LangOption,
    UnmaskOption,
    WorkspaceOption,
    help_with_example,
    text,
)
from ringfinder.cli.reading import masked_ring, secrets_of
from ringfinder.cli.recorded import record, record_unmasking
from ringfinder.errors import UsageError
from ringfinder.report.figures import word
from ringfinder.report.register import Register
from ringfinder.words import Language, say
from ringfinder.words.sentences import Sentence


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "sample-city", help=help_with_example("city_help", "ringfinder sample-city city --people 20000 --rings 20")
    )(sample_city)
    app.command("run", help=help_with_example("run_help", "ringfinder run city --out results --lang zh"))(run)


def sample_city(
    out: Annotated[Path, typer.Argument(help=text("opt_city_out"), metavar="OUT")],
    *,
    people: Annotated[int, typer.Option(help=text("opt_people"))] = 60000,
    seed: Annotated[int, typer.Option(min=0, help=text("opt_seed"))] = 1,
    rings: Annotated[int, typer.Option(min=0, help=text("opt_rings"))] = 30,
    form: Annotated[Literal["canonical", "nhsa"], typer.Option("--as", help=text("opt_form"))] = "canonical",
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    from ringfinder.claims.city import make_city  # noqa: PLC0415
    from ringfinder.pipeline.output import writing_to  # noqa: PLC0415

    with progress(lang, "city"), writing_to(out):
        make_city(out, people, seed, rings, form)
    if as_json:
        show_json({"out": str(out), "people": people, "seed": seed, "rings": rings, "form": form})
    else:
        show(say("cli.city_done", lang, out=out, people=people, rings=rings))


def run(
    claims: Annotated[Path | None, typer.Argument(help=text("opt_claims"), metavar="CLAIMS")] = None,
    *,
    out: Annotated[Path | None, typer.Option(help=text("opt_out"), metavar="OUT")] = None,
    source: Annotated[Literal["auto", "canonical", "nhsa", "synthea"], typer.Option(help=text("opt_source"))] = "auto",
    file_format: Annotated[Literal["csv", "parquet"], typer.Option("--format", help=text("opt_format"))] = "csv",
    settings: Annotated[Path | None, typer.Option(help=text("opt_settings"), metavar="FILE")] = None,
    store: Annotated[Literal["embedded", "neo4j"], typer.Option(help=text("opt_store"))] = "embedded",
    from_graph: Annotated[
        Literal["embedded", "neo4j"] | None, typer.Option("--from-graph", help=text("opt_from_graph"))
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help=text("opt_mapping"), metavar="FILE")] = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    unmask: UnmaskOption = False,
    as_json: JsonOption = False,
) -> None:
    from ringfinder import settings as all_settings  # noqa: PLC0415
    from ringfinder.pipeline.from_graph import GraphSource  # noqa: PLC0415
    from ringfinder.pipeline.steps import Order  # noqa: PLC0415
    from ringfinder.pipeline.steps import run as run_pipeline  # noqa: PLC0415
    from ringfinder.workspace import Workspace  # noqa: PLC0415

    if claims is None and from_graph is None:
        raise UsageError(Sentence("faults.no_claims_named"))
    if mapping is not None and from_graph is None:
        raise UsageError(Sentence("faults.mapping_alone"))
    order = Order(
        claims or Path(),
        Workspace.locate(workspace),
        all_settings.read(settings) if settings else all_settings.Settings(),
        source,
        file_format,
        out,
        lang,
        unmask,
        store=store,
        graph=GraphSource(from_graph, claims, mapping) if from_graph else None,
    )
    record(order.workspace, "run.started", store=store, source=source, from_graph=from_graph)
    record_unmasking(order.workspace, unmask, "run")
    with progress(lang, "read") as tell:
        finished = run_pipeline(order, tell)
    info = finished.stored.info
    if as_json:
        rings = [ring for ring in finished.results.rings if ring.alert]
        people = Register(finished.stored.tables, unmask)
        secrets = secrets_of(finished.results, people, rings)
        alerts = [masked_ring(ring, secrets) for ring in rings]
        set_aside = [one | {"value": people.set_aside(one["column"], one["value"])} for one in info["set_aside"]]
        show_json({"run": info | {"set_aside": set_aside}, "report": str(finished.report), "alerts": alerts})
        return
    read = info["tables"].get("claims", 0)
    show(say("cli.run_done", lang, claims=read, rings=info["rings"], alerts=info["alerts"]))
    if info["rejected"]:
        show(say("cli.run_rejected", lang, count=info["rejected"]))
    for heading, lines in (("cli.run_notes", _noticed(info, lang)), ("cli.run_off", _off(info, lang))):
        if lines:
            show(say(heading, lang), *(f"- {line}" for line in lines))
    show(say("cli.run_results", lang, path=finished.report.parent), say("cli.run_report", lang, path=finished.report))
    if info["rings"]:
        show(say("cli.run_next", lang, command=command("rings", workspace)))


def _noticed(info: dict[str, Any], lang: Language) -> list[str]:
    """What was done with the input, and with values that identify nobody, as run.json has it."""
    lines = [str(note.get(lang, note["key"])) for note in info["notes"]]
    if info["set_aside"]:
        lines.append(say("report.set_aside", lang, count=len(info["set_aside"])))
    return lines


def _off(info: dict[str, Any], lang: Language) -> list[str]:
    """The channels that were off, and why."""
    return [
        say(
            "report.off_line",
            lang,
            channel=word(channel["channel"], lang, room="channels"),
            why=channel["why"].get(lang, channel["why"]["key"]),
        )
        for channel in info["channels"]
        if not channel["on"]
    ]
