"""A run of the small world, its ring as a picture, and a real browser.

All of these tests go to one process of pytest-xdist, so that one browser is started.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfinder.pipeline.graphs import open_graph
from ringfinder.words import Language
from ringfinder.workspace import Workspace
from ringfinder_viz.ring import RingPicture, picture_of
from tests import browser
from tests.viz import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
Draw = Callable[..., RingPicture]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("viz"))


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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    with browser.opened() as started:
        yield started
