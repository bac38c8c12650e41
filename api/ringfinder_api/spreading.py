"""Where one comes to from somebody on the watch list, in the run that is served.

    ring     who else is in the rings of that entity, or, of a facility, in those that meet there
    shared   people who share a phone, address, account or card with it        (hunt/spread, for people)
    tie      people whom ties reach in two steps                               (hunt/spread-by-ties, for people)
    claim    people whose claims name the same go-between, account or card     (hunt/spread-by-claims, for people)
             or name it                                                        (hunt/watch-list, for all others but facilities)

The last three are named queries on the graph, asked in another process. Being tied to somebody is no statement about anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ringfinder.report.masks import mask_id
from ringfinder_api.asking import ask_named
from ringfinder_api.snapshot import Districts, RingEntry, Snapshot

MOST_TIED = 200  # of each way
SECONDS = 30.0
OF_PEOPLE = (("shared", "hunt/spread"), ("tie", "hunt/spread-by-ties"), ("claim", "hunt/spread-by-claims"))
OF_OTHERS = (("claim", "hunt/watch-list"),)
COUNTED = {"hunt/spread": "shared", "hunt/spread-by-ties": "known", "hunt/spread-by-claims": "claims"}
Tie = tuple[str, str, str, int]  # type, id, by, count


def ways(entity_type: str) -> tuple[tuple[str, str], ...]:
    """(what joins, named query) for an entity of that type."""
    if entity_type == "patient":
        return OF_PEOPLE
    return () if entity_type == "facility" else OF_OTHERS


def by_graph(folder: Path, run_id: str, entity_type: str, entity_id: str) -> list[Tie]:
    """Who is tied by the graph; the work of another process."""
    found: list[Tie] = []
    parameter = "seeds" if entity_type == "patient" else "ids"
    for by, query in ways(entity_type):
        columns, rows, *_ = ask_named(folder, run_id, query, {parameter: entity_id}, MOST_TIED, SECONDS)
        person, count = columns.index("patient_id"), columns.index(COUNTED.get(query, "claims"))
        found += [("patient", row[person], by, int(row[count])) for row in rows]
    return found


def rings_of(
    snapshot: Snapshot, entity_type: str, entity_id: str, districts: Districts
) -> list[tuple[RingEntry, str | None]]:
    """(ring, role in it) of an entity, surest first; of a facility also those that meet there."""
    roles = {one.ring_id: one.role for one in snapshot.members.get((entity_type, entity_id), ())}
    return [
        (ring, roles.get(ring.ring_id))
        for ring in snapshot.rings.values()
        if ring.seen_by(districts)
        and (ring.ring_id in roles or (entity_type == "facility" and entity_id in ring.facilities))
    ]


def by_rings(snapshot: Snapshot, ring_ids: Iterable[str], besides: tuple[str, str]) -> list[Tie]:
    """Who else is in those rings, with the number of them: the most first, ties by id."""
    wanted = set(ring_ids)
    counts = {
        entity: sum(one.ring_id in wanted for one in found)
        for entity, found in snapshot.members.items()
        if entity != besides
    }
    ordered = sorted(((count, entity) for entity, count in counts.items() if count), key=lambda one: (-one[0], one[1]))
    return [(kind, entity, "ring", count) for count, (kind, entity) in ordered[:MOST_TIED]]


def told(ties: Iterable[Tie]) -> list[dict[str, Any]]:
    """Ties as answers tell them, ids masked."""
    return [
        {"entity_type": kind, "entity_id": mask_id(kind, entity), "by": by, "count": count}
        for kind, entity, by, count in ties
    ]
