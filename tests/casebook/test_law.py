"""What the regulation allows, article by article, and the days that it makes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.casebook.law import (
    BASES,
    BEHAVIOUR_NAMES,
    BEHAVIOURS,
    KINDS,
    SUBJECTS,
    WITH_AMOUNT,
    Judged,
    Taken,
    basis_of,
    check_limits,
    fine_range,
    free_day,
    ladder,
    months_later,
    still_open,
)
from ringfinder.errors import Refused
from ringfinder.words import say

LOSS = Decimal("1000.01")


def test_every_behaviour_and_kind_has_its_place() -> None:
    assert set(BEHAVIOURS) == set(BEHAVIOUR_NAMES)
    assert set(BASES) == set(KINDS)
    assert {one.subject for one in BEHAVIOURS.values()} == set(SUBJECTS)
    for name in (*(f"kind_{kind}" for kind in KINDS), *(f"behaviour_{one}" for one in BEHAVIOUR_NAMES)):
        assert say(f"cases.{name}", "zh") != say(f"cases.{name}", "en")


@pytest.mark.parametrize(
    ("behaviour", "intent", "least", "most"),
    [
        ("split_stays", False, "1000.01", "2000.02"),
        ("split_stays", True, "2000.02", "5000.05"),
        ("fictitious_services", False, "2000.02", "5000.05"),
        ("management_duties", False, "10000.00", "50000.00"),
        ("used_others_credential", False, "2000.02", "5000.05"),
        ("lent_credential", True, "2000.02", "5000.05"),
        ("lent_credential", False, None, None),
        ("bribe", False, None, None),
    ],
)
def test_fine_has_the_range_of_its_article(behaviour: str, intent: bool, least: str | None, most: str | None) -> None:
    judged = Judged(behaviour, intent, LOSS)
    if least is None or most is None:
        with pytest.raises(Refused, match="gives no fine"):
            fine_range(judged)
        return
    bounds = (Decimal(least), Decimal(most))
    assert fine_range(judged) == bounds
    for amount in bounds:
        check_limits("fine", judged, amount, None, False)
    for amount in (bounds[0] - Decimal("0.01"), bounds[1] + Decimal("0.01")):
        with pytest.raises(Refused, match=f"from {least} to {most}"):
            check_limits("fine", judged, amount, None, False)


def test_nothing_was_lost_so_nothing_can_be_fined() -> None:
    with pytest.raises(Refused, match="gives no fine"):
        fine_range(Judged("split_stays", False, Decimal("0.00")))


@pytest.mark.parametrize(
    ("kind", "behaviour", "intent", "provisional", "basis"),
    [
        ("end_agreement", "impersonation_helped", False, False, "40"),
        ("end_agreement", "split_stays", True, False, "40"),
        ("end_agreement", "split_stays", False, False, None),
        ("end_agreement", "lent_credential", True, False, None),
        ("suspend", "lent_credential", False, False, "41-1"),
        ("suspend", "split_stays", False, True, "30"),
        ("suspend", "bribe", False, True, None),
        ("fine", "split_stays", False, True, None),
        ("refuse_payment", "overcharging", False, False, "15"),
        ("warn", "fictitious_services", False, False, None),
        ("police", "bribe", False, False, "48"),
        ("suspend", "management_duties", False, True, None),
        ("discipline", "bribe", False, False, "42"),
        ("discipline", "staff_fraud", False, False, "37"),
        ("discipline", "other_fraud", False, False, "43"),
        ("licence_referral", "forged_documents", False, False, "40"),
    ],
)
def test_decision_rests_on_an_article_or_is_refused(
    kind: str, behaviour: str, intent: bool, provisional: bool, basis: str | None
) -> None:
    judged = Judged(behaviour, intent, LOSS)
    if basis is None:
        with pytest.raises(Refused, match=f"gives no {kind}"):
            basis_of(kind, judged, provisional)
    else:
        assert basis_of(kind, judged, provisional) == basis


@pytest.mark.parametrize(("behaviour", "fewest", "longest"), [("split_stays", 6, 12), ("lent_credential", 3, 12)])
def test_suspension_has_the_months_of_its_subject(behaviour: str, fewest: int, longest: int) -> None:
    judged = Judged(behaviour, False, LOSS)
    for months in (fewest, longest):
        check_limits("suspend", judged, None, months, False)
    for months in (fewest - 1, longest + 1):
        with pytest.raises(Refused, match=f"from {fewest} to {longest}"):
            check_limits("suspend", judged, None, months, False)
    check_limits("suspend", judged, None, None, True)
    for months, provisional in ((None, False), (fewest, True)):
        with pytest.raises(Refused, match="has months"):
            check_limits("suspend", judged, None, months, provisional)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "suspend"])
def test_amount_belongs_to_some_kinds_and_months_to_none_of_these(kind: str) -> None:
    judged = Judged("other_fraud", False, LOSS)
    amount = Decimal("2000.02") if kind == "fine" else LOSS
    check_limits(kind, judged, amount if kind in WITH_AMOUNT else None, None, False)
    for wrong in ((None if kind in WITH_AMOUNT else amount, None), (amount if kind in WITH_AMOUNT else None, 6)):
        with pytest.raises(Refused):
            check_limits(kind, judged, *wrong, False)
    if kind in ("refuse_payment", "return_money"):
        for amount in (Decimal("0.00"), LOSS + Decimal("0.01")):
            with pytest.raises(Refused, match=r"from 0\.01 to 1000\.01"):
                check_limits(kind, judged, amount, None, False)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 1), 36, date(2029, 3, 1)),
        (date(2024, 2, 29), 36, date(2027, 3, 1)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 3, 1)),
        (date(2026, 10, 31), 1, date(2026, 12, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 31), 11, date(2026, 12, 31)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_months_never_end_early_and_at_most_a_day_late(day: date, months: int) -> None:
    later = months_later(day, months)
    whole = (later.year - day.year) * 12 + later.month - day.month
    assert (whole, later.day) == (months, day.day) or (
        (whole, later.day) == (months + 1, 1) and (later - timedelta(days=1)).day < day.day
    )


def test_bar_is_three_years_and_a_provisional_suspension_has_no_end() -> None:
    assert free_day("end_agreement", date(2026, 5, 4), None) == date(2029, 5, 4)
    assert free_day("suspend", date(2026, 5, 4), 6) == date(2026, 11, 4)
    assert free_day("suspend", date(2026, 5, 4), None) is None
    assert free_day("fine", date(2026, 5, 4), None) is None


@pytest.mark.parametrize("loss", [LOSS, Decimal("0.00")])
@pytest.mark.parametrize("intent", [True, False])
@pytest.mark.parametrize("behaviour", BEHAVIOUR_NAMES)
def test_ladder_names_what_may_be_proposed_with_its_bounds_and_nothing_else(
    behaviour: str, intent: bool, loss: Decimal
) -> None:
    judged = Judged(behaviour, intent, loss)
    found = ladder(judged)
    rungs = {rung.kind: rung for rung in found if not rung.provisional}
    for rung in found:
        assert rung.basis == basis_of(rung.kind, judged, rung.provisional)
        for amount, months in {(rung.least, rung.fewest), (rung.most, rung.longest)}:
            check_limits(rung.kind, judged, amount, months, rung.provisional)
        if rung.most is not None:
            with pytest.raises(Refused):
                check_limits(rung.kind, judged, rung.most + Decimal("0.01"), None, False)
    for kind in set(KINDS) - set(rungs):
        if judged.article in BASES[kind]:  # it asks for an amount, and nothing was lost
            with pytest.raises(Refused):
                check_limits(kind, judged, Decimal("0.01"), None, False)
    during = [rung.kind for rung in found if rung.provisional]
    assert during == ([] if judged.subject == "staff" or behaviour == "management_duties" else ["suspend"])


def test_what_is_left_of_the_ladder_beside_what_was_decided() -> None:
    fraud = Judged("fictitious_services", False, Decimal("10000.00"))
    taken = [
        Taken("fine", False, Decimal("20000.00")),
        Taken("suspend", True, None),
        Taken("return_money", False, Decimal("6000.00")),
        Taken("refuse_payment", False, Decimal("3999.99")),
    ]
    left = {(rung.kind, rung.provisional): rung.most for rung in still_open(fraud, taken)}
    assert left == {
        ("suspend", False): None,
        ("end_agreement", False): None,
        ("refuse_payment", False): Decimal("0.01"),
        ("return_money", False): Decimal("0.01"),
        ("licence_referral", False): None,
        ("police", False): None,
        ("discipline", False): None,
    }
    assert still_open(fraud, []) == ladder(fraud)


def test_what_was_refused_was_never_lost_and_is_not_returned() -> None:
    fraud = Judged("fictitious_services", False, Decimal("10000.00"))
    for kind in ("refuse_payment", "return_money"):
        left = {rung.kind for rung in still_open(fraud, [Taken(kind, False, Decimal("10000.00"))])}
        assert left == set(KINDS) - {"refuse_payment", "return_money", "warn"}
