"""What honest reasons explain of a whole group: a home, an invitation, a hunt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, OUTPATIENT, PHARMACY, Bools
from ringfinder.rings.bases import rates
from ringfinder.rings.considered import ARRANGED, IMPOSSIBLE, MOSTLY, OCCASIONS, OF_STAYS, Considered, twice
from ringfinder.rings.harm import GROUP_MARKS, TRAITS, Harm, harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.one_medicine import MARKS
from ringfinder.rings.prices import Rows
from ringfinder.rings.visit_marks import TYPICAL

from .planted import group_of


def of(hunted: bool = False, home: bool = False, invited: bool = False, stays: bool = True) -> Considered:
    return Considered(*(np.array([one]) for one in (hunted, home, invited, stays)))


def explained(why: Considered) -> set[str]:
    """The marks of which a group's reasons leave nothing."""
    return {name for name in (*TYPICAL, *GROUP_MARKS) if np.any(why.explains(name))}


def test_each_reason_explains_its_own_marks() -> None:
    assert explained(of()) == set()
    assert explained(of(hunted=True)) == set(MARKS) == {"tour", "round", "doubled", "stockpile"}
    assert explained(of(home=True)) == explained(of(invited=True)) == set(ARRANGED)
    assert explained(of(invited=True, stays=False)) == set(OF_STAYS)


def test_what_cannot_be_is_never_explained() -> None:
    everything = explained(of(hunted=True, home=True, invited=True))
    assert not everything & set(IMPOSSIBLE)
    traits = {name for trait in TRAITS for name in trait}
    assert set(IMPOSSIBLE) <= {*TYPICAL, *GROUP_MARKS}
    assert set(IMPOSSIBLE) & traits == {"misfit"}  # a register may be wrong, of all whom one clerk entered


def test_nobody_invites_to_what_cannot_be() -> None:
    why = of(hunted=True, home=True, invited=True)
    assert explained(why.unless(np.array([True]))) == explained(of(hunted=True, home=True))
    assert explained(why.unless(np.array([False]))) == explained(why)


@pytest.mark.parametrize(
    ("days", "invited"),
    [
        ((0, 100), True),
        ((0, 3, 100, 106), True),  # within a week it is one occasion
        ((0, 100, 107), False),
        ((0, 50, 100), False),
    ],
)
def test_two_occasions_of_stays_are_an_invitation(days: tuple[int, ...], invited: bool) -> None:
    assert OCCASIONS == 3
    assert twice_of(days, INPATIENT)[0] == invited
    assert not twice_of(days, OUTPATIENT)[0]  # no stays at all


def twice_of(days: tuple[int, ...], service: int) -> Bools:
    start = np.repeat(np.array(days) * DAY, 4) + 9 * HOUR
    view = quick_view(np.tile(np.arange(4), len(days)), 0, start, end=start + DAY, service=service)
    presence = observe(view)
    rows = Rows.of(presence, np.zeros(len(presence.visit), np.int64), np.arange(len(presence.visit)), 1)
    return twice(presence, rows, 1)


def judged(days: tuple[int, ...], addresses: int = 8) -> Harm:
    """Eight people who lie in one ward for nine days together, for eight illnesses and at nearly one amount, on such days.

    Two hundred others stay there now and then for whatever it costs. The eight live at so many addresses.
    """
    ring = [(p, day, 9, p, 400_000 + 1_000 * p + 137 * day) for day in days for p in range(8)]
    town = [(8 + i, (i * 37) % 360, 1 + i % 17, i % 8, 100_000 + (i * 7919) % 900_000) for i in range(200)]
    patient, day, length, ill, cents = np.array([*ring, *town]).T
    start = day * DAY + 9 * HOUR + patient * 60
    view = quick_view(patient, 0, start, end=start + length * DAY, service=INPATIENT, diagnosis=ill, cents=cents)
    home = np.where(np.arange(len(view.people.household)) < 8, np.arange(len(view.people.household)) % addresses, 100)
    view = replace(
        view,
        people=replace(view.people, address=(home + np.where(home == 100, np.arange(len(home)), 0)).astype(np.int32)),
    )
    presence = observe(view)
    groups = group_of(*range(8))
    meetings = meet(presence, groups)
    return harm(presence, rates(presence, mark(view)), groups, meetings, np.ones(len(meetings.group), np.bool_))


def test_stays_alike_on_three_occasions_do_harm_and_on_two_none() -> None:
    thrice, two = judged((10, 100, 250)), judged((10, 100))
    assert thrice.nats["even"][0] > 0
    assert thrice.score[0] > 0
    assert (two.nats["even"][0], two.score[0]) == (0.0, 0.0)
    assert (two.borne["twice"][0], thrice.borne["twice"][0]) == (16.0, 0.0)


@pytest.mark.parametrize(("addresses", "home"), [(3, True), (4, False)])
def test_residents_of_a_home_have_it_all_in_common(addresses: int, home: bool) -> None:
    """Fewer than half as many addresses as people."""
    got = judged((10, 100, 250), addresses)
    assert bool(got.score[0] == 0.0) is home
    assert got.borne["home"][0] == (8.0 if home else 0.0)


@pytest.mark.parametrize(("bought", "mostly"), [(7, True), (8, False)])
def test_a_group_of_stays_is_one_whose_visits_are_mostly_stays(bought: int, mostly: bool) -> None:
    """Eight stays, on two occasions; so many purchases beside them."""
    assert MOSTLY == 0.5
    kind = [INPATIENT] * 8 + [PHARMACY] * bought
    day = np.r_[np.repeat([0, 100], 4), 20 + np.arange(bought) ** 2]
    view = quick_view(np.arange(8 + bought) % 4, 0, day * DAY, end=day * DAY + 6 * HOUR, service=kind)
    presence = observe(view)
    everything = np.arange(len(presence.visit))
    rows = Rows.of(presence, np.zeros(len(everything), np.int64), everything, 1)
    why = Considered.of(presence, rates(presence, mark(view)).buyers, group_of(0, 1, 2, 3), rows)
    assert (len(everything), bool(why.twice[0]), bool(why.stays[0])) == (8 + bought, True, mostly)
