"""People whose cards are at two places at once on many days, and who gather at one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence import two_places
from ringfinder.evidence.two_places import ALONE, DAYS, HERE, search
from ringfinder.evidence.view import DAY, HOUR, MINUTE, OUTPATIENT, PHARMACY, Candidate, View
from ringfinder.evidence.visits import claims_of
from ringfinder.words import say

PLACES, CLINICS = 12, 10  # the last two are shops
TOWN = 400
RING = range(8)
Visit = tuple[int, int, int, int]  # person, place, day, minute


def world(rows: Sequence[Visit], places: int = PLACES) -> View:
    """Everybody of the town goes to three places, some days apart; places are 20 km from each other."""
    rng = np.random.default_rng(5)
    town = [
        (1000 + i, int(f), 7 * i % 300 + 20 * n, 600)
        for i in range(TOWN)
        for n, f in enumerate(rng.choice(CLINICS, 3, replace=False))
    ]
    person, place, day, minute = np.array([*rows, *town]).T
    service = np.where(place >= CLINICS, PHARMACY, OUTPATIENT)
    view = quick_view(person, place, day * DAY + 8 * HOUR + minute * MINUTE, service=service)
    km = 20.0 * np.arange(len(view.places.latitude))
    return replace(view, places=replace(view.places, latitude=0 * km, longitude=km / 111.32))


def at_once(person: int, f: int, elsewhere: Sequence[int], first: int = 0) -> list[Visit]:
    """At `f` and, six minutes later, at each of the other places, a day apart."""
    return [
        visit
        for n, g in enumerate(elsewhere)
        for visit in ((person, f, 11 * person + first + 2 * n, 60), (person, g, 11 * person + first + 2 * n, 66))
    ]


def found(rows: Sequence[Visit]) -> list[Candidate]:
    view = world(rows)
    return search(view, claims_of(view), "lent_cards")


def alerting(rows: Sequence[Visit]) -> list[Candidate]:
    return [one for one in found(rows) if min(one.coordination, one.harm) > 8.0]


def lent(days: int = 4, place: int = 0, people: Sequence[int] = RING) -> list[Visit]:
    """Borrowers take the cards to one place while their holders are here and there."""
    return [visit for p in people for visit in at_once(p, place, [1 + (p + n) % 9 for n in range(days)])]


def test_cards_that_are_at_one_place_and_elsewhere_on_many_days_are_told_with_it() -> None:
    (ring,) = alerting(lent())
    assert ring.patients.tolist() == list(RING)
    assert ring.hubs[0] == ("facility", 0, "session_place")
    assert ring.kind == "lent_cards"
    told = {f.key: f for f in ring.findings}
    assert told["reasons_kinds.two_places"].values["households"] == len(RING)
    assert float(told["reasons_kinds.two_places"].expected) < 1.0
    for finding in ring.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


@pytest.mark.parametrize(("days", "enough"), [(DAYS, True), (DAYS - 1, False)])
def test_twice_may_be_a_clock_or_a_slip(days: int, enough: bool) -> None:
    assert bool(alerting(lent(days))) == enough


def test_who_is_at_two_places_once_here_and_once_there_gathers_nowhere() -> None:
    assert HERE == 2
    rows = [v for p in RING for n in range(4) for v in at_once(p, (p + n) % 5, [5 + (p + n) % 5], 10 * n)]
    assert alerting(rows) == []


def test_relatives_fetch_medicine_meanwhile() -> None:
    shops = [visit for p in RING for visit in at_once(p, 0, [10, 11, 10, 11])]
    assert found(shops) == []


def test_a_place_whose_clock_is_wrong_does_so_to_all_its_patients() -> None:
    """Twenty more are at two places once or twice: going by these, eight who come often are so on four days."""
    often = [(p, 0, 200 + n, 0) for p in RING for n in range(30)]
    others = [v for p in range(100, 180) for v in at_once(p, 0, [1 + p % 9] * 2)]
    assert alerting([*lent(), *often]) != []
    assert alerting([*lent(), *often, *others]) == []


def test_two_places_may_only_stand_wrongly_on_the_map() -> None:
    """All of it lies between the same two: told, and not enough by itself."""
    rows = [visit for p in RING for visit in at_once(p, 0, [3, 3, 3, 3])]
    one = max(found(rows), key=lambda c: c.coordination)
    assert one.coordination > 8.0
    assert one.harm == ALONE
    mixed = [visit for p in RING for visit in at_once(p, 0, [3, 3, 3, 4 + p % 5])]
    assert max(c.harm for c in found(mixed)) > ALONE


def test_bearers_at_a_place_do_not_explain_each_other() -> None:
    """Two rings, each at its own place, are told apart: what one does elsewhere is less than a tenth of the other's town."""
    rows = [*lent(), *lent(place=9, people=range(20, 28))]
    told = [c for c in found(rows) if c.coordination > 3.0]
    assert [c.patients.tolist() for c in told] == [list(RING), list(range(20, 28))]
    assert all(c.findings[0].expected < len(RING) / 4 for c in told)


def test_nothing_is_told_where_nobody_is_at_two_places() -> None:
    assert found([]) == []


def test_the_order_of_people_does_not_matter() -> None:
    turned = [(RING[-1] - p if p in RING else p, f, day, minute) for p, f, day, minute in lent()]
    one, other = (max(found(rows), key=lambda c: c.coordination) for rows in (lent(), turned))
    assert one.coordination == pytest.approx(other.coordination)


def test_places_next_door_are_those_most_of_whose_travel_is_between_them() -> None:
    ends = np.array([[0, 0, 0, 0, 1, 2], [1, 1, 1, 1, 2, 3]], np.int64)
    assert two_places.next_door(ends, 4).tolist() == [True, True, False, True]
