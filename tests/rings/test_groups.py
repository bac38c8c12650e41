from __future__ import annotations

import numpy as np

from ringfinder.rings.groups import Groups, collect

from .planted import NOBODY, hubs_of


def some() -> Groups:
    """Three groups; the second hangs on go-between 1."""
    hubs = hubs_of((7, 8), (1, 2))
    parts = [("ties", -1, [3, 1, 3]), ("hub", 1, [2, 5, 1]), ("crowds", -1, [9])]
    return collect([(seed, hub, np.array(people, np.int32)) for seed, hub, people in parts], hubs)


def test_groups_are_held_flat_sorted_and_without_repetition() -> None:
    groups = some()
    assert groups.group.tolist() == [0, 0, 1, 1, 1, 2]
    assert groups.patient.tolist() == [1, 3, 1, 2, 5, 9]
    assert groups.count == 3
    assert groups.sizes().tolist() == [2, 3, 1]
    assert groups.people(1).tolist() == [1, 2, 5]
    assert groups.seed == ("ties", "hub", "crowds")


def test_of_equal_groups_on_one_hub_the_first_stays() -> None:
    who = np.array([1, 2, 3], np.int32)
    groups = collect([("ties", -1, who), ("crowds", -1, who[::-1]), ("hub", 0, who)], hubs_of((1, 2, 3)))
    assert groups.seed == ("ties", "hub")
    assert groups.hub.tolist() == [-1, 0]


def test_the_hub_names_some_of_its_group() -> None:
    groups = some()
    assert groups.has_hub().tolist() == [False, True, False]
    assert groups.linked().tolist() == [False, False, True, True, False, False]


def test_picked_groups_are_renumbered() -> None:
    groups = some().pick(np.array([False, True, True]))
    assert groups.group.tolist() == [0, 0, 0, 1]
    assert groups.patient.tolist() == [1, 2, 5, 9]
    assert groups.hub.tolist() == [1, -1]
    assert groups.seed == ("hub", "crowds")
    assert groups.linked().tolist() == [True, True, False, False]


def test_a_row_is_found_by_group_and_person() -> None:
    groups = some()
    at = groups.rows_of(np.array([0, 1, 1, 2, 2]), np.array([3, 1, 3, 9, 10]))
    assert at.tolist() == [1, 2, -1, 5, -1]


def test_rows_may_be_dropped_and_the_groups_stay() -> None:
    groups = some().rows(np.array([True, False, True, True, True, False]))
    assert groups.count == 3
    assert groups.sizes().tolist() == [1, 3, 0]


def test_no_groups_are_groups_too() -> None:
    groups = collect([], NOBODY)
    assert groups.count == 0
    assert groups.sizes().tolist() == []
    assert groups.rows_of(np.array([0]), np.array([1])).tolist() == [-1]
    assert groups.linked().tolist() == []
