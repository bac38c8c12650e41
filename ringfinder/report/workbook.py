"""An answer as an XLSX workbook: the rows with typed cells, and a sheet that says what was asked.

A text of the claims must never become a formula when somebody opens the file: every text is written as a text cell, and
one that begins like a formula also carries the mark that a spreadsheet sets for a leading apostrophe, so that it stays a
text when the cell is edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfinder.errors import UsageError
from ringfinder.report.html import HIDDEN

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 1_048_575  # of a sheet, below its head
MOST_SIGNS = 32_767  # of a cell
MOST_WIDE = 60
TIME, DAY = "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd"


def write(path: Path, heads: Sequence[str], rows: Sequence[Sequence[Any]], about: Sequence[Sequence[str]]) -> None:
    """The workbook of an answer, mode 600; UsageError for more rows than a sheet holds."""
    if len(rows) > MOST_ROWS:
        raise UsageError(f"a sheet holds {MOST_ROWS} rows and the answer has {len(rows)}; ask for fewer with --limit")
    write_sheets(path, {"rows": [heads, *rows], "about": about})


def write_sheets(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """A workbook of these sheets in this order, mode 600; the first row of each is its head, but for the last sheet."""
    from openpyxl import Workbook  # noqa: PLC0415 - costs a third of a second

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    for sheet in book.worksheets[:-1]:
        sheet.freeze_panes = "A2"
    path.touch(mode=0o600)
    path.chmod(0o600)
    book.save(path)


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Any]]) -> None:
    widths: dict[int, int] = {}
    for y, row in enumerate(rows, 1):
        for x, value in enumerate(row, 1):
            if value is None:
                continue
            cell = sheet.cell(y, x)
            if isinstance(value, (bool, int, float, date)):
                cell.value = value
                if isinstance(value, date):
                    cell.number_format = TIME if isinstance(value, datetime) else DAY
            else:
                text = str(value).translate(HIDDEN)[:MOST_SIGNS]
                cell.value = text
                cell.data_type = "s"
                cell.quotePrefix = text.startswith(FORMULA_SIGNS)
            widths[x] = min(max(widths.get(x, 8), len(str(value)) + 2), MOST_WIDE)
    for x, width in widths.items():
        sheet.column_dimensions[sheet.cell(1, x).column_letter].width = width
