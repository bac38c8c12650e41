"""Whether rows and trail of a casebook agree: everything that the trail tells is played again from nothing, and must come to the rows.

A row without its entries, an entry without its row, a part of a transaction without the rest: each is a difference here.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ringfinder.casebook.case_states import PRIORITIES
from ringfinder.casebook.cases import districts_of, searched
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables import AuditRow
from ringfinder.casebook.tables_of_cases import CaseFileRow, CaseNoteRow, CaseRingRow, CaseRow, SuppressionRow
from ringfinder.casebook.tables_of_changes import TextChangeRow
from ringfinder.casebook.tables_of_decisions import CheckRow, DecisionRow, HearingRow, ReceiptRow, ViolationRow
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipIdentityRow, TipRow

OF_CASES = [
    "state",
    "title",
    "summary",
    "origin",
    "origin_id",
    "due_on",
    "due_since",
    "assignee",
    "campaign",
    "resolution",
    "reason",
    "duplicate_of",
]
OF_TIPS = [
    "state",
    "channel",
    "district",
    "kind",
    "summary",
    "named",
    "received_on",
    "begins_on",
    "acknowledged_on",
    "checked_on",
    "answered_on",
    "closed_on",
    "outcome",
    "told",
    "extended",
    "due_on",
    "due_term",
    "due_provisional",
]
OF_PARTS: dict[str, tuple[Any, list[str]]] = {
    "violation": (ViolationRow, ["behaviour", "intent", "amount", "established_on", "text", "subject_id"]),
    "hearing": (HearingRow, ["form", "told_on", "held_on", "statement", "considered", "subject_id"]),
    "check": (CheckRow, ["district", "question", "agrees", "answer"]),
    "decision": (
        DecisionRow,
        [
            "violation",
            "kind",
            "state",
            "basis",
            "amount",
            "months",
            "provisional",
            "reason",
            "decided_on",
            "begins_on",
            "free_on",
            "ended_on",
            "ended_reason",
        ],
    ),
}
TOGETHER = {  # what the trail tells of a case, and of its part, in one transaction
    "case.violation_established": "violation.added",
    "case.violation_removed": "violation.removed",
    "case.heard": "hearing.added",
    "case.check_asked": "check.added",
    "case.check_answered": "check.answered",
    "case.decision_proposed": "decision.proposed",
    "case.decision_issue": "decision.issue",
    "case.decision_withdraw": "decision.withdraw",
    "case.decision_revoke": "decision.revoke",
    "case.decision_carry_out": "decision.carry_out",
    "case.money_received": "decision.received",
}


@dataclass
class Told:
    """What the trail tells. `states`: (what, subject) -> values as they stand; `at`: subject -> state at each version;
    `actions`: subject -> how often each; `writes`: transactions that changed cases and tips."""

    states: dict[tuple[str, str], dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    at: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    actions: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    received: Counter[str] = field(default_factory=Counter)
    entities: dict[str, int] = field(default_factory=dict)
    writes: int = 0


def agree(casebook: Casebook) -> Told:
    """What the trail of cases and tips tells, after every row was found to say the same."""
    with casebook.session() as session:
        told = _played(session)
        rows = {row.case_id: row for row in session.scalars(select(CaseRow))}
        tips = {row.tip_id: row for row in session.scalars(select(TipRow))}
        assert set(rows) == {subject for what, subject in told.states if what == "case"}
        assert set(tips) == {subject for what, subject in told.states if what == "tip"}
        for case_id, row in rows.items():
            _case_agrees(session, told, case_id, row)
        for tip_id, tip in tips.items():
            _tip_agrees(session, told, tip_id, tip)
        for what, (table, names) in OF_PARTS.items():
            parts = {f"{row.case_id}/{row.number}": row for row in session.scalars(select(table))}
            assert set(parts) == {subject for kind, subject in told.states if kind == what}
            for subject, row in parts.items():
                assert _values(row, names) == {name: told.states[what, subject].get(name) for name in names}
        came = select(ReceiptRow.case_id, ReceiptRow.decision, func.sum(ReceiptRow.amount))
        sums = session.execute(came.group_by(ReceiptRow.case_id, ReceiptRow.decision))
        assert {f"{case_id}/{number}": amount for case_id, number, amount in sums} == told.received
    return told


def _case_agrees(session: Session, told: Told, case_id: str, row: CaseRow) -> None:
    state, actions = told.states["case", case_id], told.actions[case_id]
    names = [*OF_CASES, "priority", "districts"]
    now = _values(row, OF_CASES) | {
        "priority": PRIORITIES[row.priority],
        "districts": list(districts_of(session, case_id)),
    }
    assert now == {name: state.get(name) for name in names}
    assert row.search == searched(row)
    assert list(told.at[case_id]) == list(range(1, row.version + 1))
    for table, action in (
        (CaseNoteRow, "case.noted"),
        (CaseFileRow, "case.file_added"),
        (CaseRingRow, "case.ring_linked"),
    ):
        count = session.scalar(select(func.count()).select_from(table).where(table.case_id == case_id))
        assert count == actions[action], (case_id, action)
    for head, part in TOGETHER.items():
        assert actions[head] == actions[part], (case_id, head, part)
    quiet = select(func.count()).where(SuppressionRow.case_id == case_id, SuppressionRow.lifted_at.is_(None))
    assert session.scalar(quiet) == (actions["case.ring_linked"] if row.resolution == "false_positive" else 0)


def _tip_agrees(session: Session, told: Told, tip_id: str, row: TipRow) -> None:
    state = told.states["tip", tip_id]
    assert _values(row, OF_TIPS) == {name: state.get(name) for name in OF_TIPS}
    assert list(told.at[tip_id]) == list(range(1, row.version + 1))
    named = session.scalar(select(func.count()).where(TipEntityRow.tip_id == tip_id))
    assert named == told.entities[tip_id]
    assert (session.get(TipIdentityRow, tip_id) is not None) == row.named


def _played(session: Session) -> Told:
    """Every entry on what the ones before it came to; each must say of what was before just what that is."""
    told, texts = Told(), defaultdict[int, dict[str, list[Any]]](dict)
    for entry, name, before, after in session.execute(
        select(TextChangeRow.entry, TextChangeRow.field, TextChangeRow.before, TextChangeRow.after)
    ):
        texts[entry][name] = [before, after]
    wanted = select(AuditRow.number, AuditRow.action, AuditRow.subject, AuditRow.details).order_by(AuditRow.number)
    for number, action, subject, written in session.execute(wanted):
        what, _, step = action.partition(".")
        if what not in ("case", "tip", *OF_PARTS):
            continue
        details = json.loads(written)
        assert set(texts[number]) == set(details.get("texts", ()))
        told.actions[subject.partition("/")[0]][action] += 1
        told.writes += what == "tip" or (what == "case" and action != "case.ring_linked")
        changed = details.get("changed", {}) | texts[number]
        if action in ("case.noted", "case.file_added", "case.ring_linked"):
            continue  # beside the case, and counted
        if action == "decision.received":
            told.received[subject] += Decimal(changed.pop("received")[1])  # type: ignore[assignment]
            changed.pop("received_on")
        state = told.states[what, subject]
        for name, (before, after) in changed.items():
            assert state.get(name) == before, (number, name)
            state[name] = after
        if what == "tip" and "entities" in details:
            told.entities[subject] = details["entities"] if step == "recorded" else details["entities"][1]
        if "version" in details:
            told.at[subject][details["version"]] = state["state"]
    return told


def _values(row: Any, names: list[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else value
