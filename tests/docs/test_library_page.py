from __future__ import annotations

import json
from pathlib import Path

import pytest

from ringfinder.store.library_page import FOLDERS, TIMES_FILE, page
from ringfinder.store.queries import library

DOCS = Path(__file__).parents[2] / "docs"
TIMES = json.loads((DOCS / TIMES_FILE).read_text(encoding="utf-8"))
GOAL = 5.0


def test_page_is_what_the_headers_say() -> None:
    written = (DOCS / "cypher.md").read_text(encoding="utf-8")
    assert written == page(TIMES), "run `python -m ringfinder.store.library_page docs/cypher.md`"


def test_every_folder_of_queries_has_its_part() -> None:
    assert {name.partition("/")[0] for name in library()} == set(FOLDERS)


@pytest.mark.parametrize("name", sorted(library()))
def test_query_was_measured_on_its_stores_and_says_so_where_it_is_slow(name: str) -> None:
    query, seconds = library()[name], TIMES["seconds"][name]
    assert set(seconds) == set(query.statements)
    slow = [f"{store} {took:.0f} s" for store, took in seconds.items() if took > GOAL]
    assert query.slow == ", ".join(slow)


def test_nothing_is_measured_that_is_no_query() -> None:
    assert set(TIMES["seconds"]) == set(library())
