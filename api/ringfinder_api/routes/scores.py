"""Scores: one entity, many, and a claim that is not in the graph yet. Nothing here leaves memory."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Request, Response

from ringfinder.model import ENTITY_TYPES, EntityType
from ringfinder_api import problems
from ringfinder_api.access.guard import Direct, caller_of
from ringfinder_api.answers import answer, language
from ringfinder_api.claim_ties import named, score_claim
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_path, route
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_scores import BatchAnswer, BatchRequest, ClaimRequest, ClaimScore, Score

TAG = "scores"


def register(app: FastAPI) -> None:
    """Add the routes."""
    one = route("score", TAG, "GET", "/v1/scores/{entity_type}/{entity_id:path}", Score, ("unknown_entity", "invalid"))
    many = route("batch", TAG, "POST", "/v1/scores:batch", BatchAnswer, ("invalid", "bad_request", "too_large"))
    claim = route("claim", TAG, "POST", "/v1/scores:claim", ClaimScore, ("invalid", "bad_request", "too_large"))
    app.router.add_api_route(endpoint=score, route_class_override=Direct, **one)
    app.api_route(**many)(batch)
    app.api_route(**claim)(of_claim)


async def score(
    request: Request,
    entity_type: Annotated[EntityType, in_path("entity_type")],
    entity_id: Annotated[str, in_path("entity_id", min_length=1)],
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    if entity_type not in ENTITY_TYPES or not entity_id:
        raise Problem("invalid", fields="path.entity_id" if entity_type in ENTITY_TYPES else "path.entity_type")
    service, caller = service_of(request), caller_of(request)
    found = service.run.needed().score(entity_type, entity_id, language(request), caller.districts)
    if found is None:
        raise Problem("unknown_entity")
    service.reads.count(caller.caller_id, entity_type, entity_id)
    return answer(request, found)


async def batch(request: Request, body: BatchRequest, _language: AcceptLanguage = None) -> Response:
    service, caller, lang = service_of(request), caller_of(request), language(request)
    snapshot = service.run.needed()
    unknown = b'{"status":404,"problem":' + problems.item("unknown_entity", lang) + b"}"
    items = []
    for entity in body.entities:
        found = snapshot.score(entity.entity_type, entity.entity_id, lang, caller.districts)
        if found is not None:
            service.reads.count(caller.caller_id, entity.entity_type, entity.entity_id)
        items.append(unknown if found is None else b'{"status":200,"score":' + found + b"}")
    return answer(request, f'{{"run_id":"{snapshot.run_id}","items":['.encode() + b",".join(items) + b"]}")


async def of_claim(request: Request, body: ClaimRequest, _language: AcceptLanguage = None) -> Response:
    service, caller = service_of(request), caller_of(request)
    snapshot, lang = service.run.needed(), language(request)
    told = score_claim(snapshot, body, lang, caller.districts)
    for entity_type, entity_id in named(body):
        if snapshot.score(entity_type, entity_id, lang, caller.districts) is not None:
            service.reads.count(caller.caller_id, entity_type, entity_id)
    return answer(request, told)
