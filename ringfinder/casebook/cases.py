"""Cases: what somebody inquires into, from the first look to the resolution with which it is closed.

    create                     from a ring, a tip, or by hand
    assign, release, begin     who works on it, and that the inquiry began
    change                     title, summary, priority, due date, campaign, districts
    close, reopen              with a resolution; of a false positive the rings may be suppressed (see `suppressing`)

Each step is one of `case_states.CASE`. A case is seen by who may see one of its districts, and by its assignee; for others it is as
unknown as one that is not there; a district that is asked for a cross-check sees it too. It is worked on by its assignee and by
supervisors of its own districts: who is only asked answers, and adds notes. One version stands for the case and all that is decided in it:
who saw an older one is refused. Notes, files and links to rings are only added (`case_notes`,
`case_files`, `linked_rings`), so that nobody can overwrite anybody with them. No run changes anything here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ringfinder.casebook import pinyin
from ringfinder.casebook.case_deadlines import begin_term, end_term, set_day
from ringfinder.casebook.case_states import CASE, PRIORITIES, Origin, Priority, Resolution, resolutions
from ringfinder.casebook.changes import check_version, record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.tables import ApiKeyRow, UserRow
from ringfinder.casebook.tables_of_cases import CaseDistrictRow, CaseRow
from ringfinder.casebook.tables_of_decisions import CheckRow, DecisionRow
from ringfinder.casebook.tables_of_tips import TipRow
from ringfinder.casebook.who import Who

TEXTS = ("title", "summary", "reason")  # what people type, and what may name somebody
WORKERS = frozenset({"investigator", "supervisor"})


@dataclass(frozen=True)
class Case:
    """A case as it stands; `assignee` and `created_by` are ids of users or keys."""

    case_id: str
    version: int
    state: str
    title: str
    summary: str
    origin: str
    origin_id: str | None
    districts: tuple[str, ...]
    priority: Priority
    assignee: str | None
    due_on: date | None
    due_since: date | None
    campaign: str | None
    resolution: str | None
    reason: str | None
    duplicate_of: str | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    closed_at: datetime | None
    erased_on: date | None


@dataclass(frozen=True)
class Draft:
    """What a new case is made of."""

    title: str
    districts: tuple[str, ...]
    summary: str = ""
    origin: Origin = "hand"
    origin_id: str | None = None
    priority: Priority = "normal"
    due_on: date | None = None
    campaign: str | None = None


def create(casebook: Casebook, who: Who, draft: Draft, now: datetime | None = None) -> Case:
    """A new case."""
    with writing(casebook) as session:
        return case_of(session, create_in(session, who, draft, now or datetime.now(UTC)))


def create_in(session: Session, who: Who, draft: Draft, now: datetime) -> CaseRow:
    """A new case, within a transaction."""
    check_districts(who, draft.districts)
    if draft.origin == "tip":
        _check_tip(session, who, draft.origin_id)
    number = (session.scalar(select(func.max(CaseRow.number))) or 0) + 1
    row = CaseRow(
        case_id=f"C{now.year}-{number:06}",
        number=number,
        version=1,
        state=CASE.first,
        title=draft.title,
        summary=draft.summary,
        origin=draft.origin,
        origin_id=draft.origin_id,
        priority=PRIORITIES.index(draft.priority),
        assignee=None,
        due_on=draft.due_on,
        due_since=None,
        campaign=draft.campaign,
        resolution=None,
        reason=None,
        duplicate_of=None,
        created_at=now,
        created_by=who.caller_id,
        updated_at=now,
        closed_at=None,
        erased_on=None,
        search="",
    )
    session.add(row)
    row.search = searched(row)
    session.flush()
    _set_districts(session, row.case_id, draft.districts)
    record_change(session, who.actor, "case.created", row.case_id, {}, _told(session, row), TEXTS, version=1)
    return row


def find(casebook: Casebook, who: Who, case_id: str) -> Case:
    """The case of that id; Refused where there is none that the caller may see."""
    with casebook.session() as session:
        return case_of(session, visible(session, who, case_id))


def change(
    casebook: Casebook, who: Who, case_id: str, version: int, wanted: Mapping[str, Any], now: datetime | None = None
) -> Case:
    """Other values for some of title, summary, priority, due_on, campaign, districts."""
    with changing(casebook, who, case_id, version, "case.changed", now) as (session, row):
        if row.state == "closed":
            raise refused("step_refused", step="change", state=row.state, possible=", ".join(CASE.possible("closed")))
        for name, value in wanted.items():
            if name == "districts":
                check_districts(who, value)
                _check_left_to_others(who, districts_of(session, case_id), value)
                _set_districts(session, case_id, value)
            elif name == "due_on":
                set_day(row, value)
            else:
                setattr(row, name, PRIORITIES.index(value) if name == "priority" else value)
        return case_of(session, row)


def assign(
    casebook: Casebook, who: Who, case_id: str, version: int, assignee: str, now: datetime | None = None
) -> Case:
    """Give the case to somebody who may work on it: a supervisor to anybody, others may take what is nobody's."""
    with changing(casebook, who, case_id, version, "case.assigned", now, mine=False) as (session, row):
        mine = assignee == who.caller_id and row.assignee in (None, who.caller_id)
        if not (mine or _decides(session, who, case_id)):
            raise refused("not_supervisor")
        _check_assignee(session, row.case_id, assignee)
        row.state, row.assignee = CASE.after(row.state, "assign"), assignee
        return case_of(session, row)


