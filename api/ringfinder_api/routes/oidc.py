"""Log in at the organisation's own place (OIDC), where one is named."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import sessions as book
from ringfinder_api.access.oidc import CALLBACK, HOME, Oidc
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import AcceptLanguage, route
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of

TAG = "people"


def register(app: FastAPI) -> None:
    """Add the routes."""
    begun = route("oidc_login", TAG, "GET", "/v1/oidc:login", None, ("no_oidc", "oidc_unavailable"), status=302)
    app.api_route(**begun)(login)
    wrong = ("no_oidc", "oidc_failed", "unknown_person", "casebook_unavailable")
    app.api_route(**route("oidc_callback", TAG, "GET", CALLBACK, None, wrong, status=303))(callback)


async def login(request: Request, _language: AcceptLanguage = None) -> Response:
    return await _provider(request).begin(request)


async def callback(request: Request, _language: AcceptLanguage = None) -> Response:
    provider, service = _provider(request), service_of(request)
    name, subject = await provider.finish(request)
    found = await in_casebook(book.admit, service.casebook, name, subject)
    if found is None:
        raise Problem("unknown_person")
    response = Response(status_code=303, headers={"location": HOME, "cache-control": "no-store"})
    service.logins.give(response, found[1])
    provider.forget(response)
    return response


def _provider(request: Request) -> Oidc:
    found = service_of(request).oidc
    if found is None:
        raise Problem("no_oidc")
    return found
