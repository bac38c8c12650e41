from __future__ import annotations

import networkx as nx
import pytest

from ringfinder.report.linked import ENTITY_COLUMNS
from ringfinder.report.picture import MOST_NODES, PALETTE, entity_word, page

from .test_html import Reader


def star(leaves: int) -> nx.Graph[tuple[str, str]]:
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    graph.add_edges_from((("facility", "F<1>"), ("patient", f"P{n:03}")) for n in range(leaves))
    return graph


def read(graph: nx.Graph[tuple[str, str]], rows: list[list[str]]) -> Reader:
    reader = Reader()
    reader.feed(page("Title", "Purpose", graph, ["one", "other"], rows, "en"))
    return reader


def test_every_entity_is_a_dot_every_edge_a_line_and_every_row_stands_below() -> None:
    reader = read(star(3), [["F<1>", "P000"], ["=x", "<script>"]])
    tags = [tag for tag, _ in reader.tags]
    assert (tags.count("circle"), tags.count("line"), tags.count("tr"), tags.count("td")) == (4, 3, 3, 4)
    assert "facility F<1>" in reader.text
    assert "facility (1)" in reader.text
    assert "patient (3)" in reader.text


def test_page_carries_everything_and_runs_nothing() -> None:
    reader = read(star(3), [["<script>alert(1)</script>", "<img src=x onerror=y>"]])
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in reader.tags}
    attributes = {name for _, attrs in reader.tags for name, _ in attrs}
    assert not any(name.startswith("on") or name in {"src", "href", "xlink:href"} for name in attributes)


def test_same_graph_gives_the_same_picture_in_whatever_order_it_was_made() -> None:
    there = star(20)
    back: nx.Graph[tuple[str, str]] = nx.Graph()
    back.add_edges_from((b, a) for a, b in reversed(list(there.edges)))
    assert page("t", "p", there, [], [], "en") == page("t", "p", back, [], [], "en")


def test_large_graph_is_drawn_by_its_best_connected_and_says_so() -> None:
    reader = read(star(MOST_NODES + 4), [])
    assert [tag for tag, _ in reader.tags].count("circle") == MOST_NODES
    assert f"{MOST_NODES} best connected entities and leaves out 5" in reader.text


def test_labels_do_not_cover_each_other() -> None:
    reader = read(star(100), [])
    places = [
        {name: float(value or 0) for name, value in attrs if name in "xy"}
        for tag, attrs in reader.tags
        if tag == "text"
    ]
    assert 1 < len(places) <= 101
    for n, one in enumerate(places):
        for other in places[n + 1 :]:
            assert abs(one["y"] - other["y"]) >= 11.9 or abs(one["x"] - other["x"]) >= 4 * 7 - 0.1


def test_answer_without_rows_is_a_page_too() -> None:
    assert "All rows (0)" in read(nx.Graph(), []).text


@pytest.mark.parametrize("entity_type", sorted(ENTITY_COLUMNS))
def test_every_entity_type_has_a_colour_and_a_name(entity_type: str) -> None:
    assert entity_type in PALETTE
    assert entity_word(entity_type, "zh") != entity_word(entity_type, "en")
