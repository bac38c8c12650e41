"""The README's figures, made from the accepted run of the confirming set; a test holds the README to it.

`python -m ringfinder.lab.readme README.md docs/lab/confirm.json` writes them anew, between two marks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ringfinder.errors import UsageError
from ringfinder.lab.accepted import Accepted, read
from ringfinder.lab.figures import GOALS, ROLES, total, value
from ringfinder.lab.page import Table, by_kind_and_level, label, table_of_calibration, verdict, with_counts
from ringfinder.report.figures import word

BEGIN, END = "<!-- lab -->\n", "<!-- /lab -->"
NONE = "No run of the confirming set has been accepted yet: `make lab SET=confirm` makes one.\n"


def block(accepted: Accepted | None) -> str:
    """What stands between the marks."""
    if accepted is None or not accepted.worlds:
        return NONE
    figures = total(accepted.worlds.values())
    clean = sum("clean_alerts" in world for world in accepted.worlds.values())
    lines = [
        f"Measured by `ringfinder lab --set confirm` on {len(accepted.worlds)} worlds set apart from those for tuning, {clean} of"
        f" them without rings: {sum(accepted.claims.values()):,} claims, {figures.get('found', (0, 0))[1]:.0f} planted rings,"
        " world parameters drawn from wide ranges. How to read it, and what each figure counts: [docs/lab.md](docs/lab.md).",
        "",
        "| figure | goal | measured | |",
        "| --- | --- | --- | --- |",
    ]
    for goal in GOALS:
        if goal.figure.startswith("entity."):
            continue
        now = value(figures, goal.figure)
        lines.append(
            f"| {label(goal.figure, 'en')} | {goal.sense} {goal.value:g} | {with_counts(figures, goal.figure)} |"
            f" {verdict(goal, now, 'en')} |"
        )
    lines += ["", "| role (goal: 0.9 each) | precision | recall |", "| --- | --- | --- |"]
    for kind in ROLES:
        both = (with_counts(figures, f"entity.{kind}.{which}") for which in ("precision", "recall"))
        lines.append(f"| {word(kind, 'en')} | {' | '.join(both)} |")
    for table in (*by_kind_and_level(figures, "en"), table_of_calibration(figures, "en")):
        lines += ["", f"{table.title}.", "", *markdown(table)]
    return "\n".join(lines) + "\n"


def markdown(table: Table) -> list[str]:
    """A table as lines of Markdown."""
    return [f"| {' | '.join(row)} |" for row in (table.heads, tuple("---" for _ in table.heads), *table.rows)]


def with_block(text: str, made: str) -> str:
    """The page with the block put between its marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"the page has no marks {BEGIN.strip()} and {END}; write them where the figures belong")
    return f"{before}{BEGIN}{made}{END}{after}"


def main() -> None:
    """Write the block into the page given, from the file given."""
    page, file = Path(sys.argv[1]), Path(sys.argv[2])
    page.write_text(with_block(page.read_text(encoding="utf-8"), block(read(file))), encoding="utf-8")


if __name__ == "__main__":
    main()
