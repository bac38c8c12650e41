from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.hubs import WIDTH
from ringfinder.evidence.likelihood import FEWEST_HOUSEHOLDS
from ringfinder.evidence.view import DAY, INPATIENT, Candidate, View
from ringfinder.evidence.visits import SPLIT_STAY
from ringfinder.rings.transfers import (
    AROUND,
    LEAST_DAYS,
    LEAST_NATS,
    MOST_TURN,
    OTHERS_TURN,
    ROUND,
    SHARED_PART,
    SHARED_TRAVELLERS,
    TURNS,
    Moves,
    joined,
    judge,
    moves,
    naming,
    off,
    search,
    shuffled,
)

Stay = tuple[int, int, int, int]  # patient, facility, first day, days

STAY = 10
A, B, C, D, E, F = range(6)


def world(stays: list[Stay], **more: Any) -> View:
    """Stays, each at its own price; every house has one doctor."""
    patient, facility, day, days = np.array(stays).T
    start = day * DAY
    cents = 100_000 + np.arange(len(stays)) ** 2
    return quick_view(
        patient, facility, start, end=start + days * DAY, doctor=facility, service=INPATIENT, cents=cents, **more
    )


def journey(patient: int, day: int, *places: int, gap: int = 3) -> list[Stay]:
    """Stays of ten days in turn at these places, some days apart."""
    return [(patient, f, day + i * (STAY + gap), STAY) for i, f in enumerate(places)]


def others(n: int, first_patient: int = 50) -> list[Stay]:
    """So many honest moves, each between two places of its own; and as many single stays."""
    out = []
    for i in range(n):
        out += journey(first_patient + i, 7 * i, 10 + 2 * i, 11 + 2 * i)
        out += [(first_patient + n + i, 10 + 2 * i, 9 * i, STAY)]
    return out


def rotation(people: int, *places: int, first: int = 0) -> list[Stay]:
    """So many people who go from A to B and back, or through these places, each in weeks of his own."""
    return [stay for p in range(first, first + people) for stay in journey(p, 20 * p, *(places or (A, B, A)))]


def once(people: int, first: int, *places: int) -> list[Stay]:
    """So many people who went from A to B, or between these places, and did not come back."""
    return [stay for p in range(first, first + people) for stay in journey(p, 11 * p, *(places or (A, B)))]


def nats(k: float, mu: float) -> float:
    return k * log(k / mu) - (k - mu)


def only(candidates: list[Candidate]) -> Candidate:
    assert len(candidates) == 1
    return candidates[0]


def test_a_move_is_from_discharge_to_admission_elsewhere_within_the_limit() -> None:
    limit = SPLIT_STAY // DAY
    view = world(
        [
            *journey(0, 0, A, B, gap=limit),
            *journey(1, 0, A, B, gap=limit + 1),
            *journey(2, 0, A, A, gap=3),  # the same house again
            *journey(3, 0, B, A, gap=0),
            *journey(6, 0, A, B, gap=-1),  # in two beds at once
            (4, 0, 0, STAY),
            (5, 1, STAY, STAY),  # somebody else
        ]
    )
    went = moves(view)
    assert went.patient.tolist() == [0, 3]
    assert view.visits.facility[went.leaving].tolist() == [A, B]
    assert view.visits.facility[went.arriving].tolist() == [B, A]


def test_a_road_is_a_pair_of_places_in_either_direction() -> None:
    went = moves(world([*journey(0, 0, A, B, A), *journey(1, 5, C, B), *journey(2, 9, B, A)]))
    assert went.road.tolist() == [0, 0, 1, 0]
    assert went.ends.tolist() == [A * WIDTH + B, B * WIDTH + C]


def test_a_road_on_which_three_households_go_back_and_forth_is_found() -> None:
    view = world(rotation(3) + others(60))
    ring = only(search(view))
    assert ring.kind == "rotation"
    assert ring.patients.tolist() == [0, 1, 2]
    assert ring.hubs == (("facility", A, "hospital"), ("facility", B, "hospital"))
    assert sorted(view.claims.row[ring.claims].tolist()) == list(range(9))
    assert ring.coordination > 0


def test_a_road_that_everybody_travels_once_is_not_found() -> None:
    assert search(world(once(40, 0) + others(60))) == []


