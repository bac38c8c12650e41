"""The tables of tips: what was said, whom it names, who said it (sealed, apart), what it was worth."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ringfinder.casebook.columns import Base, Money, UtcTime


class TipRow(Base):
    """A tip (see `tips`). `named`: somebody stands behind it, sealed in `tip_identities`; `receipt`: SHA-256 of what an anonymous
    person shows; `begins_on`: from when the term of checking counts; `found_by`: see `pinyin`.
    """

    __tablename__ = "tips"
    __table_args__ = (
        Index("ix_tips_due", "due_on", "tip_id"),
        Index("ix_tips_received", "received_on", "tip_id"),
        Index("ix_tips_district", "district", "received_on", "tip_id"),
    )

    tip_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    district: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str | None] = mapped_column(String(30))
    summary: Mapped[str] = mapped_column(Text)
    named: Mapped[bool]
    receipt: Mapped[str | None] = mapped_column(String(64), unique=True)
    received_on: Mapped[date] = mapped_column(Date)
    begins_on: Mapped[date] = mapped_column(Date)
    acknowledged_on: Mapped[date | None] = mapped_column(Date)
    checked_on: Mapped[date | None] = mapped_column(Date)
    answered_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(String(20))
    told: Mapped[str | None] = mapped_column(Text)
    extended: Mapped[bool]
    due_on: Mapped[date | None] = mapped_column(Date)
    due_term: Mapped[str | None] = mapped_column(String(40))
    due_provisional: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcTime)
    recorded_by: Mapped[str] = mapped_column(String(100))
    erased_on: Mapped[date | None] = mapped_column(Date)
    found_by: Mapped[str] = mapped_column(Text)


class TipEntityRow(Base):
    """Somebody or something that a tip names; `name`: as it was said, where no id is known."""

    __tablename__ = "tip_entities"
    __table_args__ = (Index("ix_tip_entities_entity", "entity_type", "entity_id"),)

    tip_id: Mapped[str] = mapped_column(ForeignKey("tips.tip_id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity_type: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str | None] = mapped_column(String(200))


class TipIdentityRow(Base):
    """Who gave a tip, sealed (see `sealing`); `key_id` names the key without which it cannot be read."""

    __tablename__ = "tip_identities"

    tip_id: Mapped[str] = mapped_column(ForeignKey("tips.tip_id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(12), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class TipRewardRow(Base):
    """What a tip was worth: `found`: the amount that it led to; `reference`: of the payment."""

    __tablename__ = "tip_rewards"

    tip_id: Mapped[str] = mapped_column(ForeignKey("tips.tip_id"), primary_key=True)
    level: Mapped[int]
    found: Mapped[Decimal] = mapped_column(Money)
    insider: Mapped[bool]
    amount: Mapped[Decimal] = mapped_column(Money)
    booked_on: Mapped[date] = mapped_column(Date, index=True)
    booked_by: Mapped[str] = mapped_column(String(100))
    paid_on: Mapped[date | None] = mapped_column(Date)
    paid_by: Mapped[str | None] = mapped_column(String(100))
    reference: Mapped[str | None] = mapped_column(String(100))
