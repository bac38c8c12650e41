"""Every failure as one sentence on stderr and an exit code.

RingFinderError   its own sentence and code (1 or 2)
interrupt         130, as shells have it
anything else     1; where it happened goes to WORKSPACE/error.log: files, lines and functions, but not the message,
                  since messages of libraries quote values of claims
"""

from __future__ import annotations

import errno
import os
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from ringfinder.cli.console import complain
from ringfinder.cli.options import META, locale_language
from ringfinder.errors import RingFinderError
from ringfinder.words import Language, say

LOG = "error.log"
INTERRUPTED = 130
OUR_FAULT = 1


class Commands(TyperGroup):
    """The group of all commands, with the handling of errors around it."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except RingFinderError as error:
            complain(say("cli.error", _lang(ctx), message=str(error)))
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            complain(say("cli.interrupted", _lang(ctx)))
            raise typer.Exit(INTERRUPTED) from error
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # the reader of our output has seen enough: `ringfinder rings | head`
            complain(_unexpected(error, ctx.meta.get(f"{META}.workspace"), _lang(ctx)))
            raise typer.Exit(OUR_FAULT) from error


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
