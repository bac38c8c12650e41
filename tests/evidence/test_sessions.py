"""Groups of sessions: one person who goes to two places does not make their people one group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.sessions import SAME_PEOPLE, Attendance, apart, attend, groups, held, members
from ringfinder.evidence.view import DAY, HOUR, MINUTE

DAYS = (10, 17, 43, 77, 95, 140)  # no rhythm: a course would be one decision
CROWD = 300


def world(*circles: Sequence[int]) -> Attendance:
    """Circle k meets at place k on six mornings, later by k days each time; three hundred others come to each place once."""
    rows = [
        (p, k, (day + k) * DAY + 9 * HOUR + i * MINUTE, 10_000 + 100 * d + i)
        for k, people in enumerate(circles)
        for d, day in enumerate(DAYS)
        for i, p in enumerate(people)
    ]
    rows += [(1000 + i, k, i * DAY + 15 * HOUR, 5_000 + i) for k in range(len(circles)) for i in range(CROWD)]
    patient, place, start, cents = np.array(rows).T
    return attend(quick_view(patient, place, start, cents=cents))


def everybody(*circles: Sequence[int]) -> np.ndarray:
    return np.unique(np.concatenate([np.array(c) for c in circles])).astype(np.int64)


def parts(*circles: Sequence[int]) -> list[list[int]]:
    """The parts of a group that holds all circles' people."""
    return sorted(part.tolist() for part in apart(world(*circles), everybody(*circles)))


def grown(*circles: Sequence[int]) -> list[list[int]]:
    """The groups that a seed of all circles' people grows to."""
    seen = world(*circles)
    nobody = np.zeros(len(seen.mine) - 1, np.bool_)
    return sorted(group.tolist() for group, _ in groups(seen, [everybody(*circles)], nobody))


TWO = ([0, 1, 2, 3, 4, 5], [5, 6, 7, 8, 9, 10])  # person 5 is of both
THIRD = ([0, 1, 2, 3, 4, 5], [4, 5, 6, 7, 8, 9])  # two of six are of both


def test_the_sessions_are_those_of_the_circles() -> None:
    got = held(world(*TWO), everybody(*TWO))
    assert got.count.tolist() == [6] * 12
    assert got.places.tolist() == [0, 1]


def test_two_places_with_one_person_in_common_are_two_parts() -> None:
    assert parts(*TWO) == [list(TWO[0]), list(TWO[1])]


def test_two_places_with_a_third_of_their_people_in_common_are_one() -> None:
    assert 0.3 < SAME_PEOPLE < 1 / 3 + 1e-9
    assert parts(*THIRD) == [list(range(10))]
    assert parts([0, 1, 2], [2, 3, 4]) == [[0, 1, 2, 3, 4]]  # one of three
    assert parts([0, 1, 2, 3], [3, 4, 5, 6]) == [[0, 1, 2, 3], [3, 4, 5, 6]]  # one of four


def test_it_is_a_third_of_the_smaller_places_people() -> None:
    assert parts(range(12), [10, 11, 12, 13, 14, 15]) == [list(range(16))]
    assert parts(range(12), range(10, 22)) == [list(range(12)), list(range(10, 22))]


def test_places_are_joined_through_a_place_between() -> None:
    """The first and the last have nobody in common."""
    assert parts([0, 1, 2, 3], [2, 3, 4, 5], [4, 5, 6, 7]) == [list(range(8))]
    assert parts([0, 1, 2, 3], [2, 3, 4, 5], [5, 6, 7, 8]) == [[0, 1, 2, 3, 4, 5], [5, 6, 7, 8]]


def test_a_group_of_one_place_is_one_part_with_whoever_has_no_session() -> None:
    assert [part.tolist() for part in apart(world(range(5)), np.array([0, 1, 2, 3, 4, 1007]))] == [
        [0, 1, 2, 3, 4, 1007]
    ]
    assert [part.tolist() for part in apart(world(range(5)), np.array([1003, 1004]))] == [[1003, 1004]]


def test_a_seed_of_two_circles_grows_to_two_groups() -> None:
    assert grown(*TWO) == [list(TWO[0]), list(TWO[1])]
    assert grown(*THIRD) == [list(range(10))]


def test_members_of_each_part_are_found_anew() -> None:
    """The seed knows four of six at one place, three of six at the other, and a stranger: each part's people are all found."""
    seen = world(*TWO)
    nobody = np.zeros(len(seen.mine) - 1, np.bool_)
    found = sorted(groups(seen, [np.array([0, 1, 2, 5, 6, 7, 1009])], nobody), key=lambda one: one[0].tolist())
    assert [group.tolist() for group, _ in found] == [list(TWO[0]), list(TWO[1])]
    for (_, odds), circle in zip(found, TWO, strict=True):
        alone = members(seen, np.array(circle), nobody)[1]  # as if the other place were not
        assert odds.tolist() == alone.tolist()
        assert odds.min() > 0
    assert (
        found[0][1].min() > members(seen, everybody(*TWO), nobody)[1].min()
    )  # six of six are surer than six of eleven


@pytest.mark.parametrize("seed", [[0], [1000, 1001, 1002]])
def test_a_seed_without_sessions_grows_to_nobody(seed: list[int]) -> None:
    seen = world(*TWO)
    found = list(groups(seen, [np.array(seed)], np.zeros(len(seen.mine) - 1, np.bool_)))
    assert [group.tolist() for group, _ in found] == [[]]
