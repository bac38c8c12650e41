from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ringfinder.report.html import element, join, raw


class Reader(HTMLParser):
    """Tags and texts as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_element_nests_and_escapes() -> None:
    made = element("p", "a < b & c", element("b", "x"), None, ["y", element("i")], class_="lead", stroke_width=1.25)
    assert made == '<p class="lead" stroke-width="1.2">a &lt; b &amp; c<b>x</b>y<i></i></p>'


def test_void_elements_have_no_end_and_missing_attributes_no_trace() -> None:
    assert element("meta", charset="utf-8", name=None) == '<meta charset="utf-8">'


def test_our_own_markup_is_not_escaped_twice() -> None:
    assert join(raw("<b>"), "<b>") == "<b>&lt;b&gt;"


def test_control_and_direction_characters_are_replaced() -> None:
    assert element("td", "a\x1b[31m\u202eb\nc") == "<td>a\ufffd[31m\ufffdb\nc</td>"


@given(st.text(), st.text())
def test_no_value_escapes_its_place(text: str, attribute: str) -> None:
    reader = Reader()
    reader.feed(element("p", text, title=attribute))
    assert [tag for tag, _ in reader.tags] == ["p"]
    assert [name for name, _ in reader.tags[0][1]] == ["title"]
