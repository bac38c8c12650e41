"""Equal amounts for many reasons: two medicines for one illness have two prices."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view

from ringfinder.evidence.marks import Marks, mark
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, OUTPATIENT, PHARMACY
from ringfinder.rings.prices import ONE_REASON, Rows, for_many_reasons, likes, one_for_many

Care = tuple[int, int, int, int]  # place, kind of care, medicine, diagnosis

TEN = range(10)
YES, NO = [True] * 10, [False] * 10


def observed(groups: list[list[Care]]) -> tuple[Presence, Marks, Rows]:
    """Groups of visits for 300 yuan, each of a person and day of his own."""
    place, service, drug, diagnosis = np.array([care for group in groups for care in group], np.int64).T
    n = len(place)
    start = np.arange(n) * DAY
    end = start + np.where(service == INPATIENT, 3 * DAY, 0)
    columns = {"service": service, "drug": drug, "diagnosis": diagnosis, "end": end}
    view = quick_view(np.arange(n), place, start, cents=30_000, **columns)
    presence = observe(view)
    row_of = np.empty(n, np.int64)
    row_of[presence.visit] = np.arange(n)
    group = np.repeat(np.arange(len(groups)), [len(visits) for visits in groups])
    row = np.concatenate([np.sort(row_of[group == g]) for g in range(len(groups))])
    return presence, mark(view), Rows.of(presence, group, row, len(groups))


def many(*groups: list[Care], near: list[bool] | None = None) -> list[bool]:
    """By visit, of those with a known reason (and of `near`): no medicine or diagnosis makes most of them; False of others."""
    presence, marks, rows = observed(list(groups))
    reason = marks.reason[rows.visit]
    asked = np.ones(len(reason), np.bool_) if near is None else np.array(near)[rows.visit]
    told = np.flatnonzero((reason != BLANK) & asked)
    out = np.zeros(len(reason), np.bool_)
    if len(told):
        out[rows.visit[told]] = one_for_many(presence, rows, told, reason[told])[rows.at[told]]
    return out.tolist()


def seen(*drugs: int, illness: int = 4, place: int = 0) -> list[Care]:
    """Outpatient visits under one diagnosis, each with one of these medicines."""
    return [(place, OUTPATIENT, drug, illness) for drug in drugs]


def ill(*diagnoses: int, service: int = OUTPATIENT, drug: int = BLANK, place: int = 0) -> list[Care]:
    """Visits with these diagnoses and one medicine."""
    return [(place, service, drug, diagnosis) for diagnosis in diagnoses]


# Medicines


def test_different_medicines_for_one_illness_have_many_prices() -> None:
    assert many(seen(*TEN)) == YES


@pytest.mark.parametrize("illness", [4, BLANK])
def test_different_medicines_of_a_pharmacy_have_many_prices(illness: int) -> None:
    assert many([(0, PHARMACY, drug, illness) for drug in TEN]) == YES
    assert many([(0, PHARMACY, 7, illness) for _ in TEN]) == NO


def test_one_medicine_for_different_illnesses_has_one_price() -> None:
    assert many(ill(*TEN, drug=7)) == NO


def test_one_medicine_may_make_half_of_them() -> None:
    assert ONE_REASON == 0.5
    assert many(seen(*[7] * 5, *range(5))) == YES
    assert many(seen(*[7] * 6, *range(4))) == NO
    assert many(seen(7, 7, 7, 7, 1, 2, 3)) == [False] * 7
    assert many(seen(7, 7, 7, 1, 2, 3, 4)) == [True] * 7


def test_two_medicines_half_and_half_are_many() -> None:
    assert many(seen(*[7] * 5, *[3] * 5)) == YES
    assert many(seen(7)) == [False]
    assert many(seen(7, 3)) == [True] * 2


# Stays


def test_a_stay_is_for_its_illness_whatever_the_medicine() -> None:
    assert many([(0, INPATIENT, drug, 4) for drug in TEN]) == NO
    assert many(ill(*TEN, service=INPATIENT, drug=7)) == YES
    assert many(ill(*[4] * 6, *range(5, 9), service=INPATIENT)) == NO
    assert many(ill(*[4] * 5, *range(5, 10), service=INPATIENT)) == YES


# Unknown medicines


def test_where_no_medicine_is_known_the_illness_is_what_it_was_for() -> None:
    for service in (OUTPATIENT, PHARMACY):
        assert many(ill(*[4] * 10, service=service)) == NO
        assert many(ill(*TEN, service=service)) == YES


def test_those_without_a_medicine_count_by_their_illness_beside_the_others() -> None:
    """Under one diagnosis six, or five, without a medicine, and the others with one each."""
    assert many(seen(*[BLANK] * 6, *range(4))) == NO
    assert many(seen(*[BLANK] * 5, *range(5))) == YES


def test_an_illness_is_no_medicine_of_the_same_number() -> None:
    """Five with a medicine and five without, told apart however medicines and illnesses are numbered."""
    for drug in range(8):
        for illness in range(3):
            for service in (OUTPATIENT, PHARMACY):
                medicines = ill(*[0] * 5, drug=drug, service=service)
                assert many(medicines + ill(*[illness] * 5, service=service)) == YES


def test_who_has_neither_medicine_nor_illness_does_not_count() -> None:
    """Three of six known ones, and four of seven, are of one medicine."""
    unknown = ill(*[BLANK] * 4, service=PHARMACY)
    assert many([*((0, PHARMACY, drug, BLANK) for drug in (7, 7, 7, 1, 2, 3)), *unknown]) == [True] * 6 + [False] * 4
    assert many([*((0, PHARMACY, drug, BLANK) for drug in (7, 7, 7, 7, 1, 2, 3)), *unknown]) == [False] * 11


# Each spot, each group


def test_each_place_has_its_own() -> None:
    """One medicine at place 1, of which there are two at place 0 beside eight others."""
    here = seen(*range(8), 17, 17)
    assert many(here + seen(*[17] * 4, place=1)) == YES + [False] * 4
    assert many(seen(*[17] * 4, place=1) + here) == [False] * 4 + YES


def test_each_kind_of_care_has_its_own() -> None:
    """At one place six visits for different medicines, six purchases of one, and six stays for one illness."""
    visits, shop = seen(*range(6)), [(0, PHARMACY, 7, 4)] * 6
    assert many(visits + shop + ill(*[4] * 6, service=INPATIENT)) == [True] * 6 + [False] * 12


def test_each_group_has_its_own() -> None:
    """At one spot: ten medicines, one medicine, and ten again."""
    assert many(seen(*TEN), seen(*[7] * 10), seen(*TEN)) == YES + NO + YES


def test_only_those_asked_for_count() -> None:
    """Six of ten are one medicine; without one of these it is five of nine, without two of them half of eight."""
    group = seen(*[7] * 6, *range(4))
    assert many(group, near=[False] + [True] * 9) == NO
    assert many(group, near=[False] * 2 + [True] * 8) == [False] * 2 + [True] * 8
    assert many(group, near=[True] * 6 + [False] * 4) == NO


# As a mark


def without_reason(group: list[Care]) -> list[bool]:
    """Whether the group's amounts, all of them alike, are for many reasons; nobody else tells a price."""
    presence, marks, rows = observed([group])
    got = for_many_reasons(presence, marks, likes(presence, marks)[0], rows, np.ones(len(group), np.bool_))
    out = np.zeros(len(group), np.bool_)
    out[rows.visit] = got
    return out.tolist()


