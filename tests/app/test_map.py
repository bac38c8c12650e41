"""Rings on the ground: where they meet, month by month, by hand, by keys and by itself; and what is told where no place has coordinates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.conftest import Served, serving, until
from tests.app.conftest import Open, enrol, login, watched
from tests.app.test_access_for_all import AXE, FOUND

LAND = "/app/map?view=land"
PACE = 1200  # milliseconds a month, as in viz/web/src/map/Playback.tsx
CIRCLES = """() => [...document.querySelectorAll('.ground circle')]
  .map(one => [one.dataset.ring, Number(one.dataset.place), one.classList.contains('now')])"""
NAMES = {
    "en": {"land": "on the ground", "play": "Play", "all": "All months"},
    "zh": {"land": "真实地图", "play": "播放", "all": "全部月份"},
}


@pytest.fixture(scope="module")
def told(service: Served) -> Any:
    """The whole map, as the service tells it."""
    with service.client(service.key("viewer")) as client:
        return client.get("/v1/rings:map").json()


def circles_of(told: Any, month: int | None) -> set[tuple[str, int, bool]]:
    """(ring, place, whether it meets there then) of what has begun by that month; None: all of it."""
    return {
        (ring["ring_id"], at["facility"], month is None or month in at["months"])
        for ring in told["rings"]
        for at in ring["meetings"]
        if month is None or at["months"][0] <= month
    }


def seen(page: Page) -> set[tuple[str, int, bool]]:
    found = [tuple(one) for one in page.evaluate(CIRCLES)]
    assert len(set(found)) == len(found)
    return set(found)


def filter_of(page: Page, name: str) -> Locator:
    return page.locator(".filters select").nth(("view", "show", "kind", "district").index(name))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rings_stand_where_they_meet_and_a_table_says_the_same(open_as: Open, told: Any, lang: str) -> None:
    words = NAMES[lang]
    with open_as(place="/app/map", lang=lang) as page:
        filter_of(page, "view").select_option(label=words["land"])
        page.wait_for_url("**/app/map?view=land")
        page.locator(".ground circle").first.wait_for()
        assert seen(page) == circles_of(told, None)
        rows = page.locator(".meetings tbody tr")
        assert rows.count() == len(told["rings"])
        claims = sum(sum(at["claims"]) for ring in told["rings"] for at in ring["meetings"])
        expect(page.locator(".landtold")).to_contain_text(f"{claims:,}")
        expect(page.locator(".landtold")).to_contain_text(words["all"])
        assert {one["district"] for one in told["facilities"]} >= set(
            page.locator(".outlines g").evaluate_all("all => all.map(one => one.dataset.district)")
        )
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(FOUND) == []
        page.go_back()
        page.locator(".sigma canvas").first.wait_for()


def test_a_month_has_an_address_and_shows_what_met_then_and_before(open_as: Open, told: Any) -> None:
    month = len(told["months"]) // 2
    with open_as(place=f"{LAND}&month={told['months'][month]}") as page:
        page.locator(".ground circle").first.wait_for()
        now = circles_of(told, month)
        assert seen(page) == now
        assert {one[2] for one in now} == {True, False}
        assert page.locator(".meetings tbody tr").count() == len({ring for ring, _, meets in now if meets})
        page.get_by_role("button", name="Month before").click()
        page.wait_for_url(f"**month={told['months'][month - 1]}")
        assert seen(page) == circles_of(told, month - 1)
        page.get_by_role("button", name="All months").click()
        page.wait_for_url("**/app/map?view=land")
        page.go_back()
        page.go_back()
        page.wait_for_url(f"**month={told['months'][month]}")
        assert seen(page) == now
        page.goto(f"{LAND}&month=1999-01")  # a month of which the run has nothing
        page.locator(".ground circle").first.wait_for()
        assert seen(page) == circles_of(told, None)


def test_months_play_until_somebody_stops_them_and_leave_no_trail(open_as: Open, told: Any) -> None:
    months = told["months"]
    with open_as() as page:
        page.goto("/app/search")
        page.clock.install()
        page.goto(LAND)
        page.locator(".ground circle").first.wait_for()
        page.clock.pause_at(page.evaluate("Date.now() + 1000"))
        name = page.locator(".monthname")
        page.get_by_role("button", name="Play", exact=True).click()
        for month, called in enumerate(months[:3]):
            page.wait_for_url(f"**month={called}")
            expect(page.get_by_role("slider")).to_have_value(str(month + 1))
            assert seen(page) == circles_of(told, month)
            page.clock.run_for(PACE)
        page.wait_for_url(f"**month={months[3]}")
        page.get_by_role("button", name="Pause", exact=True).click()
        page.get_by_role("button", name="Play", exact=True).wait_for()
        page.clock.run_for(5 * PACE)
        assert page.url.endswith(months[3])
        page.get_by_role("slider").fill(str(len(months) - 1))
        page.wait_for_url(f"**month={months[-2]}")
        page.get_by_role("button", name="Play", exact=True).click()
        page.get_by_role("button", name="Pause", exact=True).wait_for()
        page.clock.run_for(PACE)
        page.wait_for_url(f"**month={months[-1]}")
        page.clock.run_for(PACE)
        page.get_by_role("button", name="Play", exact=True).wait_for()  # the end
        last = name.inner_text()
        page.get_by_role("button", name="Play", exact=True).click()  # and from the beginning
        page.wait_for_url(f"**month={months[0]}")
        assert name.inner_text() != last
        page.go_back()  # what played was one place
        page.wait_for_url("**/app/search")


def test_map_is_played_and_moved_by_keys(open_as: Open, told: Any) -> None:
    with open_as(place=LAND) as page:
        page.locator(".ground circle").first.wait_for()
        slider = page.get_by_role("slider")
        assert slider.get_attribute("aria-valuetext") == "All months"
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"**month={told['months'][0]}")
        assert slider.get_attribute("aria-valuetext") == page.locator(".monthname").inner_text()
        page.keyboard.press("End")
        page.wait_for_url(f"**month={told['months'][-1]}")
        page.keyboard.press("Home")
        page.wait_for_url("**/app/map?view=land")
        page.get_by_role("button", name="Play", exact=True).focus()
        page.keyboard.press("Space")
        page.wait_for_url(f"**month={told['months'][0]}")
        page.keyboard.press("Space")
        page.get_by_role("button", name="Play", exact=True).wait_for()
        page.get_by_role("button", name="All months").click()
        where = "() => { const one = document.querySelector('.ground circle'); return [one.cx.baseVal.value, one.cy.baseVal.value]; }"
        began = page.evaluate(where)
        page.locator(".ground").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"(x) => Math.abs(({where})()[0] - x) < 0.01", arg=began[0] - 60)
        page.keyboard.press("+")
        page.keyboard.press("0")
        page.wait_for_function(
            f"([x, y]) => {{ const now = ({where})(); return Math.hypot(now[0] - x, now[1] - y) < 0.01; }}", arg=began
        )


def test_both_pictures_share_their_filters(open_as: Open, told: Any) -> None:
    alert = next(ring for ring in told["rings"] if ring["alert"])
    with open_as(place=LAND) as page:
        page.locator(".ground circle").first.wait_for()
        filter_of(page, "show").select_option("alerts")
        filter_of(page, "kind").select_option(alert["kind"])
        filter_of(page, "district").select_option(alert["districts"][0])
        wanted = {
            ring["ring_id"]
            for ring in told["rings"]
            if ring["alert"] and ring["kind"] == alert["kind"] and alert["districts"][0] in ring["districts"]
        }
        page.wait_for_url("**&district=*")
        assert {ring for ring, _, _ in seen(page)} == wanted
        assert page.locator(".legend").get_by_text("no alert").count() == 1
        filter_of(page, "view").select_option("districts")
        page.locator(".sigma canvas").first.wait_for()
        assert page.url.endswith(f"/app/map?show=alerts&kind={alert['kind']}&district={alert['districts'][0]}")
        page.get_by_role("button", name="Clear filters").click()
        page.wait_for_url("**/app/map")


def test_whoever_points_at_a_row_sees_its_ring_and_a_circle_leads_to_it(open_as: Open, told: Any) -> None:
    first = next(ring for ring in told["rings"] if ring["alert"])
    circles = f".ground circle[data-ring='{first['ring_id']}']"
    with open_as(place=f"{LAND}&show=alerts") as page:
        page.locator(circles).first.wait_for()
        row = page.locator(".meetings tbody tr").filter(has_text=first["ring_id"])
        row.get_by_role("link").focus()
        expect(page.locator(f"{circles}.lit")).to_have_count(len(first["meetings"]))
        expect(page.locator(".over")).to_contain_text(first["ring_id"])
        page.locator("h1").hover()
        filter_of(page, "show").focus()
        expect(page.locator(".ground circle.lit")).to_have_count(0)
        page.locator(circles).first.dispatch_event("click", {"bubbles": True})
        page.wait_for_url(f"**/app/rings/{first['ring_id']}")


def test_places_far_from_all_others_are_told_and_come_into_the_picture_when_asked_for(open_as: Open, told: Any) -> None:
    inside = """() => [...document.querySelectorAll('.ground circle')]
      .filter(one => one.cx.baseVal.value >= 0 && one.cx.baseVal.value <= document.querySelector('.ground').clientWidth)
      .map(one => Number(one.dataset.place))"""
    met = {at["facility"] for ring in told["rings"] for at in ring["meetings"]}
    far = {
        number
        for number, one in enumerate(told["facilities"])
        if abs(one["latitude"] - 31.2) > 0.5 or abs(one["longitude"] - 118.6) > 0.5
    }
    with open_as(place=LAND) as page:
        page.locator(".ground circle").first.wait_for()
        assert set(page.evaluate(inside)) >= met - far
        expect(page.get_by_text("Places far from all others, outside the picture:")).to_contain_text(str(len(far)))
        page.get_by_role("button", name="Show them all").click()
        page.wait_for_url("**&places=all")
        assert set(page.evaluate(inside)) == met


def test_nothing_moves_where_the_reader_wants_no_motion(open_as: Open) -> None:
    lasts = "() => getComputedStyle(document.querySelector('.ground circle')).transitionDuration"
    for motion, durations in (("reduce", "0s"), ("no-preference", "0.5s, 0.3s")):
        with open_as(place=LAND, reduced_motion=motion) as page:
            page.locator(".ground circle").first.wait_for()
            assert page.evaluate(lasts) == durations


def test_somebody_of_one_district_gets_its_rings_and_their_places_only(open_as: Open, told: Any) -> None:
    with open_as("north") as page:
        with page.expect_response("**/v1/rings:map") as answered:
            page.goto(LAND)
        mine = answered.value.json()
        page.locator(".meetings tbody tr").first.wait_for()
        met = {at["facility"] for ring in mine["rings"] for at in ring["meetings"]}
        assert 0 < len(mine["rings"]) == mine["total"] < len(told["rings"])
        assert all(one["district"] == "340806" or i in met for i, one in enumerate(mine["facilities"]))
        others = {one["ring_id"] for one in told["rings"]} - {one["ring_id"] for one in mine["rings"]}
        page_ = page.content()
        assert not any(ring in page_ or ring in answered.value.text() for ring in others)


@pytest.mark.parametrize(
    ("lang", "title", "other"),
    [
        ("en", "Why there is no map", "Show the picture by district instead"),
        ("zh", "为什么没有地图", "改看按参保地区排列的总图"),
    ],
)
def test_places_without_coordinates_have_no_map_and_it_is_said_what_would_make_one(
    chromium: Browser, built: None, tmp_path: Path, lang: str, title: str, other: str
) -> None:
    workspace = tmp_path / "workspace"
    tiny.publish_run(workspace, graph=True)
    enrol(workspace)
    with serving(workspace) as service:
        until(service.ready)
        with watched(chromium, service.url, lang) as page:
            login(page, "lin", LAND)
            page.get_by_role("heading", name=title).wait_for()
            expect(page.locator(".nowhere")).to_contain_text("latitude")
            expect(page.locator(".nowhere")).to_contain_text("longitude")
            assert page.locator(".ground").count() == 0
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert page.evaluate(FOUND) == []
            page.get_by_role("button", name=other).click()
            page.locator(".sigma canvas").first.wait_for()
