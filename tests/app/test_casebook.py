"""From a ring to a case and on: in a real browser on the real service, as each role."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ringfinder.report.results import Results, RingRow
from tests.api.conftest import Served
from tests.app.conftest import Open, login
from tests.app.test_access_for_all import AXE, FOUND
from tests.app.test_screens import ROWS

STORED = "() => String(sessionStorage.getItem('ringfinder.drafts'))"  # what this tab keeps of what was typed


class Desk:
    """Somebody who works beside the browser, by the service's routes."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def post(self, path: str, version: int | None = None, **body: Any) -> Any:
        """What a step gives."""
        headers = {} if version is None else {"if-match": f'"{version}"'}
        answer = self.client.post(f"/v1/cases{path}", json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def case(self, **more: Any) -> Any:
        """A new case."""
        return self.post("", **{"title": "stays that begin together", "districts": ["340801"]} | more)

    def get(self, path: str) -> Any:
        """What there is."""
        return self.client.get(f"/v1/cases{path}").json()


@pytest.fixture(scope="module")
def desk(service: Served) -> Iterator[Desk]:
    """A supervisor's key."""
    with service.client(service.key("supervisor")) as client:
        yield Desk(client)


@pytest.fixture(scope="module")
def quiet(results: Results) -> list[RingRow]:
    """Rings that are no alerts, which no other test looks at."""
    return [ring for ring in results.rings if not ring.alert]


def test_ring_is_taken_to_a_case_and_the_list_tells_its_state(open_as: Open, quiet: list[RingRow], desk: Desk) -> None:
    ring = quiet[0].ring_id
    with open_as(place=f"/app/rings/{ring}") as page:
        page.get_by_role("button", name="Take to a case").click()
        page.wait_for_url("**do=take")
        page.get_by_role("textbox", name="Title").fill("who comes on Mondays")
        page.get_by_label("Priority").select_option("high")
        page.get_by_role("button", name="Open the case").click()
        page.get_by_role("heading", level=1, name="who comes on Mondays").wait_for()
        assert page.locator(".progress [aria-current]").inner_text() == "assigned"
        (case,) = desk.get(f"?ring_id={ring}")["cases"]
        assert page.url.endswith(f"/app/cases/{case['case_id']}")
        assert (case["state"], case["priority"], case["origin_id"]) == ("assigned", "high", ring)
        page.get_by_role("button", name="Begin the inquiry").click()
        page.get_by_role("button", name="Record a violation").wait_for()
        page.goto("/app/?show=all&case=open")
        row = page.locator(ROWS).filter(has_text=ring)
        row.locator("td.case a").wait_for()
        assert row.locator("td.case a").inner_text() == "under inquiry"
        page.goto(f"/app/rings/{ring}")
        page.locator(".ringcase").get_by_role("link", name="who comes on Mondays").wait_for()
        assert page.get_by_role("button", name="Take to a case").count() == 0


def test_false_positive_leaves_the_list_with_its_reason_and_comes_back_when_reopened(
    open_as: Open, quiet: list[RingRow], desk: Desk, results: Results
) -> None:
    ring = quiet[1].ring_id
    with open_as(place=f"/app/rings/{ring}?do=dismiss", lang="zh") as page:
        page.get_by_role("textbox", name="理由").fill("一位医生每周一到养老院巡诊")
        page.get_by_role("button", name="排除", exact=True).click()
        page.locator(".ringcase .dismissed").wait_for()
        (case,) = desk.get(f"?ring_id={ring}")["cases"]
        assert desk.get(f"/{case['case_id']}")["reason"] == "一位医生每周一到养老院巡诊"
        page.goto("/app/?show=all")
        page.get_by_text("另有 1 条已作为误报排除").wait_for()
        assert page.locator(".list table").get_attribute("aria-rowcount") == str(len(results.rings))
        page.get_by_role("button", name="查看已排除的").click()
        page.wait_for_url("**dismissed=only")
        page.locator(ROWS).filter(has_text=ring).wait_for()
        assert page.locator(ROWS).count() == 1
        page.goto(f"/app/cases/{case['case_id']}")
        page.get_by_role("button", name="重新立案").click()
        page.wait_for_function("() => document.querySelector('.progress [aria-current]').textContent === '新建'")
        assert desk.client.get("/v1/rings?suppressed=true").json()["total"] == 0


def test_many_rings_go_to_one_desk_at_once(open_as: Open, quiet: list[RingRow], desk: Desk) -> None:
    with open_as(place="/app/?show=all&case=none") as page:
        page.locator(ROWS).first.wait_for()
        wanted = [ring.ring_id for ring in quiet[3:5]]
        page.locator(ROWS).filter(has_text=wanted[0]).get_by_role("checkbox").check()
        page.locator(ROWS).filter(has_text=wanted[1]).get_by_role("checkbox").check()
        page.get_by_role("button", name="Take to cases").click()
        page.get_by_text("Done: 2.").wait_for()
        for ring in wanted:
            (case,) = desk.get(f"?ring_id={ring}")["cases"]
            assert case["state"] == "assigned"
            page.locator(ROWS).filter(has_text=ring).wait_for(state="detached")


def test_who_may_not_see_cases_finds_nothing_of_them_and_asks_for_nothing(open_as: Open, quiet: list[RingRow]) -> None:
    asked: list[str] = []
    with open_as("viewer", f"/app/rings/{quiet[0].ring_id}?do=take") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.locator(".canvas canvas").first.wait_for()
        page.goto("/app/?show=all&case=open")
        page.locator(ROWS).first.wait_for()
        assert page.locator("th.case, th.choose, td.case, tbody input, .ringcase, .bulk, .views").count() == 0
        assert page.locator(".filters label").filter(has_text="Case").count() == 0
        page.goto("/app/cases")
        page.get_by_role("heading", name="There is no such page").wait_for()
    assert [
        one
        for one in asked
        if "/cases" in one.partition("/v1")[2] or "colleagues" in one or "case=" in one.partition("/v1")[2]
    ] == []


def test_investigator_of_a_district_takes_a_case_and_neither_gives_nor_closes_it(open_as: Open, desk: Desk) -> None:
    case = desk.case(districts=["340806"], title="a ward of the north")
    elsewhere = desk.case(title="a ward elsewhere")
    with open_as("north", "/app/cases?queue=nobodys") as page:
        row = page.locator(ROWS).filter(has_text="a ward of the north")
        row.wait_for()
        assert page.locator(ROWS).filter(has_text="a ward elsewhere").count() == 0
        row.get_by_role("link").click()
        page.get_by_role("button", name="Take it").click()
        page.get_by_role("button", name="Begin the inquiry").wait_for()
        steps = page.locator(".next button").all_inner_texts()
        assert steps == ["Begin the inquiry", "Give it back", "Change the case …", "Add another ring …"]
        assert desk.get(f"/{case['case_id']}")["state"] == "assigned"
        page.goto(f"/app/cases/{elsewhere['case_id']}")
        page.get_by_role("heading", name="There is no such case").wait_for()


def test_change_by_somebody_else_is_shown_beside_what_was_typed_and_nothing_is_lost(open_as: Open, desk: Desk) -> None:
    case = desk.case()
    with open_as(place=f"/app/cases/{case['case_id']}?do=change") as page:
        page.get_by_role("textbox", name="Title").fill("rotating stays")
        page.get_by_role("textbox", name="Summary").fill("20 beds, 31 patients")
        desk.post(f"/{case['case_id']}:change", 1, title="stays on Mondays", priority="urgent")
        page.get_by_role("button", name="Save").click()
        page.locator(".conflict").wait_for()
        told = [row.split("\t") for row in page.locator(".conflict tbody tr").all_inner_texts()]
        assert told[0][:3] == ["Title", "stays that begin together", "stays on Mondays"]
        assert told[0][3].startswith("rotating stays")
        assert told[1][:3] == ["Priority", "normal", "urgent"]
        assert desk.get(f"/{case['case_id']}")["summary"] == ""
        page.get_by_role("tab", name="History").click()
        page.get_by_role("button", name="Take what it is now").click()
        assert page.get_by_role("textbox", name="Title").input_value() == "stays on Mondays"
        page.get_by_role("button", name="Save mine nevertheless").click()
        page.locator(".stepform").wait_for(state="detached")
    now = desk.get(f"/{case['case_id']}")
    assert (now["title"], now["summary"], now["priority"]) == ("stays on Mondays", "20 beds, 31 patients", "urgent")


def test_what_was_typed_stays_while_somebody_looks_elsewhere(open_as: Open, desk: Desk) -> None:
    case = desk.case()
    with open_as(place=f"/app/cases/{case['case_id']}?do=close") as page:
        page.get_by_label("Resolution").select_option("handed_over")
        page.get_by_role("textbox", name="Reason").fill("to the police")
        page.get_by_role("link", name="Alerts").click()
        page.locator(ROWS).first.wait_for()
        page.go_back()
        page.get_by_role("textbox", name="Reason").wait_for()
        assert page.get_by_role("textbox", name="Reason").input_value() == "to the police"
        page.reload()
        page.get_by_role("textbox", name="Reason").wait_for()
        assert page.get_by_role("textbox", name="Reason").input_value() == "to the police"
        assert page.get_by_label("Resolution").input_value() == "handed_over"
        page.get_by_role("button", name="Save").click()
        page.get_by_text("handed over").first.wait_for()
        assert page.evaluate(STORED) == "null"
        assert page.locator(".next button").all_inner_texts() == ["Open it again"]


def test_who_logs_in_after_somebody_finds_nothing_of_what_was_typed(open_as: Open, desk: Desk) -> None:
    case = desk.case(districts=["340806"])
    with open_as(place=f"/app/cases/{case['case_id']}") as page:
        page.get_by_role("textbox", name="Note").fill("the nurse said more")
        page.reload()
        page.get_by_role("textbox", name="Note").wait_for()
        assert page.get_by_role("textbox", name="Note").input_value() == "the nurse said more"
        page.context.clear_cookies()  # the session ends without a logout
        login(page, "north", f"/app/cases/{case['case_id']}")
        page.get_by_role("textbox", name="Note").wait_for()
        assert page.get_by_role("textbox", name="Note").input_value() == ""
        assert page.evaluate(STORED) == "null"
        page.get_by_role("textbox", name="Note").fill("mine")
        assert "mine" in page.evaluate(STORED)
        page.get_by_role("button", name="Log out").click()
        page.get_by_role("heading", name="Log in").wait_for()
        assert page.evaluate(STORED) == "null"


def test_inquiry_leads_to_a_fine_that_says_what_it_lacks(open_as: Open, desk: Desk, service: Served) -> None:
    case = desk.case()
    path = f"/{case['case_id']}"
    desk.post(f"{path}:assign", 1)
    desk.post(f"{path}:begin", 2)
    with open_as(place=f"/app/cases/{case['case_id']}?tab=inquiry") as page:
        page.get_by_role("button", name="Record a violation").click()
        with service.client(service.key("supervisor")) as client:
            found = client.post("/v1/facilities:search", json={"limit": 1}).json()["facilities"][0]
        facility = f"{found['facility_name']} ({found['facility_id']})"
        who = page.get_by_label("Whom it concerns")
        who.fill(found["facility_name"][-4:])  # told by name, chosen by keyboard
        option = page.get_by_role("option").filter(has_text=found["facility_id"])
        option.wait_for()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(FOUND) == []
        while option.get_attribute("aria-selected") == "false":
            who.press("ArrowDown")
        who.press("Enter")
        assert who.input_value() == facility
        page.get_by_label("Behaviour").select_option("fictitious_services")
        page.get_by_label("What the fund lost by it").fill("10000")
        page.get_by_label("Established on").fill("2026-03-01")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Regulation on the Medical Security Fund, Art. 40(3)").wait_for()
        page.get_by_role("button", name="Propose a decision").click()
        page.get_by_label("Which decision").select_option("fine")
        page.get_by_text("20,000.00 to 50,000.00").first.wait_for()
        page.get_by_label("Amount").fill("30000")
        page.get_by_role("button", name="Save").click()
        page.locator(".lacks").wait_for()
        assert (
            page.locator(".lacks").inner_text()
            == f"Before it comes into force: hear {facility}, another district agrees"
        )
        assert page.get_by_role("button", name="Issue").count() == 0
        desk.post(f"{path}/checks", 5, district="340806", question="is the ward real?")
        with service.client(service.key("investigator", districts=("340806",))) as north:
            answer = {"agrees": True, "answer": "it is empty"}
            assert north.post(f"/v1/cases{path}/checks/1:answer", json=answer, headers={"if-match": '"6"'}).is_success
        page.reload()
        page.get_by_role("button", name="Record a hearing").click()
        assert page.get_by_label("Whom it concerns").locator("option").all_inner_texts() == [
            f"facility {facility}",
            "…",
        ]
        page.get_by_label("Form").select_option("waived")
        page.get_by_label("Told of the right on").fill("2026-03-01")
        page.get_by_label("Heard on").fill("2026-03-08")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Issue").click()
        page.get_by_label("The party was told").check()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("in force").wait_for()
    fine = desk.get(path)["decisions"][0]
    assert (fine["state"], fine["amount"], fine["lacks"]) == ("in_force", "30000.00", [])


def test_notes_files_and_evidence_of_a_case(open_as: Open, desk: Desk, tmp_path: Path) -> None:
    case = desk.case()
    letter = tmp_path / "信.txt"
    letter.write_text("护士站无人", encoding="utf-8")
    with open_as(place=f"/app/cases/{case['case_id']}") as page:
        page.get_by_role("textbox", name="Note").fill("called the ward: nobody answers")
        page.get_by_role("button", name="Add the note").click()
        page.locator(".notes .typed").wait_for()
        page.get_by_role("tab", name="Files").click()
        page.wait_for_url("**tab=files")
        page.get_by_label("Add a file").set_input_files(letter)
        with page.expect_download() as taken:
            page.get_by_role("link", name="信.txt").click()
        assert Path(taken.value.path()).read_text(encoding="utf-8") == "护士站无人"
        page.get_by_role("tab", name="History").click()
        page.locator("#tab tbody tr").nth(3).wait_for()
        done = page.locator("#tab tbody tr td:nth-child(3)").all_inner_texts()
        assert done == ["took a file along", "added a file", "wrote a note", "opened the case"]
        with page.expect_download() as packed:
            page.get_by_role("button", name="Evidence to hand on").click()
        assert "files/001-信.txt" in zipfile.ZipFile(packed.value.path()).namelist()
    assert [note["text"] for note in desk.get(f"/{case['case_id']}/notes")["notes"]] == [
        "called the ward: nobody answers"
    ]
