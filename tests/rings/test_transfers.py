from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.marks import SPLIT_STAY
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, Candidate, View
from ringfinder.rings.transfers import LEAST_DAYS, LEAST_HOUSEHOLDS, moves, off, search, shuffled

Stay = tuple[int, int, int, int, int]  # patient, facility, doctor, first day, days

STAY = 10


def world(stays: list[Stay], **more: Any) -> View:
    """Stays, each at its own price."""
    patient, facility, doctor, day, days = np.array(stays).T
    start = day * DAY
    cents = 100_000 + np.arange(len(stays)) ** 2
    return quick_view(
        patient, facility, start, end=start + days * DAY, doctor=doctor, service=INPATIENT, cents=cents, **more
    )


def journey(patient: int, day: int, *desks: tuple[int, int], gap: int = 3) -> list[Stay]:
    """Stays of ten days in turn at (facility, doctor), some days apart."""
    return [(patient, f, d, day + i * (STAY + gap), STAY) for i, (f, d) in enumerate(desks)]


def others(n: int, first_patient: int = 50) -> list[Stay]:
    """So many honest moves, each between doctors of its own at places of its own; and as many single stays."""
    out = []
    for i in range(n):
        out += journey(first_patient + i, 7 * i, (10 + 2 * i, 10 + 2 * i), (11 + 2 * i, 11 + 2 * i))
        out += [(first_patient + n + i, 10 + 2 * i, 10 + 2 * i, 9 * i, STAY)]
    return out


A, B, C = (0, 0), (1, 1), (2, 2)


def rotation(people: int, desks: tuple[tuple[int, int], ...] = (A, B, C)) -> list[Stay]:
    return [stay for p in range(people) for stay in journey(p, 20 * p, *desks)]


def only(candidates: list[Candidate]) -> Candidate:
    assert len(candidates) == 1
    return candidates[0]


def test_a_move_is_from_discharge_to_admission_elsewhere_within_the_limit() -> None:
    limit = SPLIT_STAY // DAY
    view = world(
        [
            *journey(0, 0, A, B, gap=limit),
            *journey(1, 0, A, B, gap=limit + 1),
            *journey(2, 0, A, (0, 5), gap=3),  # another doctor of the same house
            *journey(3, 0, A, B, gap=0),
            *journey(6, 0, A, B, gap=-1),  # in two beds at once
            (4, 0, 0, 0, STAY),
            (5, 1, 1, STAY, STAY),  # somebody else
        ]
    )
    went = moves(view)
    assert went.patient.tolist() == [0, 3]
    assert view.visits.facility[went.leaving].tolist() == [0, 0]
    assert view.visits.facility[went.arriving].tolist() == [1, 1]
    assert went.origin.tolist() == [0, 0]
    assert went.target.tolist() == [1, 1]


def test_where_no_doctor_is_known_the_house_is_the_desk() -> None:
    view = world([*journey(0, 0, (0, 0), (1, BLANK)), *journey(1, 0, (1, BLANK), (0, 0))])
    went = moves(view)
    doctors = len(view.codes.doctor)
    assert went.origin.tolist() == [0, doctors + 1]
    assert went.target.tolist() == [doctors + 1, 0]


def test_a_rotation_is_found_with_its_people_doctors_and_houses() -> None:
    view = world(rotation(5) + others(30))
    ring = only(search(view))
    assert ring.kind == "rotation"
    assert ring.patients.tolist() == [0, 1, 2, 3, 4]
    assert [h for h in ring.hubs if h[0] == "doctor"] == [("doctor", d, "attending") for d in (0, 1, 2)]
    assert [h for h in ring.hubs if h[0] == "facility"] == [("facility", f, "hospital") for f in (0, 1, 2)]
    assert sorted(view.claims.row[ring.claims].tolist()) == list(range(15))


def test_flows_are_weighed_against_the_desks_traffic() -> None:
    """40 moves: five from A to B and five from B to C, all by the same five; thirty of one person each."""
    ring = only(search(world(rotation(5) + others(30))))
    mu = 5 * 5 / 40
    gain = 5 * log(5 / mu) - (5 - mu)
    flows = 32  # to name one of them takes ln 32
    assert ring.coordination == pytest.approx(2 * gain - 2 * log(flows))
    # harm: ten moves among 15 stays, where 40 moves in 105 stays let expect 15 * 40 / 105
    expected = 15 * 40 / 105
    split = 10 * log(10 / expected) - (10 - expected)
    assert ring.harm == pytest.approx(split)
    told, harm = ring.findings
    assert (told.side, told.observed, told.expected) == ("for", 10.0, pytest.approx(2 * mu))
    assert told.values | {"places": ""} == {
        "people": 5, "moves": 10, "flows": 2, "days": 10, "places": "", "expected": 1.2
    }  # fmt: skip
    assert (harm.side, harm.observed) == ("harm", 10)
    assert harm.nats == pytest.approx(split)


