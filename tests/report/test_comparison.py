from __future__ import annotations

from dataclasses import replace

import tiny

from ringfinder.model import Findings, Member, Ring
from ringfinder.report.comparison import compare
from ringfinder.report.results import Results, results_of


def results(*rings: Ring) -> Results:
    return results_of(Findings(rings, (), ()))


def ring(ring_id: str, patients: str, score: float = 50.0) -> Ring:
    members = tuple(Member("patient", p, "patient", 1.0, 1) for p in patients)
    return replace(tiny.HARMLESS, ring_id=ring_id, score=score, patients=len(members), members=members)


def test_every_kind_of_change_is_told_once_and_what_stays_is_not() -> None:
    before = results(*map(ring, ("gone", "grown", "shrunk", "swapped", "stays", "scored"), ("ab",) * 6))
    after = results(
        ring("new", "xy"),
        ring("grown", "abc", 60.0),
        ring("shrunk", "a"),
        ring("swapped", "ac"),
        ring("stays", "ab"),
        ring("scored", "ab", 51.0),
    )
    told = [(d.change, d.ring_id, d.patients_before, d.patients_after) for d in compare(before, after)]
    assert told == [
        ("new", "new", None, 2),
        ("gone", "gone", 2, None),
        ("grown", "grown", 2, 3),
        ("shrunk", "shrunk", 2, 1),
        ("changed", "swapped", 2, 2),
        ("score", "scored", 2, 2),
    ]


def test_a_run_does_not_differ_from_itself() -> None:
    assert compare(results(*tiny.FINDINGS.rings), results(*tiny.FINDINGS.rings)) == ()
