"""Several processes on one socket (`ringfinder serve --workers 2`), each with the run in its own memory.

The parent listens and answers nothing; it starts the processes, begins another where one died, and stops them. They share what the
workspace and the casebook hold: runs, jobs, keys, sessions, attempts to log in, webhooks, the audit trail. Each has its own allowances, so
that a caller may ask up to as many times more; figures for Prometheus are put together from files.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from ringfinder.casebook.database import open_casebook
from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence
from ringfinder_api import logs
from ringfinder_api.logs import ROOT
from ringfinder_api.making import Making, make_service
from ringfinder_api.metrics import SHARED
from ringfinder_api.stopping import DRAIN_SECONDS, StoppingServer

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

BACKLOG = 2048
LOOK_SECONDS = 0.2
AT_ONCE_DEAD = 3  # processes that died before they served: another would as well
LOG = logging.getLogger(ROOT)
SPAWN = get_context("spawn")  # threads and event loops do not survive a fork


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that callers can reach from now on; UsageError where that address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise UsageError(Sentence("faults.not_listening", host=host, port=port)) from error
    with made:
        shown = f"[{host}]" if ":" in host else host
        LOG.info(f"running on http://{shown}:{made.getsockname()[1]}")
        yield made


def serve_in_processes(making: Making, settings: dict[str, Any], open_socket: socket.socket, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; UsageError where no process comes to serve."""
    stop = threading.Event()
    before = {sign: signal.signal(sign, lambda *_: stop.set()) for sign in (signal.SIGTERM, signal.SIGINT)}
    with tempfile.TemporaryDirectory(prefix="ringfinder-figures-") as figures:
        os.environ[SHARED] = figures
        group = _Group(making, settings, open_socket)
        try:
            for _ in range(workers):
                group.begin()
            while not stop.wait(LOOK_SECONDS):
                group.mend()
        finally:
            group.stop()
            del os.environ[SHARED]
            for sign, handler in before.items():
                signal.signal(sign, handler)


class _Group:
    """The processes."""

    def __init__(self, making: Making, settings: dict[str, Any], open_socket: socket.socket) -> None:
        self._arguments = (making, settings, open_socket)
        self._members: list[tuple[SpawnProcess, Any]] = []
        self._failed = 0

    def begin(self) -> None:
        """Start one; the parent holds `life`, whose end tells the process that the parent is gone."""
        served = SPAWN.Event()
        theirs, life = SPAWN.Pipe(duplex=False)
        process = SPAWN.Process(target=_work, args=(*self._arguments, served, theirs))
        process.start()
        theirs.close()
        self._members.append((process, (served, life)))

    def mend(self) -> None:
        """Begin another for each that died; UsageError where they die before they serve."""
        for member in [one for one in self._members if not one[0].is_alive()]:
            process, (served, life) = member
            self._members.remove(member)
            life.close()
            self._failed = 0 if served.is_set() else self._failed + 1
            if self._failed >= AT_ONCE_DEAD:
                raise UsageError(Sentence("faults.no_process"))
            LOG.error("process ended", extra={"pid": process.pid, "code": process.exitcode})
            self.begin()

    def stop(self) -> None:
        """Tell them all to stop; who does not in time is ended."""
        for process, _ in self._members:
            process.terminate()
        for process, (_, life) in self._members:
            process.join(2 * DRAIN_SECONDS)
            process.kill()
            process.join()
            life.close()


def _work(making: Making, settings: dict[str, Any], open_socket: socket.socket, served: Any, parent: Any) -> None:
    """One process: serve until told to stop, or until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the parent passes it on
    logs.configure()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with open_casebook(making.workspace, making.casebook) as book:
        server = StoppingServer.of(make_service(making, book), settings, lambda _: served.set())
        server.run([open_socket])


def _end_with(parent: Any) -> None:
    """Ask for the end of this process once the parent's end of the pipe is closed."""
    try:
        parent.recv()
    except EOFError:
        os.kill(os.getpid(), signal.SIGTERM)
