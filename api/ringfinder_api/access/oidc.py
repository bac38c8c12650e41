"""People who log in at their organisation's own place: OpenID Connect, by Authlib.

    RINGFINDER_OIDC_ISSUER          https://login.example        its `/.well-known/openid-configuration` tells the rest
    RINGFINDER_OIDC_CLIENT_ID       ringfinder
    RINGFINDER_OIDC_CLIENT_SECRET   ...
    RINGFINDER_OIDC_NAME            preferred_username           the claim that holds the name an admin gave the user
    --public-url                    https://rings.example        where people reach the service; it may not be guessed from a request

Who logs out here is led to the provider's own logout (RP-initiated) where it names one, since else one click would log in again. No id
token is kept for that: the provider knows the browser by its own cookie, and may ask whether that is meant.

The code flow with PKCE, state and nonce. What must be remembered until somebody comes back is in a cookie of ten minutes, which only
that browser has: so any process may answer. Who comes back is told apart by issuer and subject; nobody is made a user by logging in.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastapi import Request, Response

from ringfinder.errors import UsageError
from ringfinder.words.sentences import Listed, Sentence
from ringfinder_api.problems import Problem

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

PREFIX = "RINGFINDER_OIDC_"
CALLBACK = "/v1/oidc:callback"
HOME = "/app/"  # where people are once they logged in, or out
REMEMBERED = 600  # seconds
MOST_COOKIE = 3500
AGAIN = 5
MOST_SUBJECT = 500
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class OidcSettings:
    """Where people log in, and as whom the service asks there."""

    issuer: str
    client_id: str
    client_secret: str
    public_url: str
    name_claim: str


def read_settings(environment: Mapping[str, str], public_url: str | None) -> OidcSettings | None:
    """None where no issuer is named; UsageError where something is missing."""
    issuer = environment.get(f"{PREFIX}ISSUER", "").rstrip("/")
    if not issuer:
        return None
    given = {name: environment.get(f"{PREFIX}{name}", "") for name in ("CLIENT_ID", "CLIENT_SECRET")}
    if missing := [f"{PREFIX}{name}" for name, value in given.items() if not value]:
        raise UsageError(Sentence("faults.oidc_missing", names=Listed(missing)))
    if public_url is None:
        raise UsageError(Sentence("faults.oidc_public_url"))
    for url in (issuer, public_url):
        if not _is_safe(url):
            raise UsageError(Sentence("faults.oidc_address", url=url))
    name = environment.get(f"{PREFIX}NAME") or "preferred_username"
    return OidcSettings(issuer, given["CLIENT_ID"], given["CLIENT_SECRET"], public_url.rstrip("/"), name)


def _is_safe(url: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in LOOPBACK)


class Oidc:
    """The provider, as the service asks it."""

    def __init__(self, settings: OidcSettings, secure: bool) -> None:
        self._settings, self._secure = settings, secure
        self._app = _client(settings)

    @property
    def cookie(self) -> str:
        """The name of the cookie that remembers."""
        return "__Host-ringfinder-oidc" if self._secure else "ringfinder-oidc"

    async def begin(self, request: Request) -> Response:
        """Send the browser to the provider."""
        remembered: dict[str, Any] = {}
        request.scope["session"] = remembered  # where Authlib leaves state, nonce and verifier
        try:
            response: Response = await self._app.authorize_redirect(request, self._settings.public_url + CALLBACK)
        except Exception as error:  # whatever library the network's error comes from
            raise Problem("oidc_unavailable", wait=AGAIN) from error
        value = base64.urlsafe_b64encode(json.dumps(remembered).encode()).decode()
        response.set_cookie(
            self.cookie, value, max_age=REMEMBERED, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
        response.headers["cache-control"] = "no-store"
        return response

    async def finish(self, request: Request) -> tuple[str, str]:
        """(name, issuer and subject) of who came back; Problem where that cannot be trusted."""
        request.scope["session"] = self._remembered(request)
        wanted = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        try:
            token = await self._app.authorize_access_token(request, claims_options=wanted)
            claims: Mapping[str, Any] = token["userinfo"]
            named = claims["sub"]
        except Exception as error:  # state, code, signature, claims: each library has errors of its own
            raise Problem("oidc_failed") from error
        # Whoever has none would be everybody else who has none.
        if not isinstance(named, str) or not named or len(subject := f"{self._settings.issuer} {named}") > MOST_SUBJECT:
            raise Problem("oidc_failed")
        return self._name(claims), subject

    async def logout_url(self) -> str | None:
        """Where a browser logs out at the provider, and comes back from; None where it names no such place, or is away."""
        settings = self._settings
        try:
            made = await self._app.create_logout_url(settings.public_url + HOME, client_id=settings.client_id)
        except Exception:  # away, or without one: who logs out is logged out here all the same
            return None
        url = str(made["url"])
        return url if _is_safe(url) else None

    def _name(self, claims: Mapping[str, Any]) -> str:
        """What the admin called that person; none where it is an address that the provider did not verify: anybody could give it."""
        claim = self._settings.name_claim
        if claim == "email" and claims.get("email_verified") is not True:
            return ""
        name = claims.get(claim)
        return name if isinstance(name, str) else ""

    def forget(self, response: Response) -> None:
        """Remove the cookie that remembered."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _remembered(self, request: Request) -> dict[str, Any]:
        try:
            found = json.loads(base64.urlsafe_b64decode(request.cookies.get(self.cookie, "")[:MOST_COOKIE]))
        except (ValueError, RecursionError) as error:
            raise Problem("oidc_failed") from error
        return found if isinstance(found, dict) else {}


def _client(settings: OidcSettings) -> StarletteOAuth2App:
    try:
        from authlib.integrations.starlette_client import OAuth  # noqa: PLC0415 - an extra brings it
    except ModuleNotFoundError as error:
        raise UsageError(Sentence("faults.oidc_extra")) from error
    return OAuth().register(
        "oidc",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
    )


def from_environment(public_url: str | None, secure: bool) -> Oidc | None:
    """The provider that the environment names."""
    settings = read_settings(os.environ, public_url)
    return None if settings is None else Oidc(settings, secure)
