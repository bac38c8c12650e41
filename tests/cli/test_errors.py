from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from ringfinder.cli.errors import scene_of
from ringfinder.errors import StoreError
from ringfinder.workspace import Workspace

Invoke = Callable[..., Result]


def fail_with(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_unexpected_error_is_one_sentence_and_a_log_without_its_message(
    invoke: Invoke, workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (workspace / "error.log").unlink(missing_ok=True)
    monkeypatch.setattr(json, "loads", fail_with(ZeroDivisionError("王小明 13812345678")))
    result = invoke("runs", "list", "--workspace", workspace)
    log = workspace / "error.log"
    assert result.exit_code == 1
    assert result.stderr == (
        f"Something unexpected went wrong (ZeroDivisionError); where it happened is written to {log},"
        " and the last good run still stands.\n"
    )
    assert "builtins.ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert "in list_runs" in log.read_text(encoding="utf-8")
    assert "王小明" not in log.read_text(encoding="utf-8")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    log.unlink()


def test_interrupt_is_said_and_ends_with_130(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ | {"RINGFINDER_WORKSPACE": "x"})
    monkeypatch.setattr(Workspace, "list_runs", fail_with(KeyboardInterrupt()))
    result = invoke("runs", "list")
    assert (result.exit_code, result.stderr) == (130, "Interrupted; the last good run still stands.\n")


def test_our_own_errors_keep_their_code_and_speak_the_language(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace, "list_runs", fail_with(StoreError("the disk is full; free some")))
    result = invoke("runs", "list", "--lang", "zh")
    assert (result.exit_code, result.stderr) == (1, "错误：the disk is full; free some\n")


def test_scene_of_an_error_tells_its_cause_first() -> None:
    def cause() -> None:
        raise ValueError("13812345678")

    def effect() -> None:
        try:
            cause()
        except ValueError as error:
            raise StoreError("no") from error

    with pytest.raises(StoreError) as raised:
        effect()
    lines = [line.strip() for line in scene_of(raised.value).splitlines()]
    kinds = [line for line in lines if line in {"builtins.ValueError", "ringfinder.errors.StoreError"}]
    assert kinds == ["builtins.ValueError", "ringfinder.errors.StoreError"]
    assert not any("13812345678" in line for line in lines)
