"""casebook report: what a night job writes on Mondays, and whoever reports to others."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from ringfinder.cli.console import show
from ringfinder.cli.keeping import COMMANDS
from ringfinder.cli.keys import open_book
from ringfinder.cli.options import LANG_DEFAULT, LangOption, WorkspaceOption, add_group, text
from ringfinder.cli.serving import CasebookOption
from ringfinder.errors import UsageError
from ringfinder.words import say
from ringfinder.words.sentences import Sentence

Which = Literal["weekly", "statistics", "campaign", "typical"]


def register(app: typer.Typer) -> None:
    """Add the group."""
    add_group(app, "casebook", (("report", report, "weekly --out week.xlsx"), *COMMANDS))


def report(
    name: Annotated[Which, typer.Argument(help=text("opt_report"), metavar="REPORT")],
    *,
    out: Annotated[Path, typer.Option(help=text("opt_report_out"), metavar="FILE")],
    first: Annotated[str | None, typer.Option("--from", help=text("opt_report_from"), metavar="DAY")] = None,
    last: Annotated[str | None, typer.Option("--to", help=text("opt_report_to"), metavar="DAY")] = None,
    campaign: Annotated[str | None, typer.Option(help=text("opt_report_campaign"), metavar="NAME")] = None,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
) -> None:
    from ringfinder.pipeline import reporting  # noqa: PLC0415

    reporting.form_of(out)
    days = _day(first, "--from"), _day(last, "--to")
    with open_book(workspace, casebook) as book:
        from ringfinder.casebook import report_tables  # noqa: PLC0415
        from ringfinder.casebook.statistics import BUREAU, span_of  # noqa: PLC0415

        span = span_of(name, *days, campaign, book.rules.today())
        made = report_tables.report(book, BUREAU, name, span, lang)
    reporting.write(made, out, lang)
    show(say("cli.report_written", lang, file=out, title=made.title))


def _day(given: str | None, option: str) -> date | None:
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError as error:
        raise UsageError(Sentence("faults.day_bad", option=option)) from error
