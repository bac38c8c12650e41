"""Tips: record, correct, search, go on with, extend. Who gave one stands in `reporters`, what it was worth in `rewards`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import reporters, tip_list
from ringfinder.casebook import tips as book
from ringfinder.casebook.tip_states import Done, Named, Said, Tip
from ringfinder.report.masks import mask_id
from ringfinder.words import Language
from ringfinder_api import cursors
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import AcceptLanguage, IdempotencyKey, IfMatch, IfNoneMatch, in_path, route
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service, service_of
from ringfinder_api.shapes_of_tips import StepRequest, TipDetail, TipList, TipRequest, TipSearch
from ringfinder_api.versions import seen_version, versioned

TAG = "tips"
ROOT = "/v1/tips"
PATH = "/v1/tips/{tip_id}"
TipId = Annotated[str, in_path("tips.tip_id", max_length=20, pattern=r"^T[0-9a-f]*$")]
UNKNOWN = ("unknown_tip", "invalid", "casebook_unavailable")
CHANGED = (*UNKNOWN, "version_needed", "changed_meanwhile")


def register(app: FastAPI) -> None:
    """Add the routes."""
    listed = ("invalid", "bad_request", "too_large", "bad_cursor", "casebook_unavailable")
    app.api_route(**route("tips", TAG, "POST", f"{ROOT}:search", TipList, listed))(search)
    app.api_route(**route("add_tip", TAG, "POST", ROOT, TipDetail, ("bad_day", "foreign_district"), status=201))(add)
    app.api_route(**route("tip", TAG, "GET", PATH, TipDetail, UNKNOWN))(one)
    fixed = ("bad_day", "reporter_in_text", "tip_key_missing", "foreign_district", *CHANGED)
    app.api_route(**route("change_tip", TAG, "POST", f"{PATH}:change", TipDetail, fixed))(change)
    gone_on = ("step_refused", "bad_day", "outcome_needed", "answer_first", "reporter_in_text", *CHANGED)
    app.api_route(**route("step_tip", TAG, "POST", f"{PATH}:step", TipDetail, gone_on))(step)
    app.api_route(**route("extend_tip", TAG, "POST", f"{PATH}:extend", TipDetail, ("extended_already", *CHANGED)))(
        extend
    )


async def search(request: Request, body: TipSearch, _language: AcceptLanguage = None) -> Response:
    service, caller = service_of(request), caller_of(request)
    if (body.entity_type is None) != (body.entity_id is None):
        raise Problem("invalid", fields="body.entity_type, body.entity_id")
    today = service.rules.today()
    entity = None if body.entity_type is None or body.entity_id is None else (body.entity_type, body.entity_id)
    wanted = tip_list.Wanted(
        body.state,
        body.channel,
        body.outcome,
        body.district,
        entity,
        today if body.late else None,
        body.text,
        caller.districts,
    )
    order = f"{TAG}.{body.sort}"
    after = cursors.read_day(body.cursor, order)
    found = await in_casebook(tip_list.page, service.casebook, wanted, body.sort, after, body.limit)
    lines, total, last = found
    listed = [vars(line) | {"late": line.due_on is not None and line.due_on < today} for line in lines]
    content = {
        "tips": listed,
        "total": total,
        "next_cursor": cursors.written(None if last is None else (last[0].isoformat(), last[1]), order),
    }
    return answer(request, as_json(content))


async def add(
    request: Request, body: TipRequest, _repeat: IdempotencyKey = None, _language: AcceptLanguage = None
) -> Response:
    service, caller = service_of(request), caller_of(request)
    said = _said(request, body)
    made = await in_casebook(book.record, service.casebook, said, service.rules, caller.actor)
    return versioned(request, content_of(service, made, language(request)), 201, f"{ROOT}/{made.tip_id}")


async def one(request: Request, tip_id: TipId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None) -> Response:
    service, found = service_of(request), await seen(request, tip_id)
    service.reads.count(caller_of(request).caller_id, "tip", tip_id)
    return versioned(request, content_of(service, found, language(request)))


async def change(
    request: Request,
    tip_id: TipId,
    body: TipRequest,
    _match: IfMatch = None,
    _repeat: IdempotencyKey = None,
    _language: AcceptLanguage = None,
) -> Response:
    said, service = _said(request, body), service_of(request)
    await seen(request, tip_id)
    await in_casebook(reporters.check_texts, service.casebook, tip_id, (said.summary,), service.seals, said.entities)
    return await changed(request, tip_id, book.change, said, service.rules)


async def step(
    request: Request,
    tip_id: TipId,
    body: StepRequest,
    _match: IfMatch = None,
    _repeat: IdempotencyKey = None,
    _language: AcceptLanguage = None,
) -> Response:
    service = service_of(request)
    await seen(request, tip_id)
    await in_casebook(reporters.check_texts, service.casebook, tip_id, (body.told,), service.seals)
    return await changed(request, tip_id, book.take, Done(body.step, body.on, body.outcome, body.told), service.rules)


async def extend(
    request: Request,
    tip_id: TipId,
    _match: IfMatch = None,
    _repeat: IdempotencyKey = None,
    _language: AcceptLanguage = None,
) -> Response:
    await seen(request, tip_id)
    return await changed(request, tip_id, book.extend, service_of(request).rules)


async def seen(request: Request, tip_id: str) -> Tip:
    """The tip, where there is one that the caller may see."""
    found = await in_casebook(book.find, service_of(request).casebook, tip_id)
    districts = caller_of(request).districts
    if found is None or (districts is not None and found.said.district not in districts):
        raise Problem("unknown_tip")
    return found


async def changed(request: Request, tip_id: str, work: Callable[..., Tip | None], *arguments: object) -> Response:
    """The tip after a change at the version that the caller saw."""
    service, version = service_of(request), seen_version(request)
    actor = caller_of(request).actor
    made = await in_casebook(work, service.casebook, tip_id, version, *arguments, actor)
    if made is None:
        raise Problem("unknown_tip")
    return versioned(request, content_of(service, made, language(request)))


def content_of(service: Service, tip: Tip, lang: Language) -> dict[str, Any]:
    """A tip as answers tell it (`shapes_of_tips.TipDetail`)."""
    rules, said = service.rules, tip.said
    same = (
        "tip_id version state named acknowledged_on checked_on answered_on closed_on outcome told extended due_on due_term"
        " due_provisional erased_on"
    )
    return {name: getattr(tip, name) for name in same.split()} | {
        "channel": said.channel,
        "district": said.district,
        "received_on": said.received_on,
        "summary": said.summary,
        "kind": said.kind,
        "entities": [_named(one, service) for one in said.entities],
        "receipt_given": tip.receipt,
        "due_basis": None if tip.due_term is None else rules.terms[tip.due_term].basis(lang),
        "late": tip.due_on is not None and tip.due_on < rules.today(),
        "possible": list(tip.possible),
        "reward": None if tip.reward is None else vars(tip.reward) | {"basis": rules.reward.basis(lang)},
    }


def _named(one: Named, service: Service) -> dict[str, str | None]:
    """Whom a tip names; a facility of which only the id was said by the name that the run knows."""
    shown = None if one.entity_id is None else mask_id(one.entity_type, one.entity_id)
    return {
        "entity_type": one.entity_type,
        "entity_id": shown,
        "name": one.name or service.run.name(one.entity_type, one.entity_id),
    }


def _said(request: Request, body: TipRequest) -> Said:
    """What a request says; Problem for a district that is not the caller's, or an entity without id and name."""
    districts = caller_of(request).districts
    if districts is not None and body.district not in districts:
        raise Problem("foreign_district")
    if any(one.entity_id is None and one.name is None for one in body.entities):
        raise Problem("invalid", fields="body.entities")
    entities = tuple(Named(one.entity_type, one.entity_id, one.name) for one in body.entities)
    return Said(body.channel, body.district, body.received_on, body.summary, body.kind, entities)
