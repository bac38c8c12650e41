"""Tips, the watch list and screening in the app: their lists with the main action of each, as the roles that have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.api.conftest import Served
from tests.app.conftest import Open


def test_tip_officer_records_a_tip_and_goes_on_with_it(open_as: Open, service: Served) -> None:
    with open_as("tips", "/app/tips") as page:
        page.get_by_role("button", name="Record a tip").click()
        page.get_by_label("District").fill("340801")
        page.get_by_role("textbox", name="What was said").fill("cards are kept at night")
        page.get_by_role("textbox", name="Facilities").fill("H0024")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Acknowledge").click()
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Answer").wait_for(state="detached")
        page.locator(".facts").filter(has_text="acknowledged").wait_for()
        tip = page.url.partition("?")[0].rpartition("/")[2]
        page.get_by_role("link", name="Tips").first.click()
        page.get_by_role("link", name=tip).wait_for()
    with service.client(service.key("tip_officer")) as client:
        found = client.get(f"/v1/tips/{tip}").json()
    assert (found["state"], found["summary"]) == ("acknowledged", "cards are kept at night")
    assert [one["entity_id"] for one in found["entities"]] == ["H0024"]
    with open_as("lin", f"/app/tips/{tip}") as page:
        page.get_by_text("cards are kept at night").wait_for()
        assert page.locator(".next").count() == 0
        page.goto("/app/tips")
        page.get_by_role("link", name=tip).wait_for()
        assert page.get_by_role("button", name="Record a tip").count() == 0


def test_somebody_is_put_on_the_watch_list_and_off_it(open_as: Open) -> None:
    later = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    with open_as(place="/app/watch") as page:
        page.get_by_role("button", name="Put on the list").click()
        page.get_by_label("Whose id").fill("P00001")
        page.get_by_label("District").fill("340801")
        page.get_by_label("Until").fill(later)
        page.get_by_role("textbox", name="Reason").fill("swiped for many")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("row").filter(has_text="swiped for many").get_by_role("button", name="End early").click()
        page.get_by_role("textbox", name="Reason").fill("cleared up")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Nobody is on the list").wait_for()
        page.get_by_label("State").select_option("ended")
        page.get_by_role("row").filter(has_text="cleared up").wait_for()


def test_a_look_at_the_facility_that_comes_next_is_planned(open_as: Open, service: Served) -> None:
    with service.client(service.key("supervisor")) as client:
        before = client.get("/v1/screening").json()
        with open_as(place="/app/screening") as page:
            row = page.locator("tbody tr").first
            row.wait_for()
            facility = row.get_by_role("link").inner_text()
            row.get_by_role("button", name="Plan it").click()
            page.get_by_text(f"{facility} is planned").wait_for()
        assert client.get("/v1/screening").json()["planned"] == before["planned"] + 1
