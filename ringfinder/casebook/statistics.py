"""What was done in a span of days, counted: the two tables that authorities report, and the work behind them.

    outcomes     by kind of decision: how many, on facilities, persons and staff; what was imposed, and what came in
    behaviours   by behaviour: how many violations something was decided on, of facilities, persons and staff; what the fund lost

Both rest on the same decisions: those that were decided in the span and stand today; what was revoked since is in neither. A
violation on which several things were decided is counted once. Money counts by the day on which it came in, also on decisions of
before. The last row of each table is the sum of those above, and facilities, persons and staff come to the number beside them.
Who may see some districts only gets the cases that lie there, not those in which they were asked for a cross-check; a case of two
districts is in the tables of both, so that tables of districts do not add up to that of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ringfinder.casebook.case_lists import lies_in
from ringfinder.casebook.case_states import OPEN, RESOLUTIONS, STANDING
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.law import BEHAVIOUR_NAMES, KINDS, SUBJECTS, ZERO
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.tables_of_cases import CaseRow
from ringfinder.casebook.tables_of_decisions import DecisionRow, ReceiptRow, ViolationRow
from ringfinder.casebook.who import Who
from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence

TOTAL = "total"
SHORTEST = 90  # days of typical cases
ORIGINS = ("ring", "tip", "hand")
_STANDS = DecisionRow.state.in_(sorted(STANDING))
_ON_IT = and_(ViolationRow.case_id == DecisionRow.case_id, ViolationRow.number == DecisionRow.violation)
Counted = tuple[str, str, int, Decimal | None]  # name, subject, how many, their amounts together
BUREAU = Who("command line", "", frozenset({"supervisor"}), None)  # sees all districts: for reports of a night job


@dataclass(frozen=True)
class Span:
    """From the first day to the last, both included; `campaign`, `district`: only the cases of it."""

    first: date
    last: date
    campaign: str | None = None
    district: str | None = None


@dataclass(frozen=True)
class Line:
    """A row of a table. `name`: kind or behaviour, or `total`; `amount`: imposed, or lost; `received`: of outcomes only."""

    name: str
    count: int
    facility: int
    person: int
    staff: int
    amount: Decimal
    received: Decimal = ZERO


@dataclass(frozen=True)
class Statistics:
    """Everything of a span. `opened` and `closed` by origin and resolution; `open_now` by state, `overdue`: as it stands today."""

    span: Span
    outcomes: tuple[Line, ...]
    behaviours: tuple[Line, ...]
    opened: dict[str, int]
    closed: dict[str, int]
    open_now: dict[str, int]
    overdue: int
    revoked: int


def week_before(day: date) -> Span:
    """The last whole week before that day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday() + 7)
    return Span(monday, monday + timedelta(days=6))


def span_of(
    report: str,
    first: date | None,
    last: date | None,
    campaign: str | None,
    today: date,
    district: str | None = None,
) -> Span:
    """The span of a report where no days are given: of a weekly one the last whole week, of typical cases the last 365 days,
    of others the year so far."""
    if (report == "campaign") != (campaign is not None):
        raise UsageError(Sentence("faults_casebook.campaign_needed"))
    if report == "typical" and district is not None:
        raise UsageError(Sentence("faults_casebook.typical_no_district"))
    match report:
        case "weekly":
            usual = week_before(today)
        case "typical":
            usual = Span(today - timedelta(days=365), today)
        case _:
            usual = Span(date(today.year, 1, 1), today)
    span = Span(first or usual.first, last or usual.last, campaign, district)
    nowhere = date.min in (span.first, span.last) or span.last == date.max  # no day before it, or none after
    if span.first > span.last or nowhere:
        raise UsageError(Sentence("faults_casebook.first_after_last"))
    if report == "typical":
        check_long(span)
    return span


def check_long(span: Span) -> None:
    """UsageError for a span that is so short that it tells when something happened."""
    if (span.last - span.first).days + 1 < SHORTEST:
        raise UsageError(Sentence("faults_casebook.typical_too_short", days=SHORTEST))


def statistics(casebook: Casebook, who: Who, span: Span, now: datetime | None = None) -> Statistics:
    """The figures of a span, for who may see these cases."""
    with casebook.session() as session:
        return Statistics(
            span,
            _table(KINDS, _decided(session, who, span), _received(session, who, span)),
            _table(BEHAVIOUR_NAMES, _violated(session, who, span), {}),
            *_work(session, who, span, casebook.rules, casebook.rules.day_of(now or datetime.now(UTC))),
            _revoked(session, who, span),
        )


