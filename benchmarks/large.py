"""Answers of the service about what is large, made up: 20,000 rings; one ring with 500 members, 5,000 ties and 20,000 visits.

The app is measured on them without a run that would have to find such rings: they have the shapes of the service's own answers
(`ringfinder_api.shapes_of_rings` reads each of them), and the page and its files are those that the service hands out.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ringfinder.model import KINDS
from ringfinder_api.fields import Model
from ringfinder_api.shapes import Ready
from ringfinder_api.shapes_of_people import SessionDetail
from ringfinder_api.shapes_of_rings import (
    RingDetail,
    RingEvidence,
    RingGraph,
    RingHistory,
    RingList,
    RingOverview,
    RingTimeline,
)
from ringfinder_viz.places import places
from ringfinder_viz.webapp import INDEX, app_files

RINGS, MEMBERS, TIES, VISITS = 20_000, 500, 5_000, 20_000
RING, RUN = "R00000000", "20240101-000000-000000"
PLACES = 12
HUBS = 6  # facilities among the nodes, beside the patients
BEGIN = datetime(2024, 1, 1)
Answer = dict[str, Any]


def person() -> Answer:
    """Who is logged in: an analyst, who sees all and works on no case."""
    return {
        "user_id": "1",
        "name": "lin",
        "roles": ["viewer"],
        "districts": None,
        "signs_in": "password",
        "csrf_token": "x",
        "ends_at": "2099-01-01T00:00:00+00:00",
    }


def ring(number: int) -> Answer:
    """One ring of the list; kinds come in turn, the first is the large one."""
    large = number == 0
    kind = KINDS[number % len(KINDS)]
    return {
        "ring_id": f"R{number:08X}",
        "kind": kind,
        "kind_name": kind.replace("_", " "),
        "score": 100 - 100 * number / RINGS,
        "q_value": number / RINGS,
        "sureness": "sure",
        "coordination": 40.0,
        "harm": 20.0,
        "alert": True,
        "patients": MEMBERS if large else 5 + number % 40,
        "patients_before": None,
        "change": None,
        "claims": VISITS if large else 60,
        "total_amount": f"{100 + number}.50",
        "fund_amount": f"{80 + number}.25",
        "first_time": "2024-01-01T08:00:00",
        "last_time": "2024-12-30T08:00:00",
        "districts": [f"3408{number % 9:02d}"],
        "reason": "30 people came together on 12 occasions at H01: about 10 households, where 0.5 were to be expected.",
        "places": {"H01": "市中心1医院"},
        "suppressed": False,
    }


@cache
def listed() -> tuple[Answer, ...]:
    """All rings, the surest first."""
    return tuple(ring(number) | {"tips": None, "case": None} for number in range(RINGS))


def page(asked: dict[str, list[str]]) -> Answer:
    """A page of the list as the service gives it; of what narrows it the kind."""
    kind, limit = asked.get("kind", [None])[0], int(asked.get("limit", ["50"])[0])
    begin = int(asked.get("cursor", ["0"])[0])
    found = [one for one in listed() if kind in (None, one["kind"])]
    end = begin + limit
    following = str(end) if end < len(found) else None
    return {"run_id": RUN, "rings": found[begin:end], "total": len(found), "next_cursor": following}


def overview() -> Answer:
    """All rings together."""
    each = {"rings": RINGS // len(KINDS), "alerts": RINGS // len(KINDS)}
    return {
        "run_id": RUN,
        "rings": RINGS,
        "alerts": RINGS,
        "alert_patients": 400_000,
        "alert_fund_amount": "123456.00",
        "kinds": [{"value": kind, **each} for kind in KINDS],
        "districts": [{"value": "340801", "rings": RINGS, "alerts": RINGS}],
    }


def of_ring(answer: Answer) -> Answer:
    return {"ring_id": RING, "run_id": RUN} | answer


def detail() -> Answer:
    """The large ring with its members."""
    share = {"role": "patient", "role_name": "patient", "strength": 0.9, "claims": VISITS // MEMBERS}
    members = [
        {"member": f"m{i}", "entity_type": "patient", "entity_id": f"P{i:05d}", "name": None, **share}
        for i in range(1, MEMBERS + 1)
    ]
    return ring(0) | {"run_id": RUN, "members": members}


def graph() -> Answer:
    """Patients around some places, where the service would put them; ties between random pairs, each a line, beside those to places."""
    draw = random.Random(1)
    patients = [f"P{i:05d}" for i in range(1, MEMBERS + 1)]
    hubs = [("facility", f"H{i:02d}") for i in range(1, HUBS + 1)]
    joined = {(one, hubs[i % HUBS]): 1 + i % 9 for i, one in enumerate(patients, 1)}
    at = places(patients, hubs, {}, joined)
    called = {node: f"m{i}" for i, node in enumerate([*(("patient", one) for one in patients), *hubs], 1)}
    pairs: dict[tuple[int, int], float] = {}
    while len(pairs) < TIES:
        a, b = sorted(draw.sample(range(1, MEMBERS + 1), 2))
        pairs[a, b] = round(draw.expovariate(0.2) + 1, 3)
    seen = [{"channel": "together", "observed": 5, "expected": 0.4}]
    ties = [
        {"a": f"m{a}", "b": f"m{b}", "claims": None, "weight": weight, "ties": seen}
        for (a, b), weight in sorted(pairs.items())
    ]
    claims = [
        {"a": called["patient", one], "b": called[hub], "claims": count, "weight": None, "ties": []}
        for (one, hub), count in joined.items()
    ]
    shown = {"name": None, "role": "patient", "strength": 0.9}
    nodes = [
        {"member": name, "entity_type": node[0], "entity_id": node[1], **shown, "x": at[node][0], "y": at[node][1]}
        for node, name in called.items()
    ]
    return of_ring({"nodes": nodes, "edges": claims + ties})


def timeline() -> Answer:
    """Visits of all members over a year."""
    draw = random.Random(2)
    starts = sorted(BEGIN + timedelta(hours=draw.randrange(365 * 24)) for _ in range(VISITS))
    names = [f"H{number:02d}" for number in range(1, PLACES + 1)]
    claims = {
        "claim_id": [f"C{number:06d}" for number in range(VISITS)],
        "member": [f"m{1 + number % MEMBERS}" for number in range(VISITS)],
        "others": [[] for _ in starts],
        "facility": [draw.randrange(PLACES) for _ in starts],
        "service_type": ["outpatient"] * VISITS,
        "start": [start.isoformat() for start in starts],
        "end": [(start + timedelta(hours=2)).isoformat() for start in starts],
        "total_amount": ["120.00"] * VISITS,
        "fund_amount": ["80.00"] * VISITS,
    }
    facilities = [{"facility_id": name, "facility_name": f"市中心{name}医院"} for name in names]
    return of_ring({"facilities": facilities, "claims": claims})


def evidence() -> Answer:
    """One reason of each side, the first with every claim."""
    said = {"channel": "together", "channel_name": "coming together", "observed": 46.0, "expected": 0.6}
    ids = [f"C{number:06d}" for number in range(VISITS)]
    sides = {"for": ids, "harm": ids[:50], "against": []}
    items = [{**said, "side": side, "sentence": f"{len(one)} visits", "claim_ids": one} for side, one in sides.items()]
    return of_ring({"evidence": items})


def answer(path: str, asked: dict[str, list[str]]) -> Answer | None:
    """The answer to a path, held against the service's own shape; None where there is none."""
    made: dict[str, tuple[type[Model], Any]] = {
        "/readyz": (Ready, lambda: {"status": "ready", "run_id": RUN, "loading": False}),
        "/v1/session": (SessionDetail, person),
        "/v1/rings": (RingList, lambda: page(asked)),
        "/v1/rings:overview": (RingOverview, overview),
        f"/v1/rings/{RING}": (RingDetail, detail),
        f"/v1/rings/{RING}/graph": (RingGraph, graph),
        f"/v1/rings/{RING}/timeline": (RingTimeline, timeline),
        f"/v1/rings/{RING}/evidence": (RingEvidence, evidence),
        f"/v1/rings/{RING}/history": (RingHistory, lambda: of_ring({"history": []})),
    }
    if path not in made:
        return None
    shape, make = made[path]
    found: Answer = make()
    shape.model_validate(found)
    return found


@cache
def _packed(path: str, query: str) -> bytes | None:
    found = answer(path, parse_qs(query))
    return None if found is None else json.dumps(found).encode()


class _Handler(BaseHTTPRequestHandler):
    """The app and the answers; each is made once, so that what is measured is the app."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        if place.path.startswith("/app/"):
            files = app_files()
            file = files.get(place.path.removeprefix("/app/"), files[INDEX])
            content = file.content.replace(b'data-session=""', b'data-session="yes"')
            self._send(200, file.media_type, content)
            return
        found = _packed(place.path, place.query)
        self._send(404 if found is None else 200, "application/json", found or b"{}")

    def _send(self, status: int, media_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""


def warm() -> None:
    """Make every answer that is asked for, so that none is made while somebody measures."""
    for path in ("", "/graph", "/timeline", "/evidence"):
        _packed(f"/v1/rings/{RING}{path}", "")
    listed()


@contextmanager
def standing_in() -> Iterator[str]:
    """A server with these answers on a port of its own: its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        work = Thread(target=server.serve_forever, daemon=True)
        work.start()
        warm()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            work.join()
