"""Waves of one ring in a city: different people, brought to one hospital one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.view import DAY, HOUR, INPATIENT, Candidate, View
from ringfinder.rings.together import search

HOSPITALS, EVERYBODY = 6, 1500
FIRST, SECOND, THIRD = range(10), range(10, 20), range(20, 30)
DAYS = {FIRST: (20, 110, 215), SECOND: (50, 146, 251), THIRD: (80, 182, 290)}


def city(*waves: range, even: tuple[range, ...] = (), again: int = 1, place: dict[range, int] | None = None) -> View:
    """A year of stays of all lengths and prices, for twelve illnesses: everybody is `again` times at a hospital of his own.

    Each wave comes to hospital 0 (or its `place`) on three occasions, within two days; those that are `even` stay nine days for about
    9,000 yuan, whatever their illness.
    """
    rng = np.random.default_rng(7)
    who = np.repeat(np.arange(100, 100 + EVERYBODY // again), again)
    n, own = len(who), rng.integers(0, HOSPITALS, EVERYBODY // again)
    where = np.repeat(own, again)
    when = rng.integers(0, 365, n) * DAY + rng.integers(8, 18, n) * HOUR
    met = [(p, (place or {}).get(w, 0), d, w in even) for w in waves for d in DAYS[w] for p in w]
    member, ward, day, alike = np.array(met).T
    m, chosen = len(met), alike.astype(bool)
    start = np.r_[when, day * DAY + rng.integers(0, 2 * DAY, m)]
    length = np.r_[rng.integers(2, 25, n), np.where(chosen, 9, rng.integers(2, 25, m))]
    cents = (1_000 * np.exp(rng.normal(6, 0.9, n + m))).astype(np.int64)
    cents[n:][chosen] = rng.integers(870_000, 930_000, int(chosen.sum()))
    return quick_view(
        np.r_[who, member],
        np.r_[where, ward],
        start,
        end=start + length * DAY,
        service=INPATIENT,
        cents=cents,
        diagnosis=rng.integers(0, 12, n + m),
    )


def people(candidates: list[Candidate]) -> list[list[int]]:
    return sorted(c.patients.tolist() for c in candidates)


def test_three_waves_of_different_people_with_even_amounts_are_one_ring() -> None:
    view = city(FIRST, SECOND, THIRD, even=(FIRST, SECOND, THIRD))
    (ring,) = search(view)
    assert ring.patients.tolist() == list(range(30))
    assert len(ring.claims) == 90
    assert set(view.claims.facility[ring.claims].tolist()) == {0}
    assert ring.coordination > 8
    assert ring.harm > 8
    assert {"reasons.even", "reasons.length"} <= {f.key for f in ring.findings}


def test_each_wave_alone_is_found_too() -> None:
    for wave in (FIRST, SECOND, THIRD):
        assert people(search(city(wave, even=(wave,)))) == [list(wave)]


def test_two_honest_groups_at_one_hospital_stay_two() -> None:
    """Both are villages whose people come together; neither stays of one price nor more often than others."""
    found = search(city(FIRST, SECOND, again=3))
    assert people(found) == [list(FIRST), list(SECOND)]
    assert [c.harm for c in found] == [0.0, 0.0]


@pytest.mark.parametrize("both", [False, True])
def test_an_honest_group_is_not_united_with_a_ring_at_its_hospital(both: bool) -> None:
    """The second group's stays cost this and that; if they too cost about the same, the two are one."""
    found = people(search(city(FIRST, SECOND, even=(FIRST, SECOND) if both else (FIRST,), again=3)))
    assert found == ([list(range(20))] if both else [list(FIRST), list(SECOND)])


def test_rings_at_two_hospitals_stay_two() -> None:
    found = search(city(FIRST, SECOND, even=(FIRST, SECOND), place={SECOND: 1}))
    assert people(found) == [list(FIRST), list(SECOND)]
