"""The service is killed while it writes, and nothing that it acknowledged is lost. (`make soak` does it 50 times.)"""

from __future__ import annotations

import random
import signal
import threading
from pathlib import Path

import httpx
import tiny

from ringfinder.casebook import audit, webhooks
from ringfinder.casebook.database import open_casebook
from ringfinder.workspace import Workspace
from tests.api.conftest import SOAK, Served, serving

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


def test_nothing_acknowledged_is_lost_when_the_service_is_killed_while_it_writes(tmp_path: Path) -> None:
    moments = random.Random(20240301)
    killed_with_writes = 0
    for attempt in range(KILLS):
        workspace = tmp_path / str(attempt)
        run_id = tiny.publish_run(workspace)
        with serving(workspace, "--workers", "2" if attempt % 5 == 4 else "1") as service:
            writer = Writer(service, service.key("admin", "viewer"), run_id)
            assert writer.began.wait(60)
            threading.Event().wait(moments.random() * MOST_SECONDS)
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
            writer.join()
        assert Workspace(workspace).needed().pinned in writer.pinned
        with open_casebook(workspace) as book:
            kept = {hook.webhook_id: hook.url for hook in webhooks.active(book)}
            trail = audit.verify(book)
            recorded = {one.subject for one in audit.latest(book, 1000) if one.action == "webhook.created"}
        assert {url: kept.get(webhook_id) for url, webhook_id in writer.hooks.items()} == {
            url: url for url in writer.hooks
        }
        assert recorded == set(kept)
        assert trail.broken is None
        killed_with_writes += len(writer.hooks)
    assert killed_with_writes > KILLS
