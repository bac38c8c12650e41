"""With real pipes and processes: what a shell does to standard streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tiny

CODE = "from ringfinder.cli import main; main()"
COMMANDS = [
    ["--help"],
    ["run", "--help"],
    ["sample-city", "city", "--people", "500", "--rings", "0"],
    ["rings"],
    ["rings", "--json"],
    ["show", "R;1"],
    ["who", "doctor", "D1"],
    ["runs", "list"],
    ["runs", "diff"],
    ["runs", "prune"],
    ["query", "MATCH (c:Claim) RETURN c.claim_id"],
    ["query", "MATCH (c:Claim) RETURN c.claim_id", "--format", "csv"],
    ["doctor"],
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with claims and a workspace of two runs with a graph."""
    folder = tmp_path_factory.mktemp("place")
    tiny.write_csv(folder / "claims")
    for _ in range(2):
        tiny.publish_run(folder / "ringfinder-data", graph=True)
    return folder


def start(place: Path, arguments: list[str], **streams: int | bool) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"LC_ALL", "LC_MESSAGES", "RINGFINDER_WORKSPACE"}}
    environment["LANG"] = "en_US.UTF-8"
    return subprocess.Popen([sys.executable, "-c", CODE, *arguments], cwd=place, env=environment, text=True, **streams)  # type: ignore[call-overload,no-any-return]


FORKS = """
import json, os, sys
import duckdb, rich.console, rich.table, ringfinder.claims.city, ringfinder.cli
for arguments in json.loads(sys.argv[1]):
    reader, writer = os.pipe()
    os.close(reader)
    child = os.fork()
    if not child:
        os.dup2(writer, 1)
        sys.argv[1:] = arguments
        ringfinder.cli.main()
    os.close(writer)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_every_command_ends_quietly_where_its_reader_has_seen_enough(place: Path) -> None:
    """A fork for each command, since importing everything anew takes most of the time."""
    done = subprocess.run(
        [sys.executable, "-c", FORKS, json.dumps(COMMANDS)], cwd=place, capture_output=True, text=True, check=False
    )
    assert (done.stdout.split(), done.stderr) == (["0"] * len(COMMANDS), "")


def test_head_gets_its_lines_and_nobody_complains(place: Path) -> None:
    with (
        start(place, ["rings"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running,
        subprocess.Popen(["head", "-n", "3"], stdin=running.stdout, stdout=subprocess.PIPE, text=True) as head,
    ):
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert len(head.communicate()[0].splitlines()) == 3
        assert running.stderr.read() == ""
    assert running.returncode == 0


@pytest.mark.parametrize("arguments", [["rings"], ["rings", "--json"], ["--help"]])
def test_full_disk_behind_the_output_is_one_sentence(place: Path, arguments: list[str]) -> None:
    with (
        Path("/dev/full").open("w") as full,
        start(place, arguments, stdout=full.fileno(), stderr=subprocess.PIPE) as done,
    ):
        said = done.communicate()[1]
    assert (done.returncode, said) == (
        1,
        "The disk is full and the output does not fit; free some space and try again.\n",
    )


def test_closed_streams_do_no_harm_to_what_is_written(place: Path) -> None:
    code = f"import os, sys; [os.close(n) for n in (0, 1, 2)]; os.execv({sys.executable!r}, sys.argv[1:])"
    arguments = [sys.executable, "-c", CODE, "run", "claims", "--out", "results", "--workspace", "silent"]
    assert subprocess.run([sys.executable, "-c", code, *arguments], cwd=place, check=False).returncode == 0
    for workspace in ("silent", "ringfinder-data"):
        with start(place, ["runs", "list", "--workspace", workspace, "--json"], stdout=subprocess.PIPE) as listed:
            assert '"current": true' in listed.communicate()[0]
    assert (place / "results" / "rings.csv").read_text(encoding="utf-8").startswith("ring_id,")
