"""Where everybody stands: what members share in the middle, the patients around it, cards beyond their holders.

Order and direction are the report's (`report.network.layout`): hubs by weight, each patient in the direction of the hubs that
it belongs to. The circles are as wide as the names on them need; many patients stand in several rows, one behind the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atan2, ceil, cos, pi, sin

from ringfinder.report.network import CENTRE, layout

Member = tuple[str, str]
Spot = tuple[float, float]
HUB_ARC, PATIENT_ARC = 150.0, 92.0  # room on the circle for a name, in pixels
PER_ROW = 24  # patients before another row begins
MOST_ROWS = 5
BETWEEN_ROWS, BEYOND_HUBS, TO_CARD, NEXT_CARD = 76.0, 190.0, 84.0, 56.0
LEAST_INNER, LEAST_SHARE = 120.0, 0.36  # of the circle of hubs: pixels, and of the circle of patients


def places(
    patients: Sequence[str],
    hubs: Sequence[Member],
    holders: Mapping[str, str],
    joined: Mapping[tuple[str, Member], int],
) -> dict[Member, Spot]:
    """A place for each; `holders`: card -> patient, `joined`: (patient, hub) -> claims."""
    hub_nodes, patient_nodes = layout(patients, hubs, joined)
    inner = max(LEAST_INNER, len(hubs) * HUB_ARC / (2 * pi)) if len(hubs) > 1 else 0.0
    rows = min(MOST_ROWS, ceil(len(patients) / PER_ROW)) or 1
    slots = ceil(len(patients) / rows) * rows  # the last does not come too near to the first
    outer = max(inner + BEYOND_HUBS, slots * PATIENT_ARC / rows / (2 * pi))
    inner = max(inner, outer * LEAST_SHARE) if len(hubs) > 1 else 0.0
    found: dict[Member, Spot] = {}
    for node in hub_nodes:
        found[node.entity_type, node.entity_id] = _at(_angle(node.x, node.y), inner)
    for i, node in enumerate(patient_nodes):
        found["patient", node.entity_id] = _at(2 * pi * i / slots - pi / 2, outer + i % rows * BETWEEN_ROWS)
    beyond = outer + (rows - 1) * BETWEEN_ROWS + TO_CARD
    held: dict[str, int] = {}
    for i, (card, holder) in enumerate(sorted(holders.items())):
        x, y = found.get(("patient", holder), _at(2 * pi * i / len(holders), 1.0))
        found["card", card] = _at(atan2(y, x), beyond + NEXT_CARD * held.get(holder, 0))
        held[holder] = held.get(holder, 0) + 1
    return found


def _angle(x: float, y: float) -> float:
    return atan2(y - CENTRE, x - CENTRE)


def _at(angle: float, radius: float) -> Spot:
    return float(round(radius * cos(angle))), float(round(radius * sin(angle)))  # vis-network counts in whole pixels
