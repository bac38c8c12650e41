"""Rows of tips: what is handed on of one, its deadline, and how a change of it is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from ringfinder.casebook.changes import record_change
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipRewardRow, TipRow
from ringfinder.casebook.tip_states import MACHINE, Channel, Named, Reward, Said, Tip

TEXTS = ("summary", "told")


def set_due(row: TipRow, rules: Rules) -> None:
    """The deadline of what comes next. `tip_answer` only where there is somebody to answer."""
    term, since = {
        "received": ("tip_acknowledge", row.begins_on),
        "acknowledged": ("tip_check_extended" if row.extended else "tip_check", row.begins_on),
        "checked": ("tip_answer" if row.named else "tip_close", row.checked_on),
        "answered": ("tip_close", row.checked_on),
    }.get(row.state, (None, None))
    if term is None or since is None:
        row.due_on, row.due_term, row.due_provisional = None, None, False
        return
    due = rules.due(term, since)
    row.due_on, row.due_term, row.due_provisional = due.day, term, due.provisional


def state_of(row: TipRow) -> dict[str, Any]:
    """What the trail compares; neither who gave it nor whom it names."""
    names = (
        "state channel district kind summary named received_on begins_on acknowledged_on checked_on answered_on closed_on outcome"
        " told extended due_on due_term due_provisional"
    )
    return {name: getattr(row, name) for name in names.split()}


def tip_of(session: Session, row: TipRow) -> Tip:
    """A row as it is handed on."""
    reward = session.get(TipRewardRow, row.tip_id)
    said = Said(
        cast(Channel, row.channel),
        row.district,
        row.received_on,
        row.summary,
        row.kind,
        tuple(Named(one.entity_type, one.entity_id, one.name) for one in entities_of(session, row.tip_id)),
    )
    possible = tuple(
        step for step in MACHINE.possible(row.state) if not (step == "close" and row.state == "checked" and row.named)
    )
    return Tip(
        row.tip_id,
        row.version,
        row.state,
        said,
        row.named,
        row.receipt is not None,
        row.acknowledged_on,
        row.checked_on,
        row.answered_on,
        row.closed_on,
        row.outcome,
        row.told,
        row.extended,
        row.due_on,
        row.due_term,
        row.due_provisional,
        row.erased_on,
        possible,
        None if reward is None else reward_of(reward),
    )


def reward_of(row: TipRewardRow) -> Reward:
    """A row as it is handed on."""
    return Reward(row.level, row.found, row.insider, row.amount, row.booked_on, row.paid_on, row.reference)


def changed(
    session: Session, row: TipRow, before: dict[str, Any], rules: Rules, actor: str, action: str, **details: Any
) -> Tip:
    """The tip after a change, with its deadline computed anew and the change recorded."""
    set_due(row, rules)
    row.version += 1
    session.flush()
    record_change(session, actor, action, row.tip_id, before, state_of(row), TEXTS, version=row.version, **details)
    return tip_of(session, row)


def entities_of(session: Session, tip_id: str) -> Sequence[TipEntityRow]:
    """Whom a tip names, in order."""
    wanted = select(TipEntityRow).where(TipEntityRow.tip_id == tip_id).order_by(TipEntityRow.place)
    return session.scalars(wanted).all()
