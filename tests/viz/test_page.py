from __future__ import annotations

import html
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ringfinder.workspace import Workspace
from tests.viz import world
from tests.viz.conftest import Draw

AGAIN = """
import sys
from pathlib import Path
from ringfinder.pipeline.graphs import open_graph
from ringfinder.workspace import Workspace
from ringfinder_viz.ring import picture_of
place = Workspace(Path(sys.argv[1]))
stored = place.needed()
with open_graph(stored, place) as store:
    picture = picture_of(store, stored, sys.argv[2], "zh")
sys.stdout.buffer.write(picture.html().encode() + picture.svg().encode() + picture.png())
"""


def read(page: str) -> str:
    """What a page holds once a browser has read it: JSON and HTML unescaped."""
    return html.unescape(re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), page))


def elements(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """The elements of a page as a browser sees them, with their attributes."""
    found: list[tuple[str, dict[str, str | None]]] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Parser().feed(page)
    return found


@pytest.mark.parametrize("ring_id", [world.RING, world.FRIENDS])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_personal_is_in_any_picture_unless_asked_for(draw: Draw, ring_id: str, lang: str) -> None:
    picture = draw(ring_id, lang)
    for text in (read(picture.html()), read(picture.svg())):
        assert [secret for secret in (*world.NAMES, *world.NUMBERS) if secret in text] == []
        assert "王**" in text


def test_names_are_in_full_where_asked_for_and_the_page_says_so(draw: Draw) -> None:
    picture = draw(unmask=True)
    for text in (read(picture.html()), read(picture.svg())):
        assert [name for name in (*world.NAMES, world.PAYEE) if name not in text] == []
        assert "This shows personal data in full; keep it safe." in text


def test_page_has_no_markup_of_the_claims_and_nothing_from_elsewhere(draw: Draw) -> None:
    page = draw(unmask=True).html()
    tags = elements(page)
    assert {name for name, _ in tags}.isdisjoint({"link", "img", "iframe", "object", "form", "base", "a"})
    assert [given for name, given in tags if name == "script"] == [{}, {}, {}, {}]
    names = {attribute for _, given in tags for attribute in given}
    assert not [name for name in names if name.startswith("on") or name in {"src", "href", "action"}]
    assert "sourceMappingURL" not in page
    assert "popup.innerHTML" not in page


def test_policy_allows_the_scripts_of_the_page_and_no_request(draw: Draw) -> None:
    page = draw().html()
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', page)
    rules = dict(rule.strip().split(" ", 1) for rule in html.unescape(policy).split(";"))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"('sha256-[\w+/=]{44}' ?)+", rules["script-src"])
    assert len(rules["script-src"].split()) == 4
    assert (rules["img-src"], rules["base-uri"], rules["form-action"]) == ("data:", "'none'", "'none'")
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_page_tells_the_ring_in_words(draw: Draw) -> None:
    page = draw().html()
    for words in (
        "<h1>lent cards</h1>",
        "2 of 3 visits began after the registered date of death",
        "Marks of harm, beyond what honest care lets expect",
        "Honest explanations that were considered",
        "<h4>Timeline</h4>",
        "<h4>Members and roles</h4>",
        "A lead to check, no finding of guilt.",
        "Names, identity numbers, phones and accounts are masked.",
        "lines between people: the strongest 2 of 2",
    ):
        assert words in page
    assert "Not an alert" not in page
    harmless = draw(world.FRIENDS).html()
    assert "Not an alert: for information only" in harmless
    assert "lines between people" not in harmless


def test_same_ring_is_the_same_bytes_in_another_process(draw: Draw, workspace: Path) -> None:
    picture = draw(lang="zh")
    command = [sys.executable, "-c", AGAIN, str(workspace), world.RING]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == picture.html().encode() + picture.svg().encode() + picture.png()


def test_run_that_is_drawn_stays_as_it_is(draw: Draw, workspace: Path) -> None:
    folder = Workspace(workspace).needed().folder
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    draw().html()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