def release(casebook: Casebook, who: Who, case_id: str, version: int, now: datetime | None = None) -> Case:
    """Nobody's again, before the inquiry began."""
    with changing(casebook, who, case_id, version, "case.released", now) as (session, row):
        row.state, row.assignee = CASE.after(row.state, "release"), None
        return case_of(session, row)


def begin(casebook: Casebook, who: Who, case_id: str, version: int, now: datetime | None = None) -> Case:
    """The inquiry begins, and with it the term in which the case is decided."""
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.begun", at) as (session, row):
        row.state = CASE.after(row.state, "begin")
        begin_term(row, casebook.rules, casebook.rules.day_of(at))
        return case_of(session, row)


def close_in(
    session: Session,
    who: Who,
    row: CaseRow,
    resolution: Resolution,
    reason: str,
    duplicate_of: str | None,
    now: datetime,
) -> None:
    """Close a case within a transaction. All but a confirmed one need a reason, and that one a decision that stands; a
    duplicate names the other case."""
    row.state = CASE.after(row.state, "close")
    if resolution != "confirmed" and not reason.strip():
        raise refused("reason_needed", resolution=resolution)
    if (resolution == "duplicate") != (duplicate_of is not None) or duplicate_of == row.case_id:
        raise refused("duplicate_of_what")
    if duplicate_of is not None:
        visible(session, who, duplicate_of)
    taken = select(DecisionRow.state, DecisionRow.provisional).where(DecisionRow.case_id == row.case_id)
    possible = resolutions({(state, provisional) for state, provisional in session.execute(taken)})
    if resolution not in possible:
        raise refused(
            "decision_open" if not possible else "no_decision" if resolution == "confirmed" else "decision_stands"
        )
    row.resolution, row.reason, row.duplicate_of, row.closed_at = resolution, reason, duplicate_of, now


def reopen_in(row: CaseRow, rules: Rules, now: datetime) -> None:
    """Open a closed case again, within a transaction: new, and nobody's."""
    check_there(row, "reopen")
    row.state = CASE.after(row.state, "reopen")
    end_term(row, rules, now)
    row.assignee = row.resolution = row.reason = row.duplicate_of = row.closed_at = None


@contextmanager
def changing(
    casebook: Casebook,
    who: Who,
    case_id: str,
    version: int,
    action: str,
    now: datetime | None = None,
    *,
    mine: bool = True,
) -> Iterator[tuple[Session, CaseRow]]:
    """A change of a case that is recorded when the block ends. `mine`: only its assignee and supervisors of its districts may."""
    with writing(casebook) as session:
        row = visible(session, who, case_id)
        check_version(row.version, version)
        if mine and row.assignee != who.caller_id and not _decides(session, who, case_id):
            raise refused("not_assignee")
        before = _told(session, row)
        # Before the block, so that what it hands out is as it will stand.
        row.version, row.updated_at = version + 1, now or datetime.now(UTC)
        yield session, row
        row.search = searched(row)
        session.flush()
        record_change(session, who.actor, action, case_id, before, _told(session, row), TEXTS, version=row.version)


def visible(session: Session, who: Who, case_id: str) -> CaseRow:
    """The case of that id where the caller may see it; Refused for others, as for one that is not there."""
    row = session.get(CaseRow, case_id)
    if row is None or not (row.assignee == who.caller_id or _in_districts(session, who, case_id)):
        raise refused("unknown_case")
    return row


