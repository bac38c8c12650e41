"""The wheel works away from the checkout, with everything that is no Python inside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Everything that the code reads beside itself, by the folder in the wheel and the folder here.
CARRIED = {
    "ringfinder/cypher": "cypher",
    "ringfinder/words": "ringfinder/words",
    "ringfinder/report": "ringfinder/report",
    "ringfinder_api": "api/ringfinder_api",
    "ringfinder_viz": "viz/ringfinder_viz",
}
SUFFIXES = {".cypher", ".toml", ".css", ".js", ".json", ".html", ".svg"}
PROBE = """
import ringfinder, sys
from ringfinder.words import say
print(ringfinder.__file__)
print(say("kinds.sham_stay", "en"))
"""


def uv(*arguments: str | Path) -> None:
    """uv as the Makefile brought it: `uv run` says where it is, a plain pytest finds it on the path."""
    program = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".venv" / "bin" / "uv")
    subprocess.run([program, *map(str, arguments)], check=True, cwd=ROOT, capture_output=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--wheel", "--out-dir", folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was installed, without what it depends on."""
    folder = tmp_path_factory.mktemp("site")
    uv("pip", "install", "--no-deps", "--python", sys.executable, "--target", folder, wheel)
    return folder


def run(elsewhere: Path, *command: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(elsewhere), "LC_ALL": "C"}
    done = subprocess.run(command, check=True, cwd=elsewhere, env=environment, capture_output=True, text=True)
    return done.stdout


def test_wheel_carries_queries_words_and_style(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"{there}/{path.relative_to(ROOT / here)}"
        for there, here in CARRIED.items()
        for path in (ROOT / here).rglob("*")
        if path.suffix in SUFFIXES
    }
    assert {Path(name).suffix for name in wanted} == SUFFIXES
    assert wanted - inside == set()
    assert not any(name.startswith(("tests/", "benchmarks/", "docs/")) for name in inside)


def test_wheel_works_away_from_the_checkout(elsewhere: Path) -> None:
    where, said = run(elsewhere, sys.executable, "-c", PROBE).splitlines()
    assert Path(where) == elsewhere / "ringfinder" / "__init__.py"
    assert said == "sham stay"


def test_installed_command_answers(elsewhere: Path) -> None:
    text = run(elsewhere, sys.executable, str(elsewhere / "bin" / "ringfinder"), "--help")
    assert "Find" in text
    assert "sample-city" in text
