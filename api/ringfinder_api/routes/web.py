"""The investigator's app: its page at every place below /app, its files, and the way there from /.

Its Content-Security-Policy lets it run its own scripts, use its own styles and ask this service, and nothing else.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Request, Response

from ringfinder_api.described import in_path, route
from ringfinder_api.problems import Problem
from ringfinder_api.service import service_of
from ringfinder_viz.webapp import INDEX, AppFile, app_files

TAG = "service"
HOME = "/app/"
ASSETS = "assets/"  # named by what is in them
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
OIDC, SESSION = b'data-oidc=""', b'data-session=""'


def register(app: FastAPI) -> None:
    """Add the routes."""
    files = {
        one: {"schema": {"type": "string"}} for one in ("text/html", "text/javascript", "text/css", "image/svg+xml")
    }
    app.api_route(**route("home", TAG, "GET", "/", None, status=303))(home)
    app.api_route(**route("app", TAG, "GET", "/app", None, status=303))(home)
    app.api_route(
        **route("app_file", TAG, "GET", "/app/{path:path}", None, ("no_app", "not_found", "invalid"), content=files)
    )(app_file)


async def home(request: Request) -> Response:
    return Response(status_code=303, headers={"location": HOME})


async def app_file(request: Request, path: Annotated[str, in_path("app_path", max_length=500)]) -> Response:
    found = app_files()
    if INDEX not in found:
        raise Problem("no_app")
    if path.startswith(ASSETS):
        if path not in found:
            raise Problem("not_found")
        return _kept(request, found[path])
    headers = {"cache-control": "no-cache"}
    if path != INDEX and path in found:
        return Response(found[path].content, 200, headers, found[path].media_type)
    page = found[INDEX].content
    for mark, there in (
        (OIDC, service_of(request).oidc is not None),
        # So that nobody asks for a session that is not there.
        (SESSION, service_of(request).logins.secret_of(request) is not None),
    ):
        if there:
            page = page.replace(mark, mark.replace(b'""', b'"yes"'))
    headers |= {"content-security-policy": POLICY, "referrer-policy": "no-referrer", "vary": "cookie"}
    return Response(page, 200, headers, found[INDEX].media_type)


def _kept(request: Request, file: AppFile) -> Response:
    """A file that never changes, packed where the browser takes that."""
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, 200, headers | {"content-encoding": "gzip"}, file.media_type)
    return Response(file.content, 200, headers, file.media_type)
