"""The run that is served, and the next one when it comes.

Every half second the file `current` is read. Where it names another run, that run is loaded beside the one being served,
and then takes its place by one assignment: whoever holds the old snapshot finishes on it. A run that cannot be loaded
leaves the old one in place; it is tried again after a while, since its graph may be on a server that rests.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from pathlib import Path

from ringfinder.workspace import Workspace
from ringfinder_api.building import build
from ringfinder_api.logs import ROOT, scene
from ringfinder_api.metrics import Metrics
from ringfinder_api.problems import Problem
from ringfinder_api.snapshot import Snapshot
from ringfinder_api.thawing import freeze, thaw
from ringfinder_api.workers import NICE, Workers

LOOK_SECONDS = 0.5
AGAIN_SECONDS = 15.0
SOON = 2  # seconds after which a caller may try again
LOG = logging.getLogger(ROOT)


class ServedRun:
    """What requests are answered from. `loading`: a run is on its way in."""

    def __init__(self, workspace: Workspace, workers: Workers, metrics: Metrics) -> None:
        self._workspace, self._workers, self._metrics = workspace, workers, metrics
        self._snapshot: Snapshot | None = None
        self._why_not = "loading"
        self._failed: tuple[str, float] = ("", 0.0)
        self.loading = False

    @property
    def run_id(self) -> str | None:
        """The run that is served; None while there is none."""
        return None if self._snapshot is None else self._snapshot.run_id

    @property
    def snapshot(self) -> Snapshot | None:
        """What is served; None while there is none."""
        return self._snapshot

    def name(self, entity_type: str, entity_id: str | None) -> str | None:
        """What a facility is called, as far as this run knows it."""
        if self._snapshot is None or entity_type != "facility" or entity_id is None:
            return None
        return self._snapshot.names.get(entity_id)

    def needed(self) -> Snapshot:
        """The snapshot; Problem that says why there is none."""
        if self._snapshot is None:
            raise Problem(self._why_not, wait=SOON)
        return self._snapshot

    async def follow(self) -> None:
        """Load what is current, and go on looking until cancelled."""
        while True:
            try:
                await self._look()
            except Exception as error:
                self._why_not = "run_unreadable"
                LOG.error("workspace not read", extra={"scene": scene(error)})
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        current = await asyncio.to_thread(self._workspace.current)
        if current is None:
            self._why_not = "no_run"
            return
        run_id = current.run_id
        rests = self._failed[0] == run_id and time.monotonic() - self._failed[1] < AGAIN_SECONDS
        if rests or (self._snapshot is not None and self._snapshot.run_id == run_id):
            return
        self.loading = True
        self._why_not = "loading"
        try:
            with tempfile.TemporaryDirectory(prefix=".serving-", dir=self._workspace.folder) as folder:
                file = Path(folder) / "snapshot"
                # Without a run nobody is answered yet whom the loading could delay.
                nice = 0 if self._snapshot is None else NICE
                await self._workers.load(load, self._workspace, run_id, file, nice=nice)
                self._show(await thaw(file))
        except Exception as error:
            self._failed = (run_id, time.monotonic())
            self._why_not = "run_unreadable"
            self._metrics.loads.labels("failed").inc()
            LOG.error("run not loaded", extra={"run_id": run_id, "scene": scene(error)})
        finally:
            self.loading = False

    def _show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._metrics.loads.labels("served").inc()
        self._metrics.rings.set(len(snapshot.rings))
        self._metrics.entities.set(sum(map(len, snapshot.known.values())))
        self._metrics.loaded_at.set_to_current_time()
        LOG.info("run served", extra={"run_id": snapshot.run_id, "rings": len(snapshot.rings)})


def load(workspace: Workspace, run_id: str, file: Path) -> None:
    """Write a run's snapshot into a file; the work of a process of its own."""
    freeze(build(workspace.folder, run_id), file)
