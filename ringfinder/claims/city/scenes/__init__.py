"""Honest scenes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ringfinder.claims.city.world import World


@dataclass(frozen=True)
class Scene:
    slug: str
    per_10k: float
    play: Callable[[World], None]


SCENES: tuple[Scene, ...] = ()


def play_scenes(world: World) -> None:
    """Play all scenes."""
