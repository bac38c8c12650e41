"""Typical cases: what is told of a group, and that nothing is told of fewer than five."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import openpyxl
import pytest

from ringfinder.casebook import cases, decisions, inquiry
from ringfinder.casebook.cases import Draft
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.decisions import Proposal
from ringfinder.casebook.inquiry import Violation
from ringfinder.casebook.linked_rings import create_from_ring
from ringfinder.casebook.report_tables import report
from ringfinder.casebook.statistics import Span
from ringfinder.casebook.suppressing import Closing, close
from ringfinder.casebook.typical_cases import LEAST, MONEY_BANDS, PATIENT_BANDS, Typical, band, typical_cases
from ringfinder.casebook.who import Who
from ringfinder.errors import UsageError
from ringfinder.pipeline.reporting import rendered
from ringfinder.words import LANGUAGES
from tests.casebook.people_of_cases import person, ring

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY = date(2026, 5, 13)
SPAN = Span(date(2026, 3, 1), date(2026, 5, 31))
NUMBERS = count(1)
HERE, THERE = "Xincheng", "Nanguan"


def decided(
    casebook: Casebook,
    boss: Who,
    amount: str,
    *,
    people: str | None = "abcdefg",
    district: str = HERE,
    police: bool = True,
) -> str:
    """A confirmed case, of a ring where there are people; its id."""
    draft = Draft("名字 in a title", (district,), origin="hand" if people is None else "ring")
    if people is None:
        case_id = cases.create(casebook, boss, draft, NOW).case_id
    else:
        case_id = create_from_ring(casebook, boss, draft, ring(f"R{next(NUMBERS)}", people), NOW).case_id
    cases.assign(casebook, boss, case_id, 1, boss.caller_id)
    cases.begin(casebook, boss, case_id, 2)
    inquiry.establish(casebook, boss, case_id, 3, Violation("F77", "overcharging", Decimal(amount), DAY), NOW)
    decisions.propose(casebook, boss, case_id, 4, Proposal(1, "refuse_payment", Decimal(amount)), NOW)
    decisions.issue(casebook, boss, case_id, 5, 1, DAY, now=NOW)
    version = 6
    if police:
        decisions.propose(casebook, boss, case_id, 6, Proposal(1, "police"), NOW)
        decisions.issue(casebook, boss, case_id, 7, 2, DAY, now=NOW)
        version = 8
    close(casebook, boss, case_id, version, Closing("confirmed"), now=NOW)
    return case_id


def test_group_of_five_is_told_in_bands_and_four_are_not(casebook: Casebook) -> None:
    boss, east = person(casebook, "boss", "supervisor"), person(casebook, "of here", "supervisor", HERE)
    amounts = ["900.00", "20000.00", "20000.00", "60000.00"]
    ids = [decided(casebook, boss, one) for one in amounts]
    assert typical_cases(casebook, boss, SPAN).groups == ()
    assert typical_cases(casebook, boss, SPAN).others
    none = report(casebook, boss, "typical", SPAN, "en")
    told = "No group has 5 cases or more in these days, so that nothing is told."
    assert f"<h2>Typical cases</h2><p>{told}</p></section>" in rendered(none, "html", "en").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(rendered(none, "xlsx", "en")))["Typical cases"]
    assert [row[0] for row in sheet.iter_rows(values_only=True)][1:] == [told]
    ids.append(decided(casebook, boss, "70000.00", district=THERE, police=False))
    for _ in range(LEAST - 1):
        decided(casebook, boss, "300.00", people=None)
    (group,) = typical_cases(casebook, boss, SPAN).groups
    assert group == Typical(
        "sham_stay", "overcharging", (5, 10), (5, 10), (0, 10_000), (10_000, 50_000), "ring", ("refuse_payment",)
    )
    assert typical_cases(casebook, east, SPAN).groups == ()
    assert typical_cases(casebook, boss, Span(date(2025, 1, 1), date(2025, 12, 31))).groups == ()
    for lang in LANGUAGES:
        made = report(casebook, boss, "typical", SPAN, lang)
        page, figures = rendered(made, "html", lang).decode(), rendered(made, "json", lang).decode()
        book = openpyxl.load_workbook(io.BytesIO(rendered(made, "xlsx", lang)))
        cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
        assert json.loads(figures)["groups"][0]["cases"] == [5, 10]
        assert any("2026-03" in cell for cell in cells)
        for told in (page, figures, " ".join(cells)):
            for secret in (*ids, "F77", "名字", HERE, THERE, "2026-05-13", "20000", "20,000", "60000", "4000"):
                assert secret not in told


def test_case_counts_by_what_was_lost_most_and_by_decisions_that_stand(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    ids = [decided(casebook, boss, "100.00", people=None) for _ in range(LEAST)]
    assert [one.cases for one in typical_cases(casebook, boss, SPAN).groups] == [(5, 10)]
    (group,) = typical_cases(casebook, boss, SPAN).groups
    assert (group.kind, group.patients, group.found_by, group.decided) == (
        None,
        None,
        "hand",
        ("refuse_payment", "police"),
    )
    decisions.revoke(casebook, boss, ids[0], 9, 1, "appeal", NOW)
    (group,) = typical_cases(casebook, boss, SPAN).groups
    assert group.decided == ("police",)


def test_short_span_would_be_a_date(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    with pytest.raises(UsageError, match="at least 90 days"):
        typical_cases(casebook, boss, Span(DAY, DAY + timedelta(days=88)))
    assert not typical_cases(casebook, boss, Span(DAY, DAY + timedelta(days=89))).others


@pytest.mark.parametrize(
    ("value", "bands", "expected"),
    [
        (0, PATIENT_BANDS, (0, 5)),
        (5, PATIENT_BANDS, (5, 10)),
        (999, PATIENT_BANDS, (500, None)),
        (Decimal("9999.99"), MONEY_BANDS, (0, 10_000)),
        (Decimal("5000000.00"), MONEY_BANDS, (5_000_000, None)),
    ],
)
def test_band_holds_its_beginning(value: Decimal, bands: tuple[int, ...], expected: tuple[int, int | None]) -> None:
    assert band(value, bands) == expected
