from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at, code, purchase, quick_view, seconds, stay, view_of, visit, where

from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, OUTPATIENT, PHARMACY, View
from ringfinder.evidence.visits import (
    COURSE_REFILLS,
    COURSE_VISITS,
    COURSE_VISITS_ONE_PRICE,
    FEW,
    HOME,
    ONE_STAY,
    ONE_VISIT,
    PROGRAMME_HOUSEHOLDS,
    REFILL_GAP,
    households,
    most_frequent,
)


def visits_of(starts: list[int], ends: list[int] | None = None, service: int = OUTPATIENT) -> View:
    """One person at one place."""
    return quick_view(0, 0, starts, end=ends, service=service)


def blanks(size: int) -> np.ndarray:
    return np.full(size, BLANK, np.int32)


# Stays and tills


def test_a_stay_settled_in_parts_is_one_stay() -> None:
    starts = [0, 10 * DAY, 20 * DAY + ONE_STAY]
    view = visits_of(starts, [10 * DAY, 20 * DAY, 25 * DAY], INPATIENT)
    assert view.visits.start.tolist() == [0]
    assert view.visits.end.tolist() == [25 * DAY]
    assert view.visits.amount.tolist() == [30_000]
    assert view.claims.visit.tolist() == [0, 0, 0]


def test_a_stay_that_begins_later_is_another_one() -> None:
    view = visits_of([0, 10 * DAY + ONE_STAY + 1], [10 * DAY, 20 * DAY], INPATIENT)
    assert view.visits.start.tolist() == [0, 10 * DAY + ONE_STAY + 1]
    assert view.claims.visit.tolist() == [0, 1]


def test_a_part_settled_meanwhile_does_not_cut_a_long_stay_short() -> None:
    view = visits_of([0, 5 * DAY, 30 * DAY], [30 * DAY, 6 * DAY, 40 * DAY], INPATIENT)
    assert view.visits.end.tolist() == [40 * DAY]


def test_tills_within_two_hours_are_one_visit_and_a_second_later_are_two() -> None:
    assert visits_of([0, ONE_VISIT]).visits.amount.tolist() == [20_000]
    assert visits_of([0, ONE_VISIT + 1]).visits.amount.tolist() == [10_000, 10_000]


def test_other_places_other_care_and_other_people_are_other_visits() -> None:
    view = quick_view([0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0], service=[1, 1, 2, 1])
    assert len(view.visits.start) == 4


def test_a_visit_knows_what_its_first_claim_that_knows_it_says() -> None:
    view = quick_view(
        0,
        0,
        [0, HOUR, 2 * HOUR],
        cents=[1, 20, 300],
        end=[9 * HOUR, HOUR, 3 * HOUR],
        doctor=[BLANK, 7, 5],
        drug=[BLANK, BLANK, BLANK],
        operator=[3, BLANK, 4],
    )
    visits = view.visits
    assert visits.amount.tolist() == [321]
    assert visits.end.tolist() == [9 * HOUR]
    assert visits.doctor.tolist() == [7]
    assert visits.drug.tolist() == [BLANK]
    assert visits.operator.tolist() == [3]


claim = st.tuples(
    st.integers(0, 2),  # patient
    st.integers(0, 1),  # facility
    st.sampled_from([INPATIENT, OUTPATIENT, PHARMACY]),
    st.integers(0, 60).map(lambda n: n * HOUR),  # start
    st.integers(0, 30).map(lambda n: n * HOUR),  # length
    st.integers(0, 500),  # cents
)


