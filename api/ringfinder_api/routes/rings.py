"""Rings: list, all together, one ring, its graph, timeline, evidence and history. All answers are there already."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import FastAPI, Request, Response

from ringfinder.model import Kind
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, language
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_path, in_query, route
from ringfinder_api.listing import MOST_ON_PAGE, CaseWanted, ListSort, Wanted, marked, overview, page
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_rings import (
    RingDetail,
    RingEvidence,
    RingGraph,
    RingHistory,
    RingList,
    RingOverview,
    RingTimeline,
)
from ringfinder_api.snapshot import RingEntry
from ringfinder_api.telling_cases import who_of

TAG = "rings"
PATH = "/v1/rings/{ring_id}"
RingId = Annotated[str, in_path("ring_id", max_length=200)]


def register(app: FastAPI) -> None:
    """Add the routes."""
    app.api_route(
        **route("rings", TAG, "GET", "/v1/rings", RingList, ("invalid", "bad_cursor", "casebook_unavailable"))
    )(rings)
    app.api_route(**route("rings_overview", TAG, "GET", "/v1/rings:overview", RingOverview))(rings_overview)
    unknown = ("unknown_ring", "invalid")
    app.api_route(**route("ring", TAG, "GET", PATH, RingDetail, unknown))(ring)
    app.api_route(**route("graph", TAG, "GET", f"{PATH}/graph", RingGraph, unknown))(graph)
    app.api_route(**route("timeline", TAG, "GET", f"{PATH}/timeline", RingTimeline, unknown))(timeline)
    app.api_route(**route("evidence", TAG, "GET", f"{PATH}/evidence", RingEvidence, unknown))(evidence)
    app.api_route(**route("history", TAG, "GET", f"{PATH}/history", RingHistory, unknown))(history)


async def rings(
    request: Request,
    kind: Annotated[Kind | None, in_query("kind")] = None,
    alert: Annotated[bool | None, in_query("alert")] = None,
    district: Annotated[str | None, in_query("district", max_length=200)] = None,
    facility: Annotated[str | None, in_query("facility", max_length=200)] = None,
    least_fund: Annotated[Decimal | None, in_query("least_fund", ge=0, max_digits=18)] = None,
    most_fund: Annotated[Decimal | None, in_query("most_fund", ge=0, max_digits=18)] = None,
    since: Annotated[date | None, in_query("since")] = None,
    until: Annotated[date | None, in_query("until")] = None,
    suppressed: Annotated[bool | None, in_query("cases.suppressed")] = None,
    case: Annotated[CaseWanted | None, in_query("cases.has_case")] = None,
    sort: Annotated[ListSort, in_query("sort")] = "score",
    limit: Annotated[int, in_query("limit", ge=1, le=MOST_ON_PAGE)] = 50,
    cursor: Annotated[str | None, in_query("cursor", max_length=1000)] = None,
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    wanted = Wanted(kind, alert, district, facility, least_fund, most_fund, since, until, suppressed, case)
    service, caller, lang = service_of(request), caller_of(request), language(request)
    snapshot = service.run.needed()
    tips = await service.lifting.of(service.book, snapshot, caller)
    cases = await service.cases.of(service.book, who_of(request))
    told = page(snapshot, wanted, caller.districts, sort, limit, cursor, lang, service.quiet.holds, tips, cases)
    return answer(request, told)


async def rings_overview(request: Request, _etag: IfNoneMatch = None) -> Response:
    return answer(request, overview(service_of(request).run.needed(), caller_of(request).districts))


async def ring(
    request: Request, ring_id: RingId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    found = ring_of(request, ring_id)
    quiet = service_of(request).quiet.holds(found, caller_of(request).districts)
    return answer(request, marked(found.detail[language(request)], quiet))


async def graph(request: Request, ring_id: RingId, _etag: IfNoneMatch = None) -> Response:
    return answer(request, ring_of(request, ring_id).graph)


async def timeline(request: Request, ring_id: RingId, _etag: IfNoneMatch = None) -> Response:
    return answer(request, ring_of(request, ring_id).timeline)


async def evidence(
    request: Request, ring_id: RingId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    return answer(request, ring_of(request, ring_id).evidence[language(request)])


async def history(request: Request, ring_id: RingId, _etag: IfNoneMatch = None) -> Response:
    return answer(request, ring_of(request, ring_id).history)


def ring_of(request: Request, ring_id: str) -> RingEntry:
    """The ring, where there is one that the caller may see."""
    service, caller = service_of(request), caller_of(request)
    found = service.run.needed().ring(ring_id, caller.districts)
    if found is None:
        raise Problem("unknown_ring")
    service.reads.count(caller.caller_id, "ring", ring_id)
    return found
