"""More like this: which rings and facilities are most like a ring, or like what a tip names, and what is alike.

Six signs are compared; each agrees by 0 to 1 and has a weight:

    kind      3   1 where both are consistent with the same kind of ring, else 0
    reasons   3   channels that found something for both, of those that did for either (sides for and harm)
    size      1   the smaller number of patients, of the larger
    amounts   1   the smaller fund amount for each patient, of the larger
    places    1   facilities of both (members, and where claims of the evidence were), of those of either
    members   1   other members of both (patients, doctors, go-betweens, accounts, ...), of those of either

    likeness = sum of weight times agreement / sum of weights

over the signs that are known of the one that is compared with: a tip has no size and no amounts. It is a share of what could agree,
no probability, and says nothing of how sure either ring is. A facility is as like as the most similar ring that has it among its
places. Ties by id. Blind spot: rings of one kind that work in other ways are told as alike by that alone; `signs` shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ringfinder.report.register import ClaimLine
from ringfinder.report.results import Results

WEIGHTS: Mapping[str, int] = {"kind": 3, "reasons": 3, "size": 1, "amounts": 1, "places": 1, "members": 1}
SPEAKING = frozenset({"for", "harm"})
CENT = Decimal("0.01")
Node = tuple[str, str]  # entity type, id


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared; None where it is not known. `channels` that found something; `members` without facilities."""

    ring_id: str
    kind: str | None
    channels: frozenset[str] | None
    patients: int | None
    fund_amount: Decimal | None
    places: frozenset[str] | None
    members: frozenset[Node] | None

    @property
    def each(self) -> Decimal | None:
        """What the fund paid for each patient, to the cent."""
        return (
            None if self.fund_amount is None or not self.patients else (self.fund_amount / self.patients).quantize(CENT)
        )


@dataclass(frozen=True, slots=True)
class Sign:
    """How far one sign agrees. `both` and `either`: how many things are in both and in one of them; None where it is no set."""

    name: str
    agreement: float
    both: int | None = None
    either: int | None = None

    @property
    def weight(self) -> int:
        """How much it counts."""
        return WEIGHTS[self.name]


@dataclass(frozen=True, slots=True)
class Like:
    """A ring that is like the one `of` that id."""

    ring: Profile
    of: str
    likeness: float
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class LikePlace:
    """A facility: as like as that ring, the most similar of the `rings` that have it among their places."""

    facility_id: str
    likeness: float
    ring_id: str
    rings: int


def profiles(results: Results, lines: Mapping[str, ClaimLine]) -> dict[str, Profile]:
    """Every ring of a run as it is compared. `lines`: the claims that its evidence names, by id."""
    found = {}
    for ring in results.rings:
        members, evidence = results.members_of(ring.ring_id), results.evidence_of(ring.ring_id)
        claims = {claim for row in evidence for claim in row.claim_ids}
        found[ring.ring_id] = Profile(
            ring.ring_id,
            ring.kind,
            frozenset(row.channel for row in evidence if row.side in SPEAKING),
            ring.patients,
            ring.fund_amount,
            frozenset(m.entity_id for m in members if m.entity_type == "facility")
            | frozenset(lines[claim].facility_id for claim in claims if claim in lines),
            frozenset((m.entity_type, m.entity_id) for m in members if m.entity_type != "facility"),
        )
    return found


def named(kind: str | None, entities: Iterable[Node]) -> Profile:
    """What a tip says as it is compared; only what it names is known."""
    entities = frozenset(entities)
    places = frozenset(entity_id for entity_type, entity_id in entities if entity_type == "facility")
    members = frozenset(one for one in entities if one[0] != "facility")
    return Profile("", kind, None, None, None, places or None, members or None)


def signs(of: Profile, other: Profile) -> tuple[Sign, ...]:
    """How far each sign agrees that is known of the first one; in the order of `WEIGHTS`."""
    found = [
        None if of.kind is None else Sign("kind", float(of.kind == other.kind)),
        _shared("reasons", of.channels, other.channels),
        _ratio("size", of.patients, other.patients),
        _ratio("amounts", of.each, other.each),
        _shared("places", of.places, other.places),
        _shared("members", of.members, other.members),
    ]
    return tuple(one for one in found if one is not None)


def likeness(found: Sequence[Sign]) -> float:
    """Their weighted mean; 0 where no sign is known."""
    weights = sum(one.weight for one in found)
    return sum(one.weight * one.agreement for one in found) / weights if weights else 0.0


def rings_like(of: Sequence[Profile], among: Iterable[Profile]) -> tuple[Like, ...]:
    """Rings by how like they are to whichever of these is nearest, most first; those themselves, and what is not alike at all, left out."""
    themselves = {one.ring_id for one in of}
    found = []
    for ring in among:
        if ring.ring_id in themselves:
            continue
        each = [(likeness(agreeing), one.ring_id, agreeing) for one in of for agreeing in [signs(one, ring)]]
        most, nearest, agreeing = min(each, key=lambda one: (-one[0], one[1]))
        if most:
            found.append(Like(ring, nearest, most, agreeing))
    return tuple(sorted(found, key=lambda one: (-one.likeness, one.ring.ring_id)))


def places_like(alike: Sequence[Like], besides: Collection[str]) -> tuple[LikePlace, ...]:
    """Facilities by their most similar ring; `alike` as `rings_like` gives them; those `besides` are left out."""
    nearest: dict[str, Like] = {}
    counts: dict[str, int] = {}
    for one in alike:
        for place in one.ring.places or ():
            nearest.setdefault(place, one)
            counts[place] = counts.get(place, 0) + 1
    found = [
        LikePlace(place, one.likeness, one.ring.ring_id, counts[place])
        for place, one in nearest.items()
        if place not in besides
    ]
    return tuple(sorted(found, key=lambda one: (-one.likeness, one.facility_id)))


def _shared(name: str, of: Collection[object] | None, other: Collection[object] | None) -> Sign | None:
    if not of:
        return None
    mine, its = frozenset(of), frozenset(other or ())
    both, either = len(mine & its), len(mine | its)
    return Sign(name, both / either, both, either)


def _ratio(name: str, of: int | Decimal | None, other: int | Decimal | None) -> Sign | None:
    if not of:
        return None
    return Sign(name, float(min(of, other) / max(of, other)) if other else 0.0)