def visits_by_loop(claims: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The same merge, said plainly: (patient, start, service, facility, end, cents)."""
    out = []
    for patient in range(3):
        for facility in range(2):
            for service in range(3):
                open_: list[int] | None = None
                latest = previous = 0
                mine = [c for c in claims if c[:3] == (patient, facility, service)]
                for _, _, _, start, length, cents in sorted(mine, key=lambda c: c[3]):
                    reach = latest + ONE_STAY if service == INPATIENT else previous + ONE_VISIT
                    if open_ is None or start > reach:
                        open_ = [patient, start, service, facility, start + length, 0]
                        out.append(open_)
                        latest = 0
                    latest, previous = max(latest, start + length), start
                    open_[4] = max(open_[4], start + length)
                    open_[5] += cents
    return sorted(tuple(v) for v in out)


@settings(max_examples=150, deadline=None)
@given(st.lists(claim, max_size=14))
def test_visits_are_those_that_a_plain_loop_over_claims_makes(claims: list[tuple[int, ...]]) -> None:
    patient, facility, service, start, length, cents = np.array(claims, np.int64).reshape(-1, 6).T
    view = quick_view(patient, facility, start, service=service, end=start + length, cents=cents)
    v, c = view.visits, view.claims
    made = zip(v.patient, v.start, v.service, v.facility, v.end, v.amount, strict=True)
    assert [tuple(int(x) for x in row) for row in made] == visits_by_loop(claims)
    np.testing.assert_array_equal(v.patient[c.visit], c.patient)
    np.testing.assert_array_equal(v.facility[c.visit], c.facility)
    np.testing.assert_array_equal(v.service[c.visit], c.service)
    assert (v.start[c.visit] <= c.start).all()
    np.testing.assert_array_equal(np.bincount(c.visit, c.amount, len(v.amount)), v.amount)


# Courses


def flagged(view: View) -> list[bool]:
    return view.visits.course.tolist()


def on_days(days: list[float], **more: object) -> View:
    starts = [int(d * DAY) + 9 * HOUR for d in days]
    return quick_view(0, more.pop("facility", 0), starts, **more)  # type: ignore[arg-type]


def rising(n: int) -> list[int]:
    return [10_000 + i for i in range(n)]


def test_a_course_flags_all_but_its_first_visit() -> None:
    n = COURSE_VISITS
    assert flagged(on_days([3 * i for i in range(n)], cents=rising(n))) == [False] + [True] * (n - 1)


def test_too_few_regular_visits_at_changing_prices_are_no_course() -> None:
    n = COURSE_VISITS - 1
    assert flagged(on_days([3 * i for i in range(n)], cents=rising(n))) == [False] * n


def test_fewer_visits_are_a_course_when_the_price_never_changes() -> None:
    n = COURSE_VISITS_ONE_PRICE
    assert flagged(on_days([3 * i for i in range(n)])) == [False] + [True] * (n - 1)
    assert flagged(on_days([3 * i for i in range(n - 1)])) == [False] * (n - 1)


def test_visits_without_rhythm_are_no_course() -> None:
    assert flagged(on_days([0, 1, 11, 41, 44, 70], cents=rising(6))) == [False] * 6


def test_a_course_stands_some_irregular_gaps() -> None:
    # gaps 3, 3, 3, 9, 20: three of five (60 %) are the median gap; with 3, 3, 8, 9, 20 only one is near the median 8
    assert flagged(on_days([0, 3, 6, 9, 18, 38], cents=rising(6))) == [False] + [True] * 5
    assert flagged(on_days([0, 3, 6, 14, 23, 43], cents=rising(6))) == [False] * 6


def test_a_course_is_at_one_place() -> None:
    assert flagged(on_days([3 * i for i in range(6)], facility=[0, 1] * 3, cents=rising(6))) == [False] * 6


def test_the_same_medicine_every_month_is_a_course_wherever_it_is_bought() -> None:
    n = COURSE_REFILLS + 2
    days = [0, 30, 67, 90, 120]  # gaps 30, 37, 23, 30: within ten days of the month
    view = on_days(days, facility=list(range(n)), service=PHARMACY, drug=4, cents=rising(n))
    assert flagged(view) == [False] + [True] * (n - 1)


def test_other_medicines_every_month_are_no_course() -> None:
    n = COURSE_REFILLS
    view = on_days(
        [30 * i for i in range(n)], facility=list(range(n)), service=PHARMACY, drug=list(range(n)), cents=rising(n)
    )
    assert flagged(view) == [False] * n


def test_the_same_medicine_every_few_days_at_changing_places_is_no_course() -> None:
    gap = REFILL_GAP / DAY - 1
    view = on_days([gap * i for i in range(6)], facility=list(range(6)), service=PHARMACY, drug=4, cents=rising(6))
    assert flagged(view) == [False] * 6


def test_two_people_make_no_course_together() -> None:
    starts = [3 * i * DAY for i in range(6)]
    view = quick_view([0, 1] * 3, 0, starts, cents=rising(6))
    assert flagged(view) == [False] * 6


# Programmes


def crowd(people: int, **more: object) -> View:
    starts = [9 * HOUR + 60 * i for i in range(people)]
    return quick_view(np.arange(people), 0, starts, **more)  # type: ignore[arg-type]


def test_many_households_at_one_place_on_one_day_at_one_price_are_a_programme() -> None:
    assert crowd(PROGRAMME_HOUSEHOLDS).visits.programme.all()


def test_one_household_less_is_no_programme() -> None:
    n = PROGRAMME_HOUSEHOLDS
    assert not crowd(n - 1).visits.programme.any()
    assert not crowd(n, household=[0, 0, *range(1, n - 1)]).visits.programme.any()


def test_a_programme_has_one_price_one_day_one_place_and_one_kind_of_care() -> None:
    n = PROGRAMME_HOUSEHOLDS
    other = np.arange(n) == 0
    assert not crowd(n, cents=10_000 + other).visits.programme.any()
    assert not crowd(n, service=np.where(other, PHARMACY, OUTPATIENT)).visits.programme.any()
    starts = np.where(other, DAY, 0) + 9 * HOUR
    assert not quick_view(np.arange(n), 0, starts).visits.programme.any()
    assert not quick_view(np.arange(n), other, starts * 0).visits.programme.any()


def test_only_the_visits_at_the_price_of_the_programme_belong_to_it() -> None:
    n = PROGRAMME_HOUSEHOLDS
    view = crowd(n + 1, cents=np.where(np.arange(n + 1) == 3, 500, 10_000))
    assert np.flatnonzero(~view.visits.programme).tolist() == [3]


# Households


def test_people_of_one_address_are_one_household() -> None:
    address = np.array([4, 4, 9, BLANK], np.int32)
    one_phone = np.array([1, 2, 1, 3], np.int32)  # the third has the first one's phone, but an address of his own
    home = households(address, one_phone, blanks(4))
    assert home[0] == home[1]
    assert len(set(home.tolist())) == 3


def test_more_than_a_dozen_people_at_one_address_are_a_home_and_no_household() -> None:
    assert HOME == 12
    dozen = np.zeros(HOME, np.int32)
    assert len(set(households(dozen, blanks(HOME), blanks(HOME)).tolist())) == 1
    more = np.zeros(HOME + 1, np.int32)
    assert len(set(households(more, blanks(HOME + 1), blanks(HOME + 1)).tolist())) == HOME + 1
    couple = blanks(HOME + 1)
    couple[:2] = 4  # two of a home's people share a phone
    assert len(set(households(more, couple, blanks(HOME + 1)).tolist())) == HOME


def test_few_people_without_address_on_one_phone_are_one_household_and_many_are_none() -> None:
    few = households(blanks(FEW), np.zeros(FEW, np.int32), blanks(FEW))
    assert few.tolist() == [0] * FEW
    many = households(blanks(FEW + 1), np.zeros(FEW + 1, np.int32), blanks(FEW + 1))
    assert sorted(many.tolist()) == list(range(FEW + 1))


def test_an_account_joins_those_whom_neither_address_nor_phone_joins() -> None:
    address = np.array([0, BLANK, BLANK, BLANK, BLANK], np.int32)
    phone = np.array([BLANK, 5, 5, BLANK, BLANK], np.int32)
    account = np.array([1, BLANK, 1, 1, 1], np.int32)
    home = households(address, phone, account).tolist()
    assert home[1] == home[2]
    assert home[3] == home[4]
    assert len({home[0], home[1], home[3]}) == 3


def test_addresses_phones_and_accounts_of_one_number_do_not_meet() -> None:
    address = np.array([3, BLANK, BLANK, BLANK], np.int32)
    phone = np.array([BLANK, 3, BLANK, BLANK], np.int32)
    account = np.array([BLANK, BLANK, 3, BLANK], np.int32)
    assert sorted(households(address, phone, account).tolist()) == [0, 1, 2, 3]


def test_households_come_from_the_register(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        [visit(p, "f", at(0, 9)) for p in "abc"],
        patients=[
            {"patient_id": "a", "address": "road 1"},
            {"patient_id": "b", "address": "road 2", "phone": "5"},
            {"patient_id": "c", "address": "road 1", "phone": "5"},
        ],
    )
    assert view.people.household[0] == view.people.household[2] != view.people.household[1]


# Registers filled from claims


def test_the_commonest_value_fills_what_the_register_leaves_open() -> None:
    known = np.array([BLANK, BLANK, 7, BLANK], np.int32)
    key = np.array([0, 0, 0, 1, 1, 2, 2, BLANK], np.int32)
    value = np.array([5, 5, 4, 9, 3, 1, 1, 2], np.int32)
    # code 1 was seen once with 9 and once with 3: the smaller; code 2 is known; code 3 was never seen
    assert most_frequent(known, key, value).tolist() == [5, 3, 7, BLANK]


def test_holders_and_doctors_places_come_from_registers_else_from_most_claims(tmp_path: Path) -> None:
    rows = [visit("p", f, at(i, 9), doctor_id="d1", card_id="k1") for i, f in enumerate(["f1", "f2", "f2"])]
    rows.append(visit("q", "f1", at(9, 9), doctor_id="d2", card_id="k2"))
    view = view_of(
        tmp_path,
        rows,
        doctors=[{"doctor_id": "d2", "facility_id": "f9"}],
        cards=[{"card_id": "k2", "patient_id": "p"}, {"card_id": "k3"}],
    )
    assert view.doctor_place.tolist() == [code(view, "facility", "f2"), code(view, "facility", "f9")]
    assert view.card_holder.tolist() == [code(view, "patient", "p"), code(view, "patient", "p"), BLANK]


@pytest.mark.parametrize("hours", [True, False])
def test_bare_days_are_known_as_such(tmp_path: Path, hours: bool) -> None:
    assert view_of(tmp_path, [visit("p", "f", at(0, 9 if hours else 0))]).hours_known is hours


def test_visits_are_sorted_by_patient_and_start(tmp_path: Path) -> None:
    rows = [
        purchase("b", "f", at(1, 9)),
        stay("a", "h", at(2), 5),
        visit("a", "f", at(0, 9)),
        purchase("a", "f", at(0, 9) + timedelta(hours=1)),
    ]
    view = view_of(tmp_path, rows)
    assert view.visits.patient.tolist() == [0, 0, 0, 1]
    assert view.visits.start.tolist() == [seconds(t) for t in (at(0, 9), at(0, 10), at(2), at(1, 9))]
    assert where(view, "a", "h") == [2]
