"""What a co-presence group is told by: its meetings, its marks of harm, and what speaks against it, as findings in codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ringfinder.evidence.arrays import distinct
from ringfinder.evidence.marks import TYPICAL
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import DAY, MINUTE, Finding, Ints, Longs
from ringfinder.rings.harm import EXPLAINED, GROUP_MARKS, HOME, HUNTED, SUPPLY, TWICE

if TYPE_CHECKING:
    from ringfinder.rings.together import Assembly

PLACES_TOLD = 5
# one length is weighed by how far the stays scatter: there is no number that chance lets expect, and none is shown
UNCOUNTED = ("length", "package")


def findings(presence: Presence, state: Assembly, group: int, chosen: Longs, claims: Ints) -> Iterator[Finding]:
    """All findings of one group; `chosen` are its meetings. The first is the main reason."""
    meetings, groups = state.meetings, state.groups
    people = groups.people(group)
    gain = state.together.gain[chosen]
    scoring = chosen[gain > 0] if (gain > 0).any() else chosen
    households = meetings.households[scoring]
    expected = state.together.expected[scoring]
    minutes = (meetings.last[scoring] - meetings.first[scoring]) / MINUTE
    spots = meetings.spot[scoring]
    stays = presence.service[spots] == 0
    places = distinct(presence.facility[spots])
    codes = presence.view.codes.facility
    yield Finding(
        "together",
        "for",
        "reasons.stays_together" if stays.mean() >= 0.5 else "reasons.came_together",
        {
            "people": len(people),
            "occasions": len(scoring),
            "households": int(np.median(households)),
            "most": int(households.max(initial=0)),
            "minutes": round(float(np.median(minutes))),
            "days": round(float(np.median(minutes)) * MINUTE / DAY, 1),
            "places": "、".join(str(codes[p]) for p in places[:PLACES_TOLD]),
            "expected": round(float(expected.mean()), 2),
        },
        float(households.mean()) if len(households) else 0.0,
        float(expected.mean()) if len(expected) else 0.0,
        claims,
        float(state.together.score[group]),
    )
    n = int(state.harm.visits[group])
    for mark in (*TYPICAL, *GROUP_MARKS):
        nats = float(state.harm.nats[mark][group])
        counted = mark not in UNCOUNTED
        if nats > 0:
            yield Finding(
                "marks",
                "harm",
                f"reasons.{mark}",
                {
                    "borne": int(state.harm.borne[mark][group]),
                    "visits": n,
                    "expected": round(float(state.harm.expected[mark][group]), 1),
                },
                float(state.harm.borne[mark][group]) * counted,
                float(state.harm.expected[mark][group]) * counted,
                claims,
                nats,
            )
    explained = int(state.harm.borne[EXPLAINED][group])
    if 2 * explained > n:
        values: dict[str, object] = {"borne": explained, "visits": n}
        yield Finding("marks", "against", "reasons.announced", values, float(explained), 0.0, claims[:0])
    for name in (HUNTED, HOME, TWICE, SUPPLY):
        many = int(state.harm.borne[name][group])
        if many:
            values = {"borne": many, "visits": n, "people": len(people)}
            yield Finding("marks", "against", f"reasons.{name}", values, float(many), 0.0, claims[:0])
    others = float(np.mean(meetings.present[scoring] / np.maximum(1, households)))
    yield Finding(
        "together",
        "against",
        "reasons.busy_place",
        {"ratio": round(others, 1), "expected": round(float(expected.sum()), 1), "seen": int(households.sum())},
        float(households.sum()),
        float(expected.sum()),
        claims[:0],
    )
    linked = int(np.count_nonzero(groups.hubs.names(np.full(len(people), groups.hub[group]), people)))
    yield Finding(
        "together",
        "against",
        "reasons.no_hub" if not linked else "reasons.hub",
        {"linked": linked, "people": len(people)},
        linked,
        0.0,
        claims[:0],
    )
