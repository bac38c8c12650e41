"""The tables of what an inquiry establishes and what is decided on it (see `inquiry` and `decisions`)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ringfinder.casebook.columns import Base, Money, UtcTime


class ViolationRow(Base):
    """What somebody did, as the inquiry established it; `amount`: what the fund lost by it; `removed_at`: it did not stand."""

    __tablename__ = "violations"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(200), index=True)
    behaviour: Mapped[str] = mapped_column(String(40))
    intent: Mapped[bool]
    amount: Mapped[Decimal] = mapped_column(Money)
    established_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(16))
    removed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class HearingRow(Base):
    """What somebody said before anything was decided, and what was made of it."""

    __tablename__ = "hearings"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(200))
    form: Mapped[str] = mapped_column(String(10))
    told_on: Mapped[date]
    held_on: Mapped[date]
    statement: Mapped[str] = mapped_column(Text)
    considered: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(16))


class CheckRow(Base):
    """A cross-check that another district was asked for; `agrees` None: not answered yet."""

    __tablename__ = "cross_checks"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    district: Mapped[str] = mapped_column(String(200), index=True)
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    asked_by: Mapped[str] = mapped_column(String(16))
    agrees: Mapped[bool | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_by: Mapped[str | None] = mapped_column(String(16))


class DecisionRow(Base):
    """A decision on a violation. `free_on`: the day from which a suspension or a bar holds no more; `basis`: articles."""

    __tablename__ = "decisions"
    __table_args__ = (ForeignKeyConstraint(["case_id", "violation"], ["violations.case_id", "violations.number"]),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    violation: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30), index=True)
    state: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(40))
    amount: Mapped[Decimal | None] = mapped_column(Money)
    months: Mapped[int | None]
    provisional: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(UtcTime)
    proposed_by: Mapped[str] = mapped_column(String(16))
    decided_on: Mapped[date | None] = mapped_column(index=True)
    decided_by: Mapped[str | None] = mapped_column(String(16))
    begins_on: Mapped[date | None]
    free_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None] = mapped_column(Text)


class ReceiptRow(Base):
    """Money that came in on a decision."""

    __tablename__ = "receipts"
    __table_args__ = (ForeignKeyConstraint(["case_id", "decision"], ["decisions.case_id", "decisions.number"]),)

    case_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    decision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Money)
    by: Mapped[str] = mapped_column(String(16))
