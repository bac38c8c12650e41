"""A run in memory, ready to be served: every answer as bytes, in both languages, personal values masked.

Made by `building` in a process of its own and never changed. What is kept for each thing:

    known entities     8 bytes each: a hash of the id, sorted (half a million claims name some 190,000: 1.5 MB)
    members            the whole answer, and its parts ring by ring for keys that may see only some rings
    rings              an answer for each route, and the values that lists are filtered and sorted by
    claims of rings    where and when they were, for claims that are not in the graph yet

A hash of 64 bits takes a stranger for somebody known once in 10^13 questions, and then answers "in no ring".
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Literal, get_args

from ringfinder.report.likeness import Profile
from ringfinder.report.masks import mask_id
from ringfinder.words import Language

Texts = Mapping[Language, bytes]
Districts = Collection[str] | None
Meetings = tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
Sort = Literal["score", "fund_amount", "patients", "last_time", "growth"]
SORTS: tuple[Sort, ...] = get_args(Sort)
EPOCH = datetime(1970, 1, 1)
HASH_BYTES = 8


def hash_of(entity_id: str) -> int:
    """The 64 bits by which an entity is known."""
    digest = blake2b(entity_id.encode("utf-8", "surrogatepass"), digest_size=HASH_BYTES).digest()
    return int.from_bytes(digest, "big")


@dataclass(frozen=True, slots=True)
class Membership:
    """One entity in one ring. `part`: the ring as an item of its score, by language."""

    ring_id: str
    role: str
    part: Texts


@dataclass(frozen=True, slots=True)
class Spot:
    """What a place is, and where: degrees north and east; None where it is not known."""

    kind: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class RingEntry:
    """A ring: what it is found by, and its answers. `growth`: patients more than in the run before; `scope`: districts whose keys may
    see it; `districts`: those of its patients."""

    ring_id: str
    kind: str
    score: float
    q_value: float
    alert: bool
    patients: int
    growth: int
    fund_amount: Decimal
    first_time: datetime
    last_time: datetime
    scope: frozenset[str]
    districts: tuple[str, ...]
    facilities: frozenset[str]
    claim_ids: tuple[str, ...]
    harm: float
    people: tuple[str, ...]
    """Its patients, by which cases find it again."""
    nodes: tuple[tuple[str, str], ...]
    """All in its picture, in the order of their names there: m1, m2, ..."""
    profile: Profile
    """What it is compared by with others (see `report.likeness`)."""
    kind_names: Mapping[Language, str]
    meetings: Meetings
    """Where it met, and in which months with how many claims (see `mapping`)."""
    summary: Texts
    head: Texts
    """The ring for `/v1/scores:claim`: opening of an object, to which `belongs` and `ties` are added."""
    detail: Texts
    evidence: Texts
    graph: bytes
    timeline: bytes
    history: bytes

    def place(self, sort: Sort) -> tuple[Decimal, str]:
        """By what it is sorted: the highest first, ties by id."""
        value: Decimal | float
        match sort:
            case "score":
                value = self.score
            case "fund_amount":
                value = self.fund_amount
            case "patients":
                value = self.patients
            case "growth":
                value = self.growth
            case "last_time":
                value = (self.last_time - EPOCH).total_seconds()
        return -Decimal(str(value)), self.ring_id

    def called(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """(name in its picture, who it is)."""
        return ((f"m{number}", node) for number, node in enumerate(self.nodes, 1))

    def seen_by(self, districts: Districts) -> bool:
        """Whether a key limited to these districts (None: to none) may see it."""
        return districts is None or not self.scope.isdisjoint(districts)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One run. `places`: (facility, day) -> (ring, claim); `invoices`: invoice number -> (ring, claim)."""

    run_id: str
    rings: Mapping[str, RingEntry]
    """By id, surest first."""
    known: Mapping[str, array[int]]
    members: Mapping[tuple[str, str], tuple[Membership, ...]]
    whole: Mapping[tuple[str, str], Texts]
    places: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
    invoices: Mapping[str, tuple[tuple[str, str], ...]]
    facilities: Mapping[str, str]
    """District by facility, in the order of ids; "" where it is not known."""
    names: Mapping[str, str]
    """Names of facilities, which are no secret, where they are known."""
    spots: Mapping[str, Spot]
    """Facilities of which the register says what or where they are."""
    people: Mapping[tuple[str, str], str]
    """Masked names of patients, doctors and agents who are in a ring, where they are known."""
    orders: Mapping[str, tuple[str, ...]]
    """Ids of the rings in the order of each sort."""

    def knows(self, entity_type: str, entity_id: str) -> bool:
        """Whether the claims or their registers name this entity."""
        hashes = self.known[entity_type]
        wanted = hash_of(entity_id)
        at = bisect_left(hashes, wanted)
        return at < len(hashes) and hashes[at] == wanted

    def person(self, entity_id: str, districts: Districts) -> str | None:
        """The masked name of whoever bears that id and is in a ring that the key may see."""
        for kind in ("patient", "recruiter", "doctor"):
            name = self.people.get((kind, entity_id))
            if name is not None and any(
                self.rings[one.ring_id].seen_by(districts) for one in self.members[kind, entity_id]
            ):
                return name
        return None

    def score(self, entity_type: str, entity_id: str, lang: Language, districts: Districts) -> bytes | None:
        """The answer about one entity as JSON; None where nobody knows it."""
        key = (entity_type, entity_id)
        found = self.members.get(key)
        if found is not None:
            if districts is None:
                return self.whole[key][lang]
            seen = [one for one in found if self.rings[one.ring_id].seen_by(districts)]
            return assembled(self.run_id, entity_type, entity_id, [self.rings[m.ring_id] for m in seen], seen, lang)
        if not self.knows(entity_type, entity_id):
            return None
        return assembled(self.run_id, entity_type, entity_id, [], [], lang)

    def ring(self, ring_id: str, districts: Districts) -> RingEntry | None:
        """The ring of that id where the key may see it."""
        found = self.rings.get(ring_id)
        return found if found is not None and found.seen_by(districts) else None


def assembled(
    run_id: str,
    entity_type: str,
    entity_id: str,
    rings: Collection[RingEntry],
    memberships: Collection[Membership],
    lang: Language,
) -> bytes:
    """A score from its parts, as JSON: that of the surest of the rings."""
    best = max(rings, key=lambda ring: ring.score, default=None)
    shown = json.dumps(mask_id(entity_type, entity_id), ensure_ascii=False)
    return b"".join(
        (
            f'{{"entity_type":"{entity_type}","entity_id":{shown},'.encode(),
            b'"score":0,"q_value":null,'
            if best is None
            else f'"score":{best.score},"q_value":{best.q_value},'.encode(),
            b'"alert":true,' if any(ring.alert for ring in rings) else b'"alert":false,',
            b'"rings":[',
            b",".join(one.part[lang] for one in memberships),
            f'],"run_id":"{run_id}"}}'.encode(),
        )
    )
