"""By keyboard alone, from the login to a decision: forms take the focus, close by Escape and give it back; what was left is found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from ringfinder.report.results import Results
from tests.api.conftest import Served
from tests.app.conftest import PASSWORD, Open, watched
from tests.app.test_screens import ROWS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def told(page: Page) -> str:
    """The ring whose row a screen reader is told that the keyboard reached."""
    page.wait_for_function("document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))")
    script = """() => {
        const row = document.getElementById(document.activeElement.getAttribute('aria-activedescendant'));
        return row.querySelector('td.kind a').pathname.split('/').pop();
    }"""
    return str(page.evaluate(script))


def test_from_the_login_to_a_ring_and_back_to_its_row(service: Served, chromium: Browser, results: Results) -> None:
    alerts = [one.ring_id for one in results.rings if one.alert]
    ring = alerts[2]
    with watched(chromium, service.url) as page:
        page.goto("/app/")
        expect(page.get_by_label("Name")).to_be_focused()
        page.keyboard.type("lin")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.locator(ROWS).first.wait_for()
        expect(page).to_have_title("Alerts · RingFinder")
        while page.evaluate("document.activeElement.tagName") != "TABLE":
            page.keyboard.press("Tab")
        assert told(page) == alerts[0]
        for key, row in (("ArrowDown", 1), ("j", 2), ("End", -1), ("Home", 0), ("j", 1), ("j", 2)):
            page.keyboard.press(key)
            assert told(page) == alerts[row]
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/app/rings/{ring}")
        page.locator(".canvas canvas").wait_for()
        expect(page.locator("main")).to_be_focused()
        expect(page).to_have_title(f"{ring} · Alerts · RingFinder")
        page.keyboard.press("Tab")
        expect(page.locator("main").get_by_role("link", name="Alerts")).to_be_focused()
        page.go_back()
        expect(page.locator(".list table")).to_be_focused()
        assert told(page) == ring
        assert ring in page.locator("tr.at").inner_text()
        page.locator("nav").get_by_role("link", name="Search").press("Enter")
        expect(page.get_by_placeholder("Id, name")).to_be_focused()
        page.locator("nav").get_by_role("link", name="Alerts").press("Enter")
        page.locator(ROWS).first.wait_for()
        assert ring not in page.locator("tr.at").inner_text()


def test_a_form_takes_the_keyboard_closes_by_escape_and_gives_it_back(open_as: Open, results: Results) -> None:
    ring = [one.ring_id for one in results.rings if not one.alert][-1]
    with open_as(place=f"/app/rings/{ring}") as page:
        take, dismiss = (
            page.get_by_role("button", name="Take to a case"),
            page.get_by_role("button", name="Dismiss with"),
        )
        dismiss.press("Enter")
        reason = page.get_by_role("textbox", name="Reason")
        expect(reason).to_be_focused()
        page.keyboard.type("a doctor on his rounds")
        page.keyboard.press("Escape")
        expect(page.locator(".stepform")).to_have_count(0)
        expect(dismiss).to_be_focused()
        page.keyboard.press("Enter")
        expect(reason).to_have_value("a doctor on his rounds")  # Escape closes, it does not throw away
        page.get_by_role("button", name="Cancel").press("Enter")
        expect(dismiss).to_be_focused()
        page.keyboard.press("Enter")
        expect(reason).to_have_value("")
        take.press("Enter")
        page.get_by_role("button", name="Open the case").press("Enter")
        page.wait_for_url("**/app/cases/*")
        expect(page.locator("main")).to_be_focused()
        page.get_by_role("button", name="Begin the inquiry").press("Enter")
        record = page.get_by_role("button", name="Record a violation")
        record.press("Enter")
        who = page.get_by_role("combobox").first
        expect(who).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("Escape")  # the list of names first
        expect(who).to_have_attribute("aria-expanded", "false")
        expect(who).to_be_focused()
        page.keyboard.press("Escape")
        expect(record).to_be_focused()


def test_dismissed_by_keyboard_the_place_that_tells_it_has_the_focus(open_as: Open, results: Results) -> None:
    ring = [one.ring_id for one in results.rings if not one.alert][-2]
    with open_as(place=f"/app/rings/{ring}") as page:
        page.get_by_role("button", name="Dismiss with").press("Enter")
        expect(page.get_by_role("textbox", name="Reason")).to_be_focused()
        page.keyboard.type("a doctor on his rounds")
        page.get_by_role("button", name="Dismiss", exact=True).press("Enter")
        page.locator(".ringcase .dismissed").wait_for()
        expect(page.locator(".ringcase")).to_be_focused()
        page.locator(".ringcase").get_by_role("link").last.press("Enter")
        page.get_by_role("button", name="Open it again").press("Enter")  # as the other tests know the list
        page.get_by_role("button", name="Open it again").wait_for(state="detached")
