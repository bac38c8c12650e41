from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.presence import CELL
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, Agents, Candidate, View
from ringfinder.rings.competition import strength
from ringfinder.rings.together import off, search, shuffled

from .planted import town

RING = list(range(12))


@pytest.fixture(scope="module")
def view() -> View:
    """A town of 1,500 in which twelve meet eight times at one of fifteen places, two thirds of them each time."""
    return town(seed=4)


def people(candidates: list[Candidate]) -> list[list[int]]:
    return [c.patients.tolist() for c in candidates]


def test_a_planted_ring_is_found_with_its_exact_members(view: View) -> None:
    (ring,) = search(view)
    assert ring.patients.tolist() == RING
    assert ring.coordination > 50
    assert (ring.strength > 0.9).all()
    # its evidence are its members' claims at place 0, at eight moments
    claims = view.claims
    assert set(claims.patient[ring.claims].tolist()) == set(RING)
    assert set(claims.facility[ring.claims].tolist()) == {0}
    hours = np.unique(claims.start[ring.claims] // (2 * HOUR))
    assert len(hours) == 8


def test_coordination_alone_is_no_harm(view: View) -> None:
    (ring,) = search(view)
    assert ring.harm == 0.0
    assert strength(ring) == 0.0
    assert {f.side for f in ring.findings} == {"for", "against"}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_planted_ring_vanishes_in_its_null_world(view: View, seed: int) -> None:
    assert search(shuffled(view, seed)) == []


def test_a_town_without_ring_has_none() -> None:
    assert search(town(ring=0, meetings=1, seed=4)) == []


def test_two_rings_at_one_place_are_found_apart() -> None:
    first = town(seed=4)
    rng = np.random.default_rng(0)
    second = [
        (p, d * DAY + h * HOUR + int(rng.integers(0, 20 * MINUTE)))
        for d, h in ((13, 9), (20, 11), (80, 15), (95, 10), (200, 16), (204, 9), (333, 14))
        for p in range(30, 40)
        if rng.random() < 0.8
    ]
    both = town(seed=4, extra=second)
    assert people(search(first)) == [RING]
    assert sorted(people(search(both))) == [RING, list(range(30, 40))]


def test_a_go_between_makes_a_ring_of_people_who_hardly_meet() -> None:
    """Twenty people on whose claims he stands, two or three of whom meet now and then."""
    rng = np.random.default_rng(9)
    days = np.sort(rng.choice(np.arange(5, 360), 10, replace=False))
    ours = [
        (p, int(d) * DAY + 10 * HOUR + 7 * MINUTE * i) for d in days for i, p in enumerate(rng.choice(20, 4, False))
    ]
    plain = town(ring=0, meetings=1, seed=4, ours=ours)
    claims = plain.claims
    named = np.where(claims.doctor == 1, 0, claims.recruiter).astype(np.int32)
    blank = np.full(1, -1, np.int32)
    view = replace(
        plain,
        claims=replace(claims, recruiter=named),
        agents=Agents(blank, blank),
        codes=replace(plain.codes, recruiter=np.array(["agent"], object)),
    )
    everybody = sorted({p for p, _ in ours})
    (ring,) = search(view)
    assert ring.patients.tolist() == everybody
    assert ring.hubs == (("recruiter", 0, "go_between"),)
    assert "reasons.hub" in {f.key for f in ring.findings}


def test_harm_is_told_mark_by_mark(view: View) -> None:
    """The same ring, its members in another hospital's bed on most of the days of its meetings."""
    (ring,) = search(view)
    claims = view.claims
    visits = np.unique(claims.visit[ring.claims])
    beds = visits[::2]
    start = (view.visits.start[beds] // DAY - 1) * DAY
    stays = len(beds)
    more = quick_view(
        np.r_[claims.patient, view.visits.patient[beds]],
        np.r_[claims.facility, np.full(stays, 15)],
        np.r_[claims.start, start],
        end=np.r_[claims.end, start + 3 * DAY],
        service=np.r_[claims.service, np.full(stays, INPATIENT)],
        cents=np.r_[claims.amount, 500_000 + np.arange(stays)],
    )
    found = [c for c in search(more) if c.patients.tolist() == RING]
    assert found
    lying = [f for c in found for f in c.findings if f.key == "reasons.in_bed"]
    assert lying
    assert all(f.side == "harm" for f in lying)
    assert max(c.harm for c in found) > 8


def test_the_channel_needs_visits() -> None:
    assert off(quick_view([0] * 0, [0] * 0, [0] * 0)) == "channels.no_claims"
    assert off(quick_view([0], [0], [0])) is None


visits = st.lists(
    st.tuples(
        st.integers(0, 5),  # patient
        st.integers(0, 2),  # facility
        st.integers(0, 40),  # day
        st.integers(0, 23),  # hour
        st.sampled_from([INPATIENT, OUTPATIENT]),
        st.integers(0, 4),  # days of stay
        st.integers(0, 3),  # doctor
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=80, deadline=None)
@given(visits, st.integers(0, 5))
def test_a_null_world_keeps_all_but_the_dates(rows: list[tuple[int, ...]], seed: int) -> None:
    patient, facility, day, hour, service, days, doctor = np.array(rows).T
    start = day * DAY + hour * HOUR + np.arange(len(day))
    cents = 100 + np.arange(len(day)) ** 2
    view = quick_view(patient, facility, start, end=start + days * DAY, service=service, cents=cents, doctor=doctor)
    null = shuffled(view, seed)
    before, after = view.visits, null.visits

    def table(v: Any, *columns: str) -> list[tuple[int, ...]]:
        cell = {"cell": (v.start // DAY + 3) % 7 * 8 + v.start % DAY // CELL, "length": v.end - v.start}
        return sorted(zip(*((cell[c] if c in cell else getattr(v, c)).tolist() for c in columns), strict=True))

    # every place keeps its load to the second
    assert table(before, "facility", "service", "start") == table(after, "facility", "service", "start")
    # everybody keeps places, weekdays, hours, amounts, lengths, doctors
    kept = ("patient", "facility", "service", "cell", "amount", "length", "doctor", "course", "programme")
    assert table(before, *kept) == table(after, *kept)
    order = list(zip(after.patient.tolist(), after.start.tolist(), strict=True))
    assert order == sorted(order)
    # claims move with their visits
    was, now = view.claims, null.claims
    np.testing.assert_array_equal(now.patient, was.patient)
    np.testing.assert_array_equal(after.patient[now.visit], was.patient)
    np.testing.assert_array_equal(after.amount[now.visit], before.amount[was.visit])
    np.testing.assert_array_equal(now.start - after.start[now.visit], was.start - before.start[was.visit])
    np.testing.assert_array_equal(now.end - now.start, was.end - was.start)
    assert shuffled(view, seed).visits.start.tolist() == after.start.tolist()


def test_null_worlds_differ(view: View) -> None:
    one, two = (shuffled(view, seed).visits.start for seed in (1, 2))
    assert (one != two).mean() > 0.5
