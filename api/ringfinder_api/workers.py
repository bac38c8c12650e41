"""Work that takes memory or time, in a process of its own that is killed at its deadline.

anyio keeps the processes and kills one whose caller is cancelled; here are the number of them, the deadline, and the
refusal of more callers than could be served soon.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

import anyio
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from ringfinder.errors import RingFinderError
from ringfinder_api.problems import Problem

Made = TypeVar("Made")
AT_ONCE = 2
WAITING = 8  # callers beyond those; the next is told to come again
COME_AGAIN = 2  # seconds
NICE = 10  # scores come first


class Workers:
    """The processes. `load` has one of its own, so that a new run need not wait for exports."""

    def __init__(self) -> None:
        self._limiter, self._loader, self._writer = CapacityLimiter(AT_ONCE), CapacityLimiter(1), CapacityLimiter(1)
        self._inside = 0

    async def load(self, work: Callable[..., Made], *arguments: object, nice: int = NICE) -> Made:
        """The result of `work`, however long it takes; its own errors as they are."""
        return await to_process.run_sync(_gently, nice, work, arguments, cancellable=True, limiter=self._loader)

    async def write(self, work: Callable[..., Made], *arguments: object) -> Made:
        """The result of `work`, which writes down what requests left, and takes none of their time."""
        return await to_process.run_sync(_gently, NICE, work, arguments, limiter=self._writer)

    async def ask(self, seconds: float, work: Callable[..., Made], *arguments: object) -> Made:
        """The result of `work`; Problem where it is too slow, fails, or too many ask."""
        if self._inside >= AT_ONCE + WAITING:
            raise Problem("busy", wait=COME_AGAIN, seconds=COME_AGAIN)
        self._inside += 1
        try:
            with anyio.fail_after(seconds):
                return await to_process.run_sync(
                    _gently, NICE, work, arguments, cancellable=True, limiter=self._limiter
                )
        except TimeoutError as error:
            raise Problem("too_slow", seconds=f"{seconds:g}") from error
        except (RingFinderError, BrokenWorkerProcess) as error:
            raise Problem("query_failed") from error
        finally:
            self._inside -= 1


def _gently(nice: int, work: Callable[..., Made], arguments: tuple[object, ...]) -> Made:
    os.nice(max(0, nice - os.nice(0)))
    # anyio takes the main module away where it has no file (`python -c`), and DuckDB imports it.
    sys.modules.setdefault("__main__", ModuleType("__main__"))
    return work(*arguments)
