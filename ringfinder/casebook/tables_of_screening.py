"""The tables of screening: looks at facilities, self-checks that were sent to them, money that came back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ringfinder.casebook.columns import Base, Money, UtcTime


class LookRow(Base):
    """A look at a facility: planned for a day, then taken, with what was found."""

    __tablename__ = "looks"
    __table_args__ = (Index("ix_looks_facility", "facility_id", "looked_on"),)

    look_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    facility_id: Mapped[str] = mapped_column(String(200))
    district: Mapped[str] = mapped_column(String(100), index=True)
    planned_on: Mapped[date] = mapped_column(Date, index=True)
    looked_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    erased_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[str] = mapped_column(String(100))


class CheckRow(Base):
    """A self-check that was sent to a facility. `items`: what it is asked; `answers`: amount and remark for each, once it answered."""

    __tablename__ = "self_checks"

    check_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    facility_id: Mapped[str] = mapped_column(String(200), index=True)
    district: Mapped[str] = mapped_column(String(100), index=True)
    items: Mapped[list[str]] = mapped_column(JSON)
    sent_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date, index=True)
    answered_on: Mapped[date | None] = mapped_column(Date)
    answers: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True))
    amount: Mapped[Decimal | None] = mapped_column(Money)
    erased_on: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[str] = mapped_column(String(100))


class ReturnRow(Base):
    """Money that a facility paid back after a self-check."""

    __tablename__ = "self_check_returns"

    check_id: Mapped[str] = mapped_column(ForeignKey("self_checks.check_id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[Decimal] = mapped_column(Money)
    paid_on: Mapped[date] = mapped_column(Date, index=True)
    reference: Mapped[str] = mapped_column(String(100))
    booked_by: Mapped[str] = mapped_column(String(100))
