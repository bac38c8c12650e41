"""Beds that stand empty, stay after stay, of the same people on one ward: by hand."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.empty_stays import LEAST, PART, TIMES, Excess, Patients, belongs, judged, read, search
from ringfinder.evidence.likelihood import MARGIN, surprise
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, OUTPATIENT, Candidate, View
from ringfinder.evidence.visits import claims_of

WARD, CLINIC, OTHER_WARDS = 0, 1, 20
NIGHTS = 6
Visit = tuple[int, int, int, int]  # patient, place, day, nights


def stay(patient: int, day: int, empty: bool, ward: int = WARD) -> list[Visit]:
    """A stay; where it is empty the card is used at a clinic on its third day."""
    return [(patient, ward, day, NIGHTS), *([(patient, CLINIC, day + 3, 0)] if empty else [])]


def town() -> list[Visit]:
    """Two hundred people with one stay each on twenty wards, and a visit to a clinic half a year before."""
    out = []
    for p in range(200):
        out += [(1000 + p, CLINIC, p % 100, 0), *stay(1000 + p, 150 + p % 180, empty=False, ward=2 + p % OTHER_WARDS)]
    return out


def ring(people: Sequence[int], stays: int, empty: int, ward: int = WARD) -> list[Visit]:
    """So many stays each, at times of their own, of which the first are empty."""
    return [v for p in people for i in range(stays) for v in stay(p, 10 + 3 * p + 40 * i, i < empty, ward)]


def view_of(rows: Sequence[Visit]) -> View:
    patient, place, day, nights = np.array(rows).T
    start = day * DAY + 9 * HOUR
    service = np.where(nights > 0, INPATIENT, OUTPATIENT)
    return quick_view(patient, place, start, end=start + nights * DAY, service=service)


def found(rows: Sequence[Visit]) -> list[Candidate]:
    view = view_of(rows)
    return search(view, claims_of(view), "transfers")


def test_people_whose_beds_stand_empty_stay_after_stay_are_told() -> None:
    """Five people of five households who never meet: two of their three stays each."""
    view = view_of(ring(range(5), 3, 2) + town())
    (one,) = search(view, claims_of(view), "transfers")
    assert (one.kind, one.channel, one.patients.tolist()) == ("sham_stay", "transfers", [0, 1, 2, 3, 4])
    assert one.hubs == (("facility", WARD, "hospital"),)
    harm, against = one.findings
    assert harm.values["people"] == harm.values["households"] == 5
    assert (harm.values["stays"], harm.values["empty"], harm.values["times"]) == (15, 10, 2)
    assert one.harm == pytest.approx(float(surprise(np.array(5.0), np.array(harm.expected))) - MARGIN)
    assert one.coordination == pytest.approx(one.harm - log(OTHER_WARDS + 1) - log(3))
    assert (against.side, against.expected) == ("against", harm.expected)
    assert len(one.claims) == 15


def test_one_empty_stay_each_proves_nothing() -> None:
    """As many people, sent elsewhere once each."""
    assert found(ring(range(30), 1, 1) + town()) == []
    assert found(ring(range(5), 3, 1) + town()) == []


@pytest.mark.parametrize(("stays", "told"), [(4, True), (5, False)])
def test_half_of_the_stays_are_empty_at_least(stays: int, told: bool) -> None:
    assert PART == 0.5
    assert bool(found(ring(range(6), stays, 2) + town())) is told


@pytest.mark.parametrize(("people", "told"), [(3, True), (2, False)])
def test_two_people_may_have_one_carer(people: int, told: bool) -> None:
    assert bool(found(ring(range(people), 4, 4) + town())) is told


def test_a_house_that_writes_its_days_carelessly_does_so_for_everybody() -> None:
    """The same six people, on a ward of whose sixty other stays every other one is empty as well."""
    careless = [v for p in range(60) for v in stay(500 + p, 10 + 5 * p, p % 2 == 0)]
    assert len(found(ring(range(6), 3, 2) + town())) == 1
    assert found(ring(range(6), 3, 2) + careless + town()) == []


def test_stays_of_two_wards_are_not_added() -> None:
    assert found(ring(range(6), 1, 1) + ring(range(6), 1, 1, ward=2)[0:] + town()) == []


def test_the_order_of_people_does_not_matter() -> None:
    rows = ring(range(5), 3, 2) + town()
    once, again = found(rows), found(rows[::-1])
    assert [(c.patients.tolist(), c.harm, c.coordination) for c in once] == [
        (c.patients.tolist(), c.harm, c.coordination) for c in again
    ]


def test_nothing_is_told_without_stays_or_uses() -> None:
    assert found([(p, CLINIC, p, 0) for p in range(20)]) == []
    assert found(town()) == []


def patients(rows: Sequence[tuple[int, float, float, float, bool]]) -> Patients:
    """Of (ward, empty stays, stays, expected, bearer); a household each."""
    ward, used, held, expected, bearer = (np.array(of) for of in zip(*rows, strict=True))
    return Patients(np.arange(len(rows)), ward, used, held, expected, bearer)


def test_the_number_of_stays_that_tells_most_is_told() -> None:
    """Four households with four empty stays each; of four honest ones with as many stays a quarter of a use is expected."""
    assert TIMES == (2, 3, 4)
    some = patients([(0, 4.0, 4.0, 0.2, True)] * 4 + [(0, 0.0, 4.0, 0.25, False)] * 4 + [(1, 2.0, 2.0, 0.1, True)] * 3)
    got = judged(some, np.arange(11), 3)
    mu = [4 * (1 / 6) ** 4 + 4 * 0.2**4, 3 * (0.1 / 1.1) ** 2]
    assert isinstance(got, Excess)
    assert got.times.tolist() == [4, 2, 2]
    assert got.homes.tolist() == [4, 3, 0]
    assert got.expected.tolist() == pytest.approx([*mu, 0.0])
    assert got.gain.tolist() == pytest.approx([*surprise(np.array([4.0, 3.0]), np.array(mu)), 0.0])
    assert judged(some, np.zeros(11, np.int64), 3).gain.tolist() == [0.0, 0.0, 0.0]


def test_whose_one_stay_was_empty_belongs_where_the_others_seldom_are() -> None:
    """Eight bearers of 30 patients; who has one stay of one empty fits them, who has one of three does not, who has none never does."""
    assert LEAST == 0.01
    used = np.array([3.0] * 8 + [1.0, 1.0, 0.0] + [0.0] * 19)
    held = np.array([3.0] * 8 + [1.0, 3.0, 1.0] + [1.0] * 19)
    bearer = used >= 2
    seldom = belongs(used, held, np.full(30, 0.03), bearer)
    assert np.flatnonzero(seldom).tolist() == [*range(8), 8]
    often = belongs(used, held, np.full(30, 0.5), bearer)
    assert np.flatnonzero(often).tolist() == list(range(8))


def test_a_bearers_stays_say_nothing_of_the_wards_others() -> None:
    """Fifteen empty stays of five people beside twenty of others, none of which is: counted together they would be two fifths."""
    others = [v for p in range(20) for v in stay(500 + p, 10 + 5 * p, False)]
    got = read(view_of(ring(range(5), 3, 3) + others + town()))
    assert got.bearer.sum() == 5
    assert got.expected[(got.ward == WARD) & (got.person >= 500)].max() < 0.01
