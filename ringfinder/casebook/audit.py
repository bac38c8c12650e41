"""The audit trail: who did what, in a chain that shows where it was changed afterwards.

    number  at  actor  action  subject  details  previous  digest

`digest` is the SHA-256 of all that stands before it, and `previous` the digest of the entry before: who changes, removes or
slips in an entry breaks the chain from there on. The database refuses to change or remove entries (triggers); the chain is for
whoever can go round that. Blind spot: cutting off its end leaves a chain that is whole. So `verify` tells number and digest of
the last entry; kept elsewhere, they show that later (`ringfinder audit verify --expect NUMBER:DIGEST`).

Reads of personal data are many: they are counted by key and entity, and written in batches of up to `MOST_IN_BATCH`. A batch is
one entry, with the number of its rows and their digest, so that the rows cannot be changed without breaking the chain either.
Entries hold ids of keys, runs and jobs; only rows of reads hold ids of people, since they must tell whose data was read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables import AuditReadRow, AuditRow

FIRST = "0" * 64  # what the first entry names as the digest before it
LOCK = 7_246_002  # of PostgreSQL: one writer at a time
MOST_IN_BATCH = 500
READS = "reads"
# Personal values were shown in full: of members of a ring, in a case; who gave a tip; by --unmask.
UNMASKED = ("case.unmasked", "tip.identity_read", "unmasked")
AT_ONCE = 1000  # entries in memory while all are checked


@dataclass(frozen=True)
class Entry:
    """An entry of the trail. `actor`: `key KEY_ID`, or the command line; `details`: JSON, as it was hashed."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: str
    previous: str
    digest: str


@dataclass(frozen=True)
class Read:
    """How often a key read what an entity's data say."""

    key_id: str
    entity_type: str
    entity_id: str
    reads: int


@dataclass(frozen=True)
class Verdict:
    """Whether the chain is whole. `broken`: the number of the first entry that does not fit, None where all do."""

    entries: int
    last: str
    broken: int | None = None


def command_line() -> str:
    """Who acts on the command line: the system's number of a user, since names are personal."""
    return f"command line, uid {os.getuid()}"


def append(session: Session, actor: str, action: str, subject: str, details: Mapping[str, Any]) -> int:
    """Add an entry within a transaction; its number. It stands or falls with what else the transaction does."""
    alone(session)
    last = session.execute(select(AuditRow.number, AuditRow.digest).order_by(AuditRow.number.desc()).limit(1)).first()
    number, previous = (1, FIRST) if last is None else (last.number + 1, last.digest)
    at = datetime.now(UTC)
    said = json.dumps(details, ensure_ascii=False, sort_keys=True)
    digest = digest_of(number, at, actor, action, subject, said, previous)
    entry = Entry(number, at, actor, action, subject, said, previous, digest)
    session.execute(insert(AuditRow).values(**vars(entry)))
    return number


def record(casebook: Casebook, actor: str, action: str, subject: str, details: Mapping[str, Any]) -> None:
    """Add an entry by itself."""
    with casebook.session() as session:
        append(session, actor, action, subject, details)


def record_reads(casebook: Casebook, since: datetime, reads: Sequence[Read]) -> None:
    """Add a batch of up to `MOST_IN_BATCH` rows, counted since then."""
    with casebook.session() as session:
        reads_in(session, since, reads)


def reads_in(session: Session, since: datetime, reads: Sequence[Read]) -> None:
    """The same within a transaction."""
    assert 0 < len(reads) <= MOST_IN_BATCH
    details = {"since": since.isoformat(), "rows": len(reads), "sha256": digest_of_reads(reads)}
    number = append(session, "service", READS, "", details)
    rows = [vars(read) | {"entry": number, "place": place} for place, read in enumerate(reads)]
    session.execute(insert(AuditReadRow), rows)


