"""The page of the first admin and of every login, in a real browser."""

from __future__ import annotations

from pathlib import Path

from ringfinder_api.welcome import path_of
from tests import browser as machine
from tests.api.conftest import serving, until

PASSWORD = "seven brown bears at dawn"


def test_first_admin_sets_a_password_and_logs_in_with_it(tmp_path: Path) -> None:
    with serving(tmp_path) as service, machine.opened() as browser:
        until(lambda: path_of("", first=True) in "".join(service.printed))
        link = "".join(service.printed).split()[-1]
        page = browser.new_page(locale="en-US")
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(link)
        page.get_by_text("Become the first admin").wait_for()
        page.get_by_label("Name").fill("Boss")
        page.get_by_label("Password").fill("short")
        page.get_by_role("button").click()
        page.get_by_text("at least 15 characters").last.wait_for()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button").click()
        page.get_by_role("heading", name="Log in").wait_for()
        page.get_by_label("Name").fill("boss")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button").click()
        page.locator(".me").get_by_text("boss").wait_for()
        assert page.url == f"{service.url}/app/"
        assert page.evaluate("document.cookie") == ""  # out of reach of scripts
        page.reload()
        page.get_by_role("heading", name="People").wait_for()
        assert [url for url in asked if not url.startswith(service.url)] == []
        assert wrong == []
