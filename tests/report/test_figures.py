from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from ringfinder.report.contract import EvidenceRow
from ringfinder.report.figures import amount, claims_named, numbers_of, period, q_sentence, sureness, word


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (0.0, "0"),
        (1234.0, "1,234"),
        (0.0021, "under 0.01"),
        (3.14159, "3.14"),
        (12.345, "12.3"),
        (float("inf"), "inf"),
    ],
)
def test_amounts_have_as_many_places_as_they_need(value: float | None, shown: str) -> None:
    assert amount(value, "en") == shown


@pytest.mark.parametrize(
    ("q", "said"), [(0.0, "very sure"), (0.01, "very sure"), (0.05, "sure"), (0.2, "worth a look"), (0.21, "weak")]
)
def test_q_values_have_words(q: float, said: str) -> None:
    assert sureness(q, "en") == said


def test_q_values_are_told_as_expected_coincidences() -> None:
    assert q_sentence(0.05, "en").endswith(
        "about 5 would be expected to be no ring: coincidence, or people who came together for honest reasons."
    )
    assert q_sentence(0.00001, "zh").endswith("不到 0.01 个。")


def test_one_day_is_written_once() -> None:
    assert period(datetime(2024, 3, 1, 8), datetime(2024, 3, 1, 9), "en") == "2024-03-01"
    assert period(datetime(2024, 3, 1), datetime(2024, 4, 2), "zh") == "2024-03-01 至 2024-04-02"


def test_unknown_slug_is_shown_as_it_is() -> None:
    assert word("sham_stay", "zh") == "虚假住院、挂床"
    assert word("brand_new", "en", prefix="role_") == "brand new"


def test_numbers_of_a_sentence_are_blank_where_nothing_was_found() -> None:
    row = EvidenceRow("R1", "hub", "against", "无", "none", 0.0, 0.0, ())
    assert numbers_of(row, "en") == ("", "")
    assert numbers_of(replace(row, observed=3.0), "en") == ("3", "0")
    assert numbers_of(replace(row, observed=None), "en") == ("", "0")


def test_claims_are_named_as_far_as_there_is_room() -> None:
    ids = [f"C{i}" for i in range(8)]
    assert claims_named((), "en") == ""
    assert claims_named(ids[:6], "en") == "claims C0, C1, C2, C3, C4, C5"
    assert claims_named(ids, "en") == "claims C0, C1, C2, C3, C4, C5 … (8 in all)"
    assert claims_named(ids, "zh") == "费用 C0、C1、C2、C3、C4、C5 等 8 笔"
