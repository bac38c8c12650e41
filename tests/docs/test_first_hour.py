"""docs/first-hour.md names queries and parameters that are there, and goes from its first line to its last on both stores."""

from __future__ import annotations

import csv
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringfinder.claims.city import make_city
from ringfinder.cli.app import app
from ringfinder.cli.library import given
from ringfinder.pipeline.graphs import forget
from ringfinder.report.files import read_results
from ringfinder.store.neo4j.address import PREFIX, Address
from ringfinder.store.queries import library, named
from ringfinder.workspace import Workspace

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


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city small enough to be read twice, with the ids that the page's are changed into."""
    folder = tmp_path_factory.mktemp("hour")
    make_city(folder / "city", 1000, 1, 4)
    return folder


def test_hour_on_a_file(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spend_the_hour(city, "file", "", monkeypatch)


@pytest.mark.xdist_group("neo4j")
def test_hour_on_neo4j(city: Path, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("URI", neo4j_address.uri), ("USER", neo4j_address.user), ("PASSWORD", neo4j_address.password)):
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    try:
        spend_the_hour(city, "server", " --store neo4j", monkeypatch)
    finally:
        place = Workspace(city / "server" / "ringfinder-data")
        forget([run.run_id for run in place.list_runs()], place)  # the database is not this test's alone


def spend_the_hour(city: Path, name: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the page, in its order, in a folder of its own; then its notebook."""
    place = city / name
    place.mkdir()
    (place / "city").symlink_to(city / "city")
    monkeypatch.chdir(place)
    monkeypatch.delenv("RINGFINDER_WORKSPACE", raising=False)
    lines = re.findall(r"^ringfinder .*$", TEXT, re.MULTILINE)
    assert [line.split()[1] for line in lines[:2]] == ["sample-city", "run"]
    typed(lines[1].partition("#")[0] + where)
    results = read_results(Workspace(place / "ringfinder-data").needed().results)
    ring = results.rings[0].ring_id
    people = [one.entity_id for one in results.members if one.ring_id == ring and one.entity_type == "patient"]
    assert len(people) > 1
    agent, doctor = (
        next(csv.DictReader((city / "city" / f"{table}.csv").read_text(encoding="utf-8").splitlines()))[key]
        for table, key in (("recruiters", "recruiter_id"), ("doctors", "doctor_id"))
    )
    ids = {"R04990BF584": ring, "P030329": people[0], "P072049": people[1], "A0232": agent, "D0454": doctor}
    for line in lines[2:]:
        typed(re.sub("|".join(ids), lambda found: ids[found.group()], line))
    assert {file.name for file in place.iterdir()} >= {"payees.xlsx", "together.html", "dead.csv", "ring.html"}
    (script,) = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    exec(script, {})


def typed(line: str) -> None:
    done = CliRunner().invoke(app, shlex.split(line, comments=True)[1:])
    assert (done.exit_code, done.stderr) == (0, ""), f"{line}: {done.stderr}"
    assert done.stdout.strip()
