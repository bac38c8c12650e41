"""The driver, opened when it is first needed: reading sessions, and transactions that are tried again.

Tried again are only errors that the server or driver calls transient, each for its reason: two transactions waited for
each other's locks (`DeadlockDetected`), the leader of a cluster changed (`NotALeader`), memory of other transactions was
not free yet, the connection broke before an answer. An answer that was lost after the commit makes a batch run twice:
what must happen once is kept by a mark (see `marks`). Anything else is an error at once.

`id()` is used inside one load or one reading, to say which node is meant: it is deprecated for keeping, which we never
do, and half as long on the wire as `elementId()`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import neo4j
from neo4j import exceptions

from ringfinder.errors import UsageError
from ringfinder.store.neo4j.address import Address
from ringfinder.store.neo4j.border import server_errors
from ringfinder.store.neo4j.names import prefixed
from ringfinder.words.sentences import Sentence

T = TypeVar("T")
Values = Mapping[str, Any]

CONNECT_SECONDS = 10.0
RETRY_SECONDS = 60.0
PAUSE_SECONDS = 0.5
OLDEST = (5, 23)  # `CALL (variables) { }`, which clearing uses

# The driver tells what it tries again, with messages of the server, which may quote claims.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
logging.getLogger("neo4j").propagate = False


@dataclass(frozen=True)
class Transaction:
    """One transaction of ours; its statements are written with the plain names of the graph model."""

    tx: neo4j.ManagedTransaction
    prefix: str

    def send(self, statement: str, values: Values) -> neo4j.Result:
        """A statement: values travel as parameters, its text is made of names of the graph model alone."""
        return self.tx.run(prefixed(statement, self.prefix), dict(values))


class Link:
    """A connection to one database; closing twice is harmless."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._driver: neo4j.Driver | None = None

    @contextmanager
    def session(self, *, reading: bool) -> Iterator[neo4j.Session]:
        """A session; errors of the driver inside become ours."""
        with server_errors(self.address):
            mode = neo4j.READ_ACCESS if reading else neo4j.WRITE_ACCESS
            with self._live().session(
                database=self.address.database, default_access_mode=mode, fetch_size=1000
            ) as session:
                yield session

    def rows(self, statement: str, **values: Any) -> list[list[Any]]:
        """All rows of a reading statement of ours."""
        with self.session(reading=True) as session:
            return session.execute_read(lambda tx: self._in(tx).send(statement, values).values())

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do `work` in one transaction, again after transient errors."""
        with self.session(reading=False) as session:
            return session.execute_write(lambda tx: work(self._in(tx)))

    def change(self, statement: str, **values: Any) -> neo4j.ResultSummary:
        """One writing statement in a transaction of its own; the server's counts."""
        return self.write(lambda tx: tx.send(statement, values).consume())

    def steps(self, match: str, name: str, work: str, rows: int, **values: Any) -> None:
        """Do `work` to each `name` that `match` finds, so many in a transaction; it can be repeated from anywhere."""
        # The driver tries transactions again that it opened; these are the server's own.
        end = time.monotonic() + RETRY_SECONDS
        with self.session(reading=False) as session:
            statement = f"{match} CALL ({name}) {{ {work} }} IN TRANSACTIONS OF {rows} ROWS"
            while True:
                try:
                    session.run(prefixed(statement, self.prefix), dict(values)).consume()
                    return
                except (exceptions.DriverError, exceptions.Neo4jError) as error:
                    if not error.is_retryable() or time.monotonic() > end:
                        raise
                    time.sleep(PAUSE_SECONDS)  # until the other one, or the server, is through

    @property
    def prefix(self) -> str:
        """What our labels and types begin with in this database."""
        return self.address.prefix

    def _in(self, tx: neo4j.ManagedTransaction) -> Transaction:
        return Transaction(tx, self.prefix)

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()
        self._driver = None

    def _live(self) -> neo4j.Driver:
        if self._driver is None:
            driver = neo4j.GraphDatabase.driver(
                self.address.uri,
                auth=(self.address.user, self.address.password),
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=CONNECT_SECONDS,
                max_transaction_retry_time=RETRY_SECONDS,
                notifications_min_severity="OFF",  # hints for whoever writes Cypher; ours is tested
                telemetry_disabled=True,
            )
            try:
                self._check_version(driver)
            except BaseException:
                driver.close()
                raise
            self._driver = driver
        return self._driver

    def _check_version(self, driver: neo4j.Driver) -> None:
        """Connect, so that a server that is not there is told now and not tried for a minute."""
        agent = driver.get_server_info().agent  # "Neo4j/5.26.14"
        numbers = agent.partition("/")[2].split(".")[:2]
        if not all(part.isdigit() for part in numbers) or tuple(int(part) for part in numbers) < OLDEST:
            raise UsageError(
                Sentence(
                    "faults_store.neo4j_old", where=self.address.uri, agent=agent, first=OLDEST[0], second=OLDEST[1]
                )
            )
