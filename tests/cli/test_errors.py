from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from ringfinder.cli.errors import scene_of
from ringfinder.errors import StoreError
from ringfinder.model import KINDS
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace

Invoke = Callable[..., Result]


def fail_with(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
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
    monkeypatch.setattr(Workspace, "list_runs", fail_with(StoreError(Sentence("faults.run_no_room"))))
    result = invoke("runs", "list", "--lang", "zh")
    assert (result.exit_code, result.stderr) == (1, "错误：磁盘空间不足，写不下这次运行；请腾出空间后重新运行。\n")


def test_an_error_is_never_told_half_in_one_language(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace, "list_runs", fail_with(StoreError("of the lab; no sentence")))
    result = invoke("runs", "list", "--lang", "zh")
    assert result.stderr == "Error: of the lab; no sentence\n"


def test_the_locale_chooses_the_language_of_errors(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    result = invoke("runs", "diff", "20260101-000000-000001")
    assert result.stderr == "错误：工作区 ringfinder-data 中还没有运行；请用 `ringfinder run CLAIMS` 建立。\n"


WITHOUT_PATIENT = (
    "claim_id,facility_id,service_type,start_time,total_amount\nC1,H1,inpatient,2024-01-01 08:00:00,1.00\n"
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (WITHOUT_PATIENT, "表头中缺少必需的列 patient_id；请添加或改名，或换用别的 --source。"),
        (
            WITHOUT_PATIENT.replace("facility_id,", "").replace("H1,", ""),
            "表头中缺少必需的列 patient_id、facility_id；请添加或改名，或换用别的 --source。",
        ),
        (
            WITHOUT_PATIENT.replace(",", "~"),
            "表头只有一列，分隔符不对，或者缺少必需的列 claim_id；请用逗号分隔各列。",
        ),
        ("", "文件是空的；请连同表头一起重新导出。"),
        ("%PDF-1.7", "是 PDF；请把表导出为 CSV（UTF-8）。"),
    ],
)
def test_claims_that_cannot_be_read_are_told_in_chinese(
    invoke: Invoke, tmp_path: Path, content: str, told: str
) -> None:
    (tmp_path / "claims.csv").write_text(content, encoding="utf-8")
    result = invoke("run", "claims.csv", "--source", "canonical", "--lang", "zh")
    assert (result.exit_code, result.stderr) == (2, f"错误：claims.csv：{told}\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rings", "--kind", "none"), f"没有类型 none；可用的有：{'、'.join(KINDS)}。"),
        (("rings", "--alerts", "--harmless"), "--alerts 和 --harmless 不能同时使用；请只给其一。"),
        (("show", "R0000000000"), "这次运行中没有团伙 R0000000000；`ringfinder rings` 列出所有团伙。"),
        (("who", "doctor", "D0"), "当前运行的费用记录中没有医生 D0；请检查类型和编号。"),
        (("runs", "diff", "nowhere"), "没有运行 nowhere；`ringfinder runs list` 列出所有运行。"),
        (("query", "CREATE (n)"), "查询须以下列之一开头：CALL、MATCH、OPTIONAL、RETURN、UNWIND、WITH；这一个不是。"),
        (
            ("query", "--file", "none.cypher"),
            "查询文件 none.cypher 无法读取（没有这个文件或文件夹）；请给出已有的文本文件。",
        ),
        (
            ("cypher", "run", "hunt/admitted-together", "--p", "days=many"),
            "参数 $days 须为天数；给出的值不是。",
        ),
    ],
)
def test_what_the_caller_named_wrongly_is_told_in_chinese(
    invoke: Invoke, workspace: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = invoke(*arguments, "--workspace", workspace, "--lang", "zh")
    assert (result.exit_code, result.stderr) == (2, f"错误：{told}\n")


def test_a_disk_that_may_only_be_read_is_told_in_chinese(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "claims.csv").write_text(WITHOUT_PATIENT, encoding="utf-8")
    monkeypatch.setattr(Path, "mkdir", fail_with(OSError(errno.EROFS, "Read-only file system")))
    result = invoke("run", "claims.csv", "--workspace", tmp_path / "new", "--lang", "zh")
    assert (result.exit_code, result.stderr) == (
        1,
        "错误：工作区无法写入（文件系统是只读的）；请检查文件夹及其所有者。\n",
    )


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
