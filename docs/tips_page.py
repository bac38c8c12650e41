"""The parts of docs/tips.md that are made from the code: the states of a tip, and the terms with their law.

Write them with `python docs/tips_page.py`; a test holds that they are up to date.
"""

from __future__ import annotations

import re
from pathlib import Path

from ringfinder.casebook.rules import read_rules
from ringfinder.casebook.tip_states import MACHINE

PAGE = Path(__file__).parent / "tips.md"
UNITS = {"working_days": "working days", "days": "days", "months": "months"}


def made(page: str) -> str:
    """The page with its made parts."""
    diagram = f"```mermaid\n{MACHINE.diagram()}```\n"
    page = re.sub(r"```mermaid\n.*?```\n", lambda _: diagram, page, flags=re.S)
    terms = read_rules(Path("nowhere")).terms.values()
    rows = "".join(
        f"| `{one.name}` | {one.count} {UNITS[one.unit]} | {one.basis_en} |\n"
        for one in terms
        if one.name.startswith("tip_")
    )
    head = "| term | length | law |\n| --- | --- | --- |\n"
    return re.sub(rf"{re.escape(head)}(?:\|.*\n)*", lambda _: head + rows, page)


if __name__ == "__main__":
    PAGE.write_text(made(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
