"""How each type of entity looks: a shape and a colour, so that neither alone has to tell it.

The colours are Okabe and Ito's, which people with any colour blindness tell apart (Color Universal Design, 2008), and grey;
each has a darker rim, so that pale ones stand out on white and dark ones on black.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

Point = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """`shape` as vis-network calls it; `corners` around the middle, in radii, none for a disc."""

    fill: str
    rim: str
    shape: str
    corners: tuple[Point, ...] = ()


def _regular(corners: int, first: float, inner: float | None = None) -> tuple[Point, ...]:
    """Corners of a regular polygon, the first at this angle; of a star where `inner` is the radius of its notches."""
    points = corners if inner is None else 2 * corners
    angles = [first + 2 * pi * i / points for i in range(points)]
    radii = [1.0 if inner is None or i % 2 == 0 else inner for i in range(points)]
    return tuple((r * cos(a), r * sin(a)) for r, a in zip(radii, angles, strict=True))


UP, DOWN = -pi / 2, pi / 2
LOOKS = {
    "patient": Look("#56b4e9", "#00649c", "dot"),
    "card": Look("#a3a9b0", "#5f6a75", "hexagon", _regular(6, 0.0)),
    "doctor": Look("#009e73", "#00573f", "triangle", _regular(3, UP)),
    "facility": Look("#1f74ad", "#0d466d", "box", ((-1.4, -0.9), (1.4, -0.9), (1.4, 0.9), (-1.4, 0.9))),
    "recruiter": Look("#d55e00", "#843a00", "diamond", _regular(4, UP)),
    "account": Look("#cc79a7", "#86406a", "square", ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))),
    "operator": Look("#e69f00", "#8a5f00", "star", _regular(5, UP, 0.45)),
    "terminal": Look("#f0e442", "#7d7500", "triangleDown", _regular(3, DOWN)),
}
TIE = "#6b7782"  # between two people: legible on white and on black
PAPER, INK, QUIET = "#ffffff", "#1d232a", "#5f6a75"  # of pictures for documents
