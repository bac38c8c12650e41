"""The small graph of a ring: hubs on an inner circle, patients around them, lines where claims join the two.

The layout is computed from the members alone, so that the same ring gives the same picture: hubs in the order of their
weight, patients by the direction of the hubs they belong to, ties by id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, pi, sin

from ringfinder.report.html import Markup, element
from ringfinder.report.register import ClaimLine

SIZE = 380.0
CENTRE = SIZE / 2
OUTER, INNER = 138.0, 58.0
MOST_PATIENTS = 60
MOST_HUBS = 9
HUB_TYPES = ("recruiter", "facility", "doctor", "account", "operator", "terminal")
COLOURS = {
    "recruiter": "#c8553d",
    "facility": "#2f6690",
    "doctor": "#4f8a5b",
    "account": "#8a5a83",
    "operator": "#c48a1c",
    "terminal": "#3a8f99",
    "patient": "#525a63",
}


@dataclass(frozen=True)
class Node:
    """An entity with its place in the picture."""

    entity_type: str
    entity_id: str
    x: float
    y: float


def edges(hubs: Sequence[tuple[str, str]], claims: Sequence[ClaimLine]) -> Counter[tuple[str, tuple[str, str]]]:
    """How many of the claims join a patient to a hub: (patient, (type, id)) -> claims."""
    wanted = set(hubs)
    return Counter((line.patient_id, hub) for line in claims for hub in line.entities.items() if hub in wanted)


def layout(
    patients: Sequence[str], hubs: Sequence[tuple[str, str]], joined: Mapping[tuple[str, tuple[str, str]], int]
) -> tuple[list[Node], list[Node]]:
    """Places of hubs and patients; a single hub stands in the middle."""
    radius = INNER if len(hubs) > 1 else 0.0
    angles = [2 * pi * i / max(len(hubs), 1) - pi / 2 for i in range(len(hubs))]
    hub_nodes = [
        Node(kind, hub, CENTRE + radius * cos(a), CENTRE + radius * sin(a))
        for (kind, hub), a in zip(hubs, angles, strict=True)
    ]

    def direction(patient: str) -> float:
        x = sum(joined.get((patient, hub), 0) * cos(a) for hub, a in zip(hubs, angles, strict=True))
        y = sum(joined.get((patient, hub), 0) * sin(a) for hub, a in zip(hubs, angles, strict=True))
        return round((atan2(y, x) + pi / 2) % (2 * pi), 6)  # clockwise from the top, as the hubs are

    order = sorted(patients, key=lambda p: (direction(p), p))
    patient_nodes = [
        Node("patient", p, CENTRE + OUTER * cos(a), CENTRE + OUTER * sin(a))
        for p, a in ((p, 2 * pi * i / max(len(order), 1) - pi / 2) for i, p in enumerate(order))
    ]
    return hub_nodes, patient_nodes


def network(
    patients: Sequence[str],
    hubs: Sequence[tuple[str, str]],
    labels: Mapping[tuple[str, str], str],
    claims: Sequence[ClaimLine],
    title: str,
) -> Markup | None:
    """The picture; None where no hub is known. `hubs` as (entity type, id), heaviest first."""
    hubs = [hub for hub in hubs if hub[0] in HUB_TYPES][:MOST_HUBS]
    patients = patients[:MOST_PATIENTS]
    if not hubs or not patients:
        return None
    joined = edges(hubs, claims)
    hub_nodes, patient_nodes = layout(patients, hubs, joined)
    at = {(n.entity_type, n.entity_id): n for n in (*hub_nodes, *patient_nodes)}
    heaviest = max(joined.values(), default=1)
    lines = [
        element("line", x1=at["patient", patient].x, y1=at["patient", patient].y, x2=at[hub].x, y2=at[hub].y,
                stroke=COLOURS[hub[0]], stroke_width=0.5 + 1.5 * count / heaviest, stroke_opacity="0.45")
        for (patient, hub), count in sorted(joined.items())
        if ("patient", patient) in at
    ]  # fmt: skip
    dots = [
        element("circle", element("title", labels.get(("patient", n.entity_id), n.entity_id)),
                cx=n.x, cy=n.y, r=4, fill=COLOURS["patient"])
        for n in patient_nodes
    ]  # fmt: skip
    names = [_radial_label(n, labels.get(("patient", n.entity_id), n.entity_id)) for n in patient_nodes]
    centres = [
        element("g",
                element("circle", cx=n.x, cy=n.y, r=9, fill=COLOURS[n.entity_type], stroke="#fff", stroke_width=2),
                element("text", labels.get((n.entity_type, n.entity_id), n.entity_id), x=n.x, y=n.y + 21, class_="hub"))
        for n in hub_nodes
    ]  # fmt: skip
    return element(
        "svg", element("title", title), *lines, *dots, *names, *centres,
        viewBox=f"0 0 {SIZE:.0f} {SIZE:.0f}", role="img", class_="network",
    )  # fmt: skip


def _radial_label(node: Node, label: str) -> Markup:
    """A patient's label, read outwards on the right half and inwards on the left."""
    angle = atan2(node.y - CENTRE, node.x - CENTRE)
    x, y = CENTRE + (OUTER + 9) * cos(angle), CENTRE + (OUTER + 9) * sin(angle)
    degrees = angle * 180 / pi
    left = cos(angle) < -1e-9
    turn = degrees + 180 if left else degrees
    return element(
        "text", label[:9], transform=f"translate({x:.1f} {y:.1f}) rotate({turn:.1f})", dy="0.32em",
        class_="patient", text_anchor="end" if left else "start",
    )  # fmt: skip
