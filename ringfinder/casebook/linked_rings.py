"""Rings of a case: linked as they were found, and found again in whatever a later run says.

A ring keeps its id while its patients mostly stay (`rings.lineage`), but rings split, merge and vanish. So a link keeps the
patients of that day, and what became of them is worked out when somebody looks: which rings of the run that is served hold at least
`PART` of them. Rings overlap, so each patient is counted once: first in the ring that kept the id, then in whichever holds most of
those that are left. Nothing is written by that, so that no run changes what people typed.

An open case has a ring for itself, among the cases that the same people see: who opens or links a second one is told which has it.
Two districts that know nothing of each other's cases may each have one, and neither learns from it that the other does; whoever sees
both closes one as the duplicate of the other.

    unchanged  the same people        grown, shrunk, changed   the same ring with other people
    split      several rings hold a part       merged   one other ring holds them, and others besides
    vanished   no ring holds a part
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from ringfinder.casebook.case_lists import scope
from ringfinder.casebook.cases import Case, Draft, case_of, check_works_here, create_in, visible
from ringfinder.casebook.changes import record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.tables_of_cases import CaseRingRow, CaseRow
from ringfinder.casebook.who import Who

PART = 0.2  # of the patients of the link: less than a fifth is no trace of the ring
MOST_RINGS = 50  # of one case
Became = Literal["unchanged", "grown", "shrunk", "changed", "split", "merged", "vanished"]
FATES: tuple[Became, ...] = get_args(Became)


@dataclass(frozen=True)
class SeenRing:
    """A ring as the run that is served has it."""

    ring_id: str
    run_id: str
    kind: str
    people: tuple[str, ...]
    harm: float
    fund_amount: Decimal


@dataclass(frozen=True)
class LinkedRing:
    """A ring as it was when it was linked."""

    ring: SeenRing
    linked_at: datetime
    linked_by: str


@dataclass(frozen=True)
class Fate:
    """What became of a linked ring. `now`: rings that hold a part of its patients, as (ring, how many of them)."""

    became: Became
    now: tuple[tuple[str, int], ...]


def create_from_ring(casebook: Casebook, who: Who, draft: Draft, ring: SeenRing, now: datetime | None = None) -> Case:
    """A new case about a ring; Refused where an open case that the caller may see has it already."""
    with writing(casebook) as session:
        at = now or datetime.now(UTC)
        row = create_in(session, who, draft, at)
        _link(session, who, row, ring, at)
        return case_of(session, row)


def link(casebook: Casebook, who: Who, case_id: str, ring: SeenRing, now: datetime | None = None) -> Case:
    """One more ring for a case; one that it has already stays as it was linked."""
    with writing(casebook) as session:
        row = visible(session, who, case_id)
        check_works_here(session, who, row)
        if session.get(CaseRingRow, (case_id, ring.ring_id)) is None:
            _link(session, who, row, ring, now or datetime.now(UTC))
        return case_of(session, row)


def rings_of(casebook: Casebook, who: Who, case_id: str) -> tuple[LinkedRing, ...]:
    """The rings of a case, the first linked first."""
    with casebook.session() as session:
        visible(session, who, case_id)
        return rings_in(session, case_id)


def rings_in(session: Session, case_id: str) -> tuple[LinkedRing, ...]:
    """The rings of a case, within a transaction."""
    wanted = select(CaseRingRow).where(CaseRingRow.case_id == case_id)
    return tuple(
        LinkedRing(
            SeenRing(row.ring_id, row.run_id, row.kind, tuple(row.people), row.harm, row.fund_amount),
            row.linked_at,
            row.linked_by,
        )
        for row in session.scalars(wanted.order_by(CaseRingRow.linked_at, CaseRingRow.ring_id))
    )


def check_alone(session: Session, who: Who, row: CaseRow, ring_ids: Collection[str]) -> None:
    """Refused where another open case that the caller may see has one of these rings."""
    others = (
        select(CaseRow.case_id)
        .join(CaseRingRow, CaseRingRow.case_id == CaseRow.case_id)
        .where(CaseRingRow.ring_id.in_(ring_ids), CaseRow.state != "closed", CaseRow.case_id != row.case_id, scope(who))
    )
    if (other := session.scalar(others.order_by(CaseRow.number).limit(1))) is not None:
        raise refused("ring_has_case", case_id=other)


def fate(ring_id: str, people: frozenset[str], rings_now: Mapping[str, frozenset[str]]) -> Fate:
    """What became of a ring of these patients, given the rings that hold any of them now."""
    now = _holders(ring_id, people, rings_now)
    if not now:
        return Fate("vanished", ())
    if len(now) > 1:
        return Fate("split", now)
    (holder, _), there = now[0], rings_now[now[0][0]]
    if holder != ring_id and there - people:
        return Fate("merged", now)
    if there == people:
        return Fate("unchanged", now)
    if len(there) == len(people):
        return Fate("changed", now)
    return Fate("grown" if len(there) > len(people) else "shrunk", now)


def _holders(
    ring_id: str, people: frozenset[str], rings_now: Mapping[str, frozenset[str]]
) -> tuple[tuple[str, int], ...]:
    """Rings and how many of the people each holds that none before it does: the ring itself first, then whoever holds most."""
    left, rest, found = people, dict(rings_now), []
    while rest:
        most = min(rest, key=lambda one: (one != ring_id, -len(left & rest[one]), one))
        held = left & rest.pop(most)
        if held and len(held) >= PART * len(people):
            found.append((most, len(held)))
            left -= held
    return tuple(found)


def _link(session: Session, who: Who, row: CaseRow, ring: SeenRing, now: datetime) -> None:
    if row.state == "closed":
        raise refused("step_refused", step="link", state=row.state, possible="reopen")
    check_alone(session, who, row, [ring.ring_id])
    if len(rings_in(session, row.case_id)) >= MOST_RINGS:
        raise refused("too_many_rings", limit=MOST_RINGS)
    session.add(
        CaseRingRow(
            case_id=row.case_id,
            ring_id=ring.ring_id,
            run_id=ring.run_id,
            kind=ring.kind,
            people=sorted(ring.people),
            harm=ring.harm,
            fund_amount=ring.fund_amount,
            linked_at=now,
            linked_by=who.caller_id,
        )
    )
    session.flush()
    told = {"ring_id": ring.ring_id, "run_id": ring.run_id}
    record_change(session, who.actor, "case.ring_linked", row.case_id, {}, told)
