"""Notes of a case: only added, by whoever sees it; nobody changes or removes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from ringfinder.casebook.cases import check_there, visible
from ringfinder.casebook.changes import record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables_of_cases import CaseNoteRow
from ringfinder.casebook.who import Who


@dataclass(frozen=True)
class Note:
    """What somebody wrote down; `number` counts within the case."""

    number: int
    at: datetime
    by: str
    text: str


def add_note(casebook: Casebook, who: Who, case_id: str, text: str, now: datetime | None = None) -> Note:
    """One more note."""
    with writing(casebook) as session:
        check_there(visible(session, who, case_id), "note")
        last = session.scalar(select(func.max(CaseNoteRow.number)).where(CaseNoteRow.case_id == case_id)) or 0
        row = CaseNoteRow(case_id=case_id, number=last + 1, at=now or datetime.now(UTC), by=who.caller_id, text=text)
        session.add(row)
        record_change(session, who.actor, "case.noted", case_id, {}, {"text": text}, ("text",), number=row.number)
        return _note(row)


def notes_of(casebook: Casebook, who: Who, case_id: str) -> tuple[Note, ...]:
    """All notes, the oldest first."""
    with casebook.session() as session:
        visible(session, who, case_id)
        wanted = select(CaseNoteRow).where(CaseNoteRow.case_id == case_id).order_by(CaseNoteRow.number)
        return tuple(_note(row) for row in session.scalars(wanted))


def _note(row: CaseNoteRow) -> Note:
    return Note(row.number, row.at, row.by, row.text)