def _table(names: Sequence[str], counted: Iterable[Counted], came: Mapping[str, Decimal]) -> tuple[Line, ...]:
    """A line for each name, in their order, and the sum."""
    counts: Counter[tuple[str, str]] = Counter()
    amounts: dict[str, Decimal] = dict.fromkeys(names, ZERO)
    for name, subject, count, amount in counted:
        counts[name, subject] += count
        amounts[name] += amount or ZERO
    lines = [
        Line(name, sum(of.values()), of["facility"], of["person"], of["staff"], amounts[name], came.get(name, ZERO))
        for name in names
        for of in [{subject: counts[name, subject] for subject in SUBJECTS}]
    ]
    whole = Line(
        TOTAL,
        sum(line.count for line in lines),
        sum(line.facility for line in lines),
        sum(line.person for line in lines),
        sum(line.staff for line in lines),
        sum((line.amount for line in lines), ZERO),
        sum((line.received for line in lines), ZERO),
    )
    return (*lines, whole)


def _decided(session: Session, who: Who, span: Span) -> list[Counted]:
    """The decisions of the span that stand, by kind and by whose violation it is."""
    wanted = (
        select(DecisionRow.kind, ViolationRow.subject, func.count(), func.sum(DecisionRow.amount))
        .join(ViolationRow, _ON_IT)
        .join(CaseRow, CaseRow.case_id == DecisionRow.case_id)
        .where(*_of(who, span), *_standing(span))
        .group_by(DecisionRow.kind, ViolationRow.subject)
    )
    return [(kind, subject, int(count), amount) for kind, subject, count, amount in session.execute(wanted)]


def _violated(session: Session, who: Who, span: Span) -> list[Counted]:
    """The violations on which those decisions were made, each once."""
    wanted = (
        select(ViolationRow.behaviour, ViolationRow.subject, func.count(), func.sum(ViolationRow.amount))
        .join(CaseRow, CaseRow.case_id == ViolationRow.case_id)
        .where(*_of(who, span), select(DecisionRow.number).where(_ON_IT, *_standing(span)).exists())
        .group_by(ViolationRow.behaviour, ViolationRow.subject)
    )
    return [(name, subject, int(count), amount) for name, subject, count, amount in session.execute(wanted)]


def _received(session: Session, who: Who, span: Span) -> dict[str, Decimal]:
    """What came in within the span, by kind of decision; nothing on those that were revoked."""
    same = and_(DecisionRow.case_id == ReceiptRow.case_id, DecisionRow.number == ReceiptRow.decision)
    wanted = (
        select(DecisionRow.kind, func.sum(ReceiptRow.amount))
        .join(DecisionRow, same)
        .join(CaseRow, CaseRow.case_id == ReceiptRow.case_id)
        .where(*_of(who, span), _STANDS, ReceiptRow.received_on.between(span.first, span.last))
        .group_by(DecisionRow.kind)
    )
    return {kind: amount for kind, amount in session.execute(wanted)}  # noqa: C416 - rows are no pairs for mypy


def _revoked(session: Session, who: Who, span: Span) -> int:
    """Decisions that were revoked in the span, whenever they were made."""
    wanted = select(func.count()).select_from(DecisionRow).join(CaseRow, CaseRow.case_id == DecisionRow.case_id)
    ended = and_(DecisionRow.state == "revoked", DecisionRow.ended_on.between(span.first, span.last))
    return session.scalar(wanted.where(*_of(who, span), ended)) or 0


def _work(
    session: Session, who: Who, span: Span, rules: Rules, today: date
) -> tuple[dict[str, int], dict[str, int], dict[str, int], int]:
    """(opened by origin, closed by resolution, open now by state, open and overdue now)."""
    first, last = rules.begin_of(span.first), rules.begin_of(span.last + timedelta(days=1))
    still = CaseRow.state != "closed"

    def counted(by: InstrumentedAttribute[Any], *which: ColumnElement[bool]) -> Counter[str]:
        wanted = select(by, func.count()).where(*_of(who, span), *which).group_by(by)
        return Counter({name: int(count) for name, count in session.execute(wanted)})

    opened = counted(CaseRow.origin, CaseRow.created_at >= first, CaseRow.created_at < last)
    closed = counted(CaseRow.resolution, CaseRow.closed_at >= first, CaseRow.closed_at < last)
    overdue = counted(CaseRow.state, still, CaseRow.due_on < today).total()
    return _whole(opened, ORIGINS), _whole(closed, RESOLUTIONS), _whole(counted(CaseRow.state, still), OPEN), overdue


def _whole(counts: Counter[str], names: Sequence[str]) -> dict[str, int]:
    return {name: counts[name] for name in names}


def _of(who: Who, span: Span) -> list[ColumnElement[bool]]:
    """Cases of the caller's districts, of the campaign and the district where one is asked for."""
    found = [lies_in(who.districts)]
    if span.campaign is not None:
        found.append(CaseRow.campaign == span.campaign)
    if span.district is not None:
        found.append(lies_in((span.district,)))
    return found


def _standing(span: Span) -> list[ColumnElement[bool]]:
    return [_STANDS, DecisionRow.decided_on.between(span.first, span.last)]
