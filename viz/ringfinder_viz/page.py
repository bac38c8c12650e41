"""A ring as one HTML file to explore: the graph by pyvis, and beside it the ring in words, as the report tells it.

pyvis brings vis-network's script and style and writes the nodes and edges as JSON that cannot leave its `<script>`. Of its page
only these are kept: even with `cdn_resources="in_line"` it loads a style and a script from another host. What remains stands in a
page of ours, whose Content-Security-Policy runs these very scripts (by their hashes) and forbids every request.

Sentences about nodes and edges become vis-network's `title`, which it shows as text, only after pyvis has written them as `said`:
where a title holds "href", as a doctor's name may, pyvis would show all of them as HTML.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any

from ringfinder.report import html
from ringfinder.report.alert import Case, evidence, facts, gauge, law, members, reason_of, time_figure
from ringfinder.report.figures import q_sentence, word
from ringfinder.report.html import Markup, element, raw
from ringfinder.report.register import Register
from ringfinder.words import Language, say
from ringfinder_viz.extra import needed
from ringfinder_viz.palette import LOOKS, TIE
from ringfinder_viz.scene import FIRST_TIES, Edge, Node, Scene
from ringfinder_viz.vector import FONTS, legend_mark

SCRIPT = re.compile(r"<script([^>]*)>(.*?)</script>", re.DOTALL)
STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+")  # a browser with its tools open would ask for it
SAID, TITLE = '"said": ', '"title": '  # as keys in JSON; within a text their quotes would be escaped
CONTAINER = "mynetwork"  # pyvis' name for the place of the graph
SIZE, HUB_SIZE, FONT = 11, 17, 15  # of signs and names
LINE_OPACITY = 0.6
OPTIONS = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "tooltipDelay": 120, "zoomView": False, "multiselect": False},
    "nodes": {"borderWidth": 1.5, "font": {"size": FONT, "face": FONTS}},
    "edges": {"smooth": False, "selectionWidth": 1.5, "hoverWidth": 1},
}


def page(case: Case, scene: Scene, register: Register, lang: Language) -> str:
    """The whole file; it needs nothing from elsewhere."""
    ring = case.ring
    title = f"{word(ring.kind, lang)} {ring.ring_id}"
    style, scripts = _drawn_by_pyvis(scene)
    scripts.append(_own("page.js"))
    return html.page(
        title,
        element(
            "header",
            element("div", element("h1", word(ring.kind, lang)), element("p", ring.ring_id, class_="ring-id")),
            gauge(ring, lang),
            class_="ring",
        ),
        None if ring.alert else element("p", say("report.not_an_alert", lang), class_="verdict none"),
        element("p", reason_of(case, lang), class_="lead"),
        element("p", q_sentence(ring.q_value, lang), class_="quiet"),
        facts(ring, lang),
        element(
            "main",
            element("div", _graph(scene, title, lang), class_="graph"),
            element("div", evidence(case, lang), class_="why"),
        ),
        time_figure(case, lang),
        members(case, register, lang),
        law(ring, lang),
        element(
            "footer",
            element("p", say("viz.no_verdict", lang)),
            element("p", say("viz.unmasked" if register.unmask else "report.masked", lang)),
        ),
        *(element("script", raw(code)) for code in scripts),
        lang=lang,
        head=(
            element("meta", http_equiv="Content-Security-Policy", content=_policy(scripts)),
            element("meta", name="color-scheme", content="light dark"),
        ),
        style=style + _own("page.css"),
    )


def _policy(scripts: list[str]) -> str:
    """These scripts and nothing else; styles may stand in the page, and no request may leave it."""
    hashes = (f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'" for code in scripts)
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _graph(scene: Scene, title: str, lang: Language) -> Markup:
    """The place of the graph, with its legend, its buttons and what was chosen in it."""
    buttons = (("closer", "+"), ("wider", "−"), ("whole", say("viz.whole", lang)))
    shown = min(FIRST_TIES, scene.ties)
    slider = element(
        "label",
        element("span", say("viz.ties_shown", lang, shown=shown, all=scene.ties), id="ties-shown",
                data_text=say("viz.ties_shown", lang, shown="{shown}", all=scene.ties)),
        element("input", type="range", id="ties", min=0, max=scene.ties, value=shown),
    )  # fmt: skip
    return element(
        "figure",
        element("h4", say("report.network", lang)),
        element("p", say("viz.how", lang), class_="quiet"),
        element(
            "div",
            *(element("button", text, type="button", id=name, aria_label=say(f"viz.{name}", lang)) for name, text in buttons),
            slider if scene.ties else None,
            class_="controls",
        ),
        element("div", id=CONTAINER, role="img", aria_label=title),
        element("p", say("viz.choose", lang), id="told", aria_live="polite"),
        element(
            "ul",
            *(element("li", legend_mark(line), element("span", line.text)) for line in scene.legend),
            class_="legend",
        ),
    )  # fmt: skip


def _drawn_by_pyvis(scene: Scene) -> tuple[str, list[str]]:
    """Style and scripts of the graph."""
    network = needed("pyvis.network").Network(cdn_resources="in_line", directed=True)  # undirected compares all edges
    network.set_options(json.dumps(OPTIONS))
    for node in scene.nodes:
        network.add_node(node.name, **_node(node))
    first = set(scene.at_first())
    for number, edge in enumerate(scene.edges, 1):
        network.add_edge(edge.a, edge.b, id=f"e{number}", **_edge(edge, edge in first))
    made = network.generate_html()
    scripts = [
        SOURCE_MAP.sub("", code).replace(SAID, TITLE)
        for attributes, code in SCRIPT.findall(made)
        if "src=" not in attributes
    ]
    style = "".join(css for css in STYLE.findall(made) if f"#{CONTAINER}" not in css)
    return style, scripts


def _node(node: Node) -> dict[str, Any]:
    look = LOOKS[node.entity_type]
    hollow = not node.role
    colours = {"background": "rgba(127,127,127,0.12)" if hollow else look.fill, "border": look.rim}
    boxed = look.shape == "box"
    lift = 2 * SIZE + FONT * (node.label.count("\n") + 2) if node.named_above else 0
    return {
        "label": node.label,
        "shape": look.shape,
        "size": SIZE if node.small else HUB_SIZE,
        "color": {**colours, "highlight": colours, "hover": colours},
        "x": node.x,
        "y": node.y,
        "said": node.said,
        "onFill": boxed and not hollow,
        "lift": -lift,
        **({"shapeProperties": {"borderDashes": [5, 4]}} if hollow else {}),
    }


def _edge(edge: Edge, shown: bool) -> dict[str, Any]:
    tie = edge.kind == "tie"
    colour = TIE if tie else LOOKS[edge.kind].fill
    return {
        "width": edge.width,
        "color": {"color": colour, "highlight": colour, "hover": colour, "opacity": LINE_OPACITY},
        "dashes": [7, 5] if tie else False,
        "hidden": not shown,
        "arrows": "",
        "said": edge.said,
        "tie": tie,
    }
