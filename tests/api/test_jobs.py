"""Runs that callers ask for, on a real service: started, watched, cancelled, killed."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import tiny

from ringfinder.casebook import audit
from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.keys import split
from ringfinder.pipeline.jobs import Jobs
from ringfinder.workspace import Workspace
from tests.api.conftest import COMMAND, Served, serving, until


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Claim sets on the service's machine: one that is good, one that is none, and ways that lead elsewhere."""
    folder = tmp_path_factory.mktemp("mounted")
    tiny.write_csv(folder / "2024" / "march")
    (folder / "empty").mkdir()
    tiny.write_csv(folder.parent / "outside")
    (folder / "link").symlink_to(folder.parent / "outside")
    (folder / "links").mkdir()
    (folder / "links" / "claims.csv").symlink_to(folder.parent / "outside" / "claims.csv")
    tiny.write_csv(folder / ".hidden")
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Served]:
    """A service that has no run yet."""
    with serving(tmp_path_factory.mktemp("jobs") / "workspace", "--claims", str(root)) as service:
        yield service


@pytest.fixture(scope="module")
def keeper(place: Served) -> Iterator[httpx.Client]:
    with place.client(place.key("supervisor", "admin")) as client:
        yield client


def start(client: httpx.Client, **order: Any) -> dict[str, Any]:
    answer = client.post("/v1/jobs", json={"claims": "2024/march"} | order)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{job['job_id']}"
    return job


def ended(client: httpx.Client, job_id: str) -> dict[str, Any]:
    """The job once it has ended."""
    found: dict[str, Any] = {}

    def over() -> bool:
        nonlocal found
        found = client.get(f"/v1/jobs/{job_id}").json()
        return found["state"] not in ("running", "cancelling")

    until(over)
    return found


def events(client: httpx.Client, job_id: str, last: str | None = None) -> list[tuple[int, str, dict[str, Any]]]:
    """The whole stream."""
    headers = {} if last is None else {"last-event-id": last}
    answer = client.get(f"/v1/jobs/{job_id}/events", headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = []
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in lines:
            told.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return told


def test_run_is_started_watched_to_its_end_and_served(keeper: httpx.Client, place: Served) -> None:
    job = start(keeper, settings={"detection": {"alert_q": 0.01}})
    assert (job["state"], job["claims"], job["run_id"]) == ("running", "2024/march", None)
    told = events(keeper, job["job_id"])
    assert [number for number, _, _ in told] == list(range(1, len(told) + 1))
    assert {name for _, name, _ in told[:-1]} == {"progress"}
    stages = list(dict.fromkeys(content["stage"] for _, _, content in told[:-1]))
    assert stages[0] == "claims.stage_reading"
    assert stages[-3:] == ["graph", "write", "publish"]
    _, name, last = told[-1]
    assert (name, last["state"], last["share"]) == ("finished", "finished", 1.0)
    run = Workspace(place.workspace).needed()
    assert last["run_id"] == run.run_id
    assert run.info["settings"]["detection"]["alert_q"] == 0.01
    assert run.info["source"] == "march"
    until(lambda: keeper.get("/readyz").json().get("run_id") == run.run_id)
    again = events(keeper, job["job_id"], last=str(told[-3][0]))
    assert [number for number, _, _ in again] == [told[-2][0], told[-1][0]]
    # Browsers ask again after each end of a stream, until they are told 204.
    seen = keeper.get(f"/v1/jobs/{job['job_id']}/events", headers={"last-event-id": str(told[-1][0])})
    assert (seen.status_code, seen.content) == (204, b"")
    chinese = keeper.get(f"/v1/jobs/{job['job_id']}", headers={"accept-language": "zh"}).json()
    assert chinese["stage_name"] == "发布"
    assert keeper.get("/v1/jobs").json()["jobs"][0] == ended(keeper, job["job_id"])


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "../outside",
        "2024/../../outside",
        "/etc",
        "2024//march",
        "2024/march/",
        ".",
        ".hidden",
        "link",
        "links",
        "link/claims.csv",
        "links/claims.csv",
        "2024\\march",
        "2024/march\0",
        "é" * 300,
        "\ud800",
    ],
)
def test_claims_elsewhere_are_as_unknown_as_none(keeper: httpx.Client, name: str) -> None:
    body = json.dumps({"claims": name}).encode()
    answer = keeper.post("/v1/jobs", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) in ((404, "unknown_claims"), (422, "invalid"))
    assert "outside" not in answer.text


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"detection": {"alert_q": 2}}, "detection.alert_q"),
        ({"detection": {"threads": 1, "memory_gb": 1.0}}, "detection.threads, detection.memory_gb"),
        ({"detection": {"alert_q": "x"}, "claims": {"nothing": 1}}, "detection.alert_q, claims.nothing"),
        ({"secrets": {}}, "secrets"),
        ({"110101195001011234": {"x": 1}}, "..."),
    ],
)
def test_wrong_settings_are_named(keeper: httpx.Client, settings: dict[str, Any], named: str) -> None:
    answer = keeper.post("/v1/jobs", json={"claims": "2024/march", "settings": settings})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_settings")
    assert f"callers to choose: {named}; docs" in answer.json()["detail"]


