"""What the columns of all tables are made of: moments, money, and the base that knows every table."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Numeric
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

CENT = Decimal("0.01")
DIGITS = 14  # of an amount, as in the canonical tables
MOST_MONEY = Decimal(10) ** (DIGITS - 2) - CENT


class UtcTime(TypeDecorator[datetime]):
    """A moment with its offset; SQLite drops offsets, so that what is stored is always UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An amount to the cent, exact on both databases, also in sums: NUMERIC(14, 2); SQLite, whose NUMERIC is a double, keeps cents.

    In a migration: `sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")`.
    """

    impl = Numeric(DIGITS, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(DIGITS, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        if value is None:
            return None
        if value != value.quantize(CENT) or abs(value) > MOST_MONEY:
            raise ValueError("an amount has two decimals, and twelve digits before them")
        value = value.quantize(CENT)  # 0E-99999 is an amount too, and more decimals than PostgreSQL reads
        return int(value * 100) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return (Decimal(value) / 100 if dialect.name == "sqlite" else Decimal(value)).quantize(CENT)


class Base(DeclarativeBase):
    """All tables of the casebook."""
