"""Answers with an ETag, so that nothing is sent twice; and the language that the caller asked for."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from fastapi import Request, Response

from ringfinder.report.contract import json_value
from ringfinder.words import LANGUAGES, Language

JSON = "application/json"
ETAG_BYTES = 12
DEFAULT: Language = "en"


def answer(request: Request, body: bytes, *, media_type: str = JSON, file_name: str | None = None) -> Response:
    """`body` with its ETag; 304 without it where the caller has it already."""
    etag = f'"{blake2b(body, digest_size=ETAG_BYTES).hexdigest()}"'
    headers = {
        "etag": etag,
        "cache-control": "private, no-cache",
        "vary": "accept-language, authorization, cookie",
        "content-language": language(request),
    }
    if holds(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    if file_name is not None:
        headers["content-disposition"] = f'attachment; filename="{file_name}"'
    return Response(body, 200, headers, media_type)


def holds(given: str | None, etag: str) -> bool:
    """Whether one of the ETags of If-None-Match is this one; weak ones count, as RFC 9110 has it."""
    if given is None:
        return False
    return given.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in given.split(","))


def as_json(content: Any) -> bytes:
    """JSON: money as text with two decimals, times as ISO 8601 without fractions."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=json_value).encode()


def language(request: Request) -> Language:
    """The caller's language: the one that Accept-Language likes best, English where it names neither."""
    return _best(request.headers.get("accept-language", ""))


@lru_cache(maxsize=256)
def _best(header: str) -> Language:
    best: tuple[float, Language] = (0.0, DEFAULT)
    for part in header.split(","):
        tag, _, rest = part.partition(";")
        found = next((lang for lang in LANGUAGES if tag.strip().lower().split("-")[0] == lang), None)
        weight = _weight(rest)
        if found is not None and weight > best[0]:
            best = (weight, found)
    return best[1]


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
