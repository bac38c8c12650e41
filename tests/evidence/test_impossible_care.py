from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.doctor_pharmacy import SCATTER, honest_scatter
from ringfinder.evidence.impossible_care import ALONE, CAP, KNOWN_VISITS, MARKS, OCCASIONS, Clients, excess, search
from ringfinder.evidence.likelihood import FEWEST_HOUSEHOLDS, MARGIN, surprise
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, OUTPATIENT, PHARMACY, Candidate, View
from ringfinder.evidence.visits import claims_of
from ringfinder.words import say

DOCTORS = 10  # of the town's hospital, each with forty visits of as many people; doctor 0 sees the holders besides
EACH = 40
HOLDERS = 6
VISITS = 4  # a holder, on different days


def town(holders: int = HOLDERS, own_place: bool = False, service: Any = OUTPATIENT) -> View:
    """Holders 0, 1, ... come to doctor 0 alone, each on days of his own; everybody else comes once to some doctor."""
    patient = [p for p in range(holders) for _ in range(VISITS)]
    start = [(7 * p + 31 * k) * DAY + (8 + p) * HOUR for p in range(holders) for k in range(VISITS)]
    doctor = [0] * len(patient)
    facility = [int(own_place)] * len(patient)
    kinds = [service] * len(patient)
    for d in range(DOCTORS):
        for i in range(EACH):
            patient.append(100 + d * EACH + i)
            start.append((3 * i + d) * DAY + 9 * HOUR)
            doctor.append(d)
            facility.append(int(own_place and d == 0))
            kinds.append(OUTPATIENT)
    return quick_view(patient, facility, start, service=kinds, doctor=doctor)


def flags_of(view: View, **marked: range) -> dict[str, Any]:
    """By mark, the first visits of these holders to doctor 0 bear it."""
    out = {name: np.zeros(len(view.visits.patient), np.bool_) for name in MARKS}
    for name, people in marked.items():
        for p in people:
            out[name][np.flatnonzero(view.visits.patient == p)[0]] = True
    return out


def found(view: View, **marked: range) -> list[Candidate]:
    return search(view, flags_of(view, **marked), claims_of(view), "lent_cards")


def test_cards_that_come_one_by_one_to_one_doctor_are_found_by_what_cannot_be() -> None:
    view = town()
    (one,) = found(view, misfit=range(6), travel=range(4))
    assert one.patients.tolist() == [0, 1, 2, 3, 4, 5]
    assert one.hubs == (("doctor", 0, "attending"), ("facility", 0, "session_place"))
    assert (one.kind, one.channel) == ("lent_cards", "lent_cards")
    assert len(one.claims) == 6  # the visits that bear a mark
    # everybody's rate is (k + 1/2) / (424 + 1); the other doctors have none in 360 visits, less
    assert excess(Clients.of(view, np.arange(len(view.visits.patient))), flags_of(view, misfit=range(6))["misfit"])[0].tolist() == [
        6, *[0] * 9
    ]  # fmt: skip
    gains = []
    for k in (6, 4):
        town_rate = (k + 0.5) / 425
        mu = HOLDERS * (1 - (1 - town_rate) ** VISITS) + EACH * town_rate
        gains.append(float(surprise(k, mu, SCATTER[0])))
    assert one.coordination == pytest.approx(sum(gains) - log(DOCTORS) - MARGIN)
    assert one.harm == pytest.approx(min(gains) + min(max(gains), min(gains) + ALONE) - MARGIN)
    for finding in one.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)
    assert [f.side for f in one.findings] == ["for", "harm", "harm", "against"]


def test_one_kind_of_mark_alone_is_a_doctor_who_codes_badly() -> None:
    assert found(town(), misfit=range(6)) == []


def test_other_doctors_of_the_place_who_code_as_badly_explain_it() -> None:
    """At a place of its own the doctor has no others; beside nine who bear the mark as often he does not stand out."""
    view = town(own_place=True)
    flags = flags_of(view, misfit=range(6), travel=range(6))
    rows = np.arange(len(view.visits.patient))
    alone = excess(Clients.of(view, rows), flags["misfit"])[1][0]
    beside = town()
    for name in ("misfit", "travel"):
        flags[name] = flags_of(beside, misfit=range(6))["misfit"] | (
            (beside.visits.patient >= 100) & (beside.visits.doctor > 0) & (beside.visits.patient % 2 == 0)
        )
    assert excess(Clients.of(beside, rows), flags["misfit"])[1][0] > alone
    weak = search(beside, flags, claims_of(beside), "lent_cards")
    assert ("doctor", 0, "attending") not in {one.hubs[0] for one in weak}
    assert all(one.coordination < 0 for one in weak)
    assert KNOWN_VISITS == 20.0


def test_two_households_or_two_days_are_too_few() -> None:
    assert (FEWEST_HOUSEHOLDS, OCCASIONS) == (3, 3)
    assert found(town(), misfit=range(2), travel=range(2)) == []
    view = town()
    assert len(found(view, misfit=range(3), travel=range(3))) == 1
    one_day = quick_view(view.visits.patient, 0, np.full(len(view.visits.patient), 9 * HOUR), doctor=view.visits.doctor)
    assert found(one_day, misfit=range(6), travel=range(6)) == []


def test_purchases_and_visits_without_a_doctor_do_not_count() -> None:
    assert found(town(service=PHARMACY), misfit=range(6), travel=range(6)) == []
    view = quick_view([0, 1, 2], 0, np.arange(3) * DAY, doctor=BLANK)
    assert found(view, misfit=range(3), travel=range(3)) == []


def test_holders_in_bed_while_their_cards_are_out_are_sham_stays() -> None:
    (one,) = found(town(service=INPATIENT), in_bed=range(6), misfit=range(6))
    assert one.kind == "sham_stay"


def test_no_mark_counts_beyond_its_most() -> None:
    view = town(holders=60)
    (one,) = found(view, misfit=range(60), travel=range(60))
    assert one.harm <= 2 * CAP - MARGIN
    assert one.coordination <= 2 * CAP - log(DOCTORS) - MARGIN
    assert honest_scatter(np.array([60] + [0] * 9), np.full(10, 0.1)) == SCATTER[0]  # too few expect any
