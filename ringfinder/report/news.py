"""What a run says that the one before did not: the rings that somebody may want to be told of at once.

    ring.alerted    it alerts, and did not before (or was not there)
    ring.grown      it alerted before and does now, with more patients
    ring.closed     it alerted before, and now does not or is not there

Rings that never alerted are no news: most of them are honest groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from ringfinder.report.contract import RingRow
from ringfinder.report.results import Results

Event = Literal["ring.alerted", "ring.grown", "ring.closed"]
EVENTS: tuple[Event, ...] = get_args(Event)


@dataclass(frozen=True)
class News:
    """An event of one ring; `ring` as the later run has it, or the earlier one where it is gone."""

    event: Event
    ring: RingRow
    patients_before: int | None
    patients_after: int | None


def news(before: Results, after: Results) -> tuple[News, ...]:
    """The news in the order of the later results; rings that are gone come last."""
    return tuple(_news(before, after))


def _news(before: Results, after: Results) -> Iterator[News]:
    old = {ring.ring_id: ring for ring in before.rings}
    for ring in after.rings:
        was = old.pop(ring.ring_id, None)
        patients = was.patients if was else None
        if was is None or not was.alert:
            if ring.alert:
                yield News("ring.alerted", ring, patients, ring.patients)
        elif not ring.alert:
            yield News("ring.closed", ring, patients, ring.patients)
        elif ring.patients > was.patients:
            yield News("ring.grown", ring, patients, ring.patients)
    for ring in old.values():
        if ring.alert:
            yield News("ring.closed", ring, ring.patients, None)
