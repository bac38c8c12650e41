from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

from ringfinder.report.files import write_results
from ringfinder.report.results import results_of

Invoke = Callable[..., Result]


@pytest.fixture
def city(tmp_path: Path) -> tuple[Path, Path]:
    """Results of the tiny world, and a truth in which R0 is a ring and the alert is a nursing home."""
    out = tmp_path / "out"
    out.mkdir()
    write_results(results_of(tiny.FINDINGS), (), out, "csv")
    truth = tmp_path / "truth.json"
    members = [{"entity_type": "patient", "entity_id": "P1", "role": "patient"}]
    truth.write_text(json.dumps([{"ring_id": "T1", "kind": "rotation", "level": "sparse", "members": members}]))
    scenes = [{"scene": "S1", "kind_of_scene": "nursing_home", "patients": ["P1", "P2"], "entities": []}]
    (tmp_path / "scenes.json").write_text(json.dumps(scenes))
    return out, truth


def test_evaluation_as_json(invoke: Invoke, city: tuple[Path, Path]) -> None:
    judged = json.loads(invoke("evaluate", *city, "--json").stdout)
    assert judged["recall"] == {"hits": 1, "total": 1, "value": 1.0}
    assert judged["alert_precision"] == {"hits": 0, "total": 1, "value": 0.0}
    assert judged["average_precision"] == 0.5
    (false,) = judged["false_alerts"]
    assert (false["ring_id"], false["scene_kind"], false["scene_patients"]) == ("R;1", "nursing_home", 2)


def test_evaluation_in_words_names_false_alerts(invoke: Invoke, city: tuple[Path, Path]) -> None:
    text = " ".join(invoke("evaluate", *city).stdout.split())
    assert "planted rings found (all listed) 1.000 (1/1)" in text
    assert "rotation 1 1 0" in text
    assert "sparse 1 1 0" in text
    assert "R;1 claims after death 97.1 3 T1 (0.33) S1 nursing_home (2)" in text


def test_missing_truth_or_results_end_with_2(invoke: Invoke, city: tuple[Path, Path], tmp_path: Path) -> None:
    out, truth = city
    for arguments in ((out, tmp_path / "no.json"), (tmp_path, truth)):
        result = invoke("evaluate", *arguments)
        assert result.exit_code == 2
        assert result.stderr.startswith("Error: ")
