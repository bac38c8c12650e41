"""Worlds in processes of their own, side by side; the trials come back in the order of the worlds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ringfinder.lab.results import Trial
from ringfinder.lab.worker import Order
from ringfinder.lab.worlds import World

Tell = Callable[[Trial], None]


def run_worlds(worlds: Sequence[World], jobs: int = 1, tell: Tell | None = None) -> tuple[Trial, ...]:
    """The trials of these worlds. `tell` gets each as soon as it is done, never two at once.

    One after the other each uses all cores; side by side each has one thread.
    """
    orders = [Order(world, threads_for(jobs)) for world in worlds]
    return run_all(orders, jobs, tell)


def threads_for(jobs: int) -> int:
    """Threads of the detection when so many worlds run side by side; 0 takes all cores."""
    return 1 if jobs > 1 else 0


def run_all(orders: Sequence[Order], jobs: int, tell: Tell | None = None) -> tuple[Trial, ...]:
    """The trials ordered, in their order."""
    say = tell or (lambda trial: None)
    done = []
    with ThreadPoolExecutor(jobs) as pool:
        for trial in pool.map(in_process, orders):
            say(trial)
            done.append(trial)
    return tuple(done)


def in_process(order: Order) -> Trial:
    """One trial in a fresh interpreter; a failed trial where that was killed."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "ringfinder.lab.worker"]
    done = subprocess.run(
        command, input=order.as_json(), stdout=subprocess.PIPE, text=True, env=environment, check=False
    )
    if done.returncode:
        return Trial(order.world, failed=f"the process was stopped (exit code {done.returncode})")
    return Trial.from_json(json.loads(done.stdout))


@contextmanager
def kept(world: World) -> Iterator[Order]:
    """An order whose world is made and read once, whatever is run on it; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="ringfinder-lab-") as folder:
        yield replace(Order(world), folder=str(Path(folder)))
