"""What is done on the command line and must stand in the audit trail: runs that are made, pinned and removed, values shown unmasked.

Where a workspace has no casebook yet there is no trail, and nothing is recorded; nor where the extra is not installed that reads one. Where
there is one that does not answer, the command is not carried out. Who owns the files can go round all this: the trail shows what honest
people did, and its chain that nobody changed it afterwards.
"""

from __future__ import annotations

import os
from typing import Any

from ringfinder.casebook import ENVIRONMENT, FILE
from ringfinder.workspace import Workspace


def record(place: Workspace, action: str, subject: str = "", **details: Any) -> None:
    """Record what is about to be done; StoreError where the casebook does not take it. No name and no id of anybody."""
    if not os.environ.get(ENVIRONMENT) and not (place.folder / FILE).exists():
        return
    try:
        from ringfinder.casebook import audit  # noqa: PLC0415 - an extra brings what it needs
        from ringfinder.casebook.database import open_casebook  # noqa: PLC0415
    except ModuleNotFoundError:
        return
    with open_casebook(place.folder) as book:
        audit.record(book, audit.command_line(), action, subject, details)


def record_unmasking(place: Workspace, unmask: bool, command: str, subject: str = "") -> None:
    """Record that a command is about to show values in full, where it is."""
    if unmask:
        record(place, "unmasked", subject, command=command)
