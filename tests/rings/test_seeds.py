from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringfinder.evidence.presence import observe
from ringfinder.evidence.ties import tie
from ringfinder.rings import seeds
from ringfinder.rings.groups import Groups
from ringfinder.rings.seeds import LEAST_SIZE, sets, sow

from .planted import NOBODY, hubs_of, town

Seeds = list[tuple[str, set[int]]]


def sown(groups: Groups) -> Seeds:
    return [(groups.seed[g], set(groups.people(g).tolist())) for g in range(groups.count)]


@pytest.mark.parametrize("communities", ["leiden", "louvain"])
def test_a_dense_ring_is_sown_by_its_ties(communities: str) -> None:
    view = town(seed=4)
    presence = observe(replace(view, settings=replace(view.settings, communities=communities)))
    assert ("ties", set(range(12))) in sown(sow(presence, tie(presence), NOBODY))


def test_a_sparse_ring_is_sown_by_its_crowded_windows() -> None:
    """Twenty people, nine meetings, each attended by a quarter of them: few pairs repeat, the crowds do."""
    presence = observe(town(ring=20, meetings=9, share=0.28, seed=4))
    ring = set(range(20))
    best = {"ties": 0.0, "crowds": 0.0}
    for seed, people in sown(sow(presence, tie(presence), NOBODY)):
        best[seed] = max(best[seed], len(people & ring) / len(people | ring))
    assert best["ties"] < 0.5 < best["crowds"]


def test_people_in_empty_beds_are_sown_as_such_whoever_else_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """One occasion is enough for empty beds: where ties find the very same people, that must not be lost."""
    presence = observe(town(seed=4))
    ring = np.arange(12, dtype=np.int64)
    monkeypatch.setattr(seeds, "empty_beds", lambda *_: (ring, np.zeros(12, np.int64)))
    found = sown(sow(presence, tie(presence), NOBODY, np.zeros(len(presence.view.visits.patient), np.bool_)))
    assert [seed for seed, people in found if people == set(range(12))] == ["beds"]


def test_a_hub_sows_whom_it_names() -> None:
    view = town(ring=0, meetings=1)
    presence = observe(view)
    groups = sow(presence, tie(presence), hubs_of((5, 90, 700, 900), (3, 4, 5, 6)))
    assert sown(groups)[:2] == [("hub", {5, 90, 700, 900}), ("hub", {3, 4, 5, 6})]
    assert groups.hub.tolist()[:2] == [0, 1]


def test_a_town_without_ring_sows_little() -> None:
    presence = observe(town(ring=0, meetings=1))
    assert sown(sow(presence, tie(presence), NOBODY)) == []


def test_sets_of_at_least_four_come_in_order() -> None:
    assert LEAST_SIZE == 4
    node = np.array([9, 1, 5, 3, 7, 2, 8, 6, 4])
    group = np.array([2, 0, 0, 0, 0, 1, 1, 1, 2])
    assert [part.tolist() for part in sets(node, group)] == [[1, 3, 5, 7]]
    assert sets(node[:0], group[:0]) == []
