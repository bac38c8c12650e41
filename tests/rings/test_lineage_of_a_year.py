"""Twelve monthly runs of one fund: ids over people who join and leave, a split, a merger, a ring that is missing for a month."""

from __future__ import annotations

from itertools import pairwise

from ringfinder.rings.lineage import name

KIND = "sham_stay"
Run = dict[str, str]  # one letter a person, under the id that the ring got


def year(*months: tuple[str, ...]) -> list[Run]:
    """The rings of each monthly run by the id that they were given, each run held against the one before it."""
    runs: list[Run] = []
    before: list[tuple[str, frozenset[str]]] = []
    for groups in months:
        rings = [(KIND, frozenset(people)) for people in groups]
        ids = name(rings, before)
        before = [(ring_id, people) for ring_id, (_, people) in zip(ids, rings, strict=True)]
        runs.append(dict(zip(ids, groups, strict=True)))
    return runs


def holds(runs: list[Run], people: str) -> list[str]:
    """The id of the group of exactly these people, month by month; "" where there is none."""
    return [next((ring_id for ring_id, who in run.items() if set(who) == set(people)), "") for run in runs]


MONTHS = (
    ("abcdef", "mnop"),  # January: two rings
    ("abcdefg", "mnop"),  # g joins
    ("abcdefgh", "mnop"),  # h joins
    ("bcdefgh", "mnop"),  # a leaves
    ("cdefgh", "mnop", "uvw"),  # b leaves; a third ring begins
    ("cdefgh", "mnopq", "uvw"),
    ("cdef", "gh", "mnopq", "uvw"),  # July: the first splits
    ("cdef", "ghij", "mnopq", "uvw"),  # its smaller part grows into a ring of its own
    ("cdef", "ghij", "mnopquvw"),  # September: the second and the third are merged
    ("cdef", "ghij", "mnopquvw"),
    ("cdef", "mnopquvw"),  # November: one is missing
    ("cdef", "ghij", "mnopquvw"),  # and comes back
)
RUNS = year(*MONTHS)
FIRST, SECOND = RUNS[0]
THIRD = holds(RUNS, "uvw")[4]


def test_people_join_and_leave_and_the_ring_keeps_its_id() -> None:
    assert [RUNS[month][FIRST] for month in range(6)] == [
        "abcdef",
        "abcdefg",
        "abcdefgh",
        "bcdefgh",
        "cdefgh",
        "cdefgh",
    ]


def test_of_a_split_the_larger_part_keeps_the_id_for_good_and_the_smaller_has_its_own_from_then_on() -> None:
    assert {RUNS[month][FIRST] for month in range(6, 12)} == {"cdef"}
    (part,) = set(RUNS[6]) - set(RUNS[5])
    assert RUNS[6][part] == "gh"
    assert [RUNS[month][part] for month in range(7, 10)] == ["ghij"] * 3


def test_merged_rings_go_on_under_the_id_of_the_larger_and_the_other_id_ends() -> None:
    assert {RUNS[month][SECOND] for month in range(8, 12)} == {"mnopquvw"}
    assert THIRD in RUNS[7]
    assert not any(THIRD in run for run in RUNS[8:])


def test_a_ring_that_is_missing_for_a_month_comes_back_under_another_id() -> None:
    before, after = holds(RUNS, "ghij")[9], holds(RUNS, "ghij")[11]
    assert before
    assert after
    assert before != after
    assert all(before not in run for run in RUNS[10:])


def test_no_id_is_ever_given_to_people_none_of_whom_had_it_the_month_before() -> None:
    for last, now in pairwise(RUNS):
        assert all(set(last[ring_id]) & set(people) for ring_id, people in now.items() if ring_id in last)


def test_the_same_year_gives_the_same_ids() -> None:
    assert year(*MONTHS) == RUNS
    assert [sorted(run.values()) for run in year(*(month[::-1] for month in MONTHS))] == [
        sorted(run.values()) for run in RUNS
    ]
    assert [set(run) for run in year(*(month[::-1] for month in MONTHS))] == [set(run) for run in RUNS]


def test_an_id_outlives_everybody_who_had_it_first_where_they_leave_one_by_one() -> None:
    people = "abcdefghijklmnopqrstuvwxyz"
    runs = year(*((people[month : month + 6],) for month in range(12)))
    assert {ring_id for run in runs for ring_id in run} == set(runs[0])
    assert not set(next(iter(runs[0].values()))) & set(next(iter(runs[-1].values())))
