"""The watch list through the service, and where one comes to from it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside

Make = Callable[..., Inside]
TODAY = datetime.now(UTC).date() + timedelta(days=1)  # whatever the time of day and the zone
ENTRY: dict[str, Any] = {
    "entity_type": "facility",
    "entity_id": "F2",
    "name": "仁爱医院",
    "district": "西城",
    "reason": "多次空刷",
    "starts_on": TODAY.isoformat(),
    "ends_on": (TODAY + timedelta(days=30)).isoformat(),
}
Ask = Callable[..., httpx.Response]


@pytest.fixture
def service(inside: Make, tiny_workspace: Path, tmp_path: Path) -> Inside:
    shutil.copytree(tiny_workspace, tmp_path / "workspace")
    return inside(rate=1e6, burst=1e6)


@pytest.fixture
def ask(service: Inside, tiny_snapshot: Snapshot) -> Ask:
    key = service.key("investigator")

    def asked(
        method: str, path: str, body: object = None, who: str = key, version: int | None = None
    ) -> httpx.Response:
        headers = {} if version is None else {"if-match": f'"{version}"'}
        options: dict[str, Any] = {} if body is None else {"json": body}
        return service.ask((method, path, who), snapshot=tiny_snapshot, headers_of=headers, **options)[0]

    return asked


def test_entry_is_added_extended_found_and_ended(ask: Ask) -> None:
    answer = ask("POST", "/v1/watch", ENTRY)
    made = answer.json()
    path = answer.headers["location"]
    assert (answer.status_code, made["state"], made["version"]) == (201, "active", 1)
    assert ask("GET", path).json() == made
    later = {"ends_on": (TODAY + timedelta(days=60)).isoformat(), "reason": "again"}
    assert ask("POST", f"{path}:extend", later).status_code == 428
    assert ask("POST", f"{path}:extend", later, version=1).json()["ends_on"] == later["ends_on"]
    found = ask("POST", "/v1/watch:search", {"text": "RENAI", "state": "active"}).json()
    assert ([one["watch_id"] for one in found["watched"]], found["total"]) == ([made["watch_id"]], 1)
    assert ask("POST", f"{path}:end", {"reason": "cleared"}, version=2).json()["state"] == "ended"
    assert ask("POST", f"{path}:end", {"reason": "cleared"}, version=3).json()["code"] == "step_refused"


def test_facility_of_which_only_the_id_was_typed_is_told_by_its_name(ask: Ask) -> None:
    made = [ask("POST", "/v1/watch", ENTRY | {"entity_id": one, "name": None}).json() for one in ("F1", "F2")]
    assert [one["name"] for one in made] == ["第一药店", None]
    assert [ask("GET", f"/v1/watch/{one['watch_id']}").json()["name"] for one in made] == ["第一药店", None]


def test_entry_of_another_district_is_unknown(service: Inside, ask: Ask) -> None:
    path = ask("POST", "/v1/watch", ENTRY).headers["location"]
    elsewhere = service.key("investigator", districts=("东城",))
    assert ask("GET", path, who=elsewhere).json()["code"] == "unknown_watch"
    assert ask("POST", f"{path}:end", {"reason": "x"}, elsewhere, 1).json()["code"] == "unknown_watch"
    assert ask("POST", "/v1/watch:search", {}, elsewhere).json()["total"] == 0
    assert ask("POST", "/v1/watch", ENTRY | {"entity_id": "F9"}, elsewhere).json()["code"] == "foreign_district"


def test_spread_tells_rings_and_who_else_is_in_them(ask: Ask) -> None:
    path = ask("POST", "/v1/watch", ENTRY).headers["location"]
    at_facility = ask("GET", f"{path}/spread").json()
    assert [(one["ring_id"], one["role"]) for one in at_facility["rings"]] == [("R0", None)]
    assert at_facility["tied"] == [{"entity_type": "patient", "entity_id": "P1", "by": "ring", "count": 1}]
    path = ask("POST", "/v1/watch", ENTRY | {"entity_type": "patient", "entity_id": "P1"}).headers["location"]
    of_person = ask("GET", f"{path}/spread").json()
    assert [one["ring_id"] for one in of_person["rings"]] == ["R;1", "R0"]
    tied = {(one["by"], one["entity_type"], one["entity_id"]) for one in of_person["tied"]}
    assert {one for one in tied if one[0] == "ring"} == {
        ("ring", "account", "****2222"),
        ("ring", "facility", "F1"),
        ("ring", "patient", "P2"),
        ("ring", "patient", "P3"),
        ("ring", "recruiter", "R1"),
    }
    assert {one[0] for one in tied} > {"ring"}
    path = ask("POST", "/v1/watch", ENTRY | {"entity_type": "recruiter", "entity_id": "R1"}).headers["location"]
    by_claims = [one["entity_id"] for one in ask("GET", f"{path}/spread").json()["tied"] if one["by"] == "claim"]
    assert by_claims == ["P1", "P2"]
