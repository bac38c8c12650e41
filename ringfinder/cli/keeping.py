"""casebook backup, restore, verify, expire, new-key, reseal: what keeps the casebook, by hand or by a night job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ringfinder.cli.console import show, show_json
from ringfinder.cli.keys import open_book
from ringfinder.cli.options import LANG_DEFAULT, JsonOption, LangOption, WorkspaceOption, text
from ringfinder.cli.serving import CasebookOption
from ringfinder.errors import StoreError
from ringfinder.words import say
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace

FileArgument = Annotated[Path, typer.Argument(help=text("opt_backup"), metavar="FILE")]


def backup(
    file: FileArgument,
    *,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook) as book:
        from ringfinder.casebook import audit, backup  # noqa: PLC0415

        audit.record(book, audit.command_line(), "casebook.backup", "", {})
        size = backup.backup(book, file)
    if as_json:
        show_json({"file": file.name, "bytes": size})
    else:
        show(say("cli.casebook_backed_up", lang, file=file.name, bytes=f"{size:,}"))


def restore(
    file: FileArgument,
    *,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook) as book:
        from ringfinder.casebook import audit, backup  # noqa: PLC0415

        rows = backup.restore(file, book)
        audit.record(book, audit.command_line(), "casebook.restored", "", {"rows": sum(rows.values())})
    if as_json:
        show_json(rows)
    else:
        show(say("cli.casebook_restored", lang, rows=f"{sum(rows.values()):,}"))


def verify(
    *,
    file: Annotated[Path | None, typer.Option("--file", help=text("opt_verify_file"), metavar="FILE")] = None,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    from ringfinder.casebook.sealing import read_keys  # noqa: PLC0415

    keys = read_keys()
    if file is not None:
        from ringfinder.casebook.backup import verify_file  # noqa: PLC0415

        found = verify_file(file, keys)
    else:
        with open_book(workspace, casebook) as book:
            from ringfinder.casebook.backup import verify  # noqa: PLC0415

            found = verify(book, keys)
    if as_json:
        show_json(
            {
                "whole": found.whole,
                "damage": list(found.damage),
                "broken": found.broken,
                "altered": [list(one) for one in found.altered],
                "entries": found.entries,
                "last": found.last,
                "identities": {"open": found.seals.open, "missing": dict(found.seals.missing)},
                "rows": found.rows,
            }
        )
    else:
        for key_id, count in found.seals.missing.items():
            show(say("tips.sealed_missing", lang, key_id=key_id, count=count))
    if not found.whole:
        raise StoreError(Sentence("faults.casebook_damaged"))
    if not as_json:
        show(say("cli.casebook_whole", lang, rows=f"{sum(found.rows.values()):,}", entries=found.entries))


def expire(
    *,
    erase: Annotated[bool, typer.Option("--erase", help=text("opt_erase"))] = False,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook) as book:
        from ringfinder.casebook import case_deadlines, tips, watching  # noqa: PLC0415
        from ringfinder.casebook.audit import command_line  # noqa: PLC0415
        from ringfinder.casebook.forgetting import due, forget  # noqa: PLC0415
        from ringfinder.casebook.rules import read_rules  # noqa: PLC0415

        rules = read_rules(Workspace.locate(workspace).folder)
        today = rules.today()
        expired = watching.expire(book, today, command_line())
        moved = tips.renew_deadlines(book, rules, command_line())
        moved += case_deadlines.renew_deadlines(book, rules, command_line())
        found = forget(book, rules, today, command_line()) if erase else due(book, rules, today)
    if as_json:
        told = {
            name: {
                "due": list(one.ids),
                "since": one.since and one.since.isoformat(),
                "months": one.keep.months,
                "basis": one.keep.basis(lang),
                "erased": len(one.ids) if erase else 0,
            }
            for name, one in found.items()
        }
        show_json({"watched": expired, "deadlines": moved, "keeping": told})
        return
    show(say("cli.casebook_expired", lang, watched=expired, deadlines=moved))
    for name, one in found.items():
        what = say(f"cli.keeping_{name}", lang)
        if erase:
            show(say("cli.casebook_erased", lang, what=what, count=len(one.ids)))
        elif one.ids:
            basis = one.keep.basis(lang)
            show(
                say(
                    "cli.casebook_due",
                    lang,
                    what=what,
                    count=len(one.ids),
                    months=one.keep.months,
                    since=one.since,
                    basis=basis,
                )
            )
    if any(one.ids for one in found.values()):
        show(say("cli.casebook_erased_hint" if erase else "cli.casebook_due_hint", lang))


def new_key() -> None:
    from ringfinder.casebook.sealing import new_key  # noqa: PLC0415

    show(new_key())


def reseal(
    *,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    with open_book(workspace, casebook) as book:
        from ringfinder.casebook.audit import command_line  # noqa: PLC0415
        from ringfinder.casebook.reporters import seal_anew, seal_state  # noqa: PLC0415
        from ringfinder.casebook.sealing import read_keys  # noqa: PLC0415

        keys = read_keys()
        done = seal_anew(book, keys, command_line())
        missing = dict(seal_state(book, keys).missing)
    if as_json:
        show_json({"sealed": done, "missing": missing})
        return
    show(say("cli.casebook_resealed", lang, count=done))
    for key_id, count in missing.items():
        show(say("tips.sealed_missing", lang, key_id=key_id, count=count))


COMMANDS = (
    ("backup", backup, "casebook-2026-11-26.db"),
    ("restore", restore, "casebook-2026-11-26.db"),
    ("verify", verify, "--file casebook-2026-11-26.db"),
    ("expire", expire, "--erase"),
    ("new-key", new_key, "> tip.key"),
    ("reseal", reseal, ""),
)
