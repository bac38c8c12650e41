"""Wards that fill at once with people who are out and about: one occasion is enough for them, and only for them."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.crowds import crowded
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.ties import tie
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, PHARMACY, Candidate, View
from ringfinder.rings.competition import strength
from ringfinder.rings.coordination import core
from ringfinder.rings.groups import BEDS, Groups, collect
from ringfinder.rings.meetings import meet
from ringfinder.rings.membership import enough
from ringfinder.rings.seeds import OUT_HOMES, OUT_SHARE, sow
from ringfinder.rings.together import search

from .planted import FOUR, NOBODY, town

WARD, DOCTOR = 15, 2
BATCH = list(range(20))
ADMITTED = 200 * DAY + 9 * HOUR


def batch(out: int = 0, people: int = 20, doctors: int = 1, ward: int = 4000) -> View:
    """A town of 1,500, of whom `people` are admitted within a day; `out` of them buy something elsewhere four days later.

    Their stays are by so many doctors in turn; `ward`: other stays in the year, by doctors of their own.
    """
    plain = town(ring=0, meetings=1, seed=4).claims
    rng = np.random.default_rng(5)
    who = np.arange(people)
    admitted = ADMITTED + rng.integers(0, 20 * HOUR, people)
    other = np.arange(1500, 1500 + ward)
    spread = np.linspace(1, 350, ward).astype(np.int64) * DAY + 11 * HOUR
    bought = ADMITTED + 4 * DAY + np.arange(out) * 47 * MINUTE
    start = np.r_[plain.start, admitted, spread, bought]
    stays = np.r_[admitted, spread]
    paid = np.r_[rng.integers(490_000, 510_000, people), rng.integers(200_000, 900_000, ward)]
    n = len(plain.start)
    return quick_view(
        np.r_[plain.patient, who, other, who[:out]],
        np.r_[plain.facility, np.full(people + ward, WARD), 16 + np.arange(out) % 6],
        start,
        end=np.r_[plain.end, stays + 7 * DAY, bought],
        service=np.r_[np.full(n, OUTPATIENT), np.full(people + ward, INPATIENT), np.full(out, PHARMACY)],
        cents=np.r_[plain.amount, paid, rng.integers(2_000, 20_000, out)],
        doctor=np.r_[np.zeros(n, int), DOCTOR + who % doctors, 10 + np.arange(ward) % 9, np.full(out, -1)],
    )


def alerts(view: View) -> list[Candidate]:
    return [c for c in search(view) if strength(c) >= 8]


def test_a_ward_that_fills_with_people_who_shop_elsewhere_is_a_sham() -> None:
    (found,) = alerts(batch(out=12))
    assert found.kind == "sham_stay"
    assert set(BATCH[:12]) <= set(found.patients.tolist()) <= set(BATCH)
    assert "reasons.in_bed" in {f.key for f in found.findings if f.side == "harm"}


def test_a_ward_that_fills_with_people_who_lie_in_it_is_none() -> None:
    """They ate of one dish."""
    assert alerts(batch()) == []


def test_a_few_for_whom_a_relative_fetched_medicine_are_none() -> None:
    assert alerts(batch(out=4)) == []


# The seed


def beds(view: View, out: list[int]) -> list[tuple[int, ...]]:
    """People of each seed of empty beds, where the stays of the batch's first people in `out` are marked."""
    presence = observe(view)
    marked = (view.visits.facility == WARD) & np.isin(view.visits.patient, out)
    groups = sow(presence, tie(presence), NOBODY, marked)
    return sorted({tuple(groups.people(g).tolist()) for g in range(groups.count) if groups.seed[g] == BEDS})


@pytest.mark.parametrize(
    ("people", "out", "found"), [(20, 6, True), (20, 5, False), (10, 5, True), (10, 4, False), (16, 5, True)]
)
def test_five_households_and_three_tenths_of_a_batch_are_out(people: int, out: int, found: bool) -> None:
    assert (OUT_HOMES, OUT_SHARE) == (5, 0.3)
    view = batch(people=people, ward=0)
    got = beds(view, BATCH[:out])
    assert (tuple(BATCH[:out]) in got) is found
    assert all(set(people_of) <= set(BATCH[:out]) for people_of in got)


def test_one_doctors_patients_are_a_batch_of_their_own() -> None:
    """Five of the ten of one of two doctors: a quarter of the ward, and half of his."""
    view = batch(people=20, doctors=2, ward=0)
    his = BATCH[::2]
    assert tuple(his[:5]) in beds(view, his[:5])
    assert beds(view, his[:3] + BATCH[1:5:2]) == []  # three of his, two of the other's


def test_households_are_out_and_not_people() -> None:
    view = batch(people=10, ward=0)
    home = np.arange(len(view.codes.patient))
    home[:5] = [0, 0, 2, 3, 4]
    claims = view.claims
    shared = quick_view(
        claims.patient,
        claims.facility,
        claims.start,
        end=claims.end,
        service=claims.service,
        cents=claims.amount,
        household=home,
        doctor=claims.doctor,
    )
    assert beds(shared, BATCH[:5]) == []
    assert tuple(BATCH[:6]) in beds(shared, BATCH[:6])


def test_without_marks_no_bed_is_empty() -> None:
    view = batch(ward=0)
    presence = observe(view)
    assert len(crowded(presence).spot) > 0
    assert beds(view, []) == []
    groups = sow(presence, tie(presence), NOBODY)
    assert BEDS not in groups.seed


def test_outpatients_of_a_crowded_hour_are_in_no_bed() -> None:
    """Twelve come to a place within minutes; were they marked, they would still be no ward."""
    view = town(ring=12, meetings=6, share=1.0, seed=4)
    presence = observe(view)
    groups = sow(presence, tie(presence), NOBODY, np.ones(len(view.visits.patient), np.bool_))
    assert groups.count > 0
    assert BEDS not in groups.seed


# One occasion


def met_once() -> Presence:
    """Four people a minute from one another on one morning; others once each in the afternoons of a year."""
    morning = 10 * DAY + 9 * HOUR + np.array(FOUR) * MINUTE
    start = np.r_[morning, 0, np.linspace(0, 359, 86).astype(np.int64) * DAY + 15 * HOUR, 360 * DAY]
    return observe(quick_view(np.arange(92), 0, start))


def group(seed: str) -> Groups:
    return collect([(seed, -1, np.array(FOUR, np.int32))], NOBODY)


@pytest.mark.parametrize(("seed", "kept"), [(BEDS, 1), ("ties", 0), ("crowds", 0)])
def test_one_occasion_is_enough_for_empty_beds_only(seed: str, kept: int) -> None:
    presence, groups = met_once(), group(seed)
    meetings = meet(presence, groups)
    assert meetings.occasions(1).tolist() == [1]
    left, _ = enough(presence, groups, meetings)
    assert left.count == kept


def test_the_core_of_who_met_once_is_all_of_them() -> None:
    presence, groups = met_once(), group(BEDS)
    assert core(groups, meet(presence, groups), presence).people(0).tolist() == list(FOUR)
