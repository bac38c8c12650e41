"""The README promises nothing that is not there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from ringfinder import claims, errors, settings
from ringfinder.claims.profiles import PROFILES
from ringfinder.cli.app import app
from ringfinder.cli.errors import INTERRUPTED
from ringfinder.model import KINDS
from ringfinder.report.figures import SURE, sureness
from ringfinder.tables import CLAIMS
from ringfinder.words import say

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRITTEN = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *(
        f"docs/{page}.md"
        for page in ("README", "detection", "defending", "lab", "first-hour", "cypher", "api", "viz", "neo4j")
    ),
)


def blocks(language: str, text: str = README) -> list[str]:
    """What stands in the blocks of code of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    """The part of the README under a heading of the second level."""
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def commands(text: str) -> tuple[list[str], list[str]]:
    """`ringfinder ...` commands of a page: lines of its sh blocks, and those in the text, which may leave arguments out."""
    lines = [line for block in blocks("sh", text) for line in block.splitlines()]
    whole = [line for line in lines if line.startswith("ringfinder ")]
    return whole, re.findall(r"`(ringfinder [^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def parsed(line: str) -> Any:
    """The context of a command line, parsed and not run; raises what the command line would complain of."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("ringfinder", shlex.split(line, comments=True)[1:])
    while hasattr(command, "resolve_command"):
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, rest, parent=context)
    return context


@pytest.mark.parametrize("name", WRITTEN)
def test_commands_in_blocks_parse(name: str) -> None:
    for line in commands((ROOT / name).read_text(encoding="utf-8"))[0]:
        assert parsed(line).command_path.startswith("ringfinder ")


@pytest.mark.parametrize("name", WRITTEN)
def test_commands_in_the_text_exist_with_their_options(name: str) -> None:
    complaints = []
    for line in commands((ROOT / name).read_text(encoding="utf-8"))[1]:
        try:
            parsed(line)
        except typer.TyperException as complaint:
            complaints.append(complaint.format_message())
    assert [words for words in complaints if not words.startswith("Missing argument")] == []


def test_readme_shows_the_commands_of_a_first_hour() -> None:
    shown = {shlex.split(line)[1] for line in commands(README)[0]}
    assert shown == {
        "sample-city",
        "run",
        "rings",
        "evaluate",
        "query",
        "doctor",
        "neo4j",
        "cypher",
        "export",
        "keys",
        "serve",
    }


def test_an_unknown_option_would_be_noticed() -> None:
    with pytest.raises(typer.TyperException, match="No such option"):
        parsed("ringfinder run claims/ --output results")


@pytest.mark.parametrize("name", WRITTEN)
def test_make_targets_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)`", text)) | set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE))
    assert {target for target in named if not re.search(rf"^{target}:.*## ", makefile, re.MULTILINE)} == set()


def test_kinds_are_those_of_the_engine_in_both_languages() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", section("What it finds"), re.MULTILINE)
    assert rows == [(kind, say(f"kinds.{kind}", "en"), say(f"kinds.{kind}", "zh")) for kind in KINDS]


def test_sources_are_the_profiles() -> None:
    named = re.findall(r"^\| `(\w+)` \|", section("Your own claims"), re.MULTILINE)
    assert sorted(named) == sorted(["auto", *PROFILES])


def test_claims_of_the_example_load_and_hold_only_what_is_required(tmp_path: Path) -> None:
    (example,) = blocks("csv")
    (tmp_path / "claims.csv").write_text(example, encoding="utf-8")
    read = claims.read(tmp_path / "claims.csv", tmp_path / "tables", settings.ClaimsSettings())
    assert (read.rows["claims"], read.rejected) == (3, 0)
    assert example.splitlines()[0].split(",") == [column.name for column in CLAIMS.columns if column.required]


def test_settings_of_the_example_are_read(tmp_path: Path) -> None:
    (example,) = blocks("toml")
    (tmp_path / "settings.toml").write_text(example, encoding="utf-8")
    read = settings.read(tmp_path / "settings.toml")
    assert (read.claims.max_reject_share, read.detection.alert_q) == (0.02, 0.01)


def test_exit_codes_are_those_of_the_errors() -> None:
    def codes(kind: type[errors.RingFinderError]) -> set[int]:
        return {kind.exit_code}.union(*(codes(below) for below in kind.__subclasses__()))

    named = re.findall(r"^\| (\d+) \|", section("Exit codes"), re.MULTILINE)
    assert [int(code) for code in named] == sorted({0, INTERRUPTED} | codes(errors.RingFinderError))


def test_words_for_certainty_stand_at_their_bars() -> None:
    told = re.findall(r"\*([a-z ]+)\* (?:is q )?up to (0\.\d+)", section("How to read a result"))
    assert told == [(say(f"kinds.{slug}", "en"), f"{bar:g}") for bar, slug in SURE]
    assert f"*{sureness(1.0, 'en')}* above" in section("How to read a result")


def test_defaults_told_are_the_defaults() -> None:
    default = settings.Settings()
    assert f"q at most {default.detection.alert_q:g}, and enough harm" in README
    assert f"more than {default.claims.max_reject_share:.0%} of them".replace("%", " %") in README


def test_the_house_has_the_rooms_that_are_told() -> None:
    told = re.findall(r"^ringfinder/(\w+)", blocks("text")[0], re.MULTILINE)
    rooms = {file.parent.name for file in (ROOT / "ringfinder").glob("*/__init__.py")}
    assert sorted(told) == sorted(rooms)