def test_who_goes_back_and_forth_is_weighed_against_the_other_roads() -> None:
    """Three of three turn between A and B, two of five between C and D, two of two between E and F, none of the sixty others."""
    assert (TURNS, MOST_TURN) == ((2, 3, 4), 0.5)
    there_and_back = rotation(3) + rotation(2, C, D, C, first=3) + rotation(2, E, F, E, first=5)
    view = world(there_and_back + once(3, 20, C, D) + others(60))
    roads = judge(view, moves(view))
    assert roads.turn.tolist() == [3, 2, 2] + [0] * 60
    # the roads on which most turn tell nothing of the others: 2 of 65 movers turn on the rest
    at_ab, at_others = (2 + 1) / (65 + 2), (2 + 1) / (64 + 2)
    np.testing.assert_allclose(roads.expected[:3], [3 * at_ab, 5 * OTHERS_TURN, 2 * at_ab])
    np.testing.assert_allclose(roads.expected[3:], at_others)
    gain = nats(3, 3 * at_ab) - log(3)  # for having counted those who moved three and four times as well
    np.testing.assert_allclose(roads.gain, [gain] + [0.0] * 62)  # two households are no road
    np.testing.assert_allclose(roads.turned, [nats(3, 3 * at_ab)] + [0.0] * 62)
    ring = only(search(view))
    assert ring.patients.tolist() == [0, 1, 2]
    assert ring.coordination == pytest.approx(gain - log(63))  # to name one of the roads takes ln 63
    # harm: six moves among nine stays, where 77 moves in 9 + 12 + 6 + 180 stays let expect 9 * 77 / 207
    expected = 9 * 77 / 207
    assert ring.harm == pytest.approx(nats(6, expected))
    told, harm, apart = ring.findings
    assert (told.side, told.observed, told.expected) == ("for", 3.0, pytest.approx(3 * at_ab))
    assert told.nats == pytest.approx(gain)
    assert told.values == {
        "people": 3, "moves": 6, "turning": 3, "roads": 1, "days": 6, "places": "f000、f001", "expected": 0.1
    }  # fmt: skip
    assert (harm.side, harm.observed, harm.expected) == ("harm", 6, 3.35)
    assert harm.nats == pytest.approx(nats(6, expected))
    # every house has one doctor, who has all the stays there: nobody was chosen, and few moved in company
    assert (apart.side, apart.key) == ("against", "reasons.moved_apart")


def test_where_nobody_else_turns_some_are_expected_to_all_the_same() -> None:
    """Of so many others none turns: a share of 1 in 202 would be too little, hospital and back is honest now and then."""
    assert OTHERS_TURN == 0.02
    view = world(rotation(4) + others(200))
    roads = judge(view, moves(view))
    assert roads.expected[0] == pytest.approx(4 * OTHERS_TURN)


def test_where_everybody_goes_back_and_forth_nobody_is_found() -> None:
    """No road is left to compare with: half of the movers are expected to turn."""
    view = world(rotation(5) + rotation(5, C, D, C, first=5))
    roads = judge(view, moves(view))
    np.testing.assert_allclose(roads.expected, [5 / 2] * 2)
    assert search(view) == []


def test_who_moved_once_belongs_only_where_most_of_the_movers_turn() -> None:
    assert MOST_TURN == 0.5
    most = world(rotation(4) + once(3, 20) + others(60))
    half = world(rotation(4) + once(4, 20) + others(60))
    assert judge(most, moves(most)).crowded.tolist() == [True] + [False] * 60
    assert judge(half, moves(half)).crowded.tolist() == [False] * 61
    assert only(search(most)).patients.tolist() == [0, 1, 2, 3, 20, 21, 22]
    assert only(search(half)).patients.tolist() == [0, 1, 2, 3]


def test_whoever_moved_once_is_paid_for() -> None:
    """Half of one nat and the choice of seven among all 187 people, three times over."""
    ring = only(search(world(rotation(4) + once(3, 20) + others(90))))
    mu = 7 * OTHERS_TURN
    price = log(91) + 3 * (1 + log((7 + 180) / 7)) / 2
    assert ring.coordination == pytest.approx(nats(4, mu) - log(3) - price)
    np.testing.assert_allclose(ring.strength, [0.8] * 4 + [0.65] * 3)


def test_who_moves_four_times_tells_more_where_many_go_back_and_forth_once() -> None:
    """Twelve of thirty come back on another road, which is usual there; four people move four times on theirs, and nobody else does."""
    usual = rotation(12, C, D, C, first=10) + once(18, 30, C, D)
    ring = [stay for p in range(4) for stay in journey(p, 11 * p, A, B, A, B, A)]
    view = world(ring + usual + others(60))
    roads = judge(view, moves(view))
    share = (0 + 1) / (90 + 2)  # of the movers on the other roads move four times
    assert roads.turn[0] == 4
    assert roads.expected[0] == pytest.approx(4 * max(share, OTHERS_TURN))
    assert roads.gain[0] == pytest.approx(nats(4, 4 * max(share, OTHERS_TURN)) - log(3))
    assert roads.turned[0] == pytest.approx(nats(4, 4 * (12 + 1) / (90 + 2)))
    (found,) = [c for c in search(view) if 0 in c.patients]
    assert found.patients.tolist() == [0, 1, 2, 3]


