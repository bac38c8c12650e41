"""Log in and out, who is logged in, another password, and the one-time links by which a first password is set."""

from __future__ import annotations

import time
from typing import Any

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import people
from ringfinder.casebook import sessions as book
from ringfinder.casebook.sessions import Session, Wait
from ringfinder_api.access.callers import person
from ringfinder_api.access.guard import session_of
from ringfinder_api.access.logins import csrf_token
from ringfinder_api.answers import JSON, answer, as_json, language
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, route
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service, service_of
from ringfinder_api.shapes_of_people import AcceptRequest, Done, LoggedOut, LoginRequest, PasswordRequest, SessionDetail
from ringfinder_api.welcome import HTML, POLICY, page

TAG = "people"
STRANGERS = "strangers"  # all who have no session yet take from one allowance
COST = 200  # of looking at a password, which takes all of a core for a moment: ten a second
BODY = ("invalid", "bad_request", "too_large", "too_many", "busy", "casebook_unavailable")


def register(app: FastAPI) -> None:
    """Add the routes."""
    text = {"text/html": {"schema": {"type": "string"}}}
    app.api_route(**route("welcome", TAG, "GET", "/welcome", None, content=text))(welcome)
    app.api_route(**route("login", TAG, "POST", "/v1/session", SessionDetail, ("wrong_login", *BODY)))(login)
    app.api_route(**route("session", TAG, "GET", "/v1/session", SessionDetail))(session)
    app.api_route(**route("logout", TAG, "POST", "/v1/session:end", LoggedOut, ("casebook_unavailable",)))(logout)
    wrong = ("wrong_login", "weak_password", "signs_in_elsewhere", *BODY)
    app.api_route(**route("password", TAG, "POST", "/v1/session:password", Done, wrong))(password)
    app.api_route(
        **route("accept", TAG, "POST", "/v1/invitations:accept", Done, ("bad_invitation", "weak_password", *BODY))
    )(accept)


async def welcome(request: Request, _language: AcceptLanguage = None) -> Response:
    oidc = service_of(request).oidc is not None
    headers = {"cache-control": "no-store", "content-security-policy": POLICY, "referrer-policy": "no-referrer"}
    return Response(page(language(request), oidc), 200, headers, HTML)


async def login(request: Request, body: LoginRequest, _language: AcceptLanguage = None) -> Response:
    service = service_of(request)
    _take(service)
    async with service.hashing():
        found = await in_casebook(book.login, service.casebook, body.name, body.password)
    if isinstance(found, Wait):
        raise Problem("too_many", wait=found.seconds, seconds=found.seconds)
    if found is None:
        raise Problem("wrong_login")
    begun, secret = found
    response = Response(as_json(_content(begun, secret)), 200, {"cache-control": "no-store"}, JSON)
    service.logins.give(response, secret)
    return response


async def session(request: Request, _language: AcceptLanguage = None, _etag: IfNoneMatch = None) -> Response:
    secret = service_of(request).logins.secret_of(request) or ""
    return answer(request, as_json(_content(session_of(request), secret)))


async def logout(request: Request) -> Response:
    service, mine = service_of(request), session_of(request)
    await in_casebook(book.end, service.casebook, mine.digest, mine.user.user_id)
    service.logins.forget(request)
    elsewhere = await service.oidc.logout_url() if service.oidc and mine.user.signs_in == "oidc" else None
    response = Response(as_json({"status": "ok", "elsewhere": elsewhere}), 200, {"cache-control": "no-store"}, JSON)
    service.logins.take(response)
    return response


async def password(request: Request, body: PasswordRequest, _language: AcceptLanguage = None) -> Response:
    service = service_of(request)
    async with service.hashing():
        found = await in_casebook(book.change_password, service.casebook, session_of(request), body.old, body.new)
    if isinstance(found, Wait):
        raise Problem("too_many", wait=found.seconds, seconds=found.seconds)
    if found != "changed":
        raise Problem(found)
    return _done()


async def accept(request: Request, body: AcceptRequest, _language: AcceptLanguage = None) -> Response:
    service = service_of(request)
    _take(service)
    async with service.hashing():
        found = await in_casebook(people.accept, service.casebook, body.invitation, body.name, body.password)
    if isinstance(found, str):
        raise Problem(found)
    return _done()


def _take(service: Service) -> None:
    """Strangers may not keep the processor busy with passwords."""
    if wait := service.allowance.take(STRANGERS, COST, time.monotonic()):
        raise Problem("too_many", wait=wait, seconds=wait)


def _done() -> Response:
    return Response(as_json({"status": "ok"}), 200, {"cache-control": "no-store"}, JSON)


def _content(found: Session, secret: str) -> dict[str, Any]:
    return person(found.user) | {
        "csrf_token": csrf_token(secret),
        "ends_at": found.ends_at.isoformat(timespec="seconds"),
    }
