from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from ringfinder.claims.city import make_city
from ringfinder.lab.accepted import of_trials, write
from ringfinder.lab.results import Trial
from ringfinder.lab.worlds import world_set

Invoke = Callable[..., Result]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of another maker, as far as the lab knows."""
    folder = tmp_path_factory.mktemp("worlds") / "town"
    make_city(folder, 600, seed=11, rings=3)
    return folder


def test_worlds_of_other_makers_are_judged_and_one_that_breaks_is_told(
    invoke: Invoke, city: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "truth.json").write_text("[]")
    (broken / "claims.csv").write_text("claim_id\nC1\n")
    result = invoke("lab", "--claims", city, "--claims", broken, "--out", tmp_path / "full.json")
    assert result.exit_code == 1
    assert "world town done (1 of 2" in result.stderr
    assert "Error: world broken broke: " in result.stderr
    full = json.loads((tmp_path / "full.json").read_text(encoding="utf-8"))
    assert sorted(full) == ["figures", "set", "worlds"]
    town, other = (Trial.from_json(world) for world in full["worlds"])
    assert (town.world.name, town.failed, other.world.name) == ("town", "", "broken")
    truth = json.loads((city / "truth.json").read_text(encoding="utf-8"))
    assert [(r.planted_id, r.kind, r.level) for r in town.planted] == [
        (ring["ring_id"], ring["kind"], ring["level"]) for ring in truth
    ]
    assert full["figures"]["found"] == [sum(bool(ring.ring_id) for ring in town.planted), len(truth)]
    assert sorted(town.seconds) == ["find", "read"]
    text = " ".join(result.stdout.split())
    assert f"Lab (worlds of other makers): 2 worlds (0 without rings), {town.claims:,} claims, {len(truth)} " in text
    for title in ("Goals", "By kind and level", "Calibration", "Members and roles", "Worlds and seconds"):
        assert title in text


def test_a_made_world_is_judged_and_accepted_runs_of_other_sizes_are_left_alone(invoke: Invoke, tmp_path: Path) -> None:
    folder = tmp_path / "accepted"
    write(of_trials([Trial(world_set("quick")[0])]), folder / "tune.json")
    result = invoke("lab", "--set", "quick", "--worlds", 1, "--people", 500, "--accepted", folder, "--json")
    assert result.exit_code == 0
    (world,) = json.loads(result.stdout)["worlds"]
    assert world["world"] == {"name": "1007", "seed": 1007, "people": 500, "rings": 0, "claims": ""}
    assert world["failed"] == ""
    assert world["planted"] == []


@pytest.mark.parametrize(
    "options",
    [
        ("--accept", "--worlds", 1),
        ("--accept", "--set", "quick"),
        ("--accept", "--people", 1_000),
        ("--accept", "--constants"),
        ("--claims", "nowhere"),
        ("--constant", "meetings.LEAST_OCCASIONS"),
        ("--set", "train"),
    ],
)
def test_what_cannot_be_asked_for_ends_with_2(invoke: Invoke, options: tuple[object, ...]) -> None:
    result = invoke("lab", *options)
    assert result.exit_code == 2
    assert result.stderr.count("Error") == 1


def test_an_output_that_cannot_be_written_is_told_before_anything_is_run(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke("lab", "--out", tmp_path / "no" / "full.json")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
