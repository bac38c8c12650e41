"""Options that several commands share, and the language they speak before any option is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from ringfinder.words import Language, say

META = "ringfinder"  # where a context keeps what the error handler needs


def locale_language() -> Language:
    """zh where the locale says Chinese (LC_ALL, LC_MESSAGES, LANG: the first that is set), else en."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


EXAMPLE_RING = "RCA4F33E379"  # of the form that `rings` gives
HELP_LANGUAGE = locale_language()


def text(key: str) -> str:
    """Help text in the language of the locale."""
    return say(f"cli.{key}", HELP_LANGUAGE)


def help_with_example(key: str, command: str) -> str:
    """A command's help and one line that shows it at work."""
    return f"{text(key)}\n\n\b\n{say('cli.example', HELP_LANGUAGE, command=command)}"


def add_group(app: typer.Typer, name: str, commands: Sequence[tuple[str, Callable[..., None], str]]) -> None:
    """A group of commands, each with its word, what it does, and the arguments of its example; the first one's is the group's."""
    examples = [f"ringfinder {name} {word} {arguments}".rstrip() for word, _, arguments in commands]
    about = help_with_example(f"{name}_help", examples[0])
    group = typer.Typer(help=about, no_args_is_help=True, rich_markup_mode=None)
    for (word, command, _), example in zip(commands, examples, strict=True):
        group.command(word, help=help_with_example(f"{name}_{word}_help", example))(command)
    app.add_typer(group, name=name)


def _keep_workspace(context: typer.Context, value: Path | None) -> Path | None:
    context.meta[f"{META}.workspace"] = value
    return value


def _language(context: typer.Context, value: Language | None) -> Language:
    lang = value or locale_language()
    context.meta[f"{META}.lang"] = lang
    return lang


WorkspaceOption = Annotated[
    Path | None, typer.Option("--workspace", callback=_keep_workspace, help=text("opt_workspace"), metavar="DIR")
]
LangOption = Annotated[
    Literal["zh", "en"], typer.Option("--lang", callback=_language, help=text("opt_lang"), show_default=False)
]
# The callback turns "not given" into the locale's language; commands never see this None.
LANG_DEFAULT: Language = None  # type: ignore[assignment]
JsonOption = Annotated[bool, typer.Option("--json", help=text("opt_json"))]
UnmaskOption = Annotated[bool, typer.Option("--unmask", help=text("opt_unmask"))]
