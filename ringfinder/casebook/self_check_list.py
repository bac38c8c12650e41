"""Pages of self-checks: which of them, soonest due first, and the place where the next page begins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, or_, select

from ringfinder.casebook.columns import CENT
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables_of_screening import CheckRow, ReturnRow

Place = tuple[date, str]
ZERO = Decimal(0).quantize(CENT)


@dataclass(frozen=True)
class Wanted:
    """Filters; None where one is not asked for. `late_on`: sent, not answered, and due before that day; `districts`: the caller's."""

    state: str | None = None
    district: str | None = None
    facility_id: str | None = None
    late_on: date | None = None
    districts: Collection[str] | None = None


@dataclass(frozen=True)
class Line:
    """A self-check in a list: without its items and answers. `returned`: what the facility paid back so far."""

    check_id: str
    version: int
    state: str
    facility_id: str
    district: str
    sent_on: date
    due_on: date
    answered_on: date | None
    amount: Decimal | None
    returned: Decimal


CAME = func.coalesce(func.sum(ReturnRow.amount), ZERO)
RETURNED = select(CAME).where(ReturnRow.check_id == CheckRow.check_id).scalar_subquery()
COLUMNS: tuple[Any, ...] = (
    *(CheckRow.check_id, CheckRow.version, CheckRow.state, CheckRow.facility_id, CheckRow.district),
    *(CheckRow.sent_on, CheckRow.due_on, CheckRow.answered_on, CheckRow.amount, RETURNED),
)


def page(
    casebook: Casebook, wanted: Wanted, after: Place | None, limit: int
) -> tuple[tuple[Line, ...], int, Place | None]:
    """(self-checks, how many there are in all, the place of the last one where more follow)."""
    matching = _matching(wanted)
    lines = select(*COLUMNS).where(*matching)
    if after is not None:
        day, last = after
        lines = lines.where(or_(CheckRow.due_on > day, and_(CheckRow.due_on == day, CheckRow.check_id > last)))
    with casebook.session() as session:
        total = session.scalar(select(func.count()).select_from(CheckRow).where(*matching)) or 0
        rows = session.execute(lines.order_by(CheckRow.due_on, CheckRow.check_id).limit(limit + 1)).all()
    shown = tuple(Line(*row) for row in rows[:limit])
    return shown, total, (shown[-1].due_on, shown[-1].check_id) if len(rows) > limit else None


def _matching(wanted: Wanted) -> list[Any]:
    named = (
        (CheckRow.state, wanted.state),
        (CheckRow.district, wanted.district),
        (CheckRow.facility_id, wanted.facility_id),
    )
    found: list[Any] = [column == value for column, value in named if value is not None]
    if wanted.districts is not None:
        found.append(CheckRow.district.in_(sorted(wanted.districts)))
    if wanted.late_on is not None:
        found += [CheckRow.state == "sent", CheckRow.due_on < wanted.late_on]
    return found
