"""Cards that more households use than a family has."""

from __future__ import annotations

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.likelihood import MARGIN, surprise
from ringfinder.evidence.shared_cards import FAMILY, FURTHER, STAND_IN, search
from ringfinder.evidence.view import BLANK, DAY, HOUR, Candidate, View
from ringfinder.words import say

TOWN = 200  # people with a card of their own, numbered like them, who use it twice
STRANGERS = 1000  # people from here on have no card


def town(used: dict[int, range], *, own: bool = True, days: int = 400, holders: bool = True) -> View:
    """A town; `used`: by card, the strangers (numbered from `STRANGERS`) who use it, each on two days. `own`: holders use theirs too."""
    rows = [(p, p, 2 * p + k) for p in range(TOWN) for k in (0, 100) if own or p not in used]
    rows += [
        (STRANGERS + s, card, (3 * s + 50 * k) % days) for card, some in used.items() for s in some for k in (0, 1)
    ]
    patient, card, day = np.array(rows).T
    view = quick_view(patient, 0, day * DAY + 9 * HOUR, card=card)
    holder = np.arange(len(view.card_holder), dtype=np.int32)
    return replace(view, card_holder=holder if holders else np.full_like(holder, BLANK))


def found(view: View) -> list[Candidate]:
    return search(view, "lent_cards")


def test_a_card_of_a_dozen_households_is_a_ring_of_its_users_and_its_holder() -> None:
    (one,) = found(town({7: range(12)}))
    assert one.patients.tolist() == [7, *range(STRANGERS, STRANGERS + 12)]
    assert len(one.claims) == 24
    assert (one.kind, one.channel) == ("lent_cards", "lent_cards")
    assert one.coordination == one.harm == pytest.approx(float(surprise(12, FAMILY)) - log(2) - MARGIN)
    assert [f.side for f in one.findings] == ["for", "harm", "against"]
    for finding in one.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


def test_cards_that_the_same_people_use_are_one_ring() -> None:
    (one,) = found(town({7: range(12), 8: range(6, 15)}))
    assert one.patients.tolist() == [7, 8, *range(STRANGERS, STRANGERS + 15)]
    assert one.findings[0].values["cards"] == 2
    assert one.findings[0].observed == 12  # the fuller card is told
    by_card = [float(surprise(k, FAMILY)) - log(2) - MARGIN for k in (12, 9)]
    assert FURTHER == 0.5
    assert one.coordination == one.harm == pytest.approx(by_card[0] + FURTHER * by_card[1])


def test_a_further_card_that_a_family_may_share_counts_nothing() -> None:
    (one,) = found(town({7: range(12), 8: range(2, 5)}))
    assert one.coordination == pytest.approx(float(surprise(12, FAMILY)) - log(2) - MARGIN)


def test_cards_with_one_common_user_are_two_rings() -> None:
    both = found(town({7: range(12), 8: range(11, 23)}))
    assert sorted(c.patients[0] for c in both) == [7, 8]


def hand_to_hand(days_in_common: int, place: int = 1) -> Candidate:
    """A card that eight strangers use on two days each, and on so many of these its holder too, six hours later at a place."""
    view = town({7: range(8)})
    days = 3 * np.arange(days_in_common)
    made = quick_view(
        np.r_[view.claims.patient, np.full(len(days), 7)],
        np.r_[view.claims.facility, np.full(len(days), place)],
        np.r_[view.claims.start, days * DAY + 15 * HOUR],
        card=np.r_[view.claims.card, np.full(len(days), 7)],
    )
    (one,) = found(replace(made, card_holder=view.card_holder))
    return one


@pytest.mark.parametrize("days", [0, 1, 3, 6])
def test_a_card_that_goes_from_hand_to_hand_on_one_day_counts_twice_at_most(days: int) -> None:
    households, price = float(surprise(8, FAMILY)), log(2) + MARGIN
    uses = 16 + 2 + days
    span = 2 * (TOWN - 1) + 100 + 1
    by_days = float(surprise(days, uses * (uses - 1) / 2 / span))
    assert (by_days > households) == (days == 6)
    one = hand_to_hand(days)
    assert one.coordination == one.harm == pytest.approx(households + min(by_days, households) - price)
    assert hand_to_hand(days, place=0).harm == pytest.approx(households - price)
    told = [f for f in one.findings if f.key == "reasons_kinds.shared_cards_hands"]
    assert [(f.side, f.observed, f.nats) for f in told] == ([("harm", days, pytest.approx(by_days))] if days else [])
    for finding in told:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


@pytest.mark.parametrize("households", [2, 3, 4])
def test_a_family_is_no_ring(households: int) -> None:
    assert all(c.harm < 0 for c in found(town({7: range(households)})))


@pytest.mark.parametrize(
    "change",
    [
        {"own": False},  # a number that its holder never uses stands for no card
        {"holders": False},  # nobody knows whose it is
        {"days": 2},  # once or twice
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_nobodys_card_or_hardly_used_is_no_ring(change: dict[str, Any]) -> None:
    assert found(town({7: range(12)}, **change)) == []


def test_more_users_than_acquaintances_use_a_stand_in() -> None:
    assert len(found(town({7: range(STAND_IN)}))) == 1
    assert found(town({7: range(STAND_IN + 1)})) == []


def test_cards_of_one_household_are_its_own() -> None:
    view = town({7: range(12)})
    people = replace(
        view.people,
        household=np.where(np.arange(len(view.people.household)) >= STRANGERS, 7, view.people.household).astype(
            np.int32
        ),
    )
    assert found(replace(view, people=people)) == []


def test_claims_without_cards_or_none_at_all_are_no_ring() -> None:
    assert found(quick_view([0, 1, 2], 0, np.arange(3) * DAY)) == []
    assert found(quick_view([], [], [])) == []
