"""Who gave a tip, and what it was worth. None of these answers is kept for a repeated request: no Idempotency-Key is taken where one
would leave a digest of somebody's name, or a receipt, in the database; done twice, each of them does no more.
"""

from __future__ import annotations

from dataclasses import asdict

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import reporters, rewards
from ringfinder.casebook.rewards import Payment, Worth
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import JSON, answer, as_json, language
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import AcceptLanguage, IdempotencyKey, IfMatch, IfNoneMatch, route
from ringfinder_api.problems import Problem
from ringfinder_api.routes.tips import CHANGED, PATH, ROOT, TAG, UNKNOWN, TipId, changed, content_of, seen
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_tips import (
    PaymentRequest,
    Receipt,
    ReceiptRequest,
    Reporter,
    ReporterRequest,
    RewardRequest,
    Seals,
    TipDetail,
    WhyRequest,
)
from ringfinder_api.versions import versioned


def register(app: FastAPI) -> None:
    """Add the routes."""
    body = ("bad_request", "too_large")
    known = ("no_tip_key", "nobody_named", "reporter_in_text", *body, *CHANGED)
    app.api_route(**route("identify_tip", TAG, "POST", f"{PATH}:identify", TipDetail, known))(identify)
    read = ("no_identity", "tip_key_missing", *body, *UNKNOWN)
    app.api_route(**route("reporter", TAG, "POST", f"{PATH}:reporter", Reporter, read))(reporter)
    app.api_route(**route("give_receipt", TAG, "POST", f"{PATH}:receipt", Receipt, UNKNOWN))(give_receipt)
    shown = ("unknown_receipt", "invalid", "casebook_unavailable", *body)
    app.api_route(**route("by_receipt", TAG, "POST", f"{ROOT}:receipt", TipDetail, shown))(by_receipt)
    booked = ("unknown_level", "no_reward", "reward_booked", *CHANGED)
    app.api_route(**route("book_reward", TAG, "POST", f"{PATH}:reward", TipDetail, booked))(book_reward)
    paid = ("nothing_to_pay", "bad_day", "receipt_needed", "reporter_in_text", *body, *CHANGED)
    app.api_route(**route("pay_reward", TAG, "POST", f"{PATH}:pay", TipDetail, paid))(pay_reward)
    app.api_route(**route("seals", TAG, "GET", f"{ROOT}:seals", Seals, ("casebook_unavailable",)))(seals)


async def identify(
    request: Request,
    tip_id: TipId,
    body: ReporterRequest,
    _match: IfMatch = None,
    _language: AcceptLanguage = None,
) -> Response:
    service, who = service_of(request), reporters.Reporter(**body.model_dump())
    await seen(request, tip_id)
    return await changed(request, tip_id, reporters.identify, who, service.seals, service.rules)


async def reporter(request: Request, tip_id: TipId, body: WhyRequest) -> Response:
    service = service_of(request)
    await seen(request, tip_id)
    actor = caller_of(request).actor
    found = await in_casebook(reporters.read, service.casebook, tip_id, service.seals, actor, body.why)
    if found is None:
        raise Problem("no_identity")
    return Response(as_json({"tip_id": tip_id} | asdict(found)), 200, {"cache-control": "no-store"}, JSON)


async def give_receipt(request: Request, tip_id: TipId) -> Response:
    await seen(request, tip_id)
    code = await in_casebook(reporters.give_receipt, service_of(request).casebook, tip_id, caller_of(request).actor)
    if code is None:
        raise Problem("unknown_tip")
    return Response(as_json({"tip_id": tip_id, "receipt": code}), 200, {"cache-control": "no-store"}, JSON)


async def by_receipt(request: Request, body: ReceiptRequest, _language: AcceptLanguage = None) -> Response:
    service, caller = service_of(request), caller_of(request)
    found = await in_casebook(reporters.by_receipt, service.casebook, body.receipt)
    if found is None or (caller.districts is not None and found.said.district not in caller.districts):
        raise Problem("unknown_receipt")
    service.reads.count(caller.caller_id, "tip", found.tip_id)
    return versioned(request, content_of(service, found, language(request)))


async def book_reward(
    request: Request,
    tip_id: TipId,
    body: RewardRequest,
    _match: IfMatch = None,
    _repeat: IdempotencyKey = None,
    _language: AcceptLanguage = None,
) -> Response:
    await seen(request, tip_id)
    worth = Worth(body.level, body.found, body.insider)
    return await changed(request, tip_id, rewards.book, worth, service_of(request).rules)


async def pay_reward(
    request: Request,
    tip_id: TipId,
    body: PaymentRequest,
    _match: IfMatch = None,
    _language: AcceptLanguage = None,
) -> Response:
    service = service_of(request)
    await seen(request, tip_id)
    await in_casebook(reporters.check_texts, service.casebook, tip_id, (body.reference,), service.seals)
    payment = Payment(body.on, body.reference, body.receipt)
    return await changed(request, tip_id, rewards.pay, payment, service.rules)


async def seals(request: Request, _etag: IfNoneMatch = None) -> Response:
    service = service_of(request)
    found = await in_casebook(reporters.seal_state, service.casebook, service.seals)
    content = {"key_id": service.seals.first, "open": found.open, "missing": dict(found.missing)}
    return answer(request, as_json(content))
