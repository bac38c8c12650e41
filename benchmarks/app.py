"""How fast the app draws what is large, in a real browser without a graphics card.

    python -m benchmarks.app              medians of 5, each in a page of its own
    python -m benchmarks.app --times 1

    first picture    from opening the ring's address until its graph was drawn: 500 members, 5,000 ties
    answers          until a sign that was pointed at as soon as that picture stood is shown as chosen
    panning          pictures a second while the graph is dragged
    timeline         from opening the ring's address until 20,000 visits were drawn
    scroll, filter   the list of 20,000 rings: from the turn of the wheel, and from the choice of a kind, until rows stand there
    first load       files of the app that the work list and a ring need, packed

Answers are made up (`benchmarks.large`) and lie ready: what is measured is the app and the browser. Times are for whoever has the
machine alone. `processor` beside them is what all processes of the browser used meanwhile, which other work hardly changes: where
nothing is waited for, nobody who has the machine alone waits longer than that.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.large import RING, RINGS, standing_in
from ringfinder_viz.webapp import app_files
from tests.browser import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TIMES, SCROLLS = 5, 5
LIMITS = {"first picture": 1500.0, "timeline": 1000.0, "scroll": 200.0, "filter": 200.0}  # milliseconds
LEAST_FRAMES, MOST_BYTES = 25.0, 400_000
FIRST_PICTURE = "() => performance.getEntriesByName('ringfinder:graph').length > 0"
# Where the last of its signs stands on the page; the picture that shows a choice is marked.
SIGN = """() => {
  const sheet = document.querySelector('.canvas canvas'), {signs, frame} = sheet.picture, box = sheet.getBoundingClientRect();
  const [x, y] = signs.at(-1).spot;
  const chosen = () => requestAnimationFrame(() => performance.mark('chosen'));
  window.addEventListener('ringfinder:moved', chosen, {once: true});
  return [box.left + frame.pan.x + frame.zoom * x, box.top + frame.pan.y + frame.zoom * y];
}"""
CHOSEN = "() => performance.getEntriesByName('chosen').length > 0"
TIMELINE = "() => performance.getEntriesByName('ringfinder:timeline').length > 0"
ROWS = "tbody tr[aria-rowindex]"
MARKED = "name => performance.getEntriesByName(name)[0]?.startTime"
# After the picture that a change leads to: the frame in which it is drawn, and the one after that.
DRAWN = "new Promise(told => requestAnimationFrame(() => requestAnimationFrame(told)))"
SCROLL = f"""async () => {{
  const box = document.querySelector('.list'), begin = performance.now();
  box.scrollTop = box.scrollHeight / 2 + Math.random() * 1000;
  await {DRAWN};
  return performance.now() - begin;
}}"""
FILTER = f"""async kind => {{
  const field = document.querySelectorAll('.filters select')[1], begin = performance.now();
  field.value = kind;
  field.dispatchEvent(new Event('change', {{bubbles: true}}));
  const shown = () => [...document.querySelectorAll('{ROWS} .kind a')].map(row => row.textContent);
  const there = () => shown().length > 0 && shown().every(text => text === kind.replace('_', ' '));
  while (!there()) await new Promise(told => requestAnimationFrame(told));
  await {DRAWN};
  return performance.now() - begin;
}}"""
MORE = "() => { const box = document.querySelector('.list'); box.scrollTop = box.scrollHeight; }"
FRAMES = """() => { window.frames_ = []; const next = at => { window.frames_.push(at); requestAnimationFrame(next); };
  requestAnimationFrame(next); }"""


@contextmanager
def shown(browser: Browser, url: str, place: str) -> Iterator[Page]:
    """A page of its own at that place."""
    context = browser.new_context(base_url=url, locale="en-GB", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(place)
    try:
        yield page
    finally:
        context.close()


@dataclass(frozen=True)
class Figure:
    """Milliseconds by the clock, and of the processor, one picture's where frames are counted; `value` of anything else."""

    value: float
    processor: float | None = None


def processor() -> dict[int, float]:
    """Milliseconds that all processes below this one have used; those of the browser among them."""
    tick = 1000 / os.sysconf("SC_CLK_TCK")
    used, parents = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            fields = stat.read_text().rpartition(")")[2].split()
            pid = int(stat.parent.name)
            parents[pid], used[pid] = int(fields[1]), (int(fields[11]) + int(fields[12])) * tick
    found, last = set(), {os.getpid()}
    while last:
        last = {pid for pid, parent in parents.items() if parent in last} - found
        found |= last
    return {pid: used[pid] for pid in found}


def spent(before: Mapping[int, float], now: Mapping[int, float] | None = None) -> float:
    """Milliseconds of the processor since then; a process that ended meanwhile takes away nothing of what others used."""
    return sum(used - before.get(pid, 0.0) for pid, used in (processor() if now is None else now).items())


