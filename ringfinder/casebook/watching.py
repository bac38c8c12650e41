"""The watch list: people and facilities that are looked at first, each with a reason, a beginning and an end.

An entry ends by itself: from the day after its last one it is told as expired, whether or not somebody wrote that down (`expire`
does, in the trail too). It may be extended, with a reason, but never beyond so many months from now, so that nobody stays on it for
want of a look; and it may be ended early. One entity is watched once at a time in each district: two districts may watch the same one,
and neither learns from it that the other does. Being watched changes no score.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from ringfinder.casebook import pinyin
from ringfinder.casebook.changes import at_version, record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.rules import Rules, months_after
from ringfinder.casebook.steps import Machine
from ringfinder.casebook.tables_of_watch import WatchRow

Origin = Literal["case", "tip", "ring", "hand"]
State = Literal["active", "ended", "expired"]
TEXTS = ("reason", "end_reason")
MACHINE = Machine(
    "watch",
    "active",
    {"extend": {"active": "active"}, "end": {"active": "ended"}, "expire": {"active": "expired"}},
)
Place = tuple[date, str]


@dataclass(frozen=True)
class Entry:
    """Who or what is watched, and why; `origin_id`: of the case, tip or ring that led to it."""

    entity_type: str
    entity_id: str
    name: str | None
    district: str
    reason: str
    origin: Origin
    origin_id: str | None
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Watched:
    """An entry as it stands on a day. `ends_on`: its last day."""

    watch_id: str
    version: int
    state: str
    entry: Entry
    ended_on: date | None
    end_reason: str | None
    erased_on: date | None


@dataclass(frozen=True)
class Wanted:
    """Filters; None where one is not asked for; `districts`: the caller's."""

    state: State | None = None
    district: str | None = None
    entity: tuple[str, str] | None = None
    text: str | None = None
    districts: Collection[str] | None = None


def watch(casebook: Casebook, entry: Entry, rules: Rules, actor: str) -> Watched:
    """Put somebody on the list."""
    today = rules.today()
    if entry.starts_on > entry.ends_on or entry.ends_on < today:
        raise refused("bad_last_day")
    _check_end(today, entry.ends_on, rules)
    with writing(casebook) as session:
        same = (WatchRow.entity_type == entry.entity_type) & (WatchRow.entity_id == entry.entity_id)
        same &= WatchRow.district == entry.district
        if session.scalar(select(WatchRow.watch_id).where(same, _is("active", today)).limit(1)) is not None:
            raise refused("watched_already")
        row = WatchRow(
            watch_id=f"W{secrets.token_hex(6)}",
            version=1,
            state=MACHINE.first,
            created_at=datetime.now(UTC),
            created_by=actor,
            found_by=pinyin.forms(entry.entity_id, [entry.name] if entry.name else []),
            **vars(entry),
        )
        session.add(row)
        session.flush()
        record_change(session, actor, "watch.added", row.watch_id, {}, _state(row), TEXTS)
        return _watched(row, today)


def extend(
    casebook: Casebook, watch_id: str, version: int, ends_on: date, reason: str, rules: Rules, actor: str
) -> Watched | None:
    """Another last day, with a reason of its own; None where there is no such entry."""
    today = rules.today()
    with writing(casebook) as session:
        row = _current(session, watch_id, version, "extend", today)
        if row is None:
            return None
        if ends_on <= row.ends_on:
            raise refused("bad_last_day")
        _check_end(today, ends_on, rules)
        before = _state(row)
        row.ends_on, row.reason = ends_on, reason
        return _changed(session, row, before, actor, "watch.extended", today)


def end(casebook: Casebook, watch_id: str, version: int, reason: str, rules: Rules, actor: str) -> Watched | None:
    """Take it off the list early; None where there is no such entry."""
    today = rules.today()
    with writing(casebook) as session:
        row = _current(session, watch_id, version, "end", today)
        if row is None:
            return None
        before = _state(row)
        row.state, row.ended_on, row.end_reason = "ended", today, reason
        return _changed(session, row, before, actor, "watch.ended", today)


