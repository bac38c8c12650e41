"""Two hubs of one crowd of the dead: a place, and the payee or agent who names its people there."""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import at, quick_view, visit

from evidence.town import Town
from ringfinder.evidence import after_death
from ringfinder.evidence.one_crowd import Bundle
from ringfinder.evidence.second_hub import FEW, NONE, Second, second
from ringfinder.evidence.view import BLANK, Candidate, HubType
from ringfinder.words import say

DEAD = [f"p{i:03}" for i in range(100, 108)]


def agreed(first: HubType = "facility", other: HubType = "account", *, strangers: int = 3, **more: Any) -> Second:
    """Six of a crowd at hub 0 of one type, five of them through hub 1 of the other; so are `strangers` of the first hub's thirty others.

    Ten more people of a hundred are elsewhere with the second hub, the rest with neither.
    """
    here = np.r_[np.zeros(36, np.int64), np.ones(64, np.int64)]
    named = np.r_[np.ones(5), 0, np.ones(strangers), np.zeros(30 - strangers), np.ones(10), np.zeros(54)].astype(
        np.int64
    )
    view = quick_view(np.arange(100), here, np.arange(100) * 86_400, **more)
    return second(view, np.arange(6, dtype=np.int32), np.arange(6, dtype=np.int32), (first, here, 0), (other, named, 1))


def nats(k: int, mu: float, homes: int) -> float:
    return k * log(k / mu) - (k - mu) - log(homes) - 1


def test_the_first_hubs_other_people_tell_how_many_agree_anyway() -> None:
    """Three of thirty others, smoothed with twenty at the town's rate: 18 of 100 people go through the second hub."""
    assert FEW == 20.0
    got = agreed()
    share = (3 + 20 * 0.18) / (30 + 20)
    assert (got.households, got.expected) == (5, pytest.approx(6 * share))
    assert got.gain == pytest.approx(nats(5, 6 * share, 6))
    assert got.gain > 0


def test_a_second_hub_that_the_place_knows_anyway_is_none() -> None:
    share = (28 + 20 * 0.43) / 50
    assert agreed(strangers=28) == Second(5, pytest.approx(6 * share), 0.0)


def test_households_agree_and_not_people() -> None:
    """Two of the five live together, and one with whom the second hub does not name."""
    got = agreed(household=np.r_[0, 0, 2, 3, 4, 4, np.arange(6, 100)])
    share = (3 + 20 * 0.18) / 50
    assert (got.households, got.expected) == (4, pytest.approx(4 * share))
    assert got.gain == pytest.approx(nats(4, 4 * share, 4))


@pytest.mark.parametrize(
    ("first", "other", "counts"),
    [
        ("facility", "account", True),
        ("terminal", "recruiter", True),
        ("account", "doctor", True),
        ("recruiter", "facility", True),
        ("facility", "doctor", False),
        ("doctor", "terminal", False),
        ("account", "recruiter", False),
        ("recruiter", "account", False),
    ],
)
def test_a_place_and_who_names_people_are_two_choices(first: HubType, other: HubType, counts: bool) -> None:
    assert (agreed(first, other) != NONE) is counts


@pytest.mark.parametrize(("nats_of_second", "score"), [(0.0, 14.0), (7.0, 21.0), (10.0, 24.0), (30.0, 24.0)])
def test_a_second_hub_counts_no_more_than_the_first(nats_of_second: float, score: float) -> None:
    none = np.zeros(0, np.int32)
    bundle = Bundle((), none, none, none, 5, 0.5, 10.0, 4.0, 2, Second(5, 0.5, nats_of_second))
    assert bundle.score == score


def found(folder: Path, **more: str) -> Candidate:
    """The best finding of eight dead people who claim at one till of one house, on days of their own."""
    town = Town()
    town.stop(DEAD)
    for i, who in enumerate(DEAD):
        town.died(who, 60 + 5 * i)
        for day in (150 + 3 * i, 200 + 4 * i):
            town.add(visit(who, "hospital0", at(day, 9 + 0.2 * i), 300, settled_at=at(day, 18), **more))
    return max(after_death.search(town.view(folder)), key=lambda c: c.coordination)


def test_the_dead_of_one_till_are_told_with_the_account_that_they_are_paid_to(tmp_path: Path) -> None:
    place = found(tmp_path / "place", terminal_id="corner")
    both = found(tmp_path / "both", terminal_id="corner", payee_account="shared")
    key = "reasons_kinds.after_death_second"
    assert key not in {f.key for f in place.findings}
    (told,) = [f for f in both.findings if f.key == key]
    (main,) = [f for f in both.findings if f.side == "harm"]
    batches = sum(f.nats for f in both.findings if f.key == "reasons_kinds.after_death_batches")
    assert (told.side, told.observed) == ("for", 8.0)
    assert told.values == {"households": 8, "expected": round(told.expected, 2)}
    hubs = main.nats + min(batches, 2 * main.nats) + min(told.nats, main.nats) - both.coordination - 1
    assert np.exp(hubs) == pytest.approx(round(np.exp(hubs)))  # what is left is the choice among so many hubs
    assert both.harm == pytest.approx(main.nats - 1)
    assert say(key, "en", **told.values) != say(key, "zh", **told.values)


def test_the_better_of_two_further_hubs_is_told() -> None:
    """Account 1 is named for five of six, agent 2 for all; of the first hub's others nobody has either."""
    here = np.r_[np.zeros(36, np.int32), np.ones(64, np.int32)]
    account = np.where(np.arange(100) < 5, 1, BLANK).astype(np.int32)
    agent = np.where(np.arange(100) < 6, 2, BLANK).astype(np.int32)
    view = quick_view(np.arange(100), here, np.arange(100) * 86_400)
    six = np.arange(6, dtype=np.int32)
    hubs: tuple[tuple[HubType, int, str], ...] = (("facility", 0, ""), ("account", 1, ""), ("recruiter", 2, ""))
    bundle = Bundle(hubs, six, six, six, 6, 0.5, 10.0, 0.0, 0)
    columns: dict[HubType, Any] = {"facility": here, "account": account, "recruiter": agent}
    got = after_death.with_second(view, bundle, columns)
    share = 20 * 0.06 / 50
    assert got.second == Second(6, pytest.approx(6 * share), pytest.approx(nats(6, 6 * share, 6)))
    alone = Bundle(hubs[:1], six, six, six, 6, 0.5, 10.0, 0.0, 0)
    assert after_death.with_second(view, alone, columns).second == NONE
