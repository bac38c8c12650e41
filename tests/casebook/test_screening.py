from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ringfinder.casebook import screening, self_checks
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.rules import Rules, read_rules
from ringfinder.casebook.screening import Facility
from ringfinder.casebook.self_checks import Answer, Check
from ringfinder.errors import Refused

ACTOR = "user u1"
ITEMS = ("是否有空刷", '=HYPERLINK("http://x")', "是否分解住院")


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return read_rules(tmp_path)


def looked(casebook: Casebook, rules: Rules, facility: str, on: date) -> None:
    look = screening.plan(casebook, facility, "东城", rules.today(), rules, ACTOR)
    screening.take(casebook, look.look_id, 1, on, "found", "账目不符", rules, ACTOR)


def test_coverage_adds_up_and_proposes_alerts_first_then_the_longest_not_looked_at(
    casebook: Casebook, rules: Rules
) -> None:
    today = rules.today()
    looked(casebook, rules, "fresh", today)
    looked(casebook, rules, "long ago", date(2020, 1, 1))
    looked(casebook, rules, "longer ago", date(2019, 1, 1))
    screening.plan(casebook, "planned", "东城", today + timedelta(days=9), rules, ACTOR)
    names = ("fresh", "long ago", "longer ago", "planned", "never", "weak", "strong")
    alerts = {"weak": (1, 60.0), "strong": (2, 90.0), "fresh": (1, 99.0)}
    facilities = [Facility(one, "东城", *alerts.get(one, (0, 0.0))) for one in names]
    found = screening.coverage(casebook, facilities, today, rules, 10)
    assert (found.facilities, found.looked_at, found.planned, found.neither) == (7, 1, 1, 5)
    expected = ["strong", "weak", "never", "longer ago", "long ago"]
    assert [one.facility.facility_id for one in found.following] == expected
    in_a_year = screening.coverage(casebook, facilities, date(today.year + 1, today.month, today.day), rules, 1)
    assert (in_a_year.looked_at, in_a_year.following[0].facility.facility_id) == (0, "fresh")


def test_look_is_planned_once_and_taken_or_dropped(casebook: Casebook, rules: Rules) -> None:
    today = rules.today()
    with pytest.raises(Refused) as told:
        screening.plan(casebook, "H1", "东城", today - timedelta(days=1), rules, ACTOR)
    assert told.value.code == "bad_last_day"
    look = screening.plan(casebook, "H1", "东城", today, rules, ACTOR)
    with pytest.raises(Refused) as told:
        screening.plan(casebook, "H1", "东城", today, rules, ACTOR)
    assert told.value.code == "planned_already"
    dropped = screening.drop(casebook, look.look_id, 1, ACTOR)
    assert dropped is not None
    assert dropped.state == "dropped"
    with pytest.raises(Refused) as told:
        screening.take(casebook, look.look_id, 2, today, "found", None, rules, ACTOR)
    assert told.value.code == "step_refused"


def sent(name: str = "S0123456789ab", items: tuple[str, ...] = ITEMS[:1]) -> Check:
    """A list as it was sent."""
    return Check(
        name, 1, "sent", "H1", "东城", items, date(2026, 5, 4), date(2026, 5, 18), None, None, None, Decimal(0)
    )


