"""Rings and facilities of the run that is served which are like a ring, or like what a tip names, as far as the caller may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ringfinder.report.figures import word
from ringfinder.report.likeness import Like, Profile, named, places_like, rings_like
from ringfinder.report.likeness_words import says, sign_name
from ringfinder.words import Language, say
from ringfinder_api.snapshot import Districts, Snapshot
from ringfinder_api.spreading import rings_of

DECIMALS = 4


def of_tip(
    snapshot: Snapshot, kind: str | None, entities: Sequence[tuple[str, str]], districts: Districts
) -> list[Profile]:
    """What a tip is compared by: the rings that its entities are in, or what it says where they are in none."""
    rings = {ring.ring_id for entity in entities for ring, _ in rings_of(snapshot, *entity, districts)}
    return [snapshot.rings[ring_id].profile for ring_id in sorted(rings)] or [named(kind, entities)]


def similar(
    snapshot: Snapshot, of: Sequence[Profile], districts: Districts, district: str | None, limit: int, lang: Language
) -> dict[str, Any]:
    """The answer (`shapes_of_likeness.Similar`)."""
    seen = (ring for ring in snapshot.rings.values() if ring.seen_by(districts))
    alike = rings_like(of, (ring.profile for ring in seen if district is None or district in ring.scope))
    compared = {one.ring_id: one for one in of}
    own = {place for one in of for place in one.places or ()}
    places = [
        one
        for one in places_like(alike, own)
        for where in [snapshot.facilities.get(one.facility_id, "")]
        if (districts is None or where in districts) and district in (None, where)
    ]
    return {
        "run_id": snapshot.run_id,
        "of": [ring_id for ring_id in compared if ring_id],
        "measure": say("likeness.measure", lang),
        "rings": [_ring(snapshot, one, compared[one.of], lang) for one in alike[:limit]],
        "facilities": [
            {
                "facility_id": one.facility_id,
                "district": snapshot.facilities.get(one.facility_id, ""),
                "likeness": round(one.likeness, DECIMALS),
                "through": one.ring_id,
                "rings": one.rings,
            }
            for one in places[:limit]
        ],
    }


def _ring(snapshot: Snapshot, like: Like, of: Profile, lang: Language) -> dict[str, Any]:
    ring = snapshot.rings[like.ring.ring_id]
    return {
        "ring_id": ring.ring_id,
        "kind": ring.kind,
        "kind_name": word(ring.kind, lang),
        "score": ring.score,
        "alert": ring.alert,
        "patients": ring.patients,
        "fund_amount": ring.fund_amount,
        "likeness": round(like.likeness, DECIMALS),
        "nearest": like.of or None,
        "signs": list(_signs(like, of, lang)),
    }


def _signs(like: Like, of: Profile, lang: Language) -> Iterable[dict[str, Any]]:
    for sign in like.signs:
        yield {
            "sign": sign.name,
            "sign_name": sign_name(sign, lang),
            "agreement": round(sign.agreement, DECIMALS),
            "weight": sign.weight,
            "says": says(sign, of, like.ring, lang),
        }
