"""A picture for a document: title, reason, the graph, its legend, a note; laid out once for SVG and PNG.

Text is broken into lines here, since neither of the two does it: a Chinese sign is as wide as the letters are high, others
are a little more than half as wide.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ringfinder.report.alert import Case, reason_of
from ringfinder.report.figures import q_sentence, sureness, word
from ringfinder.report.register import Register
from ringfinder.words import Language, say
from ringfinder_viz.scene import FIRST_TIES, Edge, LegendLine, Node, Scene

MARGIN, LEAST_WIDTH = 48.0, 760.0
AROUND = 70.0  # room around the outermost members for their names
TITLE, BODY, SMALL = 24.0, 15.0, 13.0
LEADING = 1.5
LETTER = 0.56  # width of a letter by its height
LEGEND_COLUMN, LEGEND_ROW = 340.0, 26.0
READABLE = 1000.0  # pixels up to which these sizes are read on a page; of a wider picture they grow with it
NO_START = "，。；：、！？）”》,.;:!?)"  # signs that begin no line


@dataclass(frozen=True)
class Text:
    """One line of text: where its foot begins, how high it is, and whether it is bold or quiet."""

    x: float
    y: float
    size: float
    text: str
    bold: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Sheet:
    """What stands where, in pixels from the top left. `scale`: of the legend and texts; `shift`: added to the places of the scene."""

    width: float
    height: float
    scale: float
    shift: tuple[float, float]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    texts: tuple[Text, ...]
    legend: tuple[tuple[float, float, LegendLine], ...]


def sheet_of(case: Case, scene: Scene, register: Register, lang: Language) -> Sheet:
    """The sheet of one ring."""
    ring = case.ring
    xs, ys = [n.x for n in scene.nodes] or [0.0], [n.y for n in scene.nodes] or [0.0]
    width = max(LEAST_WIDTH, max(xs) - min(xs) + 2 * (AROUND + MARGIN))
    room, scale = width - 2 * MARGIN, max(1.0, width / READABLE)
    texts: list[Text] = []
    y = MARGIN

    def write(text: str, size: float, *, bold: bool = False, quiet: bool = False) -> None:
        nonlocal y
        size *= scale
        for line in wrapped(text, room, size):
            y += size * LEADING
            texts.append(Text(MARGIN, y - size * 0.4, size, line, bold, quiet))

    write(f"{word(ring.kind, lang)}  {ring.ring_id}", TITLE, bold=True)
    write(say("viz.score", lang, score=f"{ring.score:.0f}", sure=sureness(ring.q_value, lang)), BODY, bold=True)
    if not ring.alert:
        write(say("report.not_an_alert", lang), BODY, bold=True)
    y += 6
    write(reason_of(case, lang), BODY)
    write(q_sentence(ring.q_value, lang), SMALL, quiet=True)
    shift = (width / 2 - (max(xs) + min(xs)) / 2, y + AROUND - min(ys))
    y += max(ys) - min(ys) + 2 * AROUND
    column, row = LEGEND_COLUMN * scale, LEGEND_ROW * scale
    columns = max(1, int(room // column))
    legend = tuple((MARGIN + i % columns * column, y + i // columns * row, line) for i, line in enumerate(scene.legend))
    y += -(-len(legend) // columns) * row + 6
    if scene.ties > FIRST_TIES:
        write(say("viz.ties_cut", lang, shown=FIRST_TIES, all=scene.ties), SMALL, quiet=True)
    write(say("viz.no_verdict", lang), SMALL, quiet=True)
    write(say("viz.unmasked" if register.unmask else "report.masked", lang), SMALL, quiet=True)
    return Sheet(round(width), round(y + MARGIN), scale, shift, scene.nodes, scene.at_first(), tuple(texts), legend)


def width_of(text: str, size: float) -> float:
    """About how wide a text is."""
    return sum(size if unicodedata.east_asian_width(sign) in "WF" else size * LETTER for sign in text)


def wrapped(text: str, room: float, size: float) -> list[str]:
    """`text` in lines of at most `room`, broken at blanks and between Chinese signs."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_of(line + piece.rstrip(), size) > room and piece[0] not in NO_START:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """What may not be broken: a word with the blank after it, a Chinese sign."""
    pieces: list[str] = []
    for sign in " ".join(text.split()):
        wide = unicodedata.east_asian_width(sign) in "WF"
        if not pieces or wide or pieces[-1].endswith(" ") or unicodedata.east_asian_width(pieces[-1][-1]) in "WF":
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces
