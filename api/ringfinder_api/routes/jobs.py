"""Runs that callers ask for: start one on mounted or uploaded claims, watch it, cancel it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any, get_args

from fastapi import FastAPI, Request, Response

from ringfinder.claims.city import make_city
from ringfinder.pipeline.jobs import Job, JobOrder
from ringfinder.words import say
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import JSON, answer, as_json, language
from ringfinder_api.auditing import recorded
from ringfinder_api.described import AcceptLanguage, IdempotencyKey, IfNoneMatch, in_header, in_path, route
from ringfinder_api.job_events import MEDIA_TYPE, content_of, event_schema, stream
from ringfinder_api.mounted import mounted
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service, service_of
from ringfinder_api.shapes_of_jobs import JobDetail, JobList, JobRequest, ProfileName
from ringfinder_api.unpacking import unpack
from ringfinder_api.uploads import FORM, MOST_FILES, Receiver
from ringfinder_api.wished import check_settings

TAG = "jobs"
PATH = "/v1/jobs/{job_id}"
MOST_LISTED = 100
SAMPLE = "sample-city"  # a name of claims that the service makes itself: an invented town, to see what there is to see
SAMPLE_PEOPLE, SAMPLE_SEED, SAMPLE_RINGS = 6000, 1, 10
JobId = Annotated[str, in_path("job_id", max_length=100)]
BEGINS = ("unknown_claims", "bad_settings", "job_running", "workspace_busy", "too_slow", "query_failed", "busy")
UPLOADS = ("bad_form", "bad_archive", "unsafe_name", "too_many_files", "unpacks_too_large")


def register(app: FastAPI) -> None:
    """Add the routes."""
    app.api_route(**route("jobs", TAG, "GET", "/v1/jobs", JobList))(jobs)
    app.api_route(**route("job", TAG, "GET", PATH, JobDetail, ("unknown_job", "invalid")))(job)
    told = {MEDIA_TYPE: {"schema": event_schema()}}
    watched = route("events", TAG, "GET", f"{PATH}/events", None, ("unknown_job", "invalid", "busy"), content=told)
    watched["responses"][204] = {"description": say("api.answer_over", "en")}
    app.api_route(**watched)(events)
    app.api_route(**route("start", TAG, "POST", "/v1/jobs", JobDetail, BEGINS, status=202))(start)
    form = {"requestBody": {"required": True, "content": {FORM: {"schema": _form()}}}}
    sent = route("upload", TAG, "POST", "/v1/jobs:upload", JobDetail, (*BEGINS, *UPLOADS), status=202)
    app.api_route(**sent, openapi_extra=form)(upload)
    app.api_route(**route("cancel", TAG, "POST", f"{PATH}:cancel", JobDetail, ("unknown_job", "invalid")))(cancel)


async def jobs(request: Request, _language: AcceptLanguage = None, _etag: IfNoneMatch = None) -> Response:
    found = await asyncio.to_thread(service_of(request).detections.jobs.all)
    lang = language(request)
    return answer(request, as_json({"jobs": [content_of(one, lang) for one in found[:MOST_LISTED]]}))


async def job(request: Request, job_id: JobId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None) -> Response:
    found = await _known(service_of(request), job_id)
    return answer(request, as_json(content_of(found, language(request))))


async def events(
    request: Request,
    job_id: JobId,
    last_event_id: Annotated[str | None, in_header("last_event", "Last-Event-ID")] = None,
    _language: AcceptLanguage = None,
) -> Response:
    service = service_of(request)
    found = await _known(service, job_id)
    return stream(service, found, last_event_id, language(request))


async def start(
    request: Request, body: JobRequest, _language: AcceptLanguage = None, _repeat: IdempotencyKey = None
) -> Response:
    service = service_of(request)
    check_settings(body.settings)
    job_id = service.detections.jobs.new_id()
    if body.claims == SAMPLE:
        await service.detections.check_free()
        with service.detections.jobs.upload(job_id) as folder:
            made = (make_city, folder, SAMPLE_PEOPLE, SAMPLE_SEED, SAMPLE_RINGS)
            await service.workers.ask(service.limits.unpack_seconds, *made)
            return await _begun(request, job_id, folder, SAMPLE, body.profile, body.settings)
    place = await asyncio.to_thread(mounted, service.claims, body.claims)
    return await _begun(request, job_id, place, body.claims, body.profile, body.settings)


async def upload(request: Request, _language: AcceptLanguage = None, _repeat: IdempotencyKey = None) -> Response:
    service = service_of(request)
    detections = service.detections
    await detections.check_free()  # before gigabytes are taken in for nothing
    job_id = detections.jobs.new_id()
    with detections.jobs.upload(job_id) as folder:
        receiver = Receiver(request.headers.get("content-type", ""), folder)
        await receiver.take(request)
        profile, settings = receiver.fields.get("profile", "auto"), _settings(receiver.fields.get("settings", "{}"))
        if profile not in get_args(ProfileName):
            raise Problem("invalid", fields="body.profile")
        check_settings(settings)
        limits = service.limits
        wrong = await service.workers.ask(limits.unpack_seconds, unpack, folder, limits.unpacked_bytes)
        if wrong is not None:
            raise Problem(wrong, limit=MOST_FILES)
        return await _begun(request, job_id, folder, None, profile, settings)


async def cancel(
    request: Request, job_id: JobId, _language: AcceptLanguage = None, _repeat: IdempotencyKey = None
) -> Response:
    service = service_of(request)
    await _known(service, job_id)
    await recorded(request, service.casebook, "job.cancelled", job_id)
    await asyncio.to_thread(service.detections.jobs.cancel, job_id)
    found = await _known(service, job_id)
    return answer(request, as_json(content_of(found, language(request))))


async def _begun(
    request: Request, job_id: str, claims: Path, named: str | None, profile: str, settings: dict[str, dict[str, Any]]
) -> Response:
    order = JobOrder(str(claims), named, profile, settings, "embedded", "", caller_of(request).caller_id, None)
    service = service_of(request)
    await service.detections.check_free()
    await recorded(request, service.casebook, "job.started", job_id, claims=named, profile=profile, settings=settings)
    begun = await service.detections.start(job_id, order)
    headers = {"location": f"/v1/jobs/{begun.job_id}", "cache-control": "no-store"}
    return Response(as_json(content_of(begun, language(request))), 202, headers, JSON)


async def _known(service: Service, job_id: str) -> Job:
    found = await asyncio.to_thread(service.detections.jobs.find, job_id)
    if found is None:
        raise Problem("unknown_job")
    return found


def _settings(text: str) -> dict[str, dict[str, Any]]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem("invalid", fields="body.settings") from error
    if not isinstance(given, dict) or not all(isinstance(values, dict) for values in given.values()):
        raise Problem("invalid", fields="body.settings")
    return given


def _form() -> dict[str, Any]:
    """The parts of an upload, as the OpenAPI writes them."""
    fields = JobRequest.model_json_schema()["properties"]
    settings = fields["settings"]
    return {
        "type": "object",
        "required": ["files"],
        "additionalProperties": False,
        "properties": {
            "files": {
                "type": "array",
                "items": {"type": "string", "format": "binary"},
                "minItems": 1,
                "title": say("api.field_files", "zh"),
                "description": say("api.field_files", "en"),
            },
            "profile": fields["profile"],
            "settings": {"type": "string", "title": settings["title"], "description": settings["description"]},
        },
    }
