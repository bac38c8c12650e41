from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from typer.testing import CliRunner, Result

from ringfinder.cli import app
from ringfinder.store.neo4j.address import Address
from ringfinder.store.neo4j.local import LocalServer

Invoke = Callable[..., Result]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch, neo4j_address: Address) -> Path:
    """The workspace of the local server of this test run."""
    shared = Path(os.environ["RINGFINDER_TEST_SHARED"])
    LocalServer(shared).up(1.2)
    for name in ("URI", "FILE"):
        monkeypatch.delenv(f"RINGFINDER_NEO4J_{name}", raising=False)
    return shared


@pytest.mark.xdist_group("neo4j")
def test_up_and_status_say_where_it_runs_and_never_the_password(invoke: Invoke, running: Path) -> None:
    state = LocalServer(running).state()
    assert state.address is not None
    for command in ("up", "status"):
        result = invoke("neo4j", command, "--workspace", running)
        assert result.exit_code == 0
        assert state.address.uri in result.stdout
        assert state.address.password not in result.output
        told = json.loads(invoke("neo4j", command, "--workspace", running, "--json").stdout)
        assert (told["running"], told["uri"], told["pid"]) == (True, state.address.uri, state.pid)


@pytest.mark.xdist_group("neo4j")
def test_status_env_prints_export_lines(invoke: Invoke, running: Path) -> None:
    lines = invoke("neo4j", "status", "--env", "--workspace", running).stdout.splitlines()
    assert [line.partition("=")[0] for line in lines] == [
        f"export RINGFINDER_NEO4J_{name}" for name in ("URI", "USER", "PASSWORD", "DATABASE")
    ]


def test_status_and_down_without_a_server_say_so(invoke: Invoke, tmp_path: Path) -> None:
    for command in ("status", "down"):
        result = invoke("neo4j", command, "--workspace", tmp_path)
        assert (result.exit_code, result.stdout.strip()) == (0, "No Neo4j server of this workspace runs.")
    result = invoke("neo4j", "status", "--env", "--workspace", tmp_path)
    assert result.exit_code == 2
    assert "start one with `ringfinder neo4j up`" in result.stderr


@pytest.mark.xdist_group("neo4j")
def test_run_query_shell_and_prune_on_the_server(invoke: Invoke, running: Path, tmp_path: Path) -> None:
    claims = tiny.write_csv(tmp_path / "claims")
    for _ in range(2):
        done = invoke("run", claims, "--store", "neo4j", "--workspace", running)
        assert done.exit_code == 0, done.output
    result = invoke("query", "MATCH (c:Claim) RETURN count(*) AS n", "--workspace", running, "--format", "csv")
    assert result.stdout.splitlines()[0] == "n"
    typed = "MATCH (c:Claim)\nRETURN count(*) AS claims;\nCREATE (:Claim);\nRETURN 7 AS seven"
    shell = CliRunner().invoke(app, ["neo4j", "shell", "--workspace", str(running)], input=typed)
    assert shell.exit_code == 0
    assert "claims" in shell.stdout
    assert "seven" in shell.stdout
    assert "a query begins with CALL, MATCH" in shell.stderr
    pruned = invoke("runs", "prune", "--keep", "1", "--workspace", running)
    assert (pruned.exit_code, pruned.stderr) == (0, "")


def test_shell_of_a_run_in_a_file_says_how_to_get_one(invoke: Invoke, workspace: Path) -> None:
    result = invoke("neo4j", "shell", "--workspace", workspace)
    assert result.exit_code == 2
    assert "is not on Neo4j; make one with `ringfinder run CLAIMS --store neo4j`" in result.stderr


def test_prune_without_the_server_removes_the_runs_and_says_what_is_left(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGFINDER_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("RINGFINDER_NEO4J_PASSWORD", "x")
    for _ in range(2):
        run_id = tiny.publish_run(tmp_path)
        file = tmp_path / "runs" / run_id / "run.json"
        file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"store": "neo4j"}), encoding="utf-8")
    result = invoke("runs", "prune", "--keep", "0", "--workspace", tmp_path)
    assert result.exit_code == 0
    assert "The runs are removed, but their results are still in Neo4j" in result.stderr


def test_import_writes_files_and_says_where_the_command_is(invoke: Invoke, workspace: Path, tmp_path: Path) -> None:
    result = invoke("neo4j", "import", "--files", tmp_path / "out", "--workspace", workspace)
    assert result.exit_code == 0, result.output
    assert f"run {tmp_path / 'out' / 'import.sh'} where the server is" in " ".join(result.stdout.split())
    assert (tmp_path / "out" / "nodes-Claim.csv").exists()
    again = invoke("neo4j", "import", "--files", tmp_path / "out", "--workspace", workspace)
    assert again.exit_code == 2
    assert "is not empty; name a folder that is" in again.stderr


def test_import_without_a_run_says_how_to_get_one(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke("neo4j", "import", "--workspace", tmp_path / "none")
    assert result.exit_code == 2
    assert "has no run yet; make one with `ringfinder run CLAIMS`" in result.stderr
    assert not (tmp_path / "none").exists()
