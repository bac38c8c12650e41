"""A casebook in one file, taken while others write; and back again.

A backup is a casebook of its own, on SQLite, whatever the database is that it was taken of: of SQLite by its online backup, of
PostgreSQL by its rows as they are at one moment. So one format is restored to either, and a casebook can move from one to the other.
It is written beside its place and renamed when it is whole and checked: a backup that was cut off by a full disk or a kill is none.
Who gave tips is in it sealed, as in the database; the key is not, and must be kept elsewhere.

`restore` fills an empty casebook only: what is there is never overwritten. An older backup is brought up to date on a copy.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text

from ringfinder.casebook import FILE, audit
from ringfinder.casebook.changes import altered_texts
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.reporters import SealState, seal_state
from ringfinder.casebook.schema import METADATA
from ringfinder.casebook.sealing import SealKeys
from ringfinder.errors import StoreError, UsageError, is_disk_full
from ringfinder.words.sentences import Sentence

AT_ONCE = 500  # rows in memory
MODE = 0o600


@dataclass(frozen=True)
class Health:
    """What `verify` found. `damage`: what the database says of itself; `broken`: first entry of the trail that does not fit;
    `altered`: texts that are not what the trail says; `rows`: by table."""

    damage: tuple[str, ...]
    broken: int | None
    entries: int
    last: str
    altered: tuple[tuple[int, str], ...]
    seals: SealState
    rows: dict[str, int]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong; a key that is missing is told, and no damage."""
        return not self.damage and self.broken is None and not self.altered


def backup(casebook: Casebook, target: Path) -> int:
    """Write a backup; its size in bytes. StoreError where there is no room, UsageError where something is there already."""
    if target.exists():
        raise UsageError(Sentence("faults_casebook.backup_there", name=target.name))
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=MODE)
        with casebook.at_one_moment() as connection:
            if connection.dialect.name == "sqlite":
                _online(connection, part)
            else:
                _of_rows(connection, part)
        _check(part)
        part.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise _told(error, target) from error
    finally:
        for file in (part, *(part.with_name(f"{part.name}{end}") for end in ("-wal", "-shm", "-journal"))):
            with suppress(OSError):
                file.unlink(missing_ok=True)
    return target.stat().st_size


def restore(source: Path, casebook: Casebook) -> dict[str, int]:
    """Fill an empty casebook from a backup; rows by table. UsageError where the casebook is not empty."""
    with _opened(source) as old, casebook.session() as session:
        connection = session.connection()
        for table in METADATA.sorted_tables:
            if connection.scalar(select(func.count()).select_from(table)):
                raise UsageError(Sentence("faults_casebook.not_empty"))
        with old.at_one_moment() as reading:
            rows = _copy(reading, connection)
    count_anew(casebook)
    return rows


def count_anew(casebook: Casebook) -> None:
    """After many rows came at once: PostgreSQL counts what it has by itself only some time later, and plans as if its tables were
    empty until then, so that a report takes seconds.
    """
    with casebook.session() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection().exec_driver_sql(f"ANALYZE {', '.join(METADATA.tables)}")


def verify(casebook: Casebook, keys: SealKeys) -> Health:
    """Look at everything that can be checked."""
    with casebook.at_one_moment() as connection:
        damage = _damage(connection)
        rows = {
            table.name: int(connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in METADATA.sorted_tables
        }
    verdict = audit.verify(casebook)
    return Health(
        damage,
        verdict.broken,
        verdict.entries,
        verdict.last,
        altered_texts(casebook),
        seal_state(casebook, keys),
        rows,
    )


def verify_file(source: Path, keys: SealKeys) -> Health:
    """Look at a backup, on a copy: an older one is brought up to date first."""
    with _opened(source) as book:
        return verify(book, keys)


@contextmanager
def _opened(source: Path) -> Iterator[Casebook]:
    """A copy of a backup, up to date; the backup itself stays as it is."""
    if not source.is_file():
        raise UsageError(Sentence("faults_casebook.no_backup", name=source.name))
    with tempfile.TemporaryDirectory(prefix="ringfinder-") as folder:
        copy = Path(folder) / FILE
        try:
            _check(source)
            shutil.copyfile(source, copy)
        except sqlite3.DatabaseError as error:
            raise UsageError(Sentence("faults_casebook.no_backup_file", name=source.name)) from error
        except OSError as error:
            raise _told(error, source) from error
        with open_casebook(Path(folder), f"sqlite:///{copy}") as book:
            yield book


def _online(connection: Connection, part: Path) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    target = sqlite3.connect(part)
    try:
        driver.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, and nothing beside it
    finally:
        target.close()


def _of_rows(connection: Connection, part: Path) -> None:
    with open_casebook(part.parent, f"sqlite:///{part}") as book:
        with book.session() as session:
            _copy(connection, session.connection())
        with book.at_one_moment() as writing:
            writing.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with sqlite3.connect(part) as last:
        last.execute("PRAGMA journal_mode = DELETE")
    last.close()


def _copy(reading: Connection, writing: Connection) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table in METADATA.sorted_tables:
        counts[table.name] = 0
        found = reading.execution_options(yield_per=AT_ONCE).execute(select(table))
        for rows in found.mappings().partitions():
            writing.execute(insert(table), [dict(row) for row in rows])
            counts[table.name] += len(rows)
    return counts


def _check(file: Path) -> None:
    """sqlite3.DatabaseError where the file is no whole database."""
    checked = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        (said,) = checked.execute("PRAGMA integrity_check").fetchone()
        checked.execute("SELECT version_num FROM alembic_version").fetchone()
    finally:
        checked.close()
    if said != "ok":
        raise sqlite3.DatabaseError(said)


def _damage(connection: Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with itself; PostgreSQL checks its pages and keys as it goes."""
    if connection.dialect.name != "sqlite":
        return ()
    said = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
    strays = sorted({str(row[0]) for row in connection.execute(text("PRAGMA foreign_key_check"))})
    return tuple([one for one in said if one != "ok"] + [f"{table}: foreign keys" for table in strays])


def _told(error: Exception, file: Path) -> StoreError:
    if is_disk_full(error) or getattr(error, "sqlite_errorcode", None) in {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
    }:
        return StoreError(Sentence("faults_casebook.no_room_for", name=file.name))
    kind = type(error).__name__
    return StoreError(Sentence("faults_casebook.backup_failed", name=file.name, kind=kind))
