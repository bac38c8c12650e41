"""Tips with who gave them and their reward, the watch list and screening in the app: the main path of each, as the roles that have them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from ringfinder.report.results import Results
from tests.api.conftest import Served
from tests.app.conftest import Open


def test_tip_officer_records_a_tip_and_goes_on_with_it(open_as: Open, service: Served) -> None:
    with open_as("tips", "/app/tips") as page:
        page.get_by_role("button", name="Record a tip").click()
        page.get_by_label("District").fill("340801")
        page.get_by_role("textbox", name="What was said").fill("cards are kept at night")
        page.get_by_role("textbox", name="Facilities").fill("H0024")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Acknowledge").click()
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Answer").wait_for(state="detached")
        page.locator(".facts").filter(has_text="acknowledged").wait_for()
        tip = page.url.partition("?")[0].rpartition("/")[2]
        page.get_by_role("link", name="Tips").first.click()
        page.get_by_role("row").filter(has_text=tip).get_by_role("link", name="Tip of", exact=False).wait_for()
    with service.client(service.key("tip_officer")) as client:
        found = client.get(f"/v1/tips/{tip}").json()
    assert (found["state"], found["summary"]) == ("acknowledged", "cards are kept at night")
    assert [one["entity_id"] for one in found["entities"]] == ["H0024"]
    with open_as("lin", f"/app/tips/{tip}") as page:
        page.get_by_text("cards are kept at night").wait_for()
        assert page.locator(".next").count() == 0
        page.goto("/app/tips")
        page.get_by_role("row").filter(has_text=tip).get_by_role("link", name="Tip of", exact=False).wait_for()
        assert page.get_by_role("button", name="Record a tip").count() == 0


def test_somebody_is_put_on_the_watch_list_and_off_it(open_as: Open, results: Results) -> None:
    patient = next(one.entity_id for one in results.members if one.entity_type == "patient")
    later = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    with open_as(place="/app/watch") as page:
        page.get_by_role("button", name="Put on the list").click()
        page.get_by_role("combobox", name="Who", exact=True).fill(patient)
        page.get_by_role("option").filter(has_text=patient).click()
        page.get_by_label("District").fill("340801")
        page.get_by_label("Until").fill(later)
        page.get_by_role("textbox", name="Reason").fill("swiped for many")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("row").filter(has_text="swiped for many").get_by_role("button", name="End early").click()
        page.get_by_role("textbox", name="Reason").fill("cleared up")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Nobody is on the list").wait_for()
        page.get_by_label("State").select_option("ended")
        page.get_by_role("row").filter(has_text="cleared up").wait_for()
        page.get_by_label("State").select_option("expired")
        page.get_by_text("No entry fits these filters").wait_for()


def test_a_name_that_was_typed_and_nobody_chosen_for_is_not_kept_as_an_id(open_as: Open, service: Served) -> None:
    later = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    sent: list[str] = []
    with open_as(place="/app/watch?do=add") as page:
        page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/v1/watch") else None)
        who = page.get_by_role("combobox", name="Who", exact=True)
        who.fill("Nobody Inparticular")
        page.get_by_label("District").fill("340801")
        page.get_by_label("Until").fill(later)
        page.get_by_role("textbox", name="Reason").fill("is no id")
        page.get_by_text("Choose from the list who is meant").wait_for()
        page.get_by_role("button", name="Save").click()
        assert who.evaluate("one => one.validationMessage").startswith("Choose from the list who is meant")
        assert who.get_attribute("aria-invalid") == "true"
        assert sent == []
        who.fill("P99999998")  # of whom no claim knows anything yet
        page.get_by_role("button", name="Save").click()
        page.get_by_role("row").filter(has_text="is no id").wait_for()
        assert len(sent) == 1
        page.get_by_role("row").filter(has_text="is no id").get_by_role("button", name="End early").click()
        page.get_by_role("textbox", name="Reason").fill("a test")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Nobody is on the list").wait_for()


@pytest.mark.parametrize(
    ("place", "title", "back"),
    [
        ("/app/tips/T-1", "没有这条举报", "/app/tips"),
        ("/app/tips/T0123456789ab", "没有这条举报", "/app/tips"),
        ("/app/screening/S-1", "没有这份自查表", "/app/screening?part=checks"),
        ("/app/screening/S0123456789ab", "没有这份自查表", "/app/screening?part=checks"),
    ],
)
def test_address_of_nothing_says_so_and_leads_back(open_as: Open, place: str, title: str, back: str) -> None:
    with open_as(place=place, lang="zh") as page:
        page.get_by_role("heading", name=title).wait_for()
        assert page.locator(".told a").get_attribute("href") == back


def test_a_look_at_the_facility_that_comes_next_is_planned(open_as: Open, service: Served) -> None:
    with service.client(service.key("supervisor")) as client:
        before = client.get("/v1/screening").json()
        with open_as(place="/app/screening") as page:
            row = page.locator("tbody tr").first
            row.wait_for()
            facility = row.get_by_role("link").inner_text()
            row.get_by_role("button", name="Plan it").click()
            page.get_by_text(f"{facility} is planned").wait_for()
        assert client.get("/v1/screening").json()["planned"] == before["planned"] + 1


def test_what_a_look_found_is_entered_once(open_as: Open, service: Served) -> None:
    with service.client(service.key("supervisor")) as client:
        facility = client.get("/v1/screening?limit=5").json()["following"][-1]["facility_id"]
        soon = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
        look = client.post("/v1/looks", json={"facility_id": facility, "planned_on": soon}).json()
        with open_as(place="/app/screening") as page:
            page.get_by_role("link", name="Looks planned and taken").click()
            row = page.get_by_role("row").filter(has_text=facility)
            row.get_by_role("button", name="Enter the outcome").click()
            page.get_by_label("What it found").select_option("found")
            page.get_by_role("textbox", name="Note").fill("20 beds, 31 patients")
            page.get_by_role("button", name="Save").click()
            row.wait_for(state="detached")
            page.get_by_label("State").select_option("taken")
            page.get_by_role("row").filter(has_text="20 beds, 31 patients").get_by_text("something found").wait_for()
        found = client.get(f"/v1/looks/{look['look_id']}").json()
    assert (found["state"], found["outcome"], found["note"]) == ("taken", "found", "20 beds, 31 patients")


def test_self_check_goes_out_as_a_workbook_comes_back_and_its_money_is_booked(
    open_as: Open, service: Served, tmp_path: Path
) -> None:
    with open_as("north", "/app/screening") as page:
        page.get_by_role("button", name="Self-check").first.click()
        page.get_by_role("textbox", name="Questions").fill("cards without a visit\nstays without a patient")
        page.get_by_role("button", name="Make the list").click()
        page.get_by_role("heading", name="Self-check of").wait_for()
        check = page.url.partition("?")[0].rpartition("/")[2]
        with page.expect_download() as saved:
            page.get_by_role("button", name="Take the workbook").click()
        book = openpyxl.load_workbook(io.BytesIO(Path(saved.value.path()).read_bytes()))
        sheet = book.active
        assert sheet is not None
        assert [sheet.cell(row, 2).value for row in (3, 4)] == ["cards without a visit", "stays without a patient"]
        for row, amount in ((3, 100.5), (4, 0)):
            sheet.cell(row, 3, amount)
        sheet.cell(3, 4, "two cards")
        filled = tmp_path / "filled.xlsx"
        book.save(filled)
        page.get_by_label("Read in the workbook").set_input_files(filled)
        page.get_by_role("cell", name="two cards").wait_for()
        page.get_by_role("button", name="Book money that came back").click()
        page.get_by_label("Amount that came in").fill("40.50")
        page.get_by_label("Reference").fill("R-7")
        page.get_by_role("button", name="Save").click()
        page.locator(".facts").get_by_text("60.00").wait_for()
        page.get_by_role("button", name="Book money that came back").click()
        page.get_by_label("Reference").fill("R-8")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("All of it came back").wait_for()
        page.get_by_role("link", name="Self-checks").click()
        page.get_by_role("row").filter(has_text=check).get_by_text("closed").wait_for()
        row = page.get_by_role("row").filter(has_text=check)
        assert row.get_by_role("link").first.inner_text().startswith("Self-check of ")
    with service.client(service.key("supervisor")) as client:
        found = client.get(f"/v1/self-checks/{check}").json()
    assert (found["state"], found["amount"], found["returned"]) == ("closed", "100.50", "100.50")


@pytest.mark.parametrize(("lang", "label", "go"), [("en", "Facility", "Make the list"), ("zh", "机构", "生成自查表")])
def test_self_check_goes_to_a_facility_that_is_told_by_its_name(
    open_as: Open, service: Served, lang: str, label: str, go: str
) -> None:
    with service.client(service.key("supervisor")) as client:
        facility = client.post("/v1/facilities:search", json={"limit": 1}).json()["facilities"][0]
        with open_as(place="/app/screening?part=checks&do=send", lang=lang) as page:
            field = page.get_by_role("combobox", name=label, exact=True)
            field.fill(facility["facility_name"])
            page.get_by_role("option").filter(has_text=facility["facility_id"]).click()
            assert field.input_value() == f"{facility['facility_name']} ({facility['facility_id']})"
            page.locator("textarea").fill("cards?")
            page.get_by_role("button", name=go).click()
            page.wait_for_url("**/app/screening/S*")
            check = page.url.rpartition("/")[2]
        assert client.get(f"/v1/self-checks/{check}").json()["facility_id"] == facility["facility_id"]


def test_answers_of_a_self_check_are_typed_in_by_hand(open_as: Open, service: Served) -> None:
    with service.client(service.key("supervisor")) as client:
        facility = client.get("/v1/screening?limit=1").json()["following"][0]["facility_id"]
        check = client.post("/v1/self-checks", json={"facility_id": facility, "items": ["是否有空刷", "床位"]}).json()
    with open_as(place=f"/app/screening/{check['check_id']}?do=answer", lang="zh") as page:
        page.get_by_label("床位", exact=False).fill("12.30")
        page.get_by_role("textbox", name="第 2 项备注").fill("两张床")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("cell", name="两张床").wait_for()
        assert page.locator(".sum td").nth(1).inner_text() == "12.30"
