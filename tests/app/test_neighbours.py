"""A ring's picture in somebody's hands, thresholds tried out, a member beside somebody like it: in a real browser on a real run."""

from __future__ import annotations

from typing import Any

from ringfinder.report.results import Results
from tests.app.conftest import Open
from tests.app.test_access_for_all import AXE, FOUND

PICTURE = "document.querySelector('.canvas canvas').picture"
SIGN = f"{PICTURE}.signs.find(sign => sign.node.member === id)"
SPOT, LABEL = f"id => {SIGN}.spot", f"id => {SIGN}.label"
BEYOND = f"() => {PICTURE}.signs.filter(sign => sign.beyond).map(sign => sign.node.member)"
DRAWN = ".canvas canvas"
# Where a sign stands on the page.
IN_PAGE = f"""id => {{ const [x, y] = {SIGN}.spot, {{zoom, pan}} = {PICTURE}.frame;
  const edge = document.querySelector('.canvas canvas').getBoundingClientRect();
  return [edge.left + pan.x + zoom * x, edge.top + pan.y + zoom * y]; }}"""


def lawful(page: Any) -> list[Any]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(FOUND)  # type: ignore[no-any-return]


def test_surroundings_are_looked_at_and_put_away_again(open_as: Open, results: Results) -> None:
    ring = results.rings[0].ring_id
    with open_as(place=f"/app/rings/{ring}?pick=member:m1") as page:
        page.locator(DRAWN).first.wait_for()
        assert page.evaluate(BEYOND) == []
        page.get_by_role("button", name="Look around").click()
        page.wait_for_function(f"() => ({BEYOND})().length > 0")
        assert page.url.endswith("&around=m1")
        found = page.evaluate(BEYOND)
        assert found == [f"m1.{number}" for number in range(1, len(found) + 1)]
        page.reload()
        page.locator(DRAWN).first.wait_for()
        page.wait_for_function(f"() => ({BEYOND})().length > 0")
        assert page.evaluate(BEYOND) == found
        page.locator(".canvas").focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_url("**/*pick=member%3Am1*")  # the picture's last sign is one of those found
        assert "Not in this ring" in page.locator(".chosen").inner_text()
        assert lawful(page) == []
        page.get_by_role("button", name="Only the ring").click()
        page.wait_for_function(f"() => ({BEYOND})().length === 0")
        page.get_by_role("button", name="Undo").click()
        page.wait_for_function(f"() => ({BEYOND})().length > 0")
        page.go_back()
        page.wait_for_function(f"() => ({BEYOND})().length === 0")


def test_signs_are_pinned_and_noted_in_this_browser_alone_and_undone_step_by_step(
    open_as: Open, results: Results
) -> None:
    ring = results.rings[0].ring_id
    with open_as(place=f"/app/rings/{ring}?pick=member:m2") as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
        page.locator(DRAWN).first.wait_for()
        first = page.evaluate(SPOT, "m2")
        page.locator(".canvas").focus()
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowRight")
        moved = [round(first[0] + 20) + 20, round(first[1])]
        assert page.evaluate(SPOT, "m2") == moved
        page.keyboard.press("n")
        page.get_by_label("Note", exact=True).fill("ask about May")
        assert "never sent" in page.locator("#note-where").inner_text()
        page.keyboard.press("Enter")
        page.wait_for_function(f"() => (({LABEL})('m2')).includes('✎ ask about May')")
        assert lawful(page) == []
        page.reload()
        page.locator(DRAWN).first.wait_for()
        page.wait_for_function(f"() => (({LABEL})('m2')).includes('✎ ask about May')")
        assert page.evaluate(SPOT, "m2") == moved
        assert page.get_by_label("Note", exact=True).input_value() == "ask about May"
        assert page.get_by_role("button", name="Undo").is_disabled()  # steps last as long as the page
        page.get_by_label("Note", exact=True).fill("")
        page.get_by_role("button", name="Keep note").click()
        page.get_by_role("button", name="Unpin").click()
        page.wait_for_function(f"(x) => ({SPOT})('m2')[0] === x", arg=first[0])
        page.locator(".canvas").focus()
        page.keyboard.press("h")
        page.get_by_role("button", name="Show 1 hidden").wait_for()
        for _ in range(3):
            page.locator(".canvas").focus()
            page.keyboard.press("Control+z")
        page.wait_for_function(f"() => (({LABEL})('m2')).includes('✎ ask about May')")
        assert page.evaluate(SPOT, "m2") == moved
        assert page.get_by_role("button", name="Show 1 hidden").count() == 0
        page.keyboard.press("Control+y")
        page.wait_for_function(f"() => !(({LABEL})('m2')).includes('✎')")
        assert [one for one in sent if "May" in one] == []


