"""Beyond a ring: who and what is around its members, and who is like one of them and in no ring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from pydantic import StringConstraints

from ringfinder.report.masks import mask_id
from ringfinder.words import Language, say
from ringfinder_api import peers as likes
from ringfinder_api.access.guard import caller_of
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.around import Found, around
from ringfinder_api.described import AcceptLanguage, IfNoneMatch, in_query, route
from ringfinder_api.leaving import while_waiting
from ringfinder_api.problems import Problem
from ringfinder_api.routes.rings import PATH, TAG, RingId, ring_of
from ringfinder_api.service import service_of
from ringfinder_api.shapes_of_neighbours import RingAround, RingPeers

MOST_OF = 12  # looked around at once
MOST_PEERS = 5
NAME = r"^m[0-9]{1,6}(\.[0-9]{1,2}){0,6}$"
Member = Annotated[str, StringConstraints(pattern=NAME, max_length=30)]
PROBLEMS = ("unknown_ring", "unknown_member", "invalid", "too_slow", "query_failed", "busy", "cancelled")


def register(app: FastAPI) -> None:
    """Add the routes."""
    app.api_route(**route("around", TAG, "GET", f"{PATH}/around", RingAround, PROBLEMS))(beyond)
    app.api_route(**route("peers", TAG, "GET", f"{PATH}/peers", RingPeers, PROBLEMS))(peers)


async def beyond(
    request: Request,
    ring_id: RingId,
    of: Annotated[list[Member], in_query("neighbours.of", min_length=1, max_length=MOST_OF)],
    _etag: IfNoneMatch = None,
) -> Response:
    ring, service, caller = ring_of(request, ring_id), service_of(request), caller_of(request)
    snapshot, place = service.run.needed(), service.workspace.folder
    work = service.workers.ask(
        service.limits.export_seconds, around, place, snapshot.run_id, ring.nodes, of, caller.districts
    )
    found = await while_waiting(request, work)
    if found is None:
        raise Problem("unknown_member")

    def told(one: Found) -> dict[str, Any]:
        service.reads.count(caller.caller_id, *one.node)
        rings = (membership.ring_id for membership in snapshot.members.get(one.node, ()))
        return {
            "member": one.member,
            "of": one.of,
            "entity_type": one.node[0],
            "entity_id": mask_id(*one.node),
            "name": one.called,
            "rings": [other for other in rings if snapshot.rings[other].seen_by(caller.districts)],
        }

    content = {"nodes": [told(one) for one in found.nodes], "edges": found.edges, "left": found.left}
    return answer(request, as_json({"ring_id": ring_id, "run_id": snapshot.run_id} | content))


async def peers(
    request: Request,
    ring_id: RingId,
    of: Annotated[Member, in_query("neighbours.peer_of")],
    limit: Annotated[int, in_query("neighbours.limit", ge=1, le=MOST_PEERS)] = 1,
    _language: AcceptLanguage = None,
    _etag: IfNoneMatch = None,
) -> Response:
    ring, service, caller, lang = ring_of(request, ring_id), service_of(request), caller_of(request), language(request)
    snapshot, place = service.run.needed(), service.workspace.folder
    node = dict(ring.called()).get(of)
    if node is None or node[0] != "patient":
        raise Problem("unknown_member")
    in_rings = [entity for kind, entity in snapshot.members if kind == "patient"]
    work = service.workers.ask(
        service.limits.export_seconds, likes.beside, place, snapshot.run_id, node[1], in_rings, caller.districts, limit
    )
    found = await while_waiting(request, work)
    if found is None:
        raise Problem("unknown_member")
    life, alike, compared = found
    for one in (life, *(peer.life for peer in alike)):
        service.reads.count(caller.caller_id, "patient", one.person)
    content = {
        "member": of,
        "life": _life(life),
        "peers": [
            {"likeness": one.likeness, "signs": list(_signs(life, one, lang)), "life": _life(one.life)} for one in alike
        ],
        "compared": compared,
    }
    return answer(request, as_json({"ring_id": ring_id, "run_id": snapshot.run_id} | content))


def _life(life: likes.Life) -> dict[str, Any]:
    told = {name: value for name, value in vars(life).items() if name not in {"person", "illness_codes"}}
    lists = {name: [vars(one) for one in told[name]] for name in ("kinds", "places", "medicines", "illnesses")}
    for place in lists["places"]:
        place["value"] = mask_id("facility", place["value"])
    return told | lists | {"entity_id": mask_id("patient", life.person), "age": _years(life.age)}


def _signs(of: likes.Life, peer: likes.Peer, lang: Language) -> Iterable[dict[str, Any]]:
    other, codes = peer.life, (of.illness_codes, peer.life.illness_codes)
    values: dict[str, Sequence[object]] = {
        "age": (_years(of.age) or "?", _years(other.age) or "?"),
        "district": (of.district or "?", other.district or "?"),
        "claims": (of.claims, other.claims),
        "illnesses": (len(codes[0] & codes[1]), len(codes[0] | codes[1])),
    }
    for sign, agreement in peer.signs.items():
        mine, theirs = values[sign]
        says = say(f"neighbours.says_{sign}", lang, mine=mine, theirs=theirs)
        yield {"sign": sign, "agreement": agreement, "says": says}


def _years(age: int | None) -> str | None:
    """Ten years of age in figures."""
    return None if age is None else f"{age * likes.BAND}–{age * likes.BAND + likes.BAND - 1}"
