"""How the casebook is written: one writer at a time, against the version that was seen, with what was before and after.

    with writing(casebook) as session:
        row = at_version(session, LookRow, look_id, version)    Refused `changed_meanwhile`: somebody else was quicker
        before = told(row)
        row.outcome, row.version = "found", row.version + 1
        record_change(session, actor, "look.taken", look_id, before, told(row), texts=("note",))

What changed stands in the audit trail's entry as {"changed": {field: [before, after]}}. A text that somebody typed may name
people, and the trail can never be shortened: so of `texts` the entry holds a digest, with a nonce that makes guessing useless,
and both texts stand in a table beside it, from which they can be erased by rule while the chain stays whole.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ringfinder.casebook.audit import alone, append, digest_of_all
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.tables import AuditRow
from ringfinder.casebook.tables_of_changes import TextChangeRow

NONCE_BYTES = 16


class Versioned(Protocol):
    """A row that several people work on."""

    version: Any


Row = TypeVar("Row", bound=Versioned)


@contextmanager
def writing(casebook: Casebook) -> Iterator[Session]:
    """A transaction of the only writer: what it reads stays so until it has written."""
    with casebook.session() as session:
        alone(session)
        yield session


def check_version(now: int, seen: int) -> None:
    """Refused where it is not the version that the caller saw."""
    if now != seen:
        raise refused("changed_meanwhile", now=now)


def at_version(session: Session, table: type[Row], key: str, seen: int) -> Row | None:
    """The row of that key, None where there is none; Refused where it is not at the version that the caller saw."""
    row = session.get(table, key)
    if row is not None:
        check_version(row.version, seen)
    return row


def record_change(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    texts: Collection[str] = (),
    **details: Any,
) -> int:
    """Add what differs to the audit trail, within the transaction; the entry's number. `before` {}: it is new."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    changed = {name: [_plain(before.get(name)), _plain(after.get(name))] for name in names if name not in texts}
    kept = [
        (name, before.get(name), after.get(name), secrets.token_hex(NONCE_BYTES)) for name in names if name in texts
    ]
    digests = {name: digest_of(nonce, was, now) for name, was, now, nonce in kept}
    number = append(
        session, actor, action, subject, details | {"changed": changed} | ({"texts": digests} if digests else {})
    )
    session.add_all(
        TextChangeRow(entry=number, field=name, subject=subject, nonce=nonce, before=was, after=now, erased=False)
        for name, was, now, nonce in kept
    )
    session.flush()
    return number


def digest_of(nonce: str, before: str | None, after: str | None) -> str:
    """SHA-256 of a text before and after, hexadecimal."""
    return digest_of_all([nonce, before, after])


def erase_texts(session: Session, subject: str) -> None:
    """Forget what the texts of a subject and of its parts (`SUBJECT/1`) were; the trail keeps that they were changed, when and by
    whom.
    """
    parts = TextChangeRow.subject.startswith(f"{subject}/", autoescape=True)
    gone = update(TextChangeRow).where((TextChangeRow.subject == subject) | parts)
    session.execute(gone.values(before=None, after=None, erased=True))


def altered_texts(casebook: Casebook) -> tuple[tuple[int, str], ...]:
    """(entry, field) of texts that are not what the trail says they were; those that were erased are left out."""
    wanted = (
        select(TextChangeRow, AuditRow.details)
        .outerjoin(AuditRow, AuditRow.number == TextChangeRow.entry)
        .where(TextChangeRow.erased.is_(False))
        .order_by(TextChangeRow.entry, TextChangeRow.field)
    )
    with casebook.session() as session:
        return tuple(
            (row.entry, row.field)
            for row, details in session.execute(wanted)
            if json.loads(details or "{}").get("texts", {}).get(row.field)
            != digest_of(row.nonce, row.before, row.after)
        )


def _plain(value: Any) -> Any:
    """As JSON takes it: amounts with two decimals and days as ISO 8601, both as text."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else value