def digest_of(number: int, at: datetime, actor: str, action: str, subject: str, details: str, previous: str) -> str:
    """SHA-256 of an entry, hexadecimal."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest_of_all([number, moment, actor, action, subject, details, previous])


def digest_of_reads(reads: Sequence[Read]) -> str:
    """SHA-256 of the rows of a batch, in their order."""
    return digest_of_all([[one.key_id, one.entity_type, one.entity_id, one.reads] for one in reads])


def digest_of_all(values: Sequence[Any]) -> str:
    """SHA-256 of values in their order, as JSON, hexadecimal."""
    content = json.dumps(values, ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def verify(casebook: Casebook) -> Verdict:
    """Go along the whole chain."""
    count, last = 0, FIRST
    with casebook.session() as session:
        for entry in _entries(session):
            fits = entry.number == count + 1 and entry.previous == last and _holds(session, entry)
            if not fits:
                return Verdict(count, last, count + 1)
            count, last = entry.number, entry.digest
        orphans = session.scalar(select(func.count()).where(AuditReadRow.entry > count))
    return Verdict(count, last, count + 1 if orphans else None)


def digest_at(casebook: Casebook, number: int) -> str | None:
    """The digest of an entry; None where there is none."""
    with casebook.session() as session:
        return session.scalar(select(AuditRow.digest).where(AuditRow.number == number))


def latest(casebook: Casebook, limit: int) -> tuple[Entry, ...]:
    """The last entries, the newest first."""
    with casebook.session() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)).all()
        return tuple(_entry(row) for row in rows)


def of_actions(casebook: Casebook, actions: Collection[str], before: int | None, limit: int) -> tuple[Entry, ...]:
    """The last entries of these actions, the newest first; `before`: those with lower numbers only."""
    wanted = select(AuditRow).where(AuditRow.action.in_(sorted(actions)))
    if before is not None:
        wanted = wanted.where(AuditRow.number < before)
    with casebook.session() as session:
        rows = session.scalars(wanted.order_by(AuditRow.number.desc()).limit(limit)).all()
        return tuple(_entry(row) for row in rows)


def reads_of(casebook: Casebook, entity_type: str, entity_id: str) -> tuple[tuple[datetime, Read], ...]:
    """(written at, key and count) of all reads of an entity, the newest first."""
    wanted = (
        select(AuditRow.at, AuditReadRow)
        .join(AuditReadRow, AuditReadRow.entry == AuditRow.number)
        .where(AuditReadRow.entity_type == entity_type, AuditReadRow.entity_id == entity_id)
        .order_by(AuditRow.number.desc(), AuditReadRow.place)
    )
    with casebook.session() as session:
        return tuple((at, _read(row)) for at, row in session.execute(wanted))


def alone(session: Session) -> None:
    """Be the only one who adds, until the transaction ends: else two entries would follow the same one.

    Who must look before adding (is this the last admin?) calls it first.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        return
    driver: Any = connection.connection.dbapi_connection
    if not driver.in_transaction:  # else something was written already, and the database is ours
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _entries(session: Session) -> Iterator[Entry]:
    after = 0
    while True:
        wanted = select(AuditRow).where(AuditRow.number > after).order_by(AuditRow.number).limit(AT_ONCE)
        rows = session.scalars(wanted).all()
        if not rows:
            return
        yield from (_entry(row) for row in rows)
        after = rows[-1].number
        session.expunge_all()


def _holds(session: Session, entry: Entry) -> bool:
    content = (entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous)
    if digest_of(*content) != entry.digest:
        return False
    wanted = select(AuditReadRow).where(AuditReadRow.entry == entry.number).order_by(AuditReadRow.place)
    rows = [_read(row) for row in session.scalars(wanted)]
    if entry.action != READS:
        return not rows
    details = json.loads(entry.details)
    return details["rows"] == len(rows) and details["sha256"] == digest_of_reads(rows)


def _entry(row: AuditRow) -> Entry:
    return Entry(row.number, row.at, row.actor, row.action, row.subject, row.details, row.previous, row.digest)


def _read(row: AuditReadRow) -> Read:
    return Read(row.key_id, row.entity_type, row.entity_id, row.reads)
