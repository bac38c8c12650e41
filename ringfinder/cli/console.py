"""What the commands print: tables for people, JSON for scripts, progress on stderr.

Values come from claims: they are printed as plain text, never as Rich markup, and control characters in them are
replaced.
"""

from __future__ import annotations

import errno
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfinder.errors import RingFinderError
from ringfinder.report.contract import json_value
from ringfinder.report.html import HIDDEN
from ringfinder.words import Language, say
from ringfinder.words.sentences import sentence_of
from ringfinder.words.stages import stage_text

if TYPE_CHECKING:
    from rich.console import Console, Group

PIPE_WIDTH = 140  # where nobody says how wide the paper is


def plain(value: object) -> str:
    """Text without control characters."""
    return str(value).translate(HIDDEN)


def console(stderr: bool = False) -> Console:
    """A Rich console on stdout or stderr."""
    from rich.console import Console  # noqa: PLC0415

    class Ours(Console):
        """Rich would end with 1 where the reader is gone; the command line has its own way."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    stream = sys.stderr if stderr else sys.stdout
    return Ours(file=stream, width=None if stream.isatty() else PIPE_WIDTH, highlight=False, markup=False, emoji=False)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = (), title: str = "") -> Group:
    """A Rich table under its title; `right` are the columns set flush right. Without a head line if all are empty."""
    from rich import box  # noqa: PLC0415
    from rich.console import Group  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    made = Table(box=box.SIMPLE_HEAD, show_header=any(heads), pad_edge=False)
    for i, head in enumerate(heads):
        made.add_column(Text(head), justify="right" if i in right else "left", no_wrap=i in right, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(plain(cell)) for cell in row))
    return Group(*([Text(title, style="bold")] if title else []), made)


def show(*parts: object) -> None:
    """Print tables and lines on stdout."""
    out = console()
    for part in parts:
        out.print(plain(part) if isinstance(part, str) else part)


def command(words: str, workspace: Path | None) -> str:
    """A command to type next, in the same workspace."""
    place = [] if workspace is None else ["--workspace", str(workspace)]
    return shlex.join(["ringfinder", *words.split(" ", 1), *place])


def complain(sentence: str) -> None:
    """One sentence on stderr."""
    print(plain(sentence), file=sys.stderr)


def complain_of(error: RingFinderError, lang: Language, key: str = "cli.error") -> None:
    """An error on stderr, in the sentence of `key`; never half in one language: one that carries only a text is told in English."""
    said = sentence_of(error)
    complain(say(key, "en", message=error) if said is None else say(key, lang, message=said.told(lang)))


def show_json(content: Any) -> None:
    """Print JSON on stdout: money as text with two decimals, times as ISO 8601."""
    print(json_text(content))


def json_text(content: Any) -> str:
    """JSON as it is printed and written."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=json_value)


def as_dict(row: Any) -> dict[str, Any]:
    """A row of the results by column name."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


@contextmanager
def progress(lang: Language, first: str) -> Iterator[Callable[[str, float], None]]:
    """A bar on stderr for long work: yields the callback (stage, share done); nothing is drawn into a pipe."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    screen = console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:
        task = bars.add_task(stage_text(first, lang), total=1.0)

        def tell(stage: str, share: float) -> None:
            bars.update(task, description=stage_text(stage, lang), completed=share)

        yield tell
