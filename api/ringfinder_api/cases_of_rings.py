"""Which case each ring has, in memory: a list of rings says it to those who may see that case, to others as if there were none.

Read again when a case changed; the casebook is asked at most every `FRESH_SECONDS`, and at once after a change that was asked for here.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.ring_cases import RingCase, change_mark, ring_cases
from ringfinder.casebook.who import Who
from ringfinder_api.access.rules import CASES
from ringfinder_api.booked import in_casebook

FRESH_SECONDS = 1.0
NEVER = float("-inf")
Cases = Mapping[str, RingCase]


class CasesOfRings:
    """The cases of rings as they were read last."""

    def __init__(self) -> None:
        self._asked_at = NEVER
        self._mark: object = None
        self._cases: Mapping[str, tuple[RingCase, ...]] = {}

    async def of(self, casebook: Casebook | None, who: Who) -> Cases:
        """The case of each ring that has one which that caller may see."""
        if casebook is None or who.roles.isdisjoint(CASES):
            return {}
        if time.monotonic() - self._asked_at >= FRESH_SECONDS:
            await self.refresh(casebook)
        found = {ring: next((one for one in all_ if one.seen_by(who)), None) for ring, all_ in self._cases.items()}
        return {ring: case for ring, case in found.items() if case is not None}

    def expire(self) -> None:
        """A case was changed here: ask before the next answer."""
        self._asked_at = NEVER

    async def refresh(self, casebook: Casebook) -> None:
        """Read them where something changed."""
        mark = await in_casebook(change_mark, casebook)
        if mark != self._mark:
            self._cases = await in_casebook(ring_cases, casebook)
            self._mark = mark
        self._asked_at = time.monotonic()
