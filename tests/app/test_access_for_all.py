"""Every screen, dark and light, in both languages: axe finds nothing wrong, and nothing is wider than a tablet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfinder.report.results import Results
from tests.api.conftest import Served
from tests.app.conftest import Open

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}))
  .violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))])"""
WIDTHS = (820, 1280)
# After two frames: whoever watches the window's size has drawn anew by then.
DRAWN_WIDTH = """() => new Promise(told => requestAnimationFrame(() => requestAnimationFrame(
  () => told(document.documentElement.scrollWidth))))"""
SCREENS = {
    "alerts": ("/app/?show=all", "tbody tr[aria-rowindex]"),
    "ring": ("/app/rings/{ring}?pick=reason:0", ".canvas canvas"),
    "around": ("/app/rings/{ring}?pick=member:m1&around=m1", ".note input"),
    "members": ("/app/rings/{ring}?side=members&pick=member:m1", "tr.lit"),
    "history": ("/app/rings/{ring}?side=history", "#side tbody tr"),
    "cypher": ("/app/rings/{ring}?side=cypher", "#side pre"),
    "compare": ("/app/rings/{ring}/compare", "thead select"),
    "beside somebody like them": ("/app/rings/{ring}/compare?peer=m1", ".peers tbody tr"),
    "entity": ("/app/entity/patient/{patient}", ".answer"),
    "search": ("/app/search", "input"),
    "query": ("/app/analyst/hunt/admitted-together?asked=1", ".answer"),
    "free": ("/app/analyst/cypher", "textarea"),
    "map": ("/app/map", ".pair tbody tr"),
    "map on the ground": ("/app/map?view=land&month=2024-05", ".meetings tbody tr"),
    "runs": ("/app/runs?harm=60", ".whatif tbody tr"),
    "dismiss": ("/app/rings/{ring}?do=dismiss", ".stepform"),
    "cases": ("/app/cases", "tbody tr"),
    "tips": ("/app/tips", ".filters"),
    "watch list": ("/app/watch?do=add", ".stepform"),
    "screening": ("/app/screening", "tbody tr"),
    "looks": ("/app/screening?part=looks&take={look}", ".stepform"),
    "self-checks": ("/app/screening?part=checks&do=send", ".stepform"),
    "self-check": ("/app/screening/{check}?do=answer", ".stepform"),
    "reward": ("/app/tips/{tip}?do=reward", ".stepform"),
    "statistics": ("/app/reports", ".report tbody tr"),
    "weekly report": ("/app/reports?report=weekly", ".report tbody tr"),
    "case": ("/app/cases/{case}?do=change", ".stepform"),
    "inquiry": ("/app/cases/{case}?tab=inquiry&do=decide", ".stepform"),
    "files": ("/app/cases/{case}?tab=files", "input[type=file]"),
    "history of a case": ("/app/cases/{case}?tab=history", "#tab tbody tr"),
}


@pytest.fixture(scope="module")
def places(service: Served, results: Results) -> dict[str, str]:
    """What the screens are about."""
    return places_of(service, results)


def places_of(service: Served, results: Results) -> dict[str, str]:
    """A ring, one of its patients, a case in which something was established, and what else a screen needs to have something to show."""
    ring = results.rings[0].ring_id
    violation = {"subject_id": "H0024", "behaviour": "other_fraud", "amount": "10.00", "established_on": "2026-03-01"}
    with service.client(service.key("supervisor")) as client:
        made = client.post(
            "/v1/cases", json={"title": "a ward", "districts": ["340801"], "due_on": "2026-03-01"}
        ).json()
        for version, (step, body) in enumerate(((":assign", {}), (":begin", {}), ("/violations", violation)), 1):
            seen = {"if-match": f'"{version}"'}
            assert client.post(f"/v1/cases/{made['case_id']}{step}", json=body, headers=seen).status_code == 200
        facility = client.get("/v1/screening?limit=9").json()["following"][-1]["facility_id"]
        look = client.post("/v1/looks", json={"facility_id": facility, "planned_on": "2099-01-01"}).json()["look_id"]
        items = {"facility_id": facility, "items": ["beds", "cards"]}
        check = client.post("/v1/self-checks", json=items).json()["check_id"]
    with service.client(service.key("tip_officer")) as client:
        told = {"channel": "letter", "district": "340801", "received_on": "2026-03-02", "summary": "cards at night"}
        tip = client.post("/v1/tips", json=told).json()["tip_id"]
        done = {"step": "check", "on": "2026-03-03", "outcome": "substantiated"}
        for version, step in enumerate(({"step": "acknowledge", "on": "2026-03-03"}, done), 1):
            seen = {"if-match": f'"{version}"'}
            assert client.post(f"/v1/tips/{tip}:step", json=step, headers=seen).status_code == 200
    patient = next(m.entity_id for m in results.members_of(ring) if m.entity_type == "patient")
    return {"ring": ring, "patient": patient, "case": made["case_id"], "look": look, "check": check, "tip": tip}


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_nothing_and_no_screen_is_wider_than_the_window(
    open_as: Open, places: dict[str, str], lang: str, scheme: str
) -> None:
    wrong: dict[str, Any] = {}

    def look(page: Page, name: str) -> None:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        if found := page.evaluate(FOUND):
            wrong[name] = found
        for width in WIDTHS:  # the last is the one that the next screen opens with
            page.set_viewport_size({"width": width, "height": 900})
            if (wide := page.evaluate(DRAWN_WIDTH)) > width:
                wrong[f"{name} at {width}"] = wide

    with open_as(lang=lang, color_scheme=scheme) as page:
        for name, (place, there) in SCREENS.items():
            page.goto(place.format(**places))
            page.locator(there).first.wait_for()
            look(page, name)
    with open_as("tips", f"/app/tips/{places['tip']}", lang, color_scheme=scheme) as page:
        page.locator("#reporter ~ p button").first.click()
        page.locator("section .stepform").wait_for()
        look(page, "reporter")
    with open_as("boss", "/app/people", lang, color_scheme=scheme) as page:
        page.locator("tbody tr").first.wait_for()
        look(page, "people")
    assert wrong == {}
