from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from ringfinder.errors import UsageError
from ringfinder.pipeline import pictures
from ringfinder.pipeline.graphs import open_graph
from ringfinder.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    tiny.publish_run(tmp_path, graph=True)
    return Workspace(tmp_path)


def test_picture_is_found_by_its_entry_point(place: Workspace) -> None:
    stored = place.needed()
    with open_graph(stored, place) as store:
        picture = pictures.picture_of(store, stored, "R;1", "en")
    assert type(picture).__module__ == "ringfinder_viz.ring"
    assert "claims after death R;1" in picture.svg()


def test_installation_without_pictures_is_told_with_its_cure(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "entry_points", lambda **_: ())
    stored = place.needed()
    with open_graph(stored, place) as store, pytest.raises(UsageError, match=r"ringfinder\[viz\]"):
        pictures.picture_of(store, stored, "R;1", "en")
