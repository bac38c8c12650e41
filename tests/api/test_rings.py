from __future__ import annotations

import asyncio
import gc
import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import tiny

from ringfinder.model import Findings
from ringfinder.pipeline.asking import ask
from ringfinder.report.results import Results
from ringfinder.store.queries import library
from ringfinder.workspace import StoredRun, Workspace
from ringfinder_api.building import build
from ringfinder_api.snapshot import Snapshot
from ringfinder_api.thawing import freeze, thaw


def ids(analyst: httpx.Client, **filters: Any) -> list[str]:
    found = analyst.get("/v1/rings", params={"limit": 200, **filters}).json()
    assert found["total"] == len(found["rings"])
    return [ring["ring_id"] for ring in found["rings"]]


def test_list_holds_all_rings_surest_first(analyst: httpx.Client, results: Results) -> None:
    assert ids(analyst) == [ring.ring_id for ring in results.rings]


def test_filters_keep_what_they_say(analyst: httpx.Client, results: Results) -> None:
    rings = results.rings
    first = rings[0]
    middle = sorted(ring.fund_amount for ring in rings)[len(rings) // 2]
    day = first.last_time.date()
    wanted = {
        ("kind", first.kind): {r.ring_id for r in rings if r.kind == first.kind},
        ("alert", "true"): {r.ring_id for r in rings if r.alert},
        ("alert", "false"): {r.ring_id for r in rings if not r.alert},
        ("least_fund", str(middle)): {r.ring_id for r in rings if r.fund_amount >= middle},
        ("most_fund", str(middle)): {r.ring_id for r in rings if r.fund_amount <= middle},
        ("since", str(day)): {r.ring_id for r in rings if r.last_time.date() >= day},
        ("until", str(day)): {r.ring_id for r in rings if r.first_time.date() <= day},
    }
    for (name, value), rest in wanted.items():
        assert set(ids(analyst, **{name: value})) == rest, name
        assert 0 < len(rest) < len(rings), f"the filter {name} would not be seen to work"


def test_district_and_facility_filters_find_members_and_places(
    analyst: httpx.Client, results: Results, stored: StoredRun
) -> None:
    district = results.rings[0].districts[0]
    found = set(ids(analyst, district=district))
    assert {r.ring_id for r in results.rings if district in r.districts} <= found
    assert ids(analyst, district="nowhere") == []
    facility = next(m for m in results.members if m.entity_type == "facility")
    assert facility.ring_id in ids(analyst, facility=facility.entity_id)
    assert ids(analyst, facility="nowhere") == []


@pytest.mark.parametrize("sort", ["score", "fund_amount", "patients", "last_time"])
def test_pages_together_are_the_whole_list_in_order(analyst: httpx.Client, results: Results, sort: str) -> None:
    ordered = sorted(results.rings, key=lambda ring: ring.ring_id)
    ordered.sort(key=lambda ring: getattr(ring, sort), reverse=True)
    pages: list[str] = []
    cursor: str | None = None
    while True:
        params: dict[str, Any] = {"limit": 7, "sort": sort} | ({"cursor": cursor} if cursor else {})
        page = analyst.get("/v1/rings", params=params).json()
        pages += [ring["ring_id"] for ring in page["rings"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages == [ring.ring_id for ring in ordered]


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "W10", "WyJzY29yZSIsIk5hTiIsIlIiXQ", "%00", "é", "WyJwYXRpZW50cyIsIjEiLCJSIl0"]
)
def test_cursor_of_somebody_else_is_refused(analyst: httpx.Client, cursor: str) -> None:
    refused = analyst.get("/v1/rings", params={"cursor": cursor})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_cursor")


def test_ring_tells_its_numbers_and_members(analyst: httpx.Client, results: Results) -> None:
    row = results.rings[1]
    ring = analyst.get(f"/v1/rings/{row.ring_id}").json()
    assert (ring["score"], ring["claims"], ring["reason"]) == (row.score, row.claims, row.reason_en)
    assert (Decimal(ring["total_amount"]), Decimal(ring["fund_amount"])) == (row.total_amount, row.fund_amount)
    members = results.members_of(row.ring_id)
    assert [(m["entity_type"], m["role"], m["strength"]) for m in ring["members"]] == [
        (m.entity_type, m.role, m.strength) for m in members
    ]


def test_evidence_is_that_of_the_files(analyst: httpx.Client, results: Results) -> None:
    for row in results.rings[:5]:
        told = analyst.get(f"/v1/rings/{row.ring_id}/evidence").json()["evidence"]
        assert [(one["sentence"], tuple(one["claim_ids"]), one["side"]) for one in told] == [
            (one.sentence_en, one.claim_ids, one.side) for one in results.evidence_of(row.ring_id)
        ]


def test_timeline_holds_the_claims_of_the_graph(
    analyst: httpx.Client, results: Results, stored: StoredRun, ran: Path
) -> None:
    ring_id = results.rings[0].ring_id
    graph = ask(stored, Workspace(ran), "read/ring-claims", {"ring_id": ring_id})
    told = analyst.get(f"/v1/rings/{ring_id}/timeline").json()["claims"]
    assert told["claim_id"] == graph.table.column("claim_id").to_pylist()
    assert {len(column) for column in told.values()} == {results.rings[0].claims}
    assert told["start"] == sorted(told["start"])
    assert all(end is None or end > start for start, end in zip(told["start"], told["end"], strict=True))


def test_graph_joins_members_and_gives_each_a_place(analyst: httpx.Client, results: Results) -> None:
    row = results.rings[0]
    graph = analyst.get(f"/v1/rings/{row.ring_id}/graph").json()
    members = [m["member"] for m in analyst.get(f"/v1/rings/{row.ring_id}").json()["members"]]
    nodes = {node["member"]: node for node in graph["nodes"]}
    assert [name for name, node in nodes.items() if node["role"] is not None] == list(dict.fromkeys(members))
    assert {node["entity_type"] for node in nodes.values() if node["role"] is None} <= {"facility"}
    assert len({(node["x"], node["y"]) for node in nodes.values()}) == len(nodes)
    assert all(edge["a"] in nodes and edge["b"] in nodes for edge in graph["edges"])
    patients = {m for m, node in nodes.items() if node["entity_type"] == "patient"}
    # Each patient of this ring was at one of its places or is tied to another patient.
    assert patients <= {end for edge in graph["edges"] for end in (edge["a"], edge["b"])}
    ties = [edge for edge in graph["edges"] if edge["claims"] is None]
    assert ties
    assert all(edge["weight"] > 0 and {edge["a"], edge["b"]} <= patients for edge in ties)
    assert all(tie["observed"] > tie["expected"] >= 0 for edge in ties for tie in edge["ties"])


def test_graph_shows_a_busy_place_that_is_no_member_and_claims_name_all_of_the_graph(tiny_snapshot: Snapshot) -> None:
    ring = tiny_snapshot.rings["R0"]
    graph, claims = json.loads(ring.graph), json.loads(ring.timeline)["claims"]
    assert [(n["member"], n["entity_type"], n["entity_id"], n["role"]) for n in graph["nodes"]] == [
        ("m1", "patient", "P1", "patient"),
        ("m2", "facility", "F2", None),
    ]
    assert graph["edges"] == [{"a": "m1", "b": "m2", "claims": 1, "weight": None, "ties": []}]
    told = [claims[name] for name in ("member", "others", "facility", "total_amount", "fund_amount")]
    assert told == [["m1"], [["m2"]], [0], ["100.00"], ["60.00"]]
    assert [one["facility_id"] for one in json.loads(ring.timeline)["facilities"]] == ["F2"]


def test_ring_says_what_became_of_it_since_an_earlier_run(tmp_path: Path) -> None:
    fewer = replace(tiny.ALERT, members=tiny.ALERT.members[:3], patients=2)
    runs = [
        tiny.publish_run(tmp_path, Findings(rings, (), ()), graph=True)
        for rings in ((fewer,), (tiny.HARMLESS, tiny.ALERT))
    ]
    first, second = (build(tmp_path, run_id) for run_id in runs)
    told = [json.loads(ring.summary["en"]) for snapshot in (first, second) for ring in snapshot.rings.values()]
    assert [(one["ring_id"], one["change"], one["patients_before"]) for one in told] == [
        ("R;1", None, None),
        ("R;1", "grown", 2),
        ("R0", "new", None),
    ]
    assert second.orders["growth"] == ("R0", "R;1")


def test_all_rings_are_told_in_numbers(analyst: httpx.Client, results: Results) -> None:
    told = analyst.get("/v1/rings:overview").json()
    alerts = [ring for ring in results.rings if ring.alert]
    assert (told["rings"], told["alerts"]) == (len(results.rings), len(alerts))
    assert told["alert_patients"] == sum(ring.patients for ring in alerts)
    assert told["alert_fund_amount"] == f"{sum(ring.fund_amount for ring in alerts):.2f}"
    kinds = Counter(ring.kind for ring in results.rings)
    assert {one["value"]: one["rings"] for one in told["kinds"]} == kinds
    districts = Counter(district for ring in alerts for district in ring.districts)
    assert {one["value"]: one["alerts"] for one in told["districts"] if one["alerts"]} == districts


def test_reason_comes_with_the_names_of_its_places(analyst: httpx.Client, results: Results) -> None:
    told = analyst.get(f"/v1/rings/{results.rings[0].ring_id}").json()
    assert told["places"]
    assert all(place in told["reason"].replace(",", " ").replace(":", " ").split() for place in told["places"])


def test_same_run_gives_the_same_answers_and_places(tiny_workspace: Path, tmp_path: Path) -> None:
    run_id = Workspace(tiny_workspace).needed().run_id
    for name in ("once", "again"):
        freeze(build(tiny_workspace, run_id), tmp_path / name)
    assert (tmp_path / "once").read_bytes() == (tmp_path / "again").read_bytes()


def test_snapshot_comes_out_of_its_file_as_it_went_in(tiny_snapshot: Snapshot, tmp_path: Path) -> None:
    whole = replace(tiny_snapshot, invoices={})
    freeze(whole, tmp_path / "snapshot")
    assert (tmp_path / "snapshot").stat().st_mode & 0o777 == 0o600
    try:
        assert asyncio.run(thaw(tmp_path / "snapshot")) == whole
    finally:
        gc.unfreeze()  # what was set apart would be told as leaked when the tests end


def test_unknown_ring_is_told_in_every_route(analyst: httpx.Client) -> None:
    neighbours = ("/around?of=m1", "/peers?of=m1")
    for path in ("", "/graph", "/timeline", "/evidence", "/history", *neighbours, "/export.html", "/export.xlsx"):
        refused = analyst.get(f"/v1/rings/R000{path}")
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_ring"), path


def test_what_has_not_changed_is_not_sent_again(analyst: httpx.Client, results: Results) -> None:
    path = f"/v1/rings/{results.rings[0].ring_id}"
    first = analyst.get(path)
    again = analyst.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = analyst.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert weak.status_code == 304
    chinese = analyst.get(path, headers={"if-none-match": first.headers["etag"], "accept-language": "zh"})
    assert chinese.status_code == 200


def test_cypher_of_a_ring_answers_about_that_ring(analyst: httpx.Client, results: Results) -> None:
    ring = results.rings[0]
    told = analyst.get(f"/v1/rings/{ring.ring_id}/cypher").json()
    assert {one["name"] for one in told["queries"]} >= {"read/ring", "read/ring-members", "read/ring-claims"}
    members = next(one for one in told["queries"] if one["name"] == "read/ring-members")
    assert members["statement"] == library()["read/ring-members"].statement("embedded")
    found = analyst.post(
        f"/v1/queries/{members['name']}:run", json={"parameters": members["parameters"], "limit": 10_000}
    ).json()
    assert len(found["rows"]) == len(results.members_of(ring.ring_id))
    assert analyst.get("/v1/rings/R0/cypher").json()["code"] == "unknown_ring"
