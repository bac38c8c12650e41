"""What-if: other settings on a run that stays as it is."""

from __future__ import annotations

from pathlib import Path

import httpx

from ringfinder.report.results import Results
from ringfinder.workspace import StoredRun
from ringfinder_api.rescoring import rescore_run
from tests.api.conftest import Served


def test_settings_of_the_run_itself_agree_with_what_the_detection_said(stored: StoredRun, results: Results) -> None:
    # Not equal to those that were used, so that every ring is judged from the results.
    _, judged = rescore_run(stored.folder.parents[1], stored.run_id, {"alert_coordination": -8.0 - 1e-9})
    assert {one["ring_id"]: one["alert_after"] for one, _ in judged} == {r.ring_id: r.alert for r in results.rings}


def test_stricter_settings_drop_the_weakest_alerts_and_the_run_stays(
    analyst: httpx.Client, served: Served, stored: StoredRun, results: Results
) -> None:
    found = sorted((ring.q_value for ring in results.rings if ring.alert), reverse=True)
    before = digest(served.workspace / "runs" / stored.run_id)
    answer = analyst.post(f"/v1/runs/{stored.run_id}:rescore", json={"alert_q": found[0] * 0.999})
    told = answer.json()
    assert answer.status_code == 200
    assert told["settings"] == {"alert_q": found[0] * 0.999, "alert_harm": 8.0, "alert_coordination": -8.0}
    dropped = {ring.ring_id for ring in results.rings if ring.alert and ring.q_value == found[0]}
    assert {one["ring_id"] for one in told["changes"]} == dropped
    assert (told["rings"], told["alerts_before"]) == (len(results.rings), len(found))
    assert told["alerts_after"] == len(found) - len(dropped)
    nothing = analyst.post(f"/v1/runs/{stored.run_id}:rescore", json={}).json()
    assert (nothing["changes"], nothing["alerts_after"]) == ([], len(found))
    assert digest(served.workspace / "runs" / stored.run_id) == before


def test_key_of_one_district_is_told_of_its_rings_alone(served: Served, stored: StoredRun, results: Results) -> None:
    place = next(ring.districts[0] for ring in results.rings if ring.districts)
    with served.client(served.key("analyst", districts=(place,))) as client:
        told = client.post(f"/v1/runs/{stored.run_id}:rescore", json={"alert_q": 0}).json()
        seen = client.get("/v1/rings?limit=200").json()
    assert (told["rings"], told["alerts_after"]) == (seen["total"], 0)
    assert told["alerts_before"] == sum(ring["alert"] for ring in seen["rings"])


def digest(folder: Path) -> dict[str, tuple[int, int]]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in files}
