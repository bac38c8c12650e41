"""A ring as graph and timeline: members with places that are always the same, and what joins them.

Members are called m1, m2, ... in the order of the result files: masked ids may look alike, these do not. An edge between
a patient and another member counts the ring's claims that name both; one between two patients is their tie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfinder.report.contract import MemberRow
from ringfinder.report.picture import most_connected, positions
from ringfinder.report.register import ClaimLine, Register

if TYPE_CHECKING:
    import networkx as nx

Node = tuple[str, str]
DECIMALS = 1  # of a place in the picture, which is a thousand wide


@dataclass(frozen=True)
class Tie:
    """Two patients of one ring who are tied by one channel; weight in nats."""

    patient_a: str
    patient_b: str
    channel: str
    weight: float


def called(members: Sequence[MemberRow]) -> dict[Node, str]:
    """What each member is called within its ring; who has two roles has one name."""
    nodes = dict.fromkeys((m.entity_type, m.entity_id) for m in members)
    return {node: f"m{number}" for number, node in enumerate(nodes, 1)}


def graph(
    members: Sequence[MemberRow],
    lines: Iterable[ClaimLine],
    ties: Iterable[Tie],
    names: Mapping[Node, str],
    who: Register,
) -> dict[str, Any]:
    """`nodes` and `edges` of a ring; `names` by member, masked."""
    import networkx as nx  # noqa: PLC0415 - only the process that loads a run draws

    called_ = called(members)
    drawn: nx.Graph[Node] = nx.Graph()
    drawn.add_nodes_from(called_)
    shared: Counter[tuple[Node, Node]] = Counter()
    for line in lines:
        patient = ("patient", line.patient_id)
        shared.update((patient, other) for other in line.entities.items() if other != patient)
    edges: list[dict[str, Any]] = []
    for (patient, other), claims in sorted(shared.items()):
        if patient in called_ and other in called_:
            drawn.add_edge(patient, other)
            edges.append(_edge(called_[patient], called_[other], claims, None, ()))
    by_pair: dict[tuple[str, str], list[Tie]] = {}
    for tie in sorted(ties, key=lambda t: (t.patient_a, t.patient_b, t.channel)):
        by_pair.setdefault((tie.patient_a, tie.patient_b), []).append(tie)
    for (one, two), found in by_pair.items():
        a, b = ("patient", one), ("patient", two)
        if a in called_ and b in called_:
            drawn.add_edge(a, b)
            weight = round(sum(tie.weight for tie in found), 3)
            edges.append(_edge(called_[a], called_[b], None, weight, [tie.channel for tie in found]))
    at = positions(most_connected(drawn))
    return {"nodes": _nodes(members, called_, names, at, who), "edges": edges}


def _edge(a: str, b: str, claims: int | None, weight: float | None, channels: Sequence[str]) -> dict[str, Any]:
    return {"a": a, "b": b, "claims": claims, "weight": weight, "channels": list(channels)}


def _nodes(
    members: Sequence[MemberRow],
    called_: Mapping[Node, str],
    names: Mapping[Node, str],
    at: Mapping[Node, tuple[float, float]],
    who: Register,
) -> list[dict[str, Any]]:
    first: dict[Node, MemberRow] = {}
    for member in members:
        first.setdefault((member.entity_type, member.entity_id), member)
    nodes = []
    for node, member in first.items():
        x, y = at.get(node, (None, None))
        nodes.append(
            {
                "member": called_[node],
                "entity_type": node[0],
                "entity_id": who.shown(*node),
                "name": names.get(node),
                "role": member.role,
                "strength": member.strength,
                "x": None if x is None else round(x, DECIMALS),
                "y": None if y is None else round(y, DECIMALS),
            }
        )
    return nodes


def timeline(
    members: Sequence[MemberRow], lines: Iterable[ClaimLine], places: Mapping[str, str], who: Register
) -> list[dict[str, Any]]:
    """The ring's claims in order of time; `places`: names of facilities."""
    called_ = called(members)
    return [
        {
            "claim_id": line.claim_id,
            "member": called_.get(("patient", line.patient_id)),
            "facility_id": who.shown("facility", line.facility_id),
            "facility_name": places.get(line.facility_id),
            "service_type": line.service_type,
            "start": line.start.isoformat(timespec="seconds"),
            "end": line.end.isoformat(timespec="seconds"),
        }
        for line in sorted(lines, key=lambda one: (one.start, one.claim_id))
    ]
