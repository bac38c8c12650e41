"""Who looked: every time that a personal value was shown in full, as the audit trail has it."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response

from ringfinder.casebook.audit import UNMASKED, Entry, of_actions
from ringfinder.words import Language, say
from ringfinder_api import cursors
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_query, route
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_people import UnmaskingList

TAG = "people"
ORDER = "newest"


def register(app: FastAPI) -> None:
    """Add the route."""
    problems = ("bad_cursor", "invalid", "casebook_unavailable")
    app.api_route(**route("unmaskings", TAG, "GET", "/v1/unmaskings", UnmaskingList, problems))(unmaskings)


async def unmaskings(
    request: Request,
    limit: Annotated[int, in_query("unmasking_limit", ge=1, le=200)] = 50,
    cursor: Annotated[str | None, in_query("cursor", max_length=1000)] = None,
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    found = await in_casebook(of_actions, service_of(request).casebook, UNMASKED, _before(cursor), limit + 1)
    following = (str(found[limit - 1].number), "") if len(found) > limit else None
    content = {"unmaskings": [_told(one, language(request)) for one in found[:limit]]}
    return answer(request, as_json(content | {"next_cursor": cursors.written(following, ORDER)}))


def _before(cursor: str | None) -> int | None:
    place = cursors.read(cursor, ORDER)
    if place is None:
        return None
    if not (place[0].isascii() and place[0].isdigit() and len(place[0]) < 19):  # as a database takes it
        raise Problem("bad_cursor")
    return int(place[0])


def _told(entry: Entry, lang: Language) -> dict[str, Any]:
    details = json.loads(entry.details)
    return {
        "number": entry.number,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "action_name": say(f"api.action_{entry.action.replace('.', '_')}", lang),
        "subject": entry.subject,
        "why": details.get("why") or details.get("command"),
    }
