"""Callers that ask a service one thing after the other until they are told to stop."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.api.conftest import Served

PATHS = ("/v1/scores/patient/P1", "/v1/rings/R;1", "/v1/rings?limit=5")
CALLERS = 2
LOST = (0, "connection lost")


@contextmanager
def load(service: Served, key: str) -> Iterator[Counter[tuple[int, str]]]:
    """Ask meanwhile; at the end the counter holds how often which (status, run) was answered. A caller whose connection is lost
    counts that and opens another."""
    answers: Counter[tuple[int, str]] = Counter()
    stop = threading.Event()

    def ask() -> None:
        mine: Counter[tuple[int, str]] = Counter()
        while not stop.is_set():
            try:
                with service.client(key) as client:
                    while not stop.is_set():
                        for path in PATHS:
                            answer = client.get(path)
                            mine[answer.status_code, answer.json().get("run_id", "")] += 1
            except httpx.TransportError:
                mine[LOST] += 1
        answers.update(mine)

    callers = [threading.Thread(target=ask) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    try:
        yield answers
    finally:
        stop.set()
        for caller in callers:
            caller.join()
