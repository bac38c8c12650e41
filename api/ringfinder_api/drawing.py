"""A ring as graph and timeline: members with places that are always the same, and what joins them.

Members are called m1, m2, ... in the order of the result files: masked ids may look alike, these do not. Behind them come places
where much of the ring happened and that are no members, m9, m10, ..., without a role. An edge between a patient and another counts the
ring's claims that name both; one between two patients is their tie. Where everybody stands is the pictures' (`ringfinder_viz.places`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ringfinder.report.alert import PLACES_DRAWN
from ringfinder.report.contract import MemberRow
from ringfinder.report.register import ClaimLine, Register
from ringfinder_viz.places import places

Node = tuple[str, str]
Money = tuple[Decimal, Decimal | None]  # billed, and paid by the fund
DECIMALS = 3  # of a chance


@dataclass(frozen=True)
class Tie:
    """Two patients of one ring who are tied by one channel; weight in nats."""

    patient_a: str
    patient_b: str
    channel: str
    observed: int
    expected: float
    weight: float


def called(members: Sequence[MemberRow], lines: Iterable[ClaimLine] = ()) -> dict[Node, str]:
    """What each member is called within its ring, and after them the busiest places of these claims; who has two roles has one name."""
    busy = Counter(line.facility_id for line in lines)
    hosts = [("facility", place) for place in sorted(busy, key=lambda one: (-busy[one], one))[:PLACES_DRAWN]]
    nodes = dict.fromkeys((*((m.entity_type, m.entity_id) for m in members), *hosts))
    return {node: f"m{number}" for number, node in enumerate(nodes, 1)}


def graph(
    members: Sequence[MemberRow],
    lines: Sequence[ClaimLine],
    ties: Iterable[Tie],
    names: Mapping[Node, str],
    who: Register,
) -> dict[str, Any]:
    """`nodes` and `edges` of a ring; `names` by member and place, masked."""
    called_ = called(members, lines)
    joined = _joined(called_, lines)
    edges = [edge(called_["patient", one], called_[other], claims=claims) for (one, other), claims in joined.items()]
    by_pair: dict[tuple[str, str], list[Tie]] = {}
    for tie in sorted(ties, key=lambda t: (t.patient_a, t.patient_b, t.channel)):
        if ("patient", tie.patient_a) in called_ and ("patient", tie.patient_b) in called_:
            by_pair.setdefault((tie.patient_a, tie.patient_b), []).append(tie)
    edges += [edge(called_["patient", a], called_["patient", b], found) for (a, b), found in by_pair.items()]
    hubs = sorted(
        (node for node in called_ if node[0] not in {"patient", "card"}),
        key=lambda hub: (-sum(line.entities.get(hub[0]) == hub[1] for line in lines), hub),
    )
    patients = [entity for kind, entity in called_ if kind == "patient"]
    holders = {entity: _holder((kind, entity), joined) for kind, entity in called_ if kind == "card"}
    at = places(patients, hubs, holders, joined)
    return {"nodes": [_node(node, name, members, names, at, who) for node, name in called_.items()], "edges": edges}


def _joined(called_: Mapping[Node, str], lines: Iterable[ClaimLine]) -> dict[tuple[str, Node], int]:
    """How many of the claims name a patient and another, both in the picture: (patient, other) -> claims."""
    shared = Counter(
        (line.patient_id, other) for line in lines for other in line.entities.items() if other[0] != "patient"
    )
    return {
        (one, other): claims
        for (one, other), claims in sorted(shared.items())
        if ("patient", one) in called_ and other in called_
    }


def _holder(card: Node, joined: Mapping[tuple[str, Node], int]) -> str:
    """The patient who has most claims with a card; ties by id."""
    users = [(-claims, patient) for (patient, other), claims in joined.items() if other == card]
    return min(users)[1] if users else ""


def edge(a: str, b: str, ties: Sequence[Tie] = (), claims: int | None = None) -> dict[str, Any]:
    """What joins two, as answers tell it: claims that name both, or ties."""
    seen = [
        {"channel": tie.channel, "observed": tie.observed, "expected": round(tie.expected, DECIMALS)} for tie in ties
    ]
    weight = round(sum(tie.weight for tie in ties), 3) if ties else None
    return {"a": a, "b": b, "claims": claims, "weight": weight, "ties": seen}


def _node(
    node: Node,
    name: str,
    members: Sequence[MemberRow],
    names: Mapping[Node, str],
    at: Mapping[Node, tuple[float, float]],
    who: Register,
) -> dict[str, Any]:
    member = next((m for m in members if (m.entity_type, m.entity_id) == node), None)
    return {
        "member": name,
        "entity_type": node[0],
        "entity_id": who.shown(*node),
        "name": names.get(node),
        "role": member.role if member else None,
        "strength": member.strength if member else 0.0,
        "x": at[node][0],
        "y": at[node][1],
    }


def timeline(
    members: Sequence[MemberRow],
    lines: Sequence[ClaimLine],
    places_: Mapping[str, str],
    money: Mapping[str, Money],
    who: Register,
) -> dict[str, Any]:
    """The ring's claims in order of time, in columns, since there may be tens of thousands: a third of the bytes of as many objects, and
    read in a fraction of the time. `places_`: names of facilities, `money`: by claim."""
    called_ = called(members, lines)
    ordered = sorted(lines, key=lambda one: (one.start, one.claim_id))
    facilities = {facility: place for place, facility in enumerate(dict.fromkeys(one.facility_id for one in ordered))}
    return {
        "facilities": [
            {"facility_id": who.shown("facility", one), "facility_name": places_.get(one)} for one in facilities
        ],
        "claims": {
            "claim_id": [one.claim_id for one in ordered],
            "member": [called_.get(("patient", one.patient_id)) for one in ordered],
            "others": [
                [called_[node] for node in one.entities.items() if node[0] != "patient" and node in called_]
                for one in ordered
            ],
            "facility": [facilities[one.facility_id] for one in ordered],
            "service_type": [one.service_type for one in ordered],
            "start": [one.start.isoformat(timespec="seconds") for one in ordered],
            "end": [None if one.end == one.start else one.end.isoformat(timespec="seconds") for one in ordered],
            "total_amount": [money[one.claim_id][0] for one in ordered],
            "fund_amount": [money[one.claim_id][1] for one in ordered],
        },
    }
