"""Facilities by name or id, for whoever has to say which one is meant. What is typed stands in the body, since proxies log paths."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, as_json
from ringfinder_api.described import route
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_screening import FacilitySearch, FoundFacilities
from ringfinder_api.snapshot import Districts, Snapshot

TAG = "screening"


def register(app: FastAPI) -> None:
    """Add the route."""
    problems = ("invalid", "bad_request", "too_large")
    app.api_route(**route("facilities", TAG, "POST", "/v1/facilities:search", FoundFacilities, problems))(facilities)


async def facilities(request: Request, body: FacilitySearch) -> Response:
    snapshot = service_of(request).run.needed()
    found = matching(snapshot, body.text, caller_of(request).districts)
    listed = [
        {"facility_id": one, "facility_name": snapshot.names.get(one), "district": snapshot.facilities[one]}
        for one in found[: body.limit]
    ]
    return answer(request, as_json({"run_id": snapshot.run_id, "facilities": listed, "total": len(found)}))


def matching(snapshot: Snapshot, text: str, districts: Districts) -> list[str]:
    """Ids of the facilities that the caller may see, whose name has that text or whose id begins with it: whose id it is first, then
    whose name begins with it, ties by id."""
    wanted = text.strip().casefold()
    found = []
    for one, district in snapshot.facilities.items():
        if districts is not None and district not in districts:
            continue
        known, name = one.casefold(), snapshot.names.get(one, "").casefold()
        if wanted in name or known.startswith(wanted):
            found.append((known != wanted, not name.startswith(wanted), one))
    return [one for _, _, one in sorted(found)]
