"""Stays of one length at each place, said of one group, and what a timetable adds to a rotation's harm."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from statistics import pstdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.uses import groups
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, OUTPATIENT, Candidate, View
from ringfinder.rings.company import A_DOCTOR
from ringfinder.rings.harm import ALONE, LENGTH_BACKS
from ringfinder.rings.lengths import (
    LEAST_SPREAD,
    LEAST_STAYS,
    MOST_NATS,
    STEADY_SPREAD,
    of_stays,
    spread,
)
from ringfinder.rings.prices import LEAST_TOLD, TOLD_SHARE
from ringfinder.rings.transfers import search

from .planted import with_codes

Stay = tuple[int, float, str]  # facility, days, illness ("" if not known)
A, B, C = range(3)
BACK, COUGH, DIZZY = "M54", "J20", "R42"
ILL = (BACK, COUGH, DIZZY)


def world(stays: Sequence[Stay], service: Sequence[int] | int = INPATIENT) -> View:
    """Stays of a person each, in this order."""
    codes = sorted({d for _, _, d in stays if d})
    start = np.arange(len(stays)) * DAY
    end = start + np.array([int(days * DAY) for _, days, _ in stays], np.int64)
    ill = [codes.index(d) if d else BLANK for _, _, d in stays]
    view = quick_view(np.arange(len(stays)), [f for f, _, _ in stays], start, end=end, service=service, diagnosis=ill)
    return with_codes(view, codes)


def judged(group: list[Stay], others: Sequence[Stay] = ()) -> tuple[float, bool]:
    return of_stays(world([*group, *others]), np.arange(len(group)))


def at(place: int, *days: float) -> list[Stay]:
    """Stays there of so many days, for three illnesses in turn."""
    return [(place, d, ILL[i % 3]) for i, d in enumerate(days)]


SOME = at(A, 5, 20, 5, 20)  # standard deviation of ln days: half of ln 4
USUAL = log(2)


def test_stays_of_one_length_where_others_vary_have_nats() -> None:
    """Five of ten days, each: 5 ln(0.693 / 0.05) - 3."""
    assert (LEAST_STAYS, LEAST_SPREAD, MOST_NATS) == (5, 0.05, 20.0)
    assert judged(at(A, *[10] * 5), SOME) == (pytest.approx(5 * log(USUAL / 0.05) - 3), True)
    assert judged(at(A, *[10] * 4), SOME)[0] == 0.0


def test_one_place_counts_twenty_nats_at_most() -> None:
    assert 10 * log(USUAL / 0.05) - 3 > 20
    assert judged(at(A, *[10] * 10), SOME)[0] == 20.0
    both = [*SOME, *at(B, 5, 20)]
    assert judged(at(A, *[10] * 10) + at(B, *[9] * 10), both)[0] == 40.0


def test_each_place_has_its_own_length() -> None:
    """Five of three days at A and five of thirty at B; the others vary at A twice as much as at B."""
    group = at(A, *[3] * 5) + at(B, *[30] * 5)
    got = judged(group, at(A, 5, 20) + at(B, 5, 10))[0]
    assert got == pytest.approx(5 * log(log(2) / 0.05) - 3 + 5 * log(log(2) / 2 / 0.05) - 3)


def test_lengths_that_vary_less_than_others_count_as_far() -> None:
    """Six of eight and ten days by turns, against five and twenty."""
    own = log(10 / 8) / 2
    assert own > LEAST_SPREAD
    assert judged(at(A, *[8, 10] * 3), SOME)[0] == pytest.approx(6 * log(USUAL / own) - 3)


@pytest.mark.parametrize("days", [[5, 20] * 5, [1, 90] * 5, [10, 30] * 3])
def test_lengths_like_the_others_are_nothing(days: list[float]) -> None:
    assert judged(at(A, *days), SOME)[0] == 0.0


def test_where_all_stay_equally_long_nobody_does() -> None:
    """Ten and twelve days differ by 0.09 from their mean, ten and 12.5 by 0.11."""
    assert STEADY_SPREAD == 0.1
    group = at(A, *[10] * 20)
    assert judged(group, at(A, 10, 12))[0] == 0.0
    assert judged(group, at(A, 10, 12.5))[0] == pytest.approx(20 * log(log(1.25) / 2 / 0.05) - 3)
    assert judged(group)[0] == 0.0
    assert judged(group, at(B, 5, 20))[0] == 0.0


def test_outpatients_have_no_length() -> None:
    stays = [*at(A, *[10] * 5), *SOME]
    assert of_stays(world(stays, [INPATIENT] * 5 + [OUTPATIENT] * 4), np.arange(5))[0] == 0.0


@pytest.mark.parametrize(
    ("ill", "differ"),
    [
        ([BACK, BACK, BACK, COUGH, DIZZY], True),
        ([BACK, BACK, BACK, BACK, DIZZY], False),
        ([BACK, "M51", "M47", "M50", DIZZY], False),  # all but one the back
        ([BACK, COUGH, DIZZY, "", ""], True),
        ([BACK, COUGH, "", "", ""], False),
        (["", "", "", "", ""], False),
        ([], False),
    ],
)
def test_illnesses_differ_by_chapter_where_most_are_known(ill: list[str], differ: bool) -> None:
    assert judged([(A, 10, d) for d in ill], SOME)[1] is differ


def test_a_chapter_is_the_first_letter() -> None:
    assert groups(with_codes(world([]), ["M54", "J20", "M51", "J44", ""]), 1).tolist() == [2, 1, 2, 1, 0]
    assert groups(with_codes(world([]), []), 1).tolist() == []


def test_the_spread_is_that_of_each_place() -> None:
    """Less than a day counts as one: nothing beside a day."""
    view = world([*at(A, 5, 20), *at(C, 0, 0.5, 1)])
    assert spread(view.visits, np.arange(5), 4).tolist() == pytest.approx([log(2), 0.0, 0.0, 0.0])
    assert spread(view.visits, np.array([1]), 3).tolist() == pytest.approx([0.0] * 3, abs=1e-6)
    assert spread(view.visits, np.zeros(0, np.int64), 3).tolist() == [0.0] * 3


some_stays = st.lists(
    st.tuples(
        st.tuples(
            st.sampled_from((A, A, B)), st.sampled_from((0.5, 5, 10, 11, 20)), st.sampled_from((*ILL, "M51", ""))
        ),
        st.booleans(),
        st.sampled_from((INPATIENT, INPATIENT, INPATIENT, OUTPATIENT)),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(some_stays)
def test_stays_of_one_length_are_what_a_plain_count_says(rows: list[tuple[Stay, bool, int]]) -> None:
    """The group's are those marked that are stays."""
    view = world([stay for stay, _, _ in rows], [care for _, _, care in rows])
    mine = [i for i, (_, ours, care) in enumerate(rows) if ours and care == INPATIENT]
    wanted = 0.0
    for place in (A, B):
        days = {
            group: [
                log(max(1.0, s[1])) for s, ours, care in rows if s[0] == place and care == INPATIENT and ours == group
            ]
            for group in (True, False)
        }
        if len(days[True]) >= 5 and days[False] and pstdev(days[False]) > 0.1:
            gain = len(days[True]) * log(pstdev(days[False]) / max(0.05, pstdev(days[True]))) - 3
            wanted += min(20.0, max(0.0, gain))
    known = [rows[i][0][2][0] for i in mine if rows[i][0][2]]
    most = max((known.count(letter) for letter in known), default=0)
    got = of_stays(view, np.array(mine, np.int64))
    assert got[0] == pytest.approx(wanted)
    told = 5 * len(known) >= 3 * len(mine) or len(known) >= max(LEAST_TOLD, TOLD_SHARE * len(mine))
    assert got[1] is bool(known and told and 5 * most <= 3 * len(known))


