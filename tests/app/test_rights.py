"""What somebody may not see is neither in the page nor in any answer to it; everybody is told when nothing can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from ringfinder.errors import WorkspaceBusy
from ringfinder.report.results import Results
from tests.api.conftest import Served, serving, until
from tests.app.conftest import Open, enrol, login, watched
from tests.app.test_screens import ROWS

MENUS = {
    "lin": ["Alerts", "Cases", "Tips", "Watch list", "Screening", "Reports", "Search", "Map", "Queries", "Runs"],
    "viewer": ["Alerts", "Search", "Map", "Runs"],
    "boss": ["Runs", "People"],
    "north": ["Alerts", "Cases", "Tips", "Watch list", "Screening", "Search", "Map", "Runs"],
    "tips": ["Alerts", "Tips", "Watch list", "Search", "Map"],
}


@pytest.mark.parametrize("name", MENUS)
def test_everybody_has_the_menu_of_their_rights(open_as: Open, name: str) -> None:
    with open_as(name) as page:
        page.locator("main h1").wait_for()
        assert page.locator(".bar nav a").all_inner_texts() == MENUS[name]


def test_viewer_has_no_export_and_no_cypher(open_as: Open, results: Results) -> None:
    refused: list[str] = []
    with open_as("viewer", f"/app/rings/{results.rings[0].ring_id}?side=cypher") as page:
        page.on("response", lambda answer: refused.append(answer.url) if answer.status == 403 else None)
        page.locator(".canvas canvas").first.wait_for()
        assert page.get_by_role("tab").all_inner_texts() == ["Evidence", "Members", "History"]
        assert page.locator("a[href*=export]").count() == 0
        page.goto("/app/analyst")
        page.get_by_role("heading", name="Your rights do not include").wait_for()
        page.goto("/app/map")
        page.locator(".sigma canvas").first.wait_for()
        page.goto("/app/runs")
        page.locator("tbody tr").first.wait_for()
        assert page.get_by_role("button", name="Load the sample city").count() == 0
        assert refused == []


def test_admin_sees_no_ring_and_keeps_people(open_as: Open, results: Results) -> None:
    with open_as("boss", f"/app/rings/{results.rings[0].ring_id}") as page:
        page.get_by_role("heading", name="Your rights do not include").wait_for()
        page.get_by_role("link", name="People").click()
        page.locator("tbody tr").first.wait_for()
        page.get_by_label("Name").fill("new colleague")
        page.get_by_role("button", name="Add", exact=True).click()
        row = page.get_by_role("row").filter(has_text="new colleague")
        row.wait_for()
        row.get_by_role("button", name="Make a link").click()
        page.locator(".link code").wait_for()
        link = page.locator(".link code").inner_text()
        row.get_by_label("viewer").click()  # it is checked once the service has said so
        page.wait_for_function("() => document.querySelectorAll('tbody input:checked').length > 0")
        page.goto(link)
        page.get_by_role("heading", name="Set your password").wait_for()


def test_somebody_of_one_district_sees_its_rings_only(open_as: Open, results: Results, service: Served) -> None:
    with open_as("north", "/app/?show=all") as page:
        page.locator(ROWS).first.wait_for()
        with service.client(service.key("investigator", districts=("340806",))) as client:
            total = client.get("/v1/rings").json()["total"]
        assert 0 < total < len(results.rings)
        assert page.locator(".list table").get_attribute("aria-rowcount") == str(total + 1)
        elsewhere = next(ring for ring in results.rings if "340806" not in ring.districts)
        page.goto(f"/app/rings/{elsewhere.ring_id}")
        page.get_by_role("heading", name="The current run has no such group").wait_for()
        assert elsewhere.ring_id not in page.locator("body").inner_html()  # the tab names the address, which was typed


def test_service_that_does_not_answer_is_told_and_nothing_is_lost(open_as: Open, results: Results) -> None:
    with open_as() as page:
        page.locator(ROWS).first.wait_for()
        page.context.set_offline(True)
        page.locator("select").nth(1).select_option("sham_stay")
        page.get_by_text("The service does not answer just now").wait_for()
        assert page.get_by_role("heading", name="Alerts").is_visible()
        page.context.set_offline(False)
        page.wait_for_function("() => !document.querySelector('.notice')")
        page.locator(f"{ROWS} a").first.wait_for()
        assert page.url.endswith("kind=sham_stay")


def published(workspace: Path) -> bool:
    """Publish a run, unless another is still at work."""
    try:
        tiny.publish_run(workspace, graph=True)
    except WorkspaceBusy:
        return False
    return True


def test_empty_installation_leads_to_a_first_run_and_a_newer_run_is_offered(
    built: None, chromium: object, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir(mode=0o700)
    enrol(workspace)
    with serving(workspace) as service, watched(chromium, service.url) as page:  # type: ignore[arg-type]
        login(page)
        page.get_by_role("heading", name="There is no run yet").wait_for()
        page.get_by_role("button", name="Load the sample city").click()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("cancelled").wait_for()
        until(lambda: published(workspace))  # the cancelled run lets go of the workspace a little later
        until(service.ready)
        page.locator(ROWS).first.wait_for()
        page.get_by_role("link", name="claims after death").click()
        page.locator(".canvas canvas").first.wait_for()
        tiny.publish_run(workspace, graph=True)
        page.get_by_role("button", name="Show it").click()
        page.wait_for_function("() => !document.querySelector('.notice')")
        page.get_by_text("unchanged").wait_for()
        for secret in tiny.SECRETS:
            assert secret not in page.content()
