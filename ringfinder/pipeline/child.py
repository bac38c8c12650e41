"""The graph is built in a process of its own, beside the detection: two cores, and the engine's memory goes with it.

A fresh interpreter, not a fork: threads of DuckDB and Arrow do not survive one. It gets its work pickled on stdin and sends
back nothing or its error on a pipe of its own, since libraries may print. It leaves interrupts to its parent, and ends when
the parent does, however that ended: then its stdin closes. One that stalls is ended, and that is told (see `watch`).
Unlike `multiprocessing` it does not import the parent's main module again, which would cost time and fail in notebooks.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from ringfinder.errors import RingFinderError, StoreError
from ringfinder.pipeline.watch import STALL_SECONDS, Watch, done_by
from ringfinder.words.sentences import Sentence

Work = Callable[..., None]
START = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from ringfinder.pipeline.child import serve; serve()"


class Child:
    """A running child; `finish` waits for it and raises what it raised."""

    def __init__(self, work: Work, arguments: tuple[Any, ...]) -> None:
        answer, theirs = os.pipe()
        self._answer = os.fdopen(answer, "rb")
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", START, str(theirs)], stdin=subprocess.PIPE, pass_fds=(theirs,)
            )
        finally:
            os.close(theirs)
        with suppress(BrokenPipeError):  # a child that died at once is told by `finish`
            self._stdin.write(pickle.dumps(sys.path) + pickle.dumps((work, arguments)))
            self._stdin.flush()

    @property
    def _stdin(self) -> BinaryIO:
        assert self._process.stdin is not None  # asked for in __init__
        return self._process.stdin  # type: ignore[return-value]

    @property
    def pid(self) -> int:
        return self._process.pid

    def busy(self) -> bool:
        """Whether it still works."""
        return not select.select([self._answer], [], [], 0)[0]

    def finish(self, folder: Path, limit: float | None = STALL_SECONDS) -> None:
        """Wait for the end; RingFinderError as the child raised it, StoreError where it broke or stalls.

        It stalls when for `limit` seconds it neither used the processor nor wrote into `folder`; None: it never does,
        since a server does the work.
        """
        if limit is not None:
            self._wait(folder, Watch(limit))
        answer = self._answer.read()
        code = self._process.wait()
        if not answer:
            raise StoreError(Sentence("faults.builder_stopped", code=code))
        error = pickle.loads(answer)
        if error is not None:
            raise error

    def _wait(self, folder: Path, watch: Watch) -> None:
        """Until the child answers or is gone."""
        while not select.select([self._answer], [], [], watch.interval)[0]:
            if watch.stalls(done_by(self.pid, folder)):
                raise StoreError(Sentence("faults.builder_stalled", seconds=watch.limit))

    def stop(self) -> None:
        """End it if it still runs."""
        self._process.kill()
        self._process.wait()
        self._answer.close()
        with suppress(BrokenPipeError):
            self._stdin.close()


@contextmanager
def beside(work: Work, *arguments: Any) -> Iterator[Child]:
    """Run `work(*arguments)` in a child meanwhile; it is stopped when the block is left by an error."""
    child = Child(work, arguments)
    try:
        yield child
    finally:
        child.stop()


def serve() -> None:
    """The child's side: do the work, send back how it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe_end = int(sys.argv[1])
    os.set_inheritable(
        pipe_end, False
    )  # a server that the work starts would hold it open, and the parent wait for that
    work, arguments = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    answer = _answer(work, arguments)
    with os.fdopen(pipe_end, "wb") as pipe:
        pickle.dump(answer, pipe)


def _answer(work: Work, arguments: tuple[Any, ...]) -> RingFinderError | None:
    try:
        work(*arguments)
    except RingFinderError as error:
        return type(error)(*error.args)  # without the library's exception behind it, which might not be picklable
    except MemoryError:
        return StoreError(Sentence("faults.builder_no_memory"))
    except Exception as error:  # its message might hold values of claims
        return StoreError(Sentence("faults.builder_broke", kind=type(error).__name__))
    return None


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # past Python's buffer, whose lock would break the interpreter's end
    os._exit(1)
