"""What the service writes into the audit trail: changes before they are made, reads of personal data in batches afterwards.

A change is recorded first, so that none is ever made without a record; one that then fails stands there as well. A read costs
the request a number in memory: who asked for whom is counted by key and entity, and a task writes the counts down every
`FLUSH_SECONDS` and at the end. A service that is killed loses the counts since the last time. Where the casebook does not
take them for so long that `MOST_WAITING` are waiting, nothing personal is answered any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import anyio
from fastapi import Request

from ringfinder.casebook.audit import MOST_IN_BATCH, Read, record, record_reads
from ringfinder.casebook.database import Casebook
from ringfinder.errors import StoreError
from ringfinder_api.logs import ROOT, scene
from ringfinder_api.problems import Problem

FLUSH_SECONDS = 5.0
MOST_WAITING = 200_000  # pairs of key and entity: a score of all in a city takes some seconds
SOON = 5
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

    async def follow(self, casebook: Casebook) -> None:
        """Write them down from time to time, and at the end."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await self.flush(casebook)
        finally:
            with anyio.CancelScope(shield=True):
                await self.flush(casebook)

    async def flush(self, casebook: Casebook) -> None:
        """Write down what was counted; what the casebook does not take waits for the next time."""
        counts, since = self._counts, self._since
        self._counts, self._since = Counter(), datetime.now(UTC)
        rows = [
            Read(key_id, entity_type, written(entity_id), times)
            for (key_id, entity_type, entity_id), times in sorted(counts.items())
        ]
        for begin in range(0, len(rows), MOST_IN_BATCH):
            batch = rows[begin : begin + MOST_IN_BATCH]
            try:
                await asyncio.to_thread(record_reads, casebook, since, batch)
            except Exception as error:  # whatever it is, they wait
                LOG.error("reads not written down", extra={"scene": scene(error), "waiting": len(rows) - begin})
                for row in rows[begin:]:
                    self._counts[row.key_id, row.entity_type, row.entity_id] += row.reads
                self._since = since
                return


def written(entity_id: str) -> str:
    """An id as every database takes it."""
    return entity_id.replace("\0", "\ufffd")[:MOST_ID]


async def recorded(request: Request, casebook: Casebook, action: str, subject: str, **details: Any) -> None:
    """Record a change that is about to be made by the request's key; Problem where that cannot be."""
    actor = f"key {request.scope['ringfinder.key_id']}"
    known = details | {"request_id": request.scope["ringfinder.request_id"]}
    try:
        await asyncio.to_thread(record, casebook, actor, action, subject, known)
    except StoreError as error:
        raise Problem("casebook_unavailable", wait=SOON) from error
