"""What was done in a case, from the audit trail: who, when, and what it changed.

The trail holds digests of what people typed; the texts themselves stand beside it (`changes`) and are null once they were erased
by rule. A key or user who reads a file or takes the evidence along is told as well. Entries are numbered over the whole casebook.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ringfinder.casebook.cases import visible
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables import AuditRow
from ringfinder.casebook.tables_of_changes import TextChangeRow
from ringfinder.casebook.who import Who


@dataclass(frozen=True)
class FieldChange:
    """A field before and after, as text; None where there was nothing, or where it was erased."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Happened:
    """One thing that was done. `actor`: `user ID` or `key ID`."""

    number: int
    at: datetime
    actor: str
    action: str
    fields: tuple[FieldChange, ...]


def history_of(casebook: Casebook, who: Who, case_id: str) -> tuple[Happened, ...]:
    """All that was done in a case, the latest first; Refused where there is none that the caller may see."""
    with casebook.session() as session:
        visible(session, who, case_id)
        texts: dict[int, list[FieldChange]] = {}
        for row in session.scalars(select(TextChangeRow).where(TextChangeRow.subject == case_id)):
            texts.setdefault(row.entry, []).append(FieldChange(row.field, row.before or None, row.after or None))
        wanted = select(AuditRow).where(AuditRow.subject == case_id).order_by(AuditRow.number.desc())
        return tuple(
            Happened(row.number, row.at, row.actor, row.action, (*_changed(row.details), *texts.get(row.number, ())))
            for row in session.scalars(wanted)
        )


def _changed(details: str) -> tuple[FieldChange, ...]:
    changed = json.loads(details).get("changed", {})
    return tuple(FieldChange(name, _text(before), _text(after)) for name, (before, after) in changed.items())


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or None
    return None if value in (None, "") else str(value)
