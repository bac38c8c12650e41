"""Each screen's main path, in a real browser on a real run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ringfinder.report.register import Register
from ringfinder.report.results import Results
from ringfinder.workspace import Workspace
from ringfinder_viz.webapp import app_files
from tests.api.conftest import Served
from tests.app.conftest import Open, watched

ROWS = "tbody tr[aria-rowindex]"
FIRST_LOAD = 400_000  # bytes, packed
LANGUAGES = ("en", "zh")
ALERTS = {"en": "Alerts", "zh": "预警"}


def test_wrong_password_is_told_and_the_place_that_was_asked_for_is_shown_after_login(
    service: Served, chromium: object, results: Results
) -> None:
    ring = results.rings[0].ring_id
    with watched(chromium, service.url) as page:  # type: ignore[arg-type]
        page.goto(f"/app/rings/{ring}")
        page.get_by_label("Name").fill("lin")
        page.get_by_label("Password").fill("not the password at all")
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("alert").wait_for()
        assert "password" in page.get_by_role("alert").inner_text()
        page.get_by_label("Password").fill("seven brown bears at dawn")
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Consistent with", exact=False).wait_for()
        assert page.url == f"{service.url}/app/rings/{ring}"
        page.reload()
        page.get_by_role("heading", name="Consistent with", exact=False).wait_for()
        page.get_by_role("button", name="Log out").click()
        page.get_by_role("heading", name="Log in").wait_for()
        page.reload()
        page.get_by_role("heading", name="Log in").wait_for()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_work_list_shows_the_alerts_and_its_filters_live_in_the_address(
    open_as: Open, results: Results, lang: str
) -> None:
    alerts = [ring for ring in results.rings if ring.alert]
    with open_as(lang=lang) as page:
        page.locator(ROWS).first.wait_for()
        assert page.get_by_role("heading", level=1).inner_text() == ALERTS[lang]
        rows = page.locator(ROWS)
        assert [row.split()[0] for row in rows.locator(".score .sure b").all_inner_texts()] == [
            f"{ring.score:.0f}" for ring in alerts
        ]
        page.locator("select").nth(0).select_option("all")
        page.wait_for_function(
            "(n) => document.querySelector('table').getAttribute('aria-rowcount') === n",
            arg=str(len(results.rings) + 1),
        )
        page.locator("select").nth(1).select_option("sham_stay")
        wanted = [ring.ring_id for ring in results.rings if ring.kind == "sham_stay"]
        page.wait_for_function(
            "(n) => document.querySelector('table').getAttribute('aria-rowcount') === n", arg=str(len(wanted) + 1)
        )
        assert page.url.endswith("/app/?show=all&kind=sham_stay")
        page.reload()
        page.locator(ROWS).first.wait_for()
        links = page.locator(f"{ROWS} .kind a").evaluate_all(
            "links => links.map(link => link.pathname.split('/').pop())"
        )
        assert links == wanted
        page.go_back()
        page.wait_for_function(
            "(n) => document.querySelector('table').getAttribute('aria-rowcount') === n",
            arg=str(len(results.rings) + 1),
        )
        page.go_forward()
        page.wait_for_function(
            "(n) => document.querySelector('table').getAttribute('aria-rowcount') === n", arg=str(len(wanted) + 1)
        )


def test_list_is_sorted_by_its_heads_and_walked_by_keyboard(open_as: Open, results: Results) -> None:
    alerts = sorted((ring for ring in results.rings if ring.alert), key=lambda ring: -ring.fund_amount)
    with open_as() as page:
        page.locator(ROWS).first.wait_for()
        page.get_by_role("button", name="Paid by the fund").click()
        page.wait_for_url("**/app/?sort=fund_amount")
        page.wait_for_function(
            "(id) => document.querySelector('tbody a[data-row=\"0\"]').pathname.endsWith(id)", arg=alerts[0].ring_id
        )
        page.locator(".list table").focus()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/app/rings/{alerts[1].ring_id}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ring_shows_reasons_and_what_speaks_against_them(open_as: Open, results: Results, lang: str) -> None:
    ring = results.rings[0]
    with open_as(place=f"/app/rings/{ring.ring_id}", lang=lang) as page:
        page.locator(".canvas canvas").first.wait_for()
        told = page.locator(".evidence li > p")
        evidence = results.evidence_of(ring.ring_id)
        assert told.count() == len(evidence)
        against = [row for row in evidence if row.side == "against"]
        assert page.locator(".evidence.against li").count() == len(against) > 0
        places = set(re.findall(r"\bH\d{4}\b", ring.reason_en))
        assert places
        head = page.locator(".ringhead .lead")
        for place in places:  # told by their names, which come with the timeline
            expect(head).not_to_contain_text(place)
        assert places == set(head.locator(".place").evaluate_all("all => all.map(one => one.title)"))


def test_a_choice_in_one_pane_shows_in_all_and_has_an_address(open_as: Open, results: Results) -> None:
    ring = results.rings[0]
    with open_as(place=f"/app/rings/{ring.ring_id}") as page:
        page.locator(".canvas canvas").first.wait_for()
        page.locator(".evidence.harm button").first.click()
        page.wait_for_url("**pick=reason**")
        rows = page.locator(".evidence table tbody tr")
        rows.first.wait_for()
        harm = next(row for row in results.evidence_of(ring.ring_id) if row.side == "harm")
        assert rows.count() == len(harm.claim_ids)
        rows.first.get_by_role("button").click()
        page.wait_for_url("**pick=claim**")
        assert harm.claim_ids[0] in page.locator(".chosen").inner_text()
        page.locator(".chosen .member").first.click()
        page.wait_for_url("**pick=member**")
        assert page.locator(".evidence li.lit").count() > 0
        page.get_by_role("tab", name="Members").click()
        assert page.locator("tr.lit").count() == 1
        chosen = page.locator("tr.lit").inner_text()
        page.reload()
        page.locator("tr.lit").wait_for()
        assert page.locator("tr.lit").inner_text() == chosen
        page.go_back()
        page.go_back()
        page.wait_for_url("**pick=claim**")


def test_graph_and_timeline_are_walked_by_keyboard(open_as: Open, results: Results) -> None:
    ring = results.rings[0]
    with open_as(place=f"/app/rings/{ring.ring_id}") as page:
        page.locator(".canvas canvas").first.wait_for()
        page.locator(".canvas").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**pick=member%3Am1")
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**pick=member%3Am2")
        page.get_by_role("button", name="Hide").click()
        page.get_by_role("button", name="Show 1 hidden").wait_for()
        page.go_back()
        page.get_by_role("button", name="Hide", exact=True).wait_for()
        page.locator(".canvas").focus()
        page.keyboard.press("Escape")
        page.wait_for_function("() => !location.search.includes('pick')")
        page.locator(".lanes").focus()
        page.keyboard.press("n")
        page.wait_for_url("**pick=claim**")


def test_slider_brings_lines_between_people_in(open_as: Open, results: Results) -> None:
    with open_as(place=f"/app/rings/{results.rings[0].ring_id}") as page:
        page.locator(".canvas canvas").first.wait_for()
        seen = "() => document.querySelector('.canvas canvas').picture.lines.filter(line => line.tie).length"
        assert page.evaluate(seen) == 40
        page.locator(".slider input").fill("3")
        page.wait_for_url("**ties=3**")
        assert page.evaluate(seen) == 3
        assert "strongest 3 of" in page.locator(".slider").inner_text()


def test_a_line_that_was_chosen_is_shown_whatever_its_strength(open_as: Open, results: Results) -> None:
    ring = results.rings[0].ring_id
    seen = "() => document.querySelector('.canvas canvas').picture.lines.filter(line => line.tie).map(line => line.id)"
    with open_as(place=f"/app/rings/{ring}?ties=0") as page:
        page.locator(".canvas canvas").first.wait_for()
        assert page.evaluate(seen) == []
        page.goto(f"/app/rings/{ring}?ties=0&pick=tie:m1~m2")
        page.get_by_text("by chance").first.wait_for()
        page.locator(".canvas canvas").first.wait_for()
        assert page.evaluate(seen) == ["m1~m2"]


def test_same_ring_is_the_same_picture(open_as: Open, results: Results) -> None:
    spots = "() => document.querySelector('.canvas canvas').picture.signs.map(sign => [sign.node.member, ...sign.spot])"
    with open_as(place=f"/app/rings/{results.rings[0].ring_id}") as page:
        page.locator(".canvas canvas").first.wait_for()
        once = page.evaluate(spots)
        page.reload()
        page.locator(".canvas canvas").first.wait_for()
        assert page.evaluate(spots) == once


def test_members_stand_side_by_side(open_as: Open, results: Results) -> None:
    ring = results.rings[0]
    with open_as(place=f"/app/rings/{ring.ring_id}") as page:
        page.get_by_role("link", name="Compare members").click()
        page.locator("thead select").nth(1).wait_for()
        page.get_by_role("button", name="One more").click()
        page.locator("thead select").nth(2).wait_for()
        claims = page.get_by_role("row", name="Claims").locator("td").all_inner_texts()
        patients = [m for m in results.members_of(ring.ring_id) if m.entity_type == "patient"]
        assert claims[:2] == [str(m.claims) for m in patients[:2]]


def test_search_finds_by_phone_and_neither_shows_nor_keeps_it(
    open_as: Open, service: Served, results: Results, city: Path
) -> None:
    ring = results.rings[0]
    patients = [m.entity_id for m in results.members_of(ring.ring_id) if m.entity_type == "patient"]
    register = Register(Workspace(city).needed().tables, unmask=True)
    patient, phone = next(
        (one, rows[0][0])
        for one in patients
        if (rows := register._rows("patients", "phone", "patient_id", [one])) and rows[0][0]
    )
    with open_as(place="/app/search") as page:
        answers: list[str] = []
        page.on("response", lambda answer: answers.append(answer.text()) if "/v1/search" in answer.url else None)
        page.get_by_role("textbox").fill(phone)
        page.get_by_role("button", name="Search").click()
        page.locator(".cards li").first.wait_for()
        page.get_by_text("its phone").first.wait_for()
        assert patient in page.locator(".cards").inner_text()
        assert phone not in page.locator("main").inner_text()
        assert answers
        assert not any(phone in answer for answer in answers)
        assert phone not in page.url
        page.locator(".cards h2 a").first.click()
        page.wait_for_url("**/app/entity/patient/**")
        page.locator(".inrings a").first.wait_for()
        page.locator(".answer").nth(1).wait_for()
        page.go_back()
        page.locator(".cards li").first.wait_for()
    assert not any(phone in str(line) for line in service.lines())


def test_search_by_part_of_a_name_of_a_person_finds_nobody(open_as: Open, results: Results, city: Path) -> None:
    register = Register(Workspace(city).needed().tables, unmask=True)
    member = next(m.entity_id for m in results.members if m.entity_type == "patient")
    name = register.names("patient", [member])[member]
    with open_as(place="/app/search") as page:
        page.get_by_role("textbox").fill(name[:2] if len(name) > 2 else f"{name[:1]}*")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("status").filter(has_text=re.compile("found")).wait_for()
        assert page.locator(".cards li").filter(has_text="its id begins").count() == 0
        page.get_by_role("textbox").fill(name)
        page.get_by_role("button", name="Search").click()
        page.get_by_text("its name").first.wait_for()
        assert name not in page.locator(".cards").inner_text()


def test_named_query_has_a_form_a_table_and_a_file(open_as: Open) -> None:
    with open_as(place="/app/analyst") as page:
        page.get_by_role("link", name="People admitted together").click()
        page.get_by_label("least number of times").fill("3")
        page.get_by_role("button", name="Ask").click()
        page.locator(".answer tbody tr[aria-rowindex]").first.wait_for()
        assert "least=3" in page.url
        page.get_by_role("button", name="how often").click()
        page.locator("th[aria-sort]").wait_for()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save as CSV").click()
        lines = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert lines[0] == "patient_a,patient_b,facility_id,times,first_time,last_time"
        assert len(lines) - 1 == int(page.locator(".answer table").get_attribute("aria-rowcount") or 0) - 1
        page.reload()
        page.locator(".answer tbody tr[aria-rowindex]").first.wait_for()


def test_own_cypher_is_completed_by_keyboard_and_a_question_unfolds(open_as: Open) -> None:
    with open_as(place="/app/analyst/cypher") as page:
        field, options = page.locator("textarea"), page.get_by_role("option")
        field.fill("")
        field.press_sequentially("MATCH (k:Ca")
        assert options.first.inner_text().split() == ["Card", "label"]
        field.press("Enter")
        field.press_sequentially(") RETURN k.")
        assert [one.split()[0] for one in options.all_inner_texts()] == ["card_id", "registered", "set_aside"]
        field.press("ArrowDown")
        field.press("Tab")
        assert field.input_value() == "MATCH (k:Card) RETURN k.registered"
        assert options.count() == 0
        field.press_sequentially(", k.")
        field.press("Escape")
        assert options.count() == 0
        field.fill("")
        field.press_sequentially("hunt/admitted")
        options.filter(has_text="People admitted together").click()
        page.wait_for_function("() => document.querySelector('textarea').value.includes('MATCH')")
        assert "$" not in field.input_value()
        assert page.locator(".painted").inner_text().rstrip("\n") == field.input_value().rstrip("\n")
        assert page.locator(".painted .graph").first.inner_text() == "Facility"


def test_a_question_that_was_unfolded_is_asked_as_the_librarys_until_it_is_changed(open_as: Open) -> None:
    with open_as(place="/app/analyst/cypher") as page:
        field = page.locator("textarea")
        field.fill("")
        field.press_sequentially("hunt/admitted")
        page.get_by_role("option").filter(has_text="People admitted together").click()
        page.get_by_text("is asked as that").wait_for()
        assert " + " in field.input_value()  # which a statement of one's own may not say
        with page.expect_response("**/v1/queries/hunt/admitted-together:run") as asked:
            page.get_by_role("button", name="Ask", exact=True).click()
        assert asked.value.status == 200
        page.locator(".answer").wait_for()
        page.reload()
        page.get_by_text("is asked as that").wait_for()
        field.fill(field.input_value().replace(">= 2", ">= 3"))
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_role("alert").filter(has_text="values are not joined here").wait_for()
        page.get_by_role("link", name="People admitted together").click()
        page.wait_for_url("**/analyst/hunt/admitted-together")


def test_who_and_what_is_not_there_leads_on(open_as: Open) -> None:
    with open_as(place="/app/rings/R0FFFFFFF0") as page:
        page.get_by_role("heading", name="The current run has no such group").wait_for()
        page.get_by_role("link", name="Back to the alerts").click()
        page.locator(ROWS).first.wait_for()
        page.goto("/app/entity/patient/P99999999")
        page.get_by_role("heading", name="Not found: patient").wait_for()
        page.locator("main").get_by_role("link", name="Search").click()
        page.get_by_placeholder("Id, name").wait_for()


def test_what_speaks_against_is_counted_above_and_one_click_away(open_as: Open, results: Results) -> None:
    ring = results.rings[0].ring_id
    sides = [one.side for one in results.evidence_of(ring)]
    with open_as(place=f"/app/rings/{ring}") as page:
        buttons = page.locator(".weighed button")
        buttons.first.wait_for()
        assert buttons.all_inner_texts() == [
            f"together: {sides.count('for')}",
            f"harm: {sides.count('harm')}",
            f"honest reasons: {sides.count('against')}",
        ]
        buttons.nth(2).click()
        page.wait_for_function("() => document.activeElement.id === 'evidence-against'")
        assert page.locator("#evidence-against").is_visible()


def test_a_tablet_shows_what_each_ring_is(open_as: Open) -> None:
    with open_as(viewport={"width": 820, "height": 1100}) as page:
        page.locator(ROWS).first.wait_for()
        least = "() => Math.min(...[...document.querySelectorAll('td.kind')].map(one => one.clientWidth))"
        assert page.evaluate(least) >= 200
        assert page.evaluate(
            "() => document.querySelector('.list').scrollWidth <= document.querySelector('.list').clientWidth"
        )


def test_the_least_wide_tablet_has_room_for_the_reason_and_for_who_is_chosen(open_as: Open, results: Results) -> None:
    with open_as(viewport={"width": 768, "height": 1024}) as page:
        page.locator(ROWS).first.wait_for()
        assert page.locator("td.kind").first.evaluate("one => one.clientWidth") >= 280
        page.get_by_label("Order").select_option("last_time")
        page.wait_for_url("**sort=last_time")
        assert page.locator("td.last_time").first.is_visible()
        page.goto(f"/app/rings/{results.rings[0].ring_id}")
        page.locator(".canvas canvas").first.wait_for()
        page.locator(".canvas").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**pick=member%3Am1")
        box, window = page.locator(".chosen").bounding_box(), page.viewport_size
        assert box
        assert window
        assert box["y"] + box["height"] <= window["height"]


def test_what_was_chosen_is_not_written_below_its_close_button(open_as: Open, results: Results) -> None:
    beside = """() => { const text = document.createRange(); text.selectNodeContents(document.querySelector('.chosen p'));
      return [text.getBoundingClientRect().right, document.querySelector('.chosen .close').getBoundingClientRect().left]; }"""
    with open_as(place=f"/app/rings/{results.rings[0].ring_id}?pick=reason:0") as page:
        page.locator(".chosen .close").wait_for()
        told, button = page.evaluate(beside)
        assert told <= button


def test_own_cypher_is_answered_and_a_mistake_is_explained(open_as: Open, results: Results) -> None:
    with open_as(place="/app/analyst/cypher") as page:
        page.get_by_role("button", name="Ask").click()
        page.locator(".answer tbody tr[aria-rowindex]").first.wait_for()
        assert page.locator(".answer tbody tr[aria-rowindex]").count() == sum(ring.alert for ring in results.rings)
        page.get_by_role("textbox").fill("MATCH (p:Patient) DELETE p")
        page.keyboard.press("Control+Enter")
        page.get_by_role("alert").wait_for()


def test_map_shows_all_rings_and_their_numbers(open_as: Open, results: Results) -> None:
    with open_as(place="/app/map") as page:
        page.locator(".sigma canvas").first.wait_for()
        kinds = page.locator(".pair section").first.locator("tbody tr")
        assert kinds.count() == len({ring.kind for ring in results.rings})
        kinds.first.get_by_role("link").click()
        page.locator(ROWS).first.wait_for()


def test_runs_are_listed(open_as: Open, results: Results) -> None:
    with open_as(place="/app/runs") as page:
        row = page.locator("tbody tr").first
        row.wait_for()
        assert row.locator("td").nth(2).inner_text() == str(len(results.rings))
        page.get_by_role("button", name="Load the sample city").wait_for()


def test_files_are_looked_at_before_a_run_and_rows_that_were_not_taken_are_told(
    open_as: Open, service: Served, tmp_path: Path
) -> None:
    claims, other = tmp_path / "claims.csv", tmp_path / "prices.csv"
    claims.write_text("claim_id,patient_id,facility_id,service_type,start_time,weather\n", encoding="utf-8")
    other.write_text("a,b\n", encoding="utf-8")
    stored = Workspace(service.workspace).needed()
    rejects = stored.results / "rejects.csv"
    row = "claims.csv,7,start_time,05/03/24,date_ambiguous: x / y\n"
    rejects.write_text(f"file,row,column,value,reason\n{row}", encoding="utf-8")
    with open_as(place="/app/runs") as page:
        page.get_by_role("region", name="Rows that were not taken").get_by_text("the date is ambiguous").wait_for()
        assert "05/03/24" not in page.content()
        page.get_by_label("Files").set_input_files([claims, other])
        looked = page.locator(".looked li")
        looked.nth(1).wait_for()
        first, second = looked.all_inner_texts()
        assert "claims.csv → claims" in first
        assert "Missing: total_amount" in first
        assert "Not known and not read: weather" in first
        assert "Of no table" in second
        page.get_by_label("Files").set_input_files([other])
        page.get_by_text("No file holds the claims").wait_for()
    asked: list[str] = []
    with open_as("viewer", "/app/runs") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.locator("tbody tr").first.wait_for()
        assert page.get_by_role("heading", name="Rows that were not taken").count() == 0
    assert [one for one in asked if "rejects" in one] == []


def test_first_load_is_small(open_as: Open, results: Results) -> None:
    sent = """() => performance.getEntriesByType('resource').filter(one => one.name.includes('/assets/'))
      .reduce((all, one) => all + one.encodedBodySize, 0)"""
    with open_as() as page:
        page.locator(ROWS).first.wait_for()
        alerts = page.evaluate(sent)
    with open_as(place=f"/app/rings/{results.rings[0].ring_id}") as page:
        page.locator(".canvas canvas").first.wait_for()
        ring = page.evaluate(sent)
    print(f"first load: alerts {alerts / 1000:.0f} kB, ring {ring / 1000:.0f} kB")
    assert 0 < alerts < ring <= FIRST_LOAD


def test_app_may_load_from_nowhere_else(service: Served) -> None:
    with service.client() as client:
        page = client.get("/app/rings/R1")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert client.get("/app/assets/none.js").status_code == 404
        assert client.get("/", follow_redirects=False).headers["location"] == "/app/"
        name, file = next((name, file) for name, file in app_files().items() if name.endswith(".js"))
        kept = client.get(f"/app/{name}")
        assert kept.headers["content-encoding"] == "gzip"
        assert kept.content == file.content
        assert "immutable" in kept.headers["cache-control"]


def test_how_the_list_is_ordered_is_told_uncut(open_as: Open) -> None:
    widths = "one => [one.clientWidth, (one.style.maxWidth = 'none', one.clientWidth)]"
    with open_as(lang="zh") as page:
        page.locator(ROWS).first.wait_for()
        given, wanted = page.get_by_label("排序").evaluate(widths)
    assert given == wanted
