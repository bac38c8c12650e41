"""Rows of trials by hand: what a test does not care about has a plain value."""

from __future__ import annotations

from typing import Any

from ringfinder.lab.results import ListedRow, PlantedRow, Trial
from ringfinder.lab.worlds import World


def planted(planted_id: str, kind: str = "rotation", level: str = "plain", **more: Any) -> PlantedRow:
    given = {"patients": 10, "fate": "alerted" if more.get("alerted") else "no_tie"} | more
    return PlantedRow(planted_id, kind, level, **given)


def listed(ring_id: str, q_value: float, **more: Any) -> ListedRow:
    given = {"score": 80.0, "coordination": 20.0, "harm": 20.0, "alert": True, "patients": 10, "in_rings": 10} | more
    return ListedRow(ring_id, "rotation", q_value=q_value, **given)


ENTITIES = {"patient": (9, 10, 12), "doctor": (1, 2, 1)}
# T1 alerted under its kind; T2 listed under another; T3 lost. R3 is a piece of T1, R4 an honest group, R5 no alert.
TRIAL = Trial(
    World("1001", 1001, 20_000, 3),
    claims=1000,
    planted=(
        planted("T1", alerted=True, ring_id="R1", named="rotation", jaccard=0.7, entities=ENTITIES),
        planted(
            "T2", "sham_stay", "sparse", fate="not_alerted", ring_id="R2", named="rotation", jaccard=0.6, q_value=0.08,
            harm=9.0, coordination=5.0, why=("q", "strength"), entities={"patient": (6, 6, 10), "doctor": (0, 0, 1)},
        ),
        planted("T3", "sham_stay", fate="trimmed", reach_seed=0.9, reach_group=0.4, reach_kept=0.45),
    ),
    listed=(
        listed("R1", 0.001, planted_id="T1", alert_planted_id="T1", in_rings=9),
        listed("R2", 0.08, planted_id="T2", alert=False),
        listed("R3", 0.02, in_rings=6, nearest="T1", nearest_jaccard=0.3),
        listed("R4", 0.04, in_rings=1, scene="S1", scene_kind="dialysis", scene_patients=8),
        listed("R5", 0.9, in_rings=0, alert=False),
    ),
    average_precision=0.75,
    seconds={"make": 1.0, "read": 2.0, "find": 3.0},
)  # fmt: skip
CLEAN = Trial(
    World("1101", 1101, 15_000, 0),
    claims=500,
    listed=(listed("R9", 0.05, in_rings=0),),
    seconds={"make": 1.0, "read": 1.0, "find": 1.0},
)
