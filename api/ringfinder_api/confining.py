"""Free Cypher: each question in a process of its own that shuts itself in (`pipeline.confined`), and is killed at its deadline or when
its caller leaves. One at a time: a query may take a core and gigabytes, which scores need."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import anyio
from anyio import CapacityLimiter
from anyio.abc import Process

from ringfinder.pipeline.confined import START_SECONDS
from ringfinder.workspace import StoredRun
from ringfinder_api.problems import Problem
from ringfinder_api.workers import COME_AGAIN

WAITING = 4  # callers beyond the one; the next is told to come again
MOST_BYTES = 16 * 2**20  # of an answer: to read it holds up every other request (measured: 64 MiB, 0.6 s)
COMMAND = (sys.executable, "-P", "-m", "ringfinder.pipeline.confined")


class Confining:
    """The one process."""

    def __init__(self) -> None:
        self._limiter = CapacityLimiter(1)
        self._inside = 0

    async def ask(
        self, stored: StoredRun, statement: str, parameters: Mapping[str, Any], limit: int, seconds: float
    ) -> dict[str, Any]:
        """`columns`, `rows` and `cut`, or `said`: what is wrong with the question, by language, or `slow`;
        Problem where it cannot be answered."""
        if self._inside > WAITING:
            raise Problem("busy", wait=COME_AGAIN, seconds=COME_AGAIN)
        asked = {
            "graph": str(stored.graph.resolve()),
            "tables": str(stored.tables.resolve()),
            "statement": statement,
            "parameters": dict(parameters),
            "limit": limit,
            "seconds": seconds,
        }
        self._inside += 1
        try:
            async with self._limiter:
                with anyio.fail_after(seconds + START_SECONDS):
                    return await _answered(json.dumps(asked).encode())
        except TimeoutError as error:
            raise Problem("too_slow", seconds=f"{seconds:g}") from error
        finally:
            self._inside -= 1


async def _answered(asked: bytes) -> dict[str, Any]:
    process = await anyio.open_process(COMMAND, stderr=subprocess.DEVNULL, cwd="/", env={"LC_ALL": "C.UTF-8"})
    try:
        answer = await _spoken(process, asked)
    finally:
        with anyio.CancelScope(shield=True):
            if process.returncode is None:
                process.kill()
            await process.aclose()
    if process.returncode != 0:
        raise Problem("query_failed")
    found: dict[str, Any] = json.loads(answer)
    return found


async def _spoken(process: Process, asked: bytes) -> bytes:
    """What it says until its end."""
    assert process.stdin is not None
    assert process.stdout is not None
    said = bytearray()
    try:
        await process.stdin.send(asked)
        await process.stdin.aclose()
        async for part in process.stdout:
            said += part
            if len(said) > MOST_BYTES:
                raise Problem("query_failed")
    except anyio.BrokenResourceError as error:
        raise Problem("query_failed") from error
    await process.wait()
    return bytes(said)