def test_sign_that_is_dragged_stays_where_it_was_put(open_as: Open, results: Results) -> None:
    # A viewer, to whom nothing of a case is shown: what is loaded later would move the picture under the mouse.
    with open_as("viewer", f"/app/rings/{results.rings[0].ring_id}") as page:
        page.locator(DRAWN).first.wait_for()
        at = page.evaluate(IN_PAGE, "m1")
        page.mouse.move(*at)
        page.mouse.down()
        page.mouse.move(at[0] + 30, at[1] + 10, steps=5)
        page.mouse.up()
        page.wait_for_function(f"id => {SIGN}.pinned", arg="m1")
        spot = page.evaluate(SPOT, "m1")
        page.reload()
        page.locator(DRAWN).first.wait_for()
        assert page.evaluate(SPOT, "m1") == spot


def test_viewer_is_offered_no_surroundings_and_nobody_to_compare_with(open_as: Open, results: Results) -> None:
    ring = results.rings[0].ring_id
    with open_as("viewer", f"/app/rings/{ring}?pick=member:m1&around=m1") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        page.locator(DRAWN).first.wait_for()
        page.get_by_role("button", name="Hide", exact=True).wait_for()
        assert page.get_by_role("button", name="Look around").count() == 0
        page.goto(f"/app/rings/{ring}/compare?peer=m1")
        page.locator("thead select").first.wait_for()
        assert page.locator(".peers").count() == 0
        page.goto("/app/runs")
        page.locator("tbody tr").first.wait_for()
        assert page.locator(".whatif").count() == 0
        assert [one for one in asked if "/around" in one or "/peers" in one or "rescore" in one] == []


def test_thresholds_are_tried_and_lead_to_the_rings_that_come_and_go(open_as: Open, results: Results) -> None:
    alerts = [ring for ring in results.rings if ring.alert]
    go = sorted((ring.q_value, ring.ring_id) for ring in alerts if ring.harm < 60)
    with open_as(place="/app/runs") as page:
        page.locator(".whatif").wait_for()
        said = page.locator(".whatif [role=status]")
        assert f"Of {len(results.rings)} groups {len(alerts)} would alert" in said.inner_text()
        assert page.locator(".whatif tbody tr").count() == 0
        slider = page.get_by_label("marks of harm weigh at least")
        slider.focus()
        page.keyboard.press("End")
        page.wait_for_url("**/app/runs?harm=60")
        page.wait_for_function(
            "(n) => document.querySelectorAll('.whatif tbody tr').length === n && document.querySelector('.whatif [aria-busy=false]')",
            arg=len(go),
        )
        assert f"0 would come, {len(go)} would go" in said.inner_text()
        links = page.locator(".whatif tbody a").evaluate_all("all => all.map(one => one.pathname.split('/').pop())")
        assert links == [ring_id for _, ring_id in go]
        assert lawful(page) == []
        page.reload()
        page.locator(".whatif tbody tr").first.wait_for()
        page.locator(".whatif tbody a").first.click()
        page.wait_for_url(f"**/app/rings/{links[0]}")
        page.go_back()
        page.get_by_role("button", name="As the run had it").click()
        page.wait_for_url("**/app/runs")
        page.wait_for_function("() => document.querySelectorAll('.whatif tbody tr').length === 0")


def test_member_stands_beside_somebody_like_it_in_no_ring(open_as: Open, results: Results) -> None:
    ring = results.rings[0].ring_id
    inside = {member.entity_id for member in results.members if member.entity_type == "patient"}
    for lang, another in (("en", "Another one"), ("zh", "换一位")):
        with open_as(place=f"/app/rings/{ring}/compare", lang=lang) as page:
            page.locator(".peers select").wait_for()
            page.locator(".peers select").select_option(index=1)
            page.wait_for_url("**/compare?peer=m*")
            page.locator(".peers tbody tr").first.wait_for()
            heads = page.locator(".peers thead th .quiet").all_inner_texts()
            assert [head in inside for head in heads] == [True, False]
            assert page.locator(".peers tbody tr").count() == 11
            assert lawful(page) == []
            page.get_by_role("button", name=another).click()
            page.wait_for_url("**nth=2")
            assert page.locator(".peers thead th .quiet").nth(1).inner_text() not in {*inside, heads[1]}
            page.reload()
            page.locator(".peers tbody tr").first.wait_for()
