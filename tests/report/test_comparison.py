from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import tiny
from hypothesis import given
from hypothesis import strategies as st

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


Run = Mapping[str, tuple[str, float]]  # ring -> (patients, score)
RUNS = st.dictionaries(
    st.sampled_from(["R1", "R2", "R3", "R10", "Ra"]),
    st.tuples(
        st.sets(st.sampled_from("abcd"), min_size=1).map(lambda who: "".join(sorted(who))), st.sampled_from([1.0, 50.0])
    ),
)


def expected(before: Run, after: Run) -> list[tuple[object, ...]]:
    """What is told of two runs, said plainly: change by change, in each the rings in the order of their ids."""
    both = sorted(before.keys() & after.keys())
    more = [one for one in both if len(after[one][0]) > len(before[one][0])]
    fewer = [one for one in both if len(after[one][0]) < len(before[one][0])]
    others = [one for one in both if one not in (*more, *fewer) and before[one][0] != after[one][0]]
    scored = [one for one in both if before[one][0] == after[one][0] and before[one][1] != after[one][1]]
    told: list[tuple[object, ...]] = [
        ("new", one, None, len(after[one][0]), None, after[one][1]) for one in sorted(after.keys() - before.keys())
    ]
    told += [
        ("gone", one, len(before[one][0]), None, before[one][1], None) for one in sorted(before.keys() - after.keys())
    ]
    for change, found in (("grown", more), ("shrunk", fewer), ("changed", others), ("score", scored)):
        told += [(change, one, len(before[one][0]), len(after[one][0]), before[one][1], after[one][1]) for one in found]
    return told


@given(RUNS, RUNS)
def test_comparison_is_what_two_lists_say_side_by_side(before: Run, after: Run) -> None:
    was, now = (results(*(ring(one, who, score) for one, (who, score) in run.items())) for run in (before, after))
    told = [
        (d.change, d.ring_id, d.patients_before, d.patients_after, d.score_before, d.score_after)
        for d in compare(was, now)
    ]
    assert told == expected(before, after)
