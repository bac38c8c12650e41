"""export: a ring of the current run as files to pass on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from ringfinder.cli.console import show
from ringfinder.cli.earlier import earlier_runs_named
from ringfinder.cli.options import (
    EXAMPLE_RING,
    LANG_DEFAULT,
    LangOption,
    UnmaskOption,
    WorkspaceOption,
    add_group,
    text,
)
from ringfinder.cli.recorded import record_unmasking
from ringfinder.cli.written import keep
from ringfinder.errors import UsageError
from ringfinder.words import say
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the group."""
    add_group(app, "export", (("ring", export_ring, f"{EXAMPLE_RING} --html ring.html"),))


def export_ring(
    ring_id: Annotated[str, typer.Argument(help=text("opt_ring"), metavar="RING")],
    *,
    html: Annotated[Path | None, typer.Option("--html", help=text("opt_html"), metavar="FILE")] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help=text("opt_svg"), metavar="FILE")] = None,
    png: Annotated[Path | None, typer.Option("--png", help=text("opt_png"), metavar="FILE")] = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    unmask: UnmaskOption = False,
) -> None:
    if html is None and svg is None and png is None:
        raise UsageError(Sentence("faults.export_what"))
    place = Workspace.locate(workspace)
    stored = place.needed()

    from ringfinder.pipeline.graphs import open_graph  # noqa: PLC0415
    from ringfinder.pipeline.pictures import picture_of  # noqa: PLC0415

    record_unmasking(place, unmask, "export ring", ring_id)
    with earlier_runs_named(place, ring_id), open_graph(stored, place) as store:
        picture = picture_of(store, stored, ring_id, lang, unmask)
    forms: tuple[tuple[Path | None, Callable[[], bytes]], ...] = (
        (html, lambda: picture.html().encode()),
        (svg, lambda: picture.svg().encode()),
        (png, picture.png),
    )
    for file, content in [(file, made()) for file, made in forms if file is not None]:  # all of them or none
        keep(content, file)
        show(say("viz.written", lang, file=file))
