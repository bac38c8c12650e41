"""Members of a ring with their names and numbers in full, for the assignee of an open case that the ring is linked to.

It takes no Idempotency-Key: its answer would be kept with the values in it. Each time that somebody looks is recorded anew.
"""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from ringfinder.casebook.cases import find
from ringfinder.casebook.unmasking import Wanted, warranted
from ringfinder_api.answers import JSON, as_json
from ringfinder_api.booked import in_casebook
from ringfinder_api.described import route
from ringfinder_api.in_full import in_full
from ringfinder_api.problems import Problem
from ringfinder_api.routes.cases import PATH, TAG, UNKNOWN, CaseId
from ringfinder_api.routes.rings import ring_of
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_unmasking import InFull, InFullRequest
from ringfinder_api.telling_cases import who_of

BODY = ("bad_request", "too_large")
WORK = ("too_slow", "query_failed", "busy")


def register(app: FastAPI) -> None:
    """Add the route."""
    refusals = ("no_warrant", "another_run", "unknown_ring", "unknown_member", "loading", "run_unreadable")
    problems = (*UNKNOWN, *refusals, *BODY, *WORK)
    app.api_route(**route("unmask", TAG, "POST", f"{PATH}:unmask", InFull, problems))(unmask)


async def unmask(request: Request, case_id: CaseId, body: InFullRequest) -> Response:
    service, who = service_of(request), who_of(request)
    await in_casebook(find, service.casebook, who, case_id)  # nothing is told of a ring to who may not see the case
    run_id = service.run.needed().run_id
    nodes = dict(ring_of(request, body.ring_id).called())
    if body.run_id != run_id:
        raise Problem("another_run")
    members = tuple(dict.fromkeys(body.members))
    if not nodes.keys() >= set(members):
        raise Problem("unknown_member")
    asked = tuple(nodes[one] for one in members)
    wanted = Wanted(body.ring_id, run_id, members, asked, body.why)
    await in_casebook(warranted, service.casebook, who, case_id, wanted, request.scope["ringfinder.request_id"])
    found = await service.workers.ask(service.limits.export_seconds, in_full, service.workspace.folder, run_id, asked)
    people = [
        {"member": member, "entity_type": node[0], "entity_id": node[1], **values}
        for member, node, values in zip(members, asked, found, strict=True)
    ]
    content = {"case_id": case_id, "ring_id": body.ring_id, "run_id": run_id, "members": people}
    return Response(as_json(content), 200, {"cache-control": "no-store"}, JSON)
