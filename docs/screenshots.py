"""docs/ring.png, app-alerts.png and app-ring.png: a ring of a sample city, exported, and in the app, in a real browser. Made by
`make screenshots`.

The city is README's: 6,000 people, ten planted rings, seed 1; nobody in it is real. The ring is its surest one of a kind that
shows people, doctors, a hospital, an agent and an account.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from ringfinder.claims.city import make_city
from ringfinder.pipeline.graphs import open_graph
from ringfinder.pipeline.pictures import picture_of
from ringfinder.pipeline.steps import Order, run
from ringfinder.report.files import read_results
from ringfinder.workspace import Workspace
from tests.api.conftest import serving, until
from tests.app.conftest import enrol, login
from tests.browser import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DOCS = Path(__file__).parent
KIND = "paid_referral"
WIDTH, HEIGHT = 1280, 1260
APP_HEIGHTS = {"alerts": 620, "ring": 1180}
COLOURS = 255  # enough for a drawing, and a third of the bytes


def main() -> None:
    """Make the city, find its rings, draw one, look at it, and at the app."""
    with tempfile.TemporaryDirectory(prefix="ringfinder-screenshots-") as folder:
        place = Workspace(Path(folder) / "workspace")
        make_city(Path(folder) / "city", people=6000, seed=1, rings=10)
        run(Order(Path(folder) / "city", place))
        stored = place.needed()
        rings = read_results(stored.results).rings
        ring = next(ring for ring in rings if ring.kind == KIND)
        file = Path(folder) / "ring.html"
        with open_graph(stored, place) as store:
            file.write_text(picture_of(store, stored, ring.ring_id, "en").html(), encoding="utf-8")
        with opened() as browser:
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(file.as_uri())
            page.evaluate("() => new Promise((drawn) => { network.once('afterDrawing', drawn); network.redraw(); })")
            keep(page.screenshot(), "ring")
            of_app(browser, place.folder, ring.ring_id)


def of_app(browser: Browser, workspace: Path, ring_id: str) -> None:
    """The work list and that ring, as an investigator sees them."""
    enrol(workspace)
    with serving(workspace) as service:
        until(service.ready)
        page = browser.new_page(base_url=service.url, locale="en-GB")
        login(page)
        for name, path, there in (
            ("alerts", "/app/", "tbody tr[aria-rowindex]"),
            ("ring", f"/app/rings/{ring_id}", ".canvas canvas"),
        ):
            page.set_viewport_size({"width": WIDTH, "height": APP_HEIGHTS[name]})
            page.goto(path)
            page.locator(there).first.wait_for()
            page.locator(".waiting").first.wait_for(state="detached")
            page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            keep(page.screenshot(), f"app-{name}")


def keep(picture: bytes, name: str) -> None:
    """Write it with few colours."""
    seen = Image.open(io.BytesIO(picture))
    seen.convert("RGB").quantize(COLOURS).save(DOCS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
