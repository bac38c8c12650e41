"""Harm of a group whose people each buy several costly medicines."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import DAY, HOUR, MINUTE, PHARMACY
from ringfinder.rings.assortments import SMOOTHING
from ringfinder.rings.bases import rates
from ringfinder.rings.harm import GROUP_MARKS, TRAITS, Harm, harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.visit_marks import LEAST_HOMES, surprise

from .planted import group_of

CHEAP = 9  # a medicine
MORNINGS = (10, 41, 95)


def met(assorted: int, dear_others: int = 66) -> tuple[Harm, float]:
    """Four people who bought something costly at one shop on three mornings, the first so many of them another medicine each time.

    Sixty-six others, in the afternoons of a year, bought one of three costly medicines once, 922 a cheap one.
    """
    ring = [
        (p, day * DAY + 9 * HOUR + p * 15 * MINUTE, i if p < assorted else 0)
        for i, day in enumerate(MORNINGS)
        for p in range(4)
    ]
    town = [(4 + i, (i * 37 % 360) * DAY + 15 * HOUR + i, i % 3 if i < dear_others else CHEAP) for i in range(988)]
    patient, start, drug = np.array([*ring, *town]).T
    cents = np.where(drug == CHEAP, 1_000, 100_000)
    presence = observe(quick_view(patient, 0, start, service=PHARMACY, drug=drug, cents=cents))
    groups = group_of(0, 1, 2, 3)
    meetings = meet(presence, groups)
    known = rates(presence, mark(presence.view))
    got = harm(presence, known, groups, meetings, np.ones(len(meetings.group), np.bool_))
    return got, float(np.log(len(known.marks.flags) + len(GROUP_MARKS)))


@pytest.mark.parametrize("people", [3, 4])
def test_a_group_of_assortments_does_harm(people: int) -> None:
    """Of 22 others who bought each medicine none has three; of all 70 buyers the group's have."""
    got, price = met(people)
    mu = 4 * SMOOTHING * people / 70 / (22 + SMOOTHING)
    assert got.borne["assortment"].tolist() == [people]
    assert got.expected["assortment"] == pytest.approx([mu])
    nats = people * np.log(people / mu) - (people - mu) - price
    assert nats > 0
    assert got.nats["assortment"] == pytest.approx([nats])
    assert {name for name, of_mark in got.nats.items() if of_mark[0] > 0} == {"assortment"}
    assert got.score == pytest.approx([min(nats, 6.0)])
    assert got.fit == pytest.approx([people / 4])


def test_two_households_with_assortments_do_no_harm() -> None:
    assert LEAST_HOMES == 3
    got, _ = met(2)
    assert got.borne["assortment"].tolist() == [2.0]
    assert surprise(got.borne["assortment"], got.expected["assortment"], np.ones(1, np.bool_), 0.0)[0] > 0
    assert (got.nats["assortment"].tolist(), got.score.tolist()) == ([0.0], [0.0])


def test_an_assortment_is_a_trait_of_its_own() -> None:
    assert "assortment" in GROUP_MARKS
    assert Counter(name for trait in TRAITS for name in trait)["assortment"] == 1
    assert ("assortment",) in TRAITS
