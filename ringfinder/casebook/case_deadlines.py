"""By when a case is decided: by a day that somebody set, or by the term of the law that counts from the beginning of the inquiry.

    due_on      the day
    due_since   from which day the term `case_decide` counts; None where somebody set `due_on`

A term is told with its law, and as provisional where the days off of one of its years are not announced yet; then `renew_deadlines`,
each night, computes it anew. A deadline that was kept and is over says nothing of a case that is opened again: a new term counts from
the day on which its inquiry begins. One that was missed stays missed.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from ringfinder.casebook.changes import record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.rules import Due, Rules
from ringfinder.casebook.tables_of_cases import CaseRow

TERM = "case_decide"


def set_day(row: CaseRow, day: date | None) -> None:
    """Somebody sets the day, or takes it away; the same day again leaves its term."""
    if row.due_on != day:
        row.due_on, row.due_since = day, None


def begin_term(row: CaseRow, rules: Rules, today: date) -> None:
    """The inquiry begins: the term counts from that day, unless a day is there already."""
    if row.due_on is None:
        row.due_on, row.due_since = rules.due(TERM, today).day, today


def end_term(row: CaseRow, rules: Rules, now: datetime) -> None:
    """A closed case is opened again."""
    if row.due_on is None or row.closed_at is None:
        return
    if rules.day_of(row.closed_at) <= row.due_on < rules.day_of(now):
        row.due_on = row.due_since = None


def term_of(due_on: date | None, due_since: date | None, rules: Rules) -> Due | None:
    """The term by which a case is due on that day; None where somebody set the day, or nobody did."""
    if due_on is None or due_since is None:
        return None
    return Due(rules.terms[TERM], due_on, not rules.calendar.knows(due_since, due_on))


def renew_deadlines(casebook: Casebook, rules: Rules, actor: str) -> int:
    """Compute the terms of open cases anew, since days off may have been announced meanwhile; how many moved."""
    moved = 0
    with writing(casebook) as session:
        counting = select(CaseRow).where(CaseRow.state != "closed", CaseRow.due_since.is_not(None))
        for row in session.scalars(counting.order_by(CaseRow.case_id)):
            before, after = row.due_on, rules.due(TERM, row.due_since or date.min).day
            if after != before:
                moved += 1
                row.due_on, row.version = after, row.version + 1
                told = ({"due_on": before}, {"due_on": after})
                record_change(session, actor, "case.due", row.case_id, *told, version=row.version)
    return moved
