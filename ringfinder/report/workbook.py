"""An answer as an XLSX workbook: the rows with typed cells, and a sheet that says what was asked.

A text of the claims must never become a formula when somebody opens the file: every text is written as a text cell, and
one that begins like a formula also carries the mark that a spreadsheet sets for a leading apostrophe, so that it stays a
text when the cell is edited. Amounts are numbers, so that a sheet can sum them: two decimals of at most fourteen digits are
exact in a double, and a longer one stays a text. A column is as wide as its longest text looks, where a Chinese sign takes
two places; what is wider than a column may be is wrapped, but for lists of hundreds of ids.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ringfinder.errors import UsageError
from ringfinder.report.html import HIDDEN
from ringfinder.words.sentences import Sentence

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 1_048_575  # of a sheet, below its head
MOST_SIGNS = 32_767  # of a cell
MOST_WIDE = 60
MOST_WRAPPED = 600  # places; ten lines: more would fill the screen with one row
MOST_DIGITS = 15  # that a sheet keeps of a number
TIME, DAY, MONEY = "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd", "#,##0.00"


def of_answer(heads: Sequence[str], rows: Sequence[Sequence[Any]], about: Sequence[Sequence[str]]) -> bytes:
    """The workbook of an answer; UsageError for more rows than a sheet holds."""
    if len(rows) > MOST_ROWS:
        raise UsageError(Sentence("faults.sheet_full", most=MOST_ROWS, rows=len(rows)))
    return of_sheets({"rows": [heads, *rows], "about": about})


def of_sheets(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of these sheets in this order; the first row of each is its head, but for the last sheet."""
    from openpyxl import Workbook  # noqa: PLC0415 - costs a third of a second

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    for sheet in book.worksheets[:-1]:
        sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Any]]) -> None:
    widths: dict[int, int] = {}
    for y, row in enumerate(rows, 1):
        for x, value in enumerate(row, 1):
            if value is None:
                continue
            wide = _put(sheet.cell(y, x), value)
            widths[x] = min(max(widths.get(x, 8), wide + 2), MOST_WIDE)
    for x, width in widths.items():
        sheet.column_dimensions[sheet.cell(1, x).column_letter].width = width


def _put(cell: Cell, value: Any) -> int:
    """Write a value; how many places it takes in its longest line."""
    if isinstance(value, (bool, int, float, date)):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = TIME if isinstance(value, datetime) else DAY
        return len(str(value))
    if isinstance(value, Decimal) and value.is_finite() and len(value.as_tuple().digits) <= MOST_DIGITS:
        cell.value, cell.number_format = value, MONEY
        return len(f"{value:,.2f}")
    write_text(cell, str(value).translate(HIDDEN)[:MOST_SIGNS])
    wide = places(str(cell.value))
    if MOST_WIDE - 2 < wide <= MOST_WRAPPED:
        wrap(cell)
    return wide


def write_text(cell: Cell, text: str) -> None:
    """A text that stays one, also when somebody edits the cell."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_SIGNS)


def wrap(cell: Cell) -> None:
    """Show the whole text, in as many lines as it needs."""
    from openpyxl.styles import Alignment  # noqa: PLC0415

    cell.alignment = Alignment(vertical="top", wrap_text=True)


def places(text: str) -> int:
    """How wide a text looks: a Chinese sign takes two places."""
    return len(text) + sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
