"""What requests and answers about webhooks look like (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from ringfinder.casebook.webhooks import CaseEvent, State
from ringfinder.report.news import Event
from ringfinder_api.fields import Model, about
from ringfinder_api.outbound import MOST_URL

AnyEvent = Literal[Event, CaseEvent]
EVENTS: tuple[AnyEvent, ...] = get_args(AnyEvent)


class WebhookRequest(Model):
    """Somebody who wants to be told."""

    url: Annotated[str, about("webhook_url", min_length=1, max_length=MOST_URL)]
    events: Annotated[
        list[AnyEvent], about("webhook_events", min_length=1, max_length=10, default_factory=lambda: list(EVENTS))
    ]


class WebhookDetail(Model):
    """Somebody who is told."""

    webhook_id: Annotated[str, about("webhook_id")]
    url: Annotated[str, about("webhook_url")]
    events: Annotated[list[str], about("webhook_events")]
    created_at: Annotated[str, about("webhook_created")]
    created_by: Annotated[str, about("ordered_by")]


class NewWebhook(WebhookDetail):
    """A new webhook with its secret."""

    secret: Annotated[str, about("webhook_secret")]


class WebhookList(Model):
    """All who are told, the oldest first."""

    webhooks: Annotated[list[WebhookDetail], about("webhooks")]


class DeliveryDetail(Model):
    """A message to a webhook."""

    delivery_id: Annotated[str, about("delivery_id")]
    webhook_id: Annotated[str, about("webhook_id")]
    event: Annotated[str, about("delivery_event")]
    created_at: Annotated[str, about("delivery_created")]
    state: Annotated[State, about("delivery_state")]
    attempts: Annotated[int, about("delivery_attempts", ge=0)]
    next_attempt: Annotated[str | None, about("delivery_next")]
    outcome: Annotated[str | None, about("delivery_outcome")]


class DeliveryList(Model):
    """The latest messages to a webhook, the newest first."""

    deliveries: Annotated[list[DeliveryDetail], about("deliveries")]
