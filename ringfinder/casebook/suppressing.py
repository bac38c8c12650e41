"""False positives that stay quiet until their evidence grows.

Who closes a case as a false positive may suppress its rings: a suppressed ring is marked in every list and can be left out of it,
and is never removed. The mark holds while none of patients, harm and fund amount has grown by more than `percent` since the
day of the closing (20 by default): 10 patients become 13, or 4,000.00 become 4,800.01, and the ring is back like any other. A
smaller ring stays suppressed. When the case is opened again, the mark is gone. It is a mark of the districts in which the case lies:
nobody quietens a ring for another district, or learns from the mark that another one closed a case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ringfinder.casebook.case_states import Resolution
from ringfinder.casebook.cases import Case, case_of, changing, close_in, reopen_in
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.decisions import end_provisional
from ringfinder.casebook.linked_rings import SeenRing, check_alone, rings_in
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.tables_of_cases import CaseDistrictRow, CaseRow, SuppressionRow
from ringfinder.casebook.who import Who

PERCENT = 20  # growth by which a ring comes back, where nobody says another


@dataclass(frozen=True)
class Suppression:
    """A ring as it was when it was found to be no ring. `districts`: those of the case."""

    ring_id: str
    case_id: str
    patients: int
    harm: float
    fund_amount: Decimal
    percent: int
    districts: frozenset[str]

    def told_to(self, districts: Collection[str] | None) -> bool:
        """Whether it is a mark for who sees these districts, None: all."""
        return districts is None or not self.districts.isdisjoint(districts)

    def holds(self, patients: int, harm: float, fund_amount: Decimal) -> bool:
        """Whether nothing has grown by more than `percent`. Marks that speak for honesty, below zero, are no harm."""
        most = 100 + self.percent
        return (
            patients * 100 <= self.patients * most
            and max(harm, 0.0) * 100 <= max(self.harm, 0.0) * most
            and fund_amount * 100 <= self.fund_amount * most
        )


@dataclass(frozen=True)
class Closing:
    """How a case is closed. `suppress`: percent of growth until which its rings stay quiet, None: they do not."""

    resolution: Resolution
    reason: str = ""
    duplicate_of: str | None = None
    suppress: int | None = None


def close(
    casebook: Casebook,
    who: Who,
    case_id: str,
    version: int,
    closing: Closing,
    rings_now: Iterable[SeenRing] = (),
    now: datetime | None = None,
) -> Case:
    """Close a case. `rings_now`: its rings as the run that is served has them; of others the day of their link counts."""
    if not who.decides:
        raise refused("not_supervisor")
    if closing.suppress is not None and closing.resolution != "false_positive":
        raise refused("suppress_what")
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.closed", at) as (session, row):
        close_in(session, who, row, closing.resolution, closing.reason, closing.duplicate_of, at)
        if closing.resolution == "confirmed":  # who takes over a case that was handed over decides on it
            end_provisional(session, who, case_id, casebook.rules.day_of(at))
        if closing.suppress is not None:
            _suppress(session, who, row, {ring.ring_id: ring for ring in rings_now}, closing.suppress, at)
        return case_of(session, row)


def reopen(casebook: Casebook, who: Who, case_id: str, version: int, now: datetime | None = None) -> Case:
    """Open a closed case again; what it suppressed is quiet no more."""
    if not who.decides:
        raise refused("not_supervisor")
    at = now or datetime.now(UTC)
    with changing(casebook, who, case_id, version, "case.reopened", at) as (session, row):
        check_alone(session, who, row, [one.ring.ring_id for one in rings_in(session, case_id)])
        reopen_in(row, casebook.rules, at)
        lifted = update(SuppressionRow).where(SuppressionRow.case_id == case_id, SuppressionRow.lifted_at.is_(None))
        session.execute(lifted.values(lifted_at=at))
        return case_of(session, row)


def active(casebook: Casebook) -> Mapping[str, tuple[Suppression, ...]]:
    """The suppressions that were not lifted, by ring, the latest last."""
    found: dict[str, tuple[Suppression, ...]] = {}
    with casebook.session() as session:
        where: dict[str, set[str]] = {}
        marked = select(SuppressionRow.case_id).where(SuppressionRow.lifted_at.is_(None))
        lying = select(CaseDistrictRow.case_id, CaseDistrictRow.district).where(CaseDistrictRow.case_id.in_(marked))
        for case_id, district in session.execute(lying):
            where.setdefault(case_id, set()).add(district)
        wanted = select(SuppressionRow).where(SuppressionRow.lifted_at.is_(None))
        for row in session.scalars(wanted.order_by(SuppressionRow.at, SuppressionRow.case_id)):
            seen = (row.ring_id, row.case_id, row.patients, row.harm, row.fund_amount, row.percent)
            one = Suppression(*seen, frozenset(where.get(row.case_id, ())))
            found[row.ring_id] = (*found.get(row.ring_id, ()), one)
    return found


def _suppress(
    session: Session, who: Who, row: CaseRow, rings_now: Mapping[str, SeenRing], percent: int, now: datetime
) -> None:
    linked = rings_in(session, row.case_id)
    if not linked:
        raise refused("suppress_what")
    for one in linked:
        ring = rings_now.get(one.ring.ring_id, one.ring)
        session.merge(
            SuppressionRow(
                case_id=row.case_id,
                ring_id=ring.ring_id,
                at=now,
                by=who.caller_id,
                patients=len(ring.people),
                harm=ring.harm,
                fund_amount=ring.fund_amount,
                percent=percent,
                lifted_at=None,
            )
        )
