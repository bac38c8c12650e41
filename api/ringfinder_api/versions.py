"""The version of what several people work on: an ETag to see it by, and If-Match to change it by.

    ETag: "7-3f9a1c0b7d2e41aa52c1f00d"    version 7; behind the hyphen a digest of this answer, for conditional GET
    If-Match: "7-3f9a..."  or  "7"        change it only where it still is at version 7: else 412, and without one 428

The digest is there because an answer may differ where the version does not: by language, and by what the run that is served says.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any

from fastapi import Request, Response

from ringfinder_api.answers import ETAG_BYTES, JSON, as_json, holds, language
from ringfinder_api.problems import Problem

SEEN = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]+)?"')


def seen_version(request: Request) -> int:
    """The version that the caller saw; Problem where If-Match names none."""
    found = SEEN.fullmatch(request.headers.get("if-match", "").strip())
    if found is None:
        raise Problem("version_needed")
    return int(found[1])


def versioned(request: Request, content: dict[str, Any], status: int = 200, location: str | None = None) -> Response:
    """`content`, which tells its `version`, with its ETag; 304 where a GET has it already."""
    body = as_json(content)
    etag = f'"{content["version"]}-{blake2b(body, digest_size=ETAG_BYTES).hexdigest()}"'
    headers = {"etag": etag, "content-language": language(request), "vary": "accept-language, authorization, cookie"}
    headers["cache-control"] = "private, no-cache" if request.method == "GET" else "no-store"
    if request.method == "GET" and holds(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    if location is not None:
        headers["location"] = location
    return Response(body, status, headers, JSON)
