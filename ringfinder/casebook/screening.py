"""Screening: every facility is looked at so often (`[screening] every_months`), those first of which rings speak.

A look is planned for a day and then taken, with an outcome. What is covered is told against the facilities that the claims of the
served run name: looked at within the last so many months, planned, or neither. Next come, among those neither looked at nor planned,
the ones with alerts (the surest first), then those that were looked at longest ago, or never; ties by id.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ringfinder.casebook.changes import at_version, record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.rules import Rules, months_after
from ringfinder.casebook.steps import Machine
from ringfinder.casebook.tables_of_screening import LookRow

Outcome = Literal["nothing_found", "found", "case_opened"]
MACHINE = Machine("look", "planned", {"take": {"planned": "taken"}, "drop": {"planned": "dropped"}})


@dataclass(frozen=True)
class Facility:
    """A facility of the served run. `alerts`: rings that alert and meet there; `score`: of the surest of them, 0 without one."""

    facility_id: str
    district: str
    alerts: int
    score: float


@dataclass(frozen=True)
class Look:
    """A look as it stands."""

    look_id: str
    version: int
    state: str
    facility_id: str
    district: str
    planned_on: date
    looked_on: date | None
    outcome: str | None
    note: str | None


@dataclass(frozen=True)
class Proposal:
    """A facility that should be looked at next; `last`: when it was, None: never."""

    facility: Facility
    last: date | None


@dataclass(frozen=True)
class Coverage:
    """How much of the facilities was looked at: counts that add up to `facilities`."""

    facilities: int
    looked_at: int
    planned: int
    neither: int
    following: tuple[Proposal, ...]


def plan(casebook: Casebook, facility_id: str, district: str, on: date, rules: Rules, actor: str) -> Look:
    """Plan a look; Refused where one is planned already, or for a day that is over."""
    if on < rules.today():
        raise refused("bad_last_day")
    with writing(casebook) as session:
        same = (LookRow.facility_id == facility_id) & (LookRow.state == "planned")
        if session.scalar(select(LookRow.look_id).where(same).limit(1)) is not None:
            raise refused("planned_already")
        row = LookRow(
            look_id=f"L{secrets.token_hex(6)}",
            version=1,
            state=MACHINE.first,
            facility_id=facility_id,
            district=district,
            planned_on=on,
            created_at=datetime.now(UTC),
            created_by=actor,
        )
        session.add(row)
        session.flush()
        record_change(session, actor, "look.planned", row.look_id, {}, _state(row), ("note",))
        return look_of(row)


def take(
    casebook: Casebook,
    look_id: str,
    version: int,
    on: date,
    outcome: Outcome,
    note: str | None,
    rules: Rules,
    actor: str,
) -> Look | None:
    """Write down that somebody looked; None where there is no such look."""
    with writing(casebook) as session:
        row = at_version(session, LookRow, look_id, version)
        if row is None:
            return None
        if on > rules.today():
            raise refused("bad_day")
        before, state = _state(row), MACHINE.after(row.state, "take")
        row.state, row.looked_on, row.outcome, row.note = state, on, outcome, note
        return _changed(session, row, before, actor, "look.taken")


def drop(casebook: Casebook, look_id: str, version: int, actor: str) -> Look | None:
    """It is not planned any more; None where there is no such look."""
    with writing(casebook) as session:
        row = at_version(session, LookRow, look_id, version)
        if row is None:
            return None
        before = _state(row)
        row.state = MACHINE.after(row.state, "drop")
        return _changed(session, row, before, actor, "look.dropped")


def find(casebook: Casebook, look_id: str) -> Look | None:
    """One look."""
    with casebook.session() as session:
        row = session.get(LookRow, look_id)
        return None if row is None else look_of(row)


def coverage(casebook: Casebook, facilities: Sequence[Facility], today: date, rules: Rules, most: int) -> Coverage:
    """What is covered of these facilities, and up to `most` that come next."""
    lasts, planned = _known(casebook)
    every = rules.screening.every_months
    fresh = {one for one, last in lasts.items() if months_after(last, every) > today}
    looked_at = sum(one.facility_id in fresh for one in facilities)
    open_ = [one for one in facilities if one.facility_id not in fresh]
    neither = [one for one in open_ if one.facility_id not in planned]
    neither.sort(key=lambda one: (-one.score, -one.alerts, lasts.get(one.facility_id, date.min), one.facility_id))
    following = tuple(Proposal(one, lasts.get(one.facility_id)) for one in neither[:most])
    return Coverage(len(facilities), looked_at, len(open_) - len(neither), len(neither), following)


def _known(casebook: Casebook) -> tuple[Mapping[str, date], frozenset[str]]:
    taken = select(LookRow.facility_id, func.max(LookRow.looked_on)).where(LookRow.state == "taken")
    planned = select(LookRow.facility_id).where(LookRow.state == "planned")
    with casebook.session() as session:
        rows = session.execute(taken.group_by(LookRow.facility_id))
        lasts = {facility: last for facility, last in rows if last is not None}
        return lasts, frozenset(session.scalars(planned))


def _changed(session: Session, row: LookRow, before: dict[str, object], actor: str, action: str) -> Look:
    row.version += 1
    session.flush()
    record_change(session, actor, action, row.look_id, before, _state(row), ("note",), version=row.version)
    return look_of(row)


def _state(row: LookRow) -> dict[str, object]:
    names = ("state", "facility_id", "district", "planned_on", "looked_on", "outcome", "note")
    return {name: getattr(row, name) for name in names}


def look_of(row: LookRow) -> Look:
    """A row as a look."""
    return Look(
        row.look_id,
        row.version,
        row.state,
        row.facility_id,
        row.district,
        row.planned_on,
        row.looked_on,
        row.outcome,
        row.note,
    )
