"""The casebook's database: SQLite beside the runs by default, PostgreSQL where a URL says so.

    (nothing)                               WORKSPACE/casebook.db, mode 600
    RINGFINDER_CASEBOOK=postgresql://...    a PostgreSQL server

Its tables are brought up to date when it is opened. Several processes may do that at once: one of them migrates, under a
lock of the database itself, and the others wait. Errors of the driver become StoreError; they would quote the URL, which
holds a password, so that only their kind is told.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from ringfinder.casebook import ENVIRONMENT, FILE
from ringfinder.casebook.rules import Rules, read_rules
from ringfinder.errors import StoreError, UsageError
from ringfinder.words.sentences import Sentence, system_words

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

LOCK = 7_246_001  # any number that nobody else in that database uses
WAIT_SECONDS = 30  # for another process that writes


class Casebook:
    """An open database with its tables up to date. Also a context manager.

    `opened`: what `open_casebook` was told, for another process that opens it again; it may hold a password.
    """

    def __init__(self, engine: Engine, opened: tuple[Path, str | None]) -> None:
        self._engine, self.opened = engine, opened

    @cached_property
    def rules(self) -> Rules:
        """The rules of this place; UsageError where its file has something that is none."""
        return read_rules(self.opened[0])

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction, committed at the end; StoreError where the database does not answer."""
        with _answering(), Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def at_one_moment(self) -> Iterator[Connection]:
        """A connection that sees everything as it is at one moment, whatever others write meanwhile."""
        with _answering(), self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")  # changes it in place
            yield connection

    def write_over(self, tables: Iterable[str]) -> None:
        """What was erased from these tables is in none of their files any more: SQLite wrote over it, and its log is emptied where
        nobody reads at this moment; PostgreSQL writes the tables anew, and keeps its own log as long as it is told to.
        """
        with _answering(), self._engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                alone.exec_driver_sql(f"VACUUM (FULL) {', '.join(tables)}")

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def __enter__(self) -> Casebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_casebook(workspace: Path, url: str | None = None, *, reading: bool = False) -> Casebook:
    """The casebook at `url`, else at RINGFINDER_CASEBOOK, else in the workspace; made where there is none yet. `reading`: nothing will be
    written, so that a file which may only be read is enough.
    """
    given = url or os.environ.get(ENVIRONMENT)
    kept = workspace / FILE
    sealed = (
        reading and not given and kept.is_file() and not (os.access(kept, os.W_OK) and os.access(workspace, os.W_OK))
    )
    engine = _server(given) if given else _sealed(kept) if sealed else _file(workspace)
    try:
        with _answering(), engine.connect() as connection:
            _migrate(connection)
    except StoreError:
        engine.dispose()
        raise
    return Casebook(engine, (workspace, given))


def _server(given: str) -> Engine:
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise UsageError(Sentence("faults_casebook.no_url", name=ENVIRONMENT)) from error
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() != "postgresql":
        raise UsageError(Sentence("faults_casebook.which_database", name=url.get_backend_name()))
    try:
        # `psycopg` is the driver that the extra brings; the plain name would mean psycopg2.
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise UsageError(Sentence("faults_casebook.needs_postgres")) from error


def _file(workspace: Path) -> Engine:
    try:
        workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = workspace / FILE
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreError(Sentence("faults_casebook.not_writable", why=system_words(error))) from error
    return _sqlite(URL.create("sqlite", database=str(path)))


def _sealed(path: Path) -> Engine:
    """A file that may only be read. Where no writer's log lies beside it, SQLite would make one: it is told that nobody writes."""
    alone = not path.with_name(f"{path.name}-wal").exists()
    query = {"mode": "ro", "uri": "true"} | ({"immutable": "1"} if alone else {})
    return create_engine(URL.create("sqlite", database=path.resolve().as_uri(), query=query))


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _settings(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # what is erased is written over
        cursor.close()

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Readers do not wait for a writer. Who turns it on while another does is refused at once, however long SQLite may wait."""
    given_up = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > given_up:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(connection: Connection) -> None:
    """Bring the tables up to date; one process at a time."""
    from alembic import command  # noqa: PLC0415 - costs a fifth of a second
    from alembic.config import Config  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("ringfinder.casebook").joinpath("migrations")))
    newest = ScriptDirectory.from_config(config).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() == newest:
        return
    connection.rollback()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        kind = type(error).__name__
        if _is_full(error):
            raise StoreError(Sentence("faults_casebook.no_room")) from error
        if _is_sealed(error):
            raise StoreError(Sentence("faults_casebook.sealed")) from error
        raise StoreError(Sentence("faults_casebook.silent", kind=kind)) from error


def _is_full(error: SQLAlchemyError) -> bool:
    """Whether the database has no room to write: SQLITE_FULL, or PostgreSQL's disk_full."""
    driver = getattr(error, "orig", None)
    return (
        getattr(driver, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or getattr(driver, "sqlstate", None) == "53100"
    )


def _is_sealed(error: SQLAlchemyError) -> bool:
    """Whether SQLite may not write the file, or what it needs beside it; its code bears the kind in its last byte."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
