"""docs/first-hour.md names queries and parameters that are there."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from ringfinder.cli.library import given
from ringfinder.store.queries import library, named

TEXT = (Path(__file__).parents[2] / "docs" / "first-hour.md").read_text(encoding="utf-8")
LINES = re.findall(r"^ringfinder cypher (?:run|show|export) .*$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("line", LINES)
def test_command_names_a_query_and_its_parameters(line: str) -> None:
    words = shlex.split(line, comments=True)
    parameters = given([value for option, value in pairwise(words) if option == "--p"])
    named(words[3]).values(parameters if words[2] != "show" else dict.fromkeys(_needed(words[3]), "1"))


def _needed(name: str) -> list[str]:
    return [one.name for one in named(name).parameters if one.default is None]


def test_every_query_in_the_text_is_there() -> None:
    mentioned = set(re.findall(r"`((?:read|hunt|watch|result)/[\w-]+)", TEXT))
    assert mentioned <= set(library())
    assert len(LINES) > 15
    assert len(mentioned) > 20


def test_every_kind_of_suspicion_in_the_table_starts_with_a_hunt() -> None:
    rows = [line.split(" | ") for line in TEXT.splitlines() if line.startswith("| ") and "/" in line]
    assert len(rows) == 8
    for row in rows:
        assert "`hunt/" in row[1]
