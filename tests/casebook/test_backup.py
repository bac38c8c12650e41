"""Backups that are taken while others write, restored to either database; disks that are full."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, select, text

import ringfinder.casebook as package
from ringfinder.casebook import audit, backup, keys, reporters, rewards, tips, watching
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.rewards import Worth
from ringfinder.casebook.rules import Rules, read_rules
from ringfinder.casebook.schema import METADATA
from ringfinder.casebook.sealing import SealKeys, id_of
from ringfinder.casebook.tip_list import Wanted, page
from ringfinder.casebook.tip_states import Tip
from ringfinder.errors import StoreError, UsageError
from tests.casebook.reports import ACTOR, MONDAY, REPORTER, gone_on, recorded

KEYS = SealKeys((b"k" * 32,))
EVERYTHING = (REPORTER.name, REPORTER.phone, REPORTER.id_number, REPORTER.address, REPORTER.account)


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return read_rules(tmp_path)


def filled(casebook: Casebook, rules: Rules) -> Tip:
    """One of everything: a named tip that is closed, with its reward, and an entry of the watch list."""
    tip = recorded(casebook, rules)
    known = reporters.identify(casebook, tip.tip_id, 1, REPORTER, KEYS, rules, ACTOR)
    assert known is not None
    tip = gone_on(casebook, rules, known, "check", MONDAY, "substantiated")
    tip = gone_on(casebook, rules, gone_on(casebook, rules, tip, "answer", MONDAY, told="查实了"), "close", MONDAY)
    rewards.book(casebook, tip.tip_id, tip.version, Worth(1, Decimal("1234.56"), False), rules, ACTOR)
    today = rules.today()
    entry = watching.Entry("patient", "P77777", "某甲", "东城", "空刷", "hand", None, today, today + timedelta(days=9))
    watching.watch(casebook, entry, rules, ACTOR)
    keys.create(casebook, "x", ["system"], None, None)
    found = tips.find(casebook, tip.tip_id)
    assert found is not None
    return found


def content(casebook: Casebook) -> dict[str, list[tuple[object, ...]]]:
    with casebook.at_one_moment() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_backup_is_restored_to_either_database_row_by_row(
    casebook: Casebook, rules: Rules, tmp_path: Path, target: str, request: pytest.FixtureRequest
) -> None:
    filled(casebook, rules)
    before = content(casebook)
    file = tmp_path / "copy.db"
    assert backup.backup(casebook, file) == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.glob("copy.db*")] == ["copy.db"]
    url = f"sqlite:///{tmp_path / 'new.db'}" if target == "sqlite" else _database(request)
    with open_casebook(tmp_path, url) as book:
        assert sum(backup.restore(file, book).values()) == sum(len(rows) for rows in before.values())
        assert content(book) == before
        health = backup.verify(book, KEYS)
        assert (health.whole, health.seals.open, health.rows["tips"]) == (True, 1, 1)
        with pytest.raises(UsageError, match="not empty"):
            backup.restore(file, book)
        if target == "postgresql":  # it plans by what it holds from now on, not as if it were empty
            with book.session() as session:
                told = text("SELECT reltuples FROM pg_class WHERE oid = 'audit'::regclass")
                assert session.scalar(told) == len(before["audit"])
    with pytest.raises(UsageError, match="there already"):
        backup.backup(casebook, file)
    assert backup.verify_file(file, SealKeys()).seals.missing == {id_of(b"k" * 32): 1}


def _database(request: pytest.FixtureRequest) -> str:
    server: str = request.getfixturevalue("postgres")
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS restored"))
        connection.execute(text("CREATE DATABASE restored"))
    engine.dispose()
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/restored?{query}"


def test_backup_that_is_taken_while_others_write_is_whole(casebook: Casebook, rules: Rules, tmp_path: Path) -> None:
    ending = threading.Event()

    def write() -> None:
        while not ending.is_set():
            recorded(casebook, rules)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(3):
            backup.backup(casebook, tmp_path / f"{number}.db")
            health = backup.verify_file(tmp_path / f"{number}.db", KEYS)
            counts.append(health.rows["tips"])
            assert health.whole
            assert health.rows["tip_entities"] == 2 * counts[-1]
            assert health.entries == counts[-1]
    finally:
        ending.set()
        writer.join()
    assert counts == sorted(counts)


def test_damaged_or_foreign_file_is_no_backup(casebook: Casebook, rules: Rules, tmp_path: Path) -> None:
    filled(casebook, rules)
    file = tmp_path / "copy.db"
    backup.backup(casebook, file)
    whole = file.read_bytes()
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE notes (text)")
    other.close()
    for wrong in (whole[: len(whole) // 2], b"no database" * 1000, (tmp_path / "other.db").read_bytes()):
        file.write_bytes(wrong)
        with pytest.raises(UsageError, match="no backup"):
            backup.verify_file(file, KEYS)
    with pytest.raises(UsageError, match="there is no backup"):
        backup.verify_file(tmp_path / "nothing.db", KEYS)


def test_change_behind_the_trail_is_found(casebook: Casebook, rules: Rules) -> None:
    filled(casebook, rules)
    with casebook.session() as session:
        session.execute(text("UPDATE text_changes SET after = 'other' WHERE field = 'told'"))
    health = backup.verify(casebook, KEYS)
    assert not health.whole
    assert [field for _, field in health.altered] == ["told"]


def test_reporter_is_in_no_byte_of_database_backup_or_error(tmp_path: Path, rules: Rules) -> None:
    with open_casebook(tmp_path, f"sqlite:///{tmp_path / 'casebook.db'}") as book:
        tip = filled(book, rules)
        backup.backup(book, tmp_path / "copy.db")
        with book.session() as session:
            session.execute(text("UPDATE tip_identities SET content = substr(content, 2)"))
        with pytest.raises(StoreError) as told:
            reporters.read(book, tip.tip_id, KEYS, ACTOR, "x")
        assert [one for one in EVERYTHING if one and one.encode() in _bytes(tmp_path)] == []
        assert [one for one in EVERYTHING if one and one in repr(told.value) + repr(told.value.__cause__)] == []


def _bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path, rules: Rules) -> None:
    with open_casebook(tmp_path, f"sqlite:///{tmp_path / 'casebook.db'}") as book:
        recorded(book, rules)
        with book.at_one_moment() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

        @event.listens_for(book._engine, "checkout")
        def _no_room(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        def fill() -> None:
            for _ in range(200):
                recorded(book, rules, summary="long" * 2000)

        with pytest.raises(StoreError, match="no room"):
            fill()
        event.remove(book._engine, "checkout", _no_room)
        _, before, _ = page(book, Wanted(), "received", None, 1)
        health = backup.verify(book, KEYS)
        assert (health.whole, health.entries) == (True, before)
    with open_casebook(tmp_path, f"sqlite:///{tmp_path / 'casebook.db'}") as book:
        recorded(book, rules, summary="long" * 2000)
        assert page(book, Wanted(), "received", None, 1)[1] == before + 1


def test_backup_on_a_full_disk_leaves_no_half_file(casebook: Casebook, rules: Rules, url: str, tmp_path: Path) -> None:
    filled(casebook, rules)
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from ringfinder.casebook import backup; from ringfinder.casebook.database import open_casebook\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "book = open_casebook(Path(sys.argv[2]).parent, sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "backup.backup(book, Path(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, url, str(tmp_path / "copy.db")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "StoreError" in done.stderr
    assert [one.name for one in tmp_path.glob("copy.db*")] == []


STEPS = sorted(file.stem[1:5] for file in (Path(package.__file__).parent / "migrations" / "versions").glob("m0*.py"))


@pytest.mark.parametrize("step", STEPS)
def test_casebook_of_every_step_is_brought_up_to_date_with_what_is_in_it(url: str, tmp_path: Path, step: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        connection.execute(
            text(
                "INSERT INTO api_keys (key_id, name, digest, roles, created_at)"
                " VALUES ('k1', 'old', '00', '[\"system\"]', '2026-01-01 00:00:00')"
            )
        )
    engine.dispose()
    with open_casebook(tmp_path, url) as book:
        assert [key.name for key in keys.all_keys(book)] == ["old"]
        tip = recorded(book, read_rules(tmp_path))
        assert tips.find(book, tip.tip_id) == tip
        assert audit.verify(book).broken is None
