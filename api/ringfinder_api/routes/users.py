"""Who may log in: an admin names people, gives them roles and districts, a link for their password, and takes all that away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import people
from ringfinder.casebook.people import Outcome, User
from ringfinder_api.access.callers import person
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import JSON, answer, as_json
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import IdempotencyKey, IfNoneMatch, in_path, route
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_people import Invitation, RightsRequest, UserDetail, UserList, UserRequest
from ringfinder_api.welcome import path_of

TAG = "people"
ROOT, PATH = "/v1/users", "/v1/users/{user_id}"
UserId = Annotated[str, in_path("user_id", max_length=100, pattern=r"^[!-~]*$")]
UNKNOWN = ("unknown_user", "invalid")


def register(app: FastAPI) -> None:
    """Add the routes."""
    app.api_route(**route("users", TAG, "GET", ROOT, UserList, ("casebook_unavailable",)))(users)
    app.api_route(**route("add_user", TAG, "POST", ROOT, UserDetail, ("name_taken",), status=201))(add)
    app.api_route(**route("change_user", TAG, "POST", f"{PATH}:change", UserDetail, (*UNKNOWN, "last_admin")))(change)
    invited = route(
        "invite_user",
        TAG,
        "POST",
        f"{PATH}:invite",
        Invitation,
        (*UNKNOWN, "signs_in_elsewhere", "casebook_unavailable"),
    )
    app.api_route(**invited)(invite)
    ended = route("disable_user", TAG, "POST", f"{PATH}:disable", UserDetail, (*UNKNOWN, "last_admin"))
    app.api_route(**ended)(disable)
    app.api_route(**route("enable_user", TAG, "POST", f"{PATH}:enable", UserDetail, UNKNOWN))(enable)


async def users(request: Request, _etag: IfNoneMatch = None) -> Response:
    found = await in_casebook(people.all_people, service_of(request).casebook)
    return answer(request, as_json({"users": [_content(one) for one in found]}))


async def add(request: Request, body: UserRequest, _repeat: IdempotencyKey = None) -> Response:
    book, actor = service_of(request).casebook, caller_of(request).actor
    rights = (body.name, body.roles, body.districts, body.signs_in)
    return _told(await in_casebook(people.create, book, *rights, actor), 201)


async def change(
    request: Request,
    user_id: UserId,
    body: RightsRequest,
    _repeat: IdempotencyKey = None,
) -> Response:
    book, actor = service_of(request).casebook, caller_of(request).actor
    return _told(await in_casebook(people.change, book, user_id, body.roles, body.districts, actor))


async def invite(request: Request, user_id: UserId) -> Response:
    made = await in_casebook(people.invite, service_of(request).casebook, user_id, caller_of(request).actor)
    if isinstance(made, tuple):
        raise Problem(made[0])
    content = {"user_id": user_id, "invitation": made, "path": path_of(made)}
    return Response(as_json(content), 200, {"cache-control": "no-store"}, JSON)


async def disable(request: Request, user_id: UserId, _repeat: IdempotencyKey = None) -> Response:
    return await _turned(request, people.disable, user_id)


async def enable(request: Request, user_id: UserId, _repeat: IdempotencyKey = None) -> Response:
    return await _turned(request, people.enable, user_id)


async def _turned(request: Request, work: Callable[..., Outcome], user_id: str) -> Response:
    return _told(await in_casebook(work, service_of(request).casebook, user_id, caller_of(request).actor))


def _told(found: Outcome, status: int = 200) -> Response:
    if isinstance(found, str):
        raise Problem(found)
    return Response(as_json(_content(found)), status, {"cache-control": "no-store"}, JSON)


def _content(user: User) -> dict[str, Any]:
    return person(user) | {
        "ready": user.ready,
        "created_at": user.created_at.isoformat(timespec="seconds"),
        "disabled_at": None if user.disabled_at is None else user.disabled_at.isoformat(timespec="seconds"),
    }
