"""Self-checks: a list of questions that is sent to a facility as a workbook, comes back with amounts, and the money that is paid back.

    send     items, with a deadline of so many days (`[screening] answer_days`, on a working day)
    answer   an amount and a remark for each item, by hand or read from the workbook; the amount is their sum
    book     what was paid back, in parts if need be, never more than the facility said

The workbook has a line for each item: number, item, amount, remark. What looks like a formula is written as text. A workbook that
comes back is only read for the number, third and fourth cell of those lines, and for the names of its sheets: the one that bears the
list's is read, wherever it stands, and one that bears another list's is refused, since many facilities get the same questions. Lines
may be sorted, since each has its number; where lines were added or left out, nothing is read, since an amount could come to stand
beside another item. A formula counts as what it came to; one that nobody computed is no amount. An amount that is written as text is
read only where there is one way to read it: 1200, 1200.5, 1,200.50; not 12,5 or 12.345.
"""

from __future__ import annotations

import io
import re
import secrets
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ringfinder.casebook.changes import at_version, record_change, writing
from ringfinder.casebook.columns import CENT, MOST_MONEY
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.steps import Machine
from ringfinder.casebook.tables_of_screening import CheckRow, ReturnRow
from ringfinder.words import Language, say

MACHINE = Machine(
    "self_check", "sent", {"answer": {"sent": "answered"}, "close": {"answered": "closed", "sent": "closed"}}
)
FIRST_LINE = 3  # of the workbook: a heading, the names of the columns, then the items
FORMULA_SIGNS = ("=", "+", "-", "@")
MOST_UNPACKED = 20 * 1024**2
MOST_REMARK = 500
LIST_ID = re.compile(r"S[0-9a-f]{12}")
WRITTEN = re.compile(r"\d+(\.\d{1,2})?|\d{1,3}(,\d{3})+(\.\d{1,2})?")  # an amount as text


@dataclass(frozen=True)
class Answer:
    """What a facility says of one item."""

    amount: Decimal
    remark: str


@dataclass(frozen=True)
class Check:
    """A self-check as it stands. `amount`: what the facility said; `returned`: what it paid back so far."""

    check_id: str
    version: int
    state: str
    facility_id: str
    district: str
    items: tuple[str, ...]
    sent_on: date
    due_on: date
    answered_on: date | None
    answers: tuple[Answer, ...] | None
    amount: Decimal | None
    returned: Decimal


def send(casebook: Casebook, facility_id: str, district: str, items: Sequence[str], rules: Rules, actor: str) -> Check:
    """Send a list to a facility."""
    today = rules.today()
    row = CheckRow(
        check_id=f"S{secrets.token_hex(6)}",  # as LIST_ID has it
        version=1,
        state=MACHINE.first,
        facility_id=facility_id,
        district=district,
        items=list(items),
        sent_on=today,
        due_on=rules.calendar.on_or_after(today + timedelta(days=rules.screening.answer_days)),
        created_by=actor,
    )
    with writing(casebook) as session:
        session.add(row)
        session.flush()
        record_change(session, actor, "self_check.sent", row.check_id, {}, _state(row), items=len(items))
        return _check(session, row)


def answer(
    casebook: Casebook, check_id: str, version: int, answers: Sequence[Answer], rules: Rules, actor: str
) -> Check | None:
    """Write down what a facility answered; None where there is no such list."""
    with writing(casebook) as session:
        row = at_version(session, CheckRow, check_id, version)
        if row is None:
            return None
        if len(answers) != len(row.items):
            raise refused("answers_missing", items=len(row.items))
        before = _state(row)
        row.state = MACHINE.after(row.state, "answer")
        row.answered_on, row.amount = rules.today(), sum((one.amount for one in answers), Decimal(0)).quantize(CENT)
        if row.amount > MOST_MONEY:
            raise refused("bad_amount")
        row.answers = [[str(one.amount), one.remark] for one in answers]
        row.version += 1
        session.flush()
        record_change(session, actor, "self_check.answered", check_id, before, _state(row), version=row.version)
        return _check(session, row)


def book_return(
    casebook: Casebook, check_id: str, version: int, amount: Decimal, on: date, reference: str, rules: Rules, actor: str
) -> Check | None:
    """Book money that came back; the list is closed when all of it did. None where there is no such list."""
    with writing(casebook) as session:
        row = at_version(session, CheckRow, check_id, version)
        if row is None:
            return None
        if on > rules.today() or on < row.sent_on:
            raise refused("bad_day")
        before, so_far = _state(row), _returned(session, check_id)
        if row.state != "answered" or row.amount is None or so_far + amount > row.amount or amount <= 0:
            raise refused("bad_return")
        place = session.scalar(select(func.count()).where(ReturnRow.check_id == check_id)) or 0
        session.add(
            ReturnRow(check_id=check_id, place=place, amount=amount, paid_on=on, reference=reference, booked_by=actor)
        )
        if so_far + amount == row.amount:
            row.state = MACHINE.after(row.state, "close")
        row.version += 1
        session.flush()
        after, paid = _state(row), f"{amount:.2f}"
        record_change(session, actor, "self_check.returned", check_id, before, after, paid=paid, on=on.isoformat())
        return _check(session, row)