def check_there(row: CaseRow, step: str) -> None:
    """Refused where what the case said was forgotten by rule: it ended for good."""
    if row.erased_on is not None:
        raise refused("step_refused", step=step, state=row.state, possible="-")


def check_districts(who: Who, districts: Collection[str]) -> None:
    """Refused where a case would lie where the caller cannot see it."""
    if who.districts is not None and who.districts.isdisjoint(districts):
        raise refused("foreign_district")


def _check_left_to_others(who: Who, before: Collection[str], after: Collection[str]) -> None:
    """Refused where a case would be taken out of the sight of a district that is not the caller's."""
    if who.districts is not None and set(before) - set(after) - who.districts:
        raise refused("foreign_district")


def check_works_here(session: Session, who: Who, row: CaseRow) -> None:
    """Refused for who sees the case only because a cross-check was asked for in it."""
    if row.assignee != who.caller_id and not _lies_here(session, who, row.case_id):
        raise refused("not_assignee")


def districts_of(session: Session, case_id: str) -> tuple[str, ...]:
    """The districts of a case, in order."""
    wanted = select(CaseDistrictRow.district).where(CaseDistrictRow.case_id == case_id)
    return tuple(session.scalars(wanted.order_by(CaseDistrictRow.district)))


def case_of(session: Session, row: CaseRow) -> Case:
    """A row as it is handed on, with its districts."""
    return handed_on(row, districts_of(session, row.case_id))


def handed_on(row: CaseRow, districts: tuple[str, ...]) -> Case:
    """A row as it is handed on."""
    values = {name: getattr(row, name) for name in Case.__dataclass_fields__ if name not in ("districts", "priority")}
    return Case(**values, districts=districts, priority=PRIORITIES[row.priority])


def searched(row: CaseRow) -> str:
    """What a case is found by: its characters, their pinyin and the initials of that, as tips are (see `pinyin`)."""
    return pinyin.forms(" ".join(filter(None, (row.case_id, row.title, row.summary, row.campaign, row.origin_id))))


def _decides(session: Session, who: Who, case_id: str) -> bool:
    """Whether it is a supervisor of the case's own districts: who is only asked for a cross-check decides nothing in it."""
    return who.decides and _lies_here(session, who, case_id)


def _lies_here(session: Session, who: Who, case_id: str) -> bool:
    """Whether the case is of one of the caller's districts."""
    return who.districts is None or not who.districts.isdisjoint(districts_of(session, case_id))


def _in_districts(session: Session, who: Who, case_id: str) -> bool:
    """Whether the case, or a cross-check that was asked for in it, is of one of the caller's districts."""
    if who.districts is None or _lies_here(session, who, case_id):
        return True
    asked = select(CheckRow.district).where(CheckRow.case_id == case_id)
    return not who.districts.isdisjoint(session.scalars(asked))


def _set_districts(session: Session, case_id: str, districts: Collection[str]) -> None:
    session.execute(delete(CaseDistrictRow).where(CaseDistrictRow.case_id == case_id))
    session.add_all(CaseDistrictRow(case_id=case_id, district=one) for one in sorted(set(districts)))
    session.flush()


def _check_tip(session: Session, who: Who, tip_id: str | None) -> None:
    """Refused where there is no such tip, or none of the caller's districts: as unknown as one that is not there."""
    tip = None if tip_id is None else session.get(TipRow, tip_id)
    if tip is None or (who.districts is not None and tip.district not in who.districts):
        raise refused("unknown_tip")


def _check_assignee(session: Session, case_id: str, assignee: str) -> None:
    user, key = session.get(UserRow, assignee), session.get(ApiKeyRow, assignee)
    found = user if user is not None and user.disabled_at is None else key if key and key.revoked_at is None else None
    where = None if found is None or found.districts is None else frozenset(found.districts)
    if (
        found is None
        or WORKERS.isdisjoint(found.roles)
        or (where is not None and where.isdisjoint(districts_of(session, case_id)))
    ):
        raise refused("bad_assignee")


def _told(session: Session, row: CaseRow) -> dict[str, Any]:
    """What of a case its trail tells."""
    names = (
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
    )
    told = {name: getattr(row, name) for name in (*names, "duplicate_of")}
    return told | {"priority": PRIORITIES[row.priority], "districts": districts_of(session, row.case_id)}
