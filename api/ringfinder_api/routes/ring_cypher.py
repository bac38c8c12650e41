"""A ring's Cypher: the named queries about one ring, to be run here or pasted where the graph is."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI, Request, Response

from ringfinder.errors import UsageError
from ringfinder.store.dialect import Dialect
from ringfinder.store.queries import library
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, route
from ringfinder_api.problems import Problem
from ringfinder_api.routes.rings import PATH, TAG, RingId, ring_of
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_rings import RingCypher

PARAMETER = "ring_id"


def register(app: FastAPI) -> None:
    """Add the route."""
    told = route("ring_cypher", TAG, "GET", f"{PATH}/cypher", RingCypher, ("unknown_ring", "invalid", "query_failed"))
    app.api_route(**told)(cypher)


async def cypher(
    request: Request, ring_id: RingId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    ring_of(request, ring_id)
    service, lang = service_of(request), language(request)
    run_id = service.run.needed().run_id
    try:
        stored = await asyncio.to_thread(service.workspace.run, run_id)
    except UsageError as error:  # it was removed while it is still served
        raise Problem("query_failed") from error
    dialect: Dialect = "neo4j" if stored.store == "neo4j" else "embedded"
    queries = [
        {
            "name": one.name,
            "title": one.titles[lang],
            "statement": one.statement(dialect),
            "parameters": {PARAMETER: ring_id},
        }
        for one in library().values()
        if [field.name for field in one.parameters] == [PARAMETER]
    ]
    return answer(request, as_json({"ring_id": ring_id, "run_id": run_id, "queries": queries}))
