"""What a trial hands back: plain rows that go through JSON unharmed, and no person's id.

Everything the lab prints is worked out from these rows, so a result written with `--out` can be looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ringfinder.lab.worlds import World

Fate = Literal["alerted", "not_alerted", "no_tie", "no_group", "trimmed", "swollen", "scored_low", "lost_competition"]
LOST: tuple[Fate, ...] = ("no_tie", "no_group", "trimmed", "swollen", "scored_low", "lost_competition")


@dataclass(frozen=True)
class PlantedRow:
    """A planted ring and its fate. `reach_*`: how far it came (see `fates.Reach`).

    `ring_id`, `named` and what follows are of the listed ring that matches it ("" and 0 where none does). `entities`: by
    type how many of the named are right, how many are named, how many are true.
    """

    planted_id: str
    kind: str
    level: str
    patients: int
    fate: Fate
    alerted: bool = False
    ring_id: str = ""
    named: str = ""
    jaccard: float = 0.0
    q_value: float = 1.0
    score: float = 0.0
    coordination: float = 0.0
    harm: float = 0.0
    why: tuple[str, ...] = ()  # what kept a listed ring from alerting
    reach_seed: float = 0.0
    reach_group: float = 0.0
    reach_kept: float = 0.0
    reach_candidate: float = 0.0
    reach_strength: float = 0.0
    entities: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class ListedRow:
    """A ring of the results. `planted_id`: what it matches among all listed; `alert_planted_id`: among the alerts.

    `in_rings`: how many of its patients are in any planted ring. `nearest_*`, `scene*`: what it comes nearest to.
    """

    ring_id: str
    kind: str
    score: float
    q_value: float
    coordination: float
    harm: float
    alert: bool
    patients: int
    in_rings: int
    planted_id: str = ""
    alert_planted_id: str = ""
    nearest: str = ""
    nearest_jaccard: float = 0.0
    scene: str = ""
    scene_kind: str = ""
    scene_patients: int = 0

    @property
    def honest(self) -> bool:
        """Made of honest people: at most half of its patients are in any planted ring."""
        return 2 * self.in_rings <= self.patients


@dataclass(frozen=True)
class Trial:
    """One world judged. `failed`: what broke, in one sentence; then there is nothing else."""

    world: World
    claims: int = 0
    planted: tuple[PlantedRow, ...] = ()
    listed: tuple[ListedRow, ...] = ()
    average_precision: float | None = None
    off: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    failed: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` reads them back."""
        return asdict(self)

    @staticmethod
    def from_json(content: Mapping[str, Any]) -> Trial:
        """A trial from what `as_json` gave, also after a way through JSON."""
        planted = (
            PlantedRow(
                **row
                | {"why": tuple(row["why"]), "entities": {t: (a, b, c) for t, (a, b, c) in row["entities"].items()}}
            )
            for row in content["planted"]
        )
        rest = {name: content[name] for name in ("claims", "average_precision", "seconds", "failed")}
        return Trial(
            World(**content["world"]),
            planted=tuple(planted),
            listed=tuple(ListedRow(**row) for row in content["listed"]),
            off=tuple(content["off"]),
            **rest,
        )