# A rotation by timetable


def surprise(k: float, mu: float) -> float:
    return k * log(k / mu) - (k - mu)


def rotation(
    ill: Sequence[str] = ILL, at_b: Sequence[int] = (10,), usual_a: Sequence[int] = (5, 20), doctor: int = 0
) -> Candidate:
    """Twelve who go from A to B and back, twenty days after one another and each to doctors of his own: nobody in company.

    Their illnesses and days at B are these in turn; at A they lie ten days. Nine of them, if a `doctor` is given, meet him at B.
    Beside them ten people lie at A, `usual_a` days in turn, and ten at B, five or twenty days; sixty move once between houses of their
    own, and six hundred do not.
    """
    rows: list[tuple[int, int, int, int, str, int]] = []  # patient, facility, first day, days, illness, doctor
    for p in range(12):
        stay, d = at_b[p % len(at_b)], ill[p % len(ill)]
        for place, day, days in ((A, 0, 10), (B, 13, stay), (A, 13 + stay + 3, 10)):
            to = doctor if doctor and place == B and p < 9 else 100 + len(rows)
            rows.append((p, place, 20 * p + day, days, d, to))
    for i in range(10):
        rows += [(20 + i, A, 30 * i, usual_a[i % len(usual_a)], BACK, 1), (30 + i, B, 30 * i, (5, 20)[i % 2], BACK, 1)]
    for i in range(60):
        rows += [(50 + i, 10 + 2 * i, 7 * i, 10, BACK, 1), (50 + i, 11 + 2 * i, 7 * i + 13, 10, BACK, 1)]
    rows += [(200 + i, 10 + i % 120, i, 10, BACK, 1) for i in range(600)]
    patient, place, first, length, _, treated = (np.array(column) for column in zip(*rows, strict=True))
    codes = sorted({row[4] for row in rows if row[4]})
    view = quick_view(
        patient,
        place,
        first * DAY + 9 * HOUR,
        end=(first + length) * DAY + 9 * HOUR,
        service=INPATIENT,
        cents=100_000 + np.arange(len(rows)) ** 2,
        doctor=treated,
        diagnosis=[codes.index(row[4]) if row[4] else BLANK for row in rows],
    )
    (found,) = search(with_codes(view, codes))
    assert found.patients.tolist() == list(range(12))
    return found


