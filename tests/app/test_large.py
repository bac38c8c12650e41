"""What is large stays light: how much of it the app draws at once, which other work on the machine does not change; times are printed.

The figures with their limits are measured by `python -m benchmarks.app`, where nobody else has the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from benchmarks.app import CHOSEN, FILTER, FIRST_PICTURE, MARKED, ROWS, SCROLL, SIGN, TIMELINE, loaded, shown
from benchmarks.large import MEMBERS, RING, TIES, VISITS, standing_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FIRST_TIES = 40  # as the app has it (viz/web/src/ring/drawn.ts)
MOST_ROWS = 30  # a window's, and some above and below
SOME = 1000  # rings that the list is walked down here; the benchmark walks down all
# Bars that the timeline draws: rectangles of a lane's height within one picture.
COUNT_BARS = """() => {
  const fill = CanvasRenderingContext2D.prototype.fillRect;
  window.bars = 0;
  CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
    if (height === 12) window.bars += 1;
    fill.call(this, x, y, width, height);
  };
}"""
MOST_BARS = 30 * VISITS // MEMBERS  # of the lanes in view, and one beyond


@pytest.fixture(scope="module")
def large(built: None) -> Iterator[str]:
    """The app before answers about what is large."""
    with standing_in() as url:
        yield url


def test_a_large_ring_shows_its_surest_lines_first_and_the_others_when_they_are_asked_for(
    chromium: Browser, large: str
) -> None:
    lines = "() => document.querySelector('.canvas canvas').picture.lines.filter(line => line.tie).length"
    with shown(chromium, large, f"/app/rings/{RING}") as page:
        page.wait_for_function(FIRST_PICTURE)
        page.mouse.click(*page.evaluate(SIGN))
        page.wait_for_function(CHOSEN)
        assert "pick=member" in page.url  # it answers as soon as it stands
        assert page.evaluate(lines) == FIRST_TIES
        page.locator(".slider input").fill("300")
        page.wait_for_url("**ties=300**")
        page.wait_for_function(f"{lines[6:]} === 300")
        assert f"of {TIES}" in page.locator(".slider").inner_text()
        print(f"500 members, 5,000 ties: first picture after {page.evaluate(MARKED, 'ringfinder:graph'):.0f} ms")


def test_a_timeline_of_many_visits_draws_those_in_view(chromium: Browser, large: str) -> None:
    with shown(chromium, large, f"/app/rings/{RING}") as page:
        page.wait_for_function(TIMELINE)
        print(f"20,000 visits: drawn after {page.evaluate(MARKED, 'ringfinder:timeline'):.0f} ms")
        page.evaluate(COUNT_BARS)
        page.locator(".lanes").focus()
        page.keyboard.press("+")
        page.wait_for_function("() => window.bars > 0")
        assert page.evaluate("window.bars") <= MOST_BARS


def test_a_long_list_keeps_few_rows_however_far_it_is_walked_down(chromium: Browser, large: str) -> None:
    with shown(chromium, large, "/app/") as page:
        page.locator(ROWS).first.wait_for()
        loaded(page, SOME)
        print(f"list of {SOME:,}: scrolls in {page.evaluate(SCROLL):.0f} ms")
        assert page.locator(ROWS).count() <= MOST_ROWS
        print(f"list of 20,000: narrowed in {page.evaluate(FILTER, 'drug_resale'):.0f} ms")
        assert page.locator(ROWS).count() <= MOST_ROWS
        assert set(page.locator(f"{ROWS} .kind a").all_inner_texts()) == {"drug resale"}
