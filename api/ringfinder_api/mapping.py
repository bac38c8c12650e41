"""Where rings meet, and when: what a map draws and plays back over the months. One answer a question, made from a run in memory.

    places    what the caller may see on the ground: the places of its districts, and all where rings that it may see meet (the timeline of
              such a ring names them as well)
    months    from the first to the last month in which one of these rings has a claim, none left out
    meetings  of a ring: place by place in how many of its claims it met there, month by month

A stay counts in the month in which it begins. Places have numbers, since masked ids may look alike. Coordinates are as the claims have
them; without one of the two there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ringfinder.report.masks import mask_id
from ringfinder.report.register import ClaimLine
from ringfinder.words import Language
from ringfinder_api.answers import as_json
from ringfinder_api.snapshot import Districts, Meetings, RingEntry, Snapshot

MONTHS = 12


def meetings(lines: Iterable[ClaimLine]) -> Meetings:
    """(place, ((month, claims), ...)) of a ring's claims, both in order; a month is counted from the year 0."""
    found: dict[str, Counter[int]] = {}
    for line in lines:
        found.setdefault(line.facility_id, Counter())[line.start.year * MONTHS + line.start.month - 1] += 1
    return tuple((place, tuple(sorted(found[place].items()))) for place in sorted(found))


def ring_map(
    snapshot: Snapshot,
    districts: Districts,
    lang: Language,
    most: int,
    is_quiet: Callable[[RingEntry, Districts], bool],
) -> bytes:
    """The map as JSON, of the `most` surest rings that the caller may see."""
    seen = [snapshot.rings[ring_id] for ring_id in snapshot.orders["score"]]
    seen = [ring for ring in seen if ring.seen_by(districts)]
    drawn = seen[:most]
    met = {place for ring in drawn for place, _ in ring.meetings}
    places = [
        place
        for place, district in snapshot.facilities.items()
        if districts is None or district in districts or place in met
    ]
    numbers = {place: number for number, place in enumerate(places)}
    months = _months(drawn)
    return as_json(
        {
            "run_id": snapshot.run_id,
            "months": [f"{month // MONTHS:04}-{month % MONTHS + 1:02}" for month in months],
            "facilities": [_place(place, snapshot) for place in places],
            "rings": [
                {
                    "ring_id": ring.ring_id,
                    "kind": ring.kind,
                    "kind_name": ring.kind_names[lang],
                    "alert": ring.alert,
                    "suppressed": is_quiet(ring, districts),
                    "score": ring.score,
                    "patients": ring.patients,
                    "fund_amount": ring.fund_amount,
                    "districts": ring.districts,
                    "first_time": ring.first_time,
                    "last_time": ring.last_time,
                    "meetings": [
                        {
                            "facility": numbers[place],
                            "months": [month - months[0] for month, _ in by_month],
                            "claims": [claims for _, claims in by_month],
                        }
                        for place, by_month in ring.meetings
                        if place in numbers
                    ],
                }
                for ring in drawn
            ],
            "total": len(seen),
        }
    )


def _months(rings: Sequence[RingEntry]) -> range:
    found = {month for ring in rings for _, by_month in ring.meetings for month, _ in by_month}
    return range(min(found), max(found) + 1) if found else range(0)


def _place(place: str, snapshot: Snapshot) -> dict[str, Any]:
    spot = snapshot.spots.get(place)
    return {
        "facility_id": mask_id("facility", place),
        "facility_name": snapshot.names.get(place),
        "district": snapshot.facilities[place],
        "kind": None if spot is None else spot.kind,
        "latitude": None if spot is None else spot.latitude,
        "longitude": None if spot is None else spot.longitude,
    }
