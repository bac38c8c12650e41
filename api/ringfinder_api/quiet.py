"""False positives in memory, so that no list of rings waits for a database (see `casebook.suppressing`).

Read again every `REFRESH_SECONDS`, and at once by the process that closed or opened a case.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.suppressing import Suppression, active
from ringfinder.errors import RingFinderError
from ringfinder_api.logs import ROOT
from ringfinder_api.snapshot import Districts, RingEntry

REFRESH_SECONDS = 1.0
LOG = logging.getLogger(ROOT)


class Quiet:
    """Rings that are suppressed as long as nothing in them has grown."""

    def __init__(self) -> None:
        self._active: Mapping[str, tuple[Suppression, ...]] = {}

    def holds(self, ring: RingEntry, districts: Districts) -> bool:
        """Whether that ring, as it is now, is suppressed for who sees these districts: by the latest of the marks that are theirs."""
        marks = reversed(self._active.get(ring.ring_id, ()))
        found = next((one for one in marks if one.told_to(districts)), None)
        return found is not None and found.holds(ring.patients, ring.harm, ring.fund_amount)

    async def refresh(self, casebook: Casebook) -> None:
        """Read them once; RingFinderError where the casebook does not answer."""
        self._active = await asyncio.to_thread(active, casebook)

    async def follow(self, casebook: Casebook) -> None:
        """Keep them fresh until cancelled."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await self.refresh(casebook)
            except RingFinderError as error:
                LOG.warning("suppressed rings not read", extra={"error": type(error).__name__})
