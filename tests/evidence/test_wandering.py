"""People whose illnesses cannot be theirs at two places, and who have chosen the same two."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import log
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence import wandering
from ringfinder.evidence.doctor_pharmacy import EXPECTS, SCATTER
from ringfinder.evidence.view import DAY, HOUR, Candidate, View
from ringfinder.evidence.visits import claims_of
from ringfinder.words import say

PLACES = 9
A_ROAD = 5  # people who go to one place first and to another one then, for each pair of places
COMMON = 0  # everybody's illness
RING = range(8)
Bad = tuple[int, int, int]  # person, place, an illness (1, 2, ...) that is not his
PRICE = log(PLACES) + 1.0


def world(bad: Sequence[Bad], good: Sequence[tuple[int, int]] = (), days: int = 400, **more: Any) -> View:
    """A town in which 360 people go to two of nine places each, on any road alike; `good`: who else goes where.

    The visits with an illness that is not theirs come on so many days.
    """
    town = [(1000 + i, f, COMMON) for i, road in enumerate([*permutations(range(PLACES), 2)] * A_ROAD) for f in road]
    rows = [*((p, f, d) for p, f, d in bad), *((p, f, COMMON) for p, f in good), *town]
    person, place, illness = np.array(rows).T
    day = np.arange(len(rows))
    day[: len(bad)] %= days
    return quick_view(person, place, day * DAY + 9 * HOUR, diagnosis=illness, **more)


def found(view: View) -> list[Candidate]:
    """What the channel lists. Every illness but the common one is not its holder's."""
    misfit = view.visits.diagnosis != COMMON
    return wandering.search(view, wandering.wanderers(view, misfit), claims_of(view), "lent_cards")


def at(candidates: Sequence[Candidate], place: int) -> Candidate:
    """The candidate whose first place this is."""
    (one,) = [c for c in candidates if c.hubs[0][1] == place]
    return one


def nats(k: float, mu: float) -> float:
    """What `k` where `mu` are expected says, if the places' rates scatter by three tenths of themselves."""
    r = 1 / 0.3**2
    return k * log(k / mu) - (k + r) * log((k + r) / (mu + r))


def both_at(people: Sequence[int], f: int, g: int) -> list[Bad]:
    """Each with one illness at the one place and another one at the other."""
    return [(p, place, 1 + k) for p in people for k, place in enumerate((f, g))]


# the ring goes to all places, so that it takes after the town: an eighth of where anybody goes from place 0 is place 1
ELSEWHERE = [(p, f) for p in RING for f in range(2, PLACES)]


def test_cards_that_wander_to_the_same_two_places_are_found() -> None:
    view = world(both_at(RING, 0, 1), ELSEWHERE)
    candidates = found(view)
    assert SCATTER[0] == 0.3
    # pairs of a person and a place: 80 honest ones a place and eight of the ring's; sixteen of all are of wanderers
    mu = 16 / (PLACES * 88) * 88
    assert mu < EXPECTS  # no place expects enough to show how far their rates scatter
    then = 8 / 8
    score = nats(8, mu) + nats(8, then) - PRICE
    assert score > 8
    assert len(candidates) == 2
    one, other = at(candidates, 0), at(candidates, 1)
    assert one.harm == one.coordination == pytest.approx(score)
    assert other.harm == pytest.approx(score)
    assert (one.kind, one.channel) == ("lent_cards", "lent_cards")
    assert one.patients.tolist() == other.patients.tolist() == list(RING)
    assert one.strength.tolist() == [0.75] * 8  # two days
    assert one.hubs == (("facility", 0, "session_place"), ("facility", 1, "session_place"))
    misfit = view.visits.diagnosis != COMMON
    assert one.claims.tolist() == np.flatnonzero(misfit[view.claims.visit]).tolist()
    assert [f.key for f in one.findings if f.side == "harm"] == ["reasons_kinds.wandering_elsewhere"]
    told = {(f.side, f.observed, round(f.expected, 6)) for f in one.findings}
    assert told == {("for", 8, round(mu, 6)), ("harm", 8, 1.0), ("against", 8, round(mu, 6))}
    assert one.findings[0].values == {
        "people": 8,
        "visits": 16,
        "places": "f000, f001",
        "households": 8,
        "expected": 1.8,
    }
    for finding in one.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


def test_one_household_counts_once_at_the_first_place() -> None:
    home = [0, 0, 1, 1, 2, 2, 3, 3]
    size = int(world([]).visits.patient.max()) + 1
    household = np.r_[home, np.arange(8, size)]
    one = at(found(world(both_at(RING, 0, 1), ELSEWHERE, household=household)), 0)
    mu = 16 / (PLACES * 88) * 88
    assert one.harm == pytest.approx(nats(4, mu) + nats(8, 1.0) - PRICE)
    two_homes = np.r_[[0, 0, 0, 0, 1, 1, 1, 1], np.arange(8, size)]
    assert found(world(both_at(RING, 0, 1), ELSEWHERE, household=two_homes)) == []


