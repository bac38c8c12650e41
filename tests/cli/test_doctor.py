from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

from ringfinder.store.neo4j.address import PREFIX, Address

Invoke = Callable[..., Result]


def test_doctor_tells_versions_stores_channels_and_room(invoke: Invoke, workspace: Path) -> None:
    result = invoke("doctor", "--workspace", workspace, "--json")
    assert result.exit_code == 0
    state = json.loads(result.stdout)
    assert state["stores"] == {"ladybug": "answers", "neo4j": "none named"}
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


def test_doctor_says_of_neo4j_whether_the_named_server_answers(
    invoke: Invoke, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv(f"{PREFIX}PASSWORD", "x")
    result = invoke("doctor", "--workspace", workspace, "--json")
    assert result.exit_code == 1
    assert "bolt://127.0.0.1:1 does not answer; start it" in json.loads(result.stdout)["stores"]["neo4j"]
    assert "does not answer: Neo4j at bolt://127.0.0.1:1" in " ".join(invoke("doctor").stdout.split())


@pytest.mark.xdist_group("neo4j")
def test_doctor_finds_a_real_server_in_order(
    invoke: Invoke, workspace: Path, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("URI", neo4j_address.uri), ("USER", neo4j_address.user), ("PASSWORD", neo4j_address.password)):
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    result = invoke("doctor", "--workspace", workspace, "--json")
    assert (result.exit_code, json.loads(result.stdout)["stores"]["neo4j"]) == (0, "answers")


def test_doctor_knows_a_stopped_local_server_and_a_run_that_needs_it(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "neo4j").mkdir(mode=0o700)
    file = tmp_path / "neo4j" / "server.json"
    file.write_text('{"uri": "bolt://127.0.0.1:1", "user": "neo4j", "password": "x"}', encoding="utf-8")
    file.chmod(0o600)
    run_id = tiny.publish_run(tmp_path)
    result = invoke("doctor", "--workspace", tmp_path, "--json")
    assert (result.exit_code, json.loads(result.stdout)["stores"]["neo4j"]) == (0, "stopped")
    made = tmp_path / "runs" / run_id / "run.json"
    made.write_text(json.dumps(json.loads(made.read_text("utf-8")) | {"store": "neo4j"}), encoding="utf-8")
    result = invoke("doctor", "--workspace", tmp_path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["workspace"]["trouble"] == (
        f"the graph of the current run {run_id} is on Neo4j, and the server does not answer; start it, or run again"
    )
