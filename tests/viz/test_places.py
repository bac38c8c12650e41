from __future__ import annotations

from itertools import combinations
from math import hypot

import pytest

from ringfinder_viz.places import places


@pytest.mark.parametrize(("patients", "hubs"), [(1, 1), (12, 1), (24, 4), (25, 9), (60, 3), (140, 12)])
def test_nobody_covers_anybody(patients: int, hubs: int) -> None:
    people = [f"P{i:03}" for i in range(patients)]
    shared = [("doctor", f"D{i:02}") for i in range(hubs)]
    joined = {(person, shared[i % hubs]): 1 for i, person in enumerate(people)}
    at = places(people, shared, {f"K{i}": people[0] for i in range(2)}, joined)
    assert len(at) == patients + hubs + 2
    near = min(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(at.values(), 2))
    assert near >= 38  # a sign is 22 wide


def test_single_hub_stands_in_the_middle_and_each_patient_near_its_own() -> None:
    assert places(["P1"], [("doctor", "D1")], {}, {("P1", ("doctor", "D1")): 1})["doctor", "D1"] == (0.0, 0.0)
    two = [("doctor", "D1"), ("doctor", "D2")]
    at = places(["P1", "P2"], two, {}, {("P1", two[1]): 3, ("P2", two[0]): 1})
    for patient, own, other in (("P1", two[1], two[0]), ("P2", two[0], two[1])):
        spot = at["patient", patient]
        assert hypot(spot[0] - at[own][0], spot[1] - at[own][1]) < hypot(spot[0] - at[other][0], spot[1] - at[other][1])


def test_card_that_nobody_used_still_has_a_place() -> None:
    assert set(places([], [], {"K1": ""}, {})) == {("card", "K1")}
