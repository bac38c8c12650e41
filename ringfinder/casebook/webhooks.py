"""Webhooks: who wants to be told of which events, and what is on its way to them.

    announce  a run's news, once for each run whichever process sees it first  -> deliveries, pending
    tell      what happened in the casebook (`case.decided`), in the same transaction: both stand or neither
    claim     those that are due, for a minute: a process that dies in between leaves them to the next
    settle    delivered; or due again later (`BACK_OFF`); or dead, after the last attempt
    replay    pending again, under the same id, so that the receiver can tell

Nothing in a delivery is personal: ring, kind, score, counts, run; case, kind of decision, day. The secret is kept as it is, since
each message is signed with it anew.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ringfinder.casebook.audit import append
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.repeats import INSERT
from ringfinder.casebook.tables import AnnouncedRow, DeliveryRow, WebhookRow

State = Literal["pending", "delivered", "dead"]
CaseEvent = Literal["case.decided"]
CASE_EVENTS: tuple[CaseEvent, ...] = get_args(CaseEvent)
TEST = "webhook.test"
# As Standard Webhooks proposes: the first attempts soon, the last after some days.
BACK_OFF = tuple(timedelta(seconds=one) for one in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
LEASE = timedelta(minutes=1)  # longer than any attempt
KEPT = timedelta(days=30)  # deliveries that arrived
SECRET_BYTES = 32
MOST_TOLD = 100  # signs of an outcome


@dataclass(frozen=True)
class Webhook:
    """Somebody who wants to be told."""

    webhook_id: str
    url: str
    events: tuple[str, ...]
    created_at: datetime
    created_by: str


@dataclass(frozen=True)
class Delivery:
    """A message on its way. `told`: what came of the last attempt; `due_at`: of the next one, where it is pending."""

    delivery_id: str
    webhook_id: str
    event: str
    content: str
    created_at: datetime
    state: State
    attempts: int
    due_at: datetime
    told: str | None


@dataclass(frozen=True)
class Due:
    """A message to be sent now."""

    delivery: Delivery
    url: str
    secret: str


def create(casebook: Casebook, url: str, events: Sequence[str], actor: str, key_id: str) -> tuple[Webhook, str]:
    """A new webhook and its secret, in the form of Standard Webhooks."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    row = WebhookRow(
        webhook_id=secrets.token_hex(8),
        url=url,
        secret=secret,
        events=sorted(set(events)),
        created_at=datetime.now(UTC),
        created_by=key_id,
        removed_at=None,
    )
    with casebook.session() as session:
        session.add(row)
        session.flush()
        host = urlsplit(url).hostname  # what follows it may hold a token of the receiver's
        append(session, actor, "webhook.created", row.webhook_id, {"host": host, "events": row.events})
        return _webhook(row), secret


def active(casebook: Casebook) -> tuple[Webhook, ...]:
    """All that were not removed, the oldest first."""
    wanted = (
        select(WebhookRow).where(WebhookRow.removed_at.is_(None)).order_by(WebhookRow.created_at, WebhookRow.webhook_id)
    )
    with casebook.session() as session:
        return tuple(_webhook(row) for row in session.scalars(wanted))


def remove(casebook: Casebook, webhook_id: str, actor: str) -> Webhook | None:
    """Tell it nothing more; None where there is none. What was on its way is dead."""
    with casebook.session() as session:
        row = session.get(WebhookRow, webhook_id, with_for_update=True)
        if row is None or row.removed_at is not None:
            return None
        row.removed_at = datetime.now(UTC)
        pending = (DeliveryRow.webhook_id == webhook_id) & (DeliveryRow.state == "pending")
        session.execute(update(DeliveryRow).where(pending).values(state="dead", told="webhook removed"))
        session.flush()
        append(session, actor, "webhook.removed", webhook_id, {})
        return _webhook(row)


def last_announced(casebook: Casebook) -> str | None:
    """The run whose news were told last."""
    with casebook.session() as session:
        return session.scalar(select(AnnouncedRow.run_id).order_by(AnnouncedRow.place.desc()).limit(1))


def announce(casebook: Casebook, run_id: str, after: str | None, news: Sequence[tuple[str, Mapping[str, Any]]]) -> bool:
    """Send a run's news, which came `after` another run, to whoever wants them; False where somebody did that already."""
    now = datetime.now(UTC)
    with casebook.session() as session:
        insert = INSERT[session.get_bind().dialect.name]
        row = insert(AnnouncedRow).values(run_id=run_id, after=after, at=now).on_conflict_do_nothing()
        if session.execute(row.returning(AnnouncedRow.run_id)).first() is None:
            return False
        session.execute(
            delete(DeliveryRow).where(DeliveryRow.state == "delivered", DeliveryRow.created_at < now - KEPT)
        )
        _send(session, news, now)
    return True


