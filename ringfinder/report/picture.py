"""An answer as one HTML file: the graph in it as inline SVG, and its rows below; no script, nothing from elsewhere.

The layout is networkx's spring layout with a fixed seed, so that the same answer gives the same picture. A large graph is
drawn by its best connected entities; the rows below are complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from ringfinder.graph import ENTITY_LABELS
from ringfinder.report.html import Markup, element, raw
from ringfinder.report.network import COLOURS
from ringfinder.words import Language, say

if TYPE_CHECKING:
    import networkx as nx

    from ringfinder.report.linked import Node

SIZE, MARGIN = 1000.0, 40.0
MOST_NODES = 300  # more are a cloud
LABEL_RIGHT, SIGN, LINE = 8.0, 7.0, 12.0  # where a label begins, how wide a sign and how high a line is
SEED = 1
OTHERS = {"card": "#a3a9b0", "claim": "#d0d5da", "ring": "#b0402c", "phone": "#7a6cc4", "address": "#9b7653"}
PALETTE = COLOURS | OTHERS


def page(
    title: str,
    purpose: str,
    graph: nx.Graph[Node],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    lang: Language,
) -> str:
    """The whole file; `rows` as they are to be shown."""
    drawn = most_connected(graph)
    left = graph.number_of_nodes() - drawn.number_of_nodes()
    style = files("ringfinder.report").joinpath("report.css").read_text(encoding="utf-8")
    body = element(
        "body",
        element("h1", title),
        element("p", purpose, class_="subtitle"),
        element("p", say("library.left_out", lang, drawn=drawn.number_of_nodes(), left=left)) if left else None,
        legend(drawn, lang),
        picture(drawn, title, lang),
        element("h2", say("library.rows", lang, rows=len(rows))),
        element(
            "table",
            element("thead", element("tr", *(element("th", head) for head in heads))),
            element("tbody", *(element("tr", *(element("td", cell) for cell in row)) for row in rows)),
        ),
        style="max-width: 1200px",
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width"),
        element("title", title),
        element("style", raw(style)),
    )
    return "<!doctype html>\n" + element("html", head, body, lang=lang) + "\n"


def most_connected(graph: nx.Graph[Node], most: int = MOST_NODES) -> nx.Graph[Node]:
    """The graph of the `most` best connected entities; ties by name."""
    order = sorted(graph, key=lambda node: (-graph.degree(node), node))
    return graph.subgraph(order[:most])


def legend(graph: nx.Graph[Node], lang: Language) -> Markup:
    """The entity types there are, each with its colour and number."""
    kinds = sorted(kind for kind, _ in graph)
    return element(
        "p",
        *(
            element(
                "span",
                element("span", "● ", style=f"color: {PALETTE[kind]}"),
                f"{entity_word(kind, lang)} ({kinds.count(kind)})　",
            )
            for kind in dict.fromkeys(kinds)
        ),
        class_="quiet",
    )


def entity_word(entity_type: str, lang: Language) -> str:
    """An entity type in words."""
    return say(f"{'kinds' if entity_type in ENTITY_LABELS else 'library'}.{entity_type}", lang)


def picture(graph: nx.Graph[Node], title: str, lang: Language) -> Markup:
    """Lines, then dots with their names as tooltips, then labels of the best connected."""
    at = positions(graph)
    edges = sorted(tuple(sorted(edge)) for edge in graph.edges)
    lines = [
        element("line", x1=at[a][0], y1=at[a][1], x2=at[b][0], y2=at[b][1], stroke="#b9c1c9", stroke_width=1.0)
        for a, b in edges
    ]
    dots = [
        element("circle", element("title", f"{entity_word(kind, lang)} {name}"), cx=at[kind, name][0],
                cy=at[kind, name][1], r=4.0 + min(graph.degree((kind, name)), 12) / 2, fill=PALETTE[kind])
        for kind, name in sorted(graph)
    ]  # fmt: skip
    labels = [
        element("text", node[1], x=at[node][0] + LABEL_RIGHT, y=at[node][1] + 4, font_size=11, fill="#1d232a")
        for node in _readable(graph, at)
    ]
    size = f"{SIZE:.0f}"
    return element(
        "svg", element("title", title), *lines, *dots, *labels, viewBox=f"0 0 {size} {size}", role="img",
        style="width: 100%; height: auto",
    )  # fmt: skip


def positions(graph: nx.Graph[Node]) -> dict[Node, tuple[float, float]]:
    """A place for each entity, in pixels of a picture `SIZE` wide and high; the same graph gives the same places."""
    import networkx as nx  # noqa: PLC0415

    ordered: nx.Graph[Node] = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    ordered.add_edges_from(sorted(tuple(sorted(edge)) for edge in graph.edges))
    if not len(ordered):
        return {}
    places = nx.spring_layout(ordered, seed=SEED, k=1.6 / len(ordered) ** 0.5)
    return {node: (_pixel(float(x)), _pixel(float(y))) for node, (x, y) in places.items()}


def _readable(graph: nx.Graph[Node], at: Mapping[Node, tuple[float, float]]) -> list[Node]:
    """The entities whose labels can stand without covering each other; the best connected come first."""
    chosen: list[Node] = []
    for node in sorted(graph, key=lambda one: (-graph.degree(one), one)):
        x, y = at[node]
        width = SIGN * len(node[1])
        if all(abs(y - at[b][1]) > LINE or x > at[b][0] + SIGN * len(b[1]) or at[b][0] > x + width for b in chosen):
            chosen.append(node)
    return sorted(chosen)


def _pixel(value: float) -> float:
    """A coordinate of the layout (-1 to 1) on the page."""
    return MARGIN + (value + 1) / 2 * (SIZE - 2 * MARGIN)
