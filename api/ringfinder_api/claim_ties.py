"""A claim that is not in the graph yet: who in it is in a ring, and what would tie it to one.

    member         it names a member of the ring
    same_day       claims of the ring were at its place on its day
    same_invoice   a claim of the ring bears its invoice number

It would *belong* to a ring where its patient or its card is a member, or two of its other entities are: a hospital or a
busy doctor alone is named by thousands of honest claims. Its score is the highest of the rings that it belongs to. This is a
look-up, not a detection: whether the claim makes a ring surer is for the next run to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ringfinder.report.figures import word
from ringfinder.report.register import COLUMN_OF
from ringfinder.words import Language, say
from ringfinder_api.answers import as_json
from ringfinder_api.shapes_of_scores import ClaimRequest
from ringfinder_api.snapshot import Districts, RingEntry, Snapshot

OWN = frozenset({"patient", "card"})  # theirs alone
ENOUGH_OTHERS = 2
MOST_CLAIMS = 50


@dataclass
class _Found:
    """What ties the claim to one ring."""

    members: set[str] = field(default_factory=set)
    ties: list[dict[str, object]] = field(default_factory=list)

    def belongs(self) -> bool:
        return bool(self.members & OWN) or len(self.members - OWN) >= ENOUGH_OTHERS


def score_claim(snapshot: Snapshot, claim: ClaimRequest, lang: Language, districts: Districts) -> bytes:
    """The answer as JSON."""
    found: dict[str, _Found] = {}
    for ring, member, tie in _ties(snapshot, claim, lang, districts):
        one = found.setdefault(ring.ring_id, _Found())
        one.ties.append(tie)
        if member:
            one.members.add(member)
    rings = [snapshot.rings[ring_id] for ring_id in snapshot.orders["score"] if ring_id in found]
    best = max((ring.score for ring in rings if found[ring.ring_id].belongs()), default=0)
    parts = [
        ring.head[lang] + b',"belongs":' + as_json(one.belongs()) + b',"ties":' + as_json(one.ties) + b"}"
        for ring in rings
        if (one := found[ring.ring_id])
    ]
    return b"".join(
        (
            f'{{"run_id":"{snapshot.run_id}","score":{best},"entities":['.encode(),
            b",".join(_entities(snapshot, claim, lang, districts)),
            b'],"rings":[',
            b",".join(parts),
            b"]}",
        )
    )


def named(claim: ClaimRequest) -> Iterator[tuple[str, str]]:
    """(entity type, id) of all whom a claim names."""
    for entity_type, name in COLUMN_OF.items():
        if entity_id := getattr(claim, name):
            yield entity_type, entity_id


def _entities(snapshot: Snapshot, claim: ClaimRequest, lang: Language, districts: Districts) -> Iterator[bytes]:
    for entity_type, entity_id in named(claim):
        found = snapshot.score(entity_type, entity_id, lang, districts)
        status = 404 if found is None else 200
        score = b"" if found is None else b',"score":' + found
        yield f'{{"status":{status},"entity_type":"{entity_type}"'.encode() + score + b"}"


def _ties(
    snapshot: Snapshot, claim: ClaimRequest, lang: Language, districts: Districts
) -> Iterator[tuple[RingEntry, str, dict[str, object]]]:
    """(ring, entity type of the member or "", the tie)."""
    for entity_type, entity_id in named(claim):
        for membership in snapshot.members.get((entity_type, entity_id), ()):
            ring = snapshot.ring(membership.ring_id, districts)
            if ring is not None:
                role = word(membership.role, lang, prefix="role_")
                sentence = say("api.tie_member", lang, entity=word(entity_type, lang), role=role)
                yield ring, entity_type, _tie("member", sentence, [], entity_type, membership.role)
    at = (claim.facility_id, f"{claim.start_time:%Y-%m-%d}")
    shared = {"same_day": snapshot.places.get(at, ()), "same_invoice": ()}
    if claim.invoice_number:
        shared["same_invoice"] = snapshot.invoices.get(claim.invoice_number, ())
    for tie, claims in shared.items():
        by_ring: dict[str, list[str]] = {}
        for ring_id, claim_id in claims:
            by_ring.setdefault(ring_id, []).append(claim_id)
        for ring_id, ids in by_ring.items():
            ring = snapshot.ring(ring_id, districts)
            if ring is not None:
                yield ring, "", _tie(tie, say(f"api.tie_{tie}", lang, count=len(ids)), ids)


def _tie(
    tie: str, sentence: str, claim_ids: list[str], entity_type: str | None = None, role: str | None = None
) -> dict[str, object]:
    return {
        "tie": tie,
        "entity_type": entity_type,
        "role": role,
        "sentence": sentence,
        "claim_ids": claim_ids[:MOST_CLAIMS],
    }
