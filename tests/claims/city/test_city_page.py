"""docs/sample-city.md says what the code does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from ringfinder.claims.city import City, CityParameters
from ringfinder.claims.city.scenes import SCENES
from ringfinder.model import KINDS

PAGE = (Path(__file__).parents[3] / "docs" / "sample-city.md").read_text(encoding="utf-8")


def test_the_page_lists_every_scene_with_its_number() -> None:
    rows = dict(re.findall(r"^\| (\w+) \| ([\d.]+) \|", PAGE, flags=re.M))
    assert {slug: float(number) for slug, number in rows.items()} == {s.slug: s.per_10k for s in SCENES}


def test_the_page_names_every_parameter() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE.split("## Parameters")[1]))
    assert {f.name for f in fields(CityParameters)} <= named


def test_the_page_names_every_role_of_every_kind(city: City) -> None:
    table = dict(re.findall(r"^\| (\w+) \| .* \| (.*) \|$", PAGE.split("## Honest scenes")[0], flags=re.M))
    assert set(KINDS) <= set(table)
    words = {
        "patient": "patients",
        "card": "cards",
        "facility": "facilit",
        "terminal": "terminal",
        "account": "account",
    }
    for ring in city.truth:
        for member in ring["members"]:
            kind = member["entity_type"]
            assert words.get(kind, kind) in table[ring["kind"]], (ring["kind"], member)
