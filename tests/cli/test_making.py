from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

Invoke = Callable[..., Result]


def test_sample_city_is_written_and_runs(invoke: Invoke, tmp_path: Path) -> None:
    made = invoke("sample-city", "city", "--people", "500", "--rings", "0")
    assert (made.exit_code, made.stdout) == (0, "Wrote city: 500 people, 0 rings.\n")
    assert json.loads((tmp_path / "city" / "truth.json").read_text(encoding="utf-8")) == []
    done = invoke("run", "city", "--out", "results", "--format", "parquet", "--json")
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert content["run"]["alerts"] == 0
    assert content["alerts"] == []
    assert content["report"] == "results/report.html"
    assert (tmp_path / "results" / "rings.parquet").exists()
    assert invoke("rings", "--alerts").stdout == "There are no such rings.\n"


def test_run_in_words_names_results_and_report(invoke: Invoke, tmp_path: Path) -> None:
    tiny.write_csv(tmp_path / "claims")
    result = invoke("run", "claims", "--out", "results", "--lang", "zh")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "读入 6 笔费用，0 个群体，其中预警 0 条。",
        "结果：results",
        "报告：results/report.html",
    ]
    assert 'lang="zh-CN"' in (tmp_path / "results" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("settings.toml", "[detection]\nsede = 1\n", "unknown setting detection.sede"),
        ("settings.toml", "[detection]\nseed = 'x'\n", "detection.seed must be of type int"),
    ],
)
def test_wrong_settings_end_with_2(invoke: Invoke, tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    tiny.write_csv(tmp_path / "claims")
    result = invoke("run", "claims", "--settings", name)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["/proc/city", "--people", "500", "--rings", "0"], "/proc/city cannot be written"),
        (["file", "--people", "500", "--rings", "0"], "file is a file or lies under one; give a folder"),
        (["city", "--people", "500", "--rings", "40"], "500 people are too few for so many rings"),
    ],
)
def test_cities_that_cannot_be_end_with_2(invoke: Invoke, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = invoke("sample-city", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_missing_settings_file_is_one_sentence(invoke: Invoke) -> None:
    result = invoke("run", "claims", "--settings", "nowhere.toml")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: settings file nowhere.toml cannot be read (No such file or directory)\n",
    )


def test_missing_claims_end_with_2_and_leave_no_run(invoke: Invoke) -> None:
    result = invoke("run", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert invoke("rings").exit_code == 2
