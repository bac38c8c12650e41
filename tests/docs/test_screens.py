"""docs/screens.md shows every place of the app's menu in both languages, in pictures that a clone can bear."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from ringfinder.words import LANGUAGES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NOT_OF_A_PLACE = {"login", "first run"}


@pytest.fixture(scope="module")
def made() -> ModuleType:
    """docs/screenshots.py, which stands in no package."""
    spec = importlib.util.spec_from_file_location("screenshots", DOCS / "screenshots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_page_shows_every_place_of_the_menu_in_both_languages(made: ModuleType) -> None:
    assert (DOCS / "screens.md").read_text(encoding="utf-8") == made.screens_page(), "run `make screenshots`"
    app = (ROOT / "viz" / "web" / "src" / "shell" / "App.tsx").read_text(encoding="utf-8")
    places = set(re.findall(r'first === "(\w+)"', app)) - {"alerts"}
    paths = {
        made.SCREENS[name][0].split("/")[2].partition("?")[0]
        for name in made.SHOWN.keys() - NOT_OF_A_PLACE - {"people"}
    }
    assert places == (paths - {""}) | {"people"}
    assert "" in paths  # the list of alerts


def test_pictures_are_those_of_the_page_and_light(made: ModuleType) -> None:
    files = sorted((DOCS / "screens").iterdir())
    assert [one.name for one in files] == sorted(
        f"{made.called(name)}.{lang}.webp" for name in made.SHOWN for lang in LANGUAGES
    )
    assert sum(one.stat().st_size for one in files) <= made.MOST
    for one in files:
        with Image.open(one) as picture:
            assert picture.size == (made.SCREEN["width"], made.SCREEN["height"])
