from __future__ import annotations

import os
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
    groups = tuple(
        f"ringfinder {name}\n" for name in ("runs", "cypher", "export", "neo4j", "keys", "audit", "casebook")
    )
    commands = [section for section in sections if not section.startswith(groups)]
    assert len(commands) == 42
    assert [section.splitlines()[0] for section in commands if "Example: ringfinder" not in section] == []
