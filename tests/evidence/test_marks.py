from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import START, at, purchase, quick_view, stay, view_of, visit, with_people

from ringfinder.evidence.beds import LIGHT_QUANTILE, MILD_QUANTILE
from ringfinder.evidence.marks import CHAIN, COSTLY, PLACEHOLDER, TYPICAL, mark
from ringfinder.evidence.misfit import LEAST_CASES, SEX_SHARE
from ringfinder.evidence.trips import LASTING, MONTHLY, SUPPLY, TRIP
from ringfinder.evidence.usual import median_by
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, OUTPATIENT, PHARMACY, View
from ringfinder.evidence.visits import SPLIT_STAY
from ringfinder.evidence.whereabouts import FAR_KM, FASTEST_KMH, LEAST_KM, SERVED

KM = 1 / 111.32  # degrees of longitude on the equator

# places on the equator, so many kilometres east of the first
EAST = {"home": 0.0, "near": LEAST_KM - 0.1, "town": FAR_KM - 0.1, "beyond": FAR_KM + 0.1, "hour": FASTEST_KMH}
FACILITIES = [{"facility_id": f, "latitude": 0.0, "longitude": km * KM} for f, km in EAST.items()]
FACILITIES.append({"facility_id": "nowhere"})


def marked(view: View, name: str) -> list[tuple[str, str, int]]:
    """(patient, facility, day) of the visits that bear a mark."""
    flags = mark(view).flags[name]
    visits, codes = view.visits, view.codes
    return [
        (
            str(codes.patient[visits.patient[i]]),
            str(codes.facility[visits.facility[i]]),
            int(visits.start[i] // DAY) - (START.date() - date(1970, 1, 1)).days,
        )
        for i in np.flatnonzero(flags)
    ]


def rows(flags: Any) -> list[int]:
    return [int(i) for i in np.flatnonzero(flags)]


def test_every_mark_has_its_typical_share(tmp_path: Path) -> None:
    assert list(mark(view_of(tmp_path, [visit("p", "f", at(0, 9))])).flags) == list(TYPICAL)


def test_a_world_without_visits_has_no_marks() -> None:
    assert [len(flags) for flags in mark(quick_view([0] * 0, [0] * 0, [0] * 0)).flags.values()] == [0] * len(TYPICAL)


# Where somebody was


def test_travel_is_faster_than_anybody_drives_who_was_served_for_ten_minutes(tmp_path: Path) -> None:
    """An hour away at 90 km/h, ten minutes at the first place: seventy minutes are enough, one less is not."""
    assert pytest.approx(10) == SERVED * 60
    view = view_of(
        tmp_path,
        [
            visit("fast", "home", at(0, 9)),
            purchase("fast", "hour", at(0, 10, 9)),
            visit("fast", "hour", at(0, 15)),
            visit("slow", "home", at(0, 9)),
            visit("slow", "hour", at(0, 10, 10.5)),
            visit("at once", "home", at(0, 9)),
            visit("at once", "beyond", at(0, 9, 10)),  # the distance takes three minutes, the first place ten
            visit("next door", "home", at(0, 9)),
            visit("next door", "near", at(0, 9, 1)),
            stay("in bed", "home", at(0, 9), 1),
            visit("in bed", "hour", at(0, 9, 10)),
            visit("no hour", "home", at(0)),
            visit("no hour", "hour", at(0, 0, 10)),
            visit("nobody knows where", "home", at(0, 9)),
            visit("nobody knows where", "nowhere", at(0, 9, 10)),
            visit("one", "home", at(0, 9)),
            visit("two", "hour", at(0, 9, 10)),
        ],
        facilities=FACILITIES,
    )
    assert marked(view, "travel") == [
        ("at once", "home", 0),
        ("at once", "beyond", 0),
        ("fast", "home", 0),
        ("fast", "hour", 0),
    ]


def test_travel_cannot_be_told_from_bare_days(tmp_path: Path) -> None:
    rows = [visit("fast", "home", at(0)), purchase("fast", "hour", at(0))]
    assert marked(view_of(tmp_path, rows, facilities=FACILITIES), "travel") == []


def test_in_bed_marks_the_visit_and_the_stay(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        [
            stay("a", "hospital", at(1, 9), 5),
            purchase("a", "shop", at(3, 9)),
            purchase("a", "shop", at(20, 9)),
            stay("edges", "hospital", at(1, 9), 5),
            purchase("edges", "shop", at(1, 20)),
            purchase("edges", "shop", at(6, 8)),
            stay("same house", "hospital", at(1, 9), 5),
            visit("same house", "hospital", at(3, 9)),
            stay("night", "hospital", at(1, 9), 1),
            purchase("night", "shop", at(2, 8)),
            stay("two beds", "hospital", at(1, 9), 20),
            stay("two beds", "clinic", at(5, 9), 3),
            stay("not hers", "hospital", at(1, 9), 5),
            purchase("b", "shop", at(3, 9)),
        ],
    )
    assert marked(view, "in_bed") == [
        ("a", "hospital", 1),
        ("a", "shop", 3),
        ("two beds", "hospital", 1),
        ("two beds", "clinic", 5),
    ]


def test_dead_is_more_than_a_day_after_the_day_of_death(tmp_path: Path) -> None:
    died = [{"patient_id": p, "death_date": date(2024, 1, 11)} for p in ("dead", "late bill")]  # day 10
    view = view_of(
        tmp_path,
        [
            visit("dead", "f", at(10, 9)),
            visit("dead", "f", at(12, 0)),
            visit("late bill", "f", at(11, 23, 59)),
            visit("alive", "f", at(12, 9)),
        ],
        patients=died,
    )
    assert marked(view, "dead") == [("dead", "f", 12)]


def test_far_is_farther_than_four_fifths_of_such_visits_and_five_kilometres(tmp_path: Path) -> None:
    daily = [visit(p, "home", at(i, 9)) for p in "abc" for i in (0, 1, 5, 11, 30)]
    view = view_of(
        tmp_path,
        [
            *daily,
            visit("a", "beyond", at(50, 9)),
            visit("b", "town", at(50, 9)),
            visit("c", "nowhere", at(50, 9)),
            stay("b", "town", at(60), 3),
            stay("c", "hour", at(60), 3),
        ],
        facilities=FACILITIES,
    )
    # of two stays the farther one is beyond the quantile of stays
    assert marked(view, "far") == [("a", "beyond", 50), ("c", "hour", 60)]


def test_nothing_is_far_where_everybody_goes_that_far(tmp_path: Path) -> None:
    daily = [visit(p, "home", at(i, 9)) for p in "abc" for i in (0, 1, 5, 11, 13, 30)]
    outings = [visit(p, "hour", at(i, 9)) for p in "abc" for i in (50, 57)]  # a quarter of all visits
    assert marked(view_of(tmp_path, daily + outings, facilities=FACILITIES), "far") == []


def test_without_coordinates_a_foreign_district_is_far(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        [visit("p", f, at(i, 9)) for i, f in enumerate(("here", "there", "unknown"))] + [visit("q", "there", at(4, 9))],
        patients=[{"patient_id": "p", "district": "west"}, {"patient_id": "q"}],
        facilities=[{"facility_id": "here", "district": "west"}, {"facility_id": "there", "district": "east"}],
    )
    assert marked(view, "far") == [("p", "there", 1)]


# Who somebody is


def patients_of(diagnoses: list[tuple[int, int]], trait: list[int], column: str) -> View:
    """(diagnosis, people) in turn, everybody with a trait."""
    diagnosis = np.concatenate([np.full(n, d) for d, n in diagnoses])
    view = quick_view(np.arange(len(diagnosis)), 0, np.arange(len(diagnosis)) * HOUR, diagnosis=diagnosis)
    kind = np.int8 if column == "sex" else np.int64
    return with_people(view, **{column: np.array(trait, kind)})


@pytest.mark.parametrize(
    ("men", "women", "wrong"),
    [
        (LEAST_CASES, 1, [LEAST_CASES]),  # 1 of 61 is below 3 %
        (LEAST_CASES, 2, []),  # 2 of 62 is not
        (LEAST_CASES - 2, 1, []),  # too few patients to tell
    ],
)
def test_a_diagnosis_that_hardly_any_of_that_sex_has_misfits(men: int, women: int, wrong: list[int]) -> None:
    assert SEX_SHARE == 0.03
    sex = [1] * men + [0] * women + [0, 1] * 50
    view = patients_of([(0, men + women), (1, 100)], sex, "sex")
    assert rows(mark(view).flags["misfit"]) == wrong


def test_a_sex_that_is_rare_everywhere_misfits_nowhere() -> None:
    view = patients_of([(0, 61)], [1] * 60 + [0], "sex")
    assert rows(mark(view).flags["misfit"]) == []


def test_a_person_of_unknown_sex_or_without_diagnosis_misfits_nowhere() -> None:
    view = patients_of([(0, 61), (1, 100)], [1] * 60 + [BLANK] + [0, 1] * 50, "sex")
    assert rows(mark(view).flags["misfit"]) == []
    blank = replace(view, visits=replace(view.visits, diagnosis=np.full(161, BLANK, np.int32)))
    assert rows(mark(blank).flags["misfit"]) == []


@pytest.mark.parametrize(("grown", "wrong"), [(100, [100]), (99, [])])
def test_a_diagnosis_that_hardly_any_of_that_age_has_misfits(grown: int, wrong: list[int]) -> None:
    old, young = -60 * 365, -5 * 365
    birth = [old] * grown + [young] + [old, young] * 50
    view = patients_of([(0, grown + 1), (1, 100)], birth, "birth")
    assert rows(mark(view).flags["misfit"]) == wrong  # 1 of 101 is below 1 %, 1 of 100 is not


def test_an_invoice_number_used_again_for_another_household_on_another_day_is_marked() -> None:
    def bills(patient: list[int], day: list[int], **more: Any) -> list[int]:
        view = quick_view(patient, more.pop("facility", 0), np.array(day) * DAY, invoice=7, **more)
        return rows(mark(view).flags["invoice"])

    assert bills([0, 1], [0, 5]) == [0, 1]
    assert bills([0, 1], [0, 0]) == []
    assert bills([0, 0], [0, 5]) == []
    assert bills([0, 1], [0, 5], household=[0, 0]) == []
    assert bills([0, 1], [0, 5], facility=[0, 1]) == []
    many = list(range(PLACEHOLDER))
    assert bills(many, many) == many
    assert bills([*many, PLACEHOLDER], [*many, PLACEHOLDER]) == []  # a placeholder is no number


def test_bills_without_a_number_are_not_marked() -> None:
    view = quick_view([0, 1], 0, [0, 5 * DAY])
    assert rows(mark(view).flags["invoice"]) == []


def test_a_payee_outside_the_household_marks_the_visit(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        [
            visit("p", "f", at(0, 9), payee_account="1"),
            visit("p", "f", at(5, 9), payee_account="1"),
            visit("p", "f", at(5, 10), payee_account="9"),  # the second till of one visit
        ],
        patients=[{"patient_id": "p", "bank_account": "1"}],
    )
    assert marked(view, "foreign") == [("p", "f", 5)]


# What it cost


def test_costly_is_beyond_the_place_the_person_and_the_reason() -> None:
    dear = int(100 * COSTLY * 100) + 1
    usual = [(10 + i, 0, 10_000, BLANK, BLANK) for i in range(9)]
    others = [(100 + i, 2, 20_000, 4, BLANK) for i in range(LEAST_CASES)]  # what diagnosis 4 costs elsewhere
    sold = [(200 + i, 3, 20_000, BLANK, 6) for i in range(LEAST_CASES)]  # what medicine 6 costs elsewhere
    cases = [
        (0, 0, dear, BLANK, BLANK),
        (1, 0, dear - 2, BLANK, BLANK),
        (2, 0, dear, BLANK, BLANK),  # pays 120 elsewhere, too
        (2, 1, 12_000, BLANK, BLANK),
        (3, 0, dear, 4, BLANK),
        (4, 0, dear, 5, BLANK),  # few have diagnosis 5
    ]
    table = np.array(usual + others + sold + cases).T
    start = np.arange(table.shape[1]) * DAY
    service = np.where(table[4] == BLANK, 1, PHARMACY)
    view = quick_view(table[0], table[1], start, cents=table[2], diagnosis=table[3], drug=table[4], service=service)
    bearers = view.visits.patient[mark(view).flags["costly"]]
    assert bearers.tolist() == [0, 4]


def test_a_dear_medicine_is_not_costly_and_a_dear_purchase_of_a_cheap_one_is() -> None:
    # medicine 6 costs 300 everywhere, medicine 7 costs 100; the shop sells mostly for 100
    cheap = [(100 + i, 0, 10_000, 7) for i in range(LEAST_CASES + 10)]
    dear = [(200 + i, 1, 30_000, 6) for i in range(LEAST_CASES)]
    table = np.array([*cheap, *dear, (0, 0, 30_000, 6), (1, 0, 30_000, 7)]).T
    start = np.arange(table.shape[1]) * DAY
    view = quick_view(table[0], table[1], start, cents=table[2], drug=table[3], service=PHARMACY)
    assert view.visits.patient[mark(view).flags["costly"]].tolist() == [1]


def test_the_persons_other_days_are_other_days() -> None:
    """Two dear visits of one day do not excuse each other."""
    usual = [(10 + i, i % 2, 10_000) for i in range(20)]
    table = np.array([*usual, (0, 0, 90_000), (0, 1, 90_000)]).T
    start = np.r_[np.arange(20) * DAY, 50 * DAY, 50 * DAY + 5 * HOUR]
    marks = mark(quick_view(table[0], table[1], start, cents=table[2]))
    assert rows(marks.flags["costly"]) == [0, 1]
    assert marks.own_usual[:2].tolist() == [-np.inf, -np.inf]
    np.testing.assert_allclose(marks.place_usual, np.log(100.0))


# What was bought, and how stays follow one another


def test_the_same_medicine_bought_elsewhere_within_days_is_a_stockpile() -> None:
    def bought(facility: list[int], gap: int, drug: Any = 5, patient: Any = 0) -> list[int]:
        view = quick_view(patient, facility, [0, gap], service=PHARMACY, drug=drug)
        return rows(mark(view).flags["stockpile"])

    assert bought([0, 1], SUPPLY) == [0, 1]
    assert bought([0, 1], SUPPLY + 1) == []
    assert bought([0, 0], SUPPLY) == []
    assert bought([0, 1], SUPPLY, drug=[5, 6]) == []
    assert bought([0, 1], SUPPLY, patient=[0, 1]) == []
    assert bought([0, 1], SUPPLY, drug=BLANK) == []


def test_a_stockpile_is_seen_past_a_purchase_at_the_same_till() -> None:
    view = quick_view(0, [0, 0, 1], [0, DAY, 2 * DAY], service=PHARMACY, drug=5)
    assert rows(mark(view).flags["stockpile"]) == [0, 1, 2]


def test_two_pharmacies_within_hours_are_a_tour() -> None:
    def bought(facility: list[int], gap: int, service: Any = PHARMACY, patient: Any = 0) -> list[int]:
        return rows(mark(quick_view(patient, facility, [0, gap], service=service)).flags["tour"])

    assert bought([0, 1], TRIP) == [0, 1]
    assert bought([0, 1], TRIP + 1) == []
    assert bought([0, 0], TRIP) == []
    assert bought([0, 1], TRIP, service=[1, 2]) == []
    assert bought([0, 1], TRIP, patient=[0, 1]) == []


def test_the_same_medicine_at_two_pharmacies_within_hours_is_doubled() -> None:
    def bought(facility: list[int], gap: int, drug: Any = 5, patient: Any = 0, service: Any = PHARMACY) -> list[int]:
        return rows(mark(quick_view(patient, facility, [0, gap], service=service, drug=drug)).flags["doubled"])

    assert bought([0, 1], TRIP) == [0, 1]
    assert bought([0, 1], TRIP + 1) == []
    assert bought([0, 0], TRIP) == []
    assert bought([0, 1], TRIP, drug=[5, 6]) == []
    assert bought([0, 1], TRIP, drug=BLANK) == []
    assert bought([0, 1], TRIP, patient=[0, 1]) == []
    assert bought([0, 1], TRIP, service=[1, 2]) == []  # given at the clinic, and fetched


def test_the_same_medicine_from_two_houses_doctors_within_hours_is_doubled() -> None:
    def given_out(facility: list[int], service: list[int], drug: Any = 5, hours: Any = None) -> list[int]:
        start = np.array(hours or [9 + i for i in range(len(facility))]) * HOUR
        return rows(mark(quick_view(0, facility, start, service=service, drug=drug)).flags["doubled"])

    clinic, ward, shop = OUTPATIENT, INPATIENT, PHARMACY
    assert given_out([0, 1], [clinic, clinic]) == [0, 1]
    assert given_out([0, 1], [clinic, clinic], hours=[9, 15]) == [0, 1]
    assert given_out([0, 1], [clinic, clinic], hours=[9, 16]) == []
    assert given_out([0, 1], [clinic, clinic], drug=[5, 6]) == []
    assert given_out([0, 0], [clinic, clinic], hours=[9, 14]) == []
    assert given_out([0, 1], [ward, clinic]) == []
    assert given_out([0, 1], [ward, ward]) == []
    # one prescription with its fill is none, and two with their fills are two: each pair for itself
    assert given_out([0, 1], [clinic, shop]) == []
    assert given_out([0, 0], [clinic, shop]) == []
    assert given_out([0, 2, 1, 2], [clinic, shop, clinic, shop]) == [0, 2]
    assert given_out([0, 2, 1, 3], [clinic, shop, clinic, shop]) == [0, 1, 2, 3]


def test_a_standing_supply_fetched_twice_on_one_day_is_doubled_and_no_tour() -> None:
    """One medicine at two pharmacies on one errand, month by month: standing supplies, but nobody needs it twice."""
    months = np.arange(LASTING) * MONTHLY
    start, facility = np.concatenate([months, months + HOUR]), np.repeat([0, 1], LASTING)
    flags = mark(quick_view(0, facility, start, service=PHARMACY, drug=5)).flags
    assert rows(flags["tour"]) == []
    assert rows(flags["doubled"]) == list(range(2 * LASTING))


def test_a_standing_monthly_supply_is_no_tour() -> None:
    """Somebody who fetches two standing supplies at two pharmacies on one errand, month by month."""
    months = np.arange(LASTING) * MONTHLY
    start = np.concatenate([months, months + HOUR])
    facility = np.repeat([0, 1], LASTING)
    standing = quick_view(0, facility, start, service=PHARMACY)
    assert rows(mark(standing).flags["tour"]) == []
    once_less = quick_view(0, facility[1:-1], np.r_[start[1:LASTING], start[LASTING:-1]], service=PHARMACY)
    assert len(rows(mark(once_less).flags["tour"])) == 2 * (LASTING - 2)
    hurried = quick_view(0, facility, start * 2 // 3, service=PHARMACY)
    assert len(rows(mark(hurried).flags["tour"])) == 2 * LASTING


def chain(stays: int, gap: int, facility: Any = (0, 1), **more: Any) -> View:
    """Stays of five days, the gap between discharge and admission; never one price."""
    start = np.cumsum(np.r_[0, np.full(stays - 1, 5 * DAY + gap)])
    places = np.resize(np.array(facility), stays)
    return quick_view(
        0, places, start, end=start + 5 * DAY, service=INPATIENT, cents=np.arange(stays) ** 2 + 100, **more
    )


def test_stays_in_turn_at_changing_places_are_a_chain() -> None:
    assert rows(mark(chain(CHAIN, SPLIT_STAY)).flags["readmitted"]) == list(range(CHAIN))
    assert rows(mark(chain(CHAIN, SPLIT_STAY + 1)).flags["readmitted"]) == []
    assert rows(mark(chain(CHAIN - 1, SPLIT_STAY)).flags["readmitted"]) == []
    assert rows(mark(chain(CHAIN, 3 * DAY, facility=[0])).flags["readmitted"]) == []


def test_a_chain_is_one_persons() -> None:
    one = chain(CHAIN, DAY)
    claims = one.claims
    two = quick_view(
        [0] * (CHAIN - 1) + [1], claims.facility, claims.start, end=claims.end, service=INPATIENT, cents=claims.amount
    )
    assert rows(mark(two).flags["readmitted"]) == []


def test_a_stay_soon_after_a_discharge_elsewhere_is_moved_unless_it_is_in_a_chain() -> None:
    assert rows(mark(chain(CHAIN - 1, SPLIT_STAY)).flags["moved"]) == [1, 2]
    assert rows(mark(chain(CHAIN - 1, SPLIT_STAY + 1)).flags["moved"]) == []
    assert rows(mark(chain(CHAIN, SPLIT_STAY)).flags["moved"]) == []
    assert rows(mark(chain(2, 3 * DAY, facility=[0])).flags["moved"]) == []


def ill(*stays: tuple[int, int, int], visits: tuple[tuple[int, int], ...] = ()) -> View:
    """Stays as (person, place, diagnosis), a hundred days apart, and outpatient visits as (diagnosis, how many) of others."""
    out = [(1000 + i, 9, d) for d, n in visits for i in range(n)]
    who, place, diagnosis = np.array([*stays, *out]).T
    start = np.r_[np.arange(len(stays)) * 100, np.arange(len(out))] * DAY
    end = start + np.where(np.arange(len(start)) < len(stays), 5 * DAY, 0)
    service = np.where(np.arange(len(start)) < len(stays), INPATIENT, OUTPATIENT)
    cents = 10_000 + np.arange(len(start)) ** 2
    return quick_view(who, place, start, end=end, service=service, diagnosis=diagnosis, cents=cents)


def bedded(view: View, name: str) -> list[tuple[int, int]]:
    """(person, diagnosis) of the stays that bear a mark."""
    at = np.flatnonzero(mark(view).flags[name])
    return list(zip(view.visits.patient[at].tolist(), view.visits.diagnosis[at].tolist(), strict=True))


def test_a_further_stay_at_one_place_is_again() -> None:
    assert rows(mark(chain(4, 40 * DAY, facility=[0, 1, 2, 0])).flags["again"]) == [3]
    assert rows(mark(chain(3, 40 * DAY, facility=[0, 1, 2])).flags["again"]) == []


def test_a_stay_is_light_for_an_illness_of_the_three_tenths_least_often_treated_in_bed() -> None:
    """Ten stays: three for illness 0 (3 of 30 in bed), three for illness 1 (3 of 6), four for illness 2 (4 of 4)."""
    assert LIGHT_QUANTILE == 0.3
    stays = [(p, p, d) for p, d in enumerate([0] * 3 + [1] * 3 + [2] * 4)]
    tenth, half = ((0, 27), (1, 3)), ((0, 3), (1, 27))
    assert bedded(ill(*stays, visits=tenth), "light") == [(0, 0), (1, 0), (2, 0)]
    assert bedded(ill(*stays, visits=half), "light") == [(3, 1), (4, 1), (5, 1)]


def test_an_illness_that_is_always_treated_in_bed_is_never_light() -> None:
    assert bedded(ill(*[(p, p, 0) for p in range(10)]), "light") == []
    assert bedded(ill(*[(p, p, BLANK) for p in range(10)], visits=((0, 5),)), "light") == []


def test_a_further_stay_is_needless_for_an_illness_of_the_half_least_often_treated_in_bed() -> None:
    """Three people stay twice at one place, for illnesses 0 (6 of 30 in bed), 1 (6 of 12) and 2 (6 of 6); nine stay once."""
    assert MILD_QUANTILE == 0.5
    twice = [(p, p, p) for p in (0, 1, 2) for _ in range(2)]
    singles = [(10 + i, 3 + i % 5, d) for i, d in enumerate([0] * 4 + [1] * 4 + [2] * 4)]
    view = ill(*twice, *singles, visits=((0, 24), (1, 6)))
    # six stays of eighteen for 0, six for 1: the middle of all stays is an illness 1, half of whose cases lie in bed
    assert bedded(view, "needless") == [(0, 0), (1, 1)]
    assert bedded(view, "again") == [(2, 2)]
    assert bedded(view, "light") == [(0, 0), (0, 0), *((10 + i, 0) for i in range(4))]


def test_cycles_of_a_course_are_neither_chain_nor_again() -> None:
    view = chain(6, 16 * DAY, facility=[0], diagnosis=3)
    assert view.visits.course.sum() == 5
    assert rows(mark(view).flags["again"]) == []


def test_outpatient_visits_are_no_stays() -> None:
    view = quick_view(0, [0, 1, 0, 1], np.array([0, 3, 7, 12]) * DAY)
    assert rows(mark(view).flags["readmitted"]) == rows(mark(view).flags["again"]) == []


def test_a_visit_is_for_its_medicine_or_else_its_diagnosis_with_the_kind_of_care() -> None:
    service = np.array([PHARMACY, PHARMACY, PHARMACY, OUTPATIENT, OUTPATIENT, INPATIENT, OUTPATIENT])
    drug = np.array([2, 2, BLANK, 2, BLANK, BLANK, BLANK])
    diagnosis = np.array([0, 1, 1, 1, 1, 1, BLANK])
    view = quick_view(np.arange(7), 0, np.arange(7) * DAY, service=service, drug=drug, diagnosis=diagnosis)
    reason = mark(view).reason
    drugs = 3
    kind = [PHARMACY, OUTPATIENT, OUTPATIENT, INPATIENT]
    assert reason.tolist() == [2, 2, *(drugs + 3 + k for k in kind), BLANK]


def test_the_median_of_a_group_is_its_lower_one() -> None:
    group = np.array([0, 2, 0, 2, 2, 0, 0])
    value = np.array([4.0, 1.0, 1.0, 9.0, 5.0, 2.0, 3.0])
    np.testing.assert_array_equal(median_by(group, value, 4), [2.0, np.nan, 5.0, np.nan])
