"""Tells webhooks what a new run says that the one before did not.

    run served ─> news (a process of its own) ─> deliveries in the casebook ─> sent, signed as Standard Webhooks has it
                                                        └── tried again later, at last dead; replayed on demand

Several processes may do this on one casebook: each run is announced once, and a message is sent by whoever claims it. A
receiver may still get one twice (it answered, and the process died before that was written down): it tells by `webhook-id`.
The first run that is ever announced is no news: there is none to compare it with.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
from standardwebhooks import Webhook

from ringfinder.casebook import webhooks
from ringfinder.casebook.database import Casebook
from ringfinder.errors import RingFinderError
from ringfinder.report.files import read_results
from ringfinder.report.news import news
from ringfinder.workspace import Workspace
from ringfinder_api.logs import ROOT, scene
from ringfinder_api.outbound import Forbidden, Outbound
from ringfinder_api.served import ServedRun
from ringfinder_api.workers import Workers

LOOK_SECONDS = 1.0
AT_ONCE = 10
GONE = 410
MEDIA_TYPE = "application/json"
SHOWN = ("ring_id", "kind", "score", "q_value", "patients", "claims")
LOG = logging.getLogger(ROOT)
News = list[tuple[str, dict[str, Any]]]


class Teller:
    """Announces the runs that are served, and sends what is due."""

    def __init__(self, workspace: Workspace, run: ServedRun, workers: Workers, outbound: Outbound) -> None:
        self._workspace, self._run, self._workers = workspace, run, workers
        self._outbound = outbound
        self._announced: str | None = None

    async def follow(self, casebook: Casebook) -> None:
        """Look for new runs and due messages until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.announce(casebook)
                await self.send(casebook, datetime.now(UTC))
            except Exception as error:  # whatever it is, answers go on, and the next look may do better
                LOG.error("webhooks not told", extra={"scene": scene(error)})

    async def announce(self, casebook: Casebook) -> None:
        """Put the news of the run that is served on their way, once."""
        run_id = self._run.run_id
        if run_id is None or run_id == self._announced:
            return
        before = await asyncio.to_thread(webhooks.last_announced, casebook)
        told: News = []
        if before not in (None, run_id):
            try:
                told = await self._workers.load(news_of, self._workspace.folder, before, run_id)
            except RingFinderError as error:  # the run before is gone: nobody can say what is new
                LOG.warning("news unknown", extra={"run_id": run_id, "error": type(error).__name__})
        if await asyncio.to_thread(webhooks.announce, casebook, run_id, before, told):
            LOG.info("run announced", extra={"run_id": run_id, "news": len(told)})
        self._announced = run_id

    async def send(self, casebook: Casebook, now: datetime) -> None:
        """Send what is due at that time."""
        due = await asyncio.to_thread(webhooks.claim, casebook, now, AT_ONCE)
        async with anyio.create_task_group() as tasks:
            for one in due:
                tasks.start_soon(self._deliver, casebook, one, now)

    async def _deliver(self, casebook: Casebook, due: webhooks.Due, now: datetime) -> None:
        delivery = due.delivery
        headers = signed(due.secret, delivery.delivery_id, delivery.content, datetime.now(UTC))
        status = 0
        try:
            status = await self._outbound.post(due.url, delivery.content.encode(), headers)
            told = str(status)
        except Forbidden as error:
            told = str(error)
        except Exception as error:  # of the system, the network, TLS or the receiver's HTTP
            told = type(error).__name__
        arrived = 200 <= status < 300
        await asyncio.to_thread(
            webhooks.settle, casebook, delivery.delivery_id, arrived, told, now, last=status == GONE
        )
        LOG.info("webhook", extra={"delivery_id": delivery.delivery_id, "arrived": arrived, "told": told})


def signed(secret: str, delivery_id: str, content: str, at: datetime) -> dict[str, str]:
    """The headers of a message."""
    return {
        "content-type": MEDIA_TYPE,
        "user-agent": "ringfinder",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery_id, at, content),
    }


def news_of(folder: Path, before: str, after: str) -> News:
    """(event, data) of what became of rings between two runs; the work of a process of its own."""
    place = Workspace(folder)
    old, new = (read_results(place.run(run_id).results) for run_id in (before, after))
    return [
        (
            one.event,
            {name: getattr(one.ring, name) for name in SHOWN}
            | {"patients_before": one.patients_before, "patients_after": one.patients_after}
            | {"run_id": after, "previous_run_id": before},
        )
        for one in news(old, new)
    ]
