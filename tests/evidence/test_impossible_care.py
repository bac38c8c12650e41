from __future__ import annotations

from dataclasses import replace
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
    misfit, day = flags_of(view, misfit=range(6))["misfit"], view.visits.start // DAY
    once, often = excess(Clients.of(view, np.arange(len(day))), misfit, day)[0].tolist()
    assert (once, often) == ([6, *[0] * 9], [0] * 10)
    gains = []
    for k in (6, 4):
        town_rate = (k + 0.5) / 425
        mu = HOLDERS * (1 - (1 - town_rate) ** VISITS) + EACH * town_rate
        gains.append(float(surprise(k, mu, SCATTER[0])) - log(2))  # for having counted those who come again as well
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
    day = view.visits.start // DAY
    alone = excess(Clients.of(view, rows), flags["misfit"], day)[1][0, 0]
    beside = town()
    for name in ("misfit", "travel"):
        flags[name] = flags_of(beside, misfit=range(6))["misfit"] | (
            (beside.visits.patient >= 100) & (beside.visits.doctor > 0) & (beside.visits.patient % 2 == 0)
        )
    assert excess(Clients.of(beside, rows), flags["misfit"], day)[1][0, 0] > alone
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
    view = town()
    wards = replace(view, visits=replace(view.visits, service=np.full(len(view.visits.service), INPATIENT, np.int8)))
    (one,) = found(wards, in_bed=range(6), misfit=range(6))
    assert one.kind == "sham_stay"


def test_who_lends_his_card_again_and_again_tells_more_than_many_slips() -> None:
    """Forty bear each mark once with honest doctors, four a doctor, and nobody twice: the six do so twice, where one in seventy would."""
    view = town()
    flags = flags_of(view)
    others = view.visits.patient >= 100
    for name, shift in (("misfit", 0), ("travel", 1)):
        flags[name] |= others & (view.visits.patient % 10 == shift)
        for p in range(HOLDERS):
            flags[name][np.flatnonzero(view.visits.patient == p)[:2]] = True
    day = view.visits.start // DAY
    k, mu = excess(Clients.of(view, np.arange(len(day))), flags["misfit"], day)
    assert k[:, 0].tolist() == [HOLDERS + 4, HOLDERS]
    assert k[:, 1].tolist() == [4, 0]
    rate = max((40 + 12 + 0.5) / 425, (36 + KNOWN_VISITS * 52.5 / 425) / (360 + KNOWN_VISITS))
    once = 1 - (1 - rate) ** np.array([*[VISITS] * HOLDERS, *[1] * EACH])
    seldom = -np.log1p(-rate) * np.array([*[VISITS] * HOLDERS, *[1] * EACH])
    twice = 1 - np.exp(-seldom) * (1 + seldom)
    again = 0.5 / (36 + 1)  # of the other doctors' clients who bear it
    np.testing.assert_allclose(mu[:, 0], [once.sum(), np.maximum(twice, again * once).sum()])
    (one,) = [c for c in search(view, flags, claims_of(view), "lent_cards") if c.hubs[0] == ("doctor", 0, "attending")]
    assert one.patients.tolist() == list(range(HOLDERS))  # the four with one slip are no members
    told = [f for f in one.findings if f.side == "harm"]
    assert [(f.key.rsplit("_", 1)[1], f.observed) for f in told] == [("misfit", HOLDERS), ("travel", HOLDERS)]


def test_where_wrong_registers_are_wrong_again_and_again_it_tells_nothing() -> None:
    """Ten clients of every other doctor come twice and bear it both times: so do the holders."""
    patient = [p for d in range(1, 10) for p in range(100 * d, 100 * d + 10) for _ in range(2)]
    patient += [p for p in range(HOLDERS) for _ in range(2)] + [2000 + i for i in range(300)]
    doctor = [d for d in range(1, 10) for _ in range(20)] + [0] * 2 * HOLDERS + [i % 10 for i in range(300)]
    view = quick_view(patient, 0, np.arange(len(patient)) * DAY, doctor=doctor)
    marked, day = view.visits.patient < 2000, view.visits.start // DAY
    k, mu = excess(Clients.of(view, np.arange(len(day))), marked, day)
    assert k[:, 0].tolist() == [HOLDERS, HOLDERS]
    again = (90 + 0.5) / (90 + 1)
    assert mu[1, 0] == pytest.approx(mu[0, 0] * again, rel=0.05)


def test_no_mark_counts_beyond_its_most() -> None:
    view = town(holders=60)
    (one,) = found(view, misfit=range(60), travel=range(60))
    assert one.harm <= 2 * CAP - MARGIN
    assert one.coordination <= 2 * CAP - log(DOCTORS) - MARGIN
    assert honest_scatter(np.array([60] + [0] * 9), np.full(10, 0.1)) == SCATTER[0]  # too few expect any
