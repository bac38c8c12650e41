"""The papers of a case: notes and files, which are added and never changed, what was done in it, and all as one package of evidence."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import case_files, case_notes
from ringfinder.casebook.case_files import MOST_BYTES, File
from ringfinder.casebook.case_history import history_of
from ringfinder.casebook.case_notes import Note
from ringfinder.casebook.case_record import record_of
from ringfinder.words import say
from ringfinder_api import packing
from ringfinder_api.answers import JSON, answer, as_json, language
from ringfinder_api.auditing import recorded
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import AcceptLanguage, IdempotencyKey, IfNoneMatch, in_path, in_query, route
from ringfinder_api.packing import Packing
from ringfinder_api.problems import Problem
from ringfinder_api.routes.cases import PATH, TAG, UNKNOWN, CaseId
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_cases import CaseHistory, FileDetail, FileList, NoteDetail, NoteList, NoteRequest
from ringfinder_api.telling_cases import detail_of, who_of

ZIP = "application/zip"
BYTES = "application/octet-stream"
BINARY = {BYTES: {"schema": {"type": "string", "format": "binary"}}}
FileNumber = Annotated[int, in_path("cases.file_number", ge=1, le=10_000)]


def register(app: FastAPI) -> None:
    """Add the routes."""
    app.api_route(**route("notes", TAG, "GET", f"{PATH}/notes", NoteList, UNKNOWN))(notes)
    app.api_route(
        **route("add_note", TAG, "POST", f"{PATH}/notes", NoteDetail, (*UNKNOWN, "step_refused"), status=201)
    )(add_note)
    app.api_route(**route("files", TAG, "GET", f"{PATH}/files", FileList, UNKNOWN))(files)
    taken = (*UNKNOWN, "step_refused", "bad_file", "unsafe_name", "too_many_case_files")
    added = route("add_file", TAG, "POST", f"{PATH}/files", FileDetail, taken, status=201)
    sent = {"requestBody": {"required": True, "description": say("cases.body_file", "en"), "content": BINARY}}
    app.api_route(**added, openapi_extra=sent)(add_file)
    packed = {ZIP: {"schema": {"type": "string", "format": "binary"}}}
    wrong = (*UNKNOWN, "too_slow", "query_failed", "busy")
    app.api_route(**route("evidence_package", TAG, "GET", f"{PATH}/evidence.zip", None, wrong, content=packed))(
        evidence
    )
    app.api_route(**route("case_history", TAG, "GET", f"{PATH}/history", CaseHistory, UNKNOWN))(history)
    shown = {"*/*": BINARY[BYTES]}
    one = route("file", TAG, "GET", f"{PATH}/files/{{number}}", None, (*UNKNOWN, "unknown_file"), content=shown)
    app.api_route(**one)(file)


async def notes(request: Request, case_id: CaseId, _etag: IfNoneMatch = None) -> Response:
    found = await in_casebook(case_notes.notes_of, service_of(request).casebook, who_of(request), case_id)
    return answer(request, as_json({"notes": [_note(one) for one in found]}))


async def add_note(request: Request, case_id: CaseId, body: NoteRequest, _repeat: IdempotencyKey = None) -> Response:
    made = await in_casebook(case_notes.add_note, service_of(request).casebook, who_of(request), case_id, body.text)
    return _added(_note(made))


async def files(request: Request, case_id: CaseId, _etag: IfNoneMatch = None) -> Response:
    found = await in_casebook(case_files.files_of, service_of(request).casebook, who_of(request), case_id)
    return answer(request, as_json({"files": [_file(one) for one in found]}))


async def add_file(
    request: Request,
    case_id: CaseId,
    name: Annotated[str, in_query("cases.file_name", min_length=1, max_length=100)],
    _repeat: IdempotencyKey = None,
) -> Response:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            raise Problem("too_large", limit=MOST_BYTES)
    casebook, who = service_of(request).casebook, who_of(request)
    return _added(_file(await in_casebook(case_files.add_file, casebook, who, case_id, name, bytes(content))))


async def file(request: Request, case_id: CaseId, number: FileNumber, _etag: IfNoneMatch = None) -> Response:
    casebook = service_of(request).casebook
    found, content = await in_casebook(case_files.content_of, casebook, who_of(request), case_id, number)
    await recorded(request, casebook, "case.file_read", case_id, number=number)
    answered = answer(request, content, media_type=found.media_type)
    answered.headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return answered


async def evidence(
    request: Request, case_id: CaseId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    service, who, lang = service_of(request), who_of(request), language(request)
    record = await in_casebook(record_of, service.casebook, who, case_id)
    noted = await in_casebook(case_notes.notes_of, service.casebook, who, case_id)
    await recorded(request, service.casebook, "case.packed", case_id, version=record.case.version)
    run = service.run.snapshot
    found = {} if run is None else {one.ring.ring_id: run.ring(one.ring.ring_id, who.districts) for one in record.rings}
    order = Packing(
        *service.casebook.opened,
        who,
        detail_of(record, run, who, lang, service.rules),
        [_note(one) for one in noted],
        None if run is None else run.run_id,
        {ring_id: ring.claim_ids for ring_id, ring in found.items() if ring is not None},
        lang,
    )
    body = await service.workers.ask(service.limits.export_seconds, packing.packed, order)
    return answer(request, body, media_type=ZIP, file_name=f"{case_id}.zip")


async def history(request: Request, case_id: CaseId, _etag: IfNoneMatch = None) -> Response:
    found = await in_casebook(history_of, service_of(request).casebook, who_of(request), case_id)
    told = [
        {
            "number": one.number,
            "at": one.at,
            "by": one.actor.split(" ", 1)[-1],
            "action": one.action,
            "fields": [vars(field) for field in one.fields],
        }
        for one in found
    ]
    return answer(request, as_json({"history": told}))


def _added(content: dict[str, Any]) -> Response:
    return Response(as_json(content), 201, {"cache-control": "no-store"}, JSON)


def _note(found: Note) -> dict[str, Any]:
    return {"number": found.number, "at": found.at, "by": found.by, "text": found.text}


def _file(found: File) -> dict[str, Any]:
    return {
        "number": found.number,
        "name": found.name,
        "media_type": found.media_type,
        "size": found.size,
        "sha256": found.digest,
        "at": found.at,
        "by": found.by,
    }
