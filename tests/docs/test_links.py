from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors that a reader's browser knows of a page: headings in lower case, hyphens for blanks, no signs."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(prose(page))}


def links(page: Path) -> list[str]:
    """Links to other files and to headings; addresses of the web are left alone."""
    return [link for link in LINK.findall(prose(page)) if not re.match(r"https?://", link)]


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    broken = []
    for link in links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.is_file() or not target.is_relative_to(ROOT) or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_index_names_every_page_once() -> None:
    index = ROOT / "docs" / "README.md"
    table = [line for line in prose(index).splitlines() if line.startswith("| [")]
    named = [LINK.findall(line)[0] for line in table]
    assert sorted(named) == sorted(page.name for page in (ROOT / "docs").glob("*.md") if page != index)


def test_every_page_says_what_it_is_in_one_heading() -> None:
    assert [name for name in NAMES if len(re.findall(r"^# ", prose(ROOT / name), re.MULTILINE)) != 1] == []