def test_too_few_households_are_no_flow() -> None:
    assert LEAST_HOUSEHOLDS == 3
    assert len(search(world(rotation(3) + others(60)))) == 1
    assert search(world(rotation(2) + others(60))) == []
    family = np.r_[0, 0, 0, np.arange(3, 200)]
    assert search(world(rotation(3) + others(60), household=family)) == []


def test_a_ward_moved_in_one_day_is_one_decision() -> None:
    assert LEAST_DAYS == 2
    ward = [stay for p in range(8) for stay in journey(p, 100, A, B)]
    assert search(world(ward + others(30))) == []


def test_two_hospitals_with_an_agreement_are_no_rotation() -> None:
    """Many doctors of one house send to many of the other: what five take from one is everybody's road."""
    agreement = []
    for i in range(60):
        agreement += journey(100 + i, 11 * i, (0, i % 6), (1, 6 + (i // 6) % 6))
    assert search(world(agreement)) == []


def test_flows_without_common_travellers_are_two_rings() -> None:
    d, e = (3, 3), (4, 4)
    two = rotation(5, (A, B)) + [s for p in range(5, 10) for s in journey(p, 20 * p, d, e)]
    rings = search(world(two + others(40)))
    assert sorted(ring.patients.tolist() for ring in rings) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_two_common_travellers_join_flows() -> None:
    first = [s for p in range(5) for s in journey(p, 20 * p, A, B)]
    second = [s for p in range(3, 8) for s in journey(p, 20 * p + 400, C, (3, 3))]
    ring = only(search(world(first + second + others(40))))
    assert ring.patients.tolist() == list(range(8))
    first[3 * 2 : 4 * 2] = journey(20, 60, A, B)  # now only the fifth person travels both
    assert len(search(world(first + second + others(40)))) == 2


def test_cycles_of_one_course_are_no_moves() -> None:
    view = world([(0, 0, 0, 21 * i, 2) for i in range(6)] + [(0, 1, 1, 5 * 21 + 5, 2)])
    # the second to sixth cycle are the first one's decision: what follows them follows none of them
    assert moves(view).patient.tolist() == []


def test_the_channel_is_off_where_nobody_was_in_bed() -> None:
    assert off(quick_view([0], [0], [0])) == "channels.no_stays"
    assert off(world(journey(0, 0, A))) is None
    assert search(quick_view([0], [0], [0])) == []


def test_a_rotation_vanishes_in_its_null_world() -> None:
    # every house has other people in the same weeks
    inmates = [(200 + i, i % 3, i % 3, (i * 7) % 150, STAY) for i in range(150)]
    view = world(rotation(6) + inmates + others(30))
    ring = only(search(view))
    assert ring.patients.tolist() == list(range(6))
    assert ring.coordination > 0
    for seed in range(3):
        assert all(chance.coordination < 0 for chance in search(shuffled(view, seed)))


stays = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 3), st.integers(0, 80), st.integers(1, 20)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(stays, st.integers(0, 3))
def test_a_null_world_changes_only_who_lay_there(given_stays: list[Stay], seed: int) -> None:
    view = world(given_stays)
    null = shuffled(view, seed)
    before, after = view.visits, null.visits

    def beds(v: Any, *more: str) -> list[tuple[int, ...]]:
        names = ("facility", "start", "end", "amount", "doctor", *more)
        return sorted(zip(*(getattr(v, n).tolist() for n in names), strict=True))

    assert beds(before) == beds(after)

    def lists(v: Any) -> list[tuple[int, int, int]]:
        month = (v.start // (30 * DAY)).tolist()
        return sorted(zip(v.facility.tolist(), month, v.patient.tolist(), strict=True))

    assert lists(before) == lists(after)
    assert after.patient.tolist() == sorted(after.patient.tolist())
    claims = null.claims
    np.testing.assert_array_equal(after.patient[claims.visit], claims.patient)
    np.testing.assert_array_equal(after.facility[claims.visit], claims.facility)
    assert (after.start[claims.visit] <= claims.start).all()
    again = shuffled(view, seed)
    np.testing.assert_array_equal(after.patient, again.visits.patient)
