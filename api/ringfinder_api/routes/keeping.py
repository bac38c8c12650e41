"""Which runs stay: pin one, let it go again, remove old ones. The current run and pinned ones are never removed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Request, Response

from ringfinder.errors import RingFinderError, UsageError, WorkspaceBusy
from ringfinder.workspace import StoredRun, Workspace
from ringfinder_api.answers import answer, as_json
from ringfinder_api.auditing import recorded
from ringfinder_api.described import IdempotencyKey, in_path, route
from ringfinder_api.detections import AGAIN
from ringfinder_api.problems import Problem
from ringfinder_api.routes.runs import TAG, summary
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_jobs import Pruned, PruneRequest
from ringfinder_api.shapes_of_runs import RunSummary

PATH = "/v1/runs/{run_id}"
RunId = Annotated[str, in_path("run_id", max_length=100)]


def register(app: FastAPI) -> None:
    """Add the routes."""
    unknown = ("unknown_run", "invalid")
    app.api_route(**route("pin", TAG, "POST", f"{PATH}:pin", RunSummary, unknown))(pin)
    app.api_route(**route("unpin", TAG, "POST", f"{PATH}:unpin", RunSummary, unknown))(unpin)
    busy = ("workspace_busy", "query_failed")
    app.api_route(**route("prune", TAG, "POST", "/v1/runs:prune", Pruned, busy))(prune)


async def pin(request: Request, run_id: RunId, _repeat: IdempotencyKey = None) -> Response:
    return await _changed(request, "run.pinned", service_of(request).workspace.pin, run_id)


async def unpin(request: Request, run_id: RunId, _repeat: IdempotencyKey = None) -> Response:
    return await _changed(request, "run.unpinned", service_of(request).workspace.unpin, run_id)


async def prune(request: Request, body: PruneRequest, _repeat: IdempotencyKey = None) -> Response:
    service = service_of(request)
    await recorded(request, service.casebook, "runs.pruned", "", keep=body.keep)
    try:
        removed = await asyncio.to_thread(prune_all, service.workspace, body.keep)
    except WorkspaceBusy as error:
        raise Problem("workspace_busy", wait=AGAIN) from error
    except RingFinderError as error:
        raise Problem("query_failed") from error
    return answer(request, as_json({"removed": removed}))


def prune_all(workspace: Workspace, keep: int) -> list[str]:
    """Remove old runs, and their results where a server holds the graph."""
    on_server = {run.run_id for run in workspace.list_runs() if run.store == "neo4j"}
    removed = workspace.prune(keep)
    if left := [run_id for run_id in removed if run_id in on_server]:
        from ringfinder.pipeline.graphs import forget  # noqa: PLC0415 - brings a driver

        forget(left, workspace)
    return removed


async def _changed(request: Request, action: str, change: Callable[[str], StoredRun], run_id: str) -> Response:
    service = service_of(request)
    try:
        await asyncio.to_thread(service.workspace.run, run_id)  # what is not there is not recorded
        await recorded(request, service.casebook, action, run_id)
        found = await asyncio.to_thread(change, run_id)
    except UsageError as error:
        raise Problem("unknown_run") from error
    return answer(request, as_json(summary(found, service.run.run_id)))
