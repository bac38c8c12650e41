"""Screening of facilities: what is covered and what comes next, looks, self-checks as workbooks, money that came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Request, Response, UploadFile

from ringfinder.casebook import look_list
from ringfinder.casebook import screening as looks
from ringfinder.casebook import self_checks as checks
from ringfinder.casebook.screening import Facility, Look
from ringfinder.casebook.self_check_list import Wanted, page
from ringfinder.casebook.self_checks import Answer, Check
from ringfinder_api import cursors
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.auditing import recorded
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import (
    AcceptLanguage,
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    in_form,
    in_path,
    in_query,
    route,
)
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_people import CALLED
from ringfinder_api.shapes_of_screening import (
    AnswersRequest,
    CheckDetail,
    CheckList,
    CheckState,
    CoverageDetail,
    LookDetail,
    LookList,
    LookState,
    PlanRequest,
    ReturnRequest,
    SendRequest,
    TakeRequest,
)
from ringfinder_api.snapshot import Districts, Snapshot
from ringfinder_api.versions import seen_version, versioned

TAG = "screening"
ORDER, PLANNED = "self_checks.due", "looks.planned"
LOOK, CHECK = "/v1/looks/{look_id}", "/v1/self-checks/{check_id}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_WORKBOOK = 5 * 1024**2
LookId = Annotated[str, in_path("screening.look_id", max_length=20, pattern=r"^L[0-9a-f]*$")]
CheckId = Annotated[str, in_path("screening.check_id", max_length=20, pattern=r"^S[0-9a-f]*$")]
VERSION = ("step_refused", "version_needed", "changed_meanwhile")
Thing = TypeVar("Thing", Look, Check)


def register(app: FastAPI) -> None:
    """Add the routes."""
    silent = ("invalid", "casebook_unavailable", "loading", "run_unreadable")
    app.api_route(**route("coverage", TAG, "GET", "/v1/screening", CoverageDetail, silent))(coverage)
    listed = ("invalid", "bad_cursor", "casebook_unavailable")
    app.api_route(**route("looks", TAG, "GET", "/v1/looks", LookList, listed))(all_looks)
    planned = ("unknown_facility", "planned_already", "bad_last_day", *silent)
    app.api_route(**route("plan_look", TAG, "POST", "/v1/looks", LookDetail, planned, status=201))(plan)
    look = ("unknown_look", "bad_day", *VERSION)
    app.api_route(**route("look", TAG, "GET", LOOK, LookDetail, ("unknown_look", *silent)))(one_look)
    app.api_route(**route("take_look", TAG, "POST", f"{LOOK}:take", LookDetail, look))(take)
    app.api_route(**route("drop_look", TAG, "POST", f"{LOOK}:drop", LookDetail, look))(drop)
    sent = ("unknown_facility", *silent)
    app.api_route(**route("self_checks", TAG, "GET", "/v1/self-checks", CheckList, listed))(all_checks)
    app.api_route(**route("self_send_check", TAG, "POST", "/v1/self-checks", CheckDetail, sent, status=201))(send)
    app.api_route(**route("self_check", TAG, "GET", CHECK, CheckDetail, ("unknown_check", *silent)))(one_check)
    file = {XLSX: {"schema": {"type": "string", "format": "binary"}}}
    found = ("unknown_check", *silent)
    app.api_route(**route("self_check_file", TAG, "GET", f"{CHECK}/list.xlsx", None, found, content=file))(workbook)
    answered = ("unknown_check", "answers_missing", "bad_amount", *VERSION)
    app.api_route(**route("self_answer_check", TAG, "POST", f"{CHECK}:answer", CheckDetail, answered))(write_answers)
    read = (*answered, "bad_item_amount", "long_remark", "bad_workbook", "bad_form")
    app.api_route(**route("self_upload_check", TAG, "POST", f"{CHECK}:upload", CheckDetail, read))(upload)
    returned = ("unknown_check", "bad_return", "bad_day", *VERSION)
    app.api_route(**route("book_return", TAG, "POST", f"{CHECK}:return", CheckDetail, returned))(book_return)


async def coverage(
    request: Request,
    district: Annotated[str | None, in_query("screening.district", max_length=200)] = None,
    limit: Annotated[int, in_query("screening.limit", ge=1, le=200)] = 20,
    _etag: IfNoneMatch = None,
) -> Response:
    service, snapshot = service_of(request), service_of(request).run.needed()
    known = facilities_of(snapshot, caller_of(request).districts)
    wanted = [one for one in known if district in (None, one.district)]
    rules = service.rules
    found = await in_casebook(looks.coverage, service.casebook, wanted, rules.today(), rules, limit)
    following = [_named(request, vars(one.facility)) | {"last": one.last} for one in found.following]
    told = {"run_id": snapshot.run_id, "every_months": rules.screening.every_months}
    return answer(request, as_json(told | vars(found) | {"following": following}))


async def all_looks(
    request: Request,
    state: Annotated[LookState | None, in_query("screening.look_state")] = None,
    district: Annotated[str | None, in_query("screening.district", max_length=200, pattern=CALLED)] = None,
    facility_id: Annotated[str | None, in_query("screening.facility_id", max_length=200, pattern=CALLED)] = None,
    limit: Annotated[int, in_query("screening.looks_limit", ge=1, le=200)] = 50,
    cursor: Annotated[str | None, in_query("cursor", max_length=1000)] = None,
    _etag: IfNoneMatch = None,
) -> Response:
    wanted = look_list.LooksWanted(state, district, facility_id, caller_of(request).districts)
    after = cursors.read_day(cursor, PLANNED)
    found, total, last = await in_casebook(look_list.page, service_of(request).casebook, wanted, after, limit)
    following = None if last is None else (last[0].isoformat(), last[1])
    listed = [_named(request, vars(one)) for one in found]
    content = {"looks": listed, "total": total, "next_cursor": cursors.written(following, PLANNED)}
    return answer(request, as_json(content))


async def plan(request: Request, body: PlanRequest, _repeat: IdempotencyKey = None) -> Response:
    service, actor = service_of(request), caller_of(request).actor
    district = _district(request, body.facility_id)
    given = (body.facility_id, district, body.planned_on, service.rules, actor)
    made = await in_casebook(looks.plan, service.casebook, *given)
    return versioned(request, _named(request, vars(made)), 201, f"/v1/looks/{made.look_id}")


async def one_look(request: Request, look_id: LookId, _etag: IfNoneMatch = None) -> Response:
    return versioned(request, _named(request, vars(await _seen(request, looks.find, look_id, "unknown_look"))))


async def take(
    request: Request, look_id: LookId, body: TakeRequest, _match: IfMatch = None, _repeat: IdempotencyKey = None
) -> Response:
    await _seen(request, looks.find, look_id, "unknown_look")
    given = (body.looked_on, body.outcome, body.note, service_of(request).rules)
    return versioned(
        request, _named(request, vars(await _changed(request, looks.take, look_id, "unknown_look", *given)))
    )


async def drop(request: Request, look_id: LookId, _match: IfMatch = None, _repeat: IdempotencyKey = None) -> Response:
    await _seen(request, looks.find, look_id, "unknown_look")
    return versioned(request, _named(request, vars(await _changed(request, looks.drop, look_id, "unknown_look"))))


async def send(request: Request, body: SendRequest, _repeat: IdempotencyKey = None) -> Response:
    service, actor = service_of(request), caller_of(request).actor
    district = _district(request, body.facility_id)
    given = (body.facility_id, district, body.items, service.rules, actor)
    made = await in_casebook(checks.send, service.casebook, *given)
    return versioned(request, _told(request, made), 201, f"/v1/self-checks/{made.check_id}")


async def all_checks(
    request: Request,
    state: Annotated[CheckState | None, in_query("screening.check_state")] = None,
    district: Annotated[str | None, in_query("screening.district", max_length=200, pattern=CALLED)] = None,
    facility_id: Annotated[str | None, in_query("screening.facility_id", max_length=200, pattern=CALLED)] = None,
    late: Annotated[bool, in_query("screening.late")] = False,
    limit: Annotated[int, in_query("screening.checks_limit", ge=1, le=200)] = 50,
    cursor: Annotated[str | None, in_query("cursor", max_length=1000)] = None,
    _etag: IfNoneMatch = None,
) -> Response:
    service, today = service_of(request), service_of(request).rules.today()
    wanted = Wanted(state, district, facility_id, today if late else None, caller_of(request).districts)
    after = cursors.read_day(cursor, ORDER)
    lines, total, last = await in_casebook(page, service.casebook, wanted, after, limit)
    listed = [_named(request, vars(line)) | {"late": line.state == "sent" and line.due_on < today} for line in lines]
    following = None if last is None else (last[0].isoformat(), last[1])
    content = {"self_checks": listed, "total": total, "next_cursor": cursors.written(following, ORDER)}
    return answer(request, as_json(content))


async def one_check(request: Request, check_id: CheckId, _etag: IfNoneMatch = None) -> Response:
    return versioned(request, _told(request, await _seen(request, checks.find, check_id, "unknown_check")))


async def workbook(
    request: Request, check_id: CheckId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    found = await _seen(request, checks.find, check_id, "unknown_check")
    await recorded(request, service_of(request).casebook, "self_check.exported", check_id)
    body = await in_casebook(checks.workbook, found, language(request))
    return answer(request, body, media_type=XLSX, file_name=f"{check_id}.xlsx")


async def write_answers(
    request: Request, check_id: CheckId, body: AnswersRequest, _match: IfMatch = None, _repeat: IdempotencyKey = None
) -> Response:
    await _seen(request, checks.find, check_id, "unknown_check")
    answers = [Answer(one.amount, one.remark) for one in body.answers]
    return await _answered(request, check_id, answers)


async def upload(
    request: Request,
    check_id: CheckId,
    file: Annotated[UploadFile, in_form("screening.file")],
    _match: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    found = await _seen(request, checks.find, check_id, "unknown_check")
    content = await file.read(MOST_WORKBOOK + 1)
    if len(content) > MOST_WORKBOOK:
        raise Problem("bad_workbook")
    return await _answered(request, check_id, await in_casebook(checks.read_workbook, content, found))


async def book_return(
    request: Request, check_id: CheckId, body: ReturnRequest, _match: IfMatch = None, _repeat: IdempotencyKey = None
) -> Response:
    await _seen(request, checks.find, check_id, "unknown_check")
    given = (body.amount, body.paid_on, body.reference, service_of(request).rules)
    return versioned(
        request, _told(request, await _changed(request, checks.book_return, check_id, "unknown_check", *given))
    )


def facilities_of(snapshot: Snapshot, districts: Districts) -> list[Facility]:
    """The facilities of a run that the caller may see, with the rings that alert and meet there."""
    alerts: dict[str, list[float]] = {}
    for ring in snapshot.rings.values():
        if ring.alert:
            for facility in ring.facilities:
                alerts.setdefault(facility, []).append(ring.score)
    return [
        Facility(one, district, len(alerts.get(one, ())), max(alerts.get(one, ()), default=0.0))
        for one, district in snapshot.facilities.items()
        if districts is None or district in districts
    ]


def _district(request: Request, facility_id: str) -> str:
    """The district of a facility; Problem where there is none that the caller may see."""
    district = service_of(request).run.needed().facilities.get(facility_id)
    districts = caller_of(request).districts
    if district is None or (districts is not None and district not in districts):
        raise Problem("unknown_facility")
    return district


async def _seen(request: Request, find: Callable[..., Thing | None], name: str, code: str) -> Thing:
    found = await in_casebook(find, service_of(request).casebook, name)
    districts = caller_of(request).districts
    if found is None or (districts is not None and found.district not in districts):
        raise Problem(code)
    return found


async def _changed(
    request: Request, work: Callable[..., Thing | None], name: str, code: str, *arguments: object
) -> Thing:
    version, actor = seen_version(request), caller_of(request).actor
    made = await in_casebook(work, service_of(request).casebook, name, version, *arguments, actor)
    if made is None:
        raise Problem(code)
    return made


async def _answered(request: Request, check_id: str, answers: list[Answer] | tuple[Answer, ...]) -> Response:
    made = await _changed(request, checks.answer, check_id, "unknown_check", answers, service_of(request).rules)
    return versioned(request, _told(request, made))


def _told(request: Request, check: Check) -> dict[str, Any]:
    """A list as answers tell it (`shapes_of_screening.CheckDetail`)."""
    answers = None if check.answers is None else [vars(one) for one in check.answers]
    return _named(request, vars(check)) | {"answers": answers}


def _named(request: Request, about: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the facility's name, as far as the run that is served knows it."""
    return {**about, "facility_name": service_of(request).run.name("facility", about["facility_id"])}
