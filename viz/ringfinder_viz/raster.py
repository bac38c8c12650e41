"""A ring as PNG, by matplotlib: the same sheet as the SVG, with a font of this machine.

A picture cannot borrow the reader's fonts. Where its text holds Chinese signs that no font here can draw it is refused, with the
package that brings one: empty boxes where a name should stand would be found out by the reader, and too late.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence
from ringfinder_viz.extra import needed
from ringfinder_viz.palette import INK, LOOKS, PAPER, QUIET, TIE
from ringfinder_viz.scene import Edge, LegendLine, Node
from ringfinder_viz.sheet import SMALL, Sheet

SHARP = 2  # dots of the file for each pixel of the sheet
POINT = 72 / 100  # a pixel of the sheet in points, at 100 pixels an inch
INCH = 100
LINE_OPACITY = 0.5
AREA, HUB_AREA = 180.0, 560.0  # of a sign, in square pixels of the sheet
# Files of fonts with Chinese signs, by how their names begin: free ones of Linux first, then those of Windows and macOS.
CHINESE_FONTS = (
    *("notosanscjk", "notosanssc", "sourcehansans", "wqy-microhei", "wqy-zenhei", "droidsansfallback"),
    *("msyh", "simhei", "simsun", "pingfang", "stheiti", "hiragino", "arialunicode", "uming", "ukai"),
)
LATIN = "DejaVu Sans"  # matplotlib brings it along


def png(sheet: Sheet) -> bytes:
    """The whole file; UsageError where this machine has no font for it."""
    figure = needed("matplotlib.figure").Figure(figsize=(sheet.width / INCH, sheet.height / INCH), dpi=INCH * SHARP)
    fonts = fonts_for(_signs(sheet))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, sheet.width), ylim=(sheet.height, 0))
    axes.axis("off")
    at = {node.name: (node.x + sheet.shift[0], node.y + sheet.shift[1]) for node in sheet.nodes}
    for edge in sheet.edges:
        _line(axes, edge, at)
    for node in sheet.nodes:
        _member(axes, node, *at[node.name], fonts)
    for text in sheet.texts:  # the Chinese fonts of Linux have one weight
        _write(axes, text.text, text.x, text.y, text.size, fonts, color=QUIET if text.quiet else INK,
               weight="bold" if text.bold and fonts == [LATIN] else "normal")  # fmt: skip
    for x, y, line in sheet.legend:
        _legend(axes, x, y, line, fonts, sheet.scale)
    file = io.BytesIO()
    figure.savefig(file, format="png", facecolor=PAPER, metadata={"Software": None})
    return file.getvalue()


def fonts_for(signs: set[str]) -> list[str]:
    """Families that can draw these signs together; UsageError where the machine has none."""
    manager = needed("matplotlib.font_manager")
    latin = manager.findfont(LATIN)
    missing = signs - _drawable(latin)
    if not missing:
        return [LATIN]
    files = {Path(file).name.lower().replace(" ", ""): file for file in sorted(manager.findSystemFonts())}
    for beginning in CHINESE_FONTS:
        for name, file in sorted(files.items()):
            if name.startswith(beginning) and missing <= _drawable(file):
                manager.fontManager.addfont(file)
                return [str(manager.FontProperties(fname=file).get_name()), LATIN]
    raise UsageError(Sentence("faults.no_chinese_font"))


def _drawable(file: str) -> set[str]:
    return {chr(code) for code in needed("matplotlib.ft2font").FT2Font(file).get_charmap()}


def _signs(sheet: Sheet) -> set[str]:
    texts = [text.text for text in sheet.texts] + [node.label for node in sheet.nodes]
    return set("".join([*texts, *(line.text for _, _, line in sheet.legend)])) - {"\n"}


def _write(axes: Any, text: str, x: float, y: float, size: float, fonts: list[str], **look: Any) -> None:
    axes.text(x, y, text, fontsize=size * POINT, family=fonts, parse_math=False, **look)


def _line(axes: Any, edge: Edge, at: dict[str, tuple[float, float]]) -> None:
    (x1, y1), (x2, y2) = at[edge.a], at[edge.b]
    tie = edge.kind == "tie"
    axes.plot([x1, x2], [y1, y2], color=TIE if tie else LOOKS[edge.kind].fill, linewidth=edge.width * POINT,
              alpha=LINE_OPACITY, linestyle=(0, (3, 2.5)) if tie else "-", solid_capstyle="butt", zorder=1)  # fmt: skip


def _sign(axes: Any, kind: str, x: float, y: float, area: float, hollow: bool = False) -> None:
    look = LOOKS[kind]
    outline = [(dx, -dy) for dx, dy in (*look.corners, *look.corners[:1])]  # of a sign y goes up
    axes.scatter([x], [y], s=area * POINT**2, marker=outline or "o", facecolor="none" if hollow else look.fill,
                 edgecolor=look.rim, linewidth=0.9, linestyle="--" if hollow else "-", zorder=2)  # fmt: skip


def _member(axes: Any, node: Node, x: float, y: float, fonts: list[str]) -> None:
    look = LOOKS[node.entity_type]
    middle = {"ha": "center", "zorder": 3, "linespacing": 1.25}
    if look.shape == "box":
        box = {"boxstyle": "round,pad=0.45", "facecolor": look.fill if node.role else PAPER, "edgecolor": look.rim,
               "linestyle": "-" if node.role else "--"}  # fmt: skip
        _write(axes, node.label, x, y, SMALL, fonts, va="center", color=PAPER if node.role else INK, bbox=box, **middle)
        return
    _sign(axes, node.entity_type, x, y, AREA if node.small else HUB_AREA)
    halo = needed("matplotlib.patheffects").withStroke(linewidth=2.2, foreground=PAPER)
    away, side = (-12, "bottom") if node.named_above else (12 if node.small else 17, "top")
    _write(axes, node.label, x, y + away, SMALL, fonts, va=side, color=INK, path_effects=[halo], **middle)


def _legend(axes: Any, x: float, y: float, line: LegendLine, fonts: list[str], scale: float) -> None:
    middle = y + 9 * scale
    if line.mark == "line":
        tie = line.kind == "tie"
        axes.plot([x, x + 26 * scale], [middle, middle], color=TIE if tie else LOOKS["facility"].fill,
                  linewidth=3 * scale * POINT, linestyle=(0, (3, 2.5)) if tie else "-")  # fmt: skip
    else:
        _sign(axes, line.kind, x + 13 * scale, middle, AREA * scale**2, hollow=line.mark == "place")
    _write(axes, line.text, x + 36 * scale, y + 14 * scale, SMALL * scale, fonts, color=INK)
