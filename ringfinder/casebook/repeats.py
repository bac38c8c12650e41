"""Requests that change something and may come twice: a caller who got no answer asks again with the same Idempotency-Key.

The first to bring a key does the work and leaves the answer here; whoever brings it again within `KEPT` gets that answer. Only
an answer that tells of a success is kept: after an error the same key may be tried again. A request whose process was killed
leaves its key without an answer; it counts as going on for `ABANDONED`, and may be tried again after that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables import RepeatRow

KEPT = timedelta(hours=24)
ABANDONED = timedelta(hours=1)
INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True)
class Repeat:
    """What is known of a request that came before. `asked`: digest of what was asked; `status` None: it still goes on."""

    asked: str
    status: int | None
    answer: str
    location: str | None


def begin(casebook: Casebook, key_id: str, name: str, asked: str) -> Repeat | None:
    """None where the request is the first with that name, and is ours to do; else what is known of the one before."""
    now = datetime.now(UTC)
    with casebook.session() as session:
        session.execute(delete(RepeatRow).where(RepeatRow.created_at < now - KEPT))
        abandoned = RepeatRow.status.is_(None) & (RepeatRow.created_at < now - ABANDONED)
        session.execute(delete(RepeatRow).where(abandoned))
        insert = INSERT[session.get_bind().dialect.name]
        row = {"key_id": key_id, "name": name, "asked": asked, "created_at": now}
        made = insert(RepeatRow).values(**row).on_conflict_do_nothing().returning(RepeatRow.key_id)
        if session.execute(made).first() is not None:
            return None
        found = session.get(RepeatRow, (key_id, name))
        if found is None:  # it failed in this very moment
            return Repeat(asked, None, "", None)
        return Repeat(found.asked, found.status, found.answer or "", found.location)


def keep(
    casebook: Casebook, key_id: str, name: str, asked: str, status: int, answer: str, location: str | None
) -> None:
    """The answer for whoever asks the same again; `asked`: of an upload its digest is known only now."""
    with casebook.session() as session:
        values = {"asked": asked, "status": status, "answer": answer, "location": location}
        session.execute(update(RepeatRow).where(*_is(key_id, name)).values(**values))


def forget(casebook: Casebook, key_id: str, name: str) -> None:
    """It failed: the same name may be used again."""
    with casebook.session() as session:
        session.execute(delete(RepeatRow).where(*_is(key_id, name)))


def _is(key_id: str, name: str) -> tuple[Any, ...]:
    return RepeatRow.key_id == key_id, RepeatRow.name == name
