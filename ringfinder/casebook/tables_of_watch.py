"""The table of the watch list."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ringfinder.casebook.columns import Base, UtcTime


class WatchRow(Base):
    """Somebody or some facility that is watched (see `watching`); `found_by`: see `pinyin`."""

    __tablename__ = "watched"
    __table_args__ = (
        Index("ix_watched_ends", "ends_on", "watch_id"),
        Index("ix_watched_entity", "entity_type", "entity_id"),
    )

    watch_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    entity_type: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str | None] = mapped_column(String(200))
    district: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(10))
    origin_id: Mapped[str | None] = mapped_column(String(200))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[str] = mapped_column(String(100))
    erased_on: Mapped[date | None] = mapped_column(Date)
    found_by: Mapped[str] = mapped_column(Text)
