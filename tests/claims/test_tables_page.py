"""docs/tables.md is what the code says."""

from __future__ import annotations

from pathlib import Path

from ringfinder.claims.tables_page import page

ROOT = Path(__file__).parents[2]


def test_page_of_the_tables_is_up_to_date() -> None:
    written = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert written == page(), "run `python -m ringfinder.claims.tables_page docs/tables.md`"
