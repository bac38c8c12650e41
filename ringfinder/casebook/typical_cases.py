"""Typical cases, told so that nobody is found by them: no ids, no names, no places, no day, and no number that is small or exact.

Cases that were closed as confirmed, with a decision of the span that stands today, are put together by the kind of their first ring
and by the behaviour by which the fund lost most (ties by the order of the law). A group is told of where it has at least `LEAST`
cases; all others are one line, of which nothing is told but that there are some. Of a group:

    cases       how many, down to the next multiple of `LEAST`: "5 to 9"
    patients, fund amount, loss       the band in which the median lies (`PATIENT_BANDS`, `MONEY_BANDS`)
    found by    how most of them began (ring, tip, by hand), where that is at least `LEAST` of them
    decided     kinds of decision that stand in at least `LEAST` of them

So each thing that is said holds of at least `LEAST` cases together. The span is at least `SHORTEST` days, so that it is no date. Blind
spot: who knows a case, and that it is in here, learns the bands of its group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median_low
from typing import Any

from sqlalchemy import and_, select

from ringfinder.casebook.case_lists import lies_in
from ringfinder.casebook.case_states import STANDING
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.law import BEHAVIOUR_NAMES, KINDS
from ringfinder.casebook.statistics import Span, check_long
from ringfinder.casebook.tables_of_cases import CaseRingRow, CaseRow
from ringfinder.casebook.tables_of_decisions import DecisionRow, ViolationRow
from ringfinder.casebook.who import Who

LEAST = 5
PATIENT_BANDS = (0, 5, 10, 20, 50, 100, 200, 500)  # where each begins; the last one is open
MONEY_BANDS = (0, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000)
Band = tuple[int, int | None]  # from, to below


@dataclass(frozen=True)
class Typical:
    """A group of cases. `kind` None: without a ring; `patients` and `fund_amount` None: none of them has a ring."""

    kind: str | None
    behaviour: str
    cases: Band
    patients: Band | None
    fund_amount: Band | None
    loss: Band
    found_by: str | None
    decided: tuple[str, ...]


@dataclass(frozen=True)
class TypicalCases:
    """Groups, the largest first, ties by kind and behaviour. `others`: whether there are cases in none of them."""

    groups: tuple[Typical, ...]
    others: bool


@dataclass
class _Case:
    origin: str
    losses: dict[str, Decimal] = field(default_factory=dict)
    decided: set[str] = field(default_factory=set)
    kind: str | None = None
    patients: int = 0
    fund_amount: Decimal = Decimal(0)

    @property
    def behaviour(self) -> str:
        return min(self.losses, key=lambda one: (-self.losses[one], BEHAVIOUR_NAMES.index(one)))


def typical_cases(casebook: Casebook, who: Who, span: Span) -> TypicalCases:
    """The groups of a span, of the cases of the caller's districts; UsageError for a span that is shorter than `SHORTEST`."""
    check_long(span)
    groups: dict[tuple[str | None, str], list[_Case]] = {}
    for case in _cases(casebook, who, span).values():
        groups.setdefault((case.kind, case.behaviour), []).append(case)
    told = [_typical(*key, cases) for key, cases in groups.items() if len(cases) >= LEAST]
    told.sort(key=lambda one: (-one.cases[0], one.kind or "", one.behaviour))
    return TypicalCases(tuple(told), any(len(cases) < LEAST for cases in groups.values()))


def band(value: Decimal | int, begins: Sequence[int]) -> Band:
    """The band of a value: (where it begins, where the next one does, None after the last)."""
    at = max(place for place, begin in enumerate(begins) if value >= begin)
    return begins[at], begins[at + 1] if at + 1 < len(begins) else None


def _typical(kind: str | None, behaviour: str, cases: Sequence[_Case]) -> Typical:
    origin, most = Counter(one.origin for one in cases).most_common(1)[0]
    decided = Counter(decision for one in cases for decision in one.decided)
    fewest = len(cases) - len(cases) % LEAST
    return Typical(
        kind,
        behaviour,
        (fewest, fewest + LEAST),
        None if kind is None else band(median_low(one.patients for one in cases), PATIENT_BANDS),
        None if kind is None else band(median_low(one.fund_amount for one in cases), MONEY_BANDS),
        band(median_low(one.losses[behaviour] for one in cases), MONEY_BANDS),
        origin if most >= LEAST else None,
        tuple(name for name in KINDS if decided[name] >= LEAST),
    )


def _cases(casebook: Casebook, who: Who, span: Span) -> dict[str, _Case]:
    """The cases that count, by id: with what stands in them, and their first ring."""
    on_it = and_(ViolationRow.case_id == DecisionRow.case_id, ViolationRow.number == DecisionRow.violation)
    decided: Any = (
        select(
            CaseRow.case_id,
            CaseRow.origin,
            ViolationRow.number,
            ViolationRow.behaviour,
            ViolationRow.amount,
            DecisionRow.kind,
        )
        .join(DecisionRow, DecisionRow.case_id == CaseRow.case_id)
        .join(ViolationRow, on_it)
        .where(lies_in(who.districts), CaseRow.resolution == "confirmed", CaseRow.erased_on.is_(None))
        .where(DecisionRow.state.in_(sorted(STANDING)))
        .where(DecisionRow.decided_on.between(span.first, span.last))
    )
    rings = select(CaseRingRow.case_id, CaseRingRow.kind, CaseRingRow.people, CaseRingRow.fund_amount)
    found: dict[str, _Case] = {}
    counted: set[tuple[str, int]] = set()
    with casebook.session() as session:
        for case_id, origin, number, behaviour, amount, kind in session.execute(decided):
            case = found.setdefault(case_id, _Case(origin))
            case.decided.add(kind)
            if (case_id, number) not in counted:
                counted.add((case_id, number))
                case.losses[behaviour] = case.losses.get(behaviour, Decimal(0)) + amount
        within = rings.where(CaseRingRow.case_id.in_(decided.with_only_columns(CaseRow.case_id)))
        for case_id, kind, people, fund_amount in session.execute(
            within.order_by(CaseRingRow.linked_at.desc(), CaseRingRow.ring_id.desc())
        ):
            case = found[case_id]
            case.kind, case.patients, case.fund_amount = kind, len(people), fund_amount
    return found
