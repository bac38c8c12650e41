"""audit verify, list and reads: who did what, and whether that was changed afterwards."""

from __future__ import annotations

from typing import Annotated

import typer

from ringfinder.cli.console import show, show_json, table
from ringfinder.cli.keys import open_book
from ringfinder.cli.options import LANG_DEFAULT, JsonOption, LangOption, WorkspaceOption, add_group, text
from ringfinder.cli.serving import CasebookOption
from ringfinder.errors import StoreError, UsageError
from ringfinder.words import say
from ringfinder.words.sentences import Sentence


def register(app: typer.Typer) -> None:
    """Add the group."""
    commands = (("verify", verify, ""), ("list", list_entries, "--limit 20"), ("reads", reads, "patient P00001"))
    add_group(app, "audit", commands)


def verify(
    *,
    expect: Annotated[str | None, typer.Option(help=text("opt_expect"), metavar="NUMBER:DIGEST")] = None,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    number, digest = _expected(expect)
    with open_book(workspace, casebook, reading=True) as book:
        from ringfinder.casebook import audit  # noqa: PLC0415

        found = audit.verify(book)
        if found.broken is not None:
            raise StoreError(Sentence("faults.audit_changed", number=found.broken))
        if number and audit.digest_at(book, number) != digest:
            raise StoreError(Sentence("faults.audit_differs", number=number))
    if as_json:
        show_json({"entries": found.entries, "last": found.last})
    else:
        show(say("cli.audit_whole", lang, entries=found.entries), f"{found.entries}:{found.last}")


def list_entries(
    *,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help=text("opt_audit_limit"))] = 50,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook, reading=True) as book:
        from ringfinder.casebook import audit  # noqa: PLC0415

        found = audit.latest(book, limit)
    if as_json:
        show_json([vars(entry) for entry in found])
        return
    heads = [say(f"cli.col_audit_{name}", lang) for name in ("number", "at", "actor", "action", "subject", "details")]
    rows = [(e.number, f"{e.at:%Y-%m-%d %H:%M:%S}", e.actor, e.action, e.subject, e.details) for e in found]
    show(table(heads, rows, right=(0,)))


def reads(
    entity_type: Annotated[str, typer.Argument(help=text("opt_audit_type"), metavar="TYPE")],
    entity_id: Annotated[str, typer.Argument(help=text("opt_audit_id"), metavar="ID")],
    *,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook, reading=True) as book:
        from ringfinder.casebook import audit  # noqa: PLC0415

        found = audit.reads_of(book, entity_type, entity_id)
    if as_json:
        show_json([{"written_at": at, "key_id": read.key_id, "reads": read.reads} for at, read in found])
        return
    heads = [say(f"cli.col_{name}", lang) for name in ("audit_at", "key", "audit_reads")]
    show(table(heads, [(f"{at:%Y-%m-%d %H:%M:%S}", read.key_id, read.reads) for at, read in found], right=(2,)))


def _expected(given: str | None) -> tuple[int, str]:
    if given is None:
        return 0, ""
    number, _, digest = given.partition(":")
    if not (number.isdecimal() and int(number) and digest):
        raise UsageError(Sentence("faults.expect_bad"))
    return int(number), digest
