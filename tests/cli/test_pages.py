from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ringfinder.cli.pages import PAGES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as the code makes them now, in a process whose locale is not this one's."""
    folder = tmp_path_factory.mktemp("docs")
    environment = os.environ | {"LC_ALL": "C", "COLUMNS": "80"}
    subprocess.run([sys.executable, "-m", "ringfinder.cli.pages", folder], check=True, env=environment, cwd=ROOT)
    return folder


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_what_the_code_says(made: Path, name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == (made / name).read_text(encoding="utf-8"), "run `python -m ringfinder.cli.pages docs`"


def test_every_command_has_an_example(made: Path) -> None:
    sections = (made / "cli.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert len(sections) == 42 + 7  # commands and their groups
    for section in sections:
        name = section.splitlines()[0]
        assert name == "ringfinder" or f"Example: {name}" in section, name
    assert "Example: ringfinder run " in sections[0]


def test_rings_of_examples_have_ids_as_real_ones_have(made: Path) -> None:
    text = (made / "cli.md").read_text(encoding="utf-8")
    named = re.findall(r"Example: ringfinder (?:show|similar|export ring) (\S+)", text)
    assert len(named) == 4  # the group `export` has its command's example
    assert [ring for ring in named if not re.fullmatch(r"R[0-9A-F]{10}", ring)] == []
