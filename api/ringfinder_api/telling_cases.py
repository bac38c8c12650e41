"""A case as answers tell it: its own words, the names of states in the caller's language, what became of its rings."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from ringfinder.casebook.case_states import CASE
from ringfinder.casebook.cases import Case
from ringfinder.casebook.linked_rings import LinkedRing, SeenRing, fate
from ringfinder.casebook.who import Who
from ringfinder.report.figures import word
from ringfinder.words import Language, say
from ringfinder_api.access.guard import caller_of
from ringfinder_api.snapshot import RingEntry, Snapshot

LISTED = ("case_id", "version", "state", "title", "origin", "origin_id", "priority", "assignee", "due_on", "campaign")
MOMENTS = ("created_at", "updated_at", "closed_at")


def who_of(request: Request) -> Who:
    """Who acts in the casebook, of a request that was admitted."""
    caller = caller_of(request)
    return Who(caller.actor, caller.caller_id, caller.roles, caller.districts)


def seen_ring(ring: RingEntry, run_id: str) -> SeenRing:
    """A ring of the run that is served, as the casebook takes it."""
    return SeenRing(ring.ring_id, run_id, ring.kind, ring.people, ring.harm, ring.fund_amount)


def summary_of(case: Case, lang: Language) -> dict[str, Any]:
    """A case in a list."""
    return {
        **{name: getattr(case, name) for name in LISTED},
        "state_name": say(f"cases.state_{case.state}", lang),
        "districts": list(case.districts),
        "resolution": case.resolution,
        "created_by": case.created_by,
        **{name: getattr(case, name) for name in MOMENTS},
    }


def detail_of(
    case: Case, rings: tuple[LinkedRing, ...], snapshot: Snapshot | None, who: Who, lang: Language
) -> dict[str, Any]:
    """A case in full. `snapshot` None: there is no run, and nobody knows what became of its rings."""
    return {
        **summary_of(case, lang),
        "summary": case.summary,
        "reason": case.reason,
        "duplicate_of": case.duplicate_of,
        "possible": list(CASE.possible(case.state)),
        "rings": [_ring(one, snapshot, who, lang) for one in rings],
    }


def _ring(linked: LinkedRing, snapshot: Snapshot | None, who: Who, lang: Language) -> dict[str, Any]:
    ring = linked.ring
    became, now = None, []
    if snapshot is not None:
        holders = {one.ring_id for person in ring.people for one in snapshot.members.get(("patient", person), ())}
        found = fate(
            ring.ring_id, frozenset(ring.people), {one: frozenset(snapshot.rings[one].people) for one in holders}
        )
        became = found.became
        # A ring that went elsewhere is not told to who may not see it.
        now = [
            {"ring_id": ring_id, "shared": shared}
            for ring_id, shared in found.now
            if snapshot.rings[ring_id].seen_by(who.districts)
        ]
    return {
        "ring_id": ring.ring_id,
        "run_id": ring.run_id,
        "kind": ring.kind,
        "kind_name": word(ring.kind, lang),
        "patients": len(ring.people),
        "fund_amount": ring.fund_amount,
        "linked_at": linked.linked_at,
        "linked_by": linked.linked_by,
        "became": became,
        "became_name": None if became is None else say(f"cases.became_{became}", lang),
        "now": now,
    }
