"""A run comes in while requests go on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import tiny

from ringfinder.workspace import Workspace
from tests.api.conftest import Served, serving, until
from tests.api.load import load


def test_new_run_takes_over_under_load_without_a_failed_request(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    first = tiny.publish_run(workspace, graph=True)
    with serving(workspace) as service:
        until(service.ready)
        key = service.key("analyst")
        with load(service, key) as answers, service.client(key) as client:
            second = tiny.publish_run(workspace, replace(tiny.FINDINGS, rings=(tiny.ALERT,)), graph=True)
            until(lambda: client.get("/readyz").json()["run_id"] == second)
            until(lambda: client.get("/v1/rings").json()["run_id"] == second)
        with service.client(key) as client:
            assert {status for status, _ in answers} == {200}
            assert {run_id for _, run_id in answers} == {first, second}
            assert answers[200, first] > 50
            assert client.get("/v1/rings/R0").status_code == 404
            history = client.get("/v1/rings/R;1/history").json()["history"]
            assert [one["run_id"] for one in history] == [second, first]
            compared = client.get("/v1/runs:compare").json()
            assert (compared["before"], compared["after"]) == (first, second)
            assert [(one["ring_id"], one["change"]) for one in compared["changes"]] == [("R0", "gone")]
            listed = client.get("/v1/runs").json()["runs"]
            assert [(run["run_id"], run["served"]) for run in listed] == [(second, True), (first, False)]


def test_service_starts_before_the_first_run_and_says_what_is_missing(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    with serving(workspace) as service, service.client(None) as client:
        until(lambda: client.get("/readyz").json()["code"] == "no_run")
        refused = client.get("/readyz")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        assert client.get("/healthz").json() == {"status": "ok"}
        assert f"{service.url}/welcome#first-" in "".join(service.printed)  # nobody is there to log in either
        key = service.key("analyst")
        with service.client(key) as mine:
            for path in ("/v1/scores/patient/P1", "/v1/rings", "/v1/runs", "/v1/rings/R0/graph"):
                answer = mine.get(path)
                assert (answer.status_code, answer.json()["code"]) == (503, "no_run"), path
            run_id = tiny.publish_run(workspace, graph=True)
            until(service.ready)
            assert mine.get("/v1/scores/patient/P1").json()["run_id"] == run_id


def test_run_that_cannot_be_read_leaves_the_one_before_in_place(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    first = tiny.publish_run(workspace, graph=True)
    with serving(workspace) as service:
        until(service.ready)
        broken = publish_broken(workspace)
        until(lambda: any(line["message"] == "run not loaded" for line in service.lines()))
        with service.client(service.key("viewer")) as client:
            assert client.get("/readyz").json()["run_id"] == first
            assert client.get("/v1/rings").json()["run_id"] == first
            assert [run["run_id"] for run in client.get("/v1/runs").json()["runs"]] == [broken, first]


def publish_broken(workspace: Path) -> str:
    with Workspace(workspace).new_run() as draft:
        return draft.publish().run_id


def test_service_says_what_is_wrong_with_its_first_run(tmp_path: Path) -> None:
    publish_broken(tmp_path / "workspace")
    with serving(tmp_path / "workspace") as service, service.client(None) as client:
        until(lambda: client.get("/readyz").json()["code"] == "run_unreadable")


def test_log_and_figures_name_nobody(served: Served) -> None:
    key = served.key("system", "viewer", "admin")
    with served.client(key) as client:
        client.get("/v1/scores/patient/P00001")
        client.get("/v1/scores/patient/110101195001011234")
        client.get("/v1/rings", params={"facility": "H0001"})
        figures = client.get("/metrics")
        rings = client.get("/v1/rings").json()["total"]
    assert figures.headers["content-type"].startswith("text/plain")
    lines = [line for line in served.lines() if line["message"] == "request"]
    scores = [line for line in lines if str(line["route"]).startswith("/v1/scores/{entity_type}")]
    assert {line["status"] for line in scores} >= {200, 404}
    assert all(re_id and ms >= 0 for re_id, ms in ((line["request_id"], line["ms"]) for line in lines))  # type: ignore[operator]
    said = figures.text + "".join(served.log)
    for private in ("P00001", "110101195001011234", "H0001", key, key.split("_", 2)[2]):
        assert private not in said
    assert 'ringfinder_requests_total{method="GET",route="/v1/rings",status="200"}' in figures.text
    assert f"ringfinder_run_rings {float(rings)}" in figures.text
