"""The graph is built in a process of its own, beside the detection: two cores, and the engine's memory goes with it.

The child is spawned, not forked: threads of DuckDB and Arrow do not survive a fork. It sends back nothing or its error;
it leaves interrupts to its parent, and ends when the parent does, however that ended.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from typing import Any

from ringfinder.errors import RingFinderError, StoreError

Work = Callable[..., None]


class Child:
    """A running child; `finish` waits for it and raises what it raised."""

    def __init__(self, work: Work, arguments: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self._answer, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(work, arguments, theirs), name="graph", daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None  # started in __init__
        return self._process.pid

    def finish(self) -> None:
        """Wait for the end; RingFinderError as the child raised it, StoreError where it broke otherwise."""
        try:
            error = self._answer.recv()
        except EOFError:
            self._process.join()
            raise StoreError(
                f"the process that builds the graph was stopped (exit code {self._process.exitcode}); "
                "give it more memory or a smaller claim set, and run again"
            ) from None
        self._process.join()
        if error is not None:
            raise error

    def stop(self) -> None:
        """End it if it still runs."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._answer.close()


@contextmanager
def beside(work: Work, *arguments: Any) -> Iterator[Child]:
    """Run `work(*arguments)` in a child meanwhile; it is stopped when the block is left by an error."""
    child = Child(work, arguments)
    try:
        yield child
    finally:
        child.stop()


def _work(work: Work, arguments: tuple[Any, ...], answer: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        work(*arguments)
    except RingFinderError as error:
        answer.send(error)
    except MemoryError:
        answer.send(StoreError("the memory was not enough to build the graph; free some and run again"))
    except Exception as error:  # its message might hold values of claims
        answer.send(StoreError(f"the graph could not be built ({type(error).__name__}); this is a fault of ringfinder"))
    else:
        answer.send(None)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
