"""Illnesses that change with the house: by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.view import BLANK, DAY, INPATIENT
from ringfinder.rings import illnesses
from ringfinder.rings.harm import LENGTH_BACKS
from ringfinder.rings.illnesses import CATEGORY, MOSTLY, UNLIKE, USUAL, Changed, changed
from ringfinder.rings.transfers import search

from .test_transfers import A, B, journey, others, world

CODES = np.array(["I10.1", "I10.9", "J44.1", "K29.7"])
SAME, NEAR, OTHER = 0, 1, 2
STAY = 10


def moved(moves: list[tuple[int, int, int]], days_at_b: int = STAY) -> Changed:
    """What is said of moves from A to B: each of a person, with the illness there and here."""
    person, before, after = np.array(moves).T
    n = len(moves)
    start = np.r_[np.arange(n) * 30, np.arange(n) * 30 + STAY + 1] * DAY
    end = start + np.r_[np.full(n, STAY), np.full(n, days_at_b)] * DAY
    view = quick_view(
        np.r_[person, person], np.repeat([A, B], n), start, end=end, diagnosis=np.r_[before, after], service=INPATIENT
    )
    view = replace(view, codes=replace(view.codes, diagnosis=CODES))
    leaving, arriving = (np.flatnonzero(view.visits.facility == place) for place in (A, B))
    return changed(view, leaving, arriving)


def test_a_new_illness_in_each_house_is_weighed_against_a_quarter_of_the_moves() -> None:
    assert (USUAL, MOSTLY, CATEGORY) == (0.25, 0.5, 3)
    got = moved([(p, SAME, OTHER) for p in range(6)] + [(p, SAME, SAME) for p in range(2)])
    assert (got.changed, got.moves, got.expected) == (6, 8, 2.0)
    assert got.nats == pytest.approx(6 * log(3) - 4)


def test_one_illness_has_several_codes() -> None:
    assert moved([(p, SAME, NEAR) for p in range(8)]) == Changed(0, 8, 2.0, 0.0)


def test_moves_whose_illness_is_unknown_tell_nothing() -> None:
    assert moved([(p, SAME, BLANK) for p in range(8)]) == Changed(0, 0, 0.0, 0.0)
    got = moved([(p, SAME, OTHER) for p in range(4)] + [(p, BLANK, OTHER) for p in range(4)])
    assert (got.changed, got.moves) == (4, 4)


@pytest.mark.parametrize(("people", "told"), [(3, True), (2, False)])
def test_three_households_must_bear_it(people: int, told: bool) -> None:
    assert (moved([(i % people, SAME, OTHER) for i in range(8)]).nats > 0) is told


@pytest.mark.parametrize(("same", "told"), [(6, True), (7, False)])
def test_half_of_the_moves_must_bear_it(same: int, told: bool) -> None:
    got = moved([(p, SAME, OTHER) for p in range(6)] + [(p, SAME, SAME) for p in range(same)])
    assert (got.nats > 0) is told


@pytest.mark.parametrize(("days", "told"), [(20, True), (21, False)])
def test_a_house_that_cares_for_weeks_is_not_one_that_treats(days: int, told: bool) -> None:
    assert UNLIKE == 2.0
    assert (moved([(p, SAME, OTHER) for p in range(8)], days).nats > 0) is told


def test_a_new_illness_backs_the_split_of_stays_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five go to and fro between two houses, each in weeks of his own; with a new illness each time."""
    stays = [stay for p in range(5) for stay in journey(p, 20 * p, A, B, A, B)]
    town = others(60) + [(500 + i, 200 + i % 50, 7 * i % 360, STAY) for i in range(3000)]
    view = world(stays + town, diagnosis=np.r_[np.arange(len(stays)) % 4, np.full(len(town), BLANK)])
    view = replace(view, codes=replace(view.codes, diagnosis=np.array(["I10", "J44", "K29", "M54"])))
    told = search(view)[0]
    monkeypatch.setattr(illnesses, "changed", lambda *_: Changed(0, 0, 0.0, 0.0))
    untold = search(view)[0]
    assert told.patients.tolist() == untold.patients.tolist() == [0, 1, 2, 3, 4]
    assert told.harm == pytest.approx(untold.harm + LENGTH_BACKS)
    (one,) = [f for f in told.findings if f.key == "reasons.another_illness"]
    assert (one.side, one.values) == ("harm", {"changed": 15, "moves": 15, "expected": 3.8})
    assert not [f for f in untold.findings if f.key == "reasons.another_illness"]
