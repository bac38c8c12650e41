"""Rings on the ground, on a world small enough to write the whole answer down: who sees which places, which months, which rings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import tiny

from ringfinder.report.results import Results
from ringfinder.workspace import Workspace
from ringfinder_api.building import build
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside

Make = Callable[..., Inside]
SHOP = {"facility_id": "F1", "name": "第一药店", "kind": "pharmacy", "district": "东;城"}
WARD = {"facility_id": "F2", "kind": "hospital", "district": "北区", "latitude": 31.5, "longitude": 118.25}
HALF = {"facility_id": "13812345678", "name": "half a place", "district": "北区", "latitude": 31.0}
FARAWAY = {"facility_id": "F9", "district": "南区", "latitude": -20.0, "longitude": -179.5}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The tiny world, two of whose places have coordinates; F1 has none, and a fourth half of them."""
    folder = tmp_path_factory.mktemp("map") / "workspace"
    # The harmless ring meets again months later: those between stand in the answer all the same.
    later = tiny.claim("C7", "P1", "F2", datetime(2024, 8, 31, 23, 59, 59))
    harmless = replace(tiny.HARMLESS, claim_ids=("C4", "C7"))
    findings = replace(tiny.FINDINGS, rings=(harmless, tiny.ALERT))
    tables = tiny.TABLES | {"claims": [*tiny.TABLES["claims"], later], "facilities": [SHOP, WARD, HALF, FARAWAY]}
    tiny.publish_run(folder, findings, graph=True, tables=tables)
    return build(folder, Workspace(folder).needed().run_id)


def asked(service: Inside, snapshot: Snapshot, key: str, path: str = "/v1/rings:map", lang: str = "en") -> Any:
    (answer,) = service.ask(("GET", path, key), snapshot=snapshot, headers_of={"accept-language": lang})
    assert answer.status_code == 200, answer.text
    return answer.json()


ALERT = {
    "ring_id": "R;1",
    "kind": "after_death",
    "kind_name": "claims after death",
    "alert": True,
    "suppressed": False,
    "score": 97.13,
    "patients": 3,
    "fund_amount": "180.50",
    "districts": ["东;城", "西城"],
    "first_time": "2024-03-01T09:00:00",
    "last_time": "2024-03-01T09:07:00",
}
HARMLESS = {
    "ring_id": "R0",
    "kind": "rotation",
    "kind_name": "rotation",
    "alert": False,
    "suppressed": False,
    "score": 12.0,
    "patients": 1,
    "fund_amount": "60.00",
    "districts": [],
    "first_time": "2024-04-01T08:00:00",
    "last_time": "2024-04-09T08:00:00",
}


def place(facility_id: str, name: str | None, district: str, kind: str | None, *at: float | None) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "facility_name": name,
        "district": district,
        "kind": kind,
        "latitude": at[0],
        "longitude": at[1],
    }


def test_map_tells_where_rings_met_in_which_months_and_half_a_pair_of_coordinates_is_none(
    inside: Make, snapshot: Snapshot
) -> None:
    service = inside()
    told = asked(service, snapshot, service.key("viewer"))
    assert told == {
        "run_id": snapshot.run_id,
        "months": ["2024-03", "2024-04", "2024-05", "2024-06", "2024-07", "2024-08"],
        "facilities": [
            place("138******78", "half a place", "北区", None, None, None),
            place("F1", "第一药店", "东;城", "pharmacy", None, None),
            place("F2", None, "北区", "hospital", 31.5, 118.25),
            place("F9", None, "南区", None, -20.0, -179.5),
        ],
        "rings": [
            ALERT | {"meetings": [{"facility": 1, "months": [0], "claims": [3]}]},
            HARMLESS | {"meetings": [{"facility": 2, "months": [1, 5], "claims": [1, 1]}]},
        ],
        "total": 2,
    }


