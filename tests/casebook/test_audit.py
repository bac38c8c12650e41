"""The audit trail on both databases: it is only added to, and shows where it was changed all the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ringfinder.casebook import audit, keys
from ringfinder.casebook.audit import FIRST, Read, Verdict
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.errors import StoreError

SINCE = datetime(2024, 3, 1, tzinfo=UTC)
READS = (Read("k1", "patient", "P1", 3), Read("k2", "account", "6222", 1))


def fill(casebook: Casebook) -> None:
    """Four entries; the third is a batch of reads."""
    audit.record(casebook, "key k1", "run.started", "j1", {"claims": "三月"})
    audit.record(casebook, "key k1", "run.pinned", "r1", {})
    audit.record_reads(casebook, SINCE, READS)
    audit.record(casebook, "key k1", "run.unpinned", "r1", {})


def by_force(casebook: Casebook, *statements: str) -> None:
    """What somebody does who owns the database: the triggers are gone first."""
    with casebook.session() as session:
        for table in ("audit", "audit_reads"):
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            else:
                for moment in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER IF EXISTS {table}_{moment}"))
        for statement in statements:
            session.execute(text(statement))


def test_entries_are_numbered_and_chained(casebook: Casebook) -> None:
    assert audit.verify(casebook) == Verdict(0, FIRST)
    fill(casebook)
    last, *_, first = audit.latest(casebook, 10)
    assert (first.number, first.previous, first.subject, first.details) == (1, FIRST, "j1", '{"claims": "三月"}')
    assert audit.verify(casebook) == Verdict(4, last.digest)
    assert audit.digest_at(casebook, 1) == first.digest
    assert audit.digest_at(casebook, 9) is None
    assert [one.number for one in audit.latest(casebook, 2)] == [4, 3]


def test_reads_tell_who_looked_at_whom_how_often(casebook: Casebook) -> None:
    fill(casebook)
    audit.record_reads(casebook, SINCE, (Read("k9", "patient", "P1", 7),))
    told = audit.reads_of(casebook, "patient", "P1")
    assert [(read.key_id, read.reads) for _, read in told] == [("k9", 7), ("k1", 3)]
    assert audit.reads_of(casebook, "doctor", "P1") == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        "UPDATE audit_reads SET reads = 0",
        "DELETE FROM audit_reads",
    ],
)
def test_database_refuses_to_change_the_trail(casebook: Casebook, statement: str) -> None:
    fill(casebook)
    before = audit.verify(casebook)
    with pytest.raises(StoreError), casebook.session() as session:
        session.execute(text(statement))
    assert audit.verify(casebook) == before


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET actor = 'key k2' WHERE number = 1", 1),
        ("UPDATE audit SET details = '{}' WHERE number = 1", 1),
        ("UPDATE audit SET subject = 'r2' WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("UPDATE audit SET number = 9 WHERE number = 4", 4),
        ("UPDATE audit_reads SET reads = 1 WHERE entity_id = 'P1'", 3),
        ("UPDATE audit_reads SET entity_id = 'P2' WHERE entity_id = 'P1'", 3),
        ("DELETE FROM audit_reads WHERE entity_id = 'P1'", 3),
        ("INSERT INTO audit_reads VALUES (1, 0, 'k', 'patient', 'P1', 1)", 1),
        ("INSERT INTO audit_reads VALUES (8, 0, 'k', 'patient', 'P1', 1)", 5),
    ],
)
def test_change_by_force_is_found_where_it_was_made(casebook: Casebook, statement: str, broken: int) -> None:
    fill(casebook)
    by_force(casebook, statement)
    assert audit.verify(casebook).broken == broken


def test_end_that_was_cut_off_shows_where_its_digest_was_kept(casebook: Casebook) -> None:
    fill(casebook)
    kept = audit.verify(casebook)
    by_force(casebook, "DELETE FROM audit WHERE number = 4")
    assert audit.verify(casebook).broken is None
    assert audit.digest_at(casebook, kept.entries) is None


def test_entry_falls_with_its_transaction(casebook: Casebook) -> None:
    def broken() -> None:
        with casebook.session() as session:
            audit.append(session, "a", "b", "c", {})
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        broken()
    assert audit.verify(casebook).entries == 0


def test_many_who_add_at_once_make_one_chain(url: str, tmp_path: Path) -> None:
    def add(book: Casebook) -> Callable[[int], None]:
        def one(number: int) -> None:
            if number % 2:
                audit.record(book, "a", "b", str(number), {})
            else:
                keys.create(book, str(number), ["system"], None, None)

        return one

    with open_casebook(tmp_path, url) as book, open_casebook(tmp_path, url) as other, ThreadPoolExecutor(8) as pool:
        list(pool.map(add(book), range(20)))
        list(pool.map(add(other), range(20)))
        assert audit.verify(book).entries == 40
        assert audit.verify(book).broken is None


def test_steps_of_a_key_are_in_the_trail(casebook: Casebook) -> None:
    key, shown = keys.create(casebook, "somebody's name", ["system"], ["a"], None)
    new, _ = keys.rotate(casebook, key.key_id, 1)
    keys.revoke(casebook, new.key_id)
    keys.revoke(casebook, new.key_id)
    told = audit.latest(casebook, 10)
    assert [(one.action, one.subject) for one in reversed(told)] == [
        ("key.created", key.key_id),
        ("key.rotated", key.key_id),
        ("key.revoked", new.key_id),
    ]
    said = "".join(one.details + one.actor for one in told)
    assert keys.split(shown)[1] not in said  # a secret may begin with a line itself
    assert "somebody" not in said


def test_step_that_fails_leaves_neither_key_nor_entry(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(session: Session, *_: object) -> int:
        raise StoreError("no")

    monkeypatch.setattr(keys, "append", broken)
    with pytest.raises(StoreError):
        keys.create(casebook, "x", ["system"], None, None)
    assert keys.all_keys(casebook) == ()
