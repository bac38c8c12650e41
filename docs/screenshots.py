"""docs/ring.png: a ring of a sample city, exported and looked at in a real browser. Made by `make screenshots`.

The city is README's: 6,000 people, ten planted rings, seed 1; nobody in it is real. The ring is its surest one of a kind that
shows people, doctors, a hospital, an agent and an account.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from ringfinder.claims.city import make_city
from ringfinder.pipeline.graphs import open_graph
from ringfinder.pipeline.pictures import picture_of
from ringfinder.pipeline.steps import Order, run
from ringfinder.report.files import read_results
from ringfinder.workspace import Workspace
from tests.browser import opened

DOCS = Path(__file__).parent
KIND = "paid_referral"
WIDTH, HEIGHT = 1280, 1260
COLOURS = 255  # enough for a drawing, and a third of the bytes


def main() -> None:
    """Make the city, find its rings, draw one, look at it."""
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
            seen = Image.open(io.BytesIO(page.screenshot()))
        seen.convert("RGB").quantize(COLOURS).save(DOCS / "ring.png", optimize=True)


if __name__ == "__main__":
    main()
