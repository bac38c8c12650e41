"""A pathway of care is no rotation: who is passed on and on does not come back, and his company tells nothing."""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.view import DAY, INPATIENT, Candidate, Finding, View
from ringfinder.rings.company import A_DOCTOR, LOOKED, Company, company
from ringfinder.rings.harm import ALONE
from ringfinder.rings.transfers import comes_back, in_company, moves, search
from ringfinder.words import say

from .planted import with_codes

Stay = tuple[int, int, int]  # patient, facility, first day

A, B, C, D = range(4)
STAY, GAP = 10, 3
LEG = STAY + GAP  # days from one admission to the next
OTHERS = 60  # people who move once
NONE = np.zeros(0, np.int64)


def world(stays: list[Stay], doctor: Any = -1) -> View:
    """Stays of ten days, each at its own price; people's illnesses differ."""
    patient, facility, day = np.array(stays).T
    cents = 100_000 + np.arange(len(stays)) ** 2
    start = day * DAY
    more = {"doctor": doctor, "diagnosis": patient % 3}
    view = quick_view(patient, facility, start, end=start + STAY * DAY, service=INPATIENT, cents=cents, **more)
    return with_codes(view, ["J20", "M54", "R42"])


def journey(patient: int, day: int, *places: int) -> list[Stay]:
    """Stays in turn at these places, three days apart."""
    return [(patient, place, day + i * LEG) for i, place in enumerate(places)]


# Who comes back


def back(*stays: Stay, rows: list[int] | None = None) -> list[bool]:
    """By move, or by these moves: whether its person comes back."""
    view = world(list(stays))
    went = moves(view)
    return comes_back(view, went, np.arange(len(went.patient)) if rows is None else np.array(rows, np.int64)).tolist()


def test_who_is_passed_on_and_on_does_not_come_back() -> None:
    assert back(*journey(0, 0, A, B)) == [False]
    assert back(*journey(0, 0, A, B, C)) == [False] * 2
    assert back(*journey(0, 0, A, B, C, D)) == [False] * 3


def test_who_is_at_a_hospital_twice_comes_back() -> None:
    assert back(*journey(0, 0, A, B, A)) == [True] * 2
    assert back(*journey(0, 0, A, B, A, B)) == [True] * 3
    assert back(*journey(0, 0, A, B, C, A)) == [True] * 3


def test_all_moves_are_of_who_comes_back_to_one_of_the_hospitals() -> None:
    """On to C and D after A, B and A; or through C first, and only then to B and back."""
    assert back(*journey(0, 0, A, B, A, C, D)) == [True] * 4
    assert back(*journey(0, 0, D, C, B, A, B)) == [True] * 4


def test_who_makes_the_same_way_months_later_comes_back() -> None:
    assert back(*journey(0, 0, A, B), *journey(0, 200, A, B)) == [True] * 2
    assert back(*journey(0, 0, A, B), *journey(0, 200, B, C)) == [True] * 2
    assert back(*journey(0, 0, A, B), *journey(0, 200, C, D)) == [False] * 2


def test_each_comes_back_for_himself() -> None:
    """Two who go from A to B are at these twice together, and neither comes back."""
    assert back(*journey(0, 0, A, B), *journey(1, 5, A, B), *journey(2, 9, A, B, A)) == [False, False, True, True]


def test_a_stay_without_a_move_is_no_coming_back() -> None:
    """In bed at A in spring, and from A to B in autumn."""
    assert back((0, A, 0), *journey(0, 200, A, B)) == [False]


def test_only_the_moves_asked_for_count() -> None:
    """From A by B and C to A again: without the last move nobody is back."""
    stays = (*journey(0, 0, A, B, C, A), *journey(1, 0, A, B, A))
    assert back(*stays, rows=[0, 1]) == [False] * 2
    assert back(*stays, rows=[0, 2]) == [True] * 2
    assert back(*stays, rows=[1, 4, 0, 3]) == [False, True, False, True]
    assert back(*stays, rows=[3]) == [False]
    assert back(*stays, rows=[]) == []