def test_honest_patients_who_come_back_once_are_not_those_who_never_stop() -> None:
    """Eight move four times between A and B, nine others go there and back, as half of the people do between C and D."""
    ring = [stay for p in range(8) for stay in journey(p, 11 * p, A, B, A, B, A)]
    usual = rotation(24, C, D, C, first=100) + once(26, 130, C, D)
    view = world(ring + rotation(9, A, B, A, first=10) + usual + others(60, 200))
    (found,) = [c for c in search(view) if 0 in c.patients]
    assert found.patients.tolist() == list(range(8))


def test_too_few_households_are_no_rotation() -> None:
    assert FEWEST_HOUSEHOLDS == 3
    assert len(search(world(rotation(3) + others(60)))) == 1
    assert search(world(rotation(2) + others(60))) == []
    family = np.r_[0, 0, 0, np.arange(3, 200)]
    assert search(world(rotation(3) + others(60), household=family)) == []


def test_a_ward_moved_out_and_back_is_two_decisions() -> None:
    assert LEAST_DAYS == 3
    ward = [stay for p in range(8) for stay in journey(p, 100, A, B, A)]
    assert search(world(ward + others(60))) == []
    ward[:3] = journey(0, 101, A, B, A)
    assert only(search(world(ward + others(60)))).patients.tolist() == list(range(8))


def test_roads_without_common_travellers_are_two_rings() -> None:
    rings = search(world(rotation(5) + rotation(5, C, D, C, first=5) + others(60)))
    assert sorted(ring.patients.tolist() for ring in rings) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def overlapping(people: int, common: int) -> View:
    """So many people between A and B, as many between C and D, of whom so many on both roads."""
    second = range(people - common, 2 * people - common)
    return world(rotation(people) + [s for p in second for s in journey(p, 20 * p + 400, C, D, C)] + others(100))


def roads_joined(view: View) -> list[list[int]]:
    went = moves(view)
    roads = judge(view, went)
    return [part.tolist() for part in joined(went, roads, roads.gain > LEAST_NATS)]


def test_two_who_turn_on_both_join_two_roads() -> None:
    assert SHARED_TRAVELLERS == 2
    assert roads_joined(overlapping(5, 2)) == [[0, 1]]
    assert roads_joined(overlapping(5, 1)) == [[0], [1]]


def test_a_few_common_travellers_of_two_large_roads_do_not_join_them() -> None:
    """Two of eight are a quarter, two of nine are not."""
    assert SHARED_PART == 0.25
    assert roads_joined(overlapping(8, 2)) == [[0, 1]]
    assert roads_joined(overlapping(9, 2)) == [[0], [1]]


def test_three_households_on_both_roads_make_one_ring_of_them() -> None:
    ring = only(search(overlapping(5, 3)))
    assert ring.patients.tolist() == list(range(7))
    assert [h[1] for h in ring.hubs] == [A, B, C, D]
    assert ring.findings[0].values["roads"] == 2


def test_two_households_on_both_roads_are_of_neither_ring() -> None:
    rings = search(overlapping(5, 2))
    assert sorted(ring.patients.tolist() for ring in rings) == [[0, 1, 2], [5, 6, 7]]


def test_who_is_passed_on_through_three_houses_without_a_break_turns() -> None:
    view = world(rotation(5, A, B, C) + others(60))
    assert judge(view, moves(view)).turn.tolist() == [5, 5] + [0] * 60
    ring = only(search(view))
    assert ring.patients.tolist() == list(range(5))
    assert [h[1] for h in ring.hubs] == [A, B, C]


def test_joined_roads_are_named_one_by_one_or_by_their_places() -> None:
    """All 45 roads of ten places: three roads that join three of them are named by these; one road, and three that join six, as roads."""
    pairs = [(a, b) for a in range(10) for b in range(a + 1, 10)]
    nothing = np.zeros(0, np.int64)
    went = Moves(nothing, nothing, nothing, nothing, np.array([WIDTH * a + b for a, b in pairs]))

    def named(*roads: tuple[int, int]) -> float:
        return naming(went, np.array([pairs.index(road) for road in roads]))

    assert named((0, 1), (0, 2), (1, 2)) == pytest.approx(3 * log(10))
    assert named((3, 7)) == pytest.approx(log(45))
    assert named((0, 1), (2, 3), (4, 5)) == pytest.approx(3 * log(45))


