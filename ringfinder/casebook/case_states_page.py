"""Draws the state machines into docs/casebook.md, and writes there which article each behaviour falls under, and every term with its
law: `python -m ringfinder.casebook.case_states_page`.

A test holds that they are up to date.
"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from ringfinder.casebook.articles import article_name
from ringfinder.casebook.case_states import CASE, DECISION
from ringfinder.casebook.law import BASES, BEHAVIOURS, FIXED_FINE, TIMES
from ringfinder.casebook.rules import Keeping, read_rules
from ringfinder.words import say

FILE = Path(__file__).parents[2] / "docs" / "casebook.md"
MACHINES = {machine.subject: machine for machine in (CASE, DECISION)}
PLACE = re.compile(r"^<!-- diagram (\w+) -->\n(?:```mermaid\n.*?^```\n)?", re.M | re.S)
TABLE = re.compile(r"^<!-- table (\w+) -->\n(?:\|.*\n)*", re.M)
UNITS = {"working_days": "working days", "days": "days", "months": "months"}


def filled(page: str) -> str:
    """The page with each diagram and table behind its mark."""
    page = PLACE.sub(lambda mark: f"<!-- diagram {mark[1]} -->\n```mermaid\n{MACHINES[mark[1]].diagram()}```\n", page)
    return TABLE.sub(lambda mark: f"<!-- table {mark[1]} -->\n{TABLES[mark[1]]()}", page)


def behaviours() -> str:
    """Which article a behaviour falls under, and what follows from it in money, with and without the purpose of fraud."""
    lines = [
        "| behaviour | in words | falls under | fine | with the purpose of fraud |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, one in BEHAVIOURS.items():
        plain, meant = (one.judged_by(intent) for intent in (False, True))
        heavier = "the same" if plain == meant else f"judged by {_short(meant)}: {_fine(meant)}"
        words = say(f"cases.behaviour_{name}", "en")
        lines.append(f"| `{name}` | {words} | {_short(one.article)} | {_fine(plain)} | {heavier} |")
    return "\n".join(lines) + "\n"


def terms() -> str:
    """How long everything may take and is kept, each with its law."""
    rules = read_rules(Path("nowhere"))
    lines = ["| in `rules.toml` | length | where it comes from |", "| --- | --- | --- |"]
    lines += [
        f"| `terms.{one.name}` | {one.count} {UNITS[one.unit]} | {one.basis_en} |" for one in rules.terms.values()
    ]
    for field in fields(Keeping):
        keep = getattr(rules.keeping, field.name)
        lines.append(f"| `keeping.{field.name}` | {keep.months} months | {keep.basis_en} |")
    return "\n".join(lines) + "\n"


TABLES = {"behaviours": behaviours, "terms": terms}


def _short(article: str) -> str:
    return article_name(article, "en").partition(", ")[2]


def _fine(article: str) -> str:
    if article not in BASES["fine"]:
        return "none"
    if article in TIMES:
        least, most = TIMES[article]
        return f"{least} to {most} times"
    return " to ".join(f"{amount:,.0f}" for amount in FIXED_FINE)


if __name__ == "__main__":
    FILE.write_text(filled(FILE.read_text(encoding="utf-8")), encoding="utf-8")
