"""The watch list: add, search, extend, end, and where one comes to from somebody who is on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import watching as book
from ringfinder.casebook.watching import Entry, Wanted, Watched
from ringfinder.report.masks import mask_id
from ringfinder_api import cursors, spreading
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, as_json
from ringfinder_api.auditing import recorded
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import AcceptLanguage, IdempotencyKey, IfMatch, IfNoneMatch, in_path, route
from ringfinder_api.leaving import while_waiting
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service, service_of
from ringfinder_api.shapes_of_watch import (
    EndRequest,
    ExtendRequest,
    Spread,
    WatchDetail,
    WatchList,
    WatchRequest,
    WatchSearch,
)
from ringfinder_api.versions import seen_version, versioned

TAG = "watch"
ROOT, PATH = "/v1/watch", "/v1/watch/{watch_id}"
ORDER = "watch.ends"
SECONDS = 100.0  # three named queries
WatchId = Annotated[str, in_path("watch.watch_id", max_length=20, pattern=r"^W[0-9a-f]*$")]
UNKNOWN = ("unknown_watch", "invalid", "casebook_unavailable")
CHANGED = (*UNKNOWN, "step_refused", "version_needed", "changed_meanwhile", "bad_last_day")


def register(app: FastAPI) -> None:
    """Add the routes."""
    listed = ("invalid", "bad_request", "too_large", "bad_cursor", "casebook_unavailable")
    app.api_route(**route("watched", TAG, "POST", f"{ROOT}:search", WatchList, listed))(search)
    added = ("bad_last_day", "watched_too_long", "watched_already", "foreign_district")
    app.api_route(**route("add_watch", TAG, "POST", ROOT, WatchDetail, added, status=201))(add)
    app.api_route(**route("watch", TAG, "GET", PATH, WatchDetail, UNKNOWN))(one)
    longer = (*CHANGED, "watched_too_long")
    app.api_route(**route("extend_watch", TAG, "POST", f"{PATH}:extend", WatchDetail, longer))(extend)
    app.api_route(**route("end_watch", TAG, "POST", f"{PATH}:end", WatchDetail, CHANGED))(end)
    asked = (*UNKNOWN, "too_slow", "query_failed", "busy", "cancelled", "loading", "run_unreadable")
    app.api_route(**route("spread", TAG, "GET", f"{PATH}/spread", Spread, asked))(spread)


async def search(request: Request, body: WatchSearch, _language: AcceptLanguage = None) -> Response:
    service, caller = service_of(request), caller_of(request)
    if (body.entity_type is None) != (body.entity_id is None):
        raise Problem("invalid", fields="body.entity_type, body.entity_id")
    entity = None if body.entity_type is None or body.entity_id is None else (body.entity_type, body.entity_id)
    wanted = Wanted(body.state, body.district, entity, body.text, caller.districts)
    after = cursors.read_day(body.cursor, ORDER)
    today = service.rules.today()
    found, total, last = await in_casebook(book.page, service.casebook, wanted, today, after, body.limit)
    following = None if last is None else (last[0].isoformat(), last[1])
    content = {"watched": [content_of(one, service_of(request)) for one in found], "total": total}
    return answer(request, as_json(content | {"next_cursor": cursors.written(following, ORDER)}))


async def add(request: Request, body: WatchRequest, _repeat: IdempotencyKey = None) -> Response:
    service, caller = service_of(request), caller_of(request)
    if caller.districts is not None and body.district not in caller.districts:
        raise Problem("foreign_district")
    made = await in_casebook(book.watch, service.casebook, Entry(**body.model_dump()), service.rules, caller.actor)
    return versioned(request, content_of(made, service_of(request)), 201, f"{ROOT}/{made.watch_id}")


async def one(request: Request, watch_id: WatchId, _etag: IfNoneMatch = None) -> Response:
    found = await seen(request, watch_id)
    service_of(request).reads.count(caller_of(request).caller_id, "watch", watch_id)
    return versioned(request, content_of(found, service_of(request)))


async def extend(
    request: Request, watch_id: WatchId, body: ExtendRequest, _match: IfMatch = None, _repeat: IdempotencyKey = None
) -> Response:
    return await _changed(request, watch_id, book.extend, body.ends_on, body.reason)


async def end(
    request: Request, watch_id: WatchId, body: EndRequest, _match: IfMatch = None, _repeat: IdempotencyKey = None
) -> Response:
    return await _changed(request, watch_id, book.end, body.reason)


async def spread(request: Request, watch_id: WatchId, _etag: IfNoneMatch = None) -> Response:
    service, found = service_of(request), await seen(request, watch_id)
    snapshot, entity = service.run.needed(), (found.entry.entity_type, found.entry.entity_id)
    await recorded(request, service.casebook, "watch.spread", watch_id, run_id=snapshot.run_id)
    rings = spreading.rings_of(snapshot, *entity, None)
    ties = spreading.by_rings(snapshot, (ring.ring_id for ring, _ in rings), entity)
    if spreading.ways(entity[0]):
        place = service.workspace.folder
        work = service.workers.ask(SECONDS, spreading.by_graph, place, snapshot.run_id, *entity)
        ties += await while_waiting(request, work)
    shown = [
        {"ring_id": ring.ring_id, "kind": ring.kind, "score": ring.score, "alert": ring.alert, "role": role}
        for ring, role in rings
    ]
    content = {"watch_id": watch_id, "run_id": snapshot.run_id, "rings": shown, "tied": spreading.told(ties)}
    return answer(request, as_json(content))


async def seen(request: Request, watch_id: str) -> Watched:
    """The entry, where there is one that the caller may see."""
    service, districts = service_of(request), caller_of(request).districts
    found = await in_casebook(book.find, service.casebook, watch_id, service.rules.today())
    if found is None or (districts is not None and found.entry.district not in districts):
        raise Problem("unknown_watch")
    return found


def content_of(watched: Watched, service: Service) -> dict[str, Any]:
    """An entry as answers tell it (`shapes_of_watch.WatchDetail`); a facility without a name by the one that the run knows. Who is unknown
    to the run is watched all the same, since older claims may name them; but that is said, since it may as well be a slip of the pen.
    """
    entry, snapshot, known = watched.entry, service.run.snapshot, None
    if snapshot is not None and watched.erased_on is None:
        known = snapshot.knows(entry.entity_type, entry.entity_id)
    same = {
        name: getattr(watched, name) for name in ("watch_id", "version", "state", "ended_on", "end_reason", "erased_on")
    }
    name = entry.name or service.run.name(entry.entity_type, entry.entity_id)
    return vars(entry) | {"entity_id": mask_id(entry.entity_type, entry.entity_id), "name": name, "known": known} | same


async def _changed(
    request: Request, watch_id: str, work: Callable[..., Watched | None], *arguments: object
) -> Response:
    service, version = service_of(request), seen_version(request)
    await seen(request, watch_id)
    actor = caller_of(request).actor
    made = await in_casebook(work, service.casebook, watch_id, version, *arguments, service.rules, actor)
    if made is None:
        raise Problem("unknown_watch")
    return versioned(request, content_of(made, service_of(request)))
