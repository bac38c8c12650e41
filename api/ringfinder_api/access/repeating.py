"""A request that changes something, asked twice: with the same Idempotency-Key it is done once, and answered twice.

What was asked is compared by a digest of method, path, query and body. An upload is not held in memory: its digest is known when it
is over (see `sent`), so that whoever repeats one sends it once more to its end before the answer is told again. The same key with
another question is refused, and so is one whose first request still goes on.
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
from ringfinder.casebook.database import Casebook
from ringfinder_api.access.sent import Sent
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
    if large:
        return await _upload(request, key_id, name, casebook, handle)
    body = await request.body()
    digest = _digest(request, body)
    before = await in_casebook(repeats.begin, casebook, key_id, name, digest)
    if before is not None:
        return _again(before, digest)
    again = Request(request.scope, _replayed(body))
    return await _done(key_id, name, casebook, handle(again), lambda: digest)


async def _upload(request: Request, key_id: str, name: str, casebook: Casebook, handle: Handler) -> Response:
    """As `once`, of a body that goes by."""
    begun, sent = _digest(request, b""), Sent(request)
    before = await in_casebook(repeats.begin, casebook, key_id, name, begun)
    if before is not None:
        if before.status is None:
            return _again(before, begun)
        await sent.rest()
        return _again(before, _whole(request, sent))

    async def work() -> Response:
        answer = await handle(Request(request.scope, sent.receive))
        await sent.rest()
        return answer

    return await _done(key_id, name, casebook, work(), lambda: _whole(request, sent))


async def _done(
    key_id: str, name: str, casebook: Casebook, work: Coroutine[Any, Any, Response], asked: Callable[[], str]
) -> Response:
    """The answer of the work, kept where it is a success. `asked`: the digest of what was asked, once the work is done."""
    kept = False
    try:
        answer = await work
        if answer.status_code < 300:
            location = answer.headers.get("location")
            told = (asked(), answer.status_code, bytes(answer.body).decode(), location)
            await in_casebook(repeats.keep, casebook, key_id, name, *told)
            kept = True
        return answer
    finally:
        if not kept:
            with suppress(Problem):  # it is abandoned after a while
                await in_casebook(repeats.forget, casebook, key_id, name)


def _digest(request: Request, *parts: bytes) -> str:
    asked = (request.method.encode(), request.scope["raw_path"], request.scope["query_string"], *parts)
    return hashlib.sha256(b"\0".join(asked)).hexdigest()


def _whole(request: Request, sent: Sent) -> str:
    """The digest of an upload that is over."""
    return _digest(request, b"upload", (sent.digest or "").encode())


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