def test_who_bears_such_an_illness_there_on_two_days_is_a_member_and_who_does_on_one_is_not() -> None:
    """Neither of them wanders: 20 and 21 are at place 0 only."""
    bad = [*both_at(RING, 0, 1), (20, 0, 3), (20, 0, 4), (20, 0, 4), (21, 0, 3)]
    one = at(found(world(bad, ELSEWHERE)), 0)
    assert one.patients.tolist() == [*RING, 20]
    assert one.strength.tolist() == [0.75] * 8 + [0.875]
    assert len(one.claims) == 19
    assert one.findings[0].observed == 8


@pytest.mark.parametrize(("visits", "member"), [(1, True), (150, False)])
def test_who_is_there_three_times_a_week_bears_it_twice_by_chance(visits: int, member: bool) -> None:
    """As the others of the place do, once in so many visits; the wanderers do at every visit."""
    bad = [*both_at(RING, 0, 1), (20, 0, 3), (20, 0, 4)]
    one = at(found(world(bad, [*ELSEWHERE, *[(20, 0)] * visits])), 0)
    assert one.patients.tolist() == ([*RING, 20] if member else [*RING])


def test_a_careless_house_is_not_found() -> None:
    """It codes badly for sixty people, in two ways, and the next house does not do so for the same ones."""
    careless = [(p, 0, illness) for p in range(60) for illness in (1, 2)]
    assert found(world(careless)) == []
    # two have a wrong register beside: too few to be a circle
    assert found(world([*careless, (0, 5, 1), (1, 6, 2)])) == []


def test_wrong_registers_that_follow_their_holders_to_any_house_are_not_found() -> None:
    """72 people, one for each road: sixteen at each place, where sixteen are expected, and two of these go on to each other place."""
    roads = list(permutations(range(PLACES), 2))
    candidates = found(world([bad for p, road in enumerate(roads) for bad in both_at([p], *road)]))
    assert [c.harm for c in candidates] == [pytest.approx(-PRICE)] * PLACES
    assert [len(c.hubs) for c in candidates] == [1] * PLACES
    # who share no other place beyond chance are not said to
    assert {f.key for c in candidates for f in c.findings if f.side == "harm"} == {"reasons_kinds.wandering_here"}


def test_one_illness_that_follows_its_holder_is_not_found() -> None:
    """The same eight people at the same two places: who has an illness that is seldom at his age has it in the next house as well."""
    one_illness = [(p, f, 1) for p in RING for f in (0, 1)]
    assert found(world(one_illness, ELSEWHERE)) == []
    at_one_place = [(p, 0, illness) for p in RING for illness in (1, 2)]
    assert found(world(at_one_place, ELSEWHERE)) == []
    assert len(found(world([*one_illness, *((p, 1, 2) for p in RING)], ELSEWHERE))) == 2


def test_neighbours_who_go_to_the_same_two_houses_are_not_found() -> None:
    """Three hundred people go to these two houses, since they live there: that eight of wrong registers do so is the custom."""
    there = [(p, f) for p in range(20, 320) for f in (0, 1)]
    candidates = found(world(both_at(RING, 0, 1), [*ELSEWHERE, *there]))
    assert len(candidates) == 2
    assert all(c.harm < 0 for c in candidates)
    # as many at place 0, who go on to any of seven other places
    anywhere = [(p, f) for p in range(20, 320) for f in (0, 2 + p % 7)]
    assert at(found(world(both_at(RING, 0, 1), [*ELSEWHERE, *anywhere])), 0).harm > 8


def test_where_all_wanderers_go_the_ring_goes_as_well() -> None:
    """Whoever has a wrong register has gone to the hospital, place 8, too: half of the others' places are it."""
    spread = [bad for i in range(28) for bad in both_at([100 + i], 1 + i % 7, 8)]
    candidates = found(world([*both_at(RING, 0, 8), *spread], [(p, f) for p in RING for f in range(1, 8)]))
    one = at(candidates, 0)
    # 72 pairs of wanderers among those of the town and of these
    mu = 72 / (PLACES * 80 + 8 * 9 + 56) * 88
    assert one.harm == pytest.approx(nats(8, mu) + nats(8, 4.0) - PRICE)
    assert one.harm < 1
    assert [f.expected for f in one.findings if f.side == "harm"] == pytest.approx([4.0])


def test_a_class_that_came_on_two_days_is_no_circle() -> None:
    assert wandering.OCCASIONS == 3
    assert found(world(both_at(RING, 0, 1), ELSEWHERE, days=4)) == []  # even days at place 0, odd ones at place 1
    assert len(found(world(both_at(RING, 0, 1), ELSEWHERE, days=6))) == 2


def test_nobody_wanders_where_all_illnesses_fit() -> None:
    assert found(world([])) == []
    assert found(quick_view([0] * 0, [0] * 0, [0] * 0)) == []