def test_claims_that_cannot_be_read_end_the_job_with_a_sentence(keeper: httpx.Client) -> None:
    job = ended(keeper, start(keeper, claims="empty")["job_id"])
    assert (job["state"], job["run_id"]) == ("failed", None)
    assert job["detail"].startswith("empty: the folder holds no claims")
    chinese = keeper.get(f"/v1/jobs/{job['job_id']}", headers={"accept-language": "zh"}).json()
    assert chinese["detail"].startswith("empty：文件夹中没有费用记录；请放入 ")


def test_same_request_twice_is_done_once(keeper: httpx.Client) -> None:
    headers = {"idempotency-key": "order-1"}
    first = keeper.post("/v1/jobs", json={"claims": "empty"}, headers=headers)
    job_id = first.json()["job_id"]
    ended(keeper, job_id)
    again = keeper.post("/v1/jobs", json={"claims": "empty"}, headers=headers)
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == f"/v1/jobs/{job_id}"
    other = keeper.post("/v1/jobs", json={"claims": "2024"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "repeat_differs")
    assert [job["job_id"] for job in keeper.get("/v1/jobs").json()["jobs"]].count(job_id) == 1
    wrong = keeper.post("/v1/jobs", json={"claims": "empty"}, headers={"idempotency-key": "a b"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")


def test_only_one_runs_at_a_time_and_a_cancelled_one_leaves_the_last_good_run(
    keeper: httpx.Client, place: Served
) -> None:
    current = tiny.publish_run(place.workspace, graph=True)
    with Workspace(place.workspace).new_run():  # a command line's
        refused = keeper.post("/v1/jobs", json={"claims": "2024/march"})
        assert (refused.status_code, refused.json()["code"]) == (409, "workspace_busy")
    job_id = start(keeper)["job_id"]
    for path, sent in (("/v1/jobs", {"json": {"claims": "empty"}}), ("/v1/jobs:upload", {"files": {"files": b"x"}})):
        refused = keeper.post(path, **sent)  # type: ignore[arg-type]
        assert (refused.status_code, refused.json()["code"]) == (409, "job_running")
        assert refused.headers["retry-after"] == "30"
    asked = keeper.post(f"/v1/jobs/{job_id}:cancel")
    assert (asked.status_code, asked.json()["state"]) in ((200, "cancelling"), (200, "cancelled"))
    assert ended(keeper, job_id)["state"] == "cancelled"
    assert Workspace(place.workspace).needed().run_id == current
    until(lambda: keeper.get("/readyz").json().get("run_id") == current)
    assert keeper.post(f"/v1/jobs/{job_id}:cancel").json()["state"] == "cancelled"
    assert events(keeper, job_id)[-1][1] == "cancelled"


def processes_of(job_id: str) -> list[int]:
    """Processes whose command line names the job."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if job_id.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_killed_service_leaves_an_interrupted_job_and_no_process(tmp_path: Path, root: Path) -> None:
    workspace = tmp_path / "workspace"
    run_id = tiny.publish_run(workspace, graph=True)
    with serving(workspace, "--claims", str(root)) as service, service.client(service.key("admin")) as client:
        job_id = start(client)["job_id"]
        until(lambda: bool(processes_of(job_id)))
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        until(lambda: not processes_of(job_id))
    assert Workspace(workspace).needed().run_id == run_id
    with serving(workspace, "--claims", str(root)) as service, service.client(service.key("admin")) as client:
        assert client.get(f"/v1/jobs/{job_id}").json()["state"] == "interrupted"
        assert client.get(f"/v1/jobs/{job_id}/events").text.count("event: interrupted") == 1
        until(service.ready)
        second = start(client)["job_id"]
        until(
            lambda: bool(processes_of(second))
        )  # it bears the job's name from the moment it has begun its own program
        (pid,) = processes_of(second)
        os.kill(pid, signal.SIGKILL)
        told = ended(client, second)
        assert (told["state"], "exit code -9" in told["detail"]) == ("failed", True)
        assert client.get("/readyz").json()["run_id"] == run_id


def test_service_that_is_told_to_stop_ends_its_job_and_its_watchers(tmp_path: Path, root: Path) -> None:
    workspace = tmp_path / "workspace"
    with serving(workspace, "--claims", str(root)) as service, service.client(service.key("admin")) as client:
        job_id = start(client)["job_id"]
        with client.stream("GET", f"/v1/jobs/{job_id}/events") as watching:
            lines = watching.iter_lines()
            assert next(lines) == "retry: 2000"
            service.process.terminate()
            assert service.process.wait(8) in (0, -signal.SIGTERM)  # without it, it would wait for 10 s
    job = Jobs(workspace).find(job_id)
    assert job is not None
    assert job.state == "interrupted"
    assert job.end is not None


def archive(**files: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return sink.getvalue()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tiny.write_csv(tmp_path_factory.mktemp("tables"))
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_uploaded_claims_are_run_and_gone_afterwards(
    keeper: httpx.Client, place: Served, tables: dict[str, bytes]
) -> None:
    data = {"profile": "canonical", "settings": json.dumps({"detection": {"seed": 5}})}
    sent = [("files", (name, content)) for name, content in tables.items()]
    answer = keeper.post("/v1/jobs:upload", files=sent, data=data)
    assert answer.status_code == 202, answer.text
    assert answer.json()["claims"] is None
    job = ended(keeper, answer.json()["job_id"])
    assert job["state"] == "finished", job
    run = Workspace(place.workspace).needed()
    assert (run.run_id, run.info["tables"]["claims"], run.info["profile"]) == (job["run_id"], 6, "canonical")
    assert run.info["settings"]["detection"]["seed"] == 5
    folder = place.workspace / "jobs" / job["job_id"]
    assert sorted(file.name for file in folder.iterdir()) == ["alive", "events.jsonl", "order.json"]
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (folder, *folder.iterdir())}
    assert modes == {0o700, 0o600}


def test_files_of_an_archive_are_read_as_if_they_were_sent_one_by_one(
    keeper: httpx.Client, tables: dict[str, bytes]
) -> None:
    half = tables["claims.csv"].replace(b"patient_id", b"something")
    content = archive(**{"city/claims.csv": half, "city/patients.csv": tables["patients.csv"], "__MACOSX/x": b"y"})
    answer = keeper.post("/v1/jobs:upload", files={"files": ("city.ZIP", content)})
    job = ended(keeper, answer.json()["job_id"])
    assert job["state"] == "failed"
    assert job["detail"].startswith("claims.csv")
    assert "patient_id" in job["detail"]


def kept(place: Served) -> list[str]:
    """Files and folders of jobs, at any depth, but for the lock; nothing before the first job."""
    folder = place.workspace / "jobs"
    return sorted(str(entry.relative_to(folder)) for entry in folder.rglob("*") if entry.name != ".lock")


def bomb() -> bytes:
    return archive(**{"claims.csv": b"0" * (4 * 1024 * 1024)})


def linked() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        entry = zipfile.ZipInfo("claims.csv")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(entry, "/etc/passwd")
    return sink.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.zip", bomb, "unpacks_too_large"),
        ("x.zip", linked, "unsafe_name"),
        ("x.zip", lambda: archive(**{"../claims.csv": b"x"}), "unsafe_name"),
        ("x.zip", lambda: archive(**{"/claims.csv": b"x"}), "unsafe_name"),
        ("x.zip", lambda: archive(**{"a\\claims.csv": b"x"}), "unsafe_name"),
        ("x.zip", lambda: archive(**{"a/claims.csv": b"x", "b/claims.csv": b"y"}), "unsafe_name"),
        ("x.zip", lambda: archive(**{"claims.csv": b"x", "CLAIMS.csv": b"y"}), "unsafe_name"),
        ("x.zip", lambda: archive(**{f"claims-{i}.csv": b"x" for i in range(65)}), "too_many_files"),
        ("x.zip", lambda: b"PK no archive", "bad_archive"),
        ("x.zip", lambda: archive(**{"claims.csv": b"x" * 5000})[:-40], "bad_archive"),
        ("claims.csv.gz", lambda: b"\x1f\x8b no archive", "bad_archive"),
        ("../claims.csv", lambda: b"x", "unsafe_name"),
        ("a/claims.csv", lambda: b"x", "unsafe_name"),
        (".claims.csv", lambda: b"x", "unsafe_name"),
    ],
)
def test_upload_that_would_do_harm_is_refused_and_nothing_stays(
    keeper: httpx.Client, place: Served, name: str, content: Any, code: str
) -> None:
    before = kept(place)
    answer = keeper.post("/v1/jobs:upload", files={"files": (name, content())})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert kept(place) == before


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"x", "application/json", "invalid"),
        (b"x", "multipart/form-data", "invalid"),
        (b"x", "multipart/form-data; boundary=b", "bad_form"),
        (b"--b\r\nContent-Disposition: form-data; name=files; filename=claims.csv\r\n\r\nx", "multipart/form-data; boundary=b", "bad_form"),
        (b"--b--\r\n", "multipart/form-data; boundary=b", "invalid"),
        (b"--b\r\nContent-Disposition: form-data; name=other\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b", "invalid"),
    ],
)  # fmt: skip
def test_body_that_is_no_whole_form_is_refused(keeper: httpx.Client, content: bytes, kind: str, code: str) -> None:
    answer = keeper.post("/v1/jobs:upload", content=content, headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_pinned_and_current_runs_are_not_removed(keeper: httpx.Client, place: Served) -> None:
    made = [tiny.publish_run(place.workspace) for _ in range(3)]
    pinned = keeper.post(f"/v1/runs/{made[0]}:pin")
    assert (pinned.status_code, pinned.json()["pinned"]) == (200, True)
    assert keeper.post("/v1/runs/20990101-000000-000001:pin").json()["code"] == "unknown_run"
    answer = keeper.post("/v1/runs:prune", json={"keep": 0})
    removed = answer.json()["removed"]
    assert made[1] in removed
    assert {run.run_id: run.pinned for run in Workspace(place.workspace).list_runs()} == {made[0]: True, made[2]: False}
    assert keeper.post(f"/v1/runs/{made[0]}:unpin").json()["pinned"] is False
    assert keeper.post("/v1/runs:prune", json={"keep": 0}).json() == {"removed": [made[0]]}
    with Workspace(place.workspace).new_run():
        busy = keeper.post("/v1/runs:prune", json={"keep": 0})
    assert (busy.status_code, busy.json()["code"]) == (409, "workspace_busy")
    assert keeper.post("/v1/runs:prune", json={"keep": -1}).json()["code"] == "invalid"


def test_every_change_is_in_the_audit_trail_before_it_is_made(keeper: httpx.Client, place: Served) -> None:
    run_id = tiny.publish_run(place.workspace)
    job_id = start(keeper, claims="empty")["job_id"]
    keeper.post(f"/v1/jobs/{job_id}:cancel")
    keeper.post(f"/v1/runs/{run_id}:pin")
    keeper.post(f"/v1/runs/{run_id}:unpin")
    keeper.post("/v1/runs:prune", json={"keep": 5})
    keeper.post("/v1/runs/20990101-000000-000001:pin")  # nothing that is there
    with open_casebook(place.workspace) as book:
        told = [(one.action, one.subject) for one in audit.latest(book, 5)]
        actors = {one.actor for one in audit.latest(book, 5)}
        assert audit.verify(book).broken is None
    assert told == [
        ("runs.pruned", ""),
        ("run.unpinned", run_id),
        ("run.pinned", run_id),
        ("job.cancelled", job_id),
        ("job.started", job_id),
    ]
    assert actors == {f"key {split(keeper.headers['authorization'].split()[1])[0]}"}
    ended(keeper, job_id)


def test_command_pins_too(place: Served) -> None:
    command = ["runs", "pin", tiny.publish_run(place.workspace), "--workspace", place.workspace]
    done = subprocess.run([COMMAND, *command], capture_output=True, text=True, check=True)
    assert "is kept" in done.stdout
    assert Workspace(place.workspace).needed().pinned
