from __future__ import annotations

from dataclasses import replace

from ringfinder.model import Findings, Member, Ring
from ringfinder.store.neo4j.store import Neo4jStore
from ringfinder.store.queries import run

from ..conftest import FINDINGS, ring

ONE, OTHER = FINDINGS.rings


def test_change_between_two_runs_names_rings_new_gone_grown_shrunk_and_the_same(small: Neo4jStore) -> None:
    third = ring("ring-3", "sham_stay", 70.0, (Member("patient", "P2", "insured", 1.0, 1),), ("1",))
    write(small, "run-8", ONE, OTHER, third)
    write(
        small,
        "run-9",
        replace(ONE, patients=5),
        replace(third, patients=1, score=60.0),
        replace(third, ring_id="ring-4"),
    )
    found = run(small, "result/changes", {"before": "run-8"}).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        ("ring-1", "grown", "after_death", 2, 5, 90.0, 90.0),
        ("ring-2", "gone", "lent_cards", 2, 0, 10.0, None),
        ("ring-3", "shrunk", "sham_stay", 2, 1, 70.0, 60.0),
        ("ring-4", "new", "sham_stay", None, 2, None, 70.0),
    ]
    write(small, "run-10", replace(ONE, patients=5))
    (same, *_) = run(small, "result/changes", {"before": "run-9"}).to_pylist()
    assert (same["ring_id"], same["change"]) == ("ring-1", "same")
    for run_id in ("run-8", "run-9", "run-10"):
        small.forget(run_id)


def write(store: Neo4jStore, run_id: str, *rings: Ring) -> None:
    store.write_findings(Findings(tuple(rings), (), ()), run_id)
    store.finish()
