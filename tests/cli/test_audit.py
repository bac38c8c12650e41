from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from typer.testing import Result

from ringfinder.casebook import audit
from ringfinder.casebook.audit import Read
from ringfinder.casebook.database import open_casebook

Invoke = Callable[..., Result]
PLACE = Path("ringfinder-data")


def test_trail_is_whole_until_somebody_changes_it(invoke: Invoke) -> None:
    invoke("keys", "create", "x", "--role", "viewer")
    whole = invoke("audit", "verify")
    assert whole.exit_code == 0
    heading, kept = whole.output.splitlines()
    assert "is whole: 1 entries" in heading
    invoke("keys", "create", "y", "--role", "viewer")
    assert invoke("audit", "verify", "--expect", kept).exit_code == 0
    other = invoke("audit", "verify", "--expect", kept[:-1] + "x")
    assert (other.exit_code, "does not hold entry 1 as it was" in other.stderr) == (1, True)
    assert invoke("audit", "verify", "--expect", "nonsense").exit_code == 2
    with sqlite3.connect(PLACE / "casebook.db") as db:
        db.execute("DROP TRIGGER audit_update")
        db.execute("UPDATE audit SET actor = 'nobody' WHERE number = 2")
    db.close()
    changed = invoke("audit", "verify")
    assert (changed.exit_code, "changed at entry 2" in changed.stderr) == (1, True)


def test_entries_and_reads_are_listed(invoke: Invoke) -> None:
    made = json.loads(invoke("keys", "create", "x", "--role", "viewer", "--json").output)
    with open_casebook(PLACE) as book:
        audit.record_reads(book, datetime(2024, 3, 1, tzinfo=UTC), [Read(made["key_id"], "patient", "P1", 3)])
    listed = json.loads(invoke("audit", "list", "--json").output)
    assert [(one["number"], one["action"], one["subject"]) for one in listed] == [
        (2, "reads", ""),
        (1, "key.created", made["key_id"]),
    ]
    assert "key.created" in invoke("audit", "list").output
    reads = json.loads(invoke("audit", "reads", "patient", "P1", "--json").output)
    assert [(one["key_id"], one["reads"]) for one in reads] == [(made["key_id"], 3)]
    assert made["key_id"] in invoke("audit", "reads", "patient", "P1").output
    assert json.loads(invoke("audit", "reads", "patient", "P2", "--json").output) == []
