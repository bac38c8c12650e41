"""A ring of a run as a picture: looked up once, drawn in the form that is asked for.

    picture_of(store, stored, "R...", "zh").html()     one file to explore
    ...                                    .svg()      to put into a document
    ...                                    .png()      the same as bytes

`ringfinder export ring` and `rf.open(...).ring(...)` come here by the entry point `ringfinder.pictures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape

from ringfinder.model import Tie
from ringfinder.report import one_ring
from ringfinder.report.alert import Case
from ringfinder.report.figures import word
from ringfinder.report.register import Register
from ringfinder.store.contract import GraphStore
from ringfinder.store.queries import run
from ringfinder.words import Language
from ringfinder.workspace import StoredRun
from ringfinder_viz.scene import Scene, scene_of
from ringfinder_viz.sheet import sheet_of

ROWS = 1_000_000  # no limit: a ring is small
CELL_HEIGHT = 900  # pixels of a notebook's cell


@dataclass(frozen=True)
class RingPicture:
    """One ring, looked up and masked."""

    case: Case
    ties: tuple[Tie, ...]
    register: Register
    lang: Language

    @cached_property
    def scene(self) -> Scene:
        """What all forms draw."""
        return scene_of(self.case, self.ties, self.register, self.lang)

    def html(self) -> str:
        """One file to explore; UsageError where pyvis is missing."""
        from ringfinder_viz.page import page  # noqa: PLC0415 - each form brings its own parts

        return page(self.case, self.scene, self.register, self.lang)

    def svg(self) -> str:
        """One file to put into a document."""
        from ringfinder_viz.vector import svg  # noqa: PLC0415

        ring = self.case.ring
        title = f"{word(ring.kind, self.lang)} {ring.ring_id}"
        return svg(sheet_of(self.case, self.scene, self.register, self.lang), title)

    def png(self) -> bytes:
        """The same as PNG; UsageError where matplotlib or a font for its text is missing."""
        from ringfinder_viz.raster import png  # noqa: PLC0415

        return png(sheet_of(self.case, self.scene, self.register, self.lang))

    def cell(self) -> str:
        """The page in a frame of its own, for a notebook: it runs apart from the notebook and cannot reach it."""
        page = escape(self.html())  # as it is: its policy knows the scripts by their hashes
        return f'<iframe srcdoc="{page}" sandbox="allow-scripts" style="width:100%;height:{CELL_HEIGHT}px;border:0"></iframe>'


def picture_of(
    store: GraphStore, stored: StoredRun, ring_id: str, lang: Language, unmask: bool = False
) -> RingPicture:  # fmt: skip
    """The picture of one ring of a run; UsageError for an unknown ring. `store` is that run's graph."""
    parameters = {"ring_id": ring_id}
    claims = [row["claim_id"] for row in run(store, "read/ring-claims", parameters, limit=ROWS).to_pylist()]
    ties = run(store, "read/ring-ties", parameters, limit=ROWS).to_pylist()
    case, register = one_ring.look_up(stored.results, stored.tables, ring_id, claims, unmask)
    return RingPicture(case, tuple(Tie(**row) for row in ties), register, lang)
