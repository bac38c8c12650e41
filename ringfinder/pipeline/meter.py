"""Seconds and peak memory of each stage.

Memory is the resident set of this process and of the child that builds the graph, sampled by a thread; pages that both
share count twice. Where /proc is missing, it is this process's peak since its start.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SAMPLE_SECONDS = 0.1  # a stage's peak lasts longer than this, and reading two small files costs microseconds
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 2**20


@dataclass(frozen=True)
class StageCost:
    """One stage: wall seconds and the peak of resident memory meanwhile, in bytes."""

    stage: str
    seconds: float
    peak_bytes: int


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 if it is gone or the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def own_peak() -> int:
    """Peak resident bytes of this process since its start."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Meter:
    """Measures stages one after the other: `with meter, meter.stage("read"): ...`."""

    def __init__(self) -> None:
        self.costs: list[StageCost] = []
        self._watched: set[int] = {os.getpid()}
        self._peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="meter", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def watch(self, pid: int) -> None:
        """Count this process's memory too."""
        self._watched = self._watched | {pid}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens inside; the cost is kept also when it fails."""
        self._peak = self._now()
        begun = time.perf_counter()
        try:
            yield
        finally:
            peak = max(self._peak, self._now()) or own_peak()
            self.costs.append(StageCost(name, time.perf_counter() - begun, peak))

    def as_json(self) -> list[dict[str, object]]:
        """For run.json: seconds to the millisecond, memory in whole MiB."""
        return [
            {"stage": c.stage, "seconds": round(c.seconds, 3), "peak_mib": round(c.peak_bytes / MIB)}
            for c in self.costs
        ]

    def _now(self) -> int:
        return sum(resident(pid) for pid in self._watched)

    def _sample(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, self._now())
