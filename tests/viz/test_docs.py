"""docs/viz.md: its commands and its notebook do what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import matplotlib.image
import pytest
from typer.testing import CliRunner

from ringfinder.cli import app
from tests.viz import world

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "viz.md").read_text(encoding="utf-8")
SHOWN = "R4DA804BAA6"  # the ring of the picture


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def there(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the default workspace is the small world's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RINGFINDER_WORKSPACE", raising=False)
    (tmp_path / "ringfinder-data").symlink_to(workspace)
    return tmp_path


def test_commands_write_the_files_that_they_name(there: Path) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    for line in lines:
        words = shlex.split(line.replace(SHOWN, world.RING))
        result = CliRunner().invoke(app, words[1:])
        assert result.exit_code == 0, result.output
    assert {path.name for path in there.iterdir()} == {"ringfinder-data", "ring.html", "ring.svg", "ring.png"}


def test_notebook_draws(there: Path) -> None:
    (cell,) = blocks("python")
    names: dict[str, object] = {}
    exec(cell.replace(SHOWN, world.RING) + "drawn = ring._repr_html_(); g.close()", names)
    assert str(names["drawn"]).startswith("<iframe srcdoc=")


def test_every_sign_of_the_legend_is_explained_by_its_shape() -> None:
    for words in ("people are round", "doctors are triangles", "facilities are boxes", "agents are diamonds",
                  "accounts squares", "operators stars", "tills triangles upside down", "cards hexagons"):  # fmt: skip
        assert words in re.sub(r"\s+", " ", PAGE)


def test_picture_is_there_and_not_heavy() -> None:
    height, width = matplotlib.image.imread(DOCS / "ring.png").shape[:2]
    assert (width, height) == (1280, 1260)
    assert (DOCS / "ring.png").stat().st_size < 250_000
