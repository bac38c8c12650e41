from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ringfinder.cli import serving as command
from ringfinder.errors import UsageError
from ringfinder_api.serving import check_address, is_loopback
from tests.api.conftest import COMMAND, serving


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_loopback_needs_nothing(host: str) -> None:
    assert is_loopback(host)
    check_address(host, False, None, None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.org", "localhost.example.org", ""])
def test_elsewhere_needs_tls_or_a_stated_proxy(host: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="loopback only"):
        check_address(host, False, None, None)
    check_address(host, True, None, None)
    certificate = tmp_path / "cert.pem"
    certificate.touch()
    check_address(host, False, certificate, certificate)
    with pytest.raises(UsageError, match="give both"):
        check_address(host, False, certificate, None)
    with pytest.raises(UsageError, match=r"no file absent\.pem"):
        check_address(host, False, certificate, tmp_path / "absent.pem")


def test_command_refuses_before_anything_is_written(tmp_path: Path) -> None:
    place = tmp_path / "workspace"
    done = subprocess.run(
        [COMMAND, "serve", "--host", "0.0.0.0", "--workspace", place], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "loopback only" in done.stderr
    assert not place.exists()


def test_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with serving(tmp_path / "one") as service:
        port = service.url.rpartition(":")[2]
        done = subprocess.run(
            [COMMAND, "serve", "--port", port, "--workspace", tmp_path / "two"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr


def test_missing_service_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "entry_points", lambda **_: ())
    with pytest.raises(UsageError, match=r"ringfinder\[service\]"):
        command.service()
