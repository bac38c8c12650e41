"""Doctors who do not look share their clients; the other patients of the place tell what is usual there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.impossible_care import KNOWN_VISITS, Clients, excess, of_marked_clients
from ringfinder.evidence.view import DAY, HOUR, View

VISITS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 4), st.booleans()), max_size=40)


def of_two(second: int) -> View:
    """Five holders each come once to doctor 0 and once to doctor `second`; doctors 1 and 2 have fifty other patients each."""
    patient = [*range(5), *range(5), *range(100, 200)]
    doctor = [*[0] * 5, *[second] * 5, *[1] * 50, *[2] * 50]
    start = np.arange(len(patient)) * DAY + 9 * HOUR
    return quick_view(patient, 0, start, doctor=doctor)


@pytest.mark.parametrize("second", [1, 2])
def test_two_doctors_who_do_not_look_do_not_explain_each_other(second: int) -> None:
    view = of_two(second)
    marked = view.visits.patient < 5  # every visit of the holders, at either doctor
    (count, _), (expected, _) = excess(Clients.of(view, np.arange(len(marked))), marked, view.visits.start // DAY)
    everybody = (10 + 0.5) / (110 + 1)
    # none of the others' hundred visits bears it: less than everybody's rate
    assert (0 + KNOWN_VISITS * everybody) / (100 + KNOWN_VISITS) < everybody
    assert count[0] == count[second] == 5
    assert expected[0] == pytest.approx(5 * everybody)


def test_other_patients_who_bear_it_explain_it() -> None:
    view = of_two(1)
    marked = (view.visits.patient < 5) | (view.visits.patient >= 150)  # all of doctor 2's patients as well
    (count, _), (expected, _) = excess(Clients.of(view, np.arange(len(marked))), marked, view.visits.start // DAY)
    everybody = (60 + 0.5) / (110 + 1)
    there = (50 + KNOWN_VISITS * everybody) / (100 + KNOWN_VISITS)
    assert count[0] == 5
    assert expected[0] == pytest.approx(5 * max(everybody, there))


@given(VISITS)
def test_visits_of_marked_clients_are_counted_once_at_whatever_doctor(visits: list[tuple[int, int, int, bool]]) -> None:
    spot, doctor, home = (np.array([v[i] for v in visits], np.int64) for i in range(3))
    bears = np.array([v[3] for v in visits], np.float64)
    marked_at = {(d, h) for _, d, h, b in visits if b}
    marked = np.array([(d, h) in marked_at for _, d, h, _ in visits], np.bool_)
    if not len(spot):
        return
    theirs, seen = of_marked_clients(spot, doctor, home, bears, marked)
    for i, (s, d, _, _) in enumerate(visits):
        # a client counts where he bears a mark at this doctor and came to him at this spot
        clients = {h for s2, d2, h, _ in visits if d2 == d and s2 == s and (d, h) in marked_at}
        there = [b for s2, _, h, b in visits if s2 == s and h in clients]
        assert (theirs[i], seen[i]) == (sum(there), len(there))
