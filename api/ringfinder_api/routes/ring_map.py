"""Rings where they meet, month by month."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import FastAPI, Request, Response

from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, language
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_query, route
from ringfinder_api.mapping import ring_map
from ringfinder_api.routes import rings
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_maps import RingMap

MOST = 5000


def register(app: FastAPI) -> None:
    """Add the route."""
    app.api_route(**route("ring_map", rings.TAG, "GET", "/v1/rings:map", RingMap, ("invalid",)))(of_rings)


async def of_rings(
    request: Request,
    limit: Annotated[int, in_query("map_limit", ge=1, le=MOST)] = MOST,
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    service, districts, lang = service_of(request), caller_of(request).districts, language(request)
    # In a thread: thousands of rings and places take some tens of milliseconds.
    told = await asyncio.to_thread(ring_map, service.run.needed(), districts, lang, limit, service.quiet.holds)
    return answer(request, told)
