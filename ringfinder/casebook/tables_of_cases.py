"""The tables of cases (see `cases`): the case itself, and what is added to it and never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ringfinder.casebook.columns import Base, Money, UtcTime


class CaseRow(Base):
    """A case. `version`: one more with each change; `search`: what lists are searched in; `priority`: its place in `PRIORITIES`;
    `due_since`: see `case_deadlines`."""

    __tablename__ = "cases"

    case_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), index=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(10))
    origin_id: Mapped[str | None] = mapped_column(String(200), index=True)
    priority: Mapped[int]
    assignee: Mapped[str | None] = mapped_column(String(16), index=True)
    due_on: Mapped[date | None]
    due_since: Mapped[date | None]
    campaign: Mapped[str | None] = mapped_column(String(100), index=True)
    resolution: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(Text)
    duplicate_of: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[str] = mapped_column(String(16))
    updated_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    erased_on: Mapped[date | None]
    search: Mapped[str] = mapped_column(Text)


class CaseDistrictRow(Base):
    """A district whose people may see a case."""

    __tablename__ = "case_districts"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    district: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)


class CaseRingRow(Base):
    """A ring as it was when it was linked to a case; `people`: its patients, by which it is found again in later runs."""

    __tablename__ = "case_rings"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    ring_id: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    run_id: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(30))
    people: Mapped[list[str]] = mapped_column(JSON)
    harm: Mapped[float]
    fund_amount: Mapped[Decimal] = mapped_column(Money)
    linked_at: Mapped[datetime] = mapped_column(UtcTime)
    linked_by: Mapped[str] = mapped_column(String(16))


class CaseNoteRow(Base):
    """What somebody wrote down in a case."""

    __tablename__ = "case_notes"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)


class StoredFileRow(Base):
    """What is in a file, by its SHA-256: the same content is kept once."""

    __tablename__ = "stored_files"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CaseFileRow(Base):
    """A file that somebody added to a case."""

    __tablename__ = "case_files"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(ForeignKey("stored_files.digest"), index=True)


class SuppressionRow(Base):
    """A ring that was a false positive, as it was then (see `suppressing`); `lifted_at`: its case was opened again."""

    __tablename__ = "suppressions"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    ring_id: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(16))
    patients: Mapped[int]
    harm: Mapped[float]
    fund_amount: Mapped[Decimal] = mapped_column(Money)
    percent: Mapped[int]
    lifted_at: Mapped[datetime | None] = mapped_column(UtcTime)