def find(casebook: Casebook, check_id: str) -> Check | None:
    """One list."""
    with casebook.session() as session:
        row = session.get(CheckRow, check_id)
        return None if row is None else _check(session, row)


def workbook(check: Check, lang: Language) -> bytes:
    """The list as it is sent."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes a quarter of a second
    from openpyxl.styles import Alignment  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    sheet.title = check.check_id
    heading = say(
        "screening.sheet_heading", lang, check_id=check.check_id, facility=check.facility_id, due=check.due_on
    )
    sheet.append([heading])
    sheet.append([say(f"screening.sheet_{name}", lang) for name in ("number", "item", "amount", "remark")])
    for number, item in enumerate(check.items, 1):
        sheet.append([number, item, None, None])
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula
                cell.quotePrefix = cell.value.startswith(FORMULA_SIGNS)  # nor one when somebody edits it
    for line in sheet.iter_rows(FIRST_LINE, FIRST_LINE + len(check.items) - 1, 1, 4):
        for cell in line:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        line[2].number_format = "#,##0.00"
    for column, width in zip("ABCD", (8, 60, 16, 40), strict=True):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_workbook(content: bytes, check: Check) -> tuple[Answer, ...]:
    """What a facility wrote into the list; Refused for what is no workbook, or another list's, or no amount. An empty cell is nothing
    found.
    """
    items = len(check.items)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise refused("bad_workbook")
        lines, formulas = _lines(content, check, computed=True), _lines(content, check, computed=False)
    except Exception as error:  # a damaged file makes zip, XML and workbook readers raise errors of a dozen kinds
        raise refused("bad_workbook") from error
    if len(lines) != items:
        raise refused("answers_missing", items=items)
    found = {
        _text(number): (formula if amount is None else amount, remark, row)
        for row, ((number, _, amount, remark), (_, _, formula, _)) in enumerate(
            zip(lines, formulas, strict=True), FIRST_LINE
        )
    }
    if set(found) != {str(number) for number in range(1, items + 1)}:
        raise refused("bad_workbook")
    return tuple(_answer(number, *found[str(number)]) for number in range(1, items + 1))


def _answer(number: int, amount: object, remark: object, row: int) -> Answer:
    said = str(remark or "")
    if len(said) > MOST_REMARK:  # never cut: what a facility says of its money is kept whole or not taken
        raise refused("long_remark", item=number, row=row, signs=len(said), most=MOST_REMARK)
    try:
        return Answer(_amount(amount), said)
    except ValueError as error:
        raise refused("bad_item_amount", item=number) from error


def _lines(content: bytes, check: Check, *, computed: bool) -> list[tuple[Any, ...]]:
    """The lines of the list's sheet; of a formula what it came to, or itself."""
    from openpyxl import load_workbook  # noqa: PLC0415

    sheets = load_workbook(io.BytesIO(content), read_only=True, data_only=computed).worksheets
    sheet = next((one for one in sheets if one.title == check.check_id), sheets[0])
    if sheet.title != check.check_id and any(LIST_ID.fullmatch(one.title) for one in sheets):
        raise refused("bad_workbook")
    return list(sheet.iter_rows(FIRST_LINE, FIRST_LINE + len(check.items) - 1, 1, 4, values_only=True))


def _text(cell: object) -> str:
    return unicodedata.normalize("NFKC", "" if cell is None else str(cell)).strip()


def _amount(cell: object) -> Decimal:
    """The amount in a cell; ValueError where it is none."""
    text = _text(cell)
    if text and isinstance(cell, str) and not WRITTEN.fullmatch(text):
        raise ValueError("no amount")
    try:
        amount = Decimal(text.replace(",", "") or "0").quantize(CENT)
    except InvalidOperation as error:
        raise ValueError("no amount") from error
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY:
        raise ValueError("no amount")
    return amount


def _returned(session: Session, check_id: str) -> Decimal:
    found = session.scalar(select(func.sum(ReturnRow.amount)).where(ReturnRow.check_id == check_id))
    return Decimal(0).quantize(CENT) if found is None else found


def _state(row: CheckRow) -> dict[str, object]:
    return {
        name: getattr(row, name) for name in ("state", "facility_id", "district", "due_on", "answered_on", "amount")
    }


def _check(session: Session, row: CheckRow) -> Check:
    answers = None if row.answers is None else tuple(Answer(Decimal(one[0]), one[1]) for one in row.answers)
    return Check(
        row.check_id,
        row.version,
        row.state,
        row.facility_id,
        row.district,
        tuple(row.items),
        row.sent_on,
        row.due_on,
        row.answered_on,
        answers,
        row.amount,
        _returned(session, row.check_id),
    )
