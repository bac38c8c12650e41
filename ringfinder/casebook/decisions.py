"""Decisions on the ladder: proposed by who works on the case, issued by a supervisor, within what the law allows (`law`).

    propose     on a violation: kind, amount or months; limits and legal basis are checked, and what is still open beside what is
                proposed or stands already (`law.still_open`)
    issue       in force, from a day on: whoever it weighs on was heard before (Art. 31) and told of the right to appeal; to what
                weighs most another district has agreed in its last word; the day on which a suspension or bar ends is computed;
                webhooks are told
    withdraw    a proposal that was not issued
    receive     money came in; when all of it has, the decision is carried out
    carry_out   of one without money
    revoke      it does not stand any more: after an appeal, or by oneself
    end_provisional   the inquiry is over: suspensions that held during it are carried out, and hold no more

The states are `case_states.DECISION`; each step is against the case's version.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ringfinder.casebook.case_states import CASE, DECISION, STANDING, TAKEN
from ringfinder.casebook.cases import Case, case_of, changing
from ringfinder.casebook.changes import record_change
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.inquiry import answers, judged, next_number, parts_of, violation_in
from ringfinder.casebook.law import (
    CHECKED_FIRST,
    HEARD_FIRST,
    ZERO,
    DecisionKind,
    Judged,
    Taken,
    basis_of,
    check_limits,
    free_day,
    still_open,
)
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.tables_of_cases import CaseRingRow, CaseRow
from ringfinder.casebook.tables_of_decisions import CheckRow, DecisionRow, HearingRow, ReceiptRow, ViolationRow
from ringfinder.casebook.webhooks import tell
from ringfinder.casebook.who import Who

TEXTS = ("reason", "ended_reason")
LATEST_BEGIN = timedelta(days=365)  # after its decision: a suspension or bar that begins later is a slip of the pen


@dataclass(frozen=True)
class Proposal:
    """What is to be decided. `provisional`: a suspension during the inquiry, of who does not cooperate (Art. 30)."""

    violation: int
    kind: DecisionKind
    amount: Decimal | None = None
    months: int | None = None
    provisional: bool = False
    reason: str = ""


def propose(
    casebook: Casebook, who: Who, case_id: str, version: int, proposal: Proposal, now: datetime | None = None
) -> Case:
    """A decision that is not in force yet."""
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.decision_proposed", at) as (session, row):
        CASE.after(row.state, "decide")
        on = judged(violation_in(session, case_id, proposal.violation))
        basis = basis_of(proposal.kind, on, proposal.provisional)
        check_limits(proposal.kind, on, proposal.amount, proposal.months, proposal.provisional)
        _check_open(session, case_id, proposal, on)
        new = DecisionRow(
            case_id=case_id,
            number=next_number(session, DecisionRow, case_id),
            violation=proposal.violation,
            kind=proposal.kind,
            state=DECISION.first,
            basis=basis,
            amount=proposal.amount,
            months=proposal.months,
            provisional=proposal.provisional,
            reason=proposal.reason,
            proposed_at=at,
            proposed_by=who.caller_id,
            decided_on=None,
            decided_by=None,
            begins_on=None,
            free_on=None,
            ended_on=None,
            ended_reason=None,
        )
        session.add(new)
        session.flush()
        subject = f"{case_id}/{new.number}"
        record_change(session, who.actor, "decision.proposed", subject, {}, _told(new), TEXTS)
        return case_of(session, row)


def issue(
    casebook: Casebook,
    who: Who,
    case_id: str,
    version: int,
    number: int,
    decided_on: date,
    begins_on: date | None = None,
    rights_told: bool = False,
    now: datetime | None = None,
) -> Case:
    """Put a decision in force. `begins_on`: of suspension or bar, the day of the decision where None."""
    at = now or datetime.now(UTC)
    with _deciding(casebook, who, case_id, version, number, "issue", at) as (session, row, found):
        row.state = CASE.after(row.state, "decide")
        on = violation_in(session, case_id, found.violation)
        if not on.established_on <= decided_on <= casebook.rules.day_of(at):
            raise refused("in_the_future")
        begins = begins_on or decided_on
        if not timedelta() <= begins - decided_on <= LATEST_BEGIN:
            raise refused("begins_before_decided")
        check_limits(found.kind, judged(on), found.amount, found.months, found.provisional)
        if found.kind in HEARD_FIRST and not found.provisional:
            _check_heard(session, on, decided_on)
            if not rights_told:
                raise refused("rights_not_told")
        if found.kind in CHECKED_FIRST:
            _check_cross(session, case_id)
        found.decided_on, found.decided_by, found.begins_on = decided_on, who.caller_id, begins
        found.free_on = free_day(found.kind, begins, found.months)
        tell(session, "case.decided", _news(session, found))
        return case_of(session, row)


def withdraw(
    casebook: Casebook, who: Who, case_id: str, version: int, number: int, reason: str, now: datetime | None = None
) -> Case:
    """A proposal is no more; by who may change the case."""
    at = now or datetime.now(UTC)
    with _deciding(casebook, who, case_id, version, number, "withdraw", at) as (session, row, found):
        found.ended_on, found.ended_reason = casebook.rules.day_of(at), reason
        return case_of(session, row)


def carry_out(
    casebook: Casebook, who: Who, case_id: str, version: int, number: int, now: datetime | None = None
) -> Case:
    """What was decided is done; of money that is to come in, `receive` says so."""
    at = now or datetime.now(UTC)
    with _deciding(casebook, who, case_id, version, number, "carry_out", at) as (session, row, found):
        if found.kind in ("return_money", "fine"):
            raise refused("money_missing")
        return case_of(session, row)


def revoke(
    casebook: Casebook, who: Who, case_id: str, version: int, number: int, reason: str, now: datetime | None = None
) -> Case:
    """A decision does not stand any more; its suspension or bar ends with it."""
    at = now or datetime.now(UTC)
    with _deciding(casebook, who, case_id, version, number, "revoke", at) as (session, row, found):
        found.ended_on, found.ended_reason, found.free_on = casebook.rules.day_of(at), reason, None
        return case_of(session, row)


def receive(
    casebook: Casebook,
    who: Who,
    case_id: str,
    version: int,
    number: int,
    amount: Decimal,
    received_on: date,
    now: datetime | None = None,
) -> Case:
    """Money came in: never more than is owed, and the last of it carries the decision out."""
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.money_received", at) as (session, row):
        found = _decision(session, case_id, number)
        carried_out = DECISION.after(found.state, "carry_out")
        owed = (found.amount or ZERO) - received(session, case_id, number)
        if found.kind not in ("return_money", "fine") or not ZERO < amount <= owed:
            raise refused("amount_out_of_range", least="0.01", most=f"{owed:.2f}")
        if received_on > casebook.rules.day_of(at) or (found.decided_on is not None and received_on < found.decided_on):
            raise refused("in_the_future")
        mine = select(func.count()).where(ReceiptRow.case_id == case_id, ReceiptRow.decision == number)
        session.add(
            ReceiptRow(
                case_id=case_id,
                decision=number,
                number=(session.scalar(mine) or 0) + 1,
                received_on=received_on,
                amount=amount,
                by=who.caller_id,
            )
        )
        before = _told(found)
        if amount == owed:
            found.state = carried_out
        told = {"received": amount, "received_on": received_on}
        record_change(
            session, who.actor, "decision.received", f"{case_id}/{number}", before, _told(found) | told, TEXTS
        )
        return case_of(session, row)


def end_provisional(session: Session, who: Who, case_id: str, on: date) -> None:
    """Within the transaction that closes a case: what was suspended during the inquiry (Art. 30) is settled from that day on, by what
    was decided instead."""
    for row in parts_of(session, DecisionRow, case_id):
        if row.provisional and row.state in STANDING and row.free_on is None:
            before = _told(row)
            row.state, row.free_on = DECISION.after("in_force", "carry_out"), on
            session.flush()
            subject = f"{case_id}/{row.number}"
            record_change(session, who.actor, "decision.ended", subject, before, _told(row), TEXTS)


def received(session: Session, case_id: str, number: int) -> Decimal:
    """What came in on a decision."""
    wanted = select(func.sum(ReceiptRow.amount)).where(ReceiptRow.case_id == case_id, ReceiptRow.decision == number)
    return session.scalar(wanted) or ZERO


@contextmanager
def _deciding(
    casebook: Casebook, who: Who, case_id: str, version: int, number: int, step: str, now: datetime
) -> Iterator[tuple[Session, CaseRow, DecisionRow]]:
    """A step of a decision; all but `withdraw` and `carry_out` are a supervisor's."""
    if step in ("issue", "revoke") and not who.decides:
        raise refused("not_supervisor")
    with changing(casebook, who, case_id, version, f"case.decision_{step}", now) as (session, row):
        found = _decision(session, case_id, number)
        before, after = _told(found), DECISION.after(found.state, step)
        found.state = after
        yield session, row, found
        session.flush()
        record_change(session, who.actor, f"decision.{step}", f"{case_id}/{number}", before, _told(found), TEXTS)


