"""Work for a caller who may leave: whoever closes the connection cancels what was asked for."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import anyio
from fastapi import Request

from ringfinder_api.problems import Problem

Made = TypeVar("Made")


async def while_waiting(request: Request, work: Awaitable[Made]) -> Made:
    """The result of `work`, which is cancelled where the caller leaves; the Problem that then ends the request reaches nobody."""
    outcome: list[Made | Problem] = []

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        try:
            outcome.append(await work)
        except Problem as problem:  # a task group would wrap it
            outcome.append(problem)
        tasks.cancel_scope.cancel()
    found = outcome[0] if outcome else Problem("cancelled")
    if isinstance(found, Problem):
        raise found
    return found
