from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.store.neo4j import local
from ringfinder.store.neo4j.local import LocalServer

SHARED = "RINGFINDER_TEST_SHARED"


@pytest.fixture
def server(neo4j_server: object) -> LocalServer:
    """The local server of this test run; where the caller named one of its own, one is started for these tests."""
    found = LocalServer(Path(os.environ[SHARED]))
    found.up(1.2)
    return found


def test_second_start_changes_nothing_and_keeps_address_and_password(server: LocalServer) -> None:
    before = server.state()
    assert server.up() == before.address
    assert server.state() == before
    assert before.running


def test_password_is_its_own_private_and_on_no_command_line(server: LocalServer) -> None:
    state = server.state()
    assert state.address is not None
    assert len(state.address.password) >= 24
    assert stat.S_IMODE((server.folder / "server.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    assert state.address.password not in " ".join(psutil.Process(state.pid).cmdline())
    settings = (server.folder / "conf" / "neo4j.conf").read_text(encoding="utf-8")
    assert state.address.password not in settings


def test_server_listens_on_loopback_only_and_reports_to_nobody(server: LocalServer) -> None:
    found = psutil.Process(server.state().pid).net_connections("inet")
    assert {connection.laddr.ip.removeprefix("::ffff:") for connection in found} <= {"127.0.0.1", "::1"}
    settings = (server.folder / "conf" / "neo4j.conf").read_text(encoding="utf-8").splitlines()
    assert {"dbms.usage_report.enabled=false", "server.http.enabled=false"} <= set(settings)


def test_nothing_that_never_ran_is_stopped(tmp_path: Path) -> None:
    server = LocalServer(tmp_path)
    assert (server.state().running, server.down(), server.state().address) == (False, False, None)
    assert not list(tmp_path.iterdir())


def test_process_of_another_is_never_ended(tmp_path: Path) -> None:
    """The process number that was written down belongs to somebody else by now."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        known: dict[str, Any] = {"uri": "bolt://127.0.0.1:1", "user": "neo4j", "password": "x", "own_password": True}
        started = psutil.Process(other.pid).create_time()
        for start in (started, started - 100):
            write_state(tmp_path, known | {"pid": other.pid, "started": start})
            server = LocalServer(tmp_path)
            assert (server.state().running, server.down()) == (False, False)
        assert other.poll() is None
        other.communicate(b"\n")


def test_stop_ends_the_process_that_was_started_and_keeps_the_data(tmp_path: Path) -> None:
    home = f"--home-dir={tmp_path / 'neo4j'}"
    with subprocess.Popen([sys.executable, "-c", "input()", home], stdin=subprocess.PIPE) as ours:
        known = {"uri": "bolt://127.0.0.1:1", "user": "neo4j", "password": "x", "own_password": True}
        write_state(tmp_path, known | {"pid": ours.pid, "started": psutil.Process(ours.pid).create_time()})
        server = LocalServer(tmp_path)
        assert server.state().running
        assert server.down()
        assert (server.state().running, server.down()) == (False, False)
    assert server.state().address is not None


def write_state(workspace: Path, known: dict[str, Any]) -> None:
    (workspace / "neo4j").mkdir(exist_ok=True)
    (workspace / "neo4j" / "server.json").write_text(json.dumps(known), encoding="utf-8")


@pytest.mark.parametrize("content", ["nonsense", "[]", '{"uri": "bolt://127.0.0.1:1"}'])
def test_broken_state_file_is_told_and_nothing_is_overwritten(tmp_path: Path, content: str) -> None:
    (tmp_path / "neo4j").mkdir()
    file = tmp_path / "neo4j" / "server.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match=r"server\.json (cannot be read|is not what was written); restore it"):
        LocalServer(tmp_path).up()
    assert file.read_text(encoding="utf-8") == content


def test_server_that_ends_at_once_is_told_with_the_place_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "ENTRY", "no.such.Server")
    with pytest.raises(StoreError, match=r"ended while it started; see console\.log and neo4j\.log in .*/logs"):
        LocalServer(tmp_path).up()
    assert not LocalServer(tmp_path).state().running


def test_jars_that_cannot_be_fetched_are_told_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise ConnectionError

    monkeypatch.setattr("jgo.build", fail)
    with pytest.raises(
        StoreError, match=r"could not be fetched \(ConnectionError\); check the network, or name a server"
    ):
        LocalServer(tmp_path).up()


def test_workspace_that_cannot_be_written_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        LocalServer(Path("/proc/workspace")).up()


def test_database_whose_making_was_cut_short_is_removed_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "ENTRY", "no.such.Server")
    data = tmp_path / "neo4j" / "data"
    for half in (False, True):
        for kind, name in (("databases", "neo4j"), ("transactions", "neo4j"), ("databases", "system")):
            (data / kind / name).mkdir(parents=True, exist_ok=True)
        if half:
            (tmp_path / "neo4j" / "half-made").touch()
        with pytest.raises(StoreError, match="ended while it started"):
            LocalServer(tmp_path).up()
        there = sorted(str(folder.relative_to(data)) for folder in data.glob("*/*"))
        assert there == (
            ["databases/system"] if half else ["databases/neo4j", "databases/system", "transactions/neo4j"]
        )
    assert not (tmp_path / "neo4j" / "half-made").exists()
