"""Runs of the workspace: list, one, and what became of the rings between two."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response

from ringfinder.errors import RingFinderError
from ringfinder.words import Language
from ringfinder.workspace import StoredRun
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.comparing import compare_runs
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_path, in_query, route
from ringfinder_api.problems import Problem
from ringfinder_api.rescoring import rescore_run
from ringfinder_api.service import Service, service_of
from ringfinder_api.shapes_of_jobs import Rescored, RescoreRequest
from ringfinder_api.shapes_of_runs import Comparison, RunDetail, RunList

TAG = "runs"
RunId = Annotated[str, in_path("run_id", max_length=100)]


def register(app: FastAPI) -> None:
    """Add the routes."""
    app.api_route(**route("runs", TAG, "GET", "/v1/runs", RunList))(runs)
    app.api_route(**route("run", TAG, "GET", "/v1/runs/{run_id}", RunDetail, ("unknown_run", "invalid")))(run)
    problems = ("unknown_run", "invalid", "too_slow", "query_failed", "busy")
    app.api_route(**route("compare", TAG, "GET", "/v1/runs:compare", Comparison, problems))(compare)
    what_if = route(
        "rescore", TAG, "POST", "/v1/runs/{run_id}:rescore", Rescored, (*problems, "bad_request", "too_large")
    )
    app.api_route(**what_if)(rescore)


async def runs(request: Request, _etag: IfNoneMatch = None) -> Response:
    service = service_of(request)
    served = service.run.needed().run_id
    return answer(request, as_json({"runs": [summary(one, served) for one in await _all(service)]}))


async def run(request: Request, run_id: RunId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None) -> Response:
    service = service_of(request)
    served = service.run.needed().run_id
    found = _one(await _all(service), run_id)
    return answer(request, as_json(summary(found, served) | _details(found.info, language(request))))


async def compare(
    request: Request,
    before: Annotated[str | None, in_query("before", max_length=100)] = None,
    after: Annotated[str | None, in_query("after", max_length=100)] = None,
    _etag: IfNoneMatch = None,
) -> Response:
    service = service_of(request)
    served = service.run.needed().run_id
    found = await _all(service)
    later = _one(found, after or served)
    earlier = _one(found, before) if before else _before(found, later)
    compared = (service.workspace.folder, earlier.run_id, later.run_id, caller_of(request).districts)
    changes = await service.workers.ask(service.limits.export_seconds, compare_runs, *compared)
    return answer(request, as_json({"before": earlier.run_id, "after": later.run_id, "changes": changes}))


async def rescore(request: Request, run_id: RunId, body: RescoreRequest) -> Response:
    service = service_of(request)
    _one(await _all(service), run_id)
    wanted = body.model_dump(exclude_none=True)
    by, judged = await service.workers.ask(
        service.limits.export_seconds, rescore_run, service.workspace.folder, run_id, wanted
    )
    districts = caller_of(request).districts
    seen = [content for content, scope in judged if districts is None or not scope.isdisjoint(districts)]
    content = {
        "run_id": run_id,
        "settings": by,
        "rings": len(seen),
        "alerts_before": sum(one["alert_before"] for one in seen),
        "alerts_after": sum(one["alert_after"] for one in seen),
        "changes": [one for one in seen if one["alert_before"] != one["alert_after"]],
    }
    return answer(request, as_json(content))


async def known_run(service: Service, run_id: str) -> StoredRun:
    """A run of the workspace; Problem where there is none of that name."""
    return _one(await _all(service), run_id)


async def _all(service: Service) -> list[StoredRun]:
    try:
        return await asyncio.to_thread(service.workspace.list_runs)
    except RingFinderError as error:
        raise Problem("unknown_run") from error


def _one(runs_: list[StoredRun], run_id: str) -> StoredRun:
    for found in runs_:
        if found.run_id == run_id:
            return found
    raise Problem("unknown_run")


def _before(runs_: list[StoredRun], later: StoredRun) -> StoredRun:
    """The run made last before this one; they are listed the newest first."""
    at = runs_.index(later)
    if at + 1 == len(runs_):
        raise Problem("unknown_run")
    return runs_[at + 1]


def summary(found: StoredRun, served: str | None) -> dict[str, Any]:
    """A run in a list; `served`: the run that the service answers from."""
    info = found.info
    return {
        "run_id": found.run_id,
        "started": info.get("started"),
        "claims": info.get("tables", {}).get("claims"),
        "rings": info.get("rings"),
        "alerts": info.get("alerts"),
        "seconds": round(sum(stage["seconds"] for stage in info.get("stages", ())), 1),
        "current": found.current,
        "pinned": found.pinned,
        "served": found.run_id == served,
    }


def _details(info: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    """How a run was made. Not the names of files, nor values that were set aside: they may be personal."""
    return {
        "rejected": info.get("rejected"),
        "tables": info.get("tables", {}),
        "settings": info.get("settings", {}),
        "channels": [
            {"channel": one["channel"], "on": one["on"], "why": one.get("why", {}).get(lang)}
            for one in info.get("channels", ())
        ],
    }
