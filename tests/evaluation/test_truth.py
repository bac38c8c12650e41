from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ringfinder.errors import InputError
from ringfinder.evaluation.truth import Planted, Scene, read_scenes, read_truth

RING = {
    "ring_id": "T2",
    "kind": "rotation",
    "level": "plain",
    "members": [
        {"entity_type": "patient", "entity_id": "P2", "role": "patient"},
        {"entity_type": "patient", "entity_id": "P1", "role": "patient"},
        {"entity_type": "facility", "entity_id": "F1", "role": "hospital"},
    ],
}


def written(folder: Path, content: Any) -> Path:
    path = folder / "truth.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_truth_is_read_sorted_by_id(tmp_path: Path) -> None:
    rings = read_truth(written(tmp_path, [RING, RING | {"ring_id": "T1", "members": []}]))
    members = {"facility": frozenset({"F1"}), "patient": frozenset({"P1", "P2"})}
    assert rings == (Planted("T1", "rotation", "plain", {}), Planted("T2", "rotation", "plain", members))
    assert rings[1].patients == {"P1", "P2"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "cannot be read as JSON"),
        ({}, "must hold a JSON list; give the file that `sample-city` wrote"),
        ([{"ring_id": "T1"}], "entry 1 lacks or misspells the field 'members'"),
        ([RING, 7], "entry 2 lacks"),
        ([RING, RING], "a ring_id stands there twice"),
    ],
)
def test_broken_truth_is_told_in_one_sentence(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_truth(written(tmp_path, content))


def test_missing_truth_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"truth\.json is not there"):
        read_truth(tmp_path / "truth.json")


def test_scenes_are_optional(tmp_path: Path) -> None:
    assert read_scenes(tmp_path / "scenes.json") == ()
    path = written(tmp_path, [{"scene": "S1", "kind_of_scene": "dialysis", "patients": ["P1"], "entities": []}])
    assert read_scenes(path) == (Scene("S1", "dialysis", frozenset({"P1"})),)
