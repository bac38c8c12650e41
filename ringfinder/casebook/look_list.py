"""Pages of looks at facilities: which of them, the one planned soonest first, and the place where the next page begins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.screening import Look, look_of
from ringfinder.casebook.tables_of_screening import LookRow

Place = tuple[date, str]


@dataclass(frozen=True)
class LooksWanted:
    """Filters; None where one is not asked for. `districts`: the caller's."""

    state: str | None = None
    district: str | None = None
    facility_id: str | None = None
    districts: Collection[str] | None = None


def page(
    casebook: Casebook, wanted: LooksWanted, after: Place | None, limit: int
) -> tuple[tuple[Look, ...], int, Place | None]:
    """(looks, how many there are in all, the place of the last one where more follow)."""
    matching = _matching(wanted)
    looks = select(LookRow).where(*matching)
    if after is not None:
        day, last = after
        looks = looks.where(or_(LookRow.planned_on > day, and_(LookRow.planned_on == day, LookRow.look_id > last)))
    with casebook.session() as session:
        total = session.scalar(select(func.count()).select_from(LookRow).where(*matching)) or 0
        rows = session.scalars(looks.order_by(LookRow.planned_on, LookRow.look_id).limit(limit + 1)).all()
        shown = tuple(look_of(row) for row in rows[:limit])
    return shown, total, (shown[-1].planned_on, shown[-1].look_id) if len(rows) > limit else None


def _matching(wanted: LooksWanted) -> list[Any]:
    named = (
        (LookRow.state, wanted.state),
        (LookRow.district, wanted.district),
        (LookRow.facility_id, wanted.facility_id),
    )
    found: list[Any] = [column == value for column, value in named if value is not None]
    if wanted.districts is not None:
        found.append(LookRow.district.in_(sorted(wanted.districts)))
    return found
