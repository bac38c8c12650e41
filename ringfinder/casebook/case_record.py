"""A case whole: itself, its rings, and all that was established and decided in it, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ringfinder.casebook.case_states import CASE, DECISION, TAKEN, Resolution, resolutions
from ringfinder.casebook.cases import Case, case_of, visible
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.inquiry import Part, parts_of
from ringfinder.casebook.law import BEHAVIOURS, CHECKED_FIRST, HEARD_FIRST, ZERO, Judged, Rung, Taken, still_open
from ringfinder.casebook.linked_rings import LinkedRing, rings_in
from ringfinder.casebook.tables_of_decisions import CheckRow, DecisionRow, HearingRow, ReceiptRow, ViolationRow
from ringfinder.casebook.who import Who

Lack = Literal["hearing", "check"]


@dataclass(frozen=True)
class Record:
    """Parts are rows as mappings, by the names of their columns; a violation has its `article`, a decision what was `received`."""

    case: Case
    rings: tuple[LinkedRing, ...]
    violations: tuple[dict[str, Any], ...]
    hearings: tuple[dict[str, Any], ...]
    checks: tuple[dict[str, Any], ...]
    decisions: tuple[dict[str, Any], ...]


def record_of(casebook: Casebook, who: Who, case_id: str) -> Record:
    """The case of that id; Refused where there is none that the caller may see."""
    with casebook.session() as session:
        case = case_of(session, visible(session, who, case_id))
        came = _received(session, case_id)
        return Record(
            case,
            rings_in(session, case_id),
            tuple(
                one | {"article": BEHAVIOURS[one["behaviour"]].article}
                for one in _mappings(session, ViolationRow, case_id)
            ),
            _mappings(session, HearingRow, case_id),
            _mappings(session, CheckRow, case_id),
            tuple(
                one | {"received": came.get(one["number"], ZERO)} for one in _mappings(session, DecisionRow, case_id)
            ),
        )


def lacking(record: Record, decision: Mapping[str, Any]) -> tuple[Lack, ...]:
    """What has to go before a proposed decision comes into force today, and did not; nothing of one that is no proposal."""
    if decision["state"] != DECISION.first:
        return ()
    kind = decision["kind"]
    on = next(one for one in record.violations if one["number"] == decision["violation"])
    heard = any(
        (one["subject"], one["subject_id"]) == (on["subject"], on["subject_id"])
        and on["established_on"] <= one["told_on"]
        for one in record.hearings
    )
    agreed = bool(record.checks) and bool(record.checks[-1]["agrees"])
    found: list[Lack] = []
    if kind in HEARD_FIRST and not decision["provisional"] and not heard:
        found.append("hearing")
    if kind in CHECKED_FIRST and not agreed:
        found.append("check")
    return tuple(found)


def open_on(record: Record, violation: Mapping[str, Any]) -> tuple[Rung, ...]:
    """What may still be decided on a violation, as the case and its other decisions stand; nothing on one that was taken back."""
    if violation["removed_at"] is not None or "decide" not in CASE.possible(record.case.state):
        return ()
    on = Judged(violation["behaviour"], violation["intent"], violation["amount"])
    beside = (one for one in record.decisions if one["violation"] == violation["number"] and one["state"] in TAKEN)
    return still_open(on, (Taken(one["kind"], one["provisional"], one["amount"]) for one in beside))


def closing(record: Record) -> tuple[Resolution, ...]:
    """With which resolutions the case can be closed as it stands; a supervisor does it."""
    if "close" not in CASE.possible(record.case.state):
        return ()
    return resolutions({(one["state"], one["provisional"]) for one in record.decisions})


def _received(session: Session, case_id: str) -> dict[int, Decimal]:
    wanted = select(ReceiptRow.decision, func.sum(ReceiptRow.amount)).where(ReceiptRow.case_id == case_id)
    rows = session.execute(wanted.group_by(ReceiptRow.decision))
    return {int(number): amount for number, amount in rows}


def _mappings(session: Session, table: type[Part], case_id: str) -> tuple[dict[str, Any], ...]:
    names = [column.key for column in table.__table__.columns]
    return tuple({name: getattr(row, name) for name in names} for row in parts_of(session, table, case_id))
