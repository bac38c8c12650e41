from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

from ringfinder.model import Findings

Invoke = Callable[..., Result]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, str, str]:
    """A workspace with two runs; the second lost R0 and scores R;1 lower."""
    folder = tmp_path / "work"
    first = tiny.publish_run(folder)
    second = tiny.publish_run(folder, Findings((replace(tiny.ALERT, score=90.0),), (), ()))
    return folder, first, second


def test_runs_are_listed_newest_first(invoke: Invoke, two: tuple[Path, str, str]) -> None:
    folder, *ids = two
    rows = json.loads(invoke("runs", "list", "--workspace", folder, "--json").stdout)
    assert [(row["run_id"], row["current"], row["rings"]) for row in rows] == [(ids[1], True, 1), (ids[0], False, 2)]
    assert [(row["claims"], row["alerts"], row["seconds"]) for row in rows] == [(6, 1, 1.2), (6, 1, 1.2)]
    table = invoke("runs", "list", "--workspace", folder)
    assert all(run_id in table.stdout for run_id in ids)


def test_no_runs_are_said(invoke: Invoke) -> None:
    result = invoke("runs", "list")
    assert (result.exit_code, result.stdout) == (0, "Workspace ringfinder-data has no run yet.\n")


def test_diff_tells_what_became_of_each_ring(invoke: Invoke, two: tuple[Path, str, str]) -> None:
    folder, first, second = two
    content = json.loads(invoke("runs", "diff", first, second, "--workspace", folder, "--json").stdout)
    assert (content["before"], content["after"]) == (first, second)
    assert [(d["change"], d["ring_id"]) for d in content["differences"]] == [("gone", "R0"), ("score", "R;1")]
    assert content["differences"][1] == {
        "change": "score",
        "ring_id": "R;1",
        "kind": "after_death",
        "patients_before": 3,
        "patients_after": 3,
        "score_before": 97.13,
        "score_after": 90.0,
    }
    table = " ".join(invoke("runs", "diff", first, second, "--workspace", folder).stdout.split())
    assert "gone R0 rotation 1 → - 12 → -" in table


@pytest.mark.parametrize("named", [0, 1])
def test_diff_without_names_is_of_the_current_run_and_the_one_before_within_one_second_too(
    invoke: Invoke, two: tuple[Path, str, str], named: int
) -> None:
    folder, first, second = two
    content = json.loads(invoke("runs", "diff", *[first][:named], "--workspace", folder, "--json").stdout)
    assert (content["before"], content["after"]) == (first, second)


def test_run_does_not_differ_from_itself(invoke: Invoke, two: tuple[Path, str, str]) -> None:
    folder, first, _ = two
    result = invoke("runs", "diff", first, first, "--workspace", folder)
    assert result.stdout.splitlines()[-1] == "The two runs have the same rings."


def test_diff_needs_an_earlier_run(invoke: Invoke, workspace: Path) -> None:
    result = invoke("runs", "diff", "--workspace", workspace)
    assert result.exit_code == 2
    assert result.stderr.endswith(" to compare it with; make another with `ringfinder run CLAIMS`\n")
    assert result.stderr.startswith("Error: there is no run before ")


def test_prune_of_a_workspace_that_is_not_there_says_so(invoke: Invoke) -> None:
    result = invoke("runs", "prune", "--workspace", "slip", "--lang", "zh")
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        "错误：没有工作区 slip；请用 --workspace 指明，或用 `ringfinder run CLAIMS` 建立。\n",
    )


def test_prune_keeps_the_current_run(invoke: Invoke, two: tuple[Path, str, str]) -> None:
    folder, *_ = two
    result = invoke("runs", "prune", "--keep", "0", "--workspace", folder)
    assert result.stdout.startswith("Runs removed: 1.")
    rows = json.loads(invoke("runs", "list", "--workspace", folder, "--json").stdout)
    assert [row["current"] for row in rows] == [True]


def test_unknown_run_ends_with_2(invoke: Invoke, workspace: Path) -> None:
    result = invoke("runs", "diff", "nope", "--workspace", workspace)
    assert result.exit_code == 2
    assert "there is no run nope" in result.stderr
