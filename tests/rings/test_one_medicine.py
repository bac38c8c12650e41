"""Who needs one medicine goes from pharmacy to pharmacy; who buys for resale takes what is dear, and whatever sells."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import BLANK, DAY, HOUR, OUTPATIENT, PHARMACY
from ringfinder.rings.assortments import buyers
from ringfinder.rings.one_medicine import NAMED, ONE, OWN_DAYS, OWN_SHARE, hunted
from ringfinder.rings.prices import Rows

CHEAP, DEAR, OTHER = 0, 1, 2
DAYS = (10, 23, 95, 143, 217, 260)  # no rhythm


def seeks(bought: list[int], alone: dict[int, int] | None = None, service: int = PHARMACY) -> bool:
    """Whether people who buy such medicines together, each one, hunt one; or four in turn. `alone`: dear packs by person of four on days
    of his own.

    Three hundred others buy what is cheap, each once.
    """
    people = len(bought) if alone is None else 4
    met = [(i % people, DAYS[i // 4 % len(DAYS)], drug) for i, drug in enumerate(bought)]
    own = [(p, 300 + 9 * k, DEAR) for p, packs in (alone or {}).items() for k in range(packs)]
    town = [(people + i, i, CHEAP) for i in range(300)]
    patient, day, drug = np.array([*met, *own, *town]).T
    cents = np.where(drug == CHEAP, 1_000, 100_000)
    kind = np.where(np.arange(len(patient)) < len(met), service, PHARMACY)
    view = quick_view(patient, 0, day * DAY + 9 * HOUR, service=kind, drug=drug, cents=cents)
    presence = observe(view)
    ours = np.flatnonzero((presence.patient < people) & (view.visits.start[presence.visit] < 300 * DAY))
    rows = Rows.of(presence, np.zeros(len(ours), np.int64), ours, 1)
    return bool(hunted(view, buyers(view), rows, 1)[0])


def test_one_medicine_that_is_not_dear_is_hunted() -> None:
    assert seeks([CHEAP] * 12)
    assert not seeks([DEAR] * 12)
    assert not seeks([CHEAP] * 12, service=OUTPATIENT)  # nothing was bought


@pytest.mark.parametrize(("others", "one"), [(1, True), (2, True), (3, False)])
def test_nine_tenths_of_the_named_purchases_are_of_it(others: int, one: bool) -> None:
    assert ONE == 0.9
    assert seeks([CHEAP] * (20 - others) + [OTHER] * others) is one


@pytest.mark.parametrize(("blank", "told"), [(6, True), (7, False)])
def test_half_of_the_purchases_name_their_medicine(blank: int, told: bool) -> None:
    assert NAMED == 0.5
    assert seeks([CHEAP] * 6 + [BLANK] * blank) is told


@pytest.mark.parametrize(
    ("alone", "anyway"),
    [
        ({0: 2, 1: 2}, True),  # half of the four households, on two days each
        ({0: 2}, False),
        ({0: 2, 1: 1}, False),
        ({0: 3, 1: 3, 2: 3, 3: 3}, True),
    ],
)
def test_a_dear_medicine_is_hunted_by_who_takes_it_anyway(alone: dict[int, int], anyway: bool) -> None:
    assert (OWN_DAYS, OWN_SHARE) == (2, 0.5)
    assert seeks([DEAR] * 12, alone) is anyway


def test_days_on_which_the_group_met_are_no_days_of_ones_own() -> None:
    """Each buys again on the group's days, at another counter where it does not meet."""
    met = [(p, day, DEAR, place) for place in (0, 1) for day in DAYS[:3] for p in range(4)]
    patient, day, drug, place = np.array([*met, *((10 + i, i, CHEAP, 0) for i in range(300))]).T
    cents = np.where(drug == DEAR, 100_000, 1_000)
    view = quick_view(patient, place, day * DAY + (9 + place) * HOUR, service=PHARMACY, drug=drug, cents=cents)
    presence = observe(view)
    ours = np.flatnonzero((presence.patient < 4) & (view.visits.facility[presence.visit] == 0))
    rows = Rows.of(presence, np.zeros(len(ours), np.int64), ours, 1)
    assert not hunted(view, buyers(view), rows, 1)[0]
