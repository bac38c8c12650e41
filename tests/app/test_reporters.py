"""Who gave a tip and what it is worth, in the app: sealed, read for a reason that is recorded, kept nowhere, rewarded once."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.conftest import Served, serving, until
from tests.app.conftest import login, watched
from tests.casebook.reports import REPORTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

KEEPS = (
    "() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage), location.href, history.state])"
)
NAME, PHONE = str(REPORTER.name), str(REPORTER.phone)


@pytest.fixture(scope="module")
def sealed(city: Path, built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that has a key for who gave a tip."""
    place = tmp_path_factory.mktemp("app-sealed") / "workspace"
    copytree(city, place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RINGFINDER_TIP_KEY", base64.b64encode(secrets.token_bytes(32)).decode())
        with serving(place) as served:
            until(served.ready)
            yield served


@pytest.fixture
def tip(sealed: Served) -> Any:
    """A tip that proved true."""
    with sealed.client(sealed.key("tip_officer")) as client:
        told = {"channel": "letter", "district": "340801", "received_on": "2026-03-02", "summary": "cards at night"}
        made = client.post("/v1/tips", json=told).json()
        for version, step in enumerate(({"step": "acknowledge"}, {"step": "check", "outcome": "substantiated"}), 1):
            seen = {"if-match": f'"{version}"'}
            step |= {"on": "2026-03-03"}
            assert client.post(f"/v1/tips/{made['tip_id']}:step", json=step, headers=seen).status_code == 200
        return made


@contextmanager
def opened(chromium: object, service: Served, name: str, place: str, lang: str = "en") -> Iterator[Page]:
    with watched(chromium, service.url, lang) as page:  # type: ignore[arg-type]
        login(page, name, place)
        yield page


def test_who_gave_a_tip_is_sealed_read_for_a_recorded_reason_and_kept_nowhere(
    sealed: Served, chromium: object, tip: Any
) -> None:
    place = f"/app/tips/{tip['tip_id']}"
    with opened(chromium, sealed, "tips", place) as page:
        page.get_by_text("Nobody is recorded").wait_for()
        page.get_by_role("button", name="Record who gave it").click()
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Phone").fill(PHONE)
        assert NAME not in page.evaluate(KEEPS)
        page.reload()
        page.get_by_role("button", name="Record who gave it").click()
        assert page.get_by_label("Name").input_value() == ""
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Phone").fill(PHONE)
        page.get_by_role("button", name="Seal it").click()
        page.get_by_role("button", name="Read who gave it").click()
        page.get_by_text("the audit trail records your name").wait_for()
        assert NAME not in page.content()
        page.get_by_label("Reason").select_option("ask")
        page.get_by_role("button", name="Record it and show").click()
        page.get_by_text(PHONE).wait_for()
        assert NAME in page.content()
        page.get_by_role("button", name="Hide it").click()
        page.get_by_text(PHONE).wait_for(state="detached")
        kept = page.evaluate(KEEPS)
        assert NAME not in kept
        assert PHONE not in kept
    with sealed.client(sealed.key("admin")) as client:
        (read,) = client.get("/v1/unmaskings").json()["unmaskings"]
    assert (read["subject"], read["why"]) == (tip["tip_id"], "to ask the reporter back")
    assert PHONE not in "".join(sealed.log)
    asked: list[str] = []
    with opened(chromium, sealed, "lin", place) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        page.get_by_text("cards at night").wait_for()
        assert page.get_by_role("heading", name="Who gave it").count() == 0
        assert NAME not in page.content()
    assert [one for one in asked if "reporter" in one] == []


def test_reward_is_computed_and_booked_by_a_supervisor_and_paid_by_the_officer(
    sealed: Served, chromium: object, tip: Any
) -> None:
    place = f"/app/tips/{tip['tip_id']}"
    with opened(chromium, sealed, "lin", place, "zh") as page:
        page.get_by_role("button", name="登记奖励").click()
        page.get_by_label("查实金额").fill("100000")
        page.get_by_label("内部人员举报").check()
        page.get_by_role("button", name="计算并登记").click()
        page.get_by_text("3,600.00").wait_for()
        assert page.get_by_role("button", name="记录发放").count() == 0
    with opened(chromium, sealed, "tips", place) as page:
        page.get_by_role("button", name="Hand out a receipt").click()
        page.get_by_role("button", name="Make a receipt").click()
        receipt = page.locator(".link code").inner_text()
        assert receipt not in page.evaluate(KEEPS)
        page.get_by_role("button", name="Record the payment").click()
        page.get_by_label("Reference of the payment").fill("B-2026/7")
        page.get_by_label("Receipt", exact=True).fill(receipt)  # nobody is recorded: whoever is paid shows it
        page.get_by_role("button", name="Save").click()
        page.get_by_text("B-2026/7").wait_for()
    with sealed.client(sealed.key("tip_officer")) as client:
        reward = client.get(place.removeprefix("/app").replace("/tips", "/v1/tips")).json()["reward"]
    assert (reward["amount"], reward["reference"], reward["level"]) == ("3600.00", "B-2026/7", 1)
