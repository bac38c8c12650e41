"""The service is killed while it writes, and nothing that it acknowledged is lost or half. (`make soak` does it 50 times.)"""

from __future__ import annotations

import random
import signal
import threading
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import tiny

from ringfinder.casebook import audit, webhooks
from ringfinder.casebook.database import open_casebook
from ringfinder.workspace import Workspace
from tests.api.conftest import SOAK, Served, serving
from tests.casebook.agreeing import agree

KILLS = 50 if SOAK else 5
MOST_SECONDS = 0.6


class Writer:
    """Changes things one after the other until the service is gone; knows what was acknowledged and what was under way."""

    def __init__(self, service: Served, key: str, run_id: str) -> None:
        self.hooks: dict[str, str] = {}  # the address that was asked for, and the id that was told
        self.pinned: set[bool] = {False, True}  # what may stand there now
        self.began = threading.Event()
        self._client = service.client(key)
        self._run_id = run_id
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def join(self) -> None:
        self._thread.join()
        self._client.close()

    def _write(self) -> None:
        number = 0
        try:
            while True:
                number += 1
                pin = bool(number % 2)
                self.pinned.add(pin)
                answer = self._client.post(f"/v1/runs/{self._run_id}:{'pin' if pin else 'unpin'}")
                assert answer.status_code == 200
                self.pinned = {pin}
                url = f"https://8.8.8.8/{number}"
                made = self._client.post("/v1/webhooks", json={"url": url}, headers={"idempotency-key": f"n{number}"})
                assert made.status_code == 201
                self.hooks[url] = made.json()["webhook_id"]
                self.began.set()
        except httpx.TransportError:
            return


class Clerk:
    """Works on cases and tips until the service is gone; knows the state at each version that was acknowledged."""

    def __init__(self, service: Served, key: str) -> None:
        self.at: dict[tuple[str, int], str] = {}
        self.notes = 0
        self.began = threading.Event()
        self._client = service.client(key)
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def join(self) -> None:
        self._thread.join()
        self._client.close()

    def _work(self) -> None:
        try:
            for number in count():
                self._case(number)
                self._tip()
        except httpx.TransportError:
            return

    def _ask(self, path: str, seen: int, status: int = 200, **body: Any) -> dict[str, Any]:
        answer = self._client.post(path, json=body, headers={"if-match": f'"{seen}"'})
        assert answer.status_code == status, answer.text
        return answer.json()

    def _told(self, told: dict[str, Any]) -> int:
        version: int = told["version"]
        self.at[told["case_id"] if "case_id" in told else told["tip_id"], version] = told["state"]
        self.began.set()
        return version

    def _case(self, number: int) -> None:
        made = self._ask("/v1/cases", 0, 201, title=f"case {number}", districts=["east"])
        path, seen = f"/v1/cases/{made['case_id']}", self._told(made)
        for step, body in (("assign", {}), ("begin", {}), ("change", {"title": "other words", "due_on": "2030-01-02"})):
            seen = self._told(self._ask(f"{path}:{step}", seen, **body))
        self._client.post(f"{path}/notes", json={"text": "nobody answers"}).raise_for_status()
        self.notes += 1
        found = {"subject_id": "F1", "behaviour": "other_fraud", "amount": "100.00", "established_on": "2024-06-03"}
        seen = self._told(self._ask(f"{path}/violations", seen, **found))
        wanted = {"violation": 1, "kind": "police"}
        seen = self._told(self._ask(f"{path}/decisions", seen, **wanted))
        seen = self._told(self._ask(f"{path}/decisions/1:issue", seen, decided_on="2024-06-04"))
        self._told(self._ask(f"{path}:close", seen, resolution="confirmed"))

    def _tip(self) -> None:
        said = {"channel": "letter", "district": "east", "received_on": "2024-06-03", "summary": "beds are empty"}
        made = self._ask("/v1/tips", 0, 201, **said)
        path, seen = f"/v1/tips/{made['tip_id']}", self._told(made)
        for step in ({"step": "acknowledge"}, {"step": "check", "outcome": "partly"}, {"step": "close"}):
            seen = self._told(self._ask(f"{path}:step", seen, on="2024-06-04", **step))


def test_nothing_acknowledged_is_lost_when_the_service_is_killed_while_it_writes(tmp_path: Path) -> None:
    moments = random.Random(20240301)
    killed_with_writes = killed_with_cases = 0
    for attempt in range(KILLS):
        workspace = tmp_path / str(attempt)
        run_id = tiny.publish_run(workspace)
        with serving(workspace, "--workers", "2" if attempt % 5 == 4 else "1") as service:
            writer = Writer(service, service.key("admin", "viewer"), run_id)
            clerk = Clerk(service, service.key("supervisor", "tip_officer"))
            assert writer.began.wait(60)
            assert clerk.began.wait(60)
            threading.Event().wait(moments.random() * MOST_SECONDS)
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
            writer.join()
            clerk.join()
        assert Workspace(workspace).needed().pinned in writer.pinned
        with open_casebook(workspace) as book:
            kept = {hook.webhook_id: hook.url for hook in webhooks.active(book)}
            trail = audit.verify(book)
            recorded = {one.subject for one in audit.latest(book, 1000) if one.action == "webhook.created"}
            told = agree(book)
        assert {key: told.at[key[0]].get(key[1]) for key in clerk.at} == clerk.at
        noted = sum(actions["case.noted"] for actions in told.actions.values())
        assert 0 <= told.writes - len(clerk.at) - clerk.notes <= 1
        assert clerk.notes <= noted
        assert {url: kept.get(webhook_id) for url, webhook_id in writer.hooks.items()} == {
            url: url for url in writer.hooks
        }
        assert recorded == set(kept)
        assert trail.broken is None
        killed_with_writes += len(writer.hooks)
        killed_with_cases += len(clerk.at)
    print(f"{KILLS} kills: {killed_with_writes} webhooks and {killed_with_cases} steps of cases and tips acknowledged")
    assert killed_with_writes > KILLS
    assert killed_with_cases > KILLS
