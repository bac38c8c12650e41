"""The table of what typed texts were before and after a change (see `changes`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ringfinder.casebook.columns import Base


class TextChangeRow(Base):
    """A text that was changed, by the audit trail's entry. `before` and `after` None: there was none, or it was erased by rule."""

    __tablename__ = "text_changes"

    entry: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(50), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    nonce: Mapped[str] = mapped_column(String(32))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    erased: Mapped[bool]
