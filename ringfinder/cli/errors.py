"""Every failure as one sentence on stderr and an exit code.

RingFinderError   its own sentence and code (1 or 2)
interrupt         130, as shells have it
reader gone       0, without a word: `ringfinder rings | head`
anything else     1; where it happened goes to WORKSPACE/error.log: files, lines and functions, but not the message,
                  since messages of libraries quote values of claims
"""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from ringfinder.cli.console import complain, complain_of
from ringfinder.cli.options import META, locale_language
from ringfinder.cli.streams import reader_may_leave, silence
from ringfinder.errors import RingFinderError, is_disk_full
from ringfinder.words import Language, say

LOG = "error.log"
INTERRUPTED = 130
SAID_TWICE = "Value error, "  # of the library that reads options, after "Invalid value for ...: "
OUR_FAULT = 1


class Commands(TyperGroup):
    """The group of all commands, with the handling of errors around it."""

    def main(self, *args: Any, **options: Any) -> Any:
        with reader_may_leave():
            try:
                return super().main(*args, **options)
            except OSError as error:  # of `--help`: commands are looked after below
                if not is_disk_full(error):
                    raise
                raise SystemExit(_no_room(locale_language())) from error

    def make_context(self, *args: Any, **extra: Any) -> Any:
        with reader_may_leave():  # `--help` is printed here
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        try:
            with reader_may_leave():
                answer = super().invoke(ctx)
                sys.stdout.flush()  # now, while it can still be told that it failed
                return answer
        except RingFinderError as error:
            complain_of(error, _lang(ctx))
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            complain(say("cli.interrupted", _lang(ctx)))
            raise typer.Exit(INTERRUPTED) from error
        except typer.BadParameter as error:
            error.message = error.message.removeprefix(SAID_TWICE)
            raise
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if is_disk_full(error):
                raise typer.Exit(_no_room(_lang(ctx))) from error
            complain(_unexpected(error, ctx.meta.get(f"{META}.workspace"), _lang(ctx)))
            raise typer.Exit(OUR_FAULT) from error


def _no_room(lang: Language) -> int:
    silence(sys.stdout)
    complain(say("cli.no_room", lang))
    return OUR_FAULT


def _lang(ctx: typer.Context) -> Language:
    lang: Language = ctx.meta.get(f"{META}.lang") or locale_language()
    return lang


def _unexpected(error: Exception, workspace: Path | None, lang: Language) -> str:
    from ringfinder.workspace import Workspace  # noqa: PLC0415

    kind = type(error).__name__
    log = Workspace.locate(workspace).folder / LOG
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(scene_of(error))
    except OSError:
        return say("cli.unexpected_unwritten", lang, kind=kind)
    return say("cli.unexpected", lang, kind=kind, log=log)


def scene_of(error: BaseException) -> str:
    """Where an error happened and what kind it was, cause first, without its message and without values."""
    lines = [f"{datetime.now(UTC).isoformat(timespec='seconds')}\n"]
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.insert(0, link)
        link = link.__cause__ or link.__context__
    for one in chain:
        frames = traceback.extract_tb(one.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}\n" for frame in frames]
        lines.append(f"{type(one).__module__}.{type(one).__qualname__}\n")
    return "".join(lines)