some_stays = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 20).map(lambda n: n * LEG)),
    min_size=1,
    max_size=24,
    unique_by=lambda one: (one[0], one[2]),
)


@settings(max_examples=120, deadline=None)
@given(some_stays, st.data())
def test_coming_back_is_what_a_plain_count_says(stays: list[Stay], data: st.DataObject) -> None:
    view = world(stays)
    went = moves(view)
    rows = [i for i in range(len(went.patient)) if data.draw(st.booleans())]
    wanted = []
    for row in rows:
        mine = [i for i in rows if went.patient[i] == went.patient[row]]
        been = {int(visit) for i in mine for visit in (went.leaving[i], went.arriving[i])}
        wanted.append(len({int(view.visits.facility[visit]) for visit in been}) < len(been))
    assert comes_back(view, went, np.array(rows, np.int64)).tolist() == wanted


# Company without moves


def test_where_nobody_moves_nobody_has_company() -> None:
    view = world(journey(0, 0, A, B, C))
    assert company(view, NONE, NONE, differ=True) == Company(0, 0, 0.0, 0.0)
    one = in_company(company(view, NONE, NONE, differ=True), np.arange(3, dtype=np.int32))
    assert (one.side, one.key, one.observed, one.expected, one.nats) == ("against", "reasons.moved_apart", 0, 0.0, 0.0)
    assert one.values == {"moved": 0, "moves": 0, "expected": 0.0}
    assert say(one.key, "en", **one.values) != say(one.key, "zh", **one.values)


# Rotations and pathways


def lucky(others: int, days: int) -> float:
    """Chance that one of so many others comes within two days, where the group's moves lie within so many days and four more."""
    return 1.0 - exp(-others * 5 / (days + 4))


def surprise(k: float, mu: float) -> float:
    return k * log(k / mu) - (k - mu)


def found(stays: list[Stay], people: int, doctors: dict[int, int] | None = None) -> Candidate:
    """The rotation of all these people, each stay at a doctor of its own but where a house's doctor is given.

    Beside them sixty people who move once, and six hundred who do not, each between houses of their own.
    """
    rows = [(p, f, day, (doctors or {}).get(f, 1_000 + i)) for i, (p, f, day) in enumerate(stays)]
    for i in range(OTHERS):
        rows += [(50 + i, 10 + 2 * i, 7 * i, 0), (50 + i, 11 + 2 * i, 7 * i + LEG, 0)]
    rows += [(200 + i, 10 + i % 120, i, 0) for i in range(600)]
    view = world([row[:3] for row in rows], np.array([row[3] for row in rows]))
    (ring,) = search(view)
    assert ring.patients.tolist() == list(range(people))
    return ring


def split(moved: int, stays: int) -> float:
    """Nats of so many moves among so many stays, beside the others' 60 moves among 720; 40 at most."""
    rate = (moved + OTHERS) / (stays + 720)
    return min(40.0, surprise(moved, rate * stays))


def told(ring: Candidate) -> Finding:
    (one,) = [f for f in ring.findings if f.key in ("reasons.moved_together", "reasons.moved_apart")]
    return one


