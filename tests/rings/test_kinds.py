from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.view import BLANK, DAY, INPATIENT, OUTPATIENT, PHARMACY
from ringfinder.rings.kinds import BEYOND, LEAST_FILES, ONE_DESK, few_medicines, few_places, name, of_desk


def kind(nats: dict[str, float], service: Any = OUTPATIENT, facility: Any = 0, drug: Any = BLANK) -> str:
    """The kind of a group of ten visits."""
    view = quick_view(np.arange(10), facility, np.arange(10) * DAY, service=service, drug=drug)
    return name(view, np.arange(10), nats)


PLACES = [0, 1] * 5


@pytest.mark.parametrize(
    ("wanted", "nats", "world"),
    [
        ("after_death", {"dead": 9.0, "in_bed": 5.0, "misfit": 3.0}, {"service": INPATIENT}),
        ("sham_stay", {"in_bed": 5.0}, {"service": INPATIENT}),
        ("sham_stay", {"in_bed": 5.0, "readmitted": 4.0}, {"service": INPATIENT, "facility": PLACES}),
        ("rotation", {"in_bed": 4.0, "readmitted": 5.0}, {"service": INPATIENT, "facility": PLACES}),
        ("sham_stay", {"in_bed": 4.0, "readmitted": 5.0}, {"service": INPATIENT}),  # a rotation needs two places
        ("rotation", {"in_bed": 4.0, "moved": 5.0}, {"service": INPATIENT, "facility": PLACES}),
        ("rotation", {"moved": 5.0}, {"service": INPATIENT, "facility": PLACES}),
        ("rotation", {"in_bed": 4.0, "moved": 5.0, "readmitted": 3.0}, {"service": INPATIENT, "facility": PLACES}),
        ("rotation", {"in_bed": 4.0, "moved": 3.0, "readmitted": 5.0}, {"service": INPATIENT, "facility": PLACES}),
        ("sham_stay", {"in_bed": 5.0, "moved": 5.0}, {"service": INPATIENT, "facility": PLACES}),
        ("sham_stay", {"in_bed": 5.0, "moved": 3.0, "readmitted": 3.0}, {"service": INPATIENT, "facility": PLACES}),
        ("sham_stay", {"in_bed": 4.0, "moved": 5.0}, {"service": INPATIENT}),
        ("paid_referral", {"moved": 5.0}, {"service": INPATIENT}),
        ("paid_referral", {"again": 5.0}, {"service": INPATIENT}),
        ("paid_referral", {}, {"service": [INPATIENT, OUTPATIENT] * 5}),
        ("lent_cards", {"misfit": 5.0}, {}),
        ("lent_cards", {}, {"facility": PLACES}),
        ("drug_resale", {}, {"service": PHARMACY, "facility": PLACES, "drug": 3}),
        ("lent_cards", {}, {"service": PHARMACY, "facility": PLACES, "drug": BLANK}),
        ("retained_cards", {"costly": 5.0}, {"service": PHARMACY, "drug": 3}),
    ],
)
def test_a_group_is_named_by_its_care_and_its_marks(wanted: str, nats: dict[str, float], world: dict[str, Any]) -> None:
    assert kind(nats, **world) == wanted


@pytest.mark.parametrize(("at_first", "places"), [(10, 1), (8, 1), (7, 2), (4, 5)])
def test_few_places_hold_four_fifths_of_the_visits(at_first: int, places: int) -> None:
    facility = [0] * at_first + list(range(1, 11 - at_first))
    view = quick_view(0, facility, np.arange(10) * DAY)
    assert few_places(view, np.arange(10)) == places


@pytest.mark.parametrize(("once", "few"), [(9, True), (10, False)])
def test_five_medicines_that_make_half_of_the_purchases_are_few(once: int, few: bool) -> None:
    """Five purchases of one medicine, and so many medicines bought once: the five commonest make nine purchases."""
    drug = [0] * 5 + list(range(1, once + 5)) + [BLANK] * 4
    view = quick_view(np.arange(len(drug)), 0, np.arange(len(drug)) * DAY, service=PHARMACY, drug=drug)
    assert few_medicines(view, np.arange(len(drug))) is few


def test_unknown_medicines_are_not_few() -> None:
    assert not few_medicines(quick_view(0, 0, np.arange(4) * DAY, service=PHARMACY), np.arange(4))


def settled(mine: list[int], others: list[int], kind: str = "fake_bills") -> str:
    """The kind where these operators settled the ring's claims and others at the same places."""
    return of_desk(np.array(mine, np.int32), lambda code: others.count(code) / max(1, len(others)), kind)


def test_fake_bills_that_one_operator_settled_are_an_insiders() -> None:
    assert (ONE_DESK, BEYOND, LEAST_FILES) == (0.7, 3.0, 5)
    others = [7, 1, 2, 3, 4] * 2  # a fifth of the other files of that place
    assert settled([7] * 7 + [1, 2, 3], others) == "insider"
    assert settled([7] * 6 + [1, 2, 3, 4], others) == "fake_bills"
    assert settled([7] * 7 + [1, 2, 3], others, kind="lent_cards") == "lent_cards"


def test_an_operator_who_settles_a_third_of_all_there_anyway_is_no_insider() -> None:
    assert settled([7] * 9 + [1], [7, 1, 2] * 4) == "fake_bills"
    assert settled([7] * 9 + [1], [7, 7, 7, *range(8, 15)]) == "insider"  # 0.9 is three times 0.3
    assert settled([7] * 10, []) == "insider"


def test_few_files_and_unknown_operators_tell_nothing() -> None:
    assert settled([7] * 4, [1] * 9) == "fake_bills"
    assert settled([7] * 4 + [BLANK] * 9, [1] * 9) == "fake_bills"
    assert settled([7] * 5 + [BLANK] * 9, [1] * 9) == "insider"
    assert settled([7] * 5, [7] + [BLANK] * 20 + [1] * 4) == "insider"  # a fifth of the files whose operator is known
