"""Runs on disk: one folder that holds every run whole, and a pointer to the current one.

    WORKSPACE/            mode 700
      current             the run_id of the current run; replaced in one step
      .current-next       the run_id of the run that is about to become it
      lock                who writes: held by flock, so that a killed holder frees it
      runs/RUN_ID/        a run whole: graph.lbug, canonical tables, results, run.json
      runs/.draft-RUN_ID  a run being made; nobody reads it
      runs/.gone-RUN_ID   a run being removed
      pinned/RUN_ID       an empty file: somebody wants that run kept
      jobs/               runs that the service was asked for (see `pipeline.jobs`)

A RUN_ID says when the run began and which one it is: `20240301-090000-000017`. The number at its end is one more than that
of any run before it, given under the lock: it is the order of runs, also within one second and after a clock was put back.
Runs of earlier versions end on four random signs instead (`20240301-090000-3fa9`): they come first, in order of time.

A run is made in a draft folder, moved into place under its own name, and only then named by `current`: killed at any
moment, `current` still names the last good run, and the next writer removes what lies about. That goes for a run killed
after its move and before it became current, too: `.current-next` still names it, so nobody lists it, nobody was told of
it, and the next writer (`run` or `runs prune`) removes it. Readers take no lock: they follow `current`, and a run's files
never change once it is in place.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ringfinder.errors import StoreError, UsageError, is_disk_full
from ringfinder.locks import is_held, lock
from ringfinder.words.sentences import Sentence, system_words

ENVIRONMENT = "RINGFINDER_WORKSPACE"
DEFAULT = Path("ringfinder-data")
GRAPH_FILE = "graph.lbug"
RUN_FILE = "run.json"
RESULTS = "results"
CURRENT_FILE = "current"
LOCK_FILE = "lock"
PINNED = "pinned"
_DRAFT, _GONE, _NEXT = ".draft-", ".gone-", ".current-next"
_NUMBERED = re.compile(r"\d{8}-\d{6}-(\d{6,})")


@dataclass(frozen=True)
class StoredRun:
    """A run in place. `info` is its run.json, {} when it has none that can be read; `pinned`: `prune` keeps it."""

    run_id: str
    folder: Path
    info: dict[str, Any]
    current: bool
    pinned: bool = False

    @property
    def graph(self) -> Path:
        """The graph file of the embedded store."""
        return self.folder / GRAPH_FILE

    @property
    def store(self) -> str:
        """Who holds the graph: `embedded` (the file) or `neo4j` (a server)."""
        return str(self.info.get("store", "embedded"))

    @property
    def results(self) -> Path:
        """The folder of the result files."""
        return self.folder / RESULTS

    @property
    def tables(self) -> Path:
        """The folder of the canonical tables."""
        return self.folder / "tables"


class Draft:
    """A run being made, under the lock: write into `folder`, then `publish`; what is not published is removed."""

    def __init__(self, workspace: Workspace, run_id: str) -> None:
        self.run_id = run_id
        self._workspace = workspace
        self.folder = workspace.runs / f"{_DRAFT}{run_id}"
        _make(self.folder)
        self.tables = self.folder / "tables"
        _make(self.tables)
        self.graph = self.folder / GRAPH_FILE

    def publish(self) -> StoredRun:
        """Move the run into place and make it the current one; both survive a power cut from here on."""
        workspace = self._workspace
        with _file_errors("run"):
            _settle(self.folder)
            pointer = workspace.folder / _NEXT
            _write(pointer, self.run_id + "\n")
            _sync(workspace.folder)
            # Everything that needs room is written; what follows are two renames.
            self.folder.rename(workspace.runs / self.run_id)
            _sync(workspace.runs)
            pointer.replace(workspace.folder / CURRENT_FILE)
            _sync(workspace.folder)
        return workspace.stored(self.run_id, self.run_id)


class Workspace:
    """The folder of runs. Nothing is written before the first run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = folder / "runs"

    @classmethod
    def locate(cls, option: Path | None = None) -> Workspace:
        """The workspace that the option names, else `RINGFINDER_WORKSPACE`, else ./ringfinder-data."""
        return cls(option or Path(os.environ.get(ENVIRONMENT) or DEFAULT))

    @contextmanager
    def new_run(self) -> Iterator[Draft]:
        """Hold the lock and make a run; WorkspaceBusy if another holds it. Leftovers of killed runs are removed."""
        with self._writing():
            draft = Draft(self, self._next_id())
            try:
                yield draft
            except OSError as error:
                if is_disk_full(error):
                    raise StoreError(Sentence("faults.run_no_room")) from error
                raise
            finally:
                shutil.rmtree(draft.folder, ignore_errors=True)

    def current(self) -> StoredRun | None:
        """The run that `current` names, None before the first one. StoreError if that run is not there."""
        self._check()
        try:
            run_id = (self.folder / CURRENT_FILE).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(Sentence("faults.current_unreadable")) from error
        if not _is_run_id(run_id) or not (self.runs / run_id).is_dir():
            raise StoreError(Sentence("faults.current_wrong"))
        return self.stored(run_id, run_id)

    def needed(self) -> StoredRun:
        """The current run; UsageError when there is none yet."""
        run = self.current()
        if run is None:
            raise UsageError(Sentence("faults.no_run_yet", folder=self.folder))
        return run

    def list_runs(self) -> list[StoredRun]:
        """All runs that are or were current, the one made last first."""
        self._check()
        # In this order: a run published meanwhile is then seen as the current one, not as one that never was.
        coming, current = self._named(_NEXT), self._named(CURRENT_FILE)
        if not self.runs.is_dir():
            return []
        names = {entry.name for entry in self.runs.iterdir() if _is_run_id(entry.name)}
        if coming != current:
            names.discard(coming)
        return [self.stored(name, current) for name in sorted(names, key=_order, reverse=True)]

    def _named(self, pointer: str) -> str:
        """The run_id that a pointer names; "" where it is missing or cannot be read."""
        try:
            return (self.folder / pointer).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def run(self, run_id: str) -> StoredRun:
        """One run by its id; UsageError if there is none."""
        for found in self.list_runs():
            if found.run_id == run_id:
                return found
        raise UsageError(Sentence("faults.no_run", run_id=run_id))

    def before(self, run: StoredRun) -> StoredRun | None:
        """The run made last before this one; None where there is none any more."""
        older = (found for found in self.list_runs() if _order(found.run_id) < _order(run.run_id))
        return next(older, None)

    def prune(self, keep: int) -> list[str]:
        """Remove all but the `keep` newest runs, never the current one nor a pinned one; the ids removed, newest first."""
        if keep < 0:
            raise UsageError(Sentence("faults.keep_negative"))
        self.check_there()
        if not self.runs.is_dir():
            return []
        with self._writing():
            old = [run for run in self.list_runs()[keep:] if not (run.current or run.pinned)]
            removed = []
            with _file_errors("workspace"):
                for run in old:
                    gone = self._hide(run.run_id)
                    if self._is_pinned(run.run_id):  # meanwhile: whoever pinned it was told that it stays
                        gone.rename(run.folder)
                        continue
                    shutil.rmtree(gone)
                    removed.append(run.run_id)
        return removed

    def pin(self, run_id: str) -> StoredRun:
        """Keep a run from being pruned; UsageError if there is none. It takes no lock: see `prune` for who comes first."""
        self.run(run_id)
        with _file_errors("workspace"):
            _make(self.folder / PINNED)
            _write(self.folder / PINNED / run_id, "")
            _sync(self.folder / PINNED)
        try:
            return self.run(run_id)
        except UsageError:  # removed meanwhile
            self._unpin(run_id)
            raise

    def unpin(self, run_id: str) -> StoredRun:
        """Let a run be pruned again; UsageError if there is none."""
        self.run(run_id)
        self._unpin(run_id)
        return self.run(run_id)

    def _unpin(self, run_id: str) -> None:
        """Take a pin away, whether or not there is such a run."""
        with _file_errors("workspace"):
            (self.folder / PINNED / run_id).unlink(missing_ok=True)

    def _is_pinned(self, run_id: str) -> bool:
        return (self.folder / PINNED / run_id).is_file()

    def check_there(self) -> None:
        """UsageError where there is no such workspace: a slip in its name would read as "nothing to do"."""
        self._check()
        if not self.folder.exists():
            raise UsageError(Sentence("faults.no_workspace", folder=self.folder))

    def is_busy(self) -> bool:
        """Whether somebody writes just now: a run, or a removal of old ones."""
        return is_held(self.folder / LOCK_FILE)

    def _check(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(Sentence("faults.workspace_is_file", folder=self.folder))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._check()
        with (
            ExitStack() as held
        ):  # errors of whoever writes are not the lock's, so the lock is held beyond their mapping
            with _file_errors("workspace"):
                _make(self.folder)
                _make(self.runs)
                held.enter_context(lock(self.folder / LOCK_FILE))
                self._sweep()
            yield

    def _next_id(self) -> str:
        """The id of a run that begins now; the lock is held, so nobody else takes its number."""
        last = max((_order(entry.name)[0] for entry in self.runs.iterdir() if _is_run_id(entry.name)), default=0)
        return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{last + 1:06}"

    def _sweep(self) -> None:
        """Remove what killed writers left; safe under the lock, since only its holder has drafts."""
        never_current = self._named(_NEXT)
        if _is_run_id(never_current) and never_current != self._named(CURRENT_FILE):
            with suppress(FileNotFoundError):  # killed before its move, it is still a draft
                self._hide(never_current)
        for entry in self.runs.iterdir():
            if entry.name.startswith((_DRAFT, _GONE)):
                shutil.rmtree(entry, ignore_errors=True)
        (self.folder / _NEXT).unlink(missing_ok=True)

    def _hide(self, run_id: str) -> Path:
        """Take a run out of sight in one step: it is whole or not there, also when its removal is killed half-way."""
        gone = self.runs / f"{_GONE}{run_id}"
        return (self.runs / run_id).rename(gone)

    def stored(self, run_id: str, current: str) -> StoredRun:
        """What is in the folder of a run, when `current` is the current one's id."""
        folder = self.runs / run_id
        info: Any = {}
        with suppress(OSError, ValueError):
            info = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        known = info if isinstance(info, dict) else {}
        return StoredRun(run_id, folder, known, run_id == current, self._is_pinned(run_id))


def _order(run_id: str) -> tuple[int, str]:
    """Sorts runs by their making: the number, 0 for those of earlier versions; then by name, hence by time."""
    numbered = _NUMBERED.fullmatch(run_id)
    return (int(numbered[1]) if numbered else 0, run_id)


def _is_run_id(name: str) -> bool:
    return bool(name) and not name.startswith(".") and "/" not in name


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _settle(folder: Path) -> None:
    """Owner-only modes, and everything on the disk before the run gets its name."""
    for path, _, names in os.walk(folder):
        for name in names:
            file = Path(path, name)
            file.chmod(0o600)
            _sync(file)
        Path(path).chmod(0o700)
        _sync(Path(path))


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _file_errors(what: str) -> Iterator[None]:
    """Errors of the file system become StoreError with the cure."""
    try:
        yield
    except OSError as error:
        fault = "full" if is_disk_full(error) else "not_writable"
        raise StoreError(Sentence(f"faults.{what}_{fault}", why=system_words(error))) from error
