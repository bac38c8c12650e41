"""The outermost layer of each request: its id, its log line, its figures, and an answer whatever fails inside."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringfinder_api.access.callers import Caller
from ringfinder_api.answers import language
from ringfinder_api.logs import ROOT, scene
from ringfinder_api.metrics import Metrics
from ringfinder_api.problems import Problem, response

GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
LOG = logging.getLogger(ROOT)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    # An export is a page made of claims: opened in a browser it may draw, and nothing else.
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; sandbox"),
)
NO_ROUTE = "none"


class Edge:
    """Wraps the application. A caller may give X-Request-Id; else one is made."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request = Request(scope)
        wished = request.headers.get("x-request-id", "")
        request_id = wished if GIVEN_ID.fullmatch(wished) else secrets.token_hex(8)
        scope["ringfinder.request_id"] = request_id
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name for name, _ in message["headers"]}
                ours = [(name, value) for name, value in ALWAYS if name not in given]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode()), *ours]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            LOG.error("request failed", extra={"request_id": request_id, "scene": scene(error)})
            if status == 0:
                await response(Problem("internal"), language(request), request_id)(scope, receive, watched)
        finally:
            self._tell(scope, status, request_id, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, request_id: str, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", NO_ROUTE)
        method = scope["method"] if scope["method"] in METHODS else "other"
        caller: Caller | None = scope.get("ringfinder.caller")
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        LOG.info(
            "request",
            extra={
                "request_id": request_id,
                "method": method,
                "route": route,
                "status": status,
                "ms": round(1000 * seconds, 2),
                "caller": None if caller is None else caller.actor,
            },
        )
