from __future__ import annotations

from pathlib import Path

import pytest

from ringfinder.errors import UsageError
from ringfinder.lab.worlds import FEWEST, MOST, World, drawn, folders, smaller, world_set


def test_worlds_to_confirm_on_are_never_those_to_tune_on() -> None:
    tune, confirm = ({world.seed for world in world_set(name)} for name in ("tune", "confirm"))
    assert (len(tune), len(confirm)) == (16, 30)
    assert not tune & confirm


def test_quick_are_the_smallest_of_tune() -> None:
    quick, tune = world_set("quick"), world_set("tune")
    for clean in (False, True):
        some = sorted((w for w in tune if (w.rings == 0) == clean), key=lambda w: w.people)
        ours = [w for w in quick if (w.rings == 0) == clean]
        assert sorted(ours, key=lambda w: w.people) == some[: len(ours)]


def test_sets_mix_worlds_with_and_without_rings() -> None:
    assert [world.seed for world in world_set("tune")][:8] == [1001, 1002, 1003, 1101, 1004, 1005, 1006, 1102]
    assert [world.rings == 0 for world in world_set("confirm")] == [False, False, True] * 10


def test_a_world_is_its_seed() -> None:
    assert drawn(1007, False) == World("1007", 1007, 18_000, 9)
    assert drawn(1007, True) == World("1007", 1007, 18_000, 0)
    for name in ("tune", "confirm"):
        for world in world_set(name):
            assert FEWEST <= world.people <= MOST
            assert world.rings == 0 or 1_400 <= world.people / world.rings <= 3_200


def test_smaller_worlds_have_rings_in_proportion() -> None:
    world = World("1", 1, 20_000, 10)
    assert smaller(world, 4_000) == World("1", 1, 4_000, 2)
    assert smaller(world, 0) == smaller(world, 20_000) == world


def test_folders_are_worlds_by_name_and_need_a_truth(tmp_path: Path) -> None:
    for place in ("a/city", "b/city", "c/town", "d/none"):
        (tmp_path / place).mkdir(parents=True)
    for place in ("a/city", "b/city", "c/town"):
        (tmp_path / place / "truth.json").write_text("[]")
    assert folders([tmp_path / "c/town"]) == (World("town", claims=str(tmp_path / "c/town")),)
    twins = folders([tmp_path / "a/city", tmp_path / "b/city"])
    assert [world.name for world in twins] == [str(tmp_path / "a/city"), str(tmp_path / "b/city")]
    with pytest.raises(UsageError, match="holds no truth"):
        folders([tmp_path / "d/none"])
