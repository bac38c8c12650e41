"""A ring to take along: one HTML file, or a workbook. Names and accounts are masked as everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response

from ringfinder.words import Language
from ringfinder_api.answers import answer, language
from ringfinder_api.auditing import recorded
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, route
from ringfinder_api.exporting import ring_page, ring_workbook
from ringfinder_api.routes.rings import PATH, RingId, ring_of
from ringfinder_api.service import service_of

TAG = "rings"
HTML = "text/html; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEMS = ("unknown_ring", "invalid", "too_slow", "query_failed", "busy", "casebook_unavailable")
Export = Callable[[Path, str, str, tuple[str, ...], Language], bytes]


def register(app: FastAPI) -> None:
    """Add the routes."""
    text = {"text/html": {"schema": {"type": "string"}}}
    app.api_route(**route("html", TAG, "GET", f"{PATH}/export.html", None, PROBLEMS, content=text))(html)
    binary = {XLSX: {"schema": {"type": "string", "format": "binary"}}}
    app.api_route(**route("xlsx", TAG, "GET", f"{PATH}/export.xlsx", None, PROBLEMS, content=binary))(xlsx)


async def html(
    request: Request, ring_id: RingId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    return await _exported(request, ring_id, ring_page, HTML, "html")


async def xlsx(
    request: Request, ring_id: RingId, _language: AcceptLanguage = None, _etag: IfNoneMatch = None
) -> Response:
    return await _exported(request, ring_id, ring_workbook, XLSX, "xlsx")


async def _exported(request: Request, ring_id: str, made: Export, media_type: str, ending: str) -> Response:
    service, ring = service_of(request), ring_of(request, ring_id)
    await recorded(request, service.casebook, "ring.exported", ring_id, form=ending)
    body = await service.workers.ask(
        service.limits.export_seconds,
        made,
        service.workspace.folder,
        service.run.needed().run_id,
        ring_id,
        ring.claim_ids,
        language(request),
    )
    return answer(request, body, media_type=media_type, file_name=f"ring.{ending}")
