"""A planted town, and rings that are there, in part there, or not there at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from rings.planted import town

from ringfinder.evaluation import Planted
from ringfinder.evidence.view import Candidate, View
from ringfinder.lab.fates import Reach, Watch, lost, why_silent
from ringfinder.lab.results import Fate
from ringfinder.model import Ring
from ringfinder.rings.together import search
from ringfinder.settings import DetectionSettings

RING = range(12)
ELSEWHERE = range(1400, 1500)


@pytest.mark.parametrize(
    ("reach", "fate"),
    [
        (Reach(seed=0.24, group=0.9, scored=0.9, candidate=0.9), "no_tie"),
        (Reach(seed=0.25, group=0.19), "no_group"),
        (Reach(seed=1.0, group=0.49, kept=0.49), "trimmed"),
        (Reach(seed=1.0, group=0.49, kept=0.5), "swollen"),
        (Reach(seed=1.0, group=0.5, kept=0.5, scored=0.49), "scored_low"),
        (Reach(seed=1.0, group=0.5, kept=0.5, scored=0.5, candidate=0.4, strength=-20.0), "lost_competition"),
        (Reach(seed=1.0, group=0.5, kept=0.5, scored=0.5, candidate=0.5, strength=-10.0), "scored_low"),
        (Reach(seed=1.0, group=0.5, kept=0.5, scored=0.5, candidate=0.5, strength=-9.9), "lost_competition"),
    ],
)
def test_the_stage_that_lost_a_ring_by_hand(reach: Reach, fate: Fate) -> None:
    assert lost(reach) == fate


@pytest.fixture(scope="module")
def view() -> View:
    """Twelve people who meet eight times, in a town of 1,500."""
    return town(seed=4)


@pytest.fixture(scope="module")
def ring(view: View) -> Candidate:
    (found,) = search(view)
    return found


def truth(*people: Iterable[int]) -> list[Planted]:
    return [
        Planted(f"T{i}", "rotation", "plain", {"patient": frozenset(f"p{p:05}" for p in some)})
        for i, some in enumerate(people)
    ]


def reach_of(view: View, planted: Iterable[int], proposed: list[Candidate], standing: list[Candidate]) -> Reach:
    watch = Watch(truth(planted))
    watch(view, proposed, standing)
    assert watch.seconds > 0
    return watch.reach["T0"]


@pytest.mark.parametrize(
    ("planted", "fate"),
    [
        (ELSEWHERE, "no_tie"),  # people who never met
        ([*range(4), *ELSEWHERE[:13]], "no_tie"),  # four of seventeen are in a group
        ([*range(4), *ELSEWHERE[:12]], "no_group"),  # a quarter; Jaccard 4/24
        ([*RING, *ELSEWHERE[:13]], "trimmed"),  # Jaccard 12/25
        (range(5), "swollen"),  # Jaccard 5/12
    ],
)
def test_rings_that_a_run_finds_in_part(view: View, ring: Candidate, planted: Iterable[int], fate: Fate) -> None:
    assert lost(reach_of(view, planted, [ring], [ring])) == fate


def test_a_ring_that_lost_to_another_or_scored_too_low(view: View, ring: Candidate) -> None:
    assert lost(reach_of(view, RING, [ring], [])) == "lost_competition"
    poor = replace(ring, harm=-20.0)
    assert lost(reach_of(view, RING, [poor], [])) == "scored_low"
    assert reach_of(view, RING, [poor], []) == Reach(1.0, 1.0, 1.0, 1.0, 1.0, -20.0)


def test_co_presence_is_looked_into_where_no_channel_proposed_the_ring(view: View) -> None:
    assert reach_of(view, RING, [], []) == Reach(1.0, 1.0, 1.0, 1.0, 0.0, 0.0)


def test_people_who_are_not_in_the_claims_are_no_ring(view: View, ring: Candidate) -> None:
    watch = Watch([Planted("T0", "rotation", "plain", {"patient": frozenset({"nobody"})})])
    watch(view, [ring], [ring])
    assert watch.reach["T0"] == Reach()


@pytest.mark.parametrize(
    ("q", "coordination", "harm", "bars"),
    [
        (0.05, 20.0, 8.0, ()),
        (0.06, 20.0, 8.0, ("q",)),
        (0.06, 20.0, 7.0, ("q", "harm", "strength")),
        (0.01, -1.0, 9.0, ("strength",)),
        (0.01, -8.0, 30.0, ()),
        (0.01, -8.5, 30.0, ("coordination",)),
    ],
)
def test_bars_that_a_silent_ring_missed(q: float, coordination: float, harm: float, bars: tuple[str, ...]) -> None:
    day = datetime(2024, 1, 1)
    ring = Ring(
        "R1", "rotation", 50.0, q, coordination, harm, False, 0, (), Decimal(0), Decimal(0), day, day, (), (), ()
    )  # fmt: skip
    assert why_silent(ring, DetectionSettings()) == bars
