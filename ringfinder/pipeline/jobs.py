"""Jobs: runs that somebody asked the service for, each in a folder that tells its whole story.

    WORKSPACE/jobs/JOB_ID/   mode 700
      order.json             what was asked for, when and by whom
      events.jsonl           what happened, one event a line; an event's number is that of its line
      alive                  held by flock by the process that runs it and by the one that started it
      cancel                 somebody wants it ended
      claims/                what was uploaded for it, until it ends

Nothing else is remembered anywhere, so that every process sees the same and none has to survive: a job whose last event ends
it has ended; one whose `alive` is held is running; one with neither was interrupted, whoever was killed. Only one job of a
workspace runs at a time. Its events are written by the process that runs it (`pipeline.ordered`), and where that died
without a word by the one that started it, which lets go of `alive` only afterwards.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from ringfinder.errors import StoreError
from ringfinder.locks import is_held

State = Literal["running", "cancelling", "finished", "failed", "cancelled", "interrupted"]
End = Literal["finished", "failed", "cancelled", "interrupted"]
ENDS: tuple[End, ...] = get_args(End)
FOLDER, ORDER, EVENTS, ALIVE, CANCEL, CLAIMS = "jobs", "order.json", "events.jsonl", "alive", "cancel", "claims"
_NEW = ".new-"
MOST_KEPT = 100  # jobs that ended; the oldest go when another begins
ID_BYTES = 8


@dataclass(frozen=True)
class JobOrder:
    """What a job is asked for. `claims`: the folder or file; `named`: how the caller named it, None where it was uploaded;
    `before`: the current run when it began; `settings` by group and name, as in a settings file."""

    claims: str
    named: str | None
    profile: str
    settings: Mapping[str, Mapping[str, Any]]
    store: str
    ordered_at: str
    ordered_by: str
    before: str | None


@dataclass(frozen=True)
class Event:
    """Something that happened to a job. `number` counts from 1; `values` depend on `event`: progress has `stage` and
    `share`, finished has `run_id`, failed has `detail`: a sentence without
    personal values by language, or None; those of earlier versions are English texts."""

    number: int
    event: str
    at: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """A job as it stands."""

    job_id: str
    folder: Path
    order: JobOrder
    state: State
    events: tuple[Event, ...]

    @property
    def end(self) -> Event | None:
        """The event that ended it."""
        return self.events[-1] if self.events and self.events[-1].event in ENDS else None


class JobRunning(StoreError):
    """A job of this workspace has not ended yet."""


class Jobs:
    """The jobs of one workspace."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / FOLDER

    def all(self) -> list[Job]:
        """All jobs, the one ordered last first."""
        found = [job for name in self._names() if (job := self.find(name)) is not None]
        return sorted(found, key=lambda job: (job.order.ordered_at, job.job_id), reverse=True)

    def find(self, job_id: str) -> Job | None:
        """A job by its id."""
        if job_id not in self._names():
            return None
        folder = self.folder / job_id
        try:
            order = JobOrder(**json.loads((folder / ORDER).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        held = is_held(folder / ALIVE)  # before the events: one that ends meanwhile has told so by then
        events = read_events(folder)
        state: State = "interrupted"
        if events and events[-1].event in ENDS:
            state = events[-1].event
        elif held:
            state = "cancelling" if (folder / CANCEL).exists() else "running"
        return Job(job_id, folder, order, state, events)

    def running(self) -> Job | None:
        """The job that has not ended yet."""
        return next((job for job in self.all() if job.state in ("running", "cancelling")), None)

    def new_id(self) -> str:
        """An id for a job that is about to begin."""
        return secrets.token_hex(ID_BYTES)

    @contextmanager
    def upload(self, job_id: str) -> Iterator[Path]:
        """A folder for what is uploaded for a job; gone at the end unless `begin` took it."""
        place = self.folder / f"{_NEW}{job_id}"
        make_private(self.folder)
        with self._alone():  # else `begin` might take it for a leftover before it is held
            for folder in (place, place / CLAIMS):  # `parents` would give them the usual mode
                folder.mkdir(mode=0o700)
            descriptor = _locked(place / ALIVE)
        try:
            yield place / CLAIMS
        finally:
            os.close(descriptor)
            shutil.rmtree(place, ignore_errors=True)

    def begin(self, job_id: str, order: JobOrder) -> tuple[Job, int]:
        """The job, and a descriptor that holds it alive; JobRunning where another runs.

        Whoever runs it must hold the descriptor, and whoever started it until its end was told.
        """
        make_private(self.folder)
        with self._alone():
            if self.running() is not None:
                raise JobRunning("a run that was asked for is still going; wait until it ends, or cancel it")
            self._tidy(except_for=f"{_NEW}{job_id}")
            place = self.folder / f"{_NEW}{job_id}"
            place.mkdir(mode=0o700, exist_ok=True)
            uploaded = place / CLAIMS
            folder = self.folder / job_id
            if uploaded.exists():
                (place / ALIVE).unlink()
                order = JobOrder(**(vars(order) | {"claims": str(folder / CLAIMS)}))
            descriptor = _locked(place / ALIVE)
            try:
                write_new(place / ORDER, json.dumps(vars(order), ensure_ascii=False))
                write_new(place / EVENTS, "")
                place.rename(folder)
            except BaseException:
                os.close(descriptor)
                raise
        found = self.find(job_id)
        assert found is not None
        return found, descriptor

    def cancel(self, job_id: str) -> None:
        """Ask whoever started the job to end it."""
        with suppress(FileNotFoundError):  # pruned meanwhile
            (self.folder / job_id / CANCEL).touch(mode=0o600)

    def _names(self) -> list[str]:
        try:
            return [entry.name for entry in self.folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
        except FileNotFoundError:
            return []

    @contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # others hold it for milliseconds
            yield
        finally:
            os.close(descriptor)

    def _tidy(self, except_for: str) -> None:
        """Remove uploads of jobs that ended, uploads that nobody finished, and the oldest jobs."""
        for entry in self.folder.glob(f"{_NEW}*"):
            if entry.name != except_for and not is_held(entry / ALIVE):
                shutil.rmtree(entry, ignore_errors=True)
        for place, job in enumerate(self.all()):
            if job.state in ENDS:
                gone = job.folder if place >= MOST_KEPT else job.folder / CLAIMS
                shutil.rmtree(gone, ignore_errors=True)


def read_events(folder: Path) -> tuple[Event, ...]:
    """The events of a job; a line that is not whole (yet) is none."""
    try:
        lines = (folder / EVENTS).read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return ()
    events: list[Event] = []
    for line in lines:
        with suppress(ValueError, KeyError, TypeError):
            content = json.loads(line) if line.endswith(b"\n") else {}
            name, at = content.pop("event"), content.pop("at")
            events.append(Event(len(events) + 1, name, at, content))
    return tuple(events)


def tell(folder: Path, event: str, **values: Any) -> None:
    """Add an event to a job's story; on the disk when this returns if it ends the job."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"event": event, "at": now, **values}, ensure_ascii=False) + "\n"
    descriptor = os.open(folder / EVENTS, os.O_RDWR | os.O_APPEND)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"  # by a writer that was killed
        os.write(descriptor, ("\n" if torn else "").encode() + line.encode())
        if event in ENDS:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private(jobs: Path) -> None:
    """The folder of all jobs, and the workspace where there is none yet."""
    for folder in (jobs.parent, jobs):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_new(file: Path, text: str) -> None:
    """Write a file that is the owner's alone."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)


def _locked(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor
