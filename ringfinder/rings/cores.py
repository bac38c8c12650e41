"""Jobs side by side on the cores that are free: some of them belong to the graph, which is built meanwhile, until it is done.

While the graph is built, one channel after the other is as fast as two that share a core with it, and needs less memory.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

BESIDE = 1  # cores that are left to the graph
GLANCE = 0.1  # seconds between two looks at whether it is done

Busy = Callable[[], bool]
J = TypeVar("J")
R = TypeVar("R")


def side_by_side(work: Callable[[J], R], jobs: Sequence[J], threads: int, busy: Busy | None = None) -> list[R]:
    """The results of the jobs, in their order. `threads`: at most so many at once, 0 for one a core; `busy`: the graph is being built."""
    threads = threads or os.cpu_count() or 1
    waiting = deque(enumerate(jobs))
    results: dict[int, R] = {}

    def take_turns(patient: bool) -> None:
        while waiting:
            if patient and busy is not None and busy():
                time.sleep(GLANCE)
                continue
            try:
                number, job = waiting.popleft()
            except IndexError:  # another thread took the last
                return
            try:
                results[number] = work(job)
            except BaseException:
                waiting.clear()
                raise

    with ThreadPoolExecutor(threads) as pool:
        for thread in [pool.submit(take_turns, 0 < n >= threads - BESIDE) for n in range(threads)]:
            thread.result()
    return [results[n] for n in range(len(jobs))]
