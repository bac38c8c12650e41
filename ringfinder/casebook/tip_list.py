"""Pages of tips: filtered, found by characters or pinyin, in one of two orders, with the place where the next page begins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy import and_, func, or_, select

from ringfinder.casebook import pinyin
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipRow

Sort = Literal["received", "due"]
SORTS: tuple[Sort, ...] = get_args(Sort)
NEVER = date(9999, 12, 31)  # what has no deadline comes last
MOST_IDS = 2000  # that stand for a text in a second question
Place = tuple[date, str]


@dataclass(frozen=True)
class Wanted:
    """Filters; None where one is not asked for. `late_on`: those whose deadline has passed on that day; `districts`: the
    caller's."""

    state: str | None = None
    channel: str | None = None
    outcome: str | None = None
    district: str | None = None
    entity: tuple[str, str] | None = None
    late_on: date | None = None
    text: str | None = None
    districts: Collection[str] | None = None


@dataclass(frozen=True)
class Line:
    """A tip in a list: nothing of what it says."""

    tip_id: str
    version: int
    state: str
    channel: str
    district: str
    kind: str | None
    named: bool
    received_on: date
    due_on: date | None
    due_term: str | None
    due_provisional: bool
    outcome: str | None
    entities: int


COLUMNS: tuple[Any, ...] = (
    TipRow.tip_id,
    TipRow.version,
    TipRow.state,
    TipRow.channel,
    TipRow.district,
    TipRow.kind,
    TipRow.named,
    TipRow.received_on,
    TipRow.due_on,
    TipRow.due_term,
    TipRow.due_provisional,
    TipRow.outcome,
    select(func.count()).where(TipEntityRow.tip_id == TipRow.tip_id).scalar_subquery(),
)  # as `Line` has them


def page(
    casebook: Casebook, wanted: Wanted, sort: Sort, after: Place | None, limit: int
) -> tuple[tuple[Line, ...], int, Place | None]:
    """(tips, how many there are in all, the place of the last one where more follow): newest first, or soonest due first."""
    by = TipRow.received_on if sort == "received" else func.coalesce(TipRow.due_on, NEVER)
    order = by.desc() if sort == "received" else by.asc()
    with casebook.session() as session:
        matching = _matching(wanted)
        if wanted.text is not None:  # all texts are gone through: once, not for the number and again for the page
            ids = session.scalars(select(TipRow.tip_id).where(*matching)).all()
            matching = [TipRow.tip_id.in_(ids)] if len(ids) <= MOST_IDS else matching
        total = session.scalar(select(func.count()).select_from(TipRow).where(*matching)) or 0
        if after is not None:
            day, tip_id = after
            beyond = by < day if sort == "received" else by > day
            matching.append(or_(beyond, and_(by == day, TipRow.tip_id > tip_id)))
        lines = select(*COLUMNS).where(*matching).order_by(order, TipRow.tip_id)
        rows = session.execute(lines.limit(limit + 1)).all()
    shown = tuple(Line(*row) for row in rows[:limit])
    if len(rows) <= limit:
        return shown, total, None
    last = shown[-1]
    return shown, total, (last.received_on if sort == "received" else last.due_on or NEVER, last.tip_id)


def _matching(wanted: Wanted) -> list[Any]:
    found: list[Any] = [
        column == value
        for column, value in (
            (TipRow.state, wanted.state),
            (TipRow.channel, wanted.channel),
            (TipRow.outcome, wanted.outcome),
            (TipRow.district, wanted.district),
        )
        if value is not None
    ]
    if wanted.districts is not None:
        found.append(TipRow.district.in_(sorted(wanted.districts)))
    if wanted.late_on is not None:
        found.append(TipRow.due_on < wanted.late_on)
    if wanted.text is not None:
        found.append(TipRow.found_by.like(pinyin.pattern(wanted.text), escape="\\"))
    if wanted.entity is not None:
        kind, entity_id = wanted.entity
        found.append(
            TipRow.tip_id.in_(
                select(TipEntityRow.tip_id).where(TipEntityRow.entity_type == kind, TipEntityRow.entity_id == entity_id)
            )
        )
    return found
