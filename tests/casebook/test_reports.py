"""Reports as tables and files: spans, both languages, and every form holds the same figures."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from ringfinder.casebook import cases, decisions, inquiry
from ringfinder.casebook.cases import Draft
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.decisions import Proposal
from ringfinder.casebook.inquiry import Violation
from ringfinder.casebook.report_shapes import REPORTS
from ringfinder.casebook.report_tables import report
from ringfinder.casebook.statistics import Span, span_of, statistics, week_before
from ringfinder.casebook.who import Who
from ringfinder.cli.app import app
from ringfinder.errors import UsageError
from ringfinder.pipeline.reporting import rendered
from tests.casebook.people_of_cases import EAST, WEST, person

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY = date(2026, 5, 13)  # a Wednesday
WEEK = Span(date(2026, 5, 11), date(2026, 5, 17))


def decide(casebook: Casebook, boss: Who, district: str, amount: str, campaign: str | None = None) -> str:
    """A case with a payment refused and a transfer to the police; its id."""
    case_id = cases.create(casebook, boss, Draft("x", (district,), campaign=campaign, due_on=DAY), NOW).case_id
    cases.assign(casebook, boss, case_id, 1, boss.caller_id)
    cases.begin(casebook, boss, case_id, 2)
    inquiry.establish(casebook, boss, case_id, 3, Violation("F1", "overcharging", Decimal(amount), DAY), NOW)
    decisions.propose(casebook, boss, case_id, 4, Proposal(1, "refuse_payment", Decimal(amount)), NOW)
    decisions.propose(casebook, boss, case_id, 5, Proposal(1, "police"), NOW)
    decisions.issue(casebook, boss, case_id, 6, 1, DAY, now=NOW)
    decisions.issue(casebook, boss, case_id, 7, 2, DAY, now=NOW)
    return case_id


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        ("2026-05-18", "2026-05-11"),
        ("2026-05-24", "2026-05-11"),
        ("2026-05-17", "2026-05-04"),
        ("2026-01-01", "2025-12-22"),
    ],
)
def test_week_before_is_the_last_whole_one(day: str, monday: str) -> None:
    span = week_before(date.fromisoformat(day))
    assert (str(span.first), span.first.weekday(), (span.last - span.first).days) == (monday, 0, 6)


def test_span_is_as_asked_or_the_usual_one() -> None:
    today = date(2026, 5, 20)
    assert span_of("weekly", None, None, None, today) == WEEK
    assert span_of("statistics", None, DAY, None, today) == Span(date(2026, 1, 1), DAY)
    assert span_of("campaign", DAY, None, "spring", today) == Span(DAY, today, "spring")
    for wrong in (("campaign", None, None, None), ("weekly", None, None, "x"), ("statistics", today, DAY, None)):
        with pytest.raises(UsageError):
            span_of(*wrong, today)


def test_figures_count_decisions_and_each_violation_once_in_ones_districts(casebook: Casebook) -> None:
    boss, east = person(casebook, "boss", "supervisor"), person(casebook, "east", "supervisor", EAST)
    decide(casebook, boss, EAST, "100.10")
    decide(casebook, boss, WEST, "200.20")
    for who, cases_seen, amount in ((boss, 2, "300.30"), (east, 1, "100.10")):
        found = statistics(casebook, who, WEEK, NOW)
        lines = {line.name: line for line in (*found.outcomes, *found.behaviours[:-1])}
        assert (lines["refuse_payment"].count, lines["refuse_payment"].amount) == (cases_seen, Decimal(amount))
        assert lines["total"].count == 2 * cases_seen
        assert (lines["overcharging"].count, lines["overcharging"].amount) == (cases_seen, Decimal(amount))
        assert (found.open_now["decided"], found.overdue, found.opened["hand"]) == (cases_seen, cases_seen, 0)
    before = statistics(casebook, boss, Span(date(2026, 5, 4), date(2026, 5, 10)), NOW)
    assert before.outcomes[-1].count == 0


def test_report_of_one_district_counts_its_cases_alone_and_says_so(casebook: Casebook) -> None:
    boss, east = person(casebook, "boss", "supervisor"), person(casebook, "east", "supervisor", EAST)
    mine = decide(casebook, boss, EAST, "100.10", "spring")
    decide(casebook, boss, WEST, "200.20", "spring")
    for who, district, amount in ((boss, EAST, "100.10"), (boss, WEST, "200.20"), (east, WEST, "0.00")):
        made = report(casebook, who, "statistics", Span(WEEK.first, WEEK.last, None, district), "en")
        assert (made.figures["outcomes"][-1]["amount"], made.figures["district"]) == (amount, district)
        assert made.notes == (f"Cases of the district {district} only.",)
    listed = report(casebook, boss, "campaign", Span(WEEK.first, WEEK.last, "spring", EAST), "en").tables[-1]
    assert [row[0] for row in listed.rows] == [mine]
    with pytest.raises(UsageError):
        span_of("typical", None, None, None, DAY, EAST)


def test_report_counts_no_case_in_which_ones_district_was_only_asked(casebook: Casebook) -> None:
    boss, east = person(casebook, "boss", "supervisor"), person(casebook, "east", "supervisor", EAST)
    mine = decide(casebook, boss, EAST, "100.10", "spring")
    theirs = decide(casebook, boss, WEST, "200.20", "spring")
    version = cases.find(casebook, boss, theirs).version
    inquiry.ask_check(casebook, boss, theirs, version, EAST, "is it real?", NOW)
    assert cases.find(casebook, east, theirs).case_id == theirs
    made = report(casebook, east, "campaign", Span(WEEK.first, WEEK.last, "spring"), "en")
    assert made.figures["outcomes"][-1]["amount"] == "100.10"
    assert [row[0] for row in made.tables[-1].rows] == [mine]


def test_every_form_holds_the_same_figures_in_both_languages(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    case_id = decide(casebook, boss, EAST, "1234.50", "<spring>")
    span = Span(WEEK.first, WEEK.last, "<spring>")
    for lang in ("zh", "en"):
        for name in (one for one in REPORTS if one != "typical"):
            made = report(casebook, boss, name, span, lang)  # type: ignore[arg-type]
            figures = json.loads(rendered(made, "json", lang))  # type: ignore[arg-type]
            assert figures["outcomes"][0]["amount"] == "1234.50"
            page = rendered(made, "html", lang).decode()  # type: ignore[arg-type]
            assert page.count("1,234.50") == 4
            assert "<spring>" not in page
            assert (case_id in page) == (name == "campaign")
            book = openpyxl.load_workbook(io.BytesIO(rendered(made, "xlsx", lang)))  # type: ignore[arg-type]
            sheet = book[next(table.title for table in made.tables if table.name == "outcomes")]
            rows = list(sheet.iter_rows(min_row=2, values_only=True))
            assert sum(row[5] for row in rows[:-1]) == rows[-1][5] == 1234.5
            assert sum(row[1] for row in rows[:-1]) == rows[-1][1] == 2
            assert "F1" not in page + json.dumps(figures)


def test_command_writes_the_report_a_night_job_wants(tmp_path: Path) -> None:
    with open_casebook(tmp_path / "w") as book:
        boss = person(book, "boss", "supervisor")
        decide(book, boss, EAST, "10.00", "spring")
    run = CliRunner()
    common = ["--workspace", str(tmp_path / "w"), "--lang", "en"]
    week = ["casebook", "report", "weekly", "--from", "2026-05-11", "--to", "2026-05-17", *common]
    for ending in ("json", "html", "xlsx"):
        out = tmp_path / f"week.{ending}"
        out.touch(mode=0o644)  # one that was there before
        done = run.invoke(app, [*week, "--out", str(out)])
        assert (done.exit_code, "Week from 2026-05-11 to 2026-05-17" in done.output) == (0, True)
        assert oct(out.stat().st_mode & 0o777) == "0o600"
    assert json.loads((tmp_path / "week.json").read_text(encoding="utf-8"))["outcomes"][-1]["count"] == 2
    for wrong in (
        ["--out", "x.pdf"],
        ["--out", "x.json", "--from", "soon"],
        ["--out", "x.json", "--campaign", "spring"],
    ):
        assert run.invoke(app, ["casebook", "report", "weekly", *wrong, *common]).exit_code == 2
