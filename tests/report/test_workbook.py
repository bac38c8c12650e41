from __future__ import annotations

import io
import stat
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from ringfinder.errors import UsageError
from ringfinder.report import workbook
from ringfinder.report.files import write_at_once

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)", "#N/A"]


def written(*parts: Any) -> Workbook:
    """The workbook of an answer, read again."""
    return load_workbook(io.BytesIO(workbook.of_answer(*parts)))


def test_texts_stay_texts_whatever_they_begin_with() -> None:
    book = written(["=head"], [[text] for text in DANGEROUS], [["query", "=x"]])
    cells = [row[0] for row in book["rows"].iter_rows()]
    assert [cell.value for cell in cells] == ["=head", *DANGEROUS]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [True] * 7 + [False]
    assert book["about"]["B1"].data_type == "s"


def test_numbers_times_and_days_keep_their_type() -> None:
    row = [-1, 2.5, True, datetime(2024, 3, 1, 8, 30), date(2024, 3, 1), None, "007"]
    cells = list(written(list("abcdefg"), [row], [])["rows"].iter_rows())[1]
    assert [cell.value for cell in cells] == [*row[:4], datetime(2024, 3, 1), None, "007"]
    assert [cell.number_format for cell in cells[3:5]] == ["yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd"]
    assert not any(cell.quotePrefix for cell in cells)


def test_amounts_are_numbers_with_two_decimals_and_longer_ones_stay_exact() -> None:
    amounts = [Decimal("1234567.80"), Decimal("0.00"), Decimal("12345678901234567.89")]
    cells = list(written(list("abc"), [amounts], [])["rows"].iter_rows())[1]
    assert [cell.value for cell in cells] == [1234567.8, 0, "12345678901234567.89"]
    assert [cell.data_type for cell in cells] == ["n", "n", "s"]
    assert [cell.number_format for cell in cells] == ["#,##0.00", "#,##0.00", "General"]


def test_columns_are_as_wide_as_chinese_looks_and_longer_texts_are_wrapped() -> None:
    row = ["说" * 29, "说" * 30, "x" * 601]
    book = written(["定点医药机构", "b", "c"], [row], [["定点医药机构"]])
    assert book["about"].column_dimensions["A"].width == 14
    assert [book["rows"].column_dimensions[name].width for name in "ABC"] == [60, 60, 60]
    assert [bool(cell.alignment.wrap_text) for cell in book["rows"][2]] == [False, True, False]


def test_signs_that_no_sheet_can_hold_are_replaced() -> None:
    sheet = written(["a"], [["a\x1bb"], ["x" * 40_000]], [])["rows"]
    assert (sheet["A2"].value, len(sheet["A3"].value)) == ("a\ufffdb", 32_767)


def test_workbook_is_for_its_owner_alone_also_where_one_is_there(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("before")
    (tmp_path / "x.xlsx").chmod(0o644)
    write_at_once(workbook.of_answer(["a"], [], []), tmp_path / "x.xlsx")
    assert stat.S_IMODE((tmp_path / "x.xlsx").stat().st_mode) == 0o600


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)
    with pytest.raises(UsageError, match="a sheet holds 1 rows and the answer has 2; ask for fewer with --limit"):
        workbook.of_answer(["a"], [[1], [2]], [])
