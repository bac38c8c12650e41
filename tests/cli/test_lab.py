from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from ringfinder.claims.city import make_city
from ringfinder.lab.results import Trial

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
    result = invoke("lab", "--claims", city, "--claims", broken, "--jobs", 2, "--out", tmp_path / "full.json")
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


def test_a_made_world_is_searched_with_a_channel_left_out(invoke: Invoke) -> None:
    result = invoke(
        "lab", "--set", "quick", "--worlds", 1, "--people", 500, "--constant", "channels.together", "--json"
    )
    assert result.exit_code == 0
    assert result.stderr.count("world 1007 done") == 2
    content = json.loads(result.stdout)
    (without,) = content["variations"]
    figures = without.pop("figures")
    assert without == {"constant": "channels.together", "how": "out", "from": None, "to": None, "failed": ""}
    assert figures["clean_alerts"][1] == content["figures"]["clean_alerts"][1] == 1  # so few people, no ring

    def listed(some: dict[str, list[int]]) -> int:
        return sum(of for name, (_, of) in some.items() if name.endswith(".false"))

    assert listed(figures) < listed(content["figures"])  # what only co-presence finds is gone


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
