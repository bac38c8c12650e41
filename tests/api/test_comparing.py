"""Two runs side by side for somebody of one district: what moved away is gone, and nothing is told of what it became there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import tiny

from ringfinder.model import Findings, Ring
from ringfinder_api.comparing import compare_runs

EAST, WEST = "东城", "西城"


def ring(ring_id: str, district: str, score: float) -> Ring:
    members = tuple(one for one in tiny.HARMLESS.members if one.entity_type == "patient")
    return replace(tiny.HARMLESS, ring_id=ring_id, districts=(district,), members=members, score=score)


def test_ring_that_moved_to_another_district_is_gone_from_the_one_and_new_in_the_other(tmp_path: Path) -> None:
    runs = [
        tiny.publish_run(tmp_path, Findings(rings, (), ()))
        for rings in (
            (ring("moves", WEST, 50.0), ring("stays", WEST, 40.0), ring("elsewhere", EAST, 30.0)),
            (ring("moves", EAST, 60.0), ring("stays", WEST, 45.0), ring("elsewhere", EAST, 35.0)),
        )
    ]

    def told(*districts: str) -> list[tuple[str, str, float | None, float | None]]:
        changes = compare_runs(tmp_path, runs[0], runs[1], frozenset(districts) or None)
        return [(one["change"], one["ring_id"], one["score_before"], one["score_after"]) for one in changes]

    assert told(WEST) == [("gone", "moves", 50.0, None), ("score", "stays", 40.0, 45.0)]
    assert told(EAST) == [("new", "moves", None, 60.0), ("score", "elsewhere", 30.0, 35.0)]
    assert told("north") == []
    everything = [("score", "elsewhere", 30.0, 35.0), ("score", "moves", 50.0, 60.0), ("score", "stays", 40.0, 45.0)]
    assert told() == told(EAST, WEST) == everything
