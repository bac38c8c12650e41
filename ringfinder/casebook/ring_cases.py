"""Which case a ring has: what a list of rings says beside each, and narrows by.

Of several the one that is open (an open case has a ring for itself), else the one that was closed last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables_of_cases import CaseDistrictRow, CaseRingRow, CaseRow
from ringfinder.casebook.tables_of_decisions import CheckRow
from ringfinder.casebook.who import Who


@dataclass(frozen=True)
class RingCase:
    """A case that has a ring; `districts`: those whose people may see it."""

    case_id: str
    state: str
    resolution: str | None
    assignee: str | None
    districts: frozenset[str]

    def seen_by(self, who: Who) -> bool:
        """Whether it may be told to somebody, as `cases.visible` has it."""
        return who.districts is None or self.assignee == who.caller_id or not who.districts.isdisjoint(self.districts)


def change_mark(casebook: Casebook) -> tuple[int, int, int]:
    """Another one after every change of a case and every ring that is linked to one."""
    with casebook.session() as session:
        count, versions = session.execute(select(func.count(), func.sum(CaseRow.version)).select_from(CaseRow)).one()
        links = session.scalar(select(func.count()).select_from(CaseRingRow)) or 0
        return int(count), int(versions or 0), int(links)


def ring_cases(casebook: Casebook) -> Mapping[str, tuple[RingCase, ...]]:
    """The cases of each ring that has any, the one that speaks for it first."""
    columns = (CaseRow.case_id, CaseRow.state, CaseRow.resolution, CaseRow.assignee)
    wanted = select(CaseRingRow.ring_id, *columns).join(CaseRow, CaseRow.case_id == CaseRingRow.case_id)
    ordered = wanted.order_by(CaseRow.state == "closed", CaseRow.closed_at.desc(), CaseRow.number.desc())
    found: dict[str, tuple[RingCase, ...]] = {}
    with casebook.session() as session:
        where = _districts(session)
        for ring_id, case_id, state, resolution, assignee in session.execute(ordered):
            case = RingCase(case_id, state, resolution, assignee, frozenset(where.get(case_id, ())))
            found[ring_id] = (*found.get(ring_id, ()), case)
    return found


def _districts(session: Session) -> Mapping[str, set[str]]:
    """The districts of each case, and those that were asked for a cross-check in it."""
    found: dict[str, set[str]] = {}
    for table in (CaseDistrictRow, CheckRow):
        for case_id, district in session.execute(select(table.case_id, table.district)):
            found.setdefault(case_id, set()).add(district)
    return found
