from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from typer.testing import CliRunner, Result

from ringfinder.cli import app

Invoke = Callable[..., Result]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Invoke:
    """Run the command line in an empty folder, in English unless asked otherwise."""
    monkeypatch.chdir(tmp_path)
    for variable in ("LC_ALL", "LC_MESSAGES", "RINGFINDER_WORKSPACE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one run of the tiny world, graph included; only to be read."""
    folder = tmp_path_factory.mktemp("workspace")
    tiny.publish_run(folder, graph=True)
    return folder
