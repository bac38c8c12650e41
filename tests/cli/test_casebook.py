from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from typer.testing import Result

from ringfinder.casebook import reporters, watching
from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.rules import read_rules
from ringfinder.casebook.sealing import ENVIRONMENT, read_keys
from tests.casebook.reports import ACTOR, REPORTER, recorded

Invoke = Callable[..., Result]
PLACE = Path("ringfinder-data")


def test_backup_is_made_checked_and_restored(invoke: Invoke) -> None:
    invoke("keys", "create", "x", "--role", "viewer")
    made = invoke("casebook", "backup", "copy.db")
    assert (made.exit_code, made.output.startswith("Backed up to copy.db")) == (0, True)
    again = invoke("casebook", "backup", "copy.db")
    assert (again.exit_code, "there already" in again.stderr) == (2, True)
    assert json.loads(invoke("casebook", "verify", "--file", "copy.db", "--json").output)["rows"]["api_keys"] == 1
    refused = invoke("casebook", "restore", "copy.db")
    assert (refused.exit_code, "not empty" in refused.stderr) == (2, True)
    restored = invoke("casebook", "restore", "copy.db", "--workspace", "other", "--json")
    assert json.loads(restored.output)["api_keys"] == 1
    assert invoke("casebook", "verify", "--workspace", "other").output.startswith("The casebook is whole")
    assert "restored" in invoke("audit", "list", "--workspace", "other").output


def test_key_is_made_lost_found_and_rotated(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (invoke("casebook", "new-key").output.strip() for _ in range(2))
    monkeypatch.setenv(ENVIRONMENT, old)
    rules = read_rules(PLACE)
    with open_casebook(PLACE) as book:
        tip = recorded(book, rules)
        reporters.identify(book, tip.tip_id, 1, REPORTER, read_keys(), rules, ACTOR)
    monkeypatch.setenv(ENVIRONMENT, new)
    lost = invoke("casebook", "verify")
    assert (lost.exit_code, "1 are sealed with the key" in lost.output) == (0, True)
    monkeypatch.setenv(ENVIRONMENT, f"{new} {old}")
    assert invoke("casebook", "reseal").output == "Identities sealed anew: 1.\n"
    monkeypatch.setenv(ENVIRONMENT, new)
    assert json.loads(invoke("casebook", "verify", "--json").output)["identities"] == {"open": 1, "missing": {}}
    monkeypatch.delenv(ENVIRONMENT)
    assert (invoke("casebook", "reseal").exit_code, invoke("casebook", "verify").exit_code) == (2, 0)


def watched_long_ago() -> None:
    """An entry of the watch list that ended in 2020."""
    rules = read_rules(PLACE)
    with open_casebook(PLACE) as book:
        today = rules.today()
        entry = watching.Entry("facility", "H1", None, "x", "why", "hand", None, today - timedelta(days=3), today)
        watching.watch(book, entry, rules, ACTOR)
        with book.session() as session:
            session.execute(text("UPDATE watched SET ends_on = '2020-01-01'"))


def test_night_job_writes_down_what_is_over_and_forgets_by_rule(invoke: Invoke) -> None:
    watched_long_ago()
    first, again = (json.loads(invoke("casebook", "expire", "--json").output) for _ in range(2))
    assert [(one["watched"], one["deadlines"]) for one in (first, again)] == [(1, 0), (0, 0)]
    assert again["keeping"] == first["keeping"]  # told, and nothing of it done
    due = {
        name: (len(one["due"]), one["since"], one["months"], one["erased"]) for name, one in first["keeping"].items()
    }
    assert due == {
        "identities": (0, None, 36, 0),
        "tips": (0, None, 120, 0),
        "watch": (1, "2020-01-01", 60, 0),
        "cases": (0, None, 60, 0),
        "decided": (0, None, 120, 0),
        "looks": (0, None, 60, 0),
        "checks": (0, None, 120, 0),
    }
    told = invoke("casebook", "expire").output.splitlines()
    assert told[1].startswith(
        "entries of the watch list: 1 kept for 60 months, the first ended on 2020-01-01. By: Personal Information"
    )
    assert told[-1:] == ["Nothing was erased. When that is right, give --erase."]
    done = invoke("casebook", "expire", "--erase").output.splitlines()
    assert "entries of the watch list: 1 forgotten." in done
    assert done[-1] == "Backups that were taken before hold it still: drop them by the same rule."
    assert json.loads(invoke("casebook", "expire", "--json").output)["keeping"]["watch"]["due"] == []


def test_what_is_erased_is_looked_up_once_and_told_as_it_was_erased(invoke: Invoke) -> None:
    watched_long_ago()
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        told = json.loads(invoke("casebook", "expire", "--erase", "--json").output)["keeping"]
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert {name: (len(one["due"]), one["erased"]) for name, one in told.items() if one["due"]} == {"watch": (1, 1)}
    closed = [one for one in asked if one.startswith("SELECT cases.case_id, cases.closed_at FROM cases")]
    assert len(closed) == 2  # cases without and with a decision


def test_changed_casebook_is_told(invoke: Invoke) -> None:
    rules = read_rules(PLACE)
    with open_casebook(PLACE) as book:
        recorded(book, rules)
        with book.session() as session:
            session.execute(text("UPDATE text_changes SET after = 'other'"))
    told = invoke("casebook", "verify")
    assert (told.exit_code, "damaged or was changed" in told.stderr) == (1, True)
    assert json.loads(invoke("casebook", "verify", "--json").stdout)["altered"] == [[1, "summary"]]
