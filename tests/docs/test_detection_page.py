"""docs/detection.md tells numbers; they are those of the code."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import re
from pathlib import Path

from ringfinder.evidence import elsewhere
from ringfinder.evidence.marks import TYPICAL
from ringfinder.evidence.view import DAY, HOUR, MINUTE
from ringfinder.rings import assortments
from ringfinder.rings.harm import CONFIRMING, GROUP_MARKS, TRAITS
from ringfinder.rings.prices import ALIKE_SHARE
from ringfinder.rings.registry import CHANNELS

PAGE = Path(__file__).parents[2] / "docs" / "detection.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROOMS = ("evidence", "communities", "rings")
UNITS = {"MINUTE": MINUTE, "HOUR": HOUR, "DAY": DAY}


def section(title: str) -> str:
    """The part of the page under a heading."""
    return TEXT.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(text: str) -> list[list[str]]:
    """The rows of a section's table, heads left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rule = next(number for number, line in enumerate(lines) if set(line) <= set("|- "))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[rule + 1 :]]


def constant(name: str) -> object:
    """The value of `module.NAME`, wherever in detection the module stands."""
    module, _, attribute = name.partition(".")
    places = [f"ringfinder.{room}.{module}" for room in ROOMS]
    (place,) = [place for place in places if importlib.util.find_spec(place)]
    return getattr(importlib.import_module(place), attribute)


def number(text: str) -> object:
    """A value as the page writes it: a number, or so many days, hours, minutes."""
    count, _, unit = text.rpartition(" * ") if " * " in text else ("1", "", text)
    return ast.literal_eval(count) * UNITS[unit] if unit in UNITS else ast.literal_eval(text)


def test_constants_of_the_table_are_those_of_the_code() -> None:
    told = [(row[0].strip("`"), row[1].strip("`")) for row in rows(section("The constants that decide"))]
    assert [(name, value) for name, value in told if constant(name) != number(value)] == []


def test_constants_in_the_text_are_those_of_the_code() -> None:
    told = re.findall(r"`(\w+\.[A-Z_]+) = ([^`]+)`", TEXT)
    assert {"visits.ONE_VISIT", "lineage.SAME"} <= {name for name, _ in told}
    assert [(name, value) for name, value in told if constant(name) != number(value)] == []


def test_examples_give_the_numbers_that_the_page_shows() -> None:
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0


def test_every_mark_is_told_with_its_typical_share() -> None:
    told = {row[0]: row[3] for row in rows(section("Harm, H"))}
    known = {name: f"{share:g}" for name, share in TYPICAL.items()}
    known |= dict.fromkeys(("alike", "even", "drained"), f"{ALIKE_SHARE:g}")
    known |= dict.fromkeys(("length", "package", "brought", "own_price"), "") | {"assortment": f"{assortments.SHARE:g}"}
    known["empty_bed"] = f"{elsewhere.SHARE:g}"
    assert set(GROUP_MARKS) == {
        "alike",
        "even",
        "drained",
        "length",
        "package",
        "brought",
        "assortment",
        "empty_bed",
        "own_price",
    }
    assert told == known


def test_marks_that_only_confirm_are_told_as_such() -> None:
    told = {row[0] for row in rows(section("Harm, H")) if "**only confirms**" in row[2]}
    assert told == set(CONFIRMING)


def test_traits_are_told_as_such() -> None:
    told = {row[0] for row in rows(section("Harm, H")) if "**a trait**" in row[2]}
    assert told == {name for trait in TRAITS for name in trait}


def test_every_channel_is_told_with_its_null_world() -> None:
    assert [row[0] for row in rows(section("Certainty: q-value, score, alert"))] == list(CHANNELS)
    own = [re.findall(r"\[(\w+)\]", row[0])[0] for row in rows(section("Kinds whose evidence is not co-presence"))]
    assert ["together", *own] == list(CHANNELS)
