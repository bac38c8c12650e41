"""Illnesses that change from one house to the next: whether people who are passed back and forth have a new one each time.

Who is moved for a long illness is moved with it: a stroke goes to rehabilitation as a stroke. Where the same illness brings a patient
back within the 15 days, the fund counts both stays as one; so whoever splits stays writes down another. In two makers' worlds none of 14
honest chains changed the illness in more than a twelfth of its moves, rings that did so did in half and more.
A patient with several illnesses is moved between an acute ward, where he stays for days, and one that cares for him, where he stays for
weeks: stays of unlike lengths say nothing.

    k of n moves with both illnesses known (categories of three characters) change it; k ln(k / mu) - (k - mu), mu = `USUAL` n

Source: Poisson log-likelihood ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct
from ringfinder.evidence.uses import groups
from ringfinder.evidence.view import BLANK, DAY, Longs, View

CATEGORY = 3  # characters of a code of the classification that name the illness
USUAL = 0.25  # of moves change the illness for honest reasons, at most
MOSTLY = 0.5  # of a group's moves must
UNLIKE = 2.0  # times as long as those of another house: a house that cares, and not one that treats


@dataclass(frozen=True)
class Changed:
    """`changed` of `moves` with both illnesses known, where honest care lets `expected`; `nats`."""

    changed: int
    moves: int
    expected: float
    nats: float


def changed(view: View, leaving: Longs, arriving: Longs) -> Changed:
    """How many of a group's moves change the illness. `leaving`, `arriving`: visits, by move."""
    visits = view.visits
    before, after = visits.diagnosis[leaving], visits.diagnosis[arriving]
    told = np.flatnonzero((before != BLANK) & (after != BLANK))
    name = groups(view, CATEGORY)
    other = told[name[before[told]] != name[after[told]]]
    expected = USUAL * len(told)
    homes = len(distinct(view.people.household[visits.patient[arriving[other]]]))
    enough = homes >= nats.FEWEST_HOUSEHOLDS and len(other) >= MOSTLY * len(told)
    gain = float(nats.surprise(len(other), expected)) if enough and alike(view, np.r_[leaving, arriving]) else 0.0
    return Changed(len(other), len(told), expected, gain)


def alike(view: View, stays: Longs) -> bool:
    """Whether stays last about equally long, as a rule, in all the houses."""
    visits = view.visits
    stays = distinct(stays)
    days = (visits.end[stays] - visits.start[stays]) / DAY
    usual = [float(np.median(days[visits.facility[stays] == place])) for place in distinct(visits.facility[stays])]
    return max(usual) <= UNLIKE * max(min(usual), 1.0)
