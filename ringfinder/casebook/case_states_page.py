"""Draws the state machines into docs/casebook.md: `python -m ringfinder.casebook.case_states_page`.

A test holds that they are up to date.
"""

from __future__ import annotations

import re
from pathlib import Path

from ringfinder.casebook.case_states import CASE, DECISION

FILE = Path(__file__).parents[2] / "docs" / "casebook.md"
MACHINES = {machine.subject: machine for machine in (CASE, DECISION)}
PLACE = re.compile(r"^<!-- diagram (\w+) -->\n(?:```mermaid\n.*?^```\n)?", re.M | re.S)


def filled(page: str) -> str:
    """The page with each diagram behind its mark."""
    return PLACE.sub(lambda mark: f"<!-- diagram {mark[1]} -->\n```mermaid\n{MACHINES[mark[1]].diagram()}```\n", page)


if __name__ == "__main__":
    FILE.write_text(filled(FILE.read_text(encoding="utf-8")), encoding="utf-8")
