"""Who works on cases: whom one may be given to, and whose ids stand in answers about cases."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from ringfinder.casebook.colleagues import colleagues
from ringfinder_api.answers import answer, as_json
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import IfNoneMatch, route
from ringfinder_api.routes.cases import TAG
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_cases import ColleagueList


def register(app: FastAPI) -> None:
    """Add the route."""
    app.api_route(**route("colleagues", TAG, "GET", "/v1/colleagues", ColleagueList, ("casebook_unavailable",)))(listed)


async def listed(request: Request, _etag: IfNoneMatch = None) -> Response:
    found = await in_casebook(colleagues, service_of(request).casebook)
    told = [vars(one) | {"districts": None if one.districts is None else sorted(one.districts)} for one in found]
    return answer(request, as_json({"colleagues": told}))