def three_by_three(*places: int, people: int = 12, first: int = 0) -> list[Stay]:
    """So many people of whom every three set out on one day, two months after the three before."""
    return [stay for i in range(people) for stay in journey(first + i, 60 * (i // 3), *places)]


def one_by_one(*places: int, people: int = 12, first: int = 0) -> list[Stay]:
    """So many people of whom everybody sets out twenty days after the one before."""
    return [stay for i in range(people) for stay in journey(first + i, 20 * i, *places)]


def test_who_goes_a_pathway_of_care_together_has_no_harm_to_alert() -> None:
    """From A by B to C: each three together all the time, and nobody comes back."""
    ring = found(three_by_three(A, B, C), 12)
    assert ring.coordination > 8
    assert split(24, 36) > ALONE == 6.0
    assert ring.harm == ALONE
    one = told(ring)
    assert (one.side, one.key, one.nats) == ("against", "reasons.moved_apart", 0.0)
    assert one.values == {"moved": 0, "moves": 0, "expected": 0.0}


def test_a_pathway_to_one_doctor_in_each_house_has_no_harm_to_alert() -> None:
    ring = found(three_by_three(A, B, C), 12, doctors={A: 1, B: 2, C: 3})
    assert ring.harm == ALONE
    assert told(ring).nats == 0.0


def test_who_comes_back_together_has_more_harm() -> None:
    """From A to B and again to B, each three together; the moves lie from day 13 to day 180 + 39.

    On the way from A to B each has 22 moves of eleven others, on the way back eleven.
    """
    ring = found(three_by_three(A, B, A, B), 12)
    expected = 24 * lucky(22, 206) + 12 * lucky(11, 206)
    gain = surprise(36, expected) - LOOKED
    assert gain > 0
    assert ALONE + gain < split(36, 48)
    assert ring.harm == pytest.approx(ALONE + gain)
    one = told(ring)
    assert (one.side, one.key, one.nats) == ("for", "reasons.moved_together", pytest.approx(gain))
    assert one.values == {"moved": 36, "moves": 36, "expected": round(expected, 1)}


def test_a_round_that_ends_where_it_began_is_no_pathway() -> None:
    """From A by B to C, and to A again: on each way eleven others, from day 13 to day 180 + 39."""
    ring = found(three_by_three(A, B, C, A), 12)
    expected = 36 * lucky(11, 206)
    gain = min(split(36, 48) - ALONE, surprise(36, expected) - LOOKED)
    assert ring.harm == pytest.approx(ALONE + gain)
    assert told(ring).nats == pytest.approx(surprise(36, expected) - LOOKED)


def test_who_comes_back_at_his_own_time_is_not_in_company_of_a_pathway() -> None:
    """Six who return one by one, and six who go on to C together: only the twelve moves of the six count, none in company."""
    returning = one_by_one(A, B, A, people=6)
    ring = found(returning + three_by_three(A, B, C, people=6, first=6), 12)
    assert ring.harm == ALONE
    one = told(ring)
    # from day 13 to day 100 + 26 it is a season
    assert one.values == {"moved": 0, "moves": 12, "expected": round(12 * lucky(5, 113), 1)}


def test_a_pathway_beside_takes_nothing_from_who_comes_back_together() -> None:
    """Six who return three by three, and six who go on to C one by one."""
    returning = three_by_three(A, B, A, B, people=6)
    pathway = one_by_one(A, B, C, people=6, first=6)
    ring = found(returning + pathway, 12)
    # from day 13 to day 60 + 39 is less than a season; on the way from A to B ten moves of others, on the way back five
    expected = 12 * lucky(10, 90) + 6 * lucky(5, 90)
    gain = surprise(18, expected) - LOOKED
    assert told(ring).values == {"moved": 18, "moves": 18, "expected": round(expected, 1)}
    assert told(ring).nats == pytest.approx(gain)
    assert gain > 0
    assert ring.harm == pytest.approx(min(split(30, 42), ALONE + gain))


def test_arrivals_of_a_pathway_are_not_taken_for_the_rings() -> None:
    """Six return one by one, at B to doctor 2, and six others go on by B, where he treats them too, to doctor 3 at C.

    Alone the six have 6 ln 4 - 2 at B, and nobody else's stays tell that he treats everybody; the six others' do.
    """
    returning = one_by_one(A, B, A, people=6)
    pathway = [(6 + p, f, 400 + day) for p, f, day in one_by_one(A, B, C, people=6)]
    gain = 6 * log(4) - A_DOCTOR
    alone = found(returning, 6, doctors={B: 2})
    assert told(alone).nats == pytest.approx(gain)
    assert alone.harm == pytest.approx(min(split(12, 18), ALONE + gain))
    both = found(returning + pathway, 12, doctors={B: 2, C: 3})
    assert (told(both).nats, both.harm) == (0.0, ALONE)
