from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Invoke = Callable[..., Result]


def test_doctor_tells_versions_stores_channels_and_room(invoke: Invoke, workspace: Path) -> None:
    result = invoke("doctor", "--workspace", workspace, "--json")
    assert result.exit_code == 0
    state = json.loads(result.stdout)
    assert state["stores"] == {"ladybug": "answers"}
    assert state["versions"].keys() >= {"python", "ringfinder", "duckdb", "ladybug", "leidenalg"}
    assert [(c["channel"], c["why"]["key"]) for c in state["channels_off"]] == [("transfers", "channels.no_stays")]
    assert state["machine"]["free_disk_gib"] > 0


def test_doctor_without_a_run_says_so(invoke: Invoke) -> None:
    result = invoke("doctor")
    assert result.exit_code == 0
    assert "ringfinder-data no run yet" in " ".join(result.stdout.split())


def test_doctor_ends_with_1_when_the_current_run_is_missing(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "current").write_text("20240101-000000-abcd\n", encoding="utf-8")
    result = invoke("doctor", "--workspace", tmp_path, "--json")
    assert result.exit_code == 1
    assert "names a run that is not there" in json.loads(result.stdout)["workspace"]["trouble"]
