"""What the service writes into the audit trail: changes before they are made, reads of personal data in batches afterwards.

A change is recorded first, so that none is ever made without a record; one that then fails stands there as well. A read costs
the request a number in memory: who asked for whom is counted by key and entity. Another process writes the counts down every
`FLUSH_SECONDS`, since a thread that writes thousands of rows would hold up scores; at the end this process does. A service that
is killed loses the counts since the last time. Where the casebook does not take them for so long that `MOST_WAITING` are
waiting, nothing personal is answered any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
from fastapi import Request

from ringfinder.casebook.audit import MOST_IN_BATCH, Read, record, record_reads
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder_api.access.callers import Caller
from ringfinder_api.booked import SOON, in_casebook
from ringfinder_api.logs import ROOT
from ringfinder_api.problems import Problem
from ringfinder_api.workers import Workers

FLUSH_SECONDS = 5.0
MOST_WAITING = 200_000  # pairs of key and entity: a score of all in a city takes some seconds
Row = tuple[tuple[str, str, str], int]
Run = Callable[..., Coroutine[Any, Any, Any]]
AT_ONCE = 2000  # rows handed over in one piece: requests go on in between
MOST_ID = 500  # signs that the table has room for
LOG = logging.getLogger(ROOT)


class Reads:
    """Reads since the last batch, by (key id, entity type, entity id)."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._since = datetime.now(UTC)

    def count(self, key_id: str, entity_type: str, entity_id: str) -> None:
        """One more; Problem where too many wait to be written down."""
        if len(self._counts) >= MOST_WAITING:
            raise Problem("casebook_unavailable", wait=SOON)
        self._counts[key_id, entity_type, entity_id] += 1

    async def follow(self, casebook: Casebook, workers: Workers) -> None:
        """Write them down from time to time, and at the end."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await self.flush(casebook, workers.write)
        finally:
            with anyio.CancelScope(shield=True):
                await self.flush(casebook)

    async def flush(self, casebook: Casebook, run: Run = asyncio.to_thread) -> None:
        """Write down what was counted, by `run`; what the casebook does not take waits for the next time."""
        if not self._counts:
            return
        counts, since = self._counts, self._since
        self._counts, self._since = Counter(), datetime.now(UTC)
        rows, at = list(counts.items()), 0
        while at < len(rows):
            try:
                done, error = await run(write_all, *casebook.opened, since, rows[at : at + AT_ONCE])
            except Exception as unexpected:  # the process that writes was stopped: rather counted twice than not at all
                done, error = 0, type(unexpected).__name__
            at += done
            if error is not None:
                LOG.error("reads not written down", extra={"error": error, "waiting": len(rows) - at})
                self._counts.update(dict(rows[at:]))
                self._since = since
                return


def write_all(workspace: Path, url: str | None, since: datetime, rows: Sequence[Row]) -> tuple[int, str | None]:
    """(rows that were written down, the kind of error that ended it); the work of a process of its own."""
    done = 0
    try:
        with open_casebook(workspace, url) as casebook:
            while done < len(rows):
                batch = rows[done : done + MOST_IN_BATCH]
                reads = [Read(key_id, kind, written(entity), times) for (key_id, kind, entity), times in batch]
                record_reads(casebook, since, reads)
                done += len(batch)
    except Exception as error:  # whatever it is, they wait; its message may hold an id
        return done, type(error).__name__
    return done, None


def written(entity_id: str) -> str:
    """An id as every database takes it."""
    return entity_id.replace("\0", "\ufffd")[:MOST_ID]


async def recorded(request: Request, casebook: Casebook, action: str, subject: str, **details: Any) -> None:
    """Record a change that is about to be made by the request's caller; Problem where that cannot be."""
    caller: Caller = request.scope["ringfinder.caller"]
    known = details | {"request_id": request.scope["ringfinder.request_id"]}
    await in_casebook(record, casebook, caller.actor, action, subject, known)
