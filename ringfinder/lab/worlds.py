"""Sets of worlds, by seed. A world's parameters, people and rings all come from its seed, so a set never changes.

    tune     looked at as often as one likes, to find and repair what is wrong
    quick    the smallest worlds of `tune`, for the minutes between two changes
    confirm  other seeds; run when a change is finished, never looked into for what to change

Each set mixes worlds with rings and worlds without, evenly, so that its first few worlds are a fair sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from ringfinder.errors import UsageError

SetName = Literal["quick", "tune", "confirm"]
FEWEST, MOST = 15_000, 60_000  # people of a world, drawn evenly on the scale of logarithms
PEOPLE_A_RING = (1_500.0, 3_000.0)  # the sample city of the README has one ring for 2,000 people
TUNE = (range(1001, 1013), range(1101, 1105))  # seeds of worlds with rings, and of those without
CONFIRM = (range(2001, 2021), range(2101, 2111))
QUICK = ((1007, 1008, 1009), (1102,))  # the smallest of `tune`


@dataclass(frozen=True)
class World:
    """One world: made from its seed, or a folder of claims (`claims`) with a truth.json beside them."""

    name: str
    seed: int = 0
    people: int = 0
    rings: int = 0
    claims: str = ""


def drawn(seed: int, clean: bool) -> World:
    """The world of a seed; without rings if `clean`."""
    rng = np.random.default_rng([seed, 0x1AB])
    people = 500 * round(float(np.exp(rng.uniform(np.log(FEWEST), np.log(MOST)))) / 500)
    rings = round(people / float(rng.uniform(*PEOPLE_A_RING)))
    return World(str(seed), seed, people, 0 if clean else rings)


def world_set(name: SetName) -> tuple[World, ...]:
    """The worlds of a set, in their order."""
    ringed, clean = {"quick": QUICK, "tune": TUNE, "confirm": CONFIRM}[name]
    worlds = [drawn(seed, False) for seed in ringed]
    for number, seed in enumerate(clean):
        worlds.insert((number + 1) * len(ringed) // len(clean) + number, drawn(seed, True))
    return tuple(worlds)


def smaller(world: World, people: int) -> World:
    """The world with at most so many people, and rings in proportion: for trying things out."""
    if not people or world.people <= people:
        return world
    return replace(world, people=people, rings=round(world.rings * people / world.people))


def folders(paths: Sequence[Path]) -> tuple[World, ...]:
    """Worlds of other makers: folders of claims, each with its truth.json."""
    names = [path.resolve().name for path in paths]
    for path in paths:
        if not (path / "truth.json").is_file():
            raise UsageError(f"--claims {path} holds no truth.json; give a folder with claims and their truth.json")
    if len(set(names)) < len(names):
        names = [str(path) for path in paths]
    return tuple(World(name, claims=str(path.resolve())) for name, path in zip(names, paths, strict=True))
