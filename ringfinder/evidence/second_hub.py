"""Two hubs of one crowd: who all meet at one place and are all named by one payee or agent as well, which the place's others are not.

Given the first hub, m of its crowd's households also go through the second, where the first hub's other people let expect mu. A place
and whoever names people there are two choices; a doctor and his house are one, and so are an agent and his account.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct
from ringfinder.evidence.view import HubType, Ints, View

NAMING: tuple[HubType, ...] = ("account", "recruiter")
FEW = 20.0  # people of the whole town added to the first hub's others


@dataclass(frozen=True)
class Second:
    """`households` of the crowd that go through the second hub too; expected, nats less the choice among the crowd's hubs."""

    households: int
    expected: float
    gain: float


NONE = Second(0, 0.0, 0.0)


def second(
    view: View, crowd: Ints, claims: Ints, first: tuple[HubType, Ints, int], other: tuple[HubType, Ints, int]
) -> Second:
    """How far the crowd (patients) agrees on the other hub. `claims`: what it did at either; a hub: its type, column and code."""
    if (first[0] in NAMING) == (other[0] in NAMING):
        return NONE
    patient = view.claims.patient
    at_first, at_other = np.flatnonzero(first[1] == first[2]), np.flatnonzero(other[1] == other[2])
    of_town = len(distinct(patient[at_other])) / max(1, len(view.codes.patient))
    everybody = distinct(patient[at_first])
    both = distinct(patient[at_first[other[1][at_first] == other[2]]])
    strangers, named = (len(who) - int(np.isin(who, crowd).sum()) for who in (everybody, both))
    share = (named + FEW * of_town) / (strangers + FEW)
    home = view.people.household[patient[claims]]
    mine = first[1][claims] == first[2]
    homes = len(distinct(home[mine]))
    agreeing = len(distinct(home[mine & (other[1][claims] == other[2])]))
    gain = float(nats.surprise(agreeing, homes * share)) - float(np.log(max(homes, 1))) - nats.MARGIN
    return Second(agreeing, homes * share, max(gain, 0.0))
