from __future__ import annotations

import json
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.store.neo4j.address import Address, export_lines, find, read_file
from ringfinder.store.neo4j.link import Link

FULL = {"uri": "neo4j+s://graph.example:7687", "user": "me", "password": "secret-of-me", "database": "claims"}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URI", "USER", "PASSWORD", "DATABASE", "FILE", "PREFIX"):
        monkeypatch.delenv(f"RINGFINDER_NEO4J_{name}", raising=False)


def written(file: Path, content: object, mode: int = 0o600) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    file.chmod(mode)
    return file


def test_environment_comes_before_file_and_file_before_the_local_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=r"no Neo4j server is named; start one with `ringfinder neo4j up`"):
        find(tmp_path)
    written(tmp_path / "neo4j" / "server.json", FULL | {"uri": "bolt://127.0.0.1:1"})
    assert find(tmp_path).uri == "bolt://127.0.0.1:1"
    monkeypatch.setenv("RINGFINDER_NEO4J_FILE", str(written(tmp_path / "named.json", FULL)))
    assert find(tmp_path) == Address(**FULL)
    monkeypatch.setenv("RINGFINDER_NEO4J_URI", "bolt://other:7687")
    with pytest.raises(UsageError, match="RINGFINDER_NEO4J_PASSWORD is not"):
        find(tmp_path)
    monkeypatch.setenv("RINGFINDER_NEO4J_PASSWORD", "x")
    assert find(tmp_path) == Address("bolt://other:7687", "neo4j", "x", None)


def test_prefix_of_the_environment_comes_before_that_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFINDER_NEO4J_FILE", str(written(tmp_path / "named.json", FULL | {"prefix": "FILE_"})))
    assert find(tmp_path).prefix == "FILE_"
    monkeypatch.setenv("RINGFINDER_NEO4J_PREFIX", "RF_")
    assert find(tmp_path).prefix == "RF_"
    assert export_lines(find(tmp_path))[-1] == "export RINGFINDER_NEO4J_PREFIX=RF_"
    monkeypatch.setenv("RINGFINDER_NEO4J_PREFIX", "RF")
    with pytest.raises(UsageError, match="RINGFINDER_NEO4J_PREFIX must be"):
        find(tmp_path)


@pytest.mark.parametrize(
    "uri",
    [
        "bolt://host:port",
        "bolt://host:70000",
        "bolt://host:0",
        "http://host:7474",
        "host:7687",
        "bolt://",
        "neo4j://me:secret@host:7687",
        "bolt://me@host:7687",
        "",
    ],
)
def test_address_that_is_none_or_holds_a_password_is_refused_without_it(uri: str) -> None:
    with pytest.raises(UsageError) as caught:
        Address(uri, "me", "x")
    assert "secret" not in str(caught.value)


def test_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"open\.json holds a password and others may read it; `chmod 600` it"):
        read_file(written(tmp_path / "open.json", FULL, 0o644))


@pytest.mark.parametrize("content", [[], {"uri": "bolt://x"}, {"uri": 7, "password": "x"}, {"password": "x"}])
def test_file_that_lacks_something_is_told_by_name(tmp_path: Path, content: object) -> None:
    with pytest.raises(UsageError, match=r"server\.json with the Neo4j address lacks"):
        read_file(written(tmp_path / "server.json", content))


def test_password_never_shows(tmp_path: Path) -> None:
    assert "secret" not in repr(Address(**FULL))


def test_export_lines_survive_a_shell() -> None:
    address = Address("bolt://127.0.0.1:7687", "neo4j", "a'b\"c $d`e", "neo4j")
    script = "\n".join([*export_lines(address), 'printf %s "$RINGFINDER_NEO4J_PASSWORD"'])
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == address.password


@pytest.mark.xdist_group("neo4j")
def test_wrong_password_and_database_are_the_caller_s_fault(neo4j_address: Address) -> None:
    wrong = Address(neo4j_address.uri, neo4j_address.user, "not-the-password")
    with pytest.raises(UsageError, match="refuses this user or password") as caught, closing(Link(wrong)) as link:
        link.rows("RETURN 1")
    assert "not-the-password" not in str(caught.value)
    nowhere = Address(neo4j_address.uri, neo4j_address.user, neo4j_address.password, "nowhere")
    with pytest.raises(UsageError, match="has no such database"), closing(Link(nowhere)) as link:
        link.rows("RETURN 1")


def test_server_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(StoreError, match=r"Neo4j at bolt://127\.0\.0\.1:1 does not answer; start it"):
        Link(Address("bolt://127.0.0.1:1", "neo4j", "x")).rows("RETURN 1")


def hang_up(plain: socket.socket) -> None:
    asking, _ = plain.accept()
    asking.close()


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+ssc"])
def test_server_that_speaks_no_tls_is_told_apart(scheme: str) -> None:
    """A plain one that hangs up, as a server without certificates does."""
    with closing(socket.create_server(("127.0.0.1", 0))) as plain:
        address = Address(f"{scheme}://127.0.0.1:{plain.getsockname()[1]}", "neo4j", "x")
        with ThreadPoolExecutor(1) as beside:
            beside.submit(hang_up, plain)
            with pytest.raises(StoreError, match=r"does not answer, or not encrypted \(TLS\)"):
                Link(address).rows("RETURN 1")
