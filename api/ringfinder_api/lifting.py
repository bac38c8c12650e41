"""Which rings tips speak of: those with a member, or claims at a facility, that a tip names which is open or proved true.

They are lifted on the work list; no score changes. Told to those alone who may read tips, and to each only of the tips in that
caller's districts. Counted anew when a tip changed or another run is served; the casebook is asked at most every `FRESH_SECONDS`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tip_states import Mention
from ringfinder.casebook.tips import change_mark, mentions
from ringfinder_api.access.callers import Caller
from ringfinder_api.access.rules import TIPS
from ringfinder_api.booked import in_casebook
from ringfinder_api.snapshot import Districts, Snapshot

FRESH_SECONDS = 1.0
Counts = Mapping[str, int]


class Lifting:
    """The tips of each ring, as they were counted last."""

    def __init__(self) -> None:
        self._asked_at = -FRESH_SECONDS
        self._mark: object = None
        self._mentions: tuple[Mention, ...] = ()
        self._rings: tuple[object, Mapping[str, frozenset[Mention]]] = (None, {})

    async def of(self, casebook: Casebook | None, snapshot: Snapshot, caller: Caller) -> Counts | None:
        """How many tips speak of each ring; None for who may not read tips."""
        if casebook is None or caller.roles.isdisjoint(TIPS):
            return None
        if time.monotonic() - self._asked_at >= FRESH_SECONDS:
            mark = await in_casebook(change_mark, casebook)
            if mark != self._mark:
                self._mentions = await in_casebook(mentions, casebook)
                self._mark = mark
            self._asked_at = time.monotonic()
        key = (snapshot.run_id, self._mark)
        if self._rings[0] != key:
            self._rings = (key, _rings(self._mentions, snapshot))
        return _seen(self._rings[1], caller.districts)


def _rings(found: tuple[Mention, ...], snapshot: Snapshot) -> Mapping[str, frozenset[Mention]]:
    by_ring: dict[str, dict[str, Mention]] = {}
    at_facility: dict[str, list[str]] = {}
    for ring in snapshot.rings.values():
        for facility in ring.facilities:
            at_facility.setdefault(facility, []).append(ring.ring_id)
    for mention in found:
        rings = [member.ring_id for member in snapshot.members.get((mention.entity_type, mention.entity_id), ())]
        if mention.entity_type == "facility":
            rings += at_facility.get(mention.entity_id, ())
        for ring_id in rings:
            by_ring.setdefault(ring_id, {})[mention.tip_id] = mention
    return {ring_id: frozenset(tips.values()) for ring_id, tips in by_ring.items()}


def _seen(rings: Mapping[str, frozenset[Mention]], districts: Districts) -> Counts:
    counts = {
        ring_id: sum(districts is None or mention.district in districts for mention in found)
        for ring_id, found in rings.items()
    }
    return {ring_id: count for ring_id, count in counts.items() if count}