def expire(casebook: Casebook, today: date, actor: str) -> int:
    """Write down which entries are over; how many."""
    with writing(casebook) as session:
        over = select(WatchRow).where(WatchRow.state == "active", WatchRow.ends_on < today)
        rows = session.scalars(over.order_by(WatchRow.watch_id)).all()
        for row in rows:
            before = _state(row)
            row.state, row.ended_on = MACHINE.after(row.state, "expire"), row.ends_on
            _changed(session, row, before, actor, "watch.expired", today)
    return len(rows)


def find(casebook: Casebook, watch_id: str, today: date) -> Watched | None:
    """One entry as it stands on that day."""
    with casebook.session() as session:
        row = session.get(WatchRow, watch_id)
        return None if row is None else _watched(row, today)


def page(
    casebook: Casebook, wanted: Wanted, today: date, after: Place | None, limit: int
) -> tuple[tuple[Watched, ...], int, Place | None]:
    """(entries, how many there are in all, the place of the last one where more follow): soonest to end first."""
    matching = _matching(wanted, today)
    rows_of = select(WatchRow).where(*matching)
    if after is not None:
        day, last = after
        rows_of = rows_of.where(or_(WatchRow.ends_on > day, and_(WatchRow.ends_on == day, WatchRow.watch_id > last)))
    with casebook.session() as session:
        total = session.scalar(select(func.count()).select_from(WatchRow).where(*matching)) or 0
        rows = session.scalars(rows_of.order_by(WatchRow.ends_on, WatchRow.watch_id).limit(limit + 1)).all()
        shown = tuple(_watched(row, today) for row in rows[:limit])
    following = (shown[-1].entry.ends_on, shown[-1].watch_id) if len(rows) > limit else None
    return shown, total, following


def _matching(wanted: Wanted, today: date) -> list[Any]:
    found: list[Any] = []
    if wanted.state is not None:
        found.append(_is(wanted.state, today))
    if wanted.district is not None:
        found.append(WatchRow.district == wanted.district)
    if wanted.districts is not None:
        found.append(WatchRow.district.in_(sorted(wanted.districts)))
    if wanted.entity is not None:
        found += [WatchRow.entity_type == wanted.entity[0], WatchRow.entity_id == wanted.entity[1]]
    if wanted.text is not None:
        found.append(WatchRow.found_by.like(pinyin.pattern(wanted.text), escape="\\"))
    return found


def _is(state: State, today: date) -> Any:
    match state:
        case "active":
            return (WatchRow.state == "active") & (WatchRow.ends_on >= today)
        case "expired":
            return (WatchRow.state == "expired") | ((WatchRow.state == "active") & (WatchRow.ends_on < today))
        case "ended":
            return WatchRow.state == "ended"


def _check_end(since: date, ends_on: date, rules: Rules) -> None:
    if ends_on > months_after(since, rules.watching.most_months):
        raise refused("watched_too_long", months=rules.watching.most_months)


def _current(session: Session, watch_id: str, version: int, step: str, today: date) -> WatchRow | None:
    row = at_version(session, WatchRow, watch_id, version)
    if row is not None:
        MACHINE.after(_watched(row, today).state, step)
    return row


def _changed(session: Session, row: WatchRow, before: dict[str, Any], actor: str, action: str, today: date) -> Watched:
    row.version += 1
    session.flush()
    record_change(session, actor, action, row.watch_id, before, _state(row), TEXTS, version=row.version)
    return _watched(row, today)


def _state(row: WatchRow) -> dict[str, Any]:
    """What the trail compares: neither id nor name of who is watched."""
    names = "state entity_type district reason origin origin_id starts_on ends_on ended_on end_reason"
    return {name: getattr(row, name) for name in names.split()}


def _watched(row: WatchRow, today: date) -> Watched:
    over = row.state == "active" and row.ends_on < today
    origin: Any = row.origin
    entry = Entry(
        row.entity_type,
        row.entity_id,
        row.name,
        row.district,
        row.reason,
        origin,
        row.origin_id,
        row.starts_on,
        row.ends_on,
    )
    ended_on = row.ends_on if over else row.ended_on
    return Watched(
        row.watch_id, row.version, "expired" if over else row.state, entry, ended_on, row.end_reason, row.erased_on
    )
