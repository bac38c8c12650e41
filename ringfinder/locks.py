"""Locks of files, by flock: a holder that is killed frees them, whatever is left on the disk."""

from __future__ import annotations

import fcntl
import json
import os
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ringfinder.errors import WorkspaceBusy
from ringfinder.words.sentences import Sentence

TRIES, TRY_SECONDS = 3, 0.01

_locks: weakref.WeakSet[_Held] = weakref.WeakSet()


class _Held:
    """An open lock file. A forked child closes its copy, else it would hold the lock after its parent was killed."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        _locks.add(self)

    def close(self) -> None:
        _locks.discard(self)
        os.close(self.descriptor)


def _close_in_child() -> None:
    for held in list(_locks):
        held.close()


os.register_at_fork(after_in_child=_close_in_child)


def is_held(file: Path) -> bool:
    """Whether a process holds this lock file; False where there is none.

    It looks by taking the lock for a moment, together with others that look; a writer who meets that tries again (`_taken`).
    """
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def lock(file: Path) -> Iterator[None]:
    """Hold the lock file, or WorkspaceBusy that says who does."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    if not _taken(descriptor):
        said = os.read(descriptor, 200).decode("utf-8", "replace")
        os.close(descriptor)
        raise WorkspaceBusy(_busy(said))
    held = _Held(descriptor)
    try:
        who = json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")})
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, who.encode(), 0)
        yield
    finally:
        held.close()


def _taken(descriptor: int) -> bool:
    """Whether the lock is ours now; who only looks whether it is held (`is_held`) lets go within microseconds."""
    for _ in range(TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(TRY_SECONDS)
    return False


def _busy(said: str) -> Sentence:
    try:
        who = json.loads(said)
        pid, since = int(who["pid"]), datetime.fromisoformat(who["since"])
    except (ValueError, KeyError, TypeError):  # the holder has only just taken it and not yet written
        return Sentence("faults.busy")
    return Sentence("faults.busy_by", process=pid, since=f"{since:%Y-%m-%d %H:%M:%S}")
