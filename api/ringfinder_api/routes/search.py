"""Search: who is meant by what somebody typed, with the rings that they are in. It stands in the body, since proxies log paths."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from ringfinder.report.masks import mask_id
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.described import AcceptLanguage, route
from ringfinder_api.finding import find
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_scores import SearchAnswer, SearchRequest

TAG = "scores"
SECONDS = 20.0
PROBLEMS = ("invalid", "bad_request", "too_large", "too_slow", "query_failed", "busy")


def register(app: FastAPI) -> None:
    """Add the route."""
    app.api_route(**route("search", TAG, "POST", "/v1/search", SearchAnswer, PROBLEMS))(search)


async def search(request: Request, body: SearchRequest, _language: AcceptLanguage = None) -> Response:
    service, caller, lang = service_of(request), caller_of(request), language(request)
    snapshot = service.run.needed()
    found, cut = await service.workers.ask(SECONDS, find, service.workspace.folder, snapshot.run_id, body.text)
    items = []
    for entity_type, entity_id, name, matched in found:
        seen = [
            one
            for one in snapshot.members.get((entity_type, entity_id), ())
            if snapshot.rings[one.ring_id].seen_by(caller.districts)
        ]
        if not seen and caller.districts is not None:
            continue  # elsewhere there may be somebody of that name: that is not theirs to know
        service.reads.count(caller.caller_id, entity_type, entity_id)
        head = {
            "entity_type": entity_type,
            "entity_id": mask_id(entity_type, entity_id),
            "name": name,
            "matched": matched,
        }
        rings = b",".join(one.part[lang] for one in seen)
        items.append(as_json(head).removesuffix(b"}") + b',"rings":[' + rings + b"]}")
    told = f'{{"run_id":"{snapshot.run_id}","cut":{str(cut).lower()},"found":['.encode()
    return answer(request, told + b",".join(items) + b"]}")
