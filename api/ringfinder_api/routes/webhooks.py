"""Webhooks: who is told of new alerts, rings that grew and rings that closed; what arrived, what did not, and send it again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import webhooks as book
from ringfinder.casebook.webhooks import Delivery, State, Webhook
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import JSON, answer, as_json
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import IdempotencyKey, IfNoneMatch, in_path, in_query, route
from ringfinder_api.outbound import Forbidden
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_webhooks import (
    DeliveryDetail,
    DeliveryList,
    NewWebhook,
    WebhookDetail,
    WebhookList,
    WebhookRequest,
)

TAG = "webhooks"
ROOT = "/v1/webhooks"
PATH = "/v1/webhooks/{webhook_id}"
MOST_LISTED = 200
WebhookId = Annotated[str, in_path("webhook_id", max_length=100, pattern=r"^[!-~]*$")]
DeliveryId = Annotated[str, in_path("delivery_id", max_length=100, pattern=r"^[!-~]*$")]


def register(app: FastAPI) -> None:
    """Add the routes."""
    silent = ("casebook_unavailable",)
    app.api_route(**route("webhooks", TAG, "GET", ROOT, WebhookList, silent))(webhooks)
    app.api_route(**route("add_webhook", TAG, "POST", ROOT, NewWebhook, ("forbidden_address",), status=201))(add)
    unknown = ("unknown_webhook", "invalid", *silent)
    app.api_route(**route("deliveries", TAG, "GET", f"{PATH}/deliveries", DeliveryList, unknown))(deliveries)
    app.api_route(**route("test_webhook", TAG, "POST", f"{PATH}:test", DeliveryDetail, unknown, status=202))(send_test)
    app.api_route(**route("remove_webhook", TAG, "POST", f"{PATH}:remove", WebhookDetail, unknown))(remove)
    again = route(
        "replay", TAG, "POST", "/v1/deliveries/{delivery_id}:replay", DeliveryDetail, ("unknown_delivery",), status=202
    )
    app.api_route(**again)(replay)


async def webhooks(request: Request, _etag: IfNoneMatch = None) -> Response:
    found = await in_casebook(book.active, service_of(request).casebook)
    return answer(request, as_json({"webhooks": [_webhook(one) for one in found]}))


async def add(request: Request, body: WebhookRequest, _repeat: IdempotencyKey = None) -> Response:
    service, caller = service_of(request), caller_of(request)
    try:
        await service.outbound.check(body.url)
    except Forbidden as error:
        raise Problem("forbidden_address") from error
    made, secret = await in_casebook(
        book.create, service.casebook, body.url, body.events, caller.actor, caller.caller_id
    )
    return _answered(_webhook(made) | {"secret": secret}, 201)


async def deliveries(
    request: Request,
    webhook_id: WebhookId,
    state: Annotated[State | None, in_query("delivery_state")] = None,
    limit: Annotated[int, in_query("delivery_limit", ge=1, le=MOST_LISTED)] = 50,
    _etag: IfNoneMatch = None,
) -> Response:
    found = await in_casebook(book.deliveries, service_of(request).casebook, webhook_id, state, limit)
    if found is None:
        raise Problem("unknown_webhook")
    return answer(request, as_json({"deliveries": [_delivery(one) for one in found]}))


async def send_test(request: Request, webhook_id: WebhookId, _repeat: IdempotencyKey = None) -> Response:
    made = await in_casebook(book.send_test, service_of(request).casebook, webhook_id)
    if made is None:
        raise Problem("unknown_webhook")
    return _answered(_delivery(made), 202)


async def remove(request: Request, webhook_id: WebhookId, _repeat: IdempotencyKey = None) -> Response:
    actor = caller_of(request).actor
    gone = await in_casebook(book.remove, service_of(request).casebook, webhook_id, actor)
    if gone is None:
        raise Problem("unknown_webhook")
    return _answered(_webhook(gone), 200)


async def replay(request: Request, delivery_id: DeliveryId, _repeat: IdempotencyKey = None) -> Response:
    actor = caller_of(request).actor
    found = await in_casebook(book.replay, service_of(request).casebook, delivery_id, actor)
    if found is None:
        raise Problem("unknown_delivery")
    return _answered(_delivery(found), 202)


def _answered(content: dict[str, Any], status: int) -> Response:
    return Response(as_json(content), status, {"cache-control": "no-store"}, JSON)


def _webhook(found: Webhook) -> dict[str, Any]:
    return {
        "webhook_id": found.webhook_id,
        "url": found.url,
        "events": list(found.events),
        "created_at": found.created_at.isoformat(timespec="seconds"),
        "created_by": found.created_by,
    }


def _delivery(found: Delivery) -> dict[str, Any]:
    return {
        "delivery_id": found.delivery_id,
        "webhook_id": found.webhook_id,
        "event": found.event,
        "created_at": found.created_at.isoformat(timespec="seconds"),
        "state": found.state,
        "attempts": found.attempts,
        "next_attempt": found.due_at.isoformat(timespec="seconds") if found.state == "pending" else None,
        "outcome": found.told,
    }
