"""A job at work: `python -m ringfinder.pipeline.ordered JOB_FOLDER WORKSPACE`, a process of its own that the service starts.

It runs the order of that folder and tells what happens there. It ends when whoever started it does, however that ended: then
its stdin closes. What libraries print goes nowhere, since they quote values of claims.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from ringfinder.errors import RingFinderError, is_disk_full
from ringfinder.pipeline.jobs import CLAIMS, ORDER, JobOrder, tell
from ringfinder.pipeline.steps import Order, run
from ringfinder.settings import of_tables
from ringfinder.words.sentences import Sentence, in_both
from ringfinder.workspace import Workspace

TELL_SECONDS = 0.5  # no oftener within a stage
NICE = 10  # answers of the service come first


def main(folder: Path, workspace: Path) -> None:
    """Do the job, and tell its end in its story, whatever that is."""
    end, values = _ended(folder, workspace)
    shutil.rmtree(folder / CLAIMS, ignore_errors=True)  # before the end is told: then nothing of an upload is left
    tell(folder, end, **values)


def _ended(folder: Path, workspace: Path) -> tuple[str, dict[str, Any]]:
    try:
        order = JobOrder(**json.loads((folder / ORDER).read_text(encoding="utf-8")))
        finished = run(
            Order(
                Path(order.claims),
                Workspace(workspace),
                of_tables(order.settings, Sentence("faults.settings_of_job")),
                order.profile,
                store="neo4j" if order.store == "neo4j" else "embedded",
            ),
            Progress(folder),
        )
    except RingFinderError as error:
        return "failed", {"detail": in_both(error)}
    except BaseException as error:
        full = is_disk_full(error) or isinstance(error, MemoryError)
        said = in_both(Sentence("faults.job_no_room")) if full else None
        return "failed", {"detail": said, "scene": _scene(error)}
    return "finished", {"run_id": finished.stored.run_id}


class Progress:
    """Tells stages and shares: each new stage at once, shares of the same one now and then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stage, self._at = "", 0.0

    def __call__(self, stage: str, share: float) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._at < TELL_SECONDS and share < 1:
            return
        self._stage, self._at = stage, now
        tell(self._folder, "progress", stage=stage, share=round(share, 3))


def _scene(error: BaseException) -> list[str]:
    """Where an error happened and what kind it was, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    return [*(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames), type(error).__name__]


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal that the service runs in: it decides
    os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    main(Path(sys.argv[1]), Path(sys.argv[2]))
