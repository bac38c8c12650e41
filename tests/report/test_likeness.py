"""More like this, on rings small enough to compare by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ringfinder.report.likeness import (
    WEIGHTS,
    LikePlace,
    Profile,
    Sign,
    likeness,
    named,
    places_like,
    profiles,
    rings_like,
    signs,
)
from ringfinder.report.results import results_of
from tests.tiny import FINDINGS


def ring(ring_id: str, kind: str = "sham_stay", **other: object) -> Profile:
    usual: dict[str, object] = {
        "channels": frozenset({"beds", "crowds"}),
        "patients": 10,
        "fund_amount": Decimal("1000.00"),
        "places": frozenset({"F1"}),
        "members": frozenset({("patient", "P1"), ("doctor", "D1")}),
    }
    return Profile(ring_id, kind, **(usual | other))  # type: ignore[arg-type]


def test_each_sign_agrees_by_what_both_have_of_what_either_has() -> None:
    other = ring(
        "B",
        "rotation",
        channels=frozenset({"beds", "trips", "piles"}),
        patients=40,
        places=frozenset({"F1", "F2"}),
        members=frozenset({("doctor", "D1"), ("doctor", "D2"), ("patient", "P2")}),
    )
    found = signs(ring("A"), other)
    assert found == (
        Sign("kind", 0.0),
        Sign("reasons", 1 / 4, 1, 4),
        Sign("size", 0.25),
        Sign("amounts", 0.25),
        Sign("places", 0.5, 1, 2),
        Sign("members", 1 / 4, 1, 4),
    )
    assert likeness(found) == pytest.approx((3 * 0 + 3 * 0.25 + 0.25 + 0.25 + 0.5 + 0.25) / 10)
    assert [one.name for one in found] == list(WEIGHTS)


def test_ring_is_wholly_like_one_that_is_the_same_and_the_measure_goes_both_ways() -> None:
    one, other = ring("A"), ring("B", patients=7, channels=frozenset({"beds"}))
    assert likeness(signs(one, ring("C"))) == 1.0
    assert likeness(signs(one, other)) == likeness(signs(other, one))


def test_only_what_a_tip_names_is_compared() -> None:
    tip = named("sham_stay", [("facility", "F1"), ("doctor", "D9")])
    assert signs(tip, ring("A")) == (Sign("kind", 1.0), Sign("places", 1.0, 1, 1), Sign("members", 0.0, 0, 3))
    assert likeness(signs(tip, ring("A"))) == pytest.approx(4 / 5)
    assert signs(named(None, []), ring("A")) == ()
    assert rings_like([named(None, [])], [ring("A")]) == ()


def test_rings_are_compared_with_the_nearest_and_left_out_where_nothing_is_alike() -> None:
    far = ring(
        "A", "insider", channels=frozenset({"desks"}), places=frozenset({"F7"}), members=frozenset({("doctor", "D7")})
    )
    near = ring("B")
    strange = Profile("Z", "rotation", frozenset({"trips"}), 0, Decimal(0), frozenset(), frozenset())
    found = rings_like([far, near], [near, ring("D"), ring("C"), strange, far])
    assert [(one.ring.ring_id, one.of, one.likeness) for one in found] == [("C", "B", 1.0), ("D", "B", 1.0)]


def test_facility_is_as_like_as_its_most_similar_ring() -> None:
    alike = rings_like(
        [ring("A")],
        [ring("B", places=frozenset({"F1", "F2"})), ring("C", patients=5, places=frozenset({"F2", "F3"}))],
    )
    places = places_like(alike, {"F1"})
    assert [(one.facility_id, one.ring_id, one.rings) for one in places] == [("F2", "B", 2), ("F3", "C", 1)]
    assert isinstance(places[0], LikePlace)
    assert places[0].likeness == alike[0].likeness > places[1].likeness == alike[1].likeness


def test_rings_of_a_run_are_compared_by_their_members_and_evidence() -> None:
    results = results_of(FINDINGS)
    found = profiles(results, {})
    assert list(found) == [one.ring_id for one in results.rings]
    for row in results.rings:
        one, members = found[row.ring_id], results.members_of(row.ring_id)
        assert (one.kind, one.patients, one.fund_amount) == (row.kind, row.patients, row.fund_amount)
        assert len(one.members or ()) + len(one.places or ()) == len(members)
        assert one.channels == {e.channel for e in results.evidence_of(row.ring_id) if e.side != "against"}
