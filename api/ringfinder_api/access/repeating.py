"""A request that changes something, asked twice: with the same Idempotency-Key it is done once, and answered twice.

What was asked is compared by a digest of method, path, query and body; of an upload that is larger than a file of a case, and so not
held in memory, or that is a form, whose boundaries differ each time it is sent, by its declared length. The same key with another question
is refused, and so is one whose first request still goes on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from fastapi import Request, Response
from starlette.types import Message, Receive

from ringfinder.casebook import repeats
from ringfinder.casebook.case_files import MOST_BYTES
from ringfinder.casebook.database import Casebook
from ringfinder_api.answers import JSON
from ringfinder_api.booked import in_casebook
from ringfinder_api.problems import Problem

HEADER = "idempotency-key"
REPLAYED = "idempotency-replayed"
NAME = re.compile(r"[\x21-\x7e]{1,200}")
GOES_ON = 2  # seconds after which to ask again
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


async def once(request: Request, key_id: str, casebook: Casebook, large: bool, handle: Handler) -> Response:
    """The answer of `handle`, or the one that it gave before."""
    name = request.headers.get(HEADER)
    if name is None:
        return await handle(request)
    if not NAME.fullmatch(name):
        raise Problem("invalid", fields=f"header.{HEADER}")
    held = not large or _fits(request)
    body = await request.body() if held else request.headers.get("content-length", "").encode()
    asked = hashlib.sha256(
        b"\0".join((request.method.encode(), request.scope["raw_path"], request.scope["query_string"], body))
    )
    digest = asked.hexdigest()
    before = await in_casebook(repeats.begin, casebook, key_id, name, digest)
    if before is not None:
        return _again(before, digest)
    kept = False
    try:
        answer = await handle(Request(request.scope, _replayed(body)) if held else request)
        if answer.status_code < 300:
            location = answer.headers.get("location")
            text = bytes(answer.body).decode()
            await in_casebook(repeats.keep, casebook, key_id, name, answer.status_code, text, location)
            kept = True
        return answer
    finally:
        if not kept:
            with suppress(Problem):  # it is abandoned after a while
                await in_casebook(repeats.forget, casebook, key_id, name)


def _fits(request: Request) -> bool:
    length, kind = request.headers.get("content-length", ""), request.headers.get("content-type", "")
    return length.isdecimal() and int(length) <= MOST_BYTES and not kind.startswith("multipart/")


def _again(before: repeats.Repeat, digest: str) -> Response:
    if before.asked != digest:
        raise Problem("repeat_differs")
    if before.status is None:
        raise Problem("repeat_goes_on", wait=GOES_ON)
    headers = {REPLAYED: "true", "cache-control": "no-store"}
    if before.location is not None:
        headers["location"] = before.location
    return Response(before.answer, before.status, headers, JSON)


def _replayed(body: bytes) -> Receive:
    """`receive` for a body that was read already."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
