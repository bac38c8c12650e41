"""Sessions of people: the cookie, the token against forged requests, who is behind it.

The cookie is httponly and samesite=lax, and secure where the way to the service is; with `__Host-` in its name no other place of the
same domain can set it. Another page can still make a browser send a request with it, so that whatever is no GET must bear
`X-CSRF-Token` too: a digest of the session's secret, which the page that logged in was told and no other can know.

A session is looked up in the casebook, by a thread, and believed for `FRESH_SECONDS`: whoever logs out, is disabled or gets other
roles is so within that time, whichever process is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable

from fastapi import Request, Response

from ringfinder.casebook.sessions import LASTS, Session
from ringfinder.errors import RingFinderError
from ringfinder_api.access.callers import Caller, of_session
from ringfinder_api.problems import Problem

COOKIE = "ringfinder"
CSRF_HEADER = "x-csrf-token"
FRESH_SECONDS = 1.0
MOST_KEPT = 10_000  # sessions in memory; what is older than fresh goes first
READING = frozenset({"GET", "HEAD"})


class Logins:
    """The sessions that were asked for lately. `find` asks the casebook; it runs in a thread."""

    def __init__(self, find: Callable[[str], Session | None], secure: bool) -> None:
        self._find, self._secure = find, secure
        self._known: dict[str, tuple[float, Caller]] = {}

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return f"__Host-{COOKIE}" if self._secure else COOKIE

    def secret_of(self, request: Request) -> str | None:
        """What the cookie of a request holds."""
        return request.cookies.get(self.cookie)

    async def check(self, request: Request, secret: str) -> Caller:
        """Who is behind a session; Problem where it ended, or where a request that is no GET may have been forged."""
        if request.method not in READING:
            given = request.headers.get(CSRF_HEADER, "").encode("latin-1", "replace")
            if not hmac.compare_digest(given, csrf_token(secret).encode()):
                raise Problem("no_csrf_token")
        now = time.monotonic()
        at, caller = self._known.get(secret, (now - FRESH_SECONDS, None))
        if caller is not None and now - at < FRESH_SECONDS:
            return caller
        try:
            session = await asyncio.to_thread(self._find, secret)
        except RingFinderError as error:
            raise Problem("keys_unavailable") from error
        if session is None:
            self._known.pop(secret, None)
            raise Problem("no_session")
        if len(self._known) >= MOST_KEPT:
            self._known = {one: kept for one, kept in self._known.items() if now - kept[0] < FRESH_SECONDS}
        caller = of_session(session)
        self._known[secret] = (now, caller)
        return caller

    def forget(self, request: Request) -> None:
        """This process asks the casebook again about the session of a request."""
        self._known.pop(self.secret_of(request) or "", None)

    def give(self, response: Response, secret: str) -> None:
        """Set the cookie of a new session."""
        seconds = int(LASTS.total_seconds())
        response.set_cookie(
            self.cookie, secret, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def take(self, response: Response) -> None:
        """Remove it."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax")


def csrf_token(secret: str) -> str:
    """What a request of that session must bear to change something."""
    return hashlib.sha256(b"ringfinder csrf\0" + secret.encode("utf-8", "surrogatepass")).hexdigest()
