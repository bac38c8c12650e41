"""`ringfinder serve --workers 2`: runs are swapped, processes die, and callers see nothing of it."""

from __future__ import annotations

import os
import re
import signal
import time
from dataclasses import replace
from pathlib import Path

import httpx
import tiny

from ringfinder.casebook import audit, webhooks
from ringfinder.casebook.database import open_casebook
from tests.api.conftest import SOAK, Served, serving, until
from tests.api.load import CALLERS, LOST, load

SWAPS = 20 if SOAK else 1
DEATHS = 50 if SOAK else 1
FRESH = 12  # new connections that must all see the same: they go to whichever process is free


def processes(served: Served) -> set[int]:
    """The processes that answer."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            if parent == served.process.pid and b"spawn_main" in (place / "cmdline").read_bytes():
                found.add(int(place.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def everywhere(served: Served, path: str, key: str, name: str) -> set[object]:
    """What new connections are told."""
    told = set()
    for _ in range(FRESH):
        with served.client(key) as client:
            told.add(client.get(path).json().get(name))
    return told


def test_runs_are_swapped_under_load_and_dead_processes_replaced(tmp_path: Path) -> None:
    first = tiny.publish_run(tmp_path, graph=True)
    with serving(tmp_path, "--workers", "2") as service:
        key = service.key("analyst", "admin", "viewer")
        until(lambda: everywhere(service, "/v1/rings", key, "run_id") == {first})
        assert len(processes(service)) == 2
        runs = [first]
        with load(service, key) as answers:
            for _ in range(SWAPS):
                runs.append(tiny.publish_run(tmp_path, replace(tiny.FINDINGS, rings=(tiny.ALERT,)), graph=True))
                until(lambda: everywhere(service, "/v1/rings", key, "run_id") == {runs[-1]})
        assert {status for status, _ in answers} == {200}
        assert set(runs) == {run_id for _, run_id in answers}
        with service.client(key) as client:
            text = client.get("/metrics").text
        counted = re.findall(r'ringfinder_requests_total\{.*route="/v1/rings/\{ring_id\}",status="200"\} (\d+)', text)
        asked = sum(answers.values())
        assert abs(sum(map(int, counted)) - asked / 3) <= CALLERS  # of both, whichever tells it
        hooks: dict[str, str] = {}
        for death in range(DEATHS):
            before = processes(service)
            with load(service, key) as answers:
                os.kill(min(before), signal.SIGKILL)
                with service.client(key) as client:
                    hooks |= write(client, death)
                until(lambda before=before: len(processes(service) - {min(before)}) == 2)  # type: ignore[misc]
                until(lambda: everywhere(service, "/v1/rings", key, "run_id") == {runs[-1]})
            assert {status for status, _ in answers} <= {200, 503, LOST[0]}
            assert answers[LOST] <= 2 * CALLERS
        with open_casebook(tmp_path) as book:
            assert {hook.webhook_id: hook.url for hook in webhooks.active(book)}.items() >= hooks.items()
            assert audit.verify(book).broken is None
        left = processes(service)
        service.process.kill()
        service.process.wait()
        until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() and _alive(pid) for pid in left), seconds=60)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def write(client: httpx.Client, death: int) -> dict[str, str]:
    """Webhooks that were acknowledged, by id, while a process dies; who loses the connection asks again with the same key."""
    made = {}
    for number in range(3):
        url = f"https://8.8.8.8/{death}/{number}"
        ends = time.monotonic() + 60
        while True:
            assert time.monotonic() < ends
            try:
                answer = client.post(
                    "/v1/webhooks", json={"url": url}, headers={"idempotency-key": f"w{death}-{number}"}
                )
            except httpx.TransportError:
                continue
            if answer.status_code == 201:
                made[answer.json()["webhook_id"]] = url
                break
            assert answer.status_code == 409, answer.text  # the dead process began it
            break
    return made