def tell(session: Session, event: CaseEvent, data: Mapping[str, Any]) -> None:
    """Send what happened in the casebook to whoever wants it, within the transaction that did it."""
    _send(session, [(event, data)], datetime.now(UTC))


def send_test(casebook: Casebook, webhook_id: str) -> Delivery | None:
    """A message that says nothing, to see whether it arrives; None where there is no such webhook."""
    with casebook.session() as session:
        webhook = session.get(WebhookRow, webhook_id)
        if webhook is None or webhook.removed_at is not None:
            return None
        row = _message(webhook_id, TEST, {}, datetime.now(UTC))
        session.add(row)
        session.flush()
        return _delivery(row)


def claim(casebook: Casebook, now: datetime, limit: int) -> tuple[Due, ...]:
    """Messages that are due, the caller's for `LEASE`."""
    due = (DeliveryRow.state == "pending") & (DeliveryRow.due_at <= now)
    wanted = select(DeliveryRow, WebhookRow).join(WebhookRow, WebhookRow.webhook_id == DeliveryRow.webhook_id)
    claimed = []
    with casebook.session() as session:
        rows = session.execute(wanted.where(due).order_by(DeliveryRow.due_at).limit(limit)).all()
        for row, webhook in rows:
            same = (DeliveryRow.delivery_id == row.delivery_id) & due
            taken = update(DeliveryRow).where(same).values(due_at=now + LEASE).returning(DeliveryRow.delivery_id)
            known = Due(_delivery(row), webhook.url, webhook.secret)
            if session.execute(taken, execution_options={"synchronize_session": False}).first() is not None:
                claimed.append(known)
    return tuple(claimed)


def settle(
    casebook: Casebook, delivery_id: str, arrived: bool, told: str, now: datetime, *, last: bool = False
) -> None:
    """Write down what came of an attempt; `last`: the receiver wants no other."""
    with casebook.session() as session:
        row = session.get(DeliveryRow, delivery_id, with_for_update=True)
        if row is None or row.state != "pending":
            return
        row.attempts += 1
        row.told = told[:MOST_TOLD]
        if arrived:
            row.state = "delivered"
        elif last or row.attempts > len(BACK_OFF):
            row.state = "dead"
        else:
            row.due_at = now + BACK_OFF[row.attempts - 1]


def deliveries(casebook: Casebook, webhook_id: str, state: State | None, limit: int) -> tuple[Delivery, ...] | None:
    """The latest messages to a webhook, the newest first; None where there never was one."""
    wanted = select(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id)
    if state is not None:
        wanted = wanted.where(DeliveryRow.state == state)
    with casebook.session() as session:
        if session.get(WebhookRow, webhook_id) is None:
            return None
        rows = session.scalars(wanted.order_by(DeliveryRow.created_at.desc(), DeliveryRow.delivery_id).limit(limit))
        return tuple(_delivery(row) for row in rows)


def replay(casebook: Casebook, delivery_id: str, actor: str) -> Delivery | None:
    """Send a message again, from the first attempt; None where there is none, or nobody to send it to."""
    with casebook.session() as session:
        row = session.get(DeliveryRow, delivery_id, with_for_update=True)
        webhook = None if row is None else session.get(WebhookRow, row.webhook_id)
        if row is None or webhook is None or webhook.removed_at is not None:
            return None
        row.state, row.attempts, row.due_at = "pending", 0, datetime.now(UTC)
        session.flush()
        append(session, actor, "webhook.replayed", delivery_id, {})
        return _delivery(row)


def _send(session: Session, news: Sequence[tuple[str, Mapping[str, Any]]], now: datetime) -> None:
    for webhook in session.scalars(select(WebhookRow).where(WebhookRow.removed_at.is_(None))).all():
        session.add_all(
            _message(webhook.webhook_id, event, data, now) for event, data in news if event in webhook.events
        )


def _message(webhook_id: str, event: str, data: Mapping[str, Any], now: datetime) -> DeliveryRow:
    content = {"type": event, "timestamp": now.isoformat(timespec="seconds"), "data": data}
    return DeliveryRow(
        delivery_id=f"msg_{secrets.token_hex(12)}",
        webhook_id=webhook_id,
        event=event,
        content=json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
        state="pending",
        attempts=0,
        due_at=now,
        told=None,
    )


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook(row.webhook_id, row.url, tuple(row.events), row.created_at, row.created_by)


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        row.delivery_id,
        row.webhook_id,
        row.event,
        row.content,
        row.created_at,
        row.state,  # type: ignore[arg-type] # written by this module alone
        row.attempts,
        row.due_at,
        row.told,
    )
