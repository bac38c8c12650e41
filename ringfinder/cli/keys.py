"""keys create, list, rotate and revoke: who may ask the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringfinder.cli.console import show, show_json, table
from ringfinder.cli.options import LANG_DEFAULT, JsonOption, LangOption, WorkspaceOption, add_group, text
from ringfinder.cli.serving import CasebookOption
from ringfinder.errors import UsageError
from ringfinder.words import Language, say
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace

if TYPE_CHECKING:
    from ringfinder.casebook.database import Casebook
    from ringfinder.casebook.keys import Key

MOST_DAYS = 36_500.0
KeyArgument = Annotated[str, typer.Argument(help=text("opt_key_id"), metavar="KEY_ID")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    commands = (
        ("create", create, '"case system" --role system --days 365'),
        ("list", list_keys, ""),
        ("rotate", rotate, "3f9a1c0b7d2e --hours 24"),
        ("revoke", revoke, "3f9a1c0b7d2e"),
    )
    add_group(app, "keys", commands)


def create(
    name: Annotated[str, typer.Argument(help=text("opt_key_name"), metavar="NAME")],
    *,
    role: Annotated[list[str], typer.Option(help=text("opt_role"), metavar="ROLE")],
    district: Annotated[list[str] | None, typer.Option(help=text("opt_district"), metavar="DISTRICT")] = None,
    days: Annotated[float | None, typer.Option(min=0.0, max=MOST_DAYS, help=text("opt_days"))] = None,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook) as book:
        from ringfinder.casebook import keys  # noqa: PLC0415

        key, shown = keys.create(book, name, role, district or None, days)
    _tell(key, shown, lang, as_json)


def list_keys(
    *,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook, reading=True) as book:
        from ringfinder.casebook import keys  # noqa: PLC0415

        found = keys.all_keys(book)
    if as_json:
        show_json([_described(key) for key in found])
    elif not found:
        show(say("cli.keys_none", lang))
    else:
        heads = [say(f"cli.col_{name}", lang) for name in ("key", "key_name", "roles", "districts", "expires", "works")]
        show(table(heads, [_row(key, lang) for key in found]))


def rotate(
    key_id: KeyArgument,
    *,
    hours: Annotated[float, typer.Option(min=0.0, max=24 * MOST_DAYS, help=text("opt_grace"))] = 24.0,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook) as book:
        from ringfinder.casebook import keys  # noqa: PLC0415

        key, shown = keys.rotate(book, key_id, hours)
    _tell(key, shown, lang, as_json)


def revoke(
    key_id: KeyArgument,
    *,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook) as book:
        from ringfinder.casebook import keys  # noqa: PLC0415

        key = keys.revoke(book, key_id)
    if as_json:
        show_json(_described(key))
    else:
        show(say("cli.key_revoked", lang, key_id=key.key_id))


@contextmanager
def open_book(workspace: Path | None, url: str | None, *, reading: bool = False) -> Iterator[Casebook]:
    """The casebook; UsageError where what it needs is not installed. `reading`: nothing will be written."""
    try:
        from ringfinder.casebook.database import open_casebook  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UsageError(Sentence("faults.keys_extra")) from error
    with open_casebook(Workspace.locate(workspace).folder, url, reading=reading) as book:
        yield book


def _tell(key: Key, shown: str, lang: Language, as_json: bool) -> None:
    """A new key; its secret is shown here and nowhere again."""
    if as_json:
        show_json(_described(key) | {"secret": shown})
    else:
        show(shown, say("cli.key_made", lang, key_id=key.key_id))


def _described(key: Key) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "roles": sorted(key.roles),
        "districts": None if key.districts is None else sorted(key.districts),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "replaces": key.replaces,
        "works": key.works(datetime.now(UTC)),
    }


def _row(key: Key, lang: Language) -> tuple[str, ...]:
    return (
        key.key_id,
        key.name,
        ", ".join(sorted(key.roles)),
        say("cli.all_districts", lang) if key.districts is None else ", ".join(sorted(key.districts)),
        "" if key.expires_at is None else f"{key.expires_at:%Y-%m-%d %H:%M} UTC",
        say("cli.yes" if key.works(datetime.now(UTC)) else "cli.no", lang),
    )
