"""The library of named queries: list, one, and run one, which is cancelled by whoever leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response

from ringfinder.errors import UsageError
from ringfinder.store.headers import Field, NamedQuery
from ringfinder.store.queries import library
from ringfinder.words import Language
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.asking import ask_named
from ringfinder_api.auditing import recorded
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_path, route
from ringfinder_api.leaving import while_waiting
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_queries import QueryAnswer, QueryDetail, QueryList, QueryRequest

TAG = "queries"
PATH = "/v1/queries/{folder}/{query}"
MOST_NAMES = 5
Folder = Annotated[str, in_path("folder", max_length=50)]
Query = Annotated[str, in_path("query", max_length=100)]


def register(app: FastAPI) -> None:
    """Add the routes."""
    app.api_route(**route("queries", TAG, "GET", "/v1/queries", QueryList))(queries)
    app.api_route(**route("query", TAG, "GET", PATH, QueryDetail, ("unknown_query", "invalid")))(query)
    problems = ("all_districts", "unknown_query", "invalid", "bad_request", "too_large", "bad_parameters")
    app.api_route(
        **route(
            "ask",
            TAG,
            "POST",
            f"{PATH}:run",
            QueryAnswer,
            (*problems, "too_slow", "query_failed", "busy", "cancelled", "casebook_unavailable"),
        )
    )(ask)


async def queries(request: Request, _language: AcceptLanguage = None, _etag: IfNoneMatch = None) -> Response:
    lang = language(request)
    return answer(request, as_json({"queries": [_summary(one, lang) for one in library().values()]}))


async def query(
    request: Request,
    folder: Folder,
    query: Query,
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    found = _named(folder, query)
    dialect = next(iter(found.statements))
    statement = {"statement": found.statement(dialect)}
    return answer(request, as_json(_summary(found, language(request)) | statement))


async def ask(
    request: Request, folder: Folder, query: Query, body: QueryRequest, _language: AcceptLanguage = None
) -> Response:
    found = _named(folder, query)
    service = service_of(request)
    run_id = service.run.needed().run_id
    if wrong := _wrong(found, body.parameters):
        raise Problem("bad_parameters", names=", ".join(wrong[:MOST_NAMES]))
    await recorded(request, service.casebook, "query.run", found.name, run_id=run_id)
    question = (found.name, body.parameters, body.limit, body.seconds)
    work = service.workers.ask(body.seconds, ask_named, service.workspace.folder, run_id, *question)
    columns, rows, cut, names = await while_waiting(request, work)
    content = {"run_id": run_id, "query": found.name, "columns": columns, "rows": rows, "cut": cut, "names": names}
    return answer(request, as_json(content))


def _named(folder: str, query: str) -> NamedQuery:
    try:
        return library()[f"{folder}/{query}"]
    except KeyError as error:
        raise Problem("unknown_query") from error


def _wrong(query: NamedQuery, given: dict[str, Any]) -> list[str]:
    """Names of parameters that are missing or of another type; what the caller called others is not repeated."""
    known = {one.name: one for one in query.parameters}
    wrong = [name for name, one in known.items() if one.default is None and name not in given]
    wrong += [name for name, value in given.items() if name in known and not _fits(known[name], value)]
    return [*wrong, *(["..."] if set(given) - set(known) else [])]


def _fits(parameter: Field, value: Any) -> bool:
    try:
        parameter.read(value)
    except UsageError:
        return False
    return True


def _summary(query: NamedQuery, lang: Language) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": query.titles[lang],
        "purpose": query.purposes[lang],
        "kinds": list(query.kinds),
        "parameters": _fields(query.parameters, lang),
        "columns": _fields(query.columns, lang),
    }


def _fields(fields: Sequence[Field], lang: Language) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "type": one.type, "default": one.default, "meaning": one.meaning[lang]} for one in fields
    ]