def of_ring(browser: Browser, url: str) -> dict[str, Figure]:
    """Milliseconds to the first picture, to the timeline and until the picture answers; frames a second while it is dragged."""
    before = processor()
    with shown(browser, url, f"/app/rings/{RING}") as page:
        page.wait_for_function(FIRST_PICTURE)
        page.mouse.click(*page.evaluate(SIGN))
        page.wait_for_function(TIMELINE)
        used = spent(before)
        page.wait_for_function(CHOSEN)
        later = spent(before)
        times = {
            "first picture": Figure(float(page.evaluate(MARKED, "ringfinder:graph")), used),
            "timeline": Figure(float(page.evaluate(MARKED, "ringfinder:timeline")), used),
            "answers": Figure(float(page.evaluate(MARKED, "chosen")), later),
        }
        return times | {"panning": panned(page)}


def panned(page: Page, steps: int = 90) -> Figure:
    """Frames a second while the picture is dragged by its ground."""
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + 5, box["y"] + 5
    page.mouse.move(x, y)
    page.mouse.down()
    before = processor()
    page.evaluate(FRAMES)
    for step in range(steps):
        page.mouse.move(x + 4 * step, y + 2 * step)
    frames: list[float] = page.evaluate("() => window.frames_")
    used = spent(before)
    page.mouse.up()
    return Figure(1000 * (len(frames) - 1) / (frames[-1] - frames[0]), used / len(frames))


def of_list(browser: Browser, url: str) -> dict[str, Figure]:
    """Milliseconds that all rings take to scroll, once they are all there, and to be narrowed to a kind."""
    with shown(browser, url, "/app/") as page:
        page.locator(ROWS).first.wait_for()
        loaded(page, RINGS)
        before = processor()
        scrolled = [float(page.evaluate(SCROLL)) for _ in range(SCROLLS)]
        between = processor()
        narrowed = float(page.evaluate(FILTER, "drug_resale"))
        return {
            "scroll": Figure(statistics.median(scrolled), spent(before, between) / SCROLLS),
            "filter": Figure(narrowed, spent(between)),
        }


def loaded(page: Page, rings: int) -> None:
    """Go down the list until so many of its rings are there."""
    height = "least => document.querySelector('.list').scrollHeight >= least"
    known = 0
    while known < rings:
        known = int(page.evaluate("() => Math.round((document.querySelector('.list').scrollHeight - 60) / 84)"))
        page.evaluate(MORE)
        page.wait_for_function(height, arg=84 * min(rings, known + 1))


def first_loads(browser: Browser, url: str) -> dict[str, Figure]:
    """Bytes of the files that each page loads, packed as the service packs them."""
    found = {}
    for name, place, there in (("alerts", "/app/", ROWS), ("ring", f"/app/rings/{RING}", ".canvas canvas")):
        with shown(browser, url, place) as page:
            page.locator(there).first.wait_for()
            asked = "() => performance.getEntriesByType('resource').map(one => new URL(one.name).pathname)"
            names = {one.removeprefix("/app/") for one in page.evaluate(asked)}
            files = app_files()
            found[f"first load, {name}"] = Figure(float(sum(len(files[one].packed) for one in names & set(files))))
    return found


def measured(times: int = TIMES) -> dict[str, Figure]:
    """All figures, the medians of so many times."""
    with standing_in() as url, opened() as browser:
        each: dict[str, list[Figure]] = {}
        makers: tuple[Callable[[Browser, str], dict[str, Figure]], ...] = (of_ring, of_list)
        for make in makers:
            for _ in range(times):
                for name, figure in make(browser, url).items():
                    each.setdefault(name, []).append(figure)
        return {name: median(figures) for name, figures in each.items()} | first_loads(browser, url)


def median(figures: list[Figure]) -> Figure:
    """The median of each."""
    used = [one.processor for one in figures if one.processor is not None]
    return Figure(statistics.median(one.value for one in figures), statistics.median(used) if used else None)


def told(figures: dict[str, Figure]) -> list[str]:
    """Each figure with its limit, a line each."""
    lines = []
    for name, figure in figures.items():
        used = "" if figure.processor is None else f"   processor {figure.processor:>6.0f} ms"
        if name == "panning":
            lines.append(f"{name:<20} {figure.value:>7.0f} frames/s, at least {LEAST_FRAMES:.0f}{used} a frame")
        elif name.startswith("first load"):
            lines.append(f"{name:<20} {figure.value / 1000:>7.0f} kB, at most {MOST_BYTES / 1000:.0f}")
        else:
            limit = f", at most {LIMITS[name]:.0f}" if name in LIMITS else ""
            lines.append(f"{name:<20} {figure.value:>7.0f} ms{limit}{used}")
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.app", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=TIMES)
    print("\n".join(told(measured(parser.parse_args().times))))


if __name__ == "__main__":
    main()