def filled(content: bytes, *cells: tuple[object, object]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for at, (amount, remark) in enumerate(cells):
        sheet.cell(3 + at, 3, amount)
        sheet.cell(3 + at, 4, remark)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_list_goes_out_as_a_workbook_and_comes_back_with_money(casebook: Casebook, rules: Rules) -> None:
    check = self_checks.send(casebook, "H1", "东城", ITEMS, rules, ACTOR)
    content = self_checks.workbook(check, "zh")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [(row[1].value, row[1].data_type) for row in sheet.iter_rows(3)] == [(item, "s") for item in ITEMS]
    answers = self_checks.read_workbook(filled(content, (1200.5, "多刷"), ("3,000", None), (None, None)), check)
    assert answers == (
        Answer(Decimal("1200.50"), "多刷"),
        Answer(Decimal("3000.00"), ""),
        Answer(Decimal("0.00"), ""),
    )
    answered = self_checks.answer(casebook, check.check_id, 1, answers, rules, ACTOR)
    assert answered is not None
    assert (answered.amount, answered.state, answered.answers) == (Decimal("4200.50"), "answered", answers)
    today = rules.today()
    for version, amount, returned, state in ((2, "4000.00", "4000.00", "answered"), (3, "200.50", "4200.50", "closed")):
        booked = self_checks.book_return(casebook, check.check_id, version, Decimal(amount), today, "R-1", rules, ACTOR)
        assert booked is not None
        assert (booked.returned, booked.state) == (Decimal(returned), state)
    with pytest.raises(Refused) as told:
        self_checks.book_return(casebook, check.check_id, 4, Decimal(1), today, "R-2", rules, ACTOR)
    assert told.value.code == "bad_return"


def test_more_than_was_said_is_not_booked(casebook: Casebook, rules: Rules) -> None:
    check = self_checks.send(casebook, "H1", "东城", ITEMS[:1], rules, ACTOR)
    with pytest.raises(Refused) as told:
        self_checks.answer(casebook, check.check_id, 1, (), rules, ACTOR)
    assert told.value.code == "answers_missing"
    self_checks.answer(casebook, check.check_id, 1, (Answer(Decimal("10.00"), ""),), rules, ACTOR)
    with pytest.raises(Refused) as told:
        self_checks.book_return(casebook, check.check_id, 2, Decimal("10.01"), rules.today(), "R", rules, ACTOR)
    assert told.value.code == "bad_return"


def test_a_remark_is_kept_whole_or_refused_with_the_number_of_its_row() -> None:
    check = sent(items=ITEMS)
    whole = self_checks.read_workbook(filled(self_checks.workbook(check, "zh"), (1, None), (2, "长" * 500)), check)
    assert whole[1].remark == "长" * 500
    with pytest.raises(Refused) as told:
        self_checks.read_workbook(filled(self_checks.workbook(check, "zh"), (1, None), (2, "长" * 501)), check)
    assert (told.value.code, told.value.values) == ("long_remark", {"item": 2, "row": 4, "signs": 501, "most": 500})


@pytest.mark.parametrize("amount", ["viel", -1, "nan", "1e30", "=1+1", "12,5", "1.234,56", "12.345", "1,2,3", True])
def test_amount_that_is_none_is_refused_with_the_number_of_its_item(amount: object) -> None:
    check = sent(items=ITEMS)
    content = filled(self_checks.workbook(check, "en"), (1, None), (amount, None))
    with pytest.raises(Refused) as told:
        self_checks.read_workbook(content, check)
    assert (told.value.code, told.value.values) == ("bad_item_amount", {"item": 2})


def test_file_that_is_no_list_is_refused() -> None:
    check = sent(items=ITEMS)
    empty = io.BytesIO()
    Workbook().save(empty)
    for content in (b"", b"PK\x03\x04 nothing", b"text"):
        with pytest.raises(Refused) as told:
            self_checks.read_workbook(content, check)
        assert told.value.code == "bad_workbook"
    with pytest.raises(Refused) as told:
        self_checks.read_workbook(empty.getvalue(), check)
    assert told.value.code == "answers_missing"


def test_list_of_another_facility_is_refused() -> None:
    mine, other = sent("S000000000001"), sent("S000000000002")
    content = filled(self_checks.workbook(other, "zh"), ("5.00", None))
    assert self_checks.read_workbook(content, other) == (Answer(Decimal("5.00"), ""),)
    with pytest.raises(Refused) as told:
        self_checks.read_workbook(content, mine)
    assert told.value.code == "bad_workbook"


def changed(content: bytes, change: Callable[[Workbook], None]) -> bytes:
    """A workbook in which somebody changed something."""
    book, out = load_workbook(io.BytesIO(content)), io.BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def turn_around(book: Workbook) -> None:
    """Lines as they stand when somebody sorts them the other way round."""
    sheet = book.worksheets[0]
    for y, line in enumerate(reversed([[cell.value for cell in row] for row in sheet.iter_rows(3)]), 3):
        for x, value in enumerate(line, 1):
            sheet.cell(y, x).value = value


def test_sorted_lines_and_a_sheet_in_front_change_no_answer() -> None:
    check = sent(items=ITEMS)
    content = filled(self_checks.workbook(check, "zh"), (1, "a"), (2, "b"), (3, "c"))
    expected = tuple(
        Answer(Decimal(n).quantize(Decimal("0.01")), remark) for n, remark in ((1, "a"), (2, "b"), (3, "c"))
    )
    for change in (turn_around, lambda book: book.create_sheet("letter", 0)):
        assert self_checks.read_workbook(changed(content, change), check) == expected


@pytest.mark.parametrize(
    "change",
    [lambda sheet: sheet.insert_rows(4), lambda sheet: sheet.delete_rows(1)],
    ids=["a line more", "no heading"],
)
def test_lines_added_or_left_out_are_refused_rather_than_read_beside_another_item(
    change: Callable[[Worksheet], None],
) -> None:
    check = sent(items=ITEMS)
    content = filled(self_checks.workbook(check, "zh"), (1, "a"), (2, "b"), (3, "c"))
    with pytest.raises(Refused) as told:
        self_checks.read_workbook(changed(content, lambda book: change(book.worksheets[0])), check)
    assert told.value.code in ("bad_workbook", "answers_missing")


def test_list_has_amounts_with_two_decimals_wrapped_items_and_no_formula_when_edited() -> None:
    sheet = load_workbook(io.BytesIO(self_checks.workbook(sent(items=("=1+1", "x" * 200)), "zh"))).worksheets[0]
    assert [bool(row[1].quotePrefix) for row in sheet.iter_rows(3)] == [True, False]
    assert {row[2].number_format for row in sheet.iter_rows(3)} == {"#,##0.00"}
    assert all(row[1].alignment.wrap_text for row in sheet.iter_rows(3))


def damaged(content: bytes, part: str, body: bytes) -> bytes:
    """A workbook one of whose parts holds something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(out, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, body if name == part else whole.read(name))
    return out.getvalue()


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "%s">%s]><l>&b9;</l>' % (
    b"ha" * 50,
    b"".join(b'<!ENTITY b%d "%s">' % (n, (b"&b%d;" % (n - 1) if n else b"&a;") * 50) for n in range(10)),
)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.parametrize("body", [b"", b"<", b"\xff\x00", LAUGHS], ids=["empty", "cut off", "no text", "laughs"])
def test_damaged_workbook_is_refused(part: str, body: bytes) -> None:
    check = sent()
    content = self_checks.workbook(check, "en")
    with pytest.raises(Refused) as told:
        self_checks.read_workbook(damaged(content, part, body), check)
    assert told.value.code == "bad_workbook"


def test_workbook_behind_a_password_is_refused() -> None:
    check = sent()
    content = bytearray(self_checks.workbook(check, "en"))
    for sign, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(sign)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(sign, at + 4)
    with pytest.raises(Refused) as told:
        self_checks.read_workbook(bytes(content), check)
    assert told.value.code == "bad_workbook"


@pytest.mark.parametrize(("written", "amount"), [(" 1,200.50 ", "1200.50"), ("１２００", "1200.00"), (33.333, "33.33")])
def test_amount_with_one_reading_is_read(written: object, amount: str) -> None:
    check = sent()
    content = filled(self_checks.workbook(check, "en"), (written, None))
    assert self_checks.read_workbook(content, check)[0].amount == Decimal(amount)