def test_who_comes_to_a_third_house_months_later_does_not_turn() -> None:
    apart = [s for p in range(5) for s in journey(p, 20 * p, A, B) + journey(p, 20 * p + 200, B, C)]
    view = world(apart + others(60))
    assert judge(view, moves(view)).turn.tolist() == [0] * 62
    assert search(view) == []


def with_pauses(people: int, *places: int) -> list[Stay]:
    """So many people who are moved at once from a house to the next, and weeks later again: pairs of places."""
    legs = list(zip(places[::2], places[1::2], strict=True))
    return [s for p in range(people) for i, leg in enumerate(legs) for s in journey(p, 20 * p + 80 * i, *leg)]


def test_who_is_moved_three_times_between_the_same_three_houses_goes_round() -> None:
    """From A to B, weeks later from C to A, and from B to C: no road twice, and no two moves at once."""
    view = world(with_pauses(5, A, B, C, A, B, C) + others(60))
    assert (AROUND, ROUND) == (3, 3)
    assert sorted(judge(view, moves(view)).turn.tolist())[-3:] == [5, 5, 5]
    assert only(search(view)).patients.tolist() == [0, 1, 2, 3, 4]


def test_two_moves_or_four_houses_are_no_round() -> None:
    for places in ((A, B, C, A), (A, B, C, A, D, C)):
        view = world(with_pauses(5, *places) + others(60))
        assert set(judge(view, moves(view)).turn.tolist()) == {0}


def two_rings(more: list[Stay]) -> list[list[int]]:
    """The people of each ring, where four go round through A, B and C, five through A, B and D, and others as given."""
    stays = rotation(4, A, B, C) + rotation(5, A, B, D, first=4)
    return sorted(c.patients.tolist() for c in search(world(stays + more + others(80))))


def test_rings_on_a_common_road_are_told_apart_by_their_hospitals() -> None:
    assert two_rings([]) == [[0, 1, 2, 3], [4, 5, 6, 7, 8]]


def test_who_was_in_the_common_hospitals_only_belongs_to_the_larger_ring() -> None:
    assert two_rings(journey(9, 300, A, B, A)) == [[0, 1, 2, 3], [4, 5, 6, 7, 8, 9]]


def test_who_was_in_hospitals_of_both_rings_belongs_to_neither() -> None:
    assert two_rings(journey(9, 300, C, B, D)) == [[0, 1, 2, 3], [4, 5, 6, 7, 8]]


def test_a_way_that_fewer_than_three_households_went_is_no_ring_of_its_own() -> None:
    def rings(people: int) -> list[list[int]]:
        stays = rotation(4, A, B, C) + rotation(people, A, B, D, first=4)
        return sorted(c.patients.tolist() for c in search(world(stays + others(80))))

    assert rings(3) == [[0, 1, 2, 3], [4, 5, 6]]
    assert rings(2) == [[0, 1, 2, 3, 4, 5]]  # all on the road from A to B


def test_too_many_hospitals_are_not_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfinder.rings.transfers.MOST_PLACES", 4)
    assert two_rings([]) == [[0, 1, 2, 3], [4, 5, 6, 7, 8]]
    monkeypatch.setattr("ringfinder.rings.transfers.MOST_PLACES", 3)
    assert two_rings([]) == [[0, 1, 2, 3, 4, 5, 6, 7, 8]]


def test_cycles_of_one_course_are_no_moves() -> None:
    stays = [(0, 0, 21 * i, 2) for i in range(6)] + [(0, 1, 5 * 21 + 5, 2)]
    # the second to sixth cycle are the first one's decision: what follows them follows none of them
    assert moves(world(stays, diagnosis=0)).patient.tolist() == []


def test_a_rhythm_of_stays_for_changing_illnesses_is_no_course_that_hides_a_move() -> None:
    stays = [(0, 0, 21 * i, 2) for i in range(6)] + [(0, 1, 5 * 21 + 5, 2)]
    assert moves(world(stays, diagnosis=[0, 1, 2, 3, 4, 5, 0])).patient.tolist() == [0]


def test_the_channel_is_off_where_nobody_was_in_bed() -> None:
    assert off(quick_view([0], [0], [0])) == "channels.no_stays"
    assert off(world(journey(0, 0, A))) is None
    assert search(quick_view([0], [0], [0])) == []


def test_a_rotation_vanishes_in_its_null_world() -> None:
    # every house has other people in the same weeks
    inmates = [(400 + i, i % 2, (i * 7) % 150, STAY) for i in range(150)]
    view = world(rotation(6) + inmates + others(60))
    ring = only(search(view))
    assert ring.patients.tolist() == list(range(6))
    assert ring.coordination > 0
    for seed in range(3):
        assert all(chance.coordination < 0 for chance in search(shuffled(view, seed)))


stays = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 80), st.integers(1, 20)),
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
