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
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ringfinder.casebook import pinyin
from ringfinder.casebook.changes import at_version, record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipRow
from ringfinder.casebook.tip_rows import TEXTS, changed, entities_of, set_due, state_of, tip_of
from ringfinder.casebook.tip_states import MACHINE, TRUE, Done, Mention, Named, Said, Tip


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
        done = (row.acknowledged_on, row.checked_on, row.answered_on, row.closed_on)
        if any(day is not None and day < said.received_on for day in done):
            raise refused("bad_day")
        before, was = state_of(row), len(entities_of(session, tip_id))
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
        rows = session.execute(wanted)
        return tuple(Mention(tip_id, district, kind, entity_id or "") for tip_id, district, kind, entity_id in rows)


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


def _name(session: Session, tip_id: str, entities: Sequence[Named]) -> None:
    session.add_all(
        TipEntityRow(tip_id=tip_id, place=place, entity_type=one.entity_type, entity_id=one.entity_id, name=one.name)
        for place, one in enumerate(entities)
    )
    session.flush()


def _found_by(summary: str, entities: Sequence[Named]) -> str:
    ids = " ".join(one.entity_id for one in entities if one.entity_id)
    return pinyin.forms(f"{summary} {ids}", [one.name for one in entities if one.name])
