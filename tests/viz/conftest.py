"""A run of the small world, and its ring as a picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ringfinder.pipeline.graphs import open_graph
from ringfinder.words import Language
from ringfinder.workspace import Workspace
from ringfinder_viz.ring import RingPicture, picture_of
from tests.viz import world

Draw = Callable[..., RingPicture]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a run of the small world; only to be read."""
    folder = tmp_path_factory.mktemp("viz") / "workspace"
    world.publish(folder)
    return folder


@pytest.fixture(scope="session")
def draw(workspace: Path) -> Draw:
    """Looks a ring up, once: (ring_id, lang, unmask)."""

    @cache
    def drawn(ring_id: str = world.RING, lang: Language = "en", unmask: bool = False) -> RingPicture:
        place = Workspace(workspace)
        stored = place.needed()
        with open_graph(stored, place) as store:
            return picture_of(store, stored, ring_id, lang, unmask)

    return drawn
