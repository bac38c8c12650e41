"""Pages of cases: which of them, in which order, and where the next page begins.

A page is found by its place, not by its number: the last case of the page before, by what it is sorted by and its id. So it stays
right while others work.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, defer

from ringfinder.casebook import pinyin
from ringfinder.casebook.case_states import PRIORITIES, CaseState, Origin, Priority, Resolution
from ringfinder.casebook.cases import Case, handed_on
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables_of_cases import CaseDistrictRow, CaseRingRow, CaseRow
from ringfinder.casebook.tables_of_decisions import CheckRow
from ringfinder.casebook.who import Who

CaseSort = Literal["updated", "created", "due", "priority"]
SORTS: tuple[CaseSort, ...] = get_args(CaseSort)
NEVER = date(9999, 12, 31)  # when a case without a date is due
MOST_NUMBER = 2**31 - 1  # that PostgreSQL keeps in such a column
KEYS: dict[CaseSort, Any] = {
    "updated": CaseRow.updated_at,
    "created": CaseRow.number,
    "due": func.coalesce(CaseRow.due_on, NEVER),
    "priority": CaseRow.priority,
}
Place = tuple[str, str]  # what it is sorted by, as text, and the case's id


@dataclass(frozen=True)
class CasesWanted:
    """Filters; None where one is not asked for. `overdue_on`: due before that day, and open; `text`: each of its words is found;
    `districts`: those that lie in one of these."""

    state: CaseState | None = None
    is_open: bool | None = None
    assignee: str | None = None
    district: str | None = None
    priority: Priority | None = None
    origin: Origin | None = None
    campaign: str | None = None
    resolution: Resolution | None = None
    ring_id: str | None = None
    overdue_on: date | None = None
    text: str | None = None
    districts: Collection[str] | None = None


@dataclass(frozen=True)
class CasePage:
    """A page, how many fit in all, and the place behind which the next one begins, None on the last."""

    cases: tuple[Case, ...]
    total: int
    following: Place | None


def cases(
    casebook: Casebook, who: Who, wanted: CasesWanted, sort: CaseSort, after: Place | None, limit: int
) -> CasePage:
    """A page of the cases that the caller may see; ValueError for a place that is none of this order."""
    key = KEYS[sort]
    matching = [scope(who), *_filters(wanted)]
    # What a case is found by is longer than all that is told of it.
    rest = select(CaseRow).options(defer(CaseRow.search)).where(*matching)
    if after is not None:
        rest = rest.where(_behind(key, sort, after))
    ordered = (key, CaseRow.case_id) if sort == "due" else (key.desc(), CaseRow.case_id.desc())
    with casebook.session() as session:
        total = session.scalar(select(func.count()).select_from(CaseRow).where(*matching)) or 0
        rows = session.scalars(rest.order_by(*ordered).limit(limit + 1)).all()
        shown = rows[:limit]
        where = _districts(session, [row.case_id for row in shown])
        found = tuple(handed_on(row, where.get(row.case_id, ())) for row in shown)
        following = (_text(shown[-1], sort), shown[-1].case_id) if len(rows) > limit else None
    return CasePage(found, total, following)


def scope(who: Who) -> ColumnElement[bool]:
    """What of the cases the caller may see, as `cases.visible` has it."""
    if who.districts is None:
        return CaseRow.case_id.is_not(None)
    asked = select(CheckRow.case_id).where(CheckRow.district.in_(sorted(who.districts)))
    return or_(CaseRow.assignee == who.caller_id, lies_in(who.districts), CaseRow.case_id.in_(asked))


def lies_in(districts: Collection[str] | None) -> ColumnElement[bool]:
    """The cases of these districts, all for None; not those in which they were only asked for a cross-check."""
    if districts is None:
        return CaseRow.case_id.is_not(None)
    return CaseRow.case_id.in_(select(CaseDistrictRow.case_id).where(CaseDistrictRow.district.in_(sorted(districts))))


def _filters(wanted: CasesWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name in ("state", "assignee", "origin", "campaign", "resolution"):
        if (value := getattr(wanted, name)) is not None:
            found.append(getattr(CaseRow, name) == value)
    if wanted.is_open is not None:
        found.append((CaseRow.state != "closed") if wanted.is_open else (CaseRow.state == "closed"))
    if wanted.priority is not None:
        found.append(CaseRow.priority == PRIORITIES.index(wanted.priority))
    if wanted.district is not None:
        found.append(lies_in((wanted.district,)))
    if wanted.districts is not None:
        found.append(lies_in(wanted.districts))
    if wanted.ring_id is not None:
        found.append(CaseRow.case_id.in_(select(CaseRingRow.case_id).where(CaseRingRow.ring_id == wanted.ring_id)))
    if wanted.overdue_on is not None:
        found += [CaseRow.due_on < wanted.overdue_on, CaseRow.state != "closed"]
    return found + [CaseRow.search.like(pinyin.pattern(word), escape="\\") for word in (wanted.text or "").split()]


def _behind(key: Any, sort: CaseSort, after: Place) -> ColumnElement[bool]:
    text, case_id = after
    value: Any
    match sort:
        case "updated":
            value = _moment(text)
        case "due":
            value = date.fromisoformat(text)
        case "created" | "priority":
            value = int(text)
            if not 0 <= value <= MOST_NUMBER:
                raise ValueError(text)
    if sort == "due":
        return or_(key > value, and_(key == value, CaseRow.case_id > case_id))
    return or_(key < value, and_(key == value, CaseRow.case_id < case_id))


def _moment(text: str) -> datetime:
    """ValueError for one that is none, or outside the years that there are in UTC."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def _text(row: CaseRow, sort: CaseSort) -> str:
    match sort:
        case "updated":
            return row.updated_at.isoformat()
        case "due":
            return (row.due_on or NEVER).isoformat()
        case "created":
            return str(row.number)
        case "priority":
            return str(row.priority)


def _districts(session: Session, case_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """The districts of each case, in order."""
    wanted = select(CaseDistrictRow.case_id, CaseDistrictRow.district).where(CaseDistrictRow.case_id.in_(case_ids))
    found: dict[str, tuple[str, ...]] = {}
    for case_id, district in session.execute(wanted.order_by(CaseDistrictRow.case_id, CaseDistrictRow.district)):
        found[case_id] = (*found.get(case_id, ()), district)
    return found
