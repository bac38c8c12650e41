"""How a matter is forgotten: what names somebody goes, what statistics count stays.

    tip          text, answer, receipt, whom it names, who gave it       stay: channel, district, days, outcome, reward
    watch list   who, name, reasons                                      stay: district, kind of entity, days
    case         title, summary, reasons, notes, files, patients of its  stay: states, days, districts, rings by id, kinds, amounts,
                 rings, what was said in it, which person it was about   decisions with their articles, and which facility
    look         note                                                    stay: facility, days, outcome
    self-check   items and remarks                                       stay: facility, days, amounts, money that came back

Each function forgets one, within a transaction, with the texts that it had before; it tells the version that it comes to.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ringfinder.casebook import reporters
from ringfinder.casebook.changes import erase_texts
from ringfinder.casebook.tables_of_cases import CaseFileRow, CaseNoteRow, CaseRingRow, CaseRow, StoredFileRow
from ringfinder.casebook.tables_of_changes import TextChangeRow
from ringfinder.casebook.tables_of_decisions import CheckRow as CrossCheckRow
from ringfinder.casebook.tables_of_decisions import DecisionRow, HearingRow, ViolationRow
from ringfinder.casebook.tables_of_screening import CheckRow, LookRow
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipIdentityRow, TipRow
from ringfinder.casebook.tables_of_watch import WatchRow

OF_PLACES = "facility"  # the one subject of a violation that is no person
TABLES = tuple(
    table.__tablename__
    for table in (
        *(CaseRow, CaseNoteRow, CaseFileRow, StoredFileRow, CaseRingRow, ViolationRow, HearingRow, CrossCheckRow),
        *(DecisionRow, CheckRow, LookRow, TipRow, TipEntityRow, TipIdentityRow, WatchRow, TextChangeRow),
    )
)  # where something is forgotten


def identity(session: Session, tip_id: str, today: date) -> int:
    """Who gave a tip."""
    row = session.get_one(TipRow, tip_id)
    reporters.forget(session, tip_id)
    row.version += 1
    session.flush()
    return row.version


def tip(session: Session, tip_id: str, today: date) -> int:
    """What a tip said, and who gave it where that is known still."""
    row = session.get_one(TipRow, tip_id)
    row.summary, row.told, row.found_by, row.receipt, row.erased_on = "", None, "", None, today
    row.version += 1
    session.execute(delete(TipEntityRow).where(TipEntityRow.tip_id == tip_id))
    reporters.forget(session, tip_id)
    return _erased(session, row, tip_id)


def watched(session: Session, watch_id: str, today: date) -> int:
    """Who was watched, and why."""
    row = session.get_one(WatchRow, watch_id)
    row.entity_id, row.name, row.reason, row.end_reason, row.found_by = "", None, "", None, ""
    row.erased_on = today
    row.version += 1
    return _erased(session, row, watch_id)


def case(session: Session, case_id: str, today: date) -> int:
    """What was said and found in a case about people."""
    row = session.get_one(CaseRow, case_id)
    row.title, row.summary, row.search, row.reason, row.erased_on = "", "", "", None, today
    row.version += 1
    digests = set(session.scalars(select(CaseFileRow.digest).where(CaseFileRow.case_id == case_id)))
    for table in (CaseNoteRow, CaseFileRow):
        session.execute(delete(table).where(table.case_id == case_id))
    elsewhere = select(CaseFileRow.digest)
    session.execute(
        delete(StoredFileRow).where(StoredFileRow.digest.in_(digests), StoredFileRow.digest.not_in(elsewhere))
    )
    session.execute(update(CaseRingRow).where(CaseRingRow.case_id == case_id).values(people=[]))
    session.execute(update(ViolationRow).where(ViolationRow.case_id == case_id).values(text=""))
    session.execute(update(HearingRow).where(HearingRow.case_id == case_id).values(statement="", considered=""))
    for of_person in (ViolationRow, HearingRow):
        somebody = (of_person.case_id == case_id) & (of_person.subject != OF_PLACES)
        session.execute(update(of_person).where(somebody).values(subject_id=""))
    session.execute(update(CrossCheckRow).where(CrossCheckRow.case_id == case_id).values(question="", answer=None))
    session.execute(update(DecisionRow).where(DecisionRow.case_id == case_id).values(reason="", ended_reason=None))
    return _erased(session, row, case_id)


def look(session: Session, look_id: str, today: date) -> int:
    """What was noted at a look."""
    row = session.get_one(LookRow, look_id)
    row.note, row.erased_on = None, today
    row.version += 1
    return _erased(session, row, look_id)


def self_check(session: Session, check_id: str, today: date) -> int:
    """What a facility was asked and remarked; its amounts stay."""
    row = session.get_one(CheckRow, check_id)
    row.items = [""] * len(row.items)
    row.answers = None if row.answers is None else [[amount, ""] for amount, _ in row.answers]
    row.erased_on = today
    row.version += 1
    return _erased(session, row, check_id)


def _erased(session: Session, row: CaseRow | TipRow | WatchRow | LookRow | CheckRow, subject: str) -> int:
    session.flush()
    erase_texts(session, subject)
    return row.version
