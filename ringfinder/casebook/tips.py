"""Tips: what somebody says about rings and people, by phone, web, letter or messaging account; every one is checked and answered.

    record         what was said, and whom it names; who said it comes apart (`reporters`), or stays unknown
    acknowledge    the reporter is told that it arrived
    check          it was looked into, with an outcome; `extend`: that may take longer
    answer         who gave a name is told what came of it
    close          nothing is left to do; `reopen`: there is news

Each state has a deadline, computed by the rules (`rules.toml`) and told with its law. A tip names entities: that lifts the rings
they are in on the work list, as long as the tip is open or proved true, and changes no score.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ringfinder.casebook import pinyin
from ringfinder.casebook.changes import at_version, record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.steps import Machine
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipRewardRow, TipRow

Channel = Literal["phone", "web", "letter", "messaging", "visit"]
Outcome = Literal["substantiated", "partly", "unsubstantiated", "out_of_scope", "duplicate"]
Step = Literal["acknowledge", "check", "answer", "close", "reopen"]
TRUE = frozenset({"substantiated", "partly"})
TEXTS = ("summary", "told")
MACHINE = Machine(
    "tip",
    "received",
    {
        "acknowledge": {"received": "acknowledged"},
        "check": {"received": "checked", "acknowledged": "checked"},
        "answer": {"checked": "answered"},
        "close": {"answered": "closed", "checked": "closed"},
        "reopen": {"closed": "acknowledged"},
    },
)


@dataclass(frozen=True)
class Named:
    """Somebody or something that a tip names: by id, by name, or both."""

    entity_type: str
    entity_id: str | None
    name: str | None


@dataclass(frozen=True)
class Mention:
    """An entity that a tip names by its id."""

    tip_id: str
    district: str
    entity_type: str
    entity_id: str


@dataclass(frozen=True)
class Said:
    """What a tip says. `kind`: of ring that it sounds like."""

    channel: Channel
    district: str
    received_on: date
    summary: str
    kind: str | None = None
    entities: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Done:
    """What one step wants to know. `told`: to the reporter; `outcome`: of checking."""

    step: Step
    on: date
    outcome: Outcome | None = None
    told: str | None = None


@dataclass(frozen=True)
class Reward:
    """What a tip was worth."""

    level: int
    found: Decimal
    insider: bool
    amount: Decimal
    booked_on: date
    paid_on: date | None
    reference: str | None


@dataclass(frozen=True)
class Tip:
    """A tip without who gave it. `due_term` names the rule of the deadline; `named`: an identity is kept."""

    tip_id: str
    version: int
    state: str
    said: Said
    named: bool
    receipt: bool
    acknowledged_on: date | None
    checked_on: date | None
    answered_on: date | None
    closed_on: date | None
    outcome: str | None
    told: str | None
    extended: bool
    due_on: date | None
    due_term: str | None
    due_provisional: bool
    erased_on: date | None
    possible: tuple[str, ...] = ()
    reward: Reward | None = field(default=None)


def record(casebook: Casebook, said: Said, rules: Rules, actor: str) -> Tip:
    """A new tip."""
    if said.received_on > rules.today():
        raise refused("bad_day")
    row = TipRow(
        tip_id=f"T{secrets.token_hex(6)}",
        version=1,
        state=MACHINE.first,
        channel=said.channel,
        district=said.district,
        kind=said.kind,
        summary=said.summary,
        named=False,
        received_on=said.received_on,
        begins_on=said.received_on,
        extended=False,
        recorded_at=datetime.now(UTC),
        recorded_by=actor,
        found_by=_found_by(said.summary, said.entities),
    )
    set_due(row, rules)
    with writing(casebook) as session:
        session.add(row)
        session.flush()
        _name(session, row.tip_id, said.entities)
        known = {"version": 1, "entities": len(said.entities)}
        record_change(session, actor, "tip.recorded", row.tip_id, {}, state_of(row), TEXTS, **known)
        return tip_of(session, row)


def change(casebook: Casebook, tip_id: str, version: int, said: Said, rules: Rules, actor: str) -> Tip | None:
    """Correct what a tip says and whom it names; None where there is none."""
    if said.received_on > rules.today():
        raise refused("bad_day")
    with writing(casebook) as session:
        row = at_version(session, TipRow, tip_id, version)
        if row is None:
            return None
        before, was = state_of(row), len(_entities(session, tip_id))
        if row.begins_on == row.received_on:
            row.begins_on = said.received_on
        row.channel, row.district, row.kind, row.summary = said.channel, said.district, said.kind, said.summary
        row.received_on, row.found_by = said.received_on, _found_by(said.summary, said.entities)
        session.execute(delete(TipEntityRow).where(TipEntityRow.tip_id == tip_id))
        _name(session, tip_id, said.entities)
        told = {"entities": [was, len(said.entities)]}
        return changed(session, row, before, rules, actor, "tip.changed", **told)


def take(casebook: Casebook, tip_id: str, version: int, done: Done, rules: Rules, actor: str) -> Tip | None:
    """One step on; Refused where it does not lead on from there, None where there is no such tip."""
    with writing(casebook) as session:
        row = at_version(session, TipRow, tip_id, version)
        if row is None:
            return None
        before, state = state_of(row), MACHINE.after(row.state, done.step)
        earlier = [row.received_on, row.acknowledged_on, row.checked_on, row.answered_on, row.closed_on]
        if done.on > rules.today() or done.on < max(day for day in earlier if day is not None):
            raise refused("bad_day")
        if (done.outcome is None) == (done.step == "check"):
            raise refused("outcome_needed")
        if done.step == "close" and row.state == "checked" and row.named:
            raise refused("answer_first")
        row.state = state
        match done.step:
            case "acknowledge":
                row.acknowledged_on = done.on
            case "check":
                row.checked_on, row.outcome = done.on, done.outcome
            case "answer":
                row.answered_on = done.on
            case "close":
                row.closed_on = done.on
            case "reopen":
                row.begins_on, row.extended, row.outcome = done.on, False, None
                row.acknowledged_on, row.checked_on, row.answered_on, row.closed_on = done.on, None, None, None
        row.told = row.told if done.told is None else done.told
        return changed(session, row, before, rules, actor, f"tip.{done.step}")


def extend(casebook: Casebook, tip_id: str, version: int, rules: Rules, actor: str) -> Tip | None:
    """Checking may take longer, as the head of the authority approves; once."""
    with writing(casebook) as session:
        row = at_version(session, TipRow, tip_id, version)
        if row is None:
            return None
        if row.extended or row.state not in {"received", "acknowledged"}:
            raise refused("extended_already")
        before = state_of(row)
        row.extended = True
        return changed(session, row, before, rules, actor, "tip.extended")


def find(casebook: Casebook, tip_id: str) -> Tip | None:
    """One tip."""
    with casebook.session() as session:
        row = session.get(TipRow, tip_id)
        return None if row is None else tip_of(session, row)


def mentions(casebook: Casebook) -> tuple[Mention, ...]:
    """Whom tips name by id that are open, or proved true."""
    wanted = (
        select(TipEntityRow.tip_id, TipRow.district, TipEntityRow.entity_type, TipEntityRow.entity_id)
        .join(TipRow, TipRow.tip_id == TipEntityRow.tip_id)
        .where(TipRow.outcome.is_(None) | TipRow.outcome.in_(TRUE), TipEntityRow.entity_id.is_not(None))
        .order_by(TipEntityRow.tip_id, TipEntityRow.place)
    )
    with casebook.session() as session:
        return tuple(Mention(*row) for row in session.execute(wanted).tuples())  # type: ignore[arg-type] # never NULL here


def change_mark(casebook: Casebook) -> tuple[int, int]:
    """Another one after every change of a tip."""
    with casebook.session() as session:
        count, versions = session.execute(select(func.count(), func.sum(TipRow.version)).select_from(TipRow)).one()
        return int(count), int(versions or 0)


def renew_deadlines(casebook: Casebook, rules: Rules, actor: str) -> int:
    """Compute the deadlines of open tips anew, since days off may have been announced meanwhile; how many moved."""
    moved = 0
    with writing(casebook) as session:
        for row in session.scalars(select(TipRow).where(TipRow.due_on.is_not(None))):
            before = state_of(row)
            set_due(row, rules)
            if state_of(row) != before:
                moved += 1
                row.version += 1
                record_change(session, actor, "tip.due", row.tip_id, before, state_of(row), TEXTS, version=row.version)
    return moved


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
        tuple(Named(one.entity_type, one.entity_id, one.name) for one in _entities(session, row.tip_id)),
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


def _entities(session: Session, tip_id: str) -> Sequence[TipEntityRow]:
    wanted = select(TipEntityRow).where(TipEntityRow.tip_id == tip_id).order_by(TipEntityRow.place)
    return session.scalars(wanted).all()


def _name(session: Session, tip_id: str, entities: Sequence[Named]) -> None:
    session.add_all(
        TipEntityRow(tip_id=tip_id, place=place, entity_type=one.entity_type, entity_id=one.entity_id, name=one.name)
        for place, one in enumerate(entities)
    )
    session.flush()


def _found_by(summary: str, entities: Sequence[Named]) -> str:
    ids = " ".join(one.entity_id for one in entities if one.entity_id)
    return pinyin.forms(f"{summary} {ids}", [one.name for one in entities if one.name])
