from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

from ringfinder.casebook import ENVIRONMENT, audit, keys
from ringfinder.casebook.audit import Read
from ringfinder.casebook.database import open_casebook
from ringfinder.workspace import Workspace

Invoke = Callable[..., Result]
PLACE = Path("ringfinder-data")


def test_trail_is_whole_until_somebody_changes_it(invoke: Invoke) -> None:
    invoke("keys", "create", "x", "--role", "viewer")
    whole = invoke("audit", "verify")
    assert whole.exit_code == 0
    heading, kept = whole.output.splitlines()
    assert "is whole; entries: 1" in heading
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


@pytest.mark.parametrize("serving", [False, True], ids=["closed", "open elsewhere"])
def test_trail_of_a_workspace_that_may_only_be_read_is_read_and_not_written(invoke: Invoke, serving: bool) -> None:
    invoke("keys", "create", "x", "--role", "viewer")
    elsewhere = open_casebook(PLACE) if serving else None
    if elsewhere is not None:
        keys.create(elsewhere, "y", ("viewer",), None, None)  # stands in the writer's log alone
    files = sorted(PLACE.iterdir())
    for one in (*files, PLACE):
        one.chmod(one.stat().st_mode & ~0o222)
    try:
        for args in (
            ("audit", "list", "--json"),
            ("audit", "verify"),
            ("audit", "reads", "patient", "P1"),
            ("keys", "list"),
        ):
            done = without_rights(*args)
            assert (args, done.returncode, done.stderr) == (args, 0, "")
            if "--json" in args:
                assert [one["action"] for one in json.loads(done.stdout)] == ["key.created"] * (1 + serving)
        refused = without_rights("keys", "create", "z", "--role", "viewer")
        assert refused.returncode == 1
        assert "the casebook cannot be written; check the owner" in refused.stderr
        assert sorted(PLACE.iterdir()) == files
    finally:
        PLACE.chmod(0o700)
        if elsewhere is not None:
            elsewhere.close()


def without_rights(*args: str) -> subprocess.CompletedProcess[str]:
    """The command as somebody who may not write what is not theirs to write: root puts that right down first."""
    less = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"] if os.geteuid() == 0 else []
    command = [*less, str(Path(sys.executable).parent / "ringfinder"), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_runs_and_unmasking_on_the_command_line_are_recorded_once_there_is_a_trail(
    invoke: Invoke, tmp_path: Path
) -> None:
    claims = tiny.write_csv(tmp_path / "claims")
    assert invoke("run", claims).exit_code == 0
    assert not (PLACE / "casebook.db").exists()
    assert invoke("keys", "create", "x", "--role", "viewer").exit_code == 0
    assert invoke("run", claims).exit_code == 0
    run_id = Workspace(PLACE).needed().run_id
    for command in (
        ("runs", "pin", run_id),
        ("runs", "unpin", run_id),
        ("runs", "prune", "--keep", "5"),
        ("rings", "--unmask"),
        ("rings",),
        ("who", "patient", "P1", "--unmask"),
        ("query", "RETURN 1 AS x", "--unmask"),
        ("cypher", "run", "result/rings", "--unmask"),
    ):
        assert invoke(*command).exit_code == 0, command
    assert invoke("runs", "pin", "nothing").exit_code == 2
    listed = json.loads(invoke("audit", "list", "--json").output)[::-1]
    assert [(one["action"], one["subject"]) for one in listed[1:]] == [
        ("run.started", ""),
        ("run.pinned", run_id),
        ("run.unpinned", run_id),
        ("runs.pruned", ""),
        ("unmasked", ""),
        ("unmasked", ""),
        ("unmasked", ""),
        ("unmasked", "result/rings"),
    ]
    assert {one["actor"] for one in listed} == {audit.command_line()}
    assert "P1" not in json.dumps(listed)


def test_nothing_is_shown_in_full_where_the_trail_does_not_answer(
    invoke: Invoke, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, "postgresql://somebody@127.0.0.1:1/x")
    assert invoke("rings", "--workspace", workspace).exit_code == 0
    refused = invoke("rings", "--workspace", workspace, "--unmask")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "does not answer" in refused.stderr
