"""Bringing claims: what files would be read as before they are sent, and which rows a run did not take."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response

from ringfinder.words import Language, catalogue, say
from ringfinder_api.answers import JSON, answer, as_json, language
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, route
from ringfinder_api.intake import look_at, rejects_of_run
from ringfinder_api.routes.runs import RunId, known_run
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_intake import Looked, LookRequest, RejectList

BUSY = ("invalid", "too_slow", "query_failed", "busy")


def register(app: FastAPI) -> None:
    """Add the routes."""
    asked = route("look_claims", "jobs", "POST", "/v1/claims:look", Looked, (*BUSY, "bad_request", "too_large"))
    app.api_route(**asked)(look_claims)
    app.api_route(**route("rejects", "runs", "GET", "/v1/runs/{run_id}/rejects", RejectList, ("unknown_run", *BUSY)))(
        rejects
    )


async def look_claims(request: Request, body: LookRequest) -> Response:
    service = service_of(request)
    files = [(one.name, one.begins) for one in body.files]
    found = await service.workers.ask(service.limits.export_seconds, look_at, files, body.profile)
    return Response(as_json(found), 200, {"cache-control": "no-store"}, JSON)


async def rejects(
    request: Request, run_id: RunId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    service, lang = service_of(request), language(request)
    info = (await known_run(service, run_id)).info
    found = await service.workers.ask(service.limits.export_seconds, rejects_of_run, service.workspace.folder, run_id)
    told = [one | {"says": _says(one["reason"], lang)} for one in found]
    return answer(request, as_json({"run_id": run_id, "rejected": info.get("rejected"), "reasons": told}))


def _says(reason: Any, lang: Language) -> str:
    """A reason as a sentence; the reason itself where a run of another version had one that is not known."""
    key = f"claims.reject_{reason}"
    return say(key, lang) if key in catalogue() else str(reason)