# 24 moves among 36 stays; in all 84 among 36 + 20 + 120 + 600
SPLIT = surprise(24, 36 * 84 / 776)


def test_equal_lengths_for_illnesses_that_differ_back_split_stays() -> None:
    assert (ALONE, LENGTH_BACKS) == (6.0, 4.0)
    assert SPLIT > 20
    assert rotation().harm == ALONE + LENGTH_BACKS
    assert rotation(ill=[BACK]).harm == ALONE


@pytest.mark.parametrize("ill", [["M54", "M51", "M47"], [""], [BACK] * 3 + [COUGH]])
def test_one_illness_or_none_known_explains_one_length(ill: list[str]) -> None:
    assert rotation(ill).harm == ALONE


def test_unequal_lengths_back_nothing() -> None:
    """At A all lie ten days, the others as well; at B as the others do."""
    assert rotation(at_b=(5, 20), usual_a=(10,)).harm == ALONE


@pytest.mark.parametrize(("longer", "backs"), [(19, 4.0), (20, 0.0)])
def test_lengths_back_from_what_one_trait_may_count_on(longer: int, backs: float) -> None:
    """Only at B others vary: twelve stays of ten days or nearly twice that have 6.2 nats, or of twice that 5.3."""
    gain = 12 * log(log(2) / (log(longer / 10) / 2)) - 3
    assert (gain >= ALONE) is (backs > 0)
    assert rotation(at_b=(10, longer), usual_a=(10,)).harm == ALONE + backs


def test_company_and_lengths_add_up() -> None:
    """Nine of twelve at B to one doctor: 9 ln(0.75 / 0.25) - 2, or with one illness 9 ln(0.75 / 0.5) - 2 and no more."""
    both = ALONE + LENGTH_BACKS + 9 * log(3) - A_DOCTOR
    assert both < SPLIT
    assert rotation(doctor=99).harm == pytest.approx(both)
    assert rotation(ill=[BACK], doctor=99).harm == pytest.approx(ALONE + 9 * log(1.5) - A_DOCTOR)
    assert rotation(at_b=(5, 20), usual_a=(10,), doctor=99).harm == pytest.approx(ALONE + 9 * log(3) - A_DOCTOR)
