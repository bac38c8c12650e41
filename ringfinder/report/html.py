"""HTML and SVG as values: every text is escaped unless it is markup made here.

>>> element("p", "a < b", element("b", "bold"), class_="lead")
'<p class="lead">a &lt; b<b>bold</b></p>'
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files

VOID = frozenset({"meta", "br", "hr", "img", "col", "link"})
# Control characters cannot stand in HTML, and marks of writing direction could make one name look like another.
HIDDEN = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)],
    "\ufffd",
) | {ord("\n"): "\n", ord("\t"): "\t"}


class Markup(str):
    """Text that is already HTML; only `element`, `join` and `raw` make it."""

    __slots__ = ()


Child = str | Markup | None | Iterable["Child"]


def raw(text: str) -> Markup:
    """Text of our own that must not be escaped: the style sheet."""
    return Markup(text)


def join(*children: Child) -> Markup:
    """Children one after the other; plain text escaped, None left out."""
    parts: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            parts.append(child)
        elif isinstance(child, str):
            parts.append(escape(child.translate(HIDDEN), quote=False))
        else:
            parts.append(join(*child))
    return Markup("".join(parts))


def element(name: str, /, *children: Child, **attributes: str | float | None) -> Markup:
    """One element. `class_` is class, other underscores are hyphens (`stroke_width`); None leaves an attribute out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(*children)}</{name}>")


def page(title: str, *body: Child, lang: str, head: Child = None, style: str = "") -> str:
    """A whole file with the report's style; it needs nothing from elsewhere. `head`, `style`: what else it has of these."""
    common = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    return "<!doctype html>\n" + element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="referrer", content="no-referrer"),
            head,
            element("title", title),
            element("style", raw(common + style)),
        ),
        element("body", *body),
        lang="zh-CN" if lang == "zh" else "en",
    )


def _plain(value: str | float) -> str:
    """Coordinates with one decimal at most: the same picture gives the same bytes, and short ones."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value).translate(HIDDEN)
