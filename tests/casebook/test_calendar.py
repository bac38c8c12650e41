from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder import casebook
from ringfinder.casebook.calendar import Calendar, read
from ringfinder.casebook.rules import ENVIRONMENT, read_rules
from ringfinder.errors import UsageError

DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@pytest.fixture(autouse=True)
def _no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)


def test_national_day_of_2026_is_off_and_the_weekends_around_it_are_worked(tmp_path: Path) -> None:
    calendar = read_rules(tmp_path).calendar
    assert [day for day in range(18, 31) if not calendar.is_working(date(2026, 9, day))] == [19, 25, 26, 27]
    assert [day for day in range(1, 12) if calendar.is_working(date(2026, 10, day))] == [8, 9, 10]


OWN = "".join(
    f'[terms.{name}]\ncount = {count}\nunit = "{unit}"\nbasis_zh = "本地规定"\nbasis_en = "our rule"\n'
    for name, count, unit in (("fifteen_days", 15, "days"), ("six_months", 6, "months"), ("three_years", 36, "months"))
)


@pytest.mark.parametrize(
    ("term", "event", "due"),
    [
        ("tip_acknowledge", "2026-09-28", "2026-10-10"),  # 29, 30, then 8, 9 and the worked Saturday
        ("tip_check", "2026-02-10", "2026-03-09"),  # round the Spring Festival, with both worked Saturdays
        ("tip_answer", "2026-04-03", "2026-04-13"),  # the Monday of the Tomb-Sweeping Festival is off
        ("tip_close", "2026-07-03", "2026-10-08"),  # 90 days end on 1 October
        ("case_decide", "2026-03-02", "2026-06-01"),  # 90 days end on a Sunday
        ("fifteen_days", "2026-06-05", "2026-06-22"),  # they end on a Saturday that is off
        ("six_months", "2026-08-31", "2027-03-01"),  # 28 February is a Sunday
        ("three_years", "2024-02-29", "2027-03-01"),  # as above; no 29 February in 2027
    ],
)
def test_terms_end_where_one_counts_by_hand(term: str, event: str, due: str, tmp_path: Path) -> None:
    (tmp_path / "casebook.toml").write_text(OWN, encoding="utf-8")
    found = read_rules(tmp_path).due(term, date.fromisoformat(event))

    assert (found.day.isoformat(), found.provisional) == (due, due > "2027")
    assert found.term.basis("zh")
    assert found.term.basis("en")


@given(DAYS, st.integers(1, 60))
def test_working_days_count_as_one_by_one(day: date, count: int) -> None:
    calendar = Calendar(frozenset({date(2025, 10, 1)}), frozenset({date(2025, 10, 11)}), frozenset({2025}))
    end = calendar.after(day, count)
    between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
    assert sum(calendar.is_working(one) for one in between) == count
    assert calendar.is_working(end)
    assert calendar.on_or_after(end) == end


def test_year_that_was_not_announced_is_provisional(tmp_path: Path) -> None:
    assert read_rules(tmp_path).due("tip_check", date(2026, 12, 28)).provisional


def test_own_file_changes_a_term_and_adds_a_year(tmp_path: Path) -> None:
    (tmp_path / "casebook.toml").write_text(
        '[terms.tip_check]\ncount = 3\nbasis_en = "our rule"\n[calendar.2027]\noff = ["2027-01-01/2027-01-03"]\n',
        encoding="utf-8",
    )
    found = read_rules(tmp_path).due("tip_check", date(2026, 12, 30))
    assert (found.day, found.provisional, found.term.basis("en")) == (date(2027, 1, 5), False, "our rule")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[reckoning]\n", "unknown table"),
        ('[terms.tip_check]\nunit = "years"\n', "unit"),
        ("[terms.tip_check]\ncount = 0\n", "count"),
        ("[terms.other]\ncount = 1\n", "basis_zh"),
        ('[terms.tip_check]\nbasis_en = " "\n', "legal basis"),
        ('[calendar.2027]\noff = ["2027-13-01"]\n', "no day"),
        ('[calendar.2027]\noff = ["2026-01-01"]\n', "begins in 2027"),
        ('[calendar.2027]\noff = ["2027-01-01"]\nworked = ["2027-01-01"]\n', "both off and worked"),
        ("[calendar.soon]\noff = []\n", "must be a year"),
    ],
)
def test_wrong_rules_are_told(content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "casebook.toml").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        read_rules(tmp_path)


def test_file_that_the_environment_names_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "nowhere.toml"))
    with pytest.raises(UsageError, match=r"nowhere\.toml"):
        read_rules(tmp_path)


def test_calendar_without_a_year_works_on_weekdays() -> None:
    calendar = read({}, "here")
    assert [day for day in range(1, 8) if calendar.is_working(date(2029, 1, day))] == [1, 2, 3, 4, 5]


def test_every_term_is_one_that_something_counts_by(tmp_path: Path) -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in Path(casebook.__file__).parent.glob("*.py"))
    assert [name for name in read_rules(tmp_path).terms if f'"{name}"' not in source] == []


def test_day_is_that_of_the_place_whatever_the_machine_says(tmp_path: Path) -> None:
    (tmp_path / "casebook.toml").write_text('[place]\ntime_zone = "Pacific/Auckland"\n', encoding="utf-8")
    rules, moment = read_rules(tmp_path), datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert rules.day_of(moment) == date(2026, 3, 2)
    assert rules.begin_of(date(2026, 3, 2)) == datetime(2026, 3, 1, 11, tzinfo=UTC)