def test_equal_amounts_for_different_medicines_under_one_diagnosis_are_somebodys_choice() -> None:
    assert without_reason(seen(*TEN)) == YES
    assert without_reason(seen(*[7] * 6, *range(4))) == NO
    assert without_reason(seen(*[BLANK] * 10)) == NO
    assert without_reason([(0, INPATIENT, drug, 4) for drug in TEN]) == NO


def test_a_medicine_tells_what_a_visit_without_diagnosis_was_for() -> None:
    """At a clinic, and at no ward; and six of ten purchases of one medicine have its price."""
    clinic = [(0, OUTPATIENT, drug, BLANK) for drug in TEN]
    assert without_reason(clinic) == YES
    assert without_reason([(0, INPATIENT, drug, BLANK) for drug in TEN]) == NO
    assert without_reason([(0, OUTPATIENT, drug, BLANK) for drug in (*[7] * 6, *range(4))]) == NO
    assert without_reason([*clinic, (0, OUTPATIENT, BLANK, BLANK)]) == [
        *YES,
        True,
    ]  # the many that are told speak for it


# Against a plain count

cares = st.tuples(
    st.integers(0, 1),
    st.sampled_from((INPATIENT, OUTPATIENT, PHARMACY)),
    st.integers(BLANK, 2),
    st.integers(BLANK, 2),
)
some_groups = st.lists(st.lists(st.tuples(cares, st.booleans()), min_size=1, max_size=10), min_size=1, max_size=3)


def what(care: Care) -> tuple[str, int] | None:
    """Medicine or illness that a visit was for; None where nobody knows. Without an illness only a pharmacy tells a medicine."""
    _, service, drug, diagnosis = care
    if diagnosis == BLANK and (service != PHARMACY or drug == BLANK):
        return None
    return ("drug", drug) if drug != BLANK and service != INPATIENT else ("illness", diagnosis)


@settings(max_examples=150, deadline=None)
@given(some_groups)
def test_one_for_many_is_what_a_plain_count_says(groups: list[list[tuple[Care, bool]]]) -> None:
    wanted = []
    for group in groups:
        told = [(care[:2], what(care)) for care, near in group if near and what(care) is not None]
        of_spot, of_one = Counter(spot for spot, _ in told), Counter(told)
        for care, near in group:
            most = max((n for (spot, _), n in of_one.items() if spot == care[:2]), default=0)
            wanted.append(near and what(care) is not None and 2 * most <= of_spot[care[:2]])
    near = [chosen for group in groups for _, chosen in group]
    assert many(*([care for care, _ in group] for group in groups), near=near) == wanted
