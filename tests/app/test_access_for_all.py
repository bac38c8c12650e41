"""Every screen, dark and light, in both languages: axe finds nothing wrong, and nothing is wider than a tablet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ringfinder.report.results import Results
from tests.app.conftest import Open

AXE = Path(__file__).parents[2] / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}))
  .violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))])"""
SCREENS = {
    "alerts": ("/app/?show=all", "tbody tr[aria-rowindex]"),
    "ring": ("/app/rings/{ring}?pick=reason:0", ".canvas canvas"),
    "members": ("/app/rings/{ring}?side=members&pick=member:m1", "tr.lit"),
    "history": ("/app/rings/{ring}?side=history", "#side tbody tr"),
    "cypher": ("/app/rings/{ring}?side=cypher", "#side pre"),
    "compare": ("/app/rings/{ring}/compare", "thead select"),
    "entity": ("/app/entity/patient/{patient}", ".answer"),
    "search": ("/app/search", "input"),
    "query": ("/app/analyst/hunt/admitted-together?asked=1", ".answer"),
    "free": ("/app/analyst/cypher", "textarea"),
    "map": ("/app/map", ".pair tbody tr"),
    "runs": ("/app/runs", "tbody tr"),
}


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_nothing(open_as: Open, results: Results, lang: str, scheme: str) -> None:
    ring = results.rings[0].ring_id
    patient = next(m.entity_id for m in results.members_of(ring) if m.entity_type == "patient")
    wrong: dict[str, Any] = {}
    with open_as(lang=lang, color_scheme=scheme) as page:
        for name, (place, there) in SCREENS.items():
            page.goto(place.format(ring=ring, patient=patient))
            page.locator(there).first.wait_for()
            page.evaluate(AXE.read_text(encoding="utf-8"))
            if found := page.evaluate(FOUND):
                wrong[name] = found
    with open_as("boss", "/app/people", lang, color_scheme=scheme) as page:
        page.locator("tbody tr").first.wait_for()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        if found := page.evaluate(FOUND):
            wrong["people"] = found
    assert wrong == {}


@pytest.mark.parametrize("width", [820, 1280])
def test_no_screen_is_wider_than_the_window(open_as: Open, results: Results, width: int) -> None:
    ring = results.rings[0].ring_id
    patient = next(m.entity_id for m in results.members_of(ring) if m.entity_type == "patient")
    with open_as(viewport={"width": width, "height": 1000}) as page:
        for place, there in SCREENS.values():
            page.goto(place.format(ring=ring, patient=patient))
            page.locator(there).first.wait_for()
            assert (place, page.evaluate("() => document.documentElement.scrollWidth") <= width) == (place, True)
