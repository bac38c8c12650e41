"""Figures of pages, made from the accepted run of the confirming set; tests hold the pages to it.

`python -m ringfinder.lab.readme README.md docs/lab/confirm.json` writes them anew, between marks: the tables of the README (`lab`), and
the error rates in plain words, as docs/defending.md tells them to who answers for a verdict (`errors en`, `errors zh`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ringfinder.errors import UsageError
from ringfinder.lab.accepted import Accepted, read
from ringfinder.lab.figures import GOALS, ROLES, Figures, total, value, wilson
from ringfinder.lab.page import Table, by_kind_and_level, label, table_of_calibration, verdict, with_counts
from ringfinder.report.figures import word
from ringfinder.words import Language, say

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
        f" world parameters drawn from wide ranges{made_on(accepted)}. How to read it, and what each figure counts:"
        " [docs/lab.md](docs/lab.md).",
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


def made_on(accepted: Accepted) -> str:
    """When, and by which detection; nothing where the file does not say."""
    return f"; run of {accepted.day}, detection `{accepted.detection}`" if accepted.day else ""


def errors(accepted: Accepted | None, lang: Language) -> str:
    """The error rates in plain words, each with what it was counted on."""
    if accepted is None or not accepted.worlds:
        return NONE
    figures = total(accepted.worlds.values())
    clean = [name for name, world in accepted.worlds.items() if "clean_alerts" in world]
    false, alerts = hits(figures, "false_at_q")
    told = [
        say(
            "lab.error_alerts",
            lang,
            alerts=alerts,
            false=false,
            honest=hits(figures, "honest_alerts")[0],
            between=between(figures, "false_at_q", lang),
        ),
        say(
            "lab.error_clean",
            lang,
            worlds=len(clean),
            claims=sum(accepted.claims[name] for name in clean),
            alerts=hits(figures, "clean_alerts")[0],
        ),
        say("lab.error_people", lang, **counts(figures, "strangers"), between=between(figures, "strangers", lang)),
    ]
    right, found = hits(figures, "kind_right")
    told.append(say("lab.error_kind", lang, hits=found - right, of=found))
    for kind in ROLES:
        true, named = hits(figures, f"entity.{kind}.precision")
        if named:
            told.append(say("lab.error_role", lang, role=word(kind, lang), hits=named - true, of=named))
    alerted, planted = hits(figures, "alerted")
    told.append(say("lab.error_missed", lang, hits=planted - alerted, of=planted))
    return "\n".join(["", *(f"- {one}" for one in told), ""]) + "\n"


def hits(figures: Figures, name: str) -> tuple[int, int]:
    """A figure's pair as whole numbers."""
    some, of = figures.get(name, (0.0, 0.0))
    return round(some), round(of)


def counts(figures: Figures, name: str) -> Mapping[str, int]:
    """The same, as a sentence of the catalogue takes it."""
    return dict(zip(("hits", "of"), hits(figures, name), strict=True))


def between(figures: Figures, name: str, lang: Language) -> str:
    """The share and its 95 % interval, in per cent."""
    some, of = hits(figures, name)
    ends = wilson(some, of)
    if ends is None:
        return "-"
    return say("lab.error_between", lang, share=f"{some / of:.1%}", low=f"{ends[0]:.1%}", high=f"{ends[1]:.1%}")


def markdown(table: Table) -> list[str]:
    """A table as lines of Markdown."""
    return [f"| {' | '.join(row)} |" for row in (table.heads, tuple("---" for _ in table.heads), *table.rows)]


BLOCKS: Mapping[str, Callable[[Accepted | None], str]] = {
    "lab": block,
    "errors en": lambda accepted: errors(accepted, "en"),
    "errors zh": lambda accepted: errors(accepted, "zh"),
}


def with_block(text: str, made: str, name: str = "lab") -> str:
    """The page with the block put between its marks."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise UsageError(f"the page has no marks {begin.strip()} and {end}; write them where the figures belong")
    return f"{before}{begin}{made}{end}{after}"


def with_blocks(text: str, accepted: Accepted | None) -> str:
    """The page with all blocks whose marks it has; UsageError where it has none."""
    for name in [name for name in BLOCKS if f"<!-- {name} -->" in text] or ["lab"]:
        text = with_block(text, BLOCKS[name](accepted), name)
    return text


def main() -> None:
    """Write the blocks into the page given, from the file given."""
    page, file = Path(sys.argv[1]), Path(sys.argv[2])
    page.write_text(with_blocks(page.read_text(encoding="utf-8"), read(file)), encoding="utf-8")


if __name__ == "__main__":
    main()
