"""Runs that callers ask for: each in a process of its own, so that no request ever waits for one.

    POST /v1/jobs ─> jobs.begin ─> a process (pipeline.ordered) ─> a published run ─> served as every new run
                        │                │ its events
                        └── held ────────┴─> jobs/JOB_ID/events.jsonl ─> whoever watches

The service holds the job alive beside the process until its end is told: a job that nobody holds and that has no end was
interrupted, whatever was killed. Where the service is killed, the process ends by itself, since its stdin closes. Only a
process that was started here is ever ended here; another service on the same workspace asks for that by the job's file `cancel`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import anyio
from anyio.abc import TaskGroup

from ringfinder.errors import RingFinderError
from ringfinder.pipeline import heap
from ringfinder.pipeline.jobs import CANCEL, CLAIMS, ENDS, Job, JobOrder, JobRunning, Jobs, read_events, tell
from ringfinder.words.sentences import Sentence, in_both
from ringfinder.workspace import StoredRun, Workspace
from ringfinder_api.logs import ROOT, scene
from ringfinder_api.problems import Problem

LOOK_SECONDS = 0.2
AGAIN = 30  # seconds after which a caller may ask again while a run goes on
LOG = logging.getLogger(ROOT)


class Detections:
    """The jobs of a workspace, and the processes of those that were started here."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.jobs = Jobs(workspace.folder.resolve())
        self.tasks: TaskGroup | None = None  # while the service goes

    async def check_free(self) -> None:
        """Problem where a run is going on, ours or that of a command line."""
        if await asyncio.to_thread(self.jobs.running) is not None:
            raise Problem("job_running", wait=AGAIN)
        if await asyncio.to_thread(self._workspace.is_busy):
            raise Problem("workspace_busy", wait=AGAIN)

    async def start(self, job_id: str, order: JobOrder) -> Job:
        """Begin a job, after `check_free`; Problem where another began meanwhile."""
        assert self.tasks is not None, "the service does not go"
        with anyio.CancelScope(shield=True):  # what was begun is watched, whether or not the caller still waits
            try:
                job, held = await asyncio.to_thread(self._begin, job_id, order)
            except JobRunning as error:
                raise Problem("job_running", wait=AGAIN) from error
            process = await asyncio.to_thread(_spawn, job, self._workspace, held)
            self.tasks.start_soon(self._watch, job, process, held)
        LOG.info("job begun", extra={"job_id": job.job_id, "caller": order.ordered_by})
        return job

    def _begin(self, job_id: str, order: JobOrder) -> tuple[Job, int]:
        before = self._current()
        store = "embedded" if before is None else before.store
        run_id = None if before is None else before.run_id
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        return self.jobs.begin(job_id, replace(order, before=run_id, store=store, ordered_at=now))

    def _current(self) -> StoredRun | None:
        try:
            return self._workspace.current()
        except RingFinderError:  # the next run mends it
            return None

    async def _watch(self, job: Job, process: subprocess.Popen[bytes], held: int) -> None:
        stopped = "interrupted"  # where the service ends before the job does
        try:
            while process.poll() is None:
                await anyio.sleep(LOOK_SECONDS)
                if stopped != "cancelled" and (job.folder / CANCEL).exists():
                    stopped = "cancelled"
                    process.kill()
            if stopped != "cancelled":
                stopped = "failed"  # unless it told another end itself
        finally:
            with anyio.CancelScope(shield=True):
                try:
                    end = await asyncio.to_thread(self._conclude, job, process, held, stopped)
                    LOG.info("job ended", extra={"job_id": job.job_id, "end": end})
                except OSError as error:  # no room to tell it: then it shows as interrupted
                    LOG.error("end of job not told", extra={"job_id": job.job_id, "scene": scene(error)})

    def _conclude(self, job: Job, process: subprocess.Popen[bytes], held: int, stopped: str) -> str:
        """Wait for the process, tell how the job ended where it has not, and let go of it."""
        process.kill()
        code = process.wait()
        assert process.stdin is not None
        process.stdin.close()
        try:
            events = read_events(job.folder)
            if events and events[-1].event in ENDS:
                return events[-1].event
            shutil.rmtree(job.folder / CLAIMS, ignore_errors=True)
            current = self._current()
            if current is not None and current.run_id != job.order.before:  # it was published in the last moment
                tell(job.folder, "finished", run_id=current.run_id)
                return "finished"
            if stopped == "failed":
                tell(job.folder, "failed", detail=in_both(Sentence("faults.job_stopped", code=code)))
            else:
                tell(job.folder, stopped)
            return stopped
        finally:
            os.close(held)


def _spawn(job: Job, workspace: Workspace, held: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "ringfinder.pipeline.ordered", job.folder.resolve(), workspace.folder.resolve()],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(held,),
        env=heap.environment(),
    )
