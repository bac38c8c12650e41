"""The page in a real browser, opened from disk: it asks nobody for anything, complains of nothing, and shows what it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfinder_viz.palette import LOOKS
from tests import browser as machine
from tests.viz.conftest import Draw

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")  # so that one process starts one

Open = Callable[..., Any]
# The colours of the canvas where these nodes stand.
COLOURS_AT = """(names) => {
  const canvas = document.querySelector("#mynetwork canvas"), sharp = canvas.width / canvas.clientWidth;
  const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return names.map((name) => {
    const spot = network.canvasToDOM(network.getPosition(name));
    const at = 4 * (Math.round(spot.y * sharp) * dots.width + Math.round(spot.x * sharp));
    return [...dots.data.slice(at, at + 3)];
  });
}"""
# The dots of a sign, drawn as names in the picture are.
SIGN = """(sign) => {
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 40;
  const pen = canvas.getContext("2d"); pen.font = `30px ${network.nodesHandler.options.font.face}`; pen.fillText(sign, 4, 32);
  return pen.getImageData(0, 0, 40, 40).data.join();
}"""
CLICK_AT = """(name) => {
  const spot = network.canvasToDOM(network.getPosition(name)), place = document.getElementById("mynetwork");
  place.scrollIntoView({block: "center"});
  const box = place.getBoundingClientRect();
  return [box.x + spot.x, box.y + spot.y];
}"""
UNDEFINED = "\U000ffffe"  # no font has it


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser. It is closed with this module, since Playwright keeps an event loop running in its thread until then."""
    with machine.opened() as started:
        yield started


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Open:
    """Opens a file of these contents; at its end nothing may have been asked for but the file, nor complained of."""

    @contextmanager
    def opened(html: str, **options: Any) -> Iterator[Page]:
        file = tmp_path / "ring.html"
        file.write_text(html, encoding="utf-8")
        asked: list[str] = []
        complaints: list[str] = []
        context = chromium.new_context(offline=True, **options)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_function("() => document.querySelector('#mynetwork canvas') !== null")
        page.evaluate("() => new Promise((drawn) => { network.once('afterDrawing', drawn); network.redraw(); })")
        yield page
        assert asked == [file.as_uri()]
        assert complaints == []
        context.close()

    return opened


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_member_is_drawn_in_its_colour_at_its_place(draw: Draw, open_page: Open, scheme: str) -> None:
    picture = draw(lang="zh", unmask=True)
    with open_page(picture.html(), color_scheme=scheme) as page:
        signs = [node for node in picture.scene.nodes if node.entity_type != "facility"]
        drawn = page.evaluate(COLOURS_AT, [node.name for node in signs])
        assert drawn == [rgb(LOOKS[node.entity_type].fill) for node in signs]
        places = page.evaluate("() => network.getPositions()")
        assert places == {node.name: {"x": node.x, "y": node.y} for node in picture.scene.nodes}


def test_chinese_is_drawn_as_characters_and_not_as_boxes(draw: Draw, open_page: Open) -> None:
    with open_page(draw(lang="zh").html()) as page:
        drawn = {sign: page.evaluate(SIGN, sign) for sign in ("王", "李", "药", UNDEFINED)}
        assert len(set(drawn.values())) == 4
        assert page.inner_text("h1") == "冒名就医"


def test_who_clicks_is_told_in_words_and_names_stay_text(draw: Draw, open_page: Open) -> None:
    picture = draw(unmask=True)
    with open_page(picture.html()) as page:
        told = page.locator("#told")
        assert told.inner_text() == "Nothing is chosen yet. Click a sign or a line in the picture."
        page.mouse.click(*page.evaluate(CLICK_AT, "m6"))
        doctor = picture.scene.nodes[5]
        lines = [line.said for line in picture.scene.edges if "m6" in (line.a, line.b)]
        page.wait_for_function("() => document.querySelectorAll('#told span').length === 4")
        assert told.locator("span").all_inner_texts() == [doctor.said, *lines]
        page.mouse.move(*page.evaluate(CLICK_AT, "m7"))
        tip = page.locator(".vis-tooltip")
        tip.wait_for(state="visible")
        assert tip.inner_text() == picture.scene.nodes[6].said
        assert page.locator("#mynetwork img, #mynetwork a, #told img, #told a").count() == 0
        assert page.title() == "lent cards RAB12"


def test_slider_brings_ties_in_by_strength(draw: Draw, open_page: Open) -> None:
    hidden = "() => edges.get().filter((e) => e.tie).map((e) => !!e.hidden)"
    with open_page(draw().html()) as page:
        assert page.evaluate(hidden) == [False, False]
        page.locator("#ties").fill("1")
        assert page.evaluate(hidden) == [False, True]
        assert page.inner_text("#ties-shown") == "lines between people: the strongest 1 of 2"


def test_whole_ring_is_in_view_at_first_and_again_where_asked_for(draw: Draw, open_page: Open) -> None:
    outside = """() => nodes.getIds().filter((id) => {
      const spot = network.canvasToDOM(network.getPosition(id)), place = document.getElementById("mynetwork");
      return spot.x < 25 || spot.y < 25 || spot.x > place.clientWidth - 25 || spot.y > place.clientHeight - 25;
    })"""
    with open_page(draw().html()) as page:
        assert page.evaluate(outside) == []
        for _ in range(4):
            page.click("#closer")
        assert page.evaluate(outside) != []
        page.click("#whole")
        assert page.evaluate(outside) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_page_is_never_wider_than_the_window(draw: Draw, open_page: Open, width: int) -> None:
    with open_page(draw(unmask=True).html(), viewport={"width": width, "height": 800}) as page:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_notebook_cell_runs_in_a_frame_that_cannot_reach_the_notebook(draw: Draw, chromium: Browser) -> None:
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_content(f"<html><body>{draw().cell()}</body></html>")
    frame = page.frames[1]
    frame.wait_for_selector("#mynetwork canvas")
    assert frame.inner_text("h1") == "lent cards"
    assert frame.evaluate("() => { try { return parent.document.title } catch (error) { return error.name } }") == (
        "SecurityError"
    )
    assert complaints == []
    page.close()


def test_missing_browser_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="`apt-get install chromium fonts-wqy-microhei`"):
        machine.install()
