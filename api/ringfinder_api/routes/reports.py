"""Reports of the casebook: weekly, the two statistics tables, a campaign; as JSON, one HTML page or a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Request, Response

from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.report_shapes import ReportName
from ringfinder.casebook.report_tables import report
from ringfinder.casebook.statistics import Span, span_of
from ringfinder.casebook.who import Who
from ringfinder.errors import UsageError
from ringfinder.pipeline.reporting import Form, rendered
from ringfinder.words import Language
from ringfinder_api.answers import JSON, answer, language
from ringfinder_api.auditing import recorded
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_path, in_query, route
from ringfinder_api.problems import Problem
from ringfinder_api.routes.exports import HTML, XLSX
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_people import CALLED
from ringfinder_api.telling_cases import who_of

MEDIA = {"json": JSON, "html": HTML, "xlsx": XLSX}
PATH = "/v1/reports/{report}"


def register(app: FastAPI) -> None:
    """Add the route."""
    shown = {
        JSON: {"schema": {"type": "object"}},
        "text/html": {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    problems = ("invalid", "bad_span", "too_slow", "query_failed", "busy", "casebook_unavailable")
    app.api_route(**route("report", "cases", "GET", PATH, None, problems, content=shown))(made)


async def made(
    request: Request,
    report: Annotated[ReportName, in_path("cases.report")],
    first: Annotated[date | None, in_query("cases.first")] = None,
    last: Annotated[date | None, in_query("cases.last")] = None,
    campaign: Annotated[str | None, in_query("cases.campaign", max_length=100, pattern=CALLED)] = None,
    district: Annotated[str | None, in_query("cases.report_district", max_length=200, pattern=CALLED)] = None,
    form: Annotated[Form, in_query("cases.form")] = "json",
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    service, who, lang = service_of(request), who_of(request), language(request)
    try:
        span = span_of(report, first, last, campaign, service.rules.today(), district)
    except UsageError as error:
        raise Problem("bad_span") from error
    await recorded(request, service.casebook, "report.made", report, first=str(span.first), last=str(span.last))
    arguments = (*service.casebook.opened, who, report, span, form, lang)
    body = await service.workers.ask(service.limits.export_seconds, written, *arguments)
    return answer(request, body, media_type=MEDIA[form], file_name=None if form == "json" else f"{report}.{form}")


def written(
    workspace: Path, casebook: str | None, who: Who, name: ReportName, span: Span, form: Form, lang: Language
) -> bytes:
    """The report's bytes; the work of a process of its own."""
    with open_casebook(workspace, casebook) as book:
        return rendered(report(book, who, name, span, lang), form, lang)
