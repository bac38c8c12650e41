"""How a job is told: as it stands, and as a stream of server-sent events.

    id: 7                      the event's number; a client that comes again says it in Last-Event-ID
    event: progress            or finished, failed, cancelled, interrupted: then the stream ends
    data: {"stage": ...}       of an end: the job as it stands

The stream follows the job's file, so that it may be watched at any process of the service, and from the beginning again after
that was restarted. Who has seen the end already gets 204, at which browsers stop asking.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import anyio
from fastapi import Response
from starlette.responses import StreamingResponse

from ringfinder.pipeline.jobs import ENDS, Event, Job
from ringfinder.words import Language, say
from ringfinder.words.stages import stage_text
from ringfinder_api.answers import as_json
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service

MEDIA_TYPE = "text/event-stream"
LOOK_SECONDS = 0.3
SIGN_OF_LIFE = 15.0  # seconds: proxies close what is silent for a minute
AGAIN = 2  # seconds after which a client comes again, or another may come


def content_of(job: Job, lang: Language) -> dict[str, Any]:
    """A job as it stands."""
    last = next((event for event in reversed(job.events) if event.event == "progress"), None)
    told: Mapping[str, Any] = job.end.values if job.end else {}
    order = job.order
    return {
        "job_id": job.job_id,
        "state": job.state,
        "claims": order.named,
        "profile": order.profile,
        "settings": order.settings,
        "ordered_at": order.ordered_at,
        "ordered_by": order.ordered_by,
        "ended_at": job.end.at if job.end else None,
        **(_progress(last, lang) if last else {"stage": None, "stage_name": None, "share": None}),
        "run_id": told.get("run_id"),
        "detail": _detail(told.get("detail"), lang),
    }


def _detail(said: Mapping[Language, str] | str | None, lang: Language) -> str | None:
    """Why a job failed; earlier versions told it in English only."""
    return said[lang] if isinstance(said, Mapping) else said


def stream(service: Service, job: Job, last_event_id: str | None, lang: Language) -> Response:
    """The events after the one that the client saw last."""
    seen = int(last_event_id) if last_event_id is not None and last_event_id.isdecimal() else 0
    if job.end is not None and seen >= job.end.number:
        return Response(status_code=204)
    if service.watching >= service.limits.watchers:
        raise Problem("busy", wait=AGAIN, seconds=AGAIN)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no", "content-language": lang}
    return StreamingResponse(_events(service, job.job_id, seen, lang), 200, headers, MEDIA_TYPE)


def event_schema() -> dict[str, Any]:
    """One event of the stream, as the OpenAPI writes it."""
    return {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "id": {"type": "string"},
            "event": {"type": "string", "enum": ["progress", *ENDS]},
            "data": {"type": "string", "description": say("api.field_event_data", "en")},
        },
    }


async def _events(service: Service, job_id: str, seen: int, lang: Language) -> AsyncIterator[bytes]:
    service.watching += 1
    try:
        yield f"retry: {1000 * AGAIN}\n\n".encode()
        told = anyio.current_time()
        while not service.ending.is_set():
            job = await asyncio.to_thread(service.detections.jobs.find, job_id)
            if job is None:
                return
            for event in job.events[seen:]:
                yield _written(event, job, lang)
                seen, told = event.number, anyio.current_time()
            if job.end is not None:
                return
            if job.state == "interrupted":  # nobody is left who could write it down
                yield b"event: interrupted\ndata: " + as_json(content_of(job, lang)) + b"\n\n"
                return
            if anyio.current_time() - told > SIGN_OF_LIFE:
                yield b": going on\n\n"
                told = anyio.current_time()
            await _pause(service.ending)
    finally:
        service.watching -= 1


async def _pause(ending: asyncio.Event) -> None:
    with anyio.move_on_after(LOOK_SECONDS):
        await ending.wait()


def _written(event: Event, job: Job, lang: Language) -> bytes:
    content = content_of(job, lang) if event.event in ENDS else _progress(event, lang)
    return f"id: {event.number}\nevent: {event.event}\ndata: ".encode() + as_json(content) + b"\n\n"


def _progress(event: Event, lang: Language) -> dict[str, Any]:
    stage = str(event.values.get("stage"))
    return {"stage": stage, "stage_name": stage_text(stage, lang), "share": event.values.get("share")}
