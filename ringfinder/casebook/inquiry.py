"""What an inquiry establishes before anything is decided: violations, what somebody said to them, what another district says.

    establish, remove     a violation: who did what, and what the fund lost by it
    hear                  that somebody was heard, in writing or orally, or waived it (Art. 31); the case is `heard`. Who is heard is
                          told before what was found, so that a violation of that party stands by then; one that is found
                          later needs a hearing of its own
    ask_check             another district is asked to look at the case; its people see the case from then on
    answer_check          they agree or not: never who works on the case, or established, heard, proposed or asked something in it

All of it is part of the case: each step is against the case's version, and stands in the trail with what was before and after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ringfinder.casebook.case_states import CASE, HearingForm
from ringfinder.casebook.cases import Case, case_of, changing, districts_of
from ringfinder.casebook.changes import record_change
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.law import BEHAVIOURS, BehaviourName, Judged, Subject
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.tables_of_cases import CaseRow
from ringfinder.casebook.tables_of_decisions import CheckRow, DecisionRow, HearingRow, ViolationRow
from ringfinder.casebook.who import Who

Part = TypeVar("Part", ViolationRow, HearingRow, CheckRow, DecisionRow)


@dataclass(frozen=True)
class Violation:
    """What somebody did; `intent`: with the purpose of fraud."""

    subject_id: str
    behaviour: BehaviourName
    amount: Decimal
    established_on: date
    intent: bool = False
    text: str = ""


@dataclass(frozen=True)
class Hearing:
    """`told_on`: when somebody was told of the right to be heard; `considered`: what was made of what was said."""

    subject: Subject
    subject_id: str
    form: HearingForm
    told_on: date
    held_on: date
    statement: str = ""
    considered: str = ""


def establish(
    casebook: Casebook, who: Who, case_id: str, version: int, found: Violation, now: datetime | None = None
) -> Case:
    """One more violation."""
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.violation_established", at) as (session, row):
        CASE.after(row.state, "decide")
        if found.established_on > casebook.rules.day_of(at):
            raise refused("in_the_future")
        new = ViolationRow(
            case_id=case_id,
            number=next_number(session, ViolationRow, case_id),
            subject=BEHAVIOURS[found.behaviour].subject,
            subject_id=found.subject_id,
            behaviour=found.behaviour,
            intent=found.intent,
            amount=found.amount,
            established_on=found.established_on,
            text=found.text,
            at=at,
            by=who.caller_id,
            removed_at=None,
        )
        told = {
            "behaviour": new.behaviour,
            "intent": new.intent,
            "amount": new.amount,
            "established_on": new.established_on,
        }
        _added(session, who, new, "violation", told, text=new.text, subject_id=new.subject_id)
        return case_of(session, row)


def remove(casebook: Casebook, who: Who, case_id: str, version: int, number: int, now: datetime | None = None) -> Case:
    """A violation that did not stand; Refused where something is decided on it."""
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.violation_removed", at) as (session, row):
        CASE.after(row.state, "decide")
        found = violation_in(session, case_id, number)
        on_it = select(DecisionRow.number).where(DecisionRow.case_id == case_id, DecisionRow.violation == number)
        if session.scalar(on_it.where(DecisionRow.state.in_(("proposed", "in_force", "carried_out"))).limit(1)):
            raise refused("decision_stands")
        found.removed_at = at
        record_change(
            session, who.actor, "violation.removed", f"{case_id}/{number}", {"removed": False}, {"removed": True}
        )
        return case_of(session, row)


def hear(
    casebook: Casebook, who: Who, case_id: str, version: int, hearing: Hearing, now: datetime | None = None
) -> Case:
    """Somebody was heard."""
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.heard", at) as (session, row):
        row.state = CASE.after(row.state, "hear")
        if max(hearing.held_on, hearing.told_on) > casebook.rules.day_of(at):
            raise refused("in_the_future")
        if hearing.held_on < hearing.told_on:
            raise refused("heard_before_told")
        if (hearing.form == "waived") == bool(hearing.statement.strip()):
            raise refused("statement_or_waived")
        if not any(answers(hearing, one) for one in parts_of(session, ViolationRow, case_id)):
            raise refused("heard_before_found")
        number = next_number(session, HearingRow, case_id)
        new = HearingRow(case_id=case_id, number=number, **vars(hearing), at=at, by=who.caller_id)
        told = {"form": new.form, "told_on": new.told_on, "held_on": new.held_on}
        typed = {"statement": new.statement, "considered": new.considered, "subject_id": new.subject_id}
        _added(session, who, new, "hearing", told, **typed)
        return case_of(session, row)


def ask_check(
    casebook: Casebook, who: Who, case_id: str, version: int, district: str, question: str, now: datetime | None = None
) -> Case:
    """Ask another district."""
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.check_asked", at) as (session, row):
        CASE.after(row.state, "decide")
        if district in districts_of(session, case_id):
            raise refused("own_district")
        new = CheckRow(
            case_id=case_id,
            number=next_number(session, CheckRow, case_id),
            district=district,
            question=question,
            asked_at=at,
            asked_by=who.caller_id,
            agrees=None,
            answer=None,
            answered_at=None,
            answered_by=None,
        )
        _added(session, who, new, "check", {"district": district}, question=question)
        return case_of(session, row)


def answer_check(
    casebook: Casebook,
    who: Who,
    case_id: str,
    version: int,
    number: int,
    agrees: bool,
    answer: str,
    now: datetime | None = None,
) -> Case:
    """What the other district says; once, by somebody of that district or of all, who has no part in the case."""
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.check_answered", at, mine=False) as (session, row):
        found = session.get(CheckRow, (case_id, number))
        if found is None:
            raise refused("unknown_part")
        if found.agrees is not None:
            raise refused("answered_already")
        if who.districts is not None and found.district not in who.districts:
            raise refused("not_that_district")
        if who.caller_id in _taking_part(session, row):
            raise refused("takes_part")
        found.agrees, found.answer, found.answered_at, found.answered_by = agrees, answer, at, who.caller_id
        after = {"agrees": agrees, "answer": answer}
        record_change(session, who.actor, "check.answered", f"{case_id}/{number}", {}, after, ("answer",))
        return case_of(session, row)


def answers(hearing: Hearing | HearingRow, on: ViolationRow) -> bool:
    """Whether somebody was heard on a violation: its subject, and told of it once it was established."""
    same = (hearing.subject, hearing.subject_id) == (on.subject, on.subject_id)
    return same and on.removed_at is None and on.established_on <= hearing.told_on


def violation_in(session: Session, case_id: str, number: int) -> ViolationRow:
    """A violation of a case; Refused where there is none, or it did not stand."""
    found = session.get(ViolationRow, (case_id, number))
    if found is None or found.removed_at is not None:
        raise refused("unknown_part")
    return found


def judged(row: ViolationRow) -> Judged:
    """A violation as the law looks at it."""
    return Judged(row.behaviour, row.intent, row.amount)


def parts_of(session: Session, table: type[Part], case_id: str) -> tuple[Part, ...]:
    """All violations, hearings, checks or decisions of a case, in order."""
    return tuple(session.scalars(select(table).where(table.case_id == case_id).order_by(table.number)))


def next_number(session: Session, table: type[Part], case_id: str) -> int:
    """The number of one more."""
    return (session.scalar(select(func.max(table.number)).where(table.case_id == case_id)) or 0) + 1


def _taking_part(session: Session, row: CaseRow) -> set[str]:
    """Who works on the case, or established, heard, proposed or asked something in it."""
    found = {one.by for one in parts_of(session, ViolationRow, row.case_id)}
    heard = {one.by for one in parts_of(session, HearingRow, row.case_id)}
    proposed = {one.proposed_by for one in parts_of(session, DecisionRow, row.case_id)}
    asked = {one.asked_by for one in parts_of(session, CheckRow, row.case_id)}
    return found | heard | proposed | asked | ({row.assignee} if row.assignee is not None else set())


def _added(session: Session, who: Who, new: Any, part: str, told: dict[str, Any], **typed: str) -> None:
    session.add(new)
    session.flush()
    record_change(session, who.actor, f"{part}.added", f"{new.case_id}/{new.number}", {}, told | typed, tuple(typed))