def test_map_of_one_district_has_its_rings_its_places_and_those_where_these_rings_meet(
    inside: Make, snapshot: Snapshot
) -> None:
    service = inside()
    rings = snapshot.rings | {"R0": replace(snapshot.rings["R0"], scope=frozenset({"南区"}))}
    districts = replace(snapshot, rings=rings)
    south = asked(service, districts, service.key("investigator", districts=("南区",)))
    assert [one["facility_id"] for one in south["facilities"]] == ["F2", "F9"]
    assert [(one["ring_id"], one["meetings"]) for one in south["rings"]] == [
        ("R0", [{"facility": 0, "months": [0, 4], "claims": [1, 1]}])
    ]
    assert (south["months"][0], south["months"][-1], south["total"]) == ("2024-04", "2024-08", 1)
    north = asked(service, districts, service.key("investigator", districts=("北区",)))
    assert [one["facility_id"] for one in north["facilities"]] == ["138******78", "F2"]
    assert (north["rings"], north["months"], north["total"]) == ([], [], 0)


def test_fewer_rings_are_the_surest_ones_and_months_are_theirs(inside: Make, snapshot: Snapshot) -> None:
    service = inside()
    key = service.key("tip_officer")
    told = asked(service, snapshot, key, "/v1/rings:map?limit=1")
    assert ([one["ring_id"] for one in told["rings"]], told["months"], told["total"]) == (["R;1"], ["2024-03"], 2)
    refused = service.ask(*(("GET", f"/v1/rings:map?limit={n}", key) for n in (0, 5001, "x")), snapshot=snapshot)
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(422, "invalid")] * 3


def test_kinds_are_named_in_the_callers_language(inside: Make, snapshot: Snapshot) -> None:
    service = inside()
    told = asked(service, snapshot, service.key("viewer"), lang="zh")
    assert [one["kind_name"] for one in told["rings"]] == ["死亡冒领", "分解住院、轮转住院"]


def test_ring_that_was_dismissed_is_marked_for_whose_dismissal_it_is(inside: Make, snapshot: Snapshot) -> None:
    service = inside()
    service.service.quiet.holds = lambda ring, districts: ring.ring_id == "R;1" and districts is None  # type: ignore[method-assign]
    all_, east = (asked(service, snapshot, service.key("viewer", districts=one)) for one in (None, ("东;城",)))
    assert [one["suppressed"] for one in all_["rings"]] == [True, False]
    assert [one["suppressed"] for one in east["rings"]] == [False]


def test_run_without_a_register_of_places_has_a_map_without_coordinates(inside: Make, tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    tiny.publish_run(folder, graph=True, tables={"claims": tiny.TABLES["claims"]})
    service = inside()
    told = asked(service, build(folder, Workspace(folder).needed().run_id), service.key("viewer"))
    assert told["facilities"] == [place(one, None, "", None, None, None) for one in ("F1", "F2")]
    assert [one["meetings"][0]["facility"] for one in told["rings"]] == [0, 1]


def test_every_claim_of_a_ring_stands_in_one_month_at_one_place(analyst: httpx.Client, results: Results) -> None:
    told = analyst.get("/v1/rings:map").json()
    assert [(one["ring_id"], sum(sum(at["claims"]) for at in one["meetings"])) for one in told["rings"]] == [
        (ring.ring_id, ring.claims) for ring in results.rings
    ]
    assert told["months"][0] == f"{min(ring.first_time for ring in results.rings):%Y-%m}"
    busy = next(one for one in told["rings"] if one["meetings"])
    timeline = analyst.get(f"/v1/rings/{busy['ring_id']}/timeline").json()
    months = sorted(
        (told["facilities"][at["facility"]]["facility_id"], told["months"][month], claims)
        for at in busy["meetings"]
        for month, claims in zip(at["months"], at["claims"], strict=True)
    )
    counted: dict[tuple[str, str], int] = {}
    for number, start in zip(timeline["claims"]["facility"], timeline["claims"]["start"], strict=True):
        key = (timeline["facilities"][number]["facility_id"], start[:7])
        counted[key] = counted.get(key, 0) + 1
    assert months == sorted((*key, claims) for key, claims in counted.items())
    assert all(one["latitude"] is not None for one in told["facilities"])
