"""docs/results.md, docs/settings.md and docs/cli.md, made from the code; a test holds that they are up to date.

Write them with `python -m ringfinder.cli.pages docs`.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from ringfinder.report import contract
from ringfinder.settings import Settings, allowed

WIDTH = "100"


def results_page() -> str:
    """The result files: columns, types, order, meaning."""
    kinds = {
        "text": "text, UTF-8",
        "list": "list joined with `;` (inside a value `\\;` and `\\\\`)",
        "count": "whole number",
        "money": "two decimals",
        "flag": "true or false",
        "time": "ISO 8601, no offset, to the second",
    }
    lines = [
        "# Result files",
        "",
        "`ringfinder run CLAIMS --out OUT` writes these files, and other systems may rely on them. They are CSV by",
        "default (UTF-8 without a byte order mark, comma, header line, `\\n`), Parquet with `--format parquet`; the",
        "values are the same. Files have mode 600. The same claims, settings and previous run give the same bytes in",
        "`rings`, `members` and `evidence`. An empty field means that there is no value. Ids and sentences stand here",
        "in full: only the command line and the report mask them.",
        "",
        "| file | what it is |",
        "| --- | --- |",
        *(f"| `{name}` | {inspect.getdoc(row)} |" for name, row in contract.ROWS.items()),
        "| `run.json` | What was read (names, row counts, SHA-256) and as which source (`profile`: canonical, nhsa or"
        " synthea, given or recognised; graph with `--from-graph`), rejected and set aside, settings, versions, which"
        " channels ran or were off and why, seconds and peak memory (MiB, graph child included) per stage. |",
        "| `report.html` | One self-contained page for people. |",
        "",
        "A claim set that is refused for too many rejected rows (exit code 2) writes `rejects` alone, over that of an earlier",
        "run in OUT; all other files there stay those of that run.",
    ]
    for name, row in contract.ROWS.items():
        lines += ["", f"## {name}", "", "| column | written as | meaning |", "| --- | --- | --- |"]
        for column, definition in contract.columns(row).items():
            number = (
                "six significant digits" if definition.decimals is None else f"number, {definition.decimals} decimals"
            )
            lines.append(f"| `{column}` | {kinds.get(definition.type, number)} | {definition.meaning} |")
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Every setting with its default and meaning."""
    lines = [
        "# Settings",
        "",
        "`ringfinder run CLAIMS --settings FILE` takes a TOML file with the tables below; what it leaves out keeps its",
        "default. An unknown name, a wrong type or a value out of range is refused. Every run writes its settings into `run.json`.",
    ]
    defaults = Settings()
    for group in fields(Settings):
        values = getattr(defaults, group.name)
        lines += ["", f"## [{group.name}]", "", str(inspect.getdoc(values)), ""]
        lines += ["| setting | default | allowed | meaning |", "| --- | --- | --- | --- |"]
        for one in fields(values):
            default, rule = _toml(getattr(values, one.name)), one.metadata
            range_ = ", ".join(rule["choices"]) or allowed(rule) or ""
            lines.append(f"| `{one.name}` | `{default}` | {range_} | {rule['meaning']} |")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def commands_page() -> str:
    """The help of every command, as `--help` prints it."""
    lines = ["# Command line", "", "The help of every command, as `--help` prints it."]
    for name, text in helps():
        lines += ["", f"## {name}", "", "```", text.rstrip(), "```"]
    return "\n".join(lines) + "\n"


def helps() -> Iterator[tuple[str, str]]:
    """(command, help text) of the application and every command below it."""
    import typer.main  # noqa: PLC0415

    from ringfinder.cli.app import app  # noqa: PLC0415

    def walk(command: Any, context: Any) -> Iterator[tuple[str, str]]:
        yield context.command_path, command.get_help(context)
        for name, below in getattr(command, "commands", {}).items():
            yield from walk(below, type(context)(below, info_name=name, parent=context, terminal_width=int(WIDTH)))

    root = typer.main.get_command(app)
    yield from walk(root, root.make_context("ringfinder", [], resilient_parsing=True, terminal_width=int(WIDTH)))


PAGES: dict[str, Callable[[], str]] = {
    "results.md": results_page,
    "settings.md": settings_page,
    "cli.md": commands_page,
}


def main() -> None:
    """Write the pages into the folder given."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"  # the help is made when the commands are imported, in the language of the locale
    main()
