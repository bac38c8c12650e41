"""More like this: rings and facilities that are like a ring, or like what a tip names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import FastAPI, Request, Response

from ringfinder.report.likeness import Profile
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_query, route
from ringfinder_api.likening import of_tip, similar
from ringfinder_api.routes import rings, tips
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_likeness import Similar

MOST = 100
District = Annotated[str | None, in_query("likeness.district", max_length=200)]
Limit = Annotated[int, in_query("likeness.limit", ge=1, le=MOST)]


def register(app: FastAPI) -> None:
    """Add the routes."""
    known = ("loading", "run_unreadable", "invalid")
    of_ring = route("similar_rings", rings.TAG, "GET", f"{rings.PATH}/similar", Similar, ("unknown_ring", *known))
    app.api_route(**of_ring)(like_ring)
    problems = (*tips.UNKNOWN, "loading", "run_unreadable")
    app.api_route(**route("similar_to_tip", tips.TAG, "GET", f"{tips.PATH}/similar", Similar, problems))(like_tip)


async def like_ring(
    request: Request,
    ring_id: rings.RingId,
    district: District = None,
    limit: Limit = 10,
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    return await _told(request, [rings.ring_of(request, ring_id).profile], district, limit)


async def like_tip(
    request: Request,
    tip_id: tips.TipId,
    district: District = None,
    limit: Limit = 10,
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    service, caller, found = service_of(request), caller_of(request), await tips.seen(request, tip_id)
    service.reads.count(caller.caller_id, "tip", tip_id)
    entities = [(one.entity_type, one.entity_id) for one in found.said.entities if one.entity_id is not None]
    of = of_tip(service.run.needed(), found.said.kind, entities, caller.districts)
    return await _told(request, of, district, limit)


async def _told(request: Request, of: Sequence[Profile], district: str | None, limit: int) -> Response:
    # In a thread: all rings of a large run take some tens of milliseconds.
    snapshot, districts, lang = service_of(request).run.needed(), caller_of(request).districts, language(request)
    return answer(request, as_json(await asyncio.to_thread(similar, snapshot, of, districts, district, limit, lang)))
