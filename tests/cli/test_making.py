from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

from ringfinder.workspace import Workspace

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


def test_run_in_words_says_what_was_done_with_the_claims_and_names_results_and_report(
    invoke: Invoke, tmp_path: Path
) -> None:
    tiny.write_csv(tmp_path / "claims")
    file = tmp_path / "claims" / "claims.csv"
    text = file.read_text(encoding="utf-8").replace("D1", "不详")
    file.write_text(text + "\n\n" + text.splitlines()[1] + "\n", encoding="utf-8")
    result = invoke("run", "claims", "--out", "results", "--lang", "zh")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "读入 6 笔费用，0 个团伙，其中预警 0 条。",
        "读取时的处理：",
        "- claims.csv：2 行没有任何内容，未计入",
        "- claims：1 行与另一行完全相同，已合并",
        "- 1 笔结算的 patient_id 不在 patients 表中",
        "- 3 笔结算的 facility_id 不在 facilities 表中",
        "- 因被太多人共用而不作为识别依据的取值：1 个（见 run.json）。",
        "本次未启用的检测：",
        "- 死亡后的费用：没有死亡日期，无法核对死亡后的费用",
        "- 处方流向：没有处方医生或药店费用，无法比对处方流向",
        "- 经办窗口：没有经办人或结算时间，无法分析经办窗口",
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
        (["city", "--people", "499", "--rings", "0"], "a city of 499 people is too small; give at least 500"),
        (["city", "--people", "5000001"], "a city of 5000001 people is too large; give at most 5000000"),
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
        "Error: settings file nowhere.toml cannot be read (No such file or directory); check its path\n",
    )


def test_missing_claims_end_with_2_and_leave_no_run(invoke: Invoke) -> None:
    result = invoke("run", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert invoke("rings").exit_code == 2


def test_run_without_claims_or_with_half_a_graph_is_told(invoke: Invoke, tmp_path: Path) -> None:
    for options, said in (
        ((), "no claims are named; give their folder or file, or --from-graph"),
        ((tmp_path, "--mapping", "names.toml"), "give --from-graph with it"),
        ((tmp_path, "--from-graph", "neo4j"), "the claims are in the database; leave CLAIMS out"),
    ):
        result = invoke("run", *options, "--workspace", tmp_path / "work")
        assert result.exit_code == 2
        assert said in " ".join(result.stderr.split())


def test_run_reads_the_claims_of_the_graph_file_that_it_is_given(
    invoke: Invoke, workspace: Path, tmp_path: Path
) -> None:
    graph = Workspace(workspace).needed().graph
    result = invoke("run", graph, "--from-graph", "embedded", "--workspace", tmp_path / "work", "--json")
    assert result.exit_code == 0, result.output
    info = json.loads(result.stdout)["run"]
    assert (info["source"], info["tables"]["claims"]) == ("graph.lbug", len(tiny.TABLES["claims"]))
