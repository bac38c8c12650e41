"""Whether the service lives, whether it can answer, what it did, what it offers."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from ringfinder_api.answers import JSON, as_json
from ringfinder_api.described import route
from ringfinder_api.service import service_of
from ringfinder_api.shapes import Health, Ready

TAG = "service"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def register(app: FastAPI) -> None:
    """Add the routes."""
    app.api_route(**route("health", TAG, "GET", "/healthz", Health))(health)
    app.api_route(**route("ready", TAG, "GET", "/readyz", Ready, ("no_run", "loading", "run_unreadable")))(ready)
    text = {PROMETHEUS: {"schema": {"type": "string"}}}
    app.api_route(**route("metrics", TAG, "GET", "/metrics", None, content=text))(metrics)
    described = {JSON: {"schema": {"type": "object"}}}
    app.api_route(**route("openapi", TAG, "GET", "/openapi.json", None, content=described))(openapi)


async def health() -> Response:
    return Response(as_json({"status": "ok"}), media_type=JSON)


async def ready(request: Request) -> Response:
    run = service_of(request).run
    content = {"status": "ready", "run_id": run.needed().run_id, "loading": run.loading}
    return Response(as_json(content), media_type=JSON)


async def metrics(request: Request) -> Response:
    return Response(service_of(request).metrics.text(), media_type=PROMETHEUS)


async def openapi(request: Request) -> Response:
    return Response(as_json(request.app.openapi()), media_type=JSON)
