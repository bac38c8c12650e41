"""Cases: list, open, assign, change, close. Who may see one, and what leads where, the casebook says (`casebook.cases`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import cases as book
from ringfinder.casebook import linked_rings, suppressing
from ringfinder.casebook.case_lists import CaseSort, CasesWanted
from ringfinder.casebook.case_lists import cases as listed
from ringfinder.casebook.case_record import record_of
from ringfinder.casebook.case_states import CaseState, Origin, Priority, Resolution
from ringfinder.casebook.cases import Case, Draft
from ringfinder.casebook.suppressing import Closing
from ringfinder_api import cursors
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import AcceptLanguage, IdempotencyKey, IfMatch, IfNoneMatch, in_path, in_query, route
from ringfinder_api.problems import Problem
from ringfinder_api.routes.rings import ring_of
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_cases import (
    CASE_ID,
    Assignment,
    CaseChange,
    CaseClosing,
    CaseList,
    CaseRequest,
    RingLink,
)
from ringfinder_api.shapes_of_decisions import CaseFile
from ringfinder_api.shapes_of_people import CALLED
from ringfinder_api.telling_cases import detail_of, seen_ring, summary_of, who_of
from ringfinder_api.versions import seen_version, versioned

TAG = "cases"
ROOT, PATH = "/v1/cases", "/v1/cases/{case_id}"
MOST_ON_PAGE = 200
CaseId = Annotated[str, in_path("cases.case_id", max_length=100, pattern=CASE_ID)]
UNKNOWN = ("unknown_case", "invalid", "casebook_unavailable")
STEP = (*UNKNOWN, "step_refused", "changed_meanwhile", "version_needed", "not_assignee")
STANDS = ("decision_open", "decision_stands", "no_decision")
RING = ("unknown_ring", "ring_has_case", "too_many_rings", "loading", "run_unreadable")


def register(app: FastAPI) -> None:
    """Add the routes."""
    silent = ("bad_cursor", "invalid", "casebook_unavailable")
    app.api_route(**route("cases", TAG, "GET", ROOT, CaseList, silent))(cases)
    made = route("add_case", TAG, "POST", ROOT, CaseFile, (*RING, "foreign_district", "unknown_tip"), status=201)
    app.api_route(**made)(add)
    app.api_route(**route("case", TAG, "GET", PATH, CaseFile, UNKNOWN))(case)
    changed = route("change_case", TAG, "POST", f"{PATH}:change", CaseFile, (*STEP, "foreign_district"))
    app.api_route(**changed)(change)
    given = route("assign_case", TAG, "POST", f"{PATH}:assign", CaseFile, (*STEP, "not_supervisor", "bad_assignee"))
    app.api_route(**given)(assign)
    app.api_route(**route("release_case", TAG, "POST", f"{PATH}:release", CaseFile, STEP))(release)
    app.api_route(**route("begin_case", TAG, "POST", f"{PATH}:begin", CaseFile, STEP))(begin)
    told = (*STEP, "not_supervisor", "reason_needed", "duplicate_of_what", "suppress_what", *STANDS)
    app.api_route(**route("close_case", TAG, "POST", f"{PATH}:close", CaseFile, told))(close)
    opened = route("reopen_case", TAG, "POST", f"{PATH}:reopen", CaseFile, (*STEP, "not_supervisor", "ring_has_case"))
    app.api_route(**opened)(reopen)
    linked = route(
        "link_ring", TAG, "POST", f"{PATH}:link", CaseFile, (*UNKNOWN, *RING, "step_refused", "not_assignee")
    )
    app.api_route(**linked)(link)


async def cases(
    request: Request,
    state: Annotated[CaseState | None, in_query("cases.state")] = None,
    is_open: Annotated[bool | None, in_query("cases.open", alias="open")] = None,
    assignee: Annotated[str | None, in_query("cases.assignee", max_length=16, pattern=CASE_ID)] = None,
    district: Annotated[str | None, in_query("district", max_length=200, pattern=CALLED)] = None,
    priority: Annotated[Priority | None, in_query("cases.priority")] = None,
    origin: Annotated[Origin | None, in_query("cases.origin")] = None,
    campaign: Annotated[str | None, in_query("cases.campaign", max_length=100, pattern=CALLED)] = None,
    resolution: Annotated[Resolution | None, in_query("cases.resolution")] = None,
    ring_id: Annotated[str | None, in_query("cases.ring_id", max_length=200, pattern=CALLED)] = None,
    overdue: Annotated[bool, in_query("cases.overdue")] = False,
    text: Annotated[str | None, in_query("cases.text", max_length=200, pattern=CALLED)] = None,
    sort: Annotated[CaseSort, in_query("cases.sort")] = "updated",
    limit: Annotated[int, in_query("cases.limit", ge=1, le=MOST_ON_PAGE)] = 50,
    cursor: Annotated[str | None, in_query("cursor", max_length=1000)] = None,
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    who, lang = who_of(request), language(request)
    whose = who.caller_id if assignee == "me" else assignee
    today = service_of(request).rules.today() if overdue else None
    wanted = CasesWanted(state, is_open, whose, district, priority, origin, campaign, resolution, ring_id, today, text)
    order = f"{TAG}.{sort}"
    after = cursors.read(cursor, order)
    try:
        page = await in_casebook(listed, service_of(request).casebook, who, wanted, sort, after, limit)
    except ValueError as error:
        raise Problem("bad_cursor") from error
    content = {
        "cases": [summary_of(one, lang) for one in page.cases],
        "total": page.total,
        "next_cursor": cursors.written(page.following, order),
    }
    return answer(request, as_json(content))


async def add(
    request: Request, body: CaseRequest, _language: AcceptLanguage = None, _repeat: IdempotencyKey = None
) -> Response:
    who, service = who_of(request), service_of(request)
    if body.ring_id is not None and body.tip_id is not None:
        raise Problem("invalid", fields="body.ring_id, body.tip_id")
    if body.ring_id is None:
        if not body.districts:
            raise Problem("invalid", fields="body.districts")
        origin: Origin = "hand" if body.tip_id is None else "tip"
        draft = _draft(body, body.districts, origin, body.tip_id)
        made = await in_casebook(book.create, service.casebook, who, draft)
    else:
        ring = ring_of(request, body.ring_id)
        districts = body.districts or sorted(ring.scope)
        if not districts:
            raise Problem("invalid", fields="body.districts")
        draft = _draft(body, districts, "ring", ring.ring_id)
        seen = seen_ring(ring, service.run.needed().run_id)
        made = await in_casebook(linked_rings.create_from_ring, service.casebook, who, draft, seen)
    return await told(request, made, status=201)


async def case(
    request: Request, case_id: CaseId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    service, who = service_of(request), who_of(request)
    service.reads.count(who.caller_id, "case", case_id)
    return await told(request, await in_casebook(book.find, service.casebook, who, case_id))


async def change(
    request: Request,
    case_id: CaseId,
    body: CaseChange,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    wanted = {name: getattr(body, name) for name in body.model_fields_set}
    return await step(request, book.change, case_id, wanted)


async def assign(
    request: Request,
    case_id: CaseId,
    body: Assignment,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, book.assign, case_id, body.assignee or who_of(request).caller_id)


async def release(
    request: Request,
    case_id: CaseId,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, book.release, case_id)


async def begin(
    request: Request,
    case_id: CaseId,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, book.begin, case_id)


async def close(
    request: Request,
    case_id: CaseId,
    body: CaseClosing,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    service, who = service_of(request), who_of(request)
    suppress = body.suppress_percent if body.suppress else None
    closing = Closing(body.resolution, body.reason, body.duplicate_of, suppress)
    rings_now = []
    if suppress is not None:
        run = service.run.needed()
        linked = await in_casebook(linked_rings.rings_of, service.casebook, who, case_id)
        here = [run.rings[one.ring.ring_id] for one in linked if one.ring.ring_id in run.rings]
        rings_now = [seen_ring(ring, run.run_id) for ring in here]
    answered = await step(request, suppressing.close, case_id, closing, rings_now)
    await service.quiet.refresh(service.casebook)
    return answered


async def reopen(
    request: Request,
    case_id: CaseId,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    answered = await step(request, suppressing.reopen, case_id)
    await service_of(request).quiet.refresh(service_of(request).casebook)
    return answered


async def link(
    request: Request,
    case_id: CaseId,
    body: RingLink,
    _language: AcceptLanguage = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    service = service_of(request)
    seen = seen_ring(ring_of(request, body.ring_id), service.run.needed().run_id)
    return await told(request, await in_casebook(linked_rings.link, service.casebook, who_of(request), case_id, seen))


async def told(request: Request, found: Case, status: int = 200) -> Response:
    """A case in full, with its version as ETag."""
    service, who = service_of(request), who_of(request)
    if request.method != "GET":
        service.cases.expire()
    record = await in_casebook(record_of, service.casebook, who, found.case_id)
    content = detail_of(record, service.run.snapshot, who, language(request), service.rules)
    return versioned(request, content, status, f"{ROOT}/{found.case_id}" if status == 201 else None)


def _draft(body: CaseRequest, districts: Sequence[str], origin: Origin, origin_id: str | None) -> Draft:
    return Draft(
        body.title, tuple(districts), body.summary, origin, origin_id, body.priority, body.due_on, body.campaign
    )


async def step(request: Request, work: Any, case_id: str, *arguments: Any) -> Response:
    """A step against the version that the caller saw."""
    done = await in_casebook(
        work, service_of(request).casebook, who_of(request), case_id, seen_version(request), *arguments
    )
    return await told(request, done)
