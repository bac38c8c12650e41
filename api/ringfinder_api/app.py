"""The application: routes behind their rules, problems for every error, one outermost layer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from ringfinder.words import say
from ringfinder_api import problems
from ringfinder_api.access.guard import Guarded
from ringfinder_api.access.logins import COOKIE
from ringfinder_api.access.rules import RULES
from ringfinder_api.answers import JSON, language
from ringfinder_api.described import ROOMS
from ringfinder_api.edge import Edge
from ringfinder_api.problems import Problem
from ringfinder_api.routes import (
    case_papers,
    cases,
    colleagues,
    cypher,
    decisions,
    exports,
    facilities,
    health,
    in_full,
    intake,
    jobs,
    keeping,
    neighbours,
    oidc,
    queries,
    reporters,
    reports,
    ring_cypher,
    ring_map,
    rings,
    runs,
    scores,
    screening,
    search,
    sessions,
    similar,
    tips,
    unmaskings,
    users,
    watch,
    web,
    webhooks,
)
from ringfinder_api.service import Service
from ringfinder_api.shapes import Problem as ProblemShape

VERSION = "1"
GROUPS = (
    scores,
    search,
    rings,
    ring_map,
    similar,
    neighbours,
    ring_cypher,
    exports,
    runs,
    keeping,
    intake,
    jobs,
    webhooks,
    tips,
    reporters,
    watch,
    screening,
    facilities,
    queries,
    cypher,
    cases,
    decisions,
    case_papers,
    in_full,
    colleagues,
    reports,
    sessions,
    oidc,
    users,
    unmaskings,
    web,
    health,
)
CSRF = {
    "name": "X-CSRF-Token",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "title": say("api.param_csrf", "zh")},
    "description": say("api.param_csrf", "en"),
}
FRAMEWORK_ERRORS = ("HTTPValidationError", "ValidationError")
TAGS = (
    "scores",
    "rings",
    "runs",
    "jobs",
    "webhooks",
    "tips",
    "watch",
    "screening",
    "queries",
    "cases",
    "people",
    "service",
)


def create_app(service: Service) -> FastAPI:
    """The application of one service; it goes as long as its lifespan."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.openapi()  # takes half a second, which no request should wait for
        async with service.going():
            yield

    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.router.route_class = Guarded
    app.router.redirect_slashes = False  # a redirect is an answer without a key
    app.state.service = service
    for group in GROUPS:
        group.register(app)
    _handle(app)
    app.add_middleware(Edge, metrics=service.metrics)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    return app


def _handle(app: FastAPI) -> None:
    def told(request: Request, problem: Problem) -> Response:
        return problems.response(problem, language(request), request.scope["ringfinder.request_id"])

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return told(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return told(request, problems.of_validation(error))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = told(request, problems.of_http(error))
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(Problem, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI: what FastAPI makes of the routes, and who may use each."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=say("api.title", "en"),
            version=VERSION,
            summary=say("api.title", "zh"),
            description=f"{say('api.about', 'en')}\n\n{say('api.about', 'zh')}",
            routes=app.routes,
            tags=[{"name": tag, "description": say(f"{ROOMS.get(tag, 'api')}.tag_{tag}", "zh")} for tag in TAGS],
        )
        parts = made.setdefault("components", {})
        schemas = parts.setdefault("schemas", {})
        schemas["Problem"] = ProblemShape.model_json_schema()
        for name in FRAMEWORK_ERRORS:
            schemas.pop(name, None)
        parts["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer", "description": say("api.key_scheme", "en")},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": COOKIE,
                "description": say("api.session_scheme", "en"),
            },
        }
        for path, operations in made["paths"].items():
            for method, operation in operations.items():
                _guarded(operation, method.upper(), path)
        app.openapi_schema = made
    return app.openapi_schema


def _guarded(operation: dict[str, Any], method: str, path: str) -> None:
    """Who may use an operation; the OpenAPI writes a path without its convertors."""
    if JSON in operation["responses"].get("422", {}).get("content", {}):
        del operation["responses"]["422"]  # the framework's: of a route whose parameters take anything
    rule = next(rule for (verb, route), rule in RULES.items() if (verb, route.replace(":path}", "}")) == (method, path))
    if rule.roles is not None:
        operation["security"] = [{"session": []}] if rule.people else [{"key": []}, {"session": []}]
        operation["x-roles"] = sorted(rule.roles)
        if rule.whole:
            operation["x-all-districts"] = True
        if method != "GET":
            operation.setdefault("parameters", []).append(CSRF)
