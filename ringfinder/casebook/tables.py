"""The tables of the service itself: keys, people, the audit trail, webhooks.

A change here needs a step in `migrations/versions`; a test holds the two together.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ringfinder.casebook.columns import Base, UtcTime


class ApiKeyRow(Base):
    """A key of the service: what it may do and the hash of its secret, which is kept nowhere.

    `districts` None: all districts. `digest`: SHA-256 of the secret, hexadecimal.
    """

    __tablename__ = "api_keys"

    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    roles: Mapped[list[str]] = mapped_column(JSON)
    districts: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    replaces: Mapped[str | None] = mapped_column(String(16))


class RepeatRow(Base):
    """A request that changes something, by the key that asked and the name that it gave (see `repeats`)."""

    __tablename__ = "repeats"

    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    asked: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(String(200))


class AuditRow(Base):
    """An entry of the audit trail (see `audit`); the database refuses to change or remove one."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_action", "action", "number"), Index("ix_audit_subject", "subject", "number"))

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class AuditReadRow(Base):
    """One row of a batch of reads: how often a key read the data of an entity."""

    __tablename__ = "audit_reads"
    __table_args__ = (Index("ix_audit_reads_entity", "entity_type", "entity_id"),)

    entry: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_id: Mapped[str] = mapped_column(String(16))
    entity_type: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(500))
    reads: Mapped[int]


class WebhookRow(Base):
    """Somebody who is told of events (see `webhooks`)."""

    __tablename__ = "webhooks"

    webhook_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(100))
    events: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[str] = mapped_column(String(16))
    removed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class DeliveryRow(Base):
    """A message to a webhook."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "state", "due_at"),
        Index("ix_deliveries_webhook", "webhook_id", "created_at"),
    )

    delivery_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    webhook_id: Mapped[str] = mapped_column(String(32))
    event: Mapped[str] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    told: Mapped[str | None] = mapped_column(String(100))


class AnnouncedRow(Base):
    """A run whose news were told, in the order of telling; `after`: the run that they were compared with."""

    __tablename__ = "announced"

    place: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(String(100), unique=True)
    after: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcTime)


class UserRow(Base):
    """Somebody who may log in (see `people`). `name`: as it is typed, in one form; `password`: argon2's text, None until it
    is set; `signs_in`: password or oidc; `subject`: who that is for the provider, once it was told.
    """

    __tablename__ = "users"

    user_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    districts: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    signs_in: Mapped[str] = mapped_column(String(10))
    password: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(500), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class InvitationRow(Base):
    """A one-time link by which somebody sets a password; `user_id` None: the first admin, who is not there yet."""

    __tablename__ = "invitations"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str | None] = mapped_column(String(16), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class SessionRow(Base):
    """Somebody who is logged in, by the SHA-256 of the session's secret (see `sessions`)."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)


class AttemptRow(Base):
    """How often somebody tried to log in under a name since it last worked (see `attempts`)."""

    __tablename__ = "attempts"

    name_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    times: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