def _decision(session: Session, case_id: str, number: int) -> DecisionRow:
    found = session.get(DecisionRow, (case_id, number))
    if found is None:
        raise refused("unknown_part")
    return found


def _check_open(session: Session, case_id: str, proposal: Proposal, on: Judged) -> None:
    """Refused where what is proposed or stands on that violation leaves no room for one more."""
    beside = [one for one in parts_of(session, DecisionRow, case_id) if one.violation == proposal.violation]
    taken = (Taken(one.kind, one.provisional, one.amount) for one in beside if one.state in TAKEN)
    wanted = (proposal.kind, proposal.provisional)
    rung = next((one for one in still_open(on, taken) if (one.kind, one.provisional) == wanted), None)
    if rung is None:
        raise refused("decision_stands")
    if proposal.amount is not None and rung.most is not None and proposal.amount > rung.most:
        raise refused("amount_out_of_range", least=f"{rung.least:.2f}", most=f"{rung.most:.2f}")


def _check_heard(session: Session, on: ViolationRow, decided_on: date) -> None:
    """Refused unless that subject was heard on it by then."""
    hearings = parts_of(session, HearingRow, on.case_id)
    if not any(answers(one, on) and one.held_on <= decided_on for one in hearings):
        raise refused("not_heard")


def _check_cross(session: Session, case_id: str) -> None:
    """Refused unless the last cross-check was answered, and agrees."""
    checks = parts_of(session, CheckRow, case_id)
    if not checks or not checks[-1].agrees:
        raise refused("not_checked")


def _news(session: Session, found: DecisionRow) -> dict[str, Any]:
    """A decision as webhooks are told of it: nothing personal, and nothing that somebody typed."""
    rings = select(CaseRingRow.ring_id).where(CaseRingRow.case_id == found.case_id).order_by(CaseRingRow.ring_id)
    return {
        "case_id": found.case_id,
        "decision": found.number,
        "kind": found.kind,
        "decided_on": str(found.decided_on),
        "ring_ids": list(session.scalars(rings)),
    }


def _told(row: DecisionRow) -> dict[str, Any]:
    """What of a decision its trail tells."""
    names = ("violation", "kind", "state", "basis", "amount", "months", "provisional", "reason", "decided_on")
    return {name: getattr(row, name) for name in (*names, "begins_on", "free_on", "ended_on", "ended_reason")}
