"""Reports in the app: chosen, read as tables whose sums agree, and taken along; by supervisors alone."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.api.conftest import Served
from tests.app.conftest import Open

if TYPE_CHECKING:
    from playwright.sync_api import Page

DAY = "2024-05-13"  # a Monday of a year in which no other test decides anything


@pytest.fixture(scope="module", autouse=True)
def decided(service: Served) -> None:
    """Two cases of two districts with two decisions each."""
    with service.client(service.key("supervisor")) as client:

        def post(path: str, version: int | None = None, **body: Any) -> Any:
            headers = {} if version is None else {"if-match": f'"{version}"'}
            answer = client.post(f"/v1/cases{path}", json=body, headers=headers)
            assert answer.status_code < 300, answer.text
            return answer.json()

        for district, amount in (("340801", "1234.50"), ("340806", "200.25")):
            case = f"/{post('', title='x', districts=[district], campaign='spring')['case_id']}"
            post(f"{case}:assign", 1)
            post(f"{case}:begin", 2)
            violation = {"behaviour": "overcharging", "amount": amount, "established_on": DAY}
            post(f"{case}/violations", 3, subject_id="H0024", **violation)
            post(f"{case}/decisions", 4, violation=1, kind="refuse_payment", amount=amount)
            post(f"{case}/decisions", 5, violation=1, kind="police")
            post(f"{case}/decisions/1:issue", 6, decided_on=DAY)
            post(f"{case}/decisions/2:issue", 7, decided_on=DAY)


def table(page: Page, name: str) -> list[list[str]]:
    """The rows of a table, cell by cell."""
    rows = page.get_by_role("region", name=name).locator("tbody tr")
    rows.first.wait_for()
    return [row.split("\t") for row in rows.all_inner_texts()]


def added(rows: list[list[str]], column: int) -> tuple[Decimal, Decimal]:
    """(the sum of all rows but the last, the last)."""
    figures = [Decimal(row[column].replace(",", "")) for row in rows]
    return sum(figures[:-1], Decimal(0)), figures[-1]


def test_statistics_are_tables_whose_sums_agree_and_are_taken_along(open_as: Open) -> None:
    with open_as(place="/app/") as page:
        page.get_by_role("link", name="Reports").click()
        page.get_by_label("First day").fill("2024-01-01")
        page.get_by_label("Last day").fill("2024-12-31")
        page.get_by_role("button", name="Show it").click()
        page.wait_for_url("**last=2024-12-31")
        outcomes, behaviours = table(page, "Outcomes by decision"), table(page, "Violations by behaviour")
        for rows, width in ((outcomes, 7), (behaviours, 6)):
            for column in range(1, width):
                whole, last = added(rows, column)
                assert (column, whole) == (column, last)
            assert rows[-1][1] == str(sum(int(each) for each in rows[-1][2:5]))
        assert outcomes[-1] == ["total", "4", "4", "0", "0", "1,434.75", "0.00"]
        assert behaviours[-1] == ["total", "2", "2", "0", "0", "1,434.75"]
        page.reload()
        assert table(page, "Outcomes by decision") == outcomes
        with page.expect_download() as saved:
            page.get_by_role("button", name="workbook").click()
        assert saved.value.suggested_filename == "statistics-2024-01-01-2024-12-31.xlsx"
        book = openpyxl.load_workbook(io.BytesIO(Path(saved.value.path()).read_bytes()))
        assert list(book["Outcomes by decision"].values)[-1] == ("total", 4, 4, 0, 0, 1434.75, 0)
        page.get_by_label("District").fill("340806")
        page.get_by_role("button", name="Show it").click()
        page.get_by_role("cell", name="1,434.75").first.wait_for(state="detached")
        assert table(page, "Outcomes by decision")[-1] == ["total", "2", "2", "0", "0", "200.25", "0.00"]


def test_weekly_campaign_and_typical_cases_are_each_their_own(open_as: Open) -> None:
    with open_as(place="/app/reports?report=weekly&first=2024-05-20&last=2024-05-26", lang="zh") as page:
        assert table(page, "处理结果统计表")[-1][1] == "0"
        page.get_by_role("button", name="前一周").click()
        page.wait_for_url("**first=2024-05-13**")
        page.get_by_role("cell", name="1,434.75").first.wait_for()
        assert table(page, "案件办理")[0][:2] == ["立案", "团伙"]
        page.get_by_role("link", name="专项行动").click()
        page.get_by_text("请填写专项行动的名称").wait_for()
        page.get_by_label("首日").fill("2024-01-01")
        page.get_by_label("专项行动").fill("spring")
        page.get_by_role("button", name="生成").click()
        assert table(page, "处理结果统计表")[-1][1] == "4"
        with page.expect_download() as saved:
            page.get_by_role("button", name="下载网页").click()
        assert "专项行动报告 spring" in Path(saved.value.path()).read_text(encoding="utf-8")
        page.get_by_role("link", name="查看该行动的案件").click()
        page.locator("tbody tr").nth(1).wait_for()
        page.goto("/app/reports?report=typical&first=2024-05-01&last=2024-05-31")
        page.get_by_role("alert").filter(has_text="90").wait_for()
        page.get_by_label("首日").fill("2024-01-01")
        page.get_by_role("button", name="生成").click()
        page.get_by_text("这段时间里没有满 5 件案件的组").wait_for()


def test_who_is_no_supervisor_finds_no_reports_and_asks_for_none(open_as: Open) -> None:
    asked: list[str] = []
    with open_as("north", "/app/cases") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.locator("main h1").wait_for()
        assert page.get_by_role("link", name="Reports").count() == 0
        page.goto("/app/reports")
        page.get_by_role("heading", name="There is no such page").wait_for()
    assert [one for one in asked if "/v1/reports" in one] == []
