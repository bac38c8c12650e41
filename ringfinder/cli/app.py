"""The application: its groups, and the entry point `ringfinder`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ringfinder.cli import (
    asking,
    audit,
    casebook,
    doctor,
    exporting,
    judging,
    keys,
    lab,
    library,
    likeness,
    making,
    reading,
    runs,
    servers,
    serving,
)
from ringfinder.cli.errors import Commands
from ringfinder.cli.options import help_with_example, text
from ringfinder.cli.streams import open_closed_streams
from ringfinder.pipeline.heap import start_again_with_it

app = typer.Typer(
    name="ringfinder",
    cls=Commands,
    help=help_with_example("about", "ringfinder run claims/ --out results"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # help drawn by Rich takes three times as long
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"ringfinder {version('ringfinder')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=text("opt_version"))
    ] = False,
) -> None: ...


making.register(app)
reading.register(app)
likeness.register(app)
runs.register(app)
judging.register(app)
lab.register(app)
asking.register(app)
library.register(app)
exporting.register(app)
servers.register(app)
serving.register(app)
keys.register(app)
audit.register(app)
casebook.register(app)
doctor.register(app)


def main() -> None:
    """The console script."""
    if sys.argv[1:2] == ["run"]:
        start_again_with_it(sys.argv[2:])
    open_closed_streams()
    app()
