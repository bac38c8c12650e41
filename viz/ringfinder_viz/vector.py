"""A ring as SVG: one file that needs nothing, drawn with the fonts of whoever looks at it."""

from __future__ import annotations

from ringfinder.report.html import Markup, element, raw
from ringfinder_viz.palette import INK, LOOKS, PAPER, QUIET, TIE, Look
from ringfinder_viz.scene import Edge, LegendLine, Node
from ringfinder_viz.sheet import SMALL, Sheet, Text, width_of

FONTS = (
    '"Source Sans 3","Segoe UI","Helvetica Neue",Arial,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",'
    '"WenQuanYi Micro Hei",sans-serif'
)
RADIUS, HUB_RADIUS = 9.0, 15.0
BOX_HEIGHT, BOX_AROUND, ROW = 20.0, 9.0, 16.0
LINE_OPACITY, DASH = "0.5", "6 5"


def svg(sheet: Sheet, title: str) -> str:
    """The whole file."""
    at = {node.name: (node.x + sheet.shift[0], node.y + sheet.shift[1]) for node in sheet.nodes}
    width, height = f"{sheet.width:.0f}", f"{sheet.height:.0f}"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + element(
        "svg",
        element("title", title),
        element("style", raw(f"text{{font-family:{FONTS}}}")),
        element("rect", width="100%", height="100%", fill=PAPER),
        *(_line(edge, at) for edge in sheet.edges),
        *(_member(node, *at[node.name]) for node in sheet.nodes),
        *(_text(text) for text in sheet.texts),
        *(_legend(x, y, line, sheet.scale) for x, y, line in sheet.legend),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", width=width, height=height, role="img",
    ) + "\n"  # fmt: skip


def legend_mark(line: LegendLine) -> Markup:
    """The sign of one line of the legend, 26 wide and 18 high."""
    return element("svg", _mark(line, 13.0, 9.0), viewBox="0 0 26 18", aria_hidden="true")


def _mark(line: LegendLine, x: float, y: float) -> Markup:
    if line.mark == "line":
        tie = line.kind == "tie"
        return element("line", x1=x - 13, x2=x + 13, y1=y, y2=y, stroke=TIE if tie else LOOKS["facility"].fill,
                       stroke_width=3, stroke_dasharray=DASH if tie else None)  # fmt: skip
    return _shape(LOOKS[line.kind], x, y, 7.5, hollow=line.mark == "place")


def _shape(look: Look, x: float, y: float, radius: float, hollow: bool = False) -> Markup:
    """The sign of an entity around a point; hollow with a broken rim for what is no member."""
    fill, rim = ("none" if hollow else look.fill), ("3 2" if hollow else None)
    if not look.corners:
        return element("circle", cx=x, cy=y, r=radius, fill=fill, stroke=look.rim, stroke_dasharray=rim)
    points = " ".join(f"{x + radius * dx:.1f},{y + radius * dy:.1f}" for dx, dy in look.corners)
    return element("polygon", points=points, fill=fill, stroke=look.rim, stroke_dasharray=rim)


def _line(edge: Edge, at: dict[str, tuple[float, float]]) -> Markup:
    (x1, y1), (x2, y2) = at[edge.a], at[edge.b]
    tie = edge.kind == "tie"
    return element(
        "line", element("title", edge.said), x1=x1, y1=y1, x2=x2, y2=y2, stroke=TIE if tie else LOOKS[edge.kind].fill,
        stroke_width=edge.width, stroke_opacity=LINE_OPACITY, stroke_dasharray=DASH if tie else None,
    )  # fmt: skip


def _member(node: Node, x: float, y: float) -> Markup:
    """A sign with its name below; of a facility a box around its name."""
    look, lines = LOOKS[node.entity_type], node.label.split("\n")
    said = element("title", node.said)
    if look.shape == "box":
        wide = max(width_of(line, SMALL) for line in lines) + 2 * BOX_AROUND
        high = BOX_HEIGHT * len(lines)
        box = element(
            "rect", x=x - wide / 2, y=y - high / 2, width=wide, height=high, rx=4, stroke=look.rim,
            fill=look.fill if node.role else PAPER, stroke_dasharray=None if node.role else "4 3",
        )  # fmt: skip
        return element("g", said, box, *_names(lines, x, y - high / 2 + 14.5, PAPER if node.role else INK, halo=False))
    radius = RADIUS if node.small else HUB_RADIUS
    foot = y - radius - 6 - ROW * (len(lines) - 1) if node.named_above else y + radius + 14
    return element("g", said, _shape(look, x, y, radius), *_names(lines, x, foot, INK, halo=True))


def _names(lines: list[str], x: float, y: float, colour: str, halo: bool) -> list[Markup]:
    around: dict[str, str | float | None]
    around = {"stroke": PAPER, "stroke_width": 3, "paint_order": "stroke"} if halo else {}
    return [
        element("text", line, x=x, y=y + i * ROW, fill=colour, text_anchor="middle", font_size=f"{SMALL:.0f}", **around)
        for i, line in enumerate(lines)
    ]


def _text(text: Text) -> Markup:
    return element("text", text.text, x=text.x, y=text.y, font_size=text.size,
                   font_weight="600" if text.bold else None, fill=QUIET if text.quiet else INK)  # fmt: skip


def _legend(x: float, y: float, line: LegendLine, scale: float) -> Markup:
    return element(
        "g",
        _mark(line, 13.0, 9.0),
        element("text", line.text, x=36, y=14, font_size=f"{SMALL:.0f}", fill=INK),
        transform=f"translate({x:.1f} {y:.1f}) scale({scale:.3f})",
    )
